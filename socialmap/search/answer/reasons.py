"""Why each hit fits, in words, and on what it says nothing."""

from collections.abc import Iterator, Mapping
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from socialmap.geo.distance import metres_between, rounded
from socialmap.geo.tree import AreaTree
from socialmap.labels import age_range
from socialmap.models.terms import Reach
from socialmap.search.answer.facets import CODE_OF, UNCOUNTED, Match
from socialmap.search.answer.found import Hit, Reason
from socialmap.search.answer.scoring import best_ways
from socialmap.search.index.schema import NONE
from socialmap.search.index.snapshot import Snapshot
from socialmap.search.language.meaning import Concept, Meant, Way
from socialmap.search.question.filters import FACET_LABELS
from socialmap.search.question.query import Near, Query


class Evaluated(Protocol):
    """What an answer offers to explain itself."""

    @property
    def asked(self) -> dict[str, Match]: ...
    @property
    def meant(self) -> Meant: ...
    @property
    def factors(self) -> dict[str, NDArray[np.float64]]: ...


def hits(
    snapshot: Snapshot,
    tree: AreaTree,
    query: Query,
    answer: Evaluated,
    docs: NDArray[np.int64],
    theme_names: Mapping[str, str],
) -> tuple[Hit, ...]:
    """The hits of one page."""
    texts = _text_reasons(snapshot, answer.meant, docs.tolist(), theme_names)
    found = []
    for doc in docs.tolist():
        distance = _distance(snapshot, tree, query.near, doc) if query.near else (None, None, False)
        reasons = [*texts.get(doc, ()), *_reasons(snapshot, tree, query, answer, doc, theme_names)]
        found.append(
            Hit(
                listing_id=UUID(int=snapshot.keys[doc].int),
                kind=next(iter(snapshot.codes["kind"].of(doc))),
                distance_m=distance[0],
                distance_from=distance[1],
                by_ferry=distance[2],
                reasons=tuple(dict.fromkeys(reasons)),
                unknown=tuple(n for n, match in answer.asked.items() if n and match.unknown[doc]),
                explain=_explained(answer, doc) if query.explains else None,
            )
        )
    return tuple(found)


def _explained(answer: Evaluated, doc: int) -> dict[str, float]:
    """Every factor of the score of a document, and the score."""
    found = {name: round(float(values[doc]), 4) for name, values in answer.factors.items()}
    return found | {"score": round(float(np.prod(list(found.values()))), 4)}


def _distance(
    snapshot: Snapshot, tree: AreaTree, near: Near, doc: int
) -> tuple[int | None, str | None, bool]:
    """(rounded metres, exact or area, is the IJ between) to the nearest place of a document."""
    points = snapshot.points
    own = np.flatnonzero(points.docs == doc)
    if not len(own):
        return None, None, False
    metres = metres_between(near.lat, near.lon, points.lats[own], points.lons[own])
    nearest = int(np.argmin(metres))
    at = int(own[nearest])
    is_exact = bool(points.is_exact[at])
    crosses = tree.crosses_water(near.area_code, points.areas[at] or None)
    return (
        rounded(float(metres[nearest]), is_exact=is_exact),
        "exact" if is_exact else "area",
        crosses,
    )


def _text_reasons(
    snapshot: Snapshot, words: Meant, docs: list[int], theme_names: Mapping[str, str]
) -> dict[int, list[Reason]]:
    """Per document what it says of the words of the question, in its own words or by a code."""
    found: dict[int, dict[Reason, None]] = {}
    for concept in words.concepts:
        for doc, way in best_ways(snapshot, concept, docs).items():
            found.setdefault(doc, {})[_said(concept, way, theme_names)] = None
    return {doc: list(reasons) for doc, reasons in found.items()}


def _said(concept: Concept, way: Way, theme_names: Mapping[str, str]) -> Reason:
    if not way.code:
        return Reason("q", way.said or concept.typed)
    name, value = way.code.split(":")
    labels = theme_names if name == "thema" else FACET_LABELS[name]
    return Reason(name, labels.get(value, value))


def _reasons(
    snapshot: Snapshot,
    tree: AreaTree,
    query: Query,
    answer: Evaluated,
    doc: int,
    theme_names: Mapping[str, str],
) -> Iterator[Reason]:
    for name, values in query.chosen.items():
        if not answer.asked[name].yes[doc] or name in UNCOUNTED:
            continue
        labels = theme_names if name == "thema" else FACET_LABELS[name]
        own = snapshot.codes[CODE_OF[name]].of(doc) if name in CODE_OF else frozenset(values)
        for value in values:
            if value in own:
                yield Reason(name, labels[value])
    if query.ages and answer.asked["leeftijd"].yes[doc]:
        yield Reason("leeftijd", _ages(snapshot, doc))
    for name in query.areas:
        yield from _area_reason(snapshot, tree, query, name, doc)


def _ages(snapshot: Snapshot, doc: int) -> str:
    low, high = (int(snapshot.numbers[name][doc]) for name in ("min_age", "max_age"))
    return age_range(None if low == NONE else low, None if high == NONE else high)


def _area_reason(
    snapshot: Snapshot, tree: AreaTree, query: Query, name: str, doc: int
) -> Iterator[Reason]:
    served = snapshot.codes["served"].of(doc)
    if Reach.CITY in served:
        yield Reason(name, "voor heel Amsterdam")
        return
    for code in query.areas[name]:
        around = {area.code for area in tree.within(code)} | {a.code for a in tree.ancestors(code)}
        if around & served:
            yield Reason(name, f"voor {tree.get(code).name}")
            return
