"""Listings on a map: grouped per place, counted per area, as GeoJSON that holds only data."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.listings.cards import Card, CardPlace
from socialmap.listings.temporary import line_of
from socialmap.models import ListingPlace, Place
from socialmap.models.terms import AreaLevel, Visibility

Json = dict[str, Any]
Spot = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Entry:
    """A listing on the map, with its number in the list beside it."""

    number: int
    card: Card


@dataclass
class MapPlace:
    """A place, or the middle of an area where only that may be told, with what is there."""

    key: str
    lat: float
    lon: float
    place: CardPlace
    is_exact: bool
    entries: list[Entry] = field(default_factory=list)


def map_places(tree: AreaTree, cards: Sequence[Card]) -> list[MapPlace]:
    """The places of these listings, each once, in the order of the list; never hidden ones."""
    found: dict[str, MapPlace] = {}
    for number, card in enumerate(cards, 1):
        for place in card.places:
            spot = _spot(tree, place)
            if spot is None:
                continue
            here = found.setdefault(spot.key, spot)
            if all(entry.card.id != card.id for entry in here.entries):
                here.entries.append(Entry(number, card))
    return list(found.values())


def _spot(tree: AreaTree, place: CardPlace) -> MapPlace | None:
    """Where a place stands on a map, as far as that may be shown."""
    if place.visibility == Visibility.HIDDEN:
        return None
    if place.visibility == Visibility.EXACT and place.lat is not None and place.lon is not None:
        return MapPlace(place.slug, place.lat, place.lon, place, is_exact=True)
    if place.area_code is None:
        return None
    area = tree.get(place.area_code)
    return MapPlace(f"area:{area.code}", area.lat, area.lon, place, is_exact=False)


def located_in(tree: AreaTree, cards: Iterable[Card], code: str) -> list[Card]:
    """The listings with a place inside this area, in their order."""
    inside = {node.code for node in tree.within(code)}
    return [card for card in cards if any(place.area_code in inside for place in card.places)]


def counts_per_area(tree: AreaTree, cards: Iterable[Card], level: AreaLevel) -> Counter[str]:
    """How many of these listings are in each area of a level, by code."""
    return Counter(code for card in cards for code in set(_areas_of(tree, card, level)))


def located_counts(
    session: Session, tree: AreaTree, ids: Sequence[UUID], level: AreaLevel
) -> Counter[str]:
    """The same without reading cards: how many of these listings are in each area of a level."""
    query = (
        select(ListingPlace.listing_id, Place.area_code)
        .join(Place, col(Place.id) == ListingPlace.place_id)
        .where(col(ListingPlace.listing_id).in_(ids), col(Place.area_code).is_not(None))
    )
    areas = {(id, tree.up_to(code, level)) for id, code in session.exec(query) if code}
    return Counter(area.code for _, area in areas if area)


def _areas_of(tree: AreaTree, card: Card, level: AreaLevel) -> Iterator[str]:
    for place in card.places:
        area = tree.up_to(place.area_code, level) if place.area_code else None
        if area is not None:
            yield area.code


def as_feature(
    tree: AreaTree,
    spot: MapPlace,
    url_of: Callable[[str], str],
    people_url_of: Callable[[AreaNode], str],
    today: date,
) -> Json:
    """One place as a GeoJSON feature; `url_of` turns the slug of a listing into its address,
    `people_url_of` an area into where it stands who knows it."""
    area = tree.get(spot.place.area_code) if spot.place.area_code else None
    return {
        "type": "Feature",
        "id": spot.key,
        "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]},
        "properties": {
            "visibility": "exact" if spot.is_exact else "area",
            "place": spot.place.name if spot.is_exact else None,
            "street": _street(spot.place) if spot.is_exact else None,
            "area": area and _area(area),
            "people_url": people_url_of(tree.up_to(area.code, AreaLevel.WIJK) or area)
            if area
            else None,
            "count": len(spot.entries),
            "listings": [_listing(entry, url_of, today) for entry in spot.entries],
        },
    }


def _street(place: CardPlace) -> str | None:
    return " ".join(part for part in (place.street, place.house_number) if part) or None


def _area(area: AreaNode) -> Json:
    return {"code": area.code, "name": area.name, "level": area.level}


def _listing(entry: Entry, url_of: Callable[[str], str], today: date) -> Json:
    card = entry.card
    return {
        "number": entry.number,
        "title": card.title,
        "url": url_of(card.slug),
        "kind": card.kind,
        "level": card.level,
        "informal": card.is_informal,
        "stale": card.is_stale(today),
        "example": card.is_example,
        "changes": [line_of(change, today) for change in card.announced_on(today)],
    }
