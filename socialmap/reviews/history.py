"""The history of a listing as people read it: one entry for all that somebody did at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.accounts.permissions import areas_of_account, providers_of, sees_everything
from socialmap.geo.tree import AreaTree
from socialmap.listings.sources import NOUN, Json
from socialmap.listings.undo import is_shared
from socialmap.models import (
    Account,
    Change,
    Coverage,
    Edit,
    ImportRun,
    Listing,
    ListingPlace,
    Place,
)
from socialmap.models.terms import ChangeState, Door, EditState
from socialmap.reviews.differences import Difference, differences
from socialmap.reviews.parts import OWN
from socialmap.reviews.readings import Names
from socialmap.reviews.saving import NOBODY, is_erased

RECENT = 20
LOOKED_AT = 300
"""So many changes are read to find the recent entries."""


@dataclass(frozen=True)
class Step:
    """What somebody did to a field."""

    ids: tuple[int, ...]
    """The numbers of its changes."""
    field: str
    before: Any
    after: Any
    state: ChangeState
    by: str


@dataclass(frozen=True)
class Entry:
    """What somebody did at once: an edit, an import, a command."""

    listing_id: UUID
    by: str
    at: datetime
    door: Door
    state: EditState
    steps: tuple[Step, ...]
    is_birth: bool = False
    edit: Edit | None = None
    run: ImportRun | None = None
    undoes: str = ""
    """What it takes back, if it does."""

    @property
    def applied(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.state == ChangeState.APPLIED)


@dataclass(frozen=True)
class Row:
    """One line of an entry: what changed in fields that are read together."""

    difference: Difference
    state: ChangeState
    by: str
    ids: tuple[int, ...]
    """The numbers of its changes."""
    can_undo: bool
    """It stands as this left it, and can go back."""


@dataclass(frozen=True)
class Recent:
    """An entry of some listing."""

    slug: str
    title: str
    entry: Entry


def history_of(session: Session, listing: Listing) -> list[Entry]:
    """All entries of a listing, the newest first."""
    query = select(Change).where(Change.noun == NOUN, Change.record_id == listing.id)
    return _entries(session, session.exec(query.order_by(col(Change.id))).all())


def rows_of(entry: Entry, here: Json, names: Names, *, may_check: bool) -> list[Row]:
    """The lines of an entry; `here` are the values of the listing now."""
    groups: dict[tuple[ChangeState, str], dict[str, Step]] = {}
    for step in entry.steps:
        groups.setdefault((step.state, step.by), {})[step.field] = step
    return [
        _row(found, state, by, [steps[field] for field in found.fields], here, may_check=may_check)
        for (state, by), steps in groups.items()
        for found in differences(
            {name: (step.before, step.after) for name, step in steps.items()}, names
        )
    ]


def _row(
    difference: Difference,
    state: ChangeState,
    by: str,
    steps: Sequence[Step],
    here: Json,
    *,
    may_check: bool,
) -> Row:
    stands = state == ChangeState.APPLIED and all(
        step.after == here[step.field] != step.before
        and not is_shared(step.field, step.before, step.after)
        and not is_erased(step.before)
        and (may_check or step.field in OWN)
        for step in steps
    )
    ids = tuple(id for step in steps for id in step.ids)
    return Row(difference, state, by, ids, stands)


def recent(session: Session, tree: AreaTree, account: Account, now: datetime) -> list[Recent]:
    """What changed last in the areas and of the providers of an account, the newest first."""
    query = select(Change).where(Change.noun == NOUN)
    if not sees_everything(account):
        query = query.where(col(Change.record_id).in_(_listings_of(tree, account, now)))
    rows = session.exec(query.order_by(col(Change.id).desc()).limit(LOOKED_AT)).all()
    entries = _entries(session, list(reversed(rows)))
    ids = {entry.listing_id for entry in entries}
    named = select(Listing.id, Listing.slug, Listing.title).where(col(Listing.id).in_(ids))
    known = {id: (slug, title) for id, slug, title in session.exec(named)}
    found = [Recent(*known[one.listing_id], one) for one in entries if one.listing_id in known]
    return found[:RECENT]


def own_listings(session: Session, account: Account, now: datetime) -> list[Listing]:
    """The listings of the providers of an account, by title."""
    own = col(Listing.provider_id).in_(providers_of(account, now))
    return list(session.exec(select(Listing).where(own).order_by(col(Listing.title))).all())


def _listings_of(tree: AreaTree, account: Account, now: datetime) -> Any:
    """The ids of the listings in the areas and of the providers of an account."""
    codes = {node.code for code in areas_of_account(account) for node in tree.within(code)}
    here = (
        select(ListingPlace.listing_id)
        .join(Place, col(Place.id) == ListingPlace.place_id)
        .where(col(Place.area_code).in_(codes))
    )
    served = select(Coverage.listing_id).where(col(Coverage.area_code).in_(codes))
    return select(Listing.id).where(
        sa.or_(
            col(Listing.provider_id).in_(providers_of(account, now)),
            col(Listing.id).in_(here),
            col(Listing.id).in_(served),
        )
    )


def _entries(session: Session, changes: Sequence[Change]) -> list[Entry]:
    """These changes, which are in their order, by what belongs together; the newest first."""
    groups: dict[tuple[Any, ...], list[Change]] = {}
    for change in changes:
        key = _key(change)
        groups[key] = [*groups.pop(key, []), change]  # where its last change stands
    edits = _by_id(session, Edit, {change.edit_id for change in changes})
    runs = _by_id(session, ImportRun, {change.import_run_id for change in changes})
    return [_entry(group, edits, runs) for group in reversed(groups.values())]


def _key(change: Change) -> tuple[Any, ...]:
    if change.edit_id:
        return change.record_id, change.edit_id
    if change.import_run_id:
        return change.record_id, change.import_run_id, change.door
    return change.record_id, change.at, change.by, change.door


def _by_id(session: Session, table: Any, ids: set[UUID | None]) -> dict[UUID, Any]:
    query = select(table).where(table.id.in_(ids - {None}))
    return {row.id: row for row in session.exec(query)}


def _entry(
    changes: Sequence[Change], edits: dict[UUID, Edit], runs: dict[UUID, ImportRun]
) -> Entry:
    first = changes[0]
    edit = edits.get(cast(UUID, first.edit_id))
    run = next((runs[one.import_run_id] for one in changes if one.import_run_id), None)
    is_undone = run is not None and edit is None and first.door != Door.IMPORT
    return Entry(
        listing_id=first.record_id,
        by=first.by or NOBODY,
        at=edit.at if edit else first.at,
        door=first.door,
        state=edit.state if edit else EditState.DONE,
        steps=tuple(_steps(changes)),
        is_birth=any(change.field == "" and change.before is None for change in changes),
        edit=edit,
        run=run,
        undoes=edit.undoes if edit else f"import {run.number}" if run and is_undone else "",
    )


def _steps(changes: Iterable[Change]) -> Iterator[Step]:
    """What was done to each field; several changes of one kind by one person are one step."""
    steps: dict[tuple[str, ChangeState, str], Step] = {}
    for change in changes:
        if change.field == "":
            continue
        key = change.field, change.state, change.by
        earlier = steps.get(key)
        ids = (*(earlier.ids if earlier else ()), change.id or 0)
        before = earlier.before if earlier else change.before
        steps[key] = Step(ids, change.field, before, change.after, change.state, change.by)
    done = [(one.field, one.after) for one in steps.values() if one.state == ChangeState.APPLIED]
    for step in steps.values():
        if step.state != ChangeState.APPROVED or (step.field, step.after) not in done:
            yield step
