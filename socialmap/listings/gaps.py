"""What a wijk itself lacks, and what there is for its people nearest by (R9)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from socialmap.geo.distance import metres_between, rounded
from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.listings.cards import Card, CardPlace
from socialmap.listings.shelves import Shelves
from socialmap.models.terms import Visibility
from socialmap.search.answer.found import Hit
from socialmap.themes import ThemeGroup

MOST = 5
"""So many themes at most, the first of the register."""


@dataclass(frozen=True)
class Gap:
    """A theme with nothing in the wijk, and the nearest listing for its people; None where
    nothing is for them."""

    theme_id: str
    name: str
    card: Card | None
    hit: Hit | None

    @property
    def metres(self) -> float:
        """For the order: what is nowhere comes last."""
        far = self.hit.distance_m if self.hit else None
        return math.inf if far is None else far


def gaps(
    tree: AreaTree,
    node: AreaNode,
    shelves: Shelves,
    groups: Sequence[ThemeGroup],
    today: date,
) -> list[Gap]:
    """The themes of which nothing is in a wijk, each with what is nearest by, nearest first.

    Themes of danger are never said to be missing: whom to ring is the same everywhere.
    """
    here = {id for card in shelves.here for id in card.themes}
    from_outside = [card for card in shelves.outside if not card.is_closed(today)]
    found = []
    for group in groups:
        ids = {one.id for one in (group.theme, *group.subjects) if not one.is_danger}
        if group.theme.is_danger or ids & here:
            continue
        about = [card for card in from_outside if ids.intersection(card.themes[:1])]
        found.append(_gap(tree, node, group, about, today))
    return sorted(found[:MOST], key=lambda gap: gap.metres)


def _gap(
    tree: AreaTree, node: AreaNode, group: ThemeGroup, about: Sequence[Card], today: date
) -> Gap:
    """The nearest of these; where the wait is long only when all of them are full, and what has
    no address only when nothing has one."""

    def order(one: tuple[Card, Hit]) -> tuple[bool, float]:
        far = one[1].distance_m
        return one[0].waits_long(today), math.inf if far is None else far

    measured = ((card, measure(tree, node, card)) for card in about)
    nearest = min(measured, key=order, default=(None, None))
    return Gap(group.theme.id, group.theme.name, *nearest)


def measure(tree: AreaTree, node: AreaNode, card: Card) -> Hit:
    """How far a listing is from the middle of an area: rounded, and to the middle of what may be
    told."""
    spots = [(place, spot) for place in card.places if (spot := _spot(tree, place))]
    if not spots:
        return Hit(card.id, card.kind)
    lats, lons = np.array([spot for _, spot in spots]).T
    metres = metres_between(node.lat, node.lon, lats, lons)
    at = int(np.argmin(metres))
    place, is_exact = spots[at][0], spots[at][0].visibility == Visibility.EXACT
    return Hit(
        card.id,
        card.kind,
        distance_m=rounded(float(metres[at]), is_exact=is_exact),
        distance_from="exact" if is_exact else "area",
        by_ferry=tree.crosses_water(node.code, place.area_code),
    )


def _spot(tree: AreaTree, place: CardPlace) -> tuple[float, float] | None:
    """Where a place is, as far as that may be told."""
    if place.lat is not None and place.lon is not None:
        return place.lat, place.lon
    if place.visibility == Visibility.HIDDEN or place.area_code is None:
        return None
    area = tree.get(place.area_code)
    return area.lat, area.lon
