"""How many of an answer have each value of each filter."""

from collections.abc import Mapping
from datetime import date

from socialmap.geo.tree import AreaTree
from socialmap.search.answer import facets
from socialmap.search.answer.evaluation import Answer
from socialmap.search.answer.found import Option
from socialmap.search.index.snapshot import Snapshot
from socialmap.search.question.filters import AREA_PARAMS, FACET_LABELS
from socialmap.search.question.query import Query


def counts(
    snapshot: Snapshot,
    tree: AreaTree,
    query: Query,
    answer: Answer,
    today: date,
    theme_names: Mapping[str, str],
) -> dict[str, tuple[Option, ...]]:
    """The values of each filter with their counts; each leaves its own filter out."""
    tallies = {
        name: snapshot.codes[column].counts((name, tree), reading, answer.but(name))
        for name, (column, reading) in facets.readings(tree).items()
    }
    tallies["doelgroep"] = facets.audience_counts(snapshot, answer.but("doelgroep"))
    available = answer.but("beschikbaar")
    tallies["beschikbaar"] = facets.availability_counts(snapshot, available, today.toordinal())
    return {
        name: _options(name, tally, query, tree, theme_names) for name, tally in tallies.items()
    }


def _options(
    name: str,
    tally: Mapping[str, int],
    query: Query,
    tree: AreaTree,
    theme_names: Mapping[str, str],
) -> tuple[Option, ...]:
    """Values with a count or selected, in the order of their list."""
    if name in AREA_PARAMS:
        areas = {area.code: area for area in tree.at_level(AREA_PARAMS[name])}
        chosen = query.areas.get(name, ())
        return tuple(
            Option(area.slug, area.name, tally.get(code, 0), code in chosen)
            for code, area in areas.items()
            if tally.get(code) or code in chosen
        )
    words = theme_names if name == "thema" else FACET_LABELS[name]
    chosen = query.chosen.get(name, ())
    return tuple(
        Option(value, word, tally.get(value, 0), value in chosen)
        for value, word in words.items()
        if tally.get(value) or value in chosen
    )
