"""No dead end: when little is found, ways to look wider, each with what it would find."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from socialmap.geo.tree import AreaTree
from socialmap.labels import listed
from socialmap.models.terms import AreaLevel, Language
from socialmap.search.answer.found import Wider
from socialmap.search.index.snapshot import Snapshot
from socialmap.search.question.filters import FACET_LABELS
from socialmap.search.question.query import Query

ENOUGH = 8
Evaluate = Callable[[Snapshot, AreaTree, Query, date], Any]


def ways(
    snapshot: Snapshot, tree: AreaTree, query: Query, today: date, total: int, evaluate: Evaluate
) -> tuple[Wider, ...]:
    """The ways that find more than `total`; none when there is enough."""
    if total >= ENOUGH:
        return ()
    found = []
    for label, params, wider in _steps(tree, query):
        count = int(evaluate(snapshot, tree, wider, today).docs.sum())
        if count > total:
            found.append(Wider(label, params, count))
    return tuple(found)


def _steps(tree: AreaTree, query: Query) -> Iterator[tuple[str, dict[str, str | None], Query]]:
    yield from _areas(tree, query)
    if query.radius_km is not None:
        yield "Ook verder weg", {"straal": None}, query.but(radius_km=None)
    if query.ages:
        yield "Ook voor andere leeftijden", {"leeftijd": None}, query.but(ages=())
    if "taal" in query.chosen:
        names = listed([FACET_LABELS["taal"][Language(v)] for v in query.chosen["taal"]], "of")
        yield f"Ook zonder {names}", {"taal": None}, _without(query, "taal")
    for name in sorted(query.chosen.keys() - {"taal"}):
        words = FACET_LABELS.get(name, {})
        values = listed([words.get(value, value) for value in query.chosen[name]], "of")
        yield f"Zonder het filter ‘{values}’", {name: None}, _without(query, name)


def _areas(tree: AreaTree, query: Query) -> Iterator[tuple[str, dict[str, str | None], Query]]:
    """From the wijk to its neighbours, the stadsdeel and the city."""
    wijken = query.areas.get("wijk", ())
    if wijken:
        around = [n.code for code in wijken for n in tree.neighbours(code)]
        codes = tuple(dict.fromkeys([*wijken, *around]))
        slugs = ",".join(tree.get(code).slug for code in codes)
        yield "Ook in de buurwijken", {"wijk": slugs}, query.but(areas={"wijk": codes})
        district = tree.up_to(wijken[0], AreaLevel.DISTRICT)
        if district:
            params = {"wijk": None, "gebied": None, "stadsdeel": district.slug}
            wider = query.but(areas={"stadsdeel": (district.code,)})
            yield f"Heel {district.name}", params, wider
    if query.areas:
        params = dict.fromkeys(query.areas)
        yield "Heel Amsterdam", params, query.but(areas={})


def _without(query: Query, name: str) -> Query:
    return query.but(chosen={key: v for key, v in query.chosen.items() if key != name})
