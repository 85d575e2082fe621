"""What is different for a while at a listing: the table, and what its dates mean on a day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from sqlmodel import Field, Relationship, SQLModel

from socialmap.models.columns import check, one_of
from socialmap.models.places import Place
from socialmap.models.terms import DayPart, TemporaryKind, Weekday

ANNOUNCED_DAYS = 30
"""So long before it begins a change is announced."""
LONGEST_TEXT = 200
Period = tuple[date, date]
"""A first and a last day, both inclusive."""


class TimeSlot(Protocol):
    """When a listing meets, as far as a change can be about that."""

    @property
    def weekday(self) -> Weekday: ...
    @property
    def part(self) -> DayPart: ...


class Dated:
    """Rules about the days of one change, both inclusive. Nothing of it is stored."""

    if TYPE_CHECKING:
        kind: TemporaryKind
        from_on: date
        until_on: date
        weekday: Weekday | None
        part: DayPart | None

    @property
    def is_whole(self) -> bool:
        """Is it about all of the listing, not about one time of the week?"""
        return self.weekday is None

    @property
    def announced_from(self) -> date:
        """The first day on which it is told."""
        return self.from_on - timedelta(days=ANNOUNCED_DAYS)

    def is_on(self, day: date) -> bool:
        """Does it hold on this day?"""
        return self.from_on <= day <= self.until_on

    def is_announced(self, day: date) -> bool:
        """Does it hold on this day, or begin soon after?"""
        return self.announced_from <= day <= self.until_on

    def is_over(self, day: date) -> bool:
        """Has it ended by itself?"""
        return self.until_on < day

    def is_about(self, session: TimeSlot) -> bool:
        """Is it about this time of the week?"""
        return self.is_whole or (session.weekday, session.part) == (self.weekday, self.part)


class TemporaryChange(Dated, SQLModel, table=True):
    """A listing is closed, elsewhere or at other times for a while, or something else to know.

    Sessions are replaced when they are edited, so that one is named by its weekday and part of
    the day.
    """

    __tablename__ = "temporary_change"
    __table_args__ = (
        check("days_in_order", "from_on <= until_on"),
        check("short_text", f"length(text) <= {LONGEST_TEXT}"),
        check("whole_session", "(weekday IS NULL) = (part IS NULL)"),
        check("place_when_moved", "place_id IS NULL OR kind = 'andere-plek'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    listing_id: UUID = Field(foreign_key="listing.id", index=True, ondelete="CASCADE")
    kind: TemporaryKind = one_of(TemporaryKind)
    from_on: date
    until_on: date
    text: str = ""
    weekday: Weekday | None = one_of(Weekday, nullable=True)
    part: DayPart | None = one_of(DayPart, nullable=True)
    place_id: UUID | None = Field(default=None, foreign_key="place.id", index=True)
    place: Place | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Changing:
    """Rules of a card about what is different for a while, of itself and of its places."""

    if TYPE_CHECKING:
        changes: list[Any]
        closures: list[Period]
        """When all of it is closed: by itself, or since all its places are."""

    def changes_on(self, day: date) -> list[Any]:
        """What is different on this day."""
        return [change for change in self.changes if change.is_on(day)]

    def announced_on(self, day: date) -> list[Any]:
        """What to tell on this day: what is different, and what will soon be."""
        return [change for change in self.changes if change.is_announced(day)]

    def noted_on(self, day: date) -> list[Any]:
        """What to tell beside its state, which says already that it is closed today."""
        return [
            one
            for one in self.announced_on(day)
            if one.venue
            or not (one.kind == TemporaryKind.CLOSED and one.is_whole and one.is_on(day))
        ]

    def shut_until(self, day: date) -> date | None:
        """The last day on end on which it is closed; None where it is open on this day."""
        last = None
        while found := [until for begins, until in self.closures if begins <= day <= until]:
            last = max(found)
            day = last + timedelta(days=1)
        return last

    def cancels(self, session: TimeSlot, day: date) -> bool:
        """Is there nothing on this day at a time of the week when it meets?"""
        own = (one for one in self.changes_on(day) if one.venue is None and one.is_about(session))
        is_closed = any(one.kind == TemporaryKind.CLOSED for one in own)
        return is_closed or self.shut_until(day) is not None

    def changes_of(self, session: TimeSlot, day: date) -> list[Any]:
        """What else is different on this day at a time of the week when it meets."""
        return [
            one
            for one in self.changes_on(day)
            if one.kind != TemporaryKind.CLOSED and one.is_about(session)
        ]


def closed_periods(own: Iterable[Dated], by_place: Sequence[Iterable[Dated]]) -> list[Period]:
    """When a listing is closed: what it says itself, and the days on which each of its places is;
    `by_place` holds the changes of each place."""
    places = [_closures(changes) for changes in by_place]
    shared = [_common(periods) for periods in product(*places)] if places else []
    found = {*_closures(own), *(period for period in shared if period[0] <= period[1])}
    return sorted(found)


def _closures(changes: Iterable[Dated]) -> list[Period]:
    return [
        (one.from_on, one.until_on)
        for one in changes
        if one.kind == TemporaryKind.CLOSED and one.is_whole
    ]


def _common(periods: Sequence[Period]) -> Period:
    """The days that these periods share; ends before it begins where there are none."""
    return max(begins for begins, _ in periods), min(until for _, until in periods)
