"""History of listings: who changed what, when and by which door; and what must leave it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.listings.values import ListingValues
from socialmap.models import Change, ImportedRecord
from socialmap.models.terms import ChangeState, Door, Visibility

NOUN = "listing"
ERASED = "erased"


@dataclass(frozen=True)
class Author:
    """Who changes something, by which door and when."""

    name: str
    door: Door
    now: datetime
    import_run_id: UUID | None = None

    @property
    def is_import(self) -> bool:
        return self.door == Door.IMPORT and self.import_run_id is not None


class History:
    """What one author does to listings, and what the last import said of them."""

    def __init__(self, session: Session, author: Author) -> None:
        self._session = session
        self._author = author
        self._imported: dict[UUID, ImportedRecord] = {}

    def load(self, ids: Iterable[UUID]) -> None:
        """Read what the last import said of these listings."""
        if self._author.is_import:
            records = select(ImportedRecord).where(
                ImportedRecord.noun == NOUN, col(ImportedRecord.record_id).in_(list(ids))
            )
            self._imported |= {row.record_id: row for row in self._session.exec(records)}

    def forget(self) -> None:
        """Let go of what was read."""
        self._imported = {}

    def origin(self) -> dict[str, Any]:
        """What every row of history says: who, when, by which door."""
        author = self._author
        return {
            "at": author.now,
            "by": author.name,
            "door": author.door,
            "import_run_id": author.import_run_id,
            "state": ChangeState.APPLIED,
            "noun": NOUN,
            "field": "",
        }

    def record(self, record_id: UUID, name: str, before: Any, after: Any, **others: Any) -> None:
        """Note one changed field; `others` replace what `origin` says."""
        origin = self.origin() | {"field": name, **others}
        change = Change(**origin, record_id=record_id, before=before, after=after)
        self._session.add(change)

    def keep_changes_by_hand(
        self, id: UUID, before: ListingValues, values: ListingValues, *, is_protected: bool
    ) -> tuple[ListingValues, frozenset[str]]:
        """For an import: what was changed by hand since the last one stays.

        Returns what is to be written, and the fields for which the file's newer value is
        proposed instead. Where the address was protected by hand (`is_protected`), the one in
        the file is not even proposed, since that would keep it.
        """
        run_id = self._author.import_run_id
        if self._author.door != Door.IMPORT or run_id is None:
            return values, frozenset()
        here, new = before.as_json(), values.as_json()
        record = self._imported.get(id)
        if record is None:
            self._remember(id, run_id, new)
            return values, frozenset()
        last = dict(record.data)
        by_hand = {name for name in new if name in last and here[name] != last[name]}
        if is_protected and "places" in by_hand:
            new = without_addresses("", new)
        proposed = {name for name in by_hand if new[name] not in (last[name], here[name])}
        for name in sorted(proposed):
            self.record(id, name, here[name], new[name], state=ChangeState.PROPOSED)
        if new != last:
            record.data, record.import_run_id = new, run_id
        kept = {name: getattr(before, name) for name in by_hand}
        return values.model_copy(update=kept), frozenset(proposed)

    def erase_addresses(self, id: UUID) -> None:
        """Remove exact places from the history of a listing and from its last import (R12)."""
        changes = select(Change).where(Change.noun == NOUN, Change.record_id == id)
        for change in self._session.exec(changes):
            change.before = without_addresses(change.field, change.before)
            change.after = without_addresses(change.field, change.after)
        record = self._session.get(ImportedRecord, (NOUN, id))
        if record is not None:
            record.data = without_addresses("", record.data)

    def _remember(self, id: UUID, run_id: UUID, data: dict[str, Any]) -> None:
        record = ImportedRecord(noun=NOUN, record_id=id, import_run_id=run_id, data=data)
        self._imported[id] = record
        self._session.add(record)


def without_addresses(name: str, value: Any) -> Any:
    """A history value in which exact places are replaced by the word that they were erased."""
    if name == "places" and isinstance(value, list):
        return [
            {"visibility": ERASED} if place.get("visibility") == Visibility.EXACT else place
            for place in value
        ]
    if name == "" and isinstance(value, dict) and "places" in value:
        return {**value, "places": without_addresses("places", value["places"])}
    return value
