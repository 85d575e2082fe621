"""Addresses of places that were looked up once, and where they turned out to be."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from socialmap.geo.geocoder import Spot
from socialmap.geo.tree import AreaTree
from socialmap.models import GeocodedAddress, Place
from socialmap.models.slugs import slug_of
from socialmap.models.terms import Visibility


def address_key(street: str | None, house_number: str | None, postcode: str | None) -> str:
    """What makes an address this one, whatever its capitals and accents; empty without a street
    and a number."""
    if not (street and house_number):
        return ""
    return "|".join((slug_of(street), slug_of(house_number), (postcode or "").lower()))


def known_spots(session: Session, tree: AreaTree) -> dict[str, Spot]:
    """Where addresses are that were looked up before, by key."""
    return {
        row.key: Spot(row.lat, row.lon, tree.get(row.buurt_code))
        for row in session.exec(select(GeocodedAddress))
    }


def keep_spots(session: Session, spots: Mapping[str, Spot], found_on: date) -> None:
    """Keep what was looked up, as far as there is a place at that address; forget what is left
    of addresses where nothing is any more."""
    used = {_key(place) for place in session.exec(select(Place))}
    known = set(session.exec(select(GeocodedAddress.key)).all())
    for key in spots.keys() & used - known:
        spot = spots[key]
        row = GeocodedAddress(
            key=key, lat=spot.lat, lon=spot.lon, buurt_code=spot.buurt.code, found_on=found_on
        )
        session.add(row)
    forget_spots(session, known - used)
    session.flush()


def place_at(
    session: Session, street: str | None, house_number: str | None, postcode: str | None
) -> Place | None:
    """A place at this address that may be shown, or None; without a postcode any will do."""
    if not (street and house_number):
        return None
    query = select(Place).where(
        Place.visibility == Visibility.EXACT,
        sa.func.lower(Place.street) == street.lower(),
        sa.func.lower(Place.house_number) == house_number.lower(),
        col(Place.lat).is_not(None),
    )
    if postcode:
        query = query.where(Place.postcode == postcode)
    return session.exec(query.order_by(col(Place.slug)).limit(1)).first()


def forget_spots(session: Session, keys: set[str]) -> None:
    """Erase where these addresses are."""
    if keys:
        session.exec(delete(GeocodedAddress).where(col(GeocodedAddress.key).in_(keys)))


def forget_address(session: Session, place: Place) -> None:
    """Erase where the address of a place is."""
    forget_spots(session, {_key(place)})


def _key(place: Place) -> str:
    return address_key(place.street, place.house_number, place.postcode)
