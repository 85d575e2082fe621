"""What is wrong among listings: nobody to call or served, places far away, copies that differ."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.listings.cards import Venues, card_of
from socialmap.listings.find import listing_ids, load_listings
from socialmap.listings.venues import venue_changes
from socialmap.models import FormerSlug, Listing, Place, Provider
from socialmap.models.terms import PUBLIC_STATUSES, ContactRole, ListingKind, Visibility

BATCH = 300
"""So many listings are in memory at a time."""


def listing_faults(session: Session, tree: AreaTree, today: date) -> Iterator[str]:
    """A line in Dutch for each fault."""
    venues = venue_changes(session)
    for listing in _all_listings(session):
        faults = _faults_of(listing, venues, today)
        yield from (f"aanbod {listing.key}: {fault}" for fault in faults)
    yield from _outside_the_city(session, tree)
    yield from _dead_ends(session)


def _all_listings(session: Session) -> Iterator[Listing]:
    ids = listing_ids(session)
    for start in range(0, len(ids), BATCH):
        yield from _in_order(session, ids[start : start + BATCH])
        session.expunge_all()


def _in_order(session: Session, ids: list[UUID]) -> list[Listing]:
    return sorted(load_listings(session, ids), key=lambda listing: listing.key)


def _faults_of(listing: Listing, venues: Venues, today: date) -> Iterator[str]:
    if _needs_people(listing, today):
        if not any(
            contact.role == ContactRole.PRIMARY and contact.is_current(today)
            for contact in listing.contacts
        ):
            yield "heeft geen contactpersoon"
        if not listing.coverage:
            yield "heeft geen werkgebied"
    card = listing.card
    if card is None or card.data != card_of(listing, venues).model_dump(mode="json"):
        yield "de kaart in de lijsten is niet gelijk aan de tabellen; bewaar het aanbod opnieuw"


def _needs_people(listing: Listing, today: date) -> bool:
    """Is it an offer that visitors may go to? A venue or what has ended needs nobody to call."""
    return (
        listing.kind != ListingKind.PLACE
        and listing.status in PUBLIC_STATUSES
        and not listing.is_ended(today)
    )


def _outside_the_city(session: Session, tree: AreaTree) -> Iterator[str]:
    """Exact places whose point lies in no buurt; often the coordinates are mixed up."""
    query = (
        select(Place)
        .where(Place.visibility == Visibility.EXACT, col(Place.lat).is_not(None))
        .order_by(col(Place.slug))
    )
    for place in session.exec(query):
        if place.lat is None or place.lon is None or tree.buurt_at(place.lat, place.lon):
            continue
        yield f"plek {place.slug}: {place.lat}, {place.lon} ligt buiten de stad"


def _dead_ends(session: Session) -> Iterator[str]:
    """Former addresses that lead to a listing or provider that is not there."""
    for noun, table in (("listing", Listing), ("provider", Provider)):
        known = set(session.exec(select(table.slug)))
        moved = select(FormerSlug).where(FormerSlug.noun == noun).order_by(col(FormerSlug.slug))
        for row in session.exec(moved):
            if row.now_slug not in known:
                yield f"oud adres {row.slug}: onbekende code ‘{row.now_slug}’"
