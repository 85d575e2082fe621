"""No dead end: when little is found, ways to look wider, each with what it would find."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, islice

from socialmap.geo.tree import AreaTree
from socialmap.labels import listed
from socialmap.models.terms import AreaLevel, Language, Reach
from socialmap.search.answer.evaluation import Texts, evaluated
from socialmap.search.answer.found import Wider
from socialmap.search.index.snapshot import Mask, Snapshot
from socialmap.search.question.filters import FACET_LABELS
from socialmap.search.question.query import Query

ENOUGH = 8
NOT_WIDER = {"taal", "aanbieder"}
"""A language has a step of its own; without a named provider nothing is left of a question."""
WHOLE_CITY = "Heel Amsterdam"
MOST_STEPS, MOST_PAIRS = 10, 6
"""So many steps are tried at most, and pairs of them when no single one helps."""
Params = dict[str, str | None]


@dataclass(frozen=True)
class Step:
    """A wider question: how it is called, what changes in the address, and how to ask it."""

    label: str
    params: Params
    asked: Callable[[Query], Query]


def ways(
    snapshot: Snapshot, tree: AreaTree, query: Query, today: date, texts: Texts, total: int
) -> tuple[Wider, ...]:
    """The ways that find more than `total`; none when there is enough. Where nothing was found
    and no single step helps, two steps at once."""
    if total >= ENOUGH:
        return ()

    def tried(steps: Iterator[Step]) -> tuple[Wider, ...]:
        found = []
        for step in steps:
            docs = evaluated(snapshot, tree, step.asked(query), today, texts).docs
            count = int(docs.sum())
            if count > total:
                found.append(Wider(_named(step, snapshot, docs), step.params, count))
        return tuple(found)

    steps = list(islice(_steps(tree, query), MOST_STEPS))
    return tried(iter(steps)) or (tried(_pairs(steps)) if not total else ())


def _named(step: Step, snapshot: Snapshot, docs: Mask) -> str:
    """The name of a step; of the whole city it says when it finds what is only for the region."""
    only_beyond = snapshot.codes["served"].where(lambda codes: codes == {Reach.BEYOND})
    is_farther = step.label == WHOLE_CITY and (docs & only_beyond).any()
    return f"{WHOLE_CITY} en daarbuiten" if is_farther else step.label


def _steps(tree: AreaTree, query: Query) -> Iterator[Step]:
    yield from _areas(tree, query)
    if query.radius_km is not None:
        yield Step("Ook verder weg", {"straal": None}, lambda asked: asked.but(radius_km=None))
    if query.ages:
        label = "Ook voor andere leeftijden"
        yield Step(label, {"leeftijd": None}, lambda asked: asked.but(ages=()))
    if "taal" in query.chosen:
        names = listed([FACET_LABELS["taal"][Language(v)] for v in query.chosen["taal"]], "of")
        yield _without(f"Ook zonder {names}", "taal")
    for name in sorted(query.chosen.keys() - NOT_WIDER):
        words = FACET_LABELS.get(name, {})
        values = listed([words.get(value, value) for value in query.chosen[name]], "of")
        yield _without(f"Zonder het filter ‘{values}’", name)


def _areas(tree: AreaTree, query: Query) -> Iterator[Step]:
    """From the wijk to its neighbours, the stadsdeel and the city."""
    wijken = query.areas.get("wijk", ())
    if wijken:
        around = [n.code for code in wijken for n in tree.neighbours(code)]
        codes = tuple(dict.fromkeys([*wijken, *around]))
        slugs = ",".join(tree.get(code).slug for code in codes)
        yield _in("Ook in de buurwijken", {"wijk": slugs}, {"wijk": codes})
        district = tree.up_to(wijken[0], AreaLevel.DISTRICT)
        if district:
            params = {"wijk": None, "gebied": None, "stadsdeel": district.slug}
            yield _in(f"Heel {district.name}", params, {"stadsdeel": (district.code,)})
    if query.areas:
        yield _in(WHOLE_CITY, dict.fromkeys(query.areas), {})


def _in(label: str, params: Params, areas: dict[str, tuple[str, ...]]) -> Step:
    return Step(label, params, lambda asked: asked.but(areas=areas))


def _without(label: str, name: str) -> Step:
    def asked(query: Query) -> Query:
        return query.but(chosen={key: v for key, v in query.chosen.items() if key != name})

    return Step(label, {name: None}, asked)


def _pairs(steps: list[Step]) -> Iterator[Step]:
    """Two steps at once, of those that change different parameters."""
    pairs = [
        (one, other)
        for one, other in combinations(steps, 2)
        if one.params.keys().isdisjoint(other.params)
    ]
    for one, other in pairs[:MOST_PAIRS]:
        label = f"{one.label}, {other.label[0].lower()}{other.label[1:]}"
        yield Step(label, {**one.params, **other.params}, _both(one, other))


def _both(one: Step, other: Step) -> Callable[[Query], Query]:
    return lambda query: other.asked(one.asked(query))
