"""Misses: questions that found hardly anything, counted by theme, area, age and month (R9, R33).

A search only counts in memory; see `socialmap.search.tally`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.labels import label
from socialmap.models import SearchMiss, Theme
from socialmap.models.terms import AgeBracket, ListingKind, Reach
from socialmap.search.answer.found import Found
from socialmap.search.question.filters import AREA_PARAMS
from socialmap.search.question.query import AgeRange, Query
from socialmap.search.tally import FEWEST_TOLD, Tally, forget_before, month_of

ENOUGH = 3
"""A question that found fewer offers is a miss; places are no offers."""
MOST_THEMES = 2


class Miss(NamedTuple):
    """All that is kept of a question; the fields are the key of `SearchMiss`."""

    month: str
    theme_id: str
    area_code: str
    age: AgeBracket


# What is a miss


def misses_of(tree: AreaTree, query: Query, found: Found, today: date) -> list[Miss]:
    """What a question missed, at most two themes; empty when it found enough, asked no more than a
    place, is a further page, or met an index that is being made (which has no facets)."""
    asks = bool(query.text or query.ages or query.chosen.keys() - {"aanbieder"})
    if not asks or query.page > 1 or not found.facets or offers_of(found) >= ENOUGH:
        return []
    area, age = area_of(tree, query), bracket_of(query.ages)
    month = month_of(today)
    return [Miss(month, theme, area, age) for theme in found.themes[:MOST_THEMES] or ("",)]


def offers_of(found: Found) -> int:
    """How many offers were found, those that say nothing on a filter among them."""
    kinds = found.facets.get("kind", ())
    return sum(option.count for option in kinds if option.value != ListingKind.PLACE)


def area_of(tree: AreaTree, query: Query) -> str:
    """The code of the smallest wijk, gebied or stadsdeel that holds all areas that were asked, or
    else the place to measure from; empty for the whole city."""
    asked = (query.areas.get(name) for name in reversed(AREA_PARAMS))
    codes = next((codes for codes in asked if codes), None) or _around(query)
    if not codes:
        return ""
    holders = [{area.code for area in tree.ancestors(code)} for code in codes]
    shared = set.intersection(*holders)
    chain = (area for area in tree.ancestors(codes[0]) if area.level in AREA_PARAMS.values())
    return next((area.code for area in chain if area.code in shared), "")


def _around(query: Query) -> list[str]:
    """The area of the place to measure from, or the wijken in which a postcode may lie."""
    if query.near and query.near.area_code:
        return [query.near.area_code]
    return [choice.param.partition(":")[2] for choice in query.near_choices]


def bracket_of(ages: Sequence[AgeRange]) -> AgeBracket:
    """The bracket in which the middle of the asked ages lies."""
    if not ages:
        return AgeBracket.NONE
    low, high = min(one.min_months for one in ages), max(one.max_months for one in ages)
    years = (low + high) // 2 // 12
    return next((one for one in AgeBracket if years in one.years), AgeBracket.NONE)


# Counting


class MissCounter(Tally[Miss]):
    """Counts misses in memory, from any thread."""

    def __init__(self) -> None:
        super().__init__(SearchMiss, Miss)


# Reading


@dataclass(frozen=True)
class CountedMiss:
    """A row of the table in words; `count` is None where it is too low to be told."""

    theme: str
    area: str
    age: str
    count: int | None


def read_misses(session: Session, tree: AreaTree, on: date) -> list[CountedMiss]:
    """What was missed in the month of a day, most first; what is not told by name, so that its
    order tells nothing."""
    themes = dict(session.exec(select(Theme.id, Theme.name)).all())
    rows = session.exec(select(SearchMiss).where(SearchMiss.month == month_of(on))).all()
    found = [
        CountedMiss(
            theme=themes.get(row.theme_id, row.theme_id) or "geen thema",
            area=_area_name(tree, row.area_code),
            age=label(row.age),
            count=row.count if row.count >= FEWEST_TOLD else None,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (-(one.count or 0), one.theme, one.area, one.age))


def _area_name(tree: AreaTree, code: str) -> str:
    area = tree.find(code) if code else None
    return f"{area.name} ({label(area.level)})" if area else code or label(Reach.CITY)


def months_with_misses(session: Session) -> list[str]:
    """The months of which something is kept, the newest first."""
    month = col(SearchMiss.month)
    return list(session.exec(select(month).distinct().order_by(month.desc())).all())


# Forgetting


def forget_old(session: Session, today: date) -> int:
    """Erase the counts of months that ended 24 months ago; returns how many."""
    return forget_before(session, SearchMiss, today)
