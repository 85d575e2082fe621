"""What wants attention, for who sees to an area: overdue, kept by nobody, reported, or without
anybody to call."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.accounts.permissions import can_check_any
from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.labels import label
from socialmap.listings.cards import Card
from socialmap.listings.export import Row
from socialmap.models import Account, Listing, ListingCard, Report
from socialmap.models.terms import PUBLIC_STATUSES, ListingKind, Matter, ReportState
from socialmap.upkeep.askable import Circle, home_area
from socialmap.upkeep.asking import WITH_CONTACT, asked_of

COLUMNS = (
    "titel",
    "aanbieder",
    "gebied",
    "waarom",
    "staat",
    "gecontroleerd_op",
    "controleren_voor",
    "laatst_gevraagd",
    "adres",
)


@dataclass(frozen=True)
class Watched:
    """A listing that wants attention, and why."""

    card: Card
    matters: tuple[Matter, ...]
    area: AreaNode
    """Where it is at home."""
    asked_on: date | None = None
    """When somebody was last asked whether it is right."""


@dataclass(frozen=True)
class Chosen:
    """What to see of it; empty is everything."""

    matters: frozenset[Matter] = frozenset()
    area_code: str = ""


def watched(
    session: Session, tree: AreaTree, account: Account, now: datetime, today: date
) -> list[Watched]:
    """What wants attention in the areas that this account checks, the most overdue first."""
    circle = Circle(session, tree, now)
    reported = _reported(session)
    rows = [
        Watched(card, matters, tree.get(home_area(tree, card)))
        for card, provider_id in _checked_by(session, tree, account)
        if not card.is_ended(today)
        and (matters := tuple(_matters(card, provider_id, circle, reported, today)))
    ]
    rows.sort(key=lambda row: (row.card.review_due_on, row.card.title, row.card.slug))
    return rows


def with_asks(session: Session, rows: Sequence[Watched]) -> list[Watched]:
    """The same with when somebody was last asked about each."""
    asked = asked_of(session, [row.card.id for row in rows])
    return [Watched(row.card, row.matters, row.area, asked.get(row.card.id)) for row in rows]


def _checked_by(
    session: Session, tree: AreaTree, account: Account
) -> Iterator[tuple[Card, UUID | None]]:
    query = select(ListingCard.data, Listing.provider_id)
    query = query.join(Listing, col(Listing.id) == ListingCard.listing_id)
    for data, provider_id in session.exec(query.where(col(Listing.status).in_(PUBLIC_STATUSES))):
        card = Card.model_validate(data)
        if can_check_any(account, tree, _codes(card)):
            yield card, provider_id


def _codes(card: Card) -> list[str]:
    return [*(place.area_code for place in card.places if place.area_code), *card.coverage]


def _reported(session: Session) -> frozenset[UUID]:
    """The listings of which a report waits for an answer."""
    query = select(Report.listing_id).where(Report.state == ReportState.OPEN)
    return frozenset(session.exec(query))


def _matters(
    card: Card,
    provider_id: UUID | None,
    circle: Circle,
    reported: Collection[UUID],
    today: date,
) -> Iterator[Matter]:
    if card.upkeep(today) in WITH_CONTACT:
        yield Matter.OVERDUE
    if circle.is_orphan(provider_id):
        yield Matter.ORPHAN
    if card.id in reported:
        yield Matter.REPORTED
    if not card.has_contact and card.kind != ListingKind.PLACE:
        yield Matter.NO_CONTACT


def chosen_of(tree: AreaTree, rows: Iterable[Watched], chosen: Chosen) -> list[Watched]:
    """The rows that were asked for."""
    inside = {node.code for node in tree.within(chosen.area_code)} if chosen.area_code else None
    return [
        row
        for row in rows
        if (not chosen.matters or chosen.matters & set(row.matters))
        and (inside is None or row.area.code in inside)
    ]


def counts_of(rows: Iterable[Watched]) -> Counter[Matter]:
    """How many listings each is of."""
    return Counter(matter for row in rows for matter in row.matters)


def as_row(row: Watched, url: str, today: date) -> Row:
    """A row of the export."""
    card = row.card
    return {
        "titel": card.title,
        "aanbieder": card.provider.name if card.provider else "",
        "gebied": row.area.name,
        "waarom": "|".join(label(matter) for matter in row.matters),
        "staat": label(card.upkeep(today)),
        "gecontroleerd_op": card.confirmed_on or "",
        "controleren_voor": card.review_due_on,
        "laatst_gevraagd": row.asked_on or "",
        "adres": url,
    }
