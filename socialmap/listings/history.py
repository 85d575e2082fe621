"""History of listings: who changed what, when and by which door; and what must leave it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.listings.sources import NOUN, Json, Sayings, erase_sayings
from socialmap.listings.values import UNFILED_FIELDS, ListingValues
from socialmap.models import Change, ImportRun, Report
from socialmap.models.terms import ChangeState, Door, Visibility

PLACE_NOUN, PROVIDER_NOUN = "place", "provider"
ERASED = "erased"
SHARED = frozenset({"provider", "places"})
"""Fields that change along with those of other listings."""


@dataclass(frozen=True)
class Author:
    """Who changes something, by which door and when."""

    name: str
    door: Door
    now: datetime
    import_run_id: UUID | None = None
    edit_id: UUID | None = None

    @property
    def is_import(self) -> bool:
        return self.door == Door.IMPORT and self.import_run_id is not None

    @property
    def origin(self) -> dict[str, Any]:
        """What every row of history says: who, when, by which door."""
        return {
            "at": self.now,
            "by": self.name,
            "door": self.door,
            "import_run_id": self.import_run_id,
            "edit_id": self.edit_id,
            "state": ChangeState.APPLIED,
        }

    def change(
        self, noun: str, record_id: UUID, name: str, *, before: Any = None, after: Any = None
    ) -> Change:
        """A row of history: one field of one record, changed now by this author."""
        origin = self.origin | {"noun": noun, "record_id": record_id, "field": name}
        return Change(**origin, before=before, after=after)


class History:
    """What one author does to listings, and what earlier imports said of them."""

    def __init__(self, session: Session, author: Author) -> None:
        self._session = session
        self._author = author
        self._sayings: Sayings | None = None
        if author.is_import:
            run = session.get_one(ImportRun, author.import_run_id)
            self._sayings = Sayings(session, run)

    def load(self, ids: Iterable[UUID]) -> None:
        """Read what earlier imports said of these listings."""
        if self._sayings:
            self._sayings.load(list(ids))

    def forget(self) -> None:
        """Let go of what was read."""
        if self._sayings:
            self._sayings.forget()

    def origin(self) -> dict[str, Any]:
        """What every row of history of a listing says."""
        return {**self._author.origin, "noun": NOUN, "field": ""}

    def record(self, record_id: UUID, name: str, before: Any, after: Any, **others: Any) -> None:
        """Note one changed field; `others` replace what `origin` says."""
        origin = self.origin() | {"field": name, **others}
        change = Change(**origin, record_id=record_id, before=before, after=after)
        self._session.add(change)

    def keep_changes_by_hand(
        self, id: UUID, before: ListingValues, values: ListingValues, *, is_protected: bool
    ) -> tuple[ListingValues, frozenset[str]]:
        """For an import: what others changed since its source last spoke of it stays.

        Returns what is to be written, and the fields for which the file's newer value is
        proposed instead. Where the address was protected by hand (`is_protected`), the one in
        the file is not even proposed, since that would keep it.
        """
        if self._sayings is None:
            return values, frozenset()
        unsaid = {name: getattr(before, name) for name in UNFILED_FIELDS}
        here, new = before.as_json(), values.as_filed()
        last = self._sayings.last(id) or {}
        by_hand = {name for name in new if name in last and here[name] != last[name]}
        if is_protected and "places" in by_hand:
            new = without_addresses("", new)
        proposed = {name for name in by_hand if new[name] not in (last[name], here[name])}
        self._propose(id, here, new, proposed)
        self._sayings.remember(id, new)
        kept = unsaid | {name: getattr(before, name) for name in by_hand}
        return values.model_copy(update=kept), frozenset(proposed)

    def end(
        self, id: UUID, before: ListingValues, ended: ListingValues
    ) -> tuple[ListingValues, frozenset[str]]:
        """For an import whose file no longer names a listing: end it, or only propose that
        where somebody has changed it since. Returns what `keep_changes_by_hand` returns.

        Who keeps a listing by hand stands for it; that it left a file says less. What it shares
        with other listings is no sign of that.
        """
        if self._sayings is None:
            return ended, frozenset()
        here, new = before.as_json(), ended.as_filed()
        last = self._sayings.last(id) or here
        changed = {name for name in new if new[name] != here[name]}
        is_by_hand = any(here[name] != last[name] for name in last.keys() & new.keys() - SHARED)
        proposed = {name for name in changed if is_by_hand and last.get(name) != new[name]}
        self._propose(id, here, new, proposed)
        self._sayings.remember(id, last | {name: new[name] for name in changed})
        return (before if is_by_hand else ended), frozenset(proposed)

    def _propose(self, id: UUID, here: Json, new: Json, names: Iterable[str]) -> None:
        for name in sorted(names):
            self.record(id, name, here[name], new[name], state=ChangeState.PROPOSED)

    def erase_addresses(self, id: UUID) -> None:
        """Remove exact places from the history of a listing and from what imports said, and all
        that readers said of it, which may name the address (R12)."""
        changes = select(Change).where(Change.noun == NOUN, Change.record_id == id)
        for change in self._session.exec(changes):
            change.before = without_addresses(change.field, change.before)
            change.after = without_addresses(change.field, change.after)
        erase_sayings(self._session, id, lambda data: without_addresses("", data))
        for report in self._session.exec(select(Report).where(Report.listing_id == id)):
            report.words = report.answer = ""


def without_addresses(name: str, value: Any) -> Any:
    """A history value in which exact places are replaced by the word that they were erased."""
    if name == "places" and isinstance(value, list):
        return [
            {"visibility": ERASED} if place.get("visibility") == Visibility.EXACT else place
            for place in value
        ]
    if name == "moves" and isinstance(value, list):
        return [{**change, "place": None} for change in value]
    if name == "" and isinstance(value, dict):
        told = [one for one in ("places", "moves") if one in value]
        return {**value, **{one: without_addresses(one, value[one]) for one in told}}
    return value


def status_since(session: Session, listing_id: UUID) -> date | None:
    """The day on which a listing got its present status, where history tells."""
    told = select(Change.at).where(
        Change.noun == NOUN,
        Change.record_id == listing_id,
        col(Change.field).in_(("status", "")),
        Change.state == ChangeState.APPLIED,
    )
    at = session.exec(told.order_by(col(Change.at).desc())).first()
    return at.date() if at else None
