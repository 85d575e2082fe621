"""In which order: how near, how fresh, how complete; light before heavy when equal."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from socialmap.geo.distance import metres_between
from socialmap.geo.tree import AreaTree
from socialmap.models.currency import LAPSE_DAYS, ROOM_HOLDS_DAYS
from socialmap.models.terms import Form, Level, ListingKind, Reach
from socialmap.search.answer.facets import Match
from socialmap.search.index.schema import NONE, ROOMS
from socialmap.search.index.snapshot import Mask, Snapshot
from socialmap.search.question.query import Near, Order, Query

Floats = NDArray[np.float64]
HALF_WAY_M = 2500.0
"""At this distance a listing counts half."""
NO_PLACE_M = 1500.0
"""Help without an address that serves the area (at home, online) counts as this near."""
STALE, LAPSED, UNCHECKED = 0.7, 0.4, 0.9
FULL, NO_CONTACT, NOT_FOR_HERE = 0.9, 0.95, 0.6
COVERS_FROM_ELSEWHERE = 0.8
NAMED, CONSULT_FIRST, UNKNOWN = 1.5, 1.6, 0.75
"""What is asked for by its name; and, to who wants to think along, what offers that."""
FEW_AGES_MONTHS, OLDEST_MONTHS, AGE_FOCUS = 72, 23 * 12, 0.2
"""Up to six years of ages count fully when an age is asked; 0 to 18 counts a fifth less."""
STEP = np.log(1.1)
"""Scores within 10 % count as equal; then light comes before heavy."""


@dataclass(frozen=True)
class Distances:
    """Metres from the asked point per document; infinite where it has no place to measure to."""

    metres: Floats
    serves_here: Mask


def distances(snapshot: Snapshot, tree: AreaTree, near: Near) -> Distances:
    """Measure from `near` to the nearest place of every document."""
    points = snapshot.points
    metres = np.full(snapshot.size, np.inf)
    np.minimum.at(metres, points.docs, metres_between(near.lat, near.lon, points.lats, points.lons))
    served = snapshot.codes["served"]
    if near.area_code is None:
        return Distances(metres, np.ones(snapshot.size, dtype=bool))
    here = {area.code for area in tree.ancestors(near.area_code)}
    here |= {area.code for area in tree.within(near.area_code)} | {str(Reach.CITY)}
    return Distances(metres, served.any_of(here) | served.is_empty)


def within_radius(found: Distances, radius_km: float) -> Mask:
    """In the circle; or without an address but serving here."""
    near: Mask = found.metres <= radius_km * 1000
    return near | (np.isinf(found.metres) & found.serves_here)


def nearness(found: Distances) -> Floats:
    """1 at the point itself, half at HALF_WAY_M; less for what does not serve the area."""
    metres = np.where(np.isinf(found.metres), NO_PLACE_M, found.metres)
    return np.where(found.serves_here, 1.0, NOT_FOR_HERE) / (1 + metres / HALF_WAY_M)


def is_lapsed(snapshot: Snapshot, today: int) -> Mask:
    """Out of the default results: long past its review."""

    def lapsed(snapshot: Snapshot) -> Mask:
        found: Mask = days_overdue(snapshot, today) > LAPSE_DAYS
        return found

    return snapshot.kept(("lapsed", today), lapsed)


def days_overdue(snapshot: Snapshot, today: int) -> NDArray[np.int64]:
    """Days past the review date; negative while there is time."""
    overdue: NDArray[np.int64] = today - snapshot.numbers["due_day"].astype(np.int64)
    return overdue


def quality(snapshot: Snapshot, today: int) -> Floats:
    """Fresh, reachable and with room counts a little more."""
    return snapshot.kept(("quality", today), lambda snapshot: _quality(snapshot, today))


def _quality(snapshot: Snapshot, today: int) -> Floats:
    overdue = days_overdue(snapshot, today)
    factor = np.where(overdue > LAPSE_DAYS, LAPSED, np.where(overdue > 0, STALE, 1.0))
    is_unchecked = (snapshot.numbers["confirmed_day"] == NONE) & (overdue <= 0)
    factor = np.where(is_unchecked, UNCHECKED, factor)
    is_fresh = snapshot.numbers["reported_day"] + ROOM_HOLDS_DAYS >= today
    is_full = is_fresh & (snapshot.numbers["room"] == ROOMS.index("vol"))
    has_contact = snapshot.numbers["has_contact"] == 1
    return factor * np.where(is_full, FULL, 1.0) * np.where(has_contact, 1.0, NO_CONTACT)


def knownness(asked: Mapping[str, Match], understood: Collection[str], size: int) -> Floats:
    """Less for each thing that was understood from the text and of which a listing says nothing."""
    factor = np.ones(size)
    for name in understood:
        if name in asked:
            factor = np.where(asked[name].unknown, factor * UNKNOWN, factor)
    return factor


def aptness(snapshot: Snapshot) -> Floats:
    """1 for what is for a few ages only, less for what is for everybody up to grown-ups."""
    return snapshot.kept("aptness", _aptness)


def _aptness(snapshot: Snapshot) -> Floats:
    low, high = snapshot.numbers["min_age"], snapshot.numbers["max_age"]
    last = np.where(high == NONE, OLDEST_MONTHS, high)
    months = np.maximum(last - np.where(low == NONE, 0, low), 1)
    found: Floats = np.minimum(1.0, FEW_AGES_MONTHS / months) ** AGE_FOCUS
    return found


def consult_first(snapshot: Snapshot) -> Floats:
    """More for what thinks along with professionals before they refer."""
    return np.where(snapshot.codes["forms"].any_of([Form.CONSULT]), CONSULT_FIRST, 1.0)


def located_in(snapshot: Snapshot, tree: AreaTree, codes: tuple[str, ...]) -> Mask:
    """Has it a place inside one of these areas?"""
    inside = {area.code for code in codes for area in tree.within(code)}
    found: Mask = np.zeros(snapshot.size, dtype=bool)
    found[snapshot.points.docs[snapshot.points.inside(inside)]] = True
    return found


def ordered(
    snapshot: Snapshot,
    docs: NDArray[np.int64],
    query: Query,
    scores: Floats,
    asked: dict[str, Match],
    found: Distances | None,
) -> NDArray[np.int64]:
    """`docs` in the order asked for; places below offers, and unknown below known in what was
    chosen."""
    weight = snapshot.kept("weights", _weights)[docs]
    is_place = snapshot.codes["kind"].any_of([ListingKind.PLACE])[docs]
    chosen = [match for name, match in asked.items() if name not in query.understood]
    unknown = sum((match.unknown[docs].astype(int) for match in chosen), np.zeros(len(docs)))
    keys: tuple[NDArray[Any], ...]
    ties = snapshot.key_order[docs]
    if query.order == Order.DISTANCE and found is not None:
        keys = (ties, weight, found.metres[docs])
    elif query.order == Order.CHECKED:
        keys = (ties, weight, -snapshot.numbers["confirmed_day"][docs], is_place)
    else:
        score = scores[docs]
        step = np.round(np.log(np.maximum(score, 1e-9)) / STEP)
        keys = (ties, -score, weight, -step, unknown, is_place)
    return docs[np.lexsort(keys)]


def _weights(snapshot: Snapshot) -> NDArray[np.int64]:
    """0 for the lightest help, 3 for the heaviest."""
    levels = snapshot.codes["level"]
    weights = [
        min((Level(code).weight for code in codes), default=0) for codes in levels.combinations
    ]
    found: NDArray[np.int64] = np.array(weights or [0])[levels.numbers]
    return found
