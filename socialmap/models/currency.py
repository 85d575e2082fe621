"""What the dates of a listing mean today: checked, overdue, room, closed, ended."""

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from socialmap.models.terms import Room, Status

ROOM_HOLDS_DAYS = 30
"""After this many days a reported room is unknown again: "bel even" (R18)."""
LONG_WAIT_WEEKS = 6
"""From so many weeks on a family needs something else meanwhile (R18)."""
LAPSE_DAYS = 90
"""This long past its review a listing leaves the default results (R17)."""


class Currency:
    """Rules about the dates of one listing, shared by the table and its card.

    Nothing here is stored: every answer follows from `today`.
    """

    if TYPE_CHECKING:
        confirmed_on: date | None
        review_months: int
        room: Room | None
        weeks: int | None
        reported_on: date | None
        status: Status
        ended_on: date | None
        closed_from: date | None
        closed_until: date | None

    @property
    def review_due_on(self) -> date | None:
        """The last day on which it counts as checked; None if it never was."""
        if self.confirmed_on is None:
            return None
        return months_later(self.confirmed_on, self.review_months)

    def is_stale(self, today: date) -> bool:
        """Is it overdue for a check ("mogelijk verouderd")?"""
        due = self.review_due_on
        return due is not None and today > due

    def is_lapsed(self, today: date) -> bool:
        """Is it so long overdue that it is out of the default results?"""
        due = self.review_due_on
        return due is not None and today > due + timedelta(days=LAPSE_DAYS)

    def room_on(self, today: date) -> Room | None:
        """The room reported, or None when unknown or reported too long ago."""
        if self.room is None or self.reported_on is None:
            return None
        is_fresh = today <= self.reported_on + timedelta(days=ROOM_HOLDS_DAYS)
        return self.room if is_fresh else None

    def waits_long(self, today: date) -> bool:
        """Is it full, or is the wait long? No longer true than the report of it holds."""
        room = self.room_on(today)
        return room == Room.FULL or (room is not None and (self.weeks or 0) >= LONG_WAIT_WEEKS)

    def is_closed(self, today: date) -> bool:
        """Is it closed for a while? Ends by itself after `closed_until`."""
        if self.status != Status.CLOSED:
            return False
        has_begun = self.closed_from is None or self.closed_from <= today
        return has_begun and (self.closed_until is None or today <= self.closed_until)

    def is_ended(self, today: date) -> bool:
        """Has it ended? An end in the future is announced, not yet true."""
        return self.status == Status.ENDED and (self.ended_on is None or self.ended_on <= today)


def months_later(start: date, months: int) -> date:
    """The same day `months` later, or the last of that month: 31 August + 6 -> 28 February."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
