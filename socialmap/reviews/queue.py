"""What waits for a decision, and who may take it: risky edits, new offers, what imports propose."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.accounts.permissions import can_decide
from socialmap.geo.tree import AreaTree
from socialmap.listings.find import load_listings, values_of_listings
from socialmap.listings.sources import NOUN, Json
from socialmap.listings.values import ListingValues
from socialmap.models import Account, AccountRole, Change, Edit, ImportRun, Listing
from socialmap.models.terms import AreaLevel, ChangeState, EditState, Role, Status

UNSAID: tuple[Any, ...] = (None, "", [])
"""What a new offer says nothing with."""
NOT_ASKED = frozenset({"key", "status", "review_months", "entered_by", "is_example"})
"""What a new offer has without anybody having said so."""


@dataclass(frozen=True)
class Proposal:
    """What is here now in a field, and what is proposed for it; as history keeps values."""

    field: str
    here: Any
    proposed: Any


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a decision: an edit, or what one import proposes for a listing."""

    listing_id: UUID
    slug: str
    title: str
    provider: str
    by: str
    at: datetime
    proposals: tuple[Proposal, ...]
    areas: frozenset[str]
    """Codes of all areas it is about, as it is and as proposed."""
    note: str = ""
    edit_id: UUID | None = None
    account_id: UUID | None = None
    is_new: bool = False
    """A new offer: to approve it is to show it. What is proposed is all it says."""
    run: int | None = None
    """The number of an import."""
    file_name: str = ""

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(proposal.field for proposal in self.proposals)


def waiting(session: Session, tree: AreaTree, account: Account) -> list[Waiting]:
    """What waits for a decision that this account may take, the oldest first."""
    found = [*waiting_edits(session, tree), *waiting_imports(session, tree)]
    own = (one for one in found if can_decide(account, tree, one.areas, one.account_id))
    return sorted(own, key=lambda one: (one.at, one.title, str(one.listing_id)))


def find_edit(session: Session, id: UUID) -> Edit | None:
    """The edit with this id, or None."""
    return session.get(Edit, id)


def waiting_edits(
    session: Session, tree: AreaTree, ids: Collection[UUID] | None = None
) -> list[Waiting]:
    """What people proposed, or of that only these edits, in no order."""
    query = select(Edit).where(Edit.state == EditState.WAITING)
    if ids is not None:
        query = query.where(col(Edit.id).in_(ids))
    edits = session.exec(query).all()
    changes = _changes_of(session, query)
    known = _Known(session, {edit.listing_id for edit in edits})
    found = (_of_edit(known, tree, edit, changes[edit.id]) for edit in edits)
    return [one for one in found if one]


def _changes_of(session: Session, edits: Any) -> dict[UUID, list[Change]]:
    """What waits of these edits, and the births of new offers, by edit."""
    ids = edits.with_only_columns(col(Edit.id))
    query = select(Change).where(
        col(Change.edit_id).in_(ids),
        sa.or_(col(Change.state) == ChangeState.PROPOSED, col(Change.field) == ""),
    )
    found: dict[UUID, list[Change]] = defaultdict(list)
    for change in session.exec(query.order_by(col(Change.id))):
        if change.edit_id:
            found[change.edit_id].append(change)
    return found


def _of_edit(known: "_Known", tree: AreaTree, edit: Edit, changes: list[Change]) -> Waiting | None:
    """An edit as it waits; None when nothing of it does, or its listing is gone."""
    listing = known.listings.get(edit.listing_id)
    if listing is None or not changes:
        return None
    here = known.values[listing.id].as_json()
    is_new = any(change.field == "" for change in changes)
    if is_new and listing.status != Status.DRAFT:
        return None
    proposals = _news(here) if is_new else _proposals(here, changes)
    return Waiting(
        listing.id,
        *_named(listing),
        by=changes[0].by,
        at=edit.at,
        proposals=proposals,
        areas=_all_areas(tree, here, proposals),
        note=edit.note,
        edit_id=edit.id,
        account_id=edit.account_id,
        is_new=is_new,
    )


def _proposals(here: Json, changes: Iterable[Change]) -> tuple[Proposal, ...]:
    order = list(ListingValues.model_fields)
    found = (Proposal(one.field, here[one.field], one.after) for one in changes)
    return tuple(sorted(found, key=lambda one: order.index(one.field)))


def _news(here: Json) -> tuple[Proposal, ...]:
    """All that a new offer says."""
    told = {name: value for name, value in here.items() if name not in NOT_ASKED}
    return tuple(Proposal(name, None, value) for name, value in told.items() if value not in UNSAID)


# What imports propose


def waiting_imports(
    session: Session, tree: AreaTree, listing_id: UUID | None = None
) -> list[Waiting]:
    """What imports propose, by listing and import; of one field only what the newest says."""
    newest: dict[tuple[UUID, str], tuple[Change, ImportRun]] = {}
    for change, run in session.exec(_proposed_by_imports(listing_id)):
        newest[change.record_id, change.field] = change, run
    known = _Known(session, {id for id, _ in newest})
    groups: dict[tuple[UUID, UUID], list[tuple[Change, ImportRun]]] = defaultdict(list)
    for change, run in newest.values():
        if change.record_id in known.listings:
            groups[change.record_id, run.id].append((change, run))
    found = (_of_import(known, tree, rows) for rows in groups.values())
    return [one for one in found if one.proposals]


def _proposed_by_imports(listing_id: UUID | None) -> Any:
    query = (
        select(Change, ImportRun)
        .join(ImportRun, col(ImportRun.id) == Change.import_run_id)
        .where(Change.noun == NOUN, Change.state == ChangeState.PROPOSED)
        .where(col(Change.edit_id).is_(None), col(ImportRun.undone_at).is_(None))
        .order_by(col(Change.id))
    )
    return query if listing_id is None else query.where(Change.record_id == listing_id)


def _of_import(known: "_Known", tree: AreaTree, rows: list[tuple[Change, ImportRun]]) -> Waiting:
    change, run = rows[0]
    listing = known.listings[change.record_id]
    here = known.values[listing.id].as_json()
    proposals = _proposals(here, (one for one, _ in rows if one.after != here[one.field]))
    return Waiting(
        listing.id,
        *_named(listing),
        by=run.by,
        at=run.at,
        proposals=proposals,
        areas=_all_areas(tree, here, proposals),
        run=run.number,
        file_name=run.file_name,
    )


class _Known:
    """The listings that something waits for."""

    def __init__(self, session: Session, ids: Collection[UUID]) -> None:
        found = load_listings(session, ids)
        self.listings = {listing.id: listing for listing in found}
        self.values = values_of_listings(session, found)


def _named(listing: Listing) -> tuple[str, str, str]:
    return listing.slug, listing.title, listing.provider.name if listing.provider else ""


# Who may decide


def areas_of(tree: AreaTree, values: Json) -> frozenset[str]:
    """Codes of the areas in which a listing is, and of those that it serves; `values` as history
    keeps them, where places and coverage may be missing."""
    codes = set(values.get("coverage") or ())
    for place in values.get("places") or ():
        code, lat, lon = (place.get(name) for name in ("area_code", "lat", "lon"))
        if code is None and lat is not None and lon is not None:
            buurt = tree.buurt_at(lat, lon)
            code = buurt and buurt.code
        codes.add(code)
    return frozenset(code for code in codes if code and tree.find(code))


def _all_areas(tree: AreaTree, here: Json, proposals: Iterable[Proposal]) -> frozenset[str]:
    proposed = {one.field: one.proposed for one in proposals}
    return areas_of(tree, here) | areas_of(tree, proposed)


def areas_of_listing(session: Session, tree: AreaTree, listing_id: UUID) -> frozenset[str]:
    """The areas that a listing is about, as it is and as anybody proposes that it be."""
    known = _Known(session, [listing_id])
    here = known.values.get(listing_id)
    areas = areas_of(tree, here.as_json()) if here else frozenset()
    query = select(Change).where(
        Change.noun == NOUN,
        Change.record_id == listing_id,
        Change.state == ChangeState.PROPOSED,
        col(Change.field).in_(("places", "coverage")),
    )
    for change in session.exec(query):
        areas |= areas_of(tree, {change.field: change.after})
    return areas


def values_as_json(session: Session, listing: Listing) -> Json:
    """What is said of a listing that is loaded whole, as history keeps it."""
    return values_of_listings(session, [listing])[listing.id].as_json()


def checkers_of(
    session: Session, tree: AreaTree, listing: Listing, but: UUID | None = None
) -> list[Account]:
    """Who is told that something of a listing waits: the wijk contacts of its areas, from narrow
    to wide, else the redacteurs; never the account `but`, who proposed it."""
    areas = areas_of_listing(session, tree, listing.id)
    codes = {node.code for code in areas for node in tree.ancestors(code)}
    query = (
        select(Account, AccountRole)
        .join(AccountRole, col(AccountRole.account_id) == Account.id)
        .where(col(Account.ended_on).is_(None))
        .options(selectinload(Account.roles))  # type: ignore[arg-type]
        .order_by(col(Account.mail))
    )
    rows = [(account, held) for account, held in session.exec(query) if account.id != but]
    here = [(account, held.area_code) for account, held in rows if held.area_code in codes]
    if not here:
        all_over = [account for account, held in rows if held.role == Role.REDACTEUR]
        return list({account.id: account for account in all_over}.values())
    narrow = list(reversed(AreaLevel))
    here.sort(key=lambda one: narrow.index(tree.get(one[1] or "").level))
    return list({account.id: account for account, _ in here}.values())
