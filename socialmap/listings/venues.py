"""What venues tell of themselves for a while, which all that is given there tells along."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from socialmap.listings.cards import CardChange, Venues, card_change
from socialmap.listings.values import ListingValues
from socialmap.models import Listing, ListingPlace, Place, TemporaryChange
from socialmap.models.terms import PUBLIC_STATUSES, ListingKind, Status, Visibility

HEARD = frozenset({"kind", "title", "status", "places", "temporary", "moves"})
"""Fields of a venue of which others who are there tell."""


def venue_changes(session: Session) -> Venues:
    """What the venues of the directory tell of themselves, by place.

    Only of exact places: nobody shares a door who shares "somewhere in the wijk".
    """
    query = (
        select(TemporaryChange, Listing.id, Listing.title, Place.id)
        .join(Listing, col(Listing.id) == TemporaryChange.listing_id)
        .join(ListingPlace, col(ListingPlace.listing_id) == Listing.id)
        .join(Place, col(Place.id) == ListingPlace.place_id)
        .where(Listing.kind == ListingKind.PLACE, Place.visibility == Visibility.EXACT)
        .where(col(Listing.status).in_(PUBLIC_STATUSES - {Status.ENDED}))
        .where(col(TemporaryChange.weekday).is_(None))
        .order_by(col(TemporaryChange.from_on), col(TemporaryChange.id))
        .options(joinedload(TemporaryChange.place))  # type: ignore[arg-type]
    )
    found: dict[UUID, list[tuple[UUID, CardChange]]] = {}
    for change, listing_id, title, place_id in session.exec(query):
        told = card_change(change).model_copy(update={"venue": title})
        found.setdefault(place_id, []).append((listing_id, told))
    return found


def has_news(before: ListingValues | None, after: ListingValues | None) -> bool:
    """Has what others at its place tell of it changed? None is not there."""
    told = [one for one in (before, after) if one and one.kind == ListingKind.PLACE]
    is_told = any(one.temporary or one.moves for one in told)
    if before is None or after is None:
        return is_told
    return is_told and bool(before.differing(after) & HEARD)


def others_at(place_ids: Iterable[UUID], but: UUID) -> SelectOfScalar[Listing]:
    """All that is given at these places, but for one listing."""
    here = select(ListingPlace.listing_id).where(col(ListingPlace.place_id).in_(list(place_ids)))
    return select(Listing).where(col(Listing.id).in_(here), col(Listing.id) != but)


def forget_moves(
    session: Session, slugs: Collection[str], listing_id: UUID, today: date
) -> set[UUID]:
    """Let a listing whose address is protected, and all that was there for a while before today,
    no longer name these places. Returns which listings did; their cards are to be renewed."""
    query = (
        select(TemporaryChange)
        .join(Place, col(Place.id) == TemporaryChange.place_id)
        .where(col(Place.slug).in_(slugs))
        .where(
            sa.or_(
                col(TemporaryChange.until_on) < today,
                col(TemporaryChange.listing_id) == listing_id,
            )
        )
    )
    found = list(session.exec(query))
    for change in found:
        change.place = None
    session.flush()
    return {change.listing_id for change in found}


def who_tells_of(place: Place) -> sa.ScalarSelect[UUID]:
    """The ids of what is at a place, or is there for a while."""
    here = select(ListingPlace.listing_id).where(ListingPlace.place_id == place.id)
    meanwhile = select(TemporaryChange.listing_id).where(TemporaryChange.place_id == place.id)
    return sa.union(here, meanwhile).scalar_subquery()
