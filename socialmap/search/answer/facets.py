"""The filters of a search: which column each reads, what matches, and the counts per value."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from socialmap.geo.tree import AreaTree
from socialmap.models.terms import AreaLevel, ListingKind, OnlyFor, Reach, Status
from socialmap.search.index.schema import NONE, ROOMS
from socialmap.search.index.snapshot import Ints, Mask, Snapshot
from socialmap.search.question.filters import AREA_PARAMS, AVAILABLE
from socialmap.search.question.query import Query

ROOM_DAYS = 30
SHUT = -2
"""No value of AVAILABLE, and not unknown either."""

CODE_OF = {
    "niveau": "level",
    "soort": "informal",
    "thema": "themes",
    "vorm": "forms",
    "route": "routes",
    "taal": "languages",
    "kosten": "cost",
    "waar": "settings",
    "kind": "kind",
    "aanbieder": "provider",
}
"""Parameters that read one column as it is."""
UNCOUNTED = ("aanbieder",)
"""Too many values to count."""

TIME_PARAMS = ("dag", "dagdeel")
Reading = Callable[[frozenset[str]], Iterable[str]]


@dataclass(frozen=True)
class Match:
    """Per document: does it match, and does it say nothing on the matter?"""

    yes: Mask
    unknown: Mask

    @property
    def kept(self) -> Mask:
        kept: Mask = self.yes | self.unknown
        return kept


def matches(snapshot: Snapshot, tree: AreaTree, query: Query, today: int) -> dict[str, Match]:
    """A Match per parameter that is asked; `today` is a day number.

    Unknown is not no: a listing that says nothing stays, below those that match. A bare place
    has no routes or languages to be unknown: it stays only where it matches.
    """
    found = {
        name: _facet(snapshot, name, values, today)
        for name, values in query.chosen.items()
        if name not in TIME_PARAMS
    }
    found |= _times(snapshot, query)
    for name, codes in query.areas.items():
        found[name] = _served(snapshot, tree, codes)
    if query.ages:
        found["leeftijd"] = _ages(snapshot, query)
    is_place = snapshot.codes["kind"].any_of([ListingKind.PLACE])
    return {name: Match(m.yes, m.unknown & ~is_place) for name, m in found.items()}


def _facet(snapshot: Snapshot, name: str, values: tuple[str, ...], today: int) -> Match:
    if name == "doelgroep":
        return _audience(snapshot, values)
    if name == "beschikbaar":
        state = availability(snapshot, today)
        yes = np.isin(state, [list(AVAILABLE).index(value) for value in values])
        return Match(yes, state == NONE)
    codes = snapshot.codes[CODE_OF[name]]
    return Match(codes.any_of(values), codes.is_empty)


def _audience(snapshot: Snapshot, values: tuple[str, ...]) -> Match:
    """For whom; who is not shut out by "only for" may come, though it is not meant for them."""
    audience, only = snapshot.codes["audience"], snapshot.codes["only_for"]
    groups = [value for value in values if value in set(OnlyFor)]
    others = [value for value in values if value not in set(OnlyFor)]
    yes = audience.any_of(others) | only.any_of(groups)
    unknown = audience.is_empty if others else np.zeros(snapshot.size, dtype=bool)
    if groups:
        unknown = unknown | only.is_empty
    return Match(yes, unknown & ~yes)


def _times(snapshot: Snapshot, query: Query) -> dict[str, Match]:
    """Weekday and part of the day: of one and the same meeting where both are asked."""
    if query.chosen.keys().isdisjoint(TIME_PARAMS):
        return {}
    days, parts = query.chosen.get("dag", ()), query.chosen.get("dagdeel", ())
    times = snapshot.codes["times"]

    def fits(codes: frozenset[str]) -> bool:
        pairs = (code.split("-") for code in codes)
        return any((not days or d in days) and (not parts or p in parts) for d, p in pairs)

    match = Match(times.where(fits), times.is_empty)
    return {name: match for name in TIME_PARAMS if name in query.chosen}


def _served(snapshot: Snapshot, tree: AreaTree, codes: tuple[str, ...]) -> Match:
    served = snapshot.codes["served"]
    is_for_all = served.any_of([Reach.CITY])
    return Match(serves_itself(snapshot, tree, codes) | is_for_all, served.is_empty)


def serves_itself(snapshot: Snapshot, tree: AreaTree, codes: Iterable[str]) -> Mask:
    """Does it serve these areas, or areas in or around them, rather than just everybody?"""
    wanted: set[str] = set()
    for code in codes:
        wanted.update(node.code for node in tree.within(code))
        wanted.update(node.code for node in tree.ancestors(code))
    return snapshot.codes["served"].any_of(wanted)


def _ages(snapshot: Snapshot, query: Query) -> Match:
    low, high = snapshot.numbers["min_age"], snapshot.numbers["max_age"]
    known = snapshot.numbers["ages_known"] == 1
    yes = np.zeros(snapshot.size, dtype=bool)
    for ages in query.ages:
        starts_in_time = (low == NONE) | (low <= ages.max_months)
        yes |= starts_in_time & ((high == NONE) | (high >= ages.min_months))
    return Match(yes & known, ~known)


def is_closed(snapshot: Snapshot, today: int) -> Mask:
    """Per document: is it closed for a while today, by its status or by a change?"""
    begins, until = snapshot.numbers["closed_from"], snapshot.numbers["closed_until"]
    is_now = (begins <= today) & ((until == NONE) | (today <= until))  # NONE is before any day
    found: Mask = snapshot.codes["status"].any_of([Status.CLOSED]) & is_now
    return found | snapshot.closures.on(today, snapshot.size)


def availability(snapshot: Snapshot, today: int) -> np.ndarray:
    """Per document the number of its value in AVAILABLE, or NONE when not known or too old; what
    is closed today has no room now, whatever it says."""
    room = snapshot.numbers["room"]
    fresh = (room != NONE) & (snapshot.numbers["reported_day"] + ROOM_DAYS >= today)
    state: np.ndarray = np.where(room == ROOMS.index("vol"), 1, 0)
    is_shut = is_closed(snapshot, today) & ~(fresh & (state == 1))
    return np.where(is_shut, SHUT, np.where(fresh, state, NONE))


@lru_cache(maxsize=2)
def readings(tree: AreaTree) -> dict[str, tuple[str, Reading]]:
    """Parameter -> its column, and how a combination of codes reads as values to count."""

    def serves(level: AreaLevel) -> Reading:
        everywhere = [node.code for node in tree.at_level(level)]

        def reading(codes: frozenset[str]) -> Iterable[str]:
            if Reach.CITY in codes:
                return everywhere
            return {node for code in codes - set(Reach) for node in _areas_of(tree, code, level)}

        return reading

    plain = {name: (column, _as_it_is) for name, column in CODE_OF.items() if name not in UNCOUNTED}
    areas = {name: ("served", serves(level)) for name, level in AREA_PARAMS.items()}
    times: dict[str, tuple[str, Reading]] = {
        "dag": ("times", lambda codes: {code.split("-")[0] for code in codes}),
        "dagdeel": ("times", lambda codes: {code.split("-")[1] for code in codes}),
    }
    return {**plain, **areas, **times}


def _as_it_is(codes: frozenset[str]) -> Iterable[str]:
    return codes


def _areas_of(tree: AreaTree, code: str, level: AreaLevel) -> list[str]:
    above = tree.up_to(code, level)
    if above is not None:
        return [above.code]
    return [node.code for node in tree.inside(code, level)]


def code_holders(snapshot: Snapshot, name: str, value: str) -> NDArray[np.int64]:
    """The live documents that have this value of a parameter."""
    column = CODE_OF.get(name, "only_for" if value in set(OnlyFor) else "audience")
    return np.flatnonzero(snapshot.codes[column].any_of([value]) & snapshot.live)


def audience_counts(snapshot: Snapshot, docs: Ints) -> dict[str, int]:
    """Counts of whom it is for, and for whom only."""
    audience = snapshot.codes["audience"].counts("as is", _as_it_is, docs)
    return audience | snapshot.codes["only_for"].counts("as is", _as_it_is, docs)


def availability_counts(snapshot: Snapshot, docs: Ints, today: int) -> dict[str, int]:
    state = availability(snapshot, today)[docs]
    return {value: int((state == at).sum()) for at, value in enumerate(AVAILABLE)}
