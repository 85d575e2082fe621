"""The filters beside the results: every value with its count, those without results as well."""

from dataclasses import dataclass

from socialmap.geo.tree import AreaTree
from socialmap.models.terms import AreaLevel
from socialmap.search.answer.found import Found, Option
from socialmap.search.question.filters import FACET_LABELS
from socialmap.search.question.query import Query
from socialmap.themes import ThemeGroup
from socialmap.views.asking import Asked

FIRST = ("niveau", "soort", "route")
THEN = ("vorm", "kosten", "beschikbaar", "waar", "dag", "dagdeel", "doelgroep", "taal")
WITH_ZEROS = frozenset({"niveau", "soort", "route", "kosten", "beschikbaar", "dag", "dagdeel"})
"""Short lists that are shown whole, so that they stay in place."""
OPEN = frozenset({"niveau", "route"})


@dataclass(frozen=True)
class FilterOption:
    """A value with its count, and the subjects under it."""

    option: Option
    subjects: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Filter:
    """One filter: a parameter and its values."""

    param: str
    options: tuple[FilterOption, ...]

    @property
    def selected(self) -> int:
        """How many values are chosen."""
        every = (option for top in self.options for option in (top.option, *top.subjects))
        return sum(option.selected for option in every)

    @property
    def is_open(self) -> bool:
        return self.param in OPEN or bool(self.selected)


def filters(asked: Asked, tree: AreaTree, groups: list[ThemeGroup]) -> list[Filter]:
    """The filters that have something to choose, in their order."""
    found, query = asked.found, asked.query
    if not found.facets:
        return []
    every = [
        *(_plain(found, name) for name in FIRST),
        _themes(found, groups),
        *(_plain(found, name) for name in THEN),
        _areas(found, "stadsdeel"),
        _wijken(found, query, tree),
    ]
    return [shown for shown in every if shown.options]


def _plain(found: Found, name: str) -> Filter:
    options = {option.value: option for option in found.facets.get(name, ())}
    if name in WITH_ZEROS:
        options = {
            value: options.get(value, Option(value, label, 0, selected=False))
            for value, label in FACET_LABELS[name].items()
        }
    return Filter(name, tuple(FilterOption(option) for option in options.values()))


def _themes(found: Found, groups: list[ThemeGroup]) -> Filter:
    options = {option.value: option for option in found.facets.get("thema", ())}
    nested = []
    for group in groups:
        subjects = tuple(options[row.id] for row in group.subjects if row.id in options)
        none = Option(group.theme.id, group.theme.name, 0, selected=False)
        if subjects or group.theme.id in options:
            nested.append(FilterOption(options.get(group.theme.id, none), subjects))
    return Filter("thema", tuple(nested))


def _areas(found: Found, name: str) -> Filter:
    return Filter(name, tuple(FilterOption(option) for option in found.facets.get(name, ())))


def _wijken(found: Found, query: Query, tree: AreaTree) -> Filter:
    """The wijken of the stadsdelen and gebieden that are asked about; all of them is too long."""
    asked = [code for codes in query.areas.values() for code in codes]
    districts = {tree.up_to(code, AreaLevel.DISTRICT) for code in asked}
    inside = {
        name
        for district in districts
        if district
        for node in tree.inside(district.code, AreaLevel.WIJK)
        for name in (node.code, node.slug)
    }
    options = (option for option in found.facets.get("wijk", ()) if option.value in inside)
    return Filter("wijk", tuple(FilterOption(option) for option in options))
