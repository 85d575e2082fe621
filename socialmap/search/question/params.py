"""From the parameters of API.md to a Query; every value that cannot be used is named."""

import math
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.labels import label
from socialmap.models import Postcode, Provider, Theme
from socialmap.models.once import once
from socialmap.models.terms import AreaLevel
from socialmap.search.language.lexicon import Lexicon, NoLexicon
from socialmap.search.question.filters import AREA_PARAMS, FACET_LABELS
from socialmap.search.question.query import AgeRange, Chip, Order, ParamError, Query, Show
from socialmap.search.question.understanding import Understood, understand
from socialmap.search.question.vocabulary import vocabulary
from socialmap.search.question.where import Whereabouts, find_place, is_postcode

LONGEST_TEXT = 200
MOST_VALUES = 30
"""Values per parameter; more is not something that a person asks."""
NEAREST_KM, FARTHEST_KM = 0.1, 50.0
OLDEST_YEARS = 120.0
AGE = re.compile(r"(\d{1,3}(?:[.,]\d+)?)(?:\s*[-–]\s*(\d{1,3}(?:[.,]\d+)?))?")
PLAIN_FACETS = "niveau soort vorm route taal dag dagdeel doelgroep kosten waar beschikbaar".split()
NO_LEXICON = NoLexicon()
UNDERSTOOD = (*AREA_PARAMS, *PLAIN_FACETS, "leeftijd", "bij", "aanbieder")
"""Parameters that the text may set as well."""
Params = Mapping[str, Sequence[str]]


@dataclass
class Reading:
    """One set of parameters being read, with the errors met on the way."""

    params: Params
    errors: list[ParamError] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """The values of a list parameter: repeated or comma-separated, no repeats."""
        parts = (part.strip() for text in self.params.get(name, ()) for part in text.split(","))
        return list(dict.fromkeys(part for part in parts if part))[:MOST_VALUES]

    def one(self, name: str) -> str:
        """The last value of a single parameter, trimmed; empty when absent."""
        given = [text.strip() for text in self.params.get(name, ())]
        return given[-1] if given else ""

    def refuse(self, name: str, value: str, message: str) -> None:
        self.errors.append(ParamError(name, value[:LONGEST_TEXT], message))

    def known(self, name: str, allowed: Mapping[str, str]) -> tuple[str, ...]:
        """The values that are allowed; the others become errors."""
        kept = []
        for value in self.values(name):
            if value.lower() in allowed:
                kept.append(value.lower())
            else:
                self.refuse(name, value, _one_of(value, allowed))
        return tuple(kept)


def read_query(
    session: Session, tree: AreaTree, params: Params, lexicon: Lexicon = NO_LEXICON
) -> tuple[Query, list[ParamError]]:
    """Return the question and what could not be understood of it (left out of the question)."""
    reading = Reading(params)
    typed = " ".join(reading.one("q").split())[:LONGEST_TEXT].strip()
    typed_place = reading.one("bij")[:LONGEST_TEXT]
    if not typed_place and is_postcode(typed):
        typed, typed_place = "", typed
    asked = _understood(typed, tree, reading, lexicon, once(session, _postcodes))
    reading = Reading(with_chips(params, asked.chips))
    typed_place = reading.one("bij")[:LONGEST_TEXT] or typed_place
    where = find_place(session, tree, typed_place) if typed_place else Whereabouts()
    query = Query(
        text=asked.text,
        typed=typed,
        chips=asked.chips,
        corrections=asked.corrections,
        near=where.near,
        near_choices=where.choices,
        near_text=typed_place,
        radius_km=_radius(reading),
        chosen=_chosen(session, reading),
        areas=_areas(tree, reading),
        ages=_ages(reading),
        without=_providers(session, reading, "zonder"),
        show=frozenset(Show(value) for value in reading.known("toon", _values(Show))),
        order=_order(reading),
        page=_page(reading),
        explains=bool(reading.one("uitleg")),
    )
    if typed_place and where == Whereabouts():
        reading.refuse("bij", typed_place, _unknown_place())
    return query, reading.errors


def _postcodes(session: Session) -> frozenset[str]:
    return frozenset(session.exec(select(Postcode.pc4)))


def _understood(
    typed: str, tree: AreaTree, reading: Reading, lexicon: Lexicon, postcodes: Container[str]
) -> Understood:
    """What the text asks; what was chosen by another parameter wins from what was typed."""
    return understand(
        typed,
        vocabulary(tree),
        lexicon,
        literal=reading.values("letterlijk"),
        taken=frozenset(name for name in UNDERSTOOD if reading.values(name)),
        postcodes=postcodes,
    )


def with_chips(params: Params, chips: Sequence[Chip]) -> dict[str, Sequence[str]]:
    """The parameters with what was understood from the text."""
    found = dict(params)
    for chip in chips:
        for name, value in chip.settings:
            found[name] = [*found.get(name, ()), value]
    return found


def was_cut(params: Params) -> bool:
    """Was the text longer than we read?"""
    return any(len(" ".join(text.split())) > LONGEST_TEXT for text in params.get("q", ()))


def _unknown_place() -> str:
    return (
        "Deze plek kennen wij niet. Vul een postcode in (1031 of 1031 AB), "
        "of de naam van een wijk, stadsdeel of buurthuis."
    )


def _chosen(session: Session, reading: Reading) -> dict[str, tuple[str, ...]]:
    chosen = {name: reading.known(name, FACET_LABELS[name]) for name in PLAIN_FACETS}
    if reading.values("thema"):
        names = dict(session.exec(select(Theme.id, Theme.name)).all())
        chosen["thema"] = reading.known("thema", names)
    chosen["aanbieder"] = _providers(session, reading, "aanbieder")
    return {name: values for name, values in chosen.items() if values}


def _areas(tree: AreaTree, reading: Reading) -> dict[str, tuple[str, ...]]:
    found = {}
    for name, level in AREA_PARAMS.items():
        codes = []
        for value in reading.values(name):
            area = tree.find_at(level, value)
            if area is None:
                reading.refuse(name, value, _unknown_area(tree, level, value))
            else:
                codes.append(area.code)
        if codes:
            found[name] = tuple(dict.fromkeys(codes))
    return found


def _unknown_area(tree: AreaTree, level: AreaLevel, value: str) -> str:
    names = {area.slug: area.name for area in tree.at_level(level)}
    return f"Er is geen {label(level)} met deze naam. {_suggestion(value, names)}".strip()


def _ages(reading: Reading) -> tuple[AgeRange, ...]:
    ages = []
    for value in reading.values("leeftijd"):
        found = _age(value)
        if found is None:
            reading.refuse(
                "leeftijd", value, "Vul een leeftijd in jaren in: 14, 4-12 of 0.5 (half jaar)."
            )
        else:
            ages.append(found)
    return tuple(ages)


def _age(value: str) -> AgeRange | None:
    """`14` is the whole year until the 15th birthday; `0.5` that month; `4-12` until the 13th."""
    match = AGE.fullmatch(value)
    if match is None:
        return None
    low, high = (_years(text) if text else None for text in match.groups())
    if low is None:
        return None
    high = low if high is None else high
    if high < low or high > OLDEST_YEARS:
        return None
    last = 11 if high == int(high) else 0
    return AgeRange(round(low * 12), round(high * 12) + last, value.replace(",", "."))


def _years(text: str) -> float:
    return float(text.replace(",", "."))


def _radius(reading: Reading) -> float | None:
    value = reading.one("straal")
    if not value:
        return None
    try:
        radius = float(value.replace(",", "."))
    except ValueError:
        radius = math.nan
    if not NEAREST_KM <= radius <= FARTHEST_KM:
        reading.refuse("straal", value, "Vul een afstand in kilometers in, van 0,1 tot 50.")
        return None
    return radius


def _providers(session: Session, reading: Reading, name: str) -> tuple[str, ...]:
    """The providers in a parameter, by their slugs."""
    wanted = [value.lower() for value in reading.values(name)]
    if not wanted:
        return ()
    query = select(Provider.slug, Provider.name).where(col(Provider.slug).in_(wanted))
    return reading.known(name, dict(session.exec(query).all()))


def _order(reading: Reading) -> Order:
    value = reading.one("sorteer")
    if value and value not in _values(Order):
        reading.refuse("sorteer", value, _one_of(value, _values(Order)))
        return Order.RELEVANCE
    return Order(value or Order.RELEVANCE)


def _page(reading: Reading) -> int:
    value = reading.one("pagina")
    if not value:
        return 1
    if not (value.isascii() and value.isdigit() and int(value[:7]) >= 1 and len(value) <= 7):
        reading.refuse("pagina", value, "Vul een bladzijde in: 1 of hoger.")
        return 1
    return int(value)


def _values(terms: type[Order] | type[Show]) -> dict[str, str]:
    return {str(term): str(term) for term in terms}


def _one_of(value: str, allowed: Mapping[str, str]) -> str:
    if len(allowed) <= 12:
        return f"Kies uit: {', '.join(allowed)}."
    return f"Deze waarde kennen wij niet. {_suggestion(value, allowed)}".strip()


def _suggestion(value: str, allowed: Mapping[str, str]) -> str:
    close = get_close_matches(value.lower(), allowed, n=2, cutoff=0.6)
    return f"Bedoelt u {' of '.join(close)}?" if close else ""
