"""The flexibele schil of a stadsdeel on one screen: by problem, with age, route and room."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app

from socialmap import db, themes
from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.listings.cards import Card, cards
from socialmap.models.terms import AreaLevel, Level
from socialmap.search.question.params import read_query
from socialmap.search.question.query import ParamError
from socialmap.views import areas
from socialmap.views.asking import Args
from socialmap.views.clock import today
from socialmap.views.maps import AREA_PARAM


@dataclass(frozen=True)
class ShellRow:
    """A listing of the flexibele schil."""

    card: Card
    is_here: bool
    """Is it for the wijk that is asked about?"""


@dataclass(frozen=True)
class Shell:
    """What there is for a stadsdeel, under the themes, and how it was asked for."""

    area: AreaNode
    groups: list[tuple[str, list[ShellRow]]]
    """The name of a theme with what is mainly about it."""
    total: int
    age: str
    """As it was typed."""
    theme: str
    themes: list[tuple[str, str]]
    """(id, name) of the themes to choose from."""
    errors: list[ParamError]

    @property
    def is_filtered(self) -> bool:
        return bool(self.age or self.theme)

    @property
    def is_example(self) -> bool:
        return any(row.card.is_example for _, rows in self.groups for row in rows)

    def error(self, name: str) -> str:
        """What is wrong with a parameter; empty when nothing is."""
        return next((error.message for error in self.errors if error.param == name), "")


def shell_of(tree: AreaTree, wijk: AreaNode, args: Args) -> Shell:
    """The flexibele schil of the stadsdeel of a wijk, for an age and a theme if these are asked."""
    session = db.session()
    area = tree.up_to(wijk.code, AreaLevel.DISTRICT) or wijk
    age, theme = (args.get(name, "").strip() for name in ("leeftijd", "thema"))
    params = {
        "leeftijd": age,
        "thema": theme,
        "niveau": Level.FLEX,
        AREA_PARAM[area.level]: area.slug,
    }
    query, errors = read_query(session, tree, {name: [value] for name, value in params.items()})
    found = current_app.extensions["searcher"].find(session, query, today())
    here = set(areas.ask(wijk, niveau=(Level.FLEX,)).ranked.ids)
    rows = [ShellRow(card, card.id in here) for card in cards(session, found.ranked.ids)]
    chosen = query.chosen.get("thema", ())
    return Shell(
        area=area,
        groups=by_theme(rows, chosen),
        total=len(rows),
        age=age,
        theme=theme,
        themes=[(group.theme.id, group.theme.name) for group in themes.theme_groups(session)],
        errors=errors,
    )


def by_theme(rows: Iterable[ShellRow], chosen: tuple[str, ...]) -> list[tuple[str, list[ShellRow]]]:
    """These listings under the chosen theme, else each under the theme that it names first; in the
    order of the themes, what is for the wijk first."""
    session = db.session()
    names, parents = themes.theme_names(session), themes.theme_parents(session)
    groups: dict[str, list[ShellRow]] = {}
    for row in sorted(rows, key=lambda row: not row.is_here):
        first = chosen[0] if chosen else next(iter(row.card.themes), "")
        groups.setdefault(parents.get(first, first), []).append(row)
    order = list(names)
    ids = sorted(groups, key=lambda id: order.index(id) if id in names else len(order))
    return [(names.get(id, "Overig"), groups[id]) for id in ids]
