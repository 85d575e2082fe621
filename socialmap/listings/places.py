"""Places: which ones there are, shared by the listings and teams that are there."""

from collections.abc import Set
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from socialmap.geo.tree import AreaTree
from socialmap.listings.addresses import forget_address
from socialmap.listings.sources import NOUN as LISTING_NOUN
from socialmap.listings.values import PlaceValues
from socialmap.models import Change, ListingPlace, Place, Team, TemporaryChange
from socialmap.models.slugs import free_slug
from socialmap.models.terms import Visibility


class PlaceBook:
    """Every place of the directory by its identity, so that many edits stay fast."""

    def __init__(self, session: Session, tree: AreaTree) -> None:
        self._session = session
        self._tree = tree
        places = session.exec(select(Place)).all()
        self._by_identity = {PlaceValues.of(place).identity: place for place in places}
        self._slugs = {place.slug for place in places}

    def keep(self, values: PlaceValues) -> tuple[Place, bool]:
        """The place of these values, made or changed where needed; and whether one that was
        there already has changed, which others who use it must hear."""
        place = self._by_identity.get(values.identity)
        if place is None:
            return self._add(values), False
        if PlaceValues.of(place) == values:
            return place, False
        self._fill(place, values)
        return place, True

    def get(self, slug: str) -> Place:
        """The place with this slug; raises KeyError where there is none."""
        found = (place for place in self._by_identity.values() if place.slug == slug)
        place = next(found, None)
        if place is None:
            raise KeyError(slug)
        return place

    def knows_exact(self, slug: str) -> bool:
        """Is there a place with this slug that may be shown?"""
        return any(place.slug == slug and is_exact(place) for place in self._by_identity.values())

    def erase_unused(self, slugs: Set[str]) -> None:
        """Remove those of these places that nothing uses any more, and where they were."""
        known = [(key, place) for key, place in self._by_identity.items() if place.slug in slugs]
        for key, place in known:
            if not self._is_used(place.id):
                del self._by_identity[key]
                forget_address(self._session, place)
                self._forget_moves_to(place.slug)
                self._session.exec(delete(Change).where(col(Change.record_id) == place.id))
                self._session.exec(delete(Place).where(col(Place.id) == place.id))

    def _forget_moves_to(self, slug: str) -> None:
        """Take a place out of what history says of where listings were for a while: its slug may
        tell the address."""
        moves = select(Change).where(Change.noun == LISTING_NOUN, Change.field == "moves")
        for change in self._session.exec(moves):
            change.before = _without(change.before, slug)
            change.after = _without(change.after, slug)

    def _add(self, values: PlaceValues) -> Place:
        slug = free_slug(values.title(self._tree), self._slugs)
        place = Place(slug=slug, visibility=values.visibility)
        self._fill(place, values)
        self._session.add(place)
        self._slugs.add(slug)
        self._by_identity[values.identity] = place
        return place

    def _fill(self, place: Place, values: PlaceValues) -> None:
        code, is_own = values.area_code, values.area_code is not None
        if code is None and values.lat is not None and values.lon is not None:
            buurt = self._tree.buurt_at(values.lat, values.lon)
            code = buurt.code if buurt else None
        for name in ("name", "street", "house_number", "postcode", "lat", "lon"):
            setattr(place, name, getattr(values, name))
        place.area_code = code
        place.area_level = self._tree.get(code).level if code else None
        place.area_is_own = is_own

    def _is_used(self, place_id: UUID) -> bool:
        uses = select(ListingPlace.listing_id).where(ListingPlace.place_id == place_id)
        teams = select(Team.id).where(Team.place_id == place_id)
        meanwhile = select(TemporaryChange.id).where(TemporaryChange.place_id == place_id)
        return any(self._session.exec(query).first() for query in (uses, teams, meanwhile))


def _without(moves: Any, slug: str) -> Any:
    """The same value of history, where this place is not named."""
    if not isinstance(moves, list) or all(one["place"] != slug for one in moves):
        return moves
    return [one | {"place": None} if one["place"] == slug else one for one in moves]


def is_exact(place: Place) -> bool:
    return place.visibility == Visibility.EXACT
