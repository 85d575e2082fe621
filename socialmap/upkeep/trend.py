"""How much of the directory was checked in time, month by month: worked out from history.

Nothing is kept for it: what was known at the end of a month follows from what was told until then.
A listing counts from the day on which it was added here, not before.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.geo.tree import CITY, AreaNode, AreaTree
from socialmap.listings.sources import NOUN
from socialmap.models import Change, ListingCall
from socialmap.models.currency import Currency
from socialmap.models.terms import PUBLIC_STATUSES, AreaLevel, ChangeState, Status
from socialmap.upkeep.askable import home_among

MONTHS = 12


class Told(Enum):
    """What an event tells of a listing."""

    BORN = auto()
    CHANGED = auto()
    CALLED = auto()
    GONE = auto()


class Event(NamedTuple):
    """Something told of a listing on a day."""

    on: date
    listing: UUID
    told: Told
    values: Mapping[str, Any] = {}
    """Of a birth or a change: values of `Known`."""
    caller: UUID | None = None


class Share(NamedTuple):
    """How many listings were checked in time, of how many."""

    in_time: int = 0
    total: int = 0

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 is all of them; None where there was nothing."""
        return self.in_time * 100 // self.total if self.total else None


@dataclass
class Known(Currency):
    """What was known of a listing on some day, as far as it matters here."""

    added_on: date
    confirmed_on: date | None = None
    review_months: int = 6
    status: Status = Status.LIVE
    ended_on: date | None = None
    places: Sequence[str] = ()
    """The codes of the areas where it is given."""
    coverage: Sequence[str] = ()
    called_on: date | None = None
    callers: int = 0
    last_day: date = date.max
    """`review_due_on`, worked out once and not again for each month."""
    _calls: list[tuple[date, UUID | None]] = field(default_factory=list)

    def learn(self, event: Event) -> None:
        """Know what an event tells."""
        for name, value in event.values.items():
            setattr(self, name, value)
        if event.told == Told.CALLED:
            self._calls.append((event.on, event.caller))
        if self._calls:
            since = [(on, who) for on, who in self._calls if on >= self.counts_from]
            self.called_on = max((on for on, _ in since), default=None)
            self.callers = len({who for _, who in since})
        self.last_day = self.review_due_on

    def counts_on(self, day: date) -> bool:
        """Could readers see it, and was it still going on?"""
        return self.status in PUBLIC_STATUSES and not self.is_ended(day)


AreasOf = Callable[[tuple[str, ...]], Iterable[str]]
"""The codes of the areas in which a listing counts, by those where it is and that it serves."""


def shares(
    events: Iterable[Event], days: Sequence[date], areas_of: AreasOf
) -> dict[str, list[Share]]:
    """The share that was checked in time on each of these days, the oldest first, by area."""
    told: dict[UUID, list[Event]] = defaultdict(list)
    for event in sorted(events, key=attrgetter("on")):
        told[event.listing].append(event)
    in_time, total = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    known_areas = cache(areas_of)
    for its_events in told.values():
        for at, known in _known_on(its_events, days):
            is_in_time = days[at] <= known.last_day
            for code in known_areas((*known.places, *known.coverage)):
                total[code, at] += 1
                in_time[code, at] += is_in_time
    found = {code for code, _ in total}
    every = range(len(days))
    return {code: [Share(in_time[code, at], total[code, at]) for at in every] for code in found}


def _known_on(events: Sequence[Event], days: Sequence[date]) -> Iterator[tuple[int, Known]]:
    """What was known of one listing on the days on which it counts, with their positions; the
    same object each time."""
    known: Known | None = None
    waiting = iter([*events, None])
    event = next(waiting)
    for at, day in enumerate(days):
        while event is not None and event.on <= day:
            known = _after(known, event)
            event = next(waiting)
        if known is not None and known.counts_on(day):
            yield at, known


def _after(known: Known | None, event: Event) -> Known | None:
    """What is known after an event; of what has no birth nothing is."""
    if event.told == Told.GONE:
        return None
    if event.told == Told.BORN:
        known = Known(event.on)
    if known is not None:
        known.learn(event)
    return known


# From the tables


@dataclass(frozen=True)
class Line:
    """An area through the months."""

    area: AreaNode
    shares: Sequence[Share]


@dataclass(frozen=True)
class Trend:
    """The last twelve months: their last days, of this month today; the city is the last line."""

    days: Sequence[date]
    lines: Sequence[Line]


def trend(session: Session, tree: AreaTree, areas: Iterable[AreaNode], today: date) -> Trend:
    """The stadsdelen that these areas are in, and the city."""
    days = last_days(today)
    found = shares(_events(session, tree), days, lambda codes: _areas_of(tree, codes))
    nothing = [Share()] * len(days)
    shown = [*_districts(tree, areas), tree.get(CITY)]
    return Trend(days, [Line(area, found.get(area.code, nothing)) for area in shown])


def last_days(today: date) -> list[date]:
    """The last days of the months before this one, the oldest first, and today."""
    days = [today]
    first = today
    for _ in range(MONTHS - 1):
        first = first.replace(day=1) - timedelta(days=1)
        days.append(first)
    return days[::-1]


def _districts(tree: AreaTree, areas: Iterable[AreaNode]) -> list[AreaNode]:
    found = {tree.up_to(area.code, AreaLevel.DISTRICT) for area in areas} - {None}
    return sorted((node for node in found if node), key=lambda node: node.name)


def _areas_of(tree: AreaTree, codes: Iterable[str]) -> Collection[str]:
    """The stadsdeel where a listing is at home, if it is in one, and the city."""
    district = tree.up_to(home_among(tree, codes), AreaLevel.DISTRICT)
    return (district.code, CITY) if district else (CITY,)


def _events(session: Session, tree: AreaTree) -> Iterator[Event]:
    """All that history tells, in its order, and who called."""
    readers = _readers(tree)
    query = select(Change.record_id, Change.at, Change.field, Change.after).where(
        Change.noun == NOUN,
        Change.state == ChangeState.APPLIED,
        col(Change.field).in_(("", *readers)),
    )
    for listing, at, name, after in session.exec(query.order_by(col(Change.id))):
        if name:
            yield Event(at.date(), listing, Told.CHANGED, {name: readers[name](after)})
        elif after is None:
            yield Event(at.date(), listing, Told.GONE)
        else:
            values = {name: read(after[name]) for name, read in readers.items() if name in after}
            yield Event(at.date(), listing, Told.BORN, values)
    for call in session.exec(select(ListingCall)):
        caller = call.account_id or call.id
        yield Event(call.called_on, call.listing_id, Told.CALLED, caller=caller)


def _readers(tree: AreaTree) -> dict[str, Callable[[Any], Any]]:
    """How history writes the values that matter."""
    return {
        "confirmed_on": _day,
        "review_months": int,
        "status": Status,
        "ended_on": _day,
        "coverage": list,
        "places": lambda places: [code for one in places if (code := _code(tree, one))],
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _code(tree: AreaTree, place: Mapping[str, Any]) -> str | None:
    """The area of a place; none where it is hidden, or erased from history."""
    code, lat, lon = (place.get(name) for name in ("area_code", "lat", "lon"))
    if code is None and lat is not None and lon is not None:
        buurt = tree.buurt_at(lat, lon)
        code = buurt.code if buurt else None
    return code
