"""A question as a reader asks it: from the address to an answer, and back to other addresses."""

from dataclasses import dataclass
from typing import Any, Self

from flask import current_app, url_for
from werkzeug.datastructures import MultiDict

from socialmap import db
from socialmap.geo.tree import AreaNode, area_tree
from socialmap.models.terms import AreaLevel
from socialmap.search.answer.engine import Searcher
from socialmap.search.answer.found import Found
from socialmap.search.question.filters import AREA_PARAMS
from socialmap.search.question.params import PLAIN_FACETS, read_query, was_cut, with_chips
from socialmap.search.question.query import Chip, ParamError, Query
from socialmap.views.clock import today

SINGLE = ("q", "bij", "straal", "sorteer")
PICKS = "vergelijk"
"""Listings that were picked, to compare or to hand over; they travel with the question."""
MOST_PICKS = 5
OTHERS = ("leeftijd", "aanbieder", "zonder", "toon", "letterlijk", PICKS)
LISTS = (*AREA_PARAMS, "thema", *PLAIN_FACETS, *OTHERS)
Args = MultiDict[str, str]
Kept = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Step:
    """A link to another question."""

    label: str
    url: str
    count: int | None = None
    is_current: bool = False


@dataclass(frozen=True)
class Asked:
    """A question with its answer."""

    kept: Kept
    """What was asked, by parameter, without the page; what was understood from the text stands
    under its own parameter and no longer in the text."""
    query: Query
    errors: list[ParamError]
    was_cut: bool
    found: Found

    def but(self, changes: dict[str, str | None]) -> Kept:
        """The same parameters with these changes; None takes one away."""
        kept = {name: values for name, values in self.kept.items() if name not in changes}
        return kept | {name: (value,) for name, value in changes.items() if value is not None}

    def url(self, **changes: str | None) -> str:
        """The address of this question with these changes."""
        return address(self.but(changes))

    def page_url(self, number: int) -> str:
        """The address of a page of this answer."""
        return self.url(pagina=str(number) if number > 1 else None)

    def without(self, name: str, value: str) -> str:
        """The address of this question without one value of a parameter."""
        left = tuple(other for other in self.kept.get(name, ()) if other != value)
        return address({**self.kept, name: left})

    def also(self, name: str, value: str) -> str:
        """The address of this question with one more value of a parameter."""
        return address({**self.kept, name: (*self.kept.get(name, ()), value)})

    def without_chip(self, chip: Chip) -> str:
        """The address of this question without what a chip stands for."""
        return address(self._without(chip))

    def as_text(self, chip: Chip) -> str:
        """The address of this question with the words of a chip as text (for what was typed)."""
        kept = self._without(chip)
        literal = (*kept.get("letterlijk", ()), chip.text)
        text = " ".join([*kept.get("q", ()), chip.text])
        return address({**kept, "q": (text,), "letterlijk": literal})

    def instead(self, chip: Chip, param: str) -> str:
        """The address of this question with another area (`wijk:volewijck`) than that of a chip."""
        name, _, value = param.partition(":")
        return address({**self._without(chip), name: (value,)})

    def _without(self, chip: Chip) -> Kept:
        kept = dict(self.kept)
        for name, values in chip.settings:
            gone = values.split(",")
            kept[name] = tuple(value for value in kept.get(name, ()) if value not in gone)
        return {name: values for name, values in kept.items() if values}

    def error(self, name: str) -> str:
        """What is wrong with a parameter; empty when nothing is."""
        return next((error.message for error in self.errors if error.param == name), "")

    def typed(self, name: str) -> str:
        """What was typed in a text field."""
        return ", ".join(self.kept.get(name, ()))

    @property
    def area(self) -> AreaNode | None:
        """The one area that was asked about, as far as it has a contact person: wijk or larger."""
        tree = area_tree(db.session())
        asked = (self.query.areas.get(name, ()) for name in ("wijk", "gebied", "stadsdeel"))
        codes = next((codes for codes in asked if codes), ())
        if not codes and self.query.near and self.query.near.area_code:
            near = self.query.near.area_code
            return tree.up_to(near, AreaLevel.WIJK) or tree.get(near)
        return tree.get(codes[0]) if len(codes) == 1 else None

    @property
    def area_codes(self) -> tuple[str, ...]:
        """All areas that were asked about, also those in which the postcode may lie."""
        query, tree = self.query, area_tree(db.session())
        if query.areas:
            return tuple(code for codes in query.areas.values() for code in codes)
        nodes = (tree.find(one.param.removeprefix("wijk:")) for one in query.near_choices)
        choices = tuple(node.code for node in nodes if node)
        near = query.near.area_code if query.near else None
        return choices or ((near,) if near else ())

    @property
    def point(self) -> AreaNode | None:
        """The buurt of the point from which distances are measured."""
        near = self.query.near
        return area_tree(db.session()).buurt_at(near.lat, near.lon) if near else None

    @classmethod
    def of(cls, args: Args) -> Self:
        """Ask what an address asks."""
        searcher: Searcher = current_app.extensions["searcher"]
        query, errors, kept = understood(args)
        found = searcher.find(db.session(), query, today())
        kept = {name: values for name, values in kept.items() if name not in found.left_out}
        return cls(kept, query, errors, was_cut(args.to_dict(flat=False)), found)


def understood(args: Args) -> tuple[Query, list[ParamError], Kept]:
    """What an address asks, what of it can't be used, and its parameters to go on with."""
    session = db.session()
    searcher: Searcher = current_app.extensions["searcher"]
    params = args.to_dict(flat=False)
    query, errors = read_query(session, area_tree(session), params, searcher.lexicon())
    return query, errors, _kept(args, query)


def address(kept: Kept, page: str = "results.results") -> str:
    """The address of a page (the results by default) with these parameters."""
    lists: dict[str, Any] = {name: list(values) for name, values in kept.items()}
    return url_for(page, **lists)


def usable(kept: Kept, errors: list[ParamError]) -> Kept:
    """The same parameters without what can't be used, and without what was picked: the question
    itself, for others to ask."""
    wrong = {(error.param, error.value) for error in errors}
    unread = {error.param for error in errors if error.param in SINGLE} | {PICKS}
    left = {
        name: tuple(value for value in values if (name, value) not in wrong)
        for name, values in kept.items()
        if name not in unread
    }
    return {name: values for name, values in left.items() if values}


def _kept(args: Args, query: Query) -> Kept:
    """The parameters that we know, one value each; a place that was understood by its short name.

    What a reader typed as address does not travel on to other pages (R10).
    """
    asked = with_chips(args.to_dict(flat=False), query.chips)
    last = {name: args.getlist(name)[-1].strip() for name in SINGLE if name in args}
    kept: Kept = {name: (value,) for name, value in last.items() if value}
    for name in LISTS:
        values = (part.strip() for text in asked.get(name, ()) for part in text.split(","))
        kept[name] = tuple(dict.fromkeys(value for value in values if value))
    kept[PICKS] = kept[PICKS][:MOST_PICKS]
    kept["q"] = (query.text,) if query.text else ()
    if query.near:
        kept["bij"] = (query.near.param,)
    return {name: values for name, values in kept.items() if values}
