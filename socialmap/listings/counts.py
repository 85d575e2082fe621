"""How often listings are shown, opened and called, counted per month; what of it may be told.

Counts below five are never told, and no sum gives one away: a month below five is in no sum, and
areas below five are told together, without their names. The month that runs is not told at all,
so that nobody can read a day from it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.models import Listing, ListingCount
from socialmap.models.currency import months_later
from socialmap.models.terms import Counted
from socialmap.search.tally import FEWEST_TOLD, Tally, forget_before, month_of

CHUNK = 500
NO_AREA = ""


class Seen(NamedTuple):
    """All that is kept of it; the fields are the key of `ListingCount`."""

    listing_id: UUID
    month: str
    what: Counted
    area_code: str = NO_AREA


class SeenCounter(Tally[Seen]):
    """Counts in memory, from any thread."""

    def __init__(self) -> None:
        super().__init__(ListingCount, Seen)

    def still_known(self, connection: sa.Connection, kinds: Iterable[Seen]) -> list[Seen]:
        """Those of listings that were not erased meanwhile."""
        wanted = list(kinds)
        ids = list({kind.listing_id for kind in wanted})
        known: set[UUID] = set()
        for start in range(0, len(ids), CHUNK):
            some = select(Listing.id).where(col(Listing.id).in_(ids[start : start + CHUNK]))
            known.update(connection.scalars(some))
        return [kind for kind in wanted if kind.listing_id in known]


def shown(ids: Iterable[UUID], area_code: str, today: date) -> list[Seen]:
    """These listings, shown to someone who asked about an area; empty for none."""
    return [Seen(id, month_of(today), Counted.SHOWN, area_code) for id in ids]


def forget_old(session: Session, today: date) -> int:
    """Erase the counts of months that ended 24 months ago; returns how many."""
    return forget_before(session, ListingCount, today)


# Months


def first_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def whole_months(today: date, most: int = 12) -> list[date]:
    """The first days of the last months that are over, the latest first."""
    return [months_later(first_of(today), -back) for back in range(1, most + 1)]


def months_of_year(year: int, today: date) -> list[date]:
    """The same of a year, as far as they are over."""
    months = [date(year, month, 1) for month in range(12, 0, -1)]
    return [month for month in months if month < first_of(today)]


# What is told


@dataclass(frozen=True)
class MonthTold:
    """What was counted in a month; a count is None where it is below five."""

    first: date
    counts: dict[Counted, int | None]


@dataclass(frozen=True)
class Total:
    """The sum of the months that are told; `is_least` where others are not."""

    count: int
    is_least: bool


@dataclass(frozen=True)
class AreaTold:
    """From which area people looked; empty code for no area, None for the other areas together."""

    code: str | None
    count: int


@dataclass(frozen=True)
class Seens:
    """What may be told of how a listing was found."""

    months: list[MonthTold] = field(default_factory=list)
    totals: dict[Counted, Total] = field(default_factory=dict)
    areas: list[AreaTold] = field(default_factory=list)

    @property
    def most_shown(self) -> int:
        """The most that it was shown in a month, for the length of a bar."""
        return max((month.counts[Counted.SHOWN] or 0 for month in self.months), default=0)

    @property
    def is_silent(self) -> bool:
        """Is there nothing to tell?"""
        return not any(total.count for total in self.totals.values())


def seens_of(session: Session, listing: Listing, months: Sequence[date]) -> Seens:
    """What may be told of a listing in these months, since it was added."""
    kept = [month for month in months if month >= first_of(listing.added_on)]
    names = [month_of(month) for month in kept]
    wanted = select(ListingCount).where(
        ListingCount.listing_id == listing.id, col(ListingCount.month).in_(names)
    )
    rows = session.exec(wanted).all()
    told = [_month(month, rows) for month in kept]
    totals = {what: _total(told, what) for what in Counted}
    safe = [month_of(one.first) for one in told if one.counts[Counted.SHOWN] is not None]
    areas = _areas([row for row in rows if row.month == month] for month in safe)
    return Seens(told, totals, areas)


def _month(first: date, rows: Sequence[ListingCount]) -> MonthTold:
    here = [row for row in rows if row.month == month_of(first)]
    sums = {what: sum(row.count for row in here if row.what == what) for what in Counted}
    return MonthTold(first, {what: n if n >= FEWEST_TOLD else None for what, n in sums.items()})


def _total(months: Sequence[MonthTold], what: Counted) -> Total:
    counts = [month.counts[what] for month in months]
    return Total(sum(count for count in counts if count), None in counts)


def _areas(months: Iterable[Sequence[ListingCount]]) -> list[AreaTold]:
    """The areas of these months together, most first; the others in one sum at the end. Each month
    is made safe by itself, so that two answers with a month between them tell no more."""
    sums: Counter[str | None] = Counter()
    for rows in months:
        for one in _areas_of_month(rows):
            sums[one.code] += one.count
    ranked = sorted(sums.items(), key=lambda one: (one[0] is None, -one[1], one[0] or ""))
    return [AreaTold(code, count) for code, count in ranked]


def _areas_of_month(rows: Sequence[ListingCount]) -> list[AreaTold]:
    """The areas of one month; below five, and what would give those away, without their names."""
    shown = [row for row in rows if row.what == Counted.SHOWN]
    named = sorted(
        (row for row in shown if row.count >= FEWEST_TOLD),
        key=lambda row: (-row.count, row.area_code),
    )
    others = sum(row.count for row in shown if row.count < FEWEST_TOLD)
    while named and 0 < others < FEWEST_TOLD:
        others += named.pop().count
    told = [AreaTold(row.area_code, row.count) for row in named]
    return [*told, AreaTold(None, others)] if others else told


def area_name(tree: AreaTree, code: str | None) -> str:
    """What an area is called on the page."""
    if code is None:
        return "andere wijken of stadsdelen"
    node = tree.find(code) if code else None
    return node.name if node else code or "geen wijk genoemd"
