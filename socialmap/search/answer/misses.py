"""Misses: questions that found hardly anything, counted by theme, area, age and month (R9, R33).

A search only counts in memory. A thread adds what was counted to the table, once a minute.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.labels import label
from socialmap.models import SearchMiss, Theme
from socialmap.models.currency import months_later
from socialmap.models.terms import AgeBracket, ListingKind, Reach
from socialmap.search.answer.found import Found
from socialmap.search.index.keeper import Rounds
from socialmap.search.question.filters import AREA_PARAMS
from socialmap.search.question.query import AgeRange, Query

ENOUGH = 3
"""A question that found fewer offers is a miss; places are no offers."""
MOST_THEMES = 2
MOST_KINDS = 10_000
"""So many kinds of misses are remembered until the table takes them; a new kind is then dropped."""
FEWEST_TOLD = 5
"""Lower counts are not told, so that nobody is recognised."""
PAUSE_SECONDS = 60.0
KEPT_MONTHS = 24
"""So long a month is kept after its last day."""
INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


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


def month_of(day: date) -> str:
    """`2026-11`."""
    return f"{day:%Y-%m}"


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


class MissCounter:
    """Counts in memory, from any thread; nothing leaves it before the table holds it."""

    def __init__(self) -> None:
        self._waiting: Counter[Miss] = Counter()
        self._lock = Lock()
        self._flushing = Lock()

    def add(self, misses: Sequence[Miss]) -> None:
        """Count these; never waits for the database."""
        with self._lock:
            for miss in misses:
                if miss in self._waiting or len(self._waiting) < MOST_KINDS:
                    self._waiting[miss] += 1

    def flush(self, engine: sa.Engine) -> int:
        """Add what was counted to the table; returns how much. Loses nothing when it raises."""
        with self._flushing:
            with self._lock:
                taken = self._waiting.copy()
            if taken:
                add_to_table(engine, taken)
            with self._lock:
                self._waiting -= taken
        return taken.total()


def add_to_table(engine: sa.Engine, counts: Counter[Miss]) -> None:
    """Add these counts to those of the table, whoever else does the same."""
    rows = [{**miss._asdict(), "count": count} for miss, count in sorted(counts.items())]
    added = INSERTS[engine.dialect.name](SearchMiss)
    total = {"count": col(SearchMiss.count) + added.excluded.count}
    with engine.execution_options(is_write=True).begin() as connection:
        connection.execute(
            added.on_conflict_do_update(index_elements=Miss._fields, set_=total), rows
        )


class MissKeeper(Rounds):
    """Brings the counts of one process to the table; the last ones when it is stopped."""

    def __init__(
        self, counter: MissCounter, engine: sa.Engine, pause_seconds: float = PAUSE_SECONDS
    ) -> None:
        super().__init__("miss-keeper", lambda: counter.flush(engine), pause_seconds)

    def stop(self) -> None:
        super().stop()
        self.go_round()


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
    first = month_of(months_later(today, -KEPT_MONTHS))
    gone = sa.delete(SearchMiss).where(col(SearchMiss.month) < first)
    found = session.execute(gone, execution_options={"synchronize_session": False})
    return int(found.rowcount)  # type: ignore[attr-defined]
