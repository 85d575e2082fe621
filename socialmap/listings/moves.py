"""Places that other shapes of areas put in another buurt."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.listings.edits import Author, Editor
from socialmap.listings.history import PLACE_NOUN, History
from socialmap.models import ListingPlace, Place
from socialmap.models.terms import AreaLevel, Visibility

CHUNK = 300


@dataclass(frozen=True)
class Move:
    """One place that lies in another buurt than before; None is outside the city."""

    place: str
    before: AreaNode | None
    after: AreaNode | None


@dataclass(frozen=True)
class Reassigned:
    """What other shapes do to the places of the directory."""

    moves: tuple[Move, ...]
    own: int
    """Places that keep the buurt which their source names."""
    own_elsewhere: int
    """How many of those the shapes would put in another buurt."""
    listings: int
    """Listings whose card and copy in the index were renewed."""


def reassign_places(
    session: Session, tree: AreaTree, author: Author, moved_areas: Collection[str]
) -> Reassigned:
    """Put every place without a buurt of its own in the buurt where `tree` has it.

    Listings "somewhere in" one of `moved_areas`, whose middle changed, are renewed as well.
    """
    places = session.exec(select(Place).where(col(Place.visibility) != Visibility.HIDDEN)).all()
    measured = [(place, _buurt(tree, place)) for place in places if place.lat is not None]
    own = [(place, buurt) for place, buurt in measured if place.area_is_own]
    loose = [(place, buurt) for place, buurt in measured if not place.area_is_own]
    moving = [(place, buurt) for place, buurt in loose if place.area_code != _code(buurt)]
    history = History(session, author)
    moves = [_move(place, buurt, tree, history) for place, buurt in moving]
    vague = [
        place
        for place in places
        if place.visibility == Visibility.AREA and place.area_code in moved_areas
    ]
    return Reassigned(
        moves=tuple(moves),
        own=len(own),
        own_elsewhere=sum(place.area_code != _code(buurt) for place, buurt in own),
        listings=_renew(session, tree, author, [*(place for place, _ in moving), *vague]),
    )


def _buurt(tree: AreaTree, place: Place) -> AreaNode | None:
    if place.lat is None or place.lon is None:
        return None
    return tree.buurt_at(place.lat, place.lon)


def _code(buurt: AreaNode | None) -> str | None:
    return buurt.code if buurt else None


def _move(place: Place, buurt: AreaNode | None, tree: AreaTree, history: History) -> Move:
    before = tree.get(place.area_code) if place.area_code else None
    history.record(place.id, "area_code", place.area_code, _code(buurt), noun=PLACE_NOUN)
    place.area_code = _code(buurt)
    place.area_level = AreaLevel.BUURT if buurt else None
    return Move(place.name or place.slug, before, buurt)


def _renew(session: Session, tree: AreaTree, author: Author, places: Sequence[Place]) -> int:
    """Renew what is shown of the listings at these places; returns how many."""
    session.flush()
    here = {place.id for place in places}
    links = session.exec(select(ListingPlace.listing_id, ListingPlace.place_id)).all()
    ids = list(dict.fromkeys(listing for listing, place in links if place in here))
    editor = Editor(session, tree, author)
    for start in range(0, len(ids), CHUNK):
        editor.renew(ids[start : start + CHUNK])
    return len(ids)
