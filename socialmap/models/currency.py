"""What the dates of a listing mean today: checked, overdue, room, closed, ended."""

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from socialmap.models.terms import Room, Status, Upkeep

ROOM_HOLDS_DAYS = 30
"""After this many days a reported room is unknown again: "bel even" (R18)."""
LONG_WAIT_WEEKS = 6
"""From so many weeks on a family needs something else meanwhile (R18)."""
LEAD_DAYS = 42
"""So long before a check is due its editors are asked, at most a quarter of the rhythm before."""
AGAIN_DAYS = 14
"""So long after it was asked it is asked again; so long after that the wijk contact is."""
LAPSE_DAYS = 35
"""This long past its review a listing leaves the default results (R17)."""
CALL_MONTHS = 2
"""So long one call ("gebeld, klopt") keeps a listing; of more people the whole rhythm."""


class Currency:
    """Rules about the dates of one listing, shared by the table and its card.

    Nothing here is stored: every answer follows from `today`.
    """

    if TYPE_CHECKING:
        confirmed_on: date | None
        review_months: int
        added_on: date
        called_on: date | None
        callers: int
        room: Room | None
        weeks: int | None
        reported_on: date | None
        status: Status
        ended_on: date | None
        closed_from: date | None
        closed_until: date | None

    @property
    def counts_from(self) -> date:
        """Where its rhythm begins: the last check, or the day it was added."""
        return self.confirmed_on or self.added_on

    @property
    def review_due_on(self) -> date:
        """The last day on which it counts as checked, or may still wait for its first check."""
        due = months_later(self.counts_from, self.review_months)
        if self.called_on is None or self.called_on < self.counts_from:
            return due
        rhythm = self.review_months
        months = rhythm if self.callers > 1 else min(CALL_MONTHS, rhythm)
        return max(due, months_later(self.called_on, months))

    @property
    def asked_from(self) -> date:
        """From this day on its editors are asked whether it is still right."""
        due = self.review_due_on
        rhythm = months_later(due, self.review_months) - due
        return due - min(timedelta(days=LEAD_DAYS), rhythm // 4)

    @property
    def asked_again_from(self) -> date:
        """From this day on who did not answer is asked again."""
        return self.asked_from + timedelta(days=AGAIN_DAYS)

    @property
    def contact_asked_from(self) -> date:
        """From this day on the wijk contact is asked too."""
        return self.asked_again_from + timedelta(days=AGAIN_DAYS)

    @property
    def lapses_on(self) -> date:
        """The first day on which it is out of the default results."""
        return self.review_due_on + timedelta(days=LAPSE_DAYS + 1)

    def is_stale(self, today: date) -> bool:
        """Is it overdue for a check ("mogelijk verouderd")?"""
        return today > self.review_due_on

    def is_lapsed(self, today: date) -> bool:
        """Is it so long overdue that it is out of the default results?"""
        return today >= self.lapses_on

    def upkeep(self, today: date) -> Upkeep:
        """How it stands in its rhythm."""
        if self.is_lapsed(today):
            return Upkeep.LAPSED
        if self.is_stale(today):
            return Upkeep.STALE
        if today >= self.contact_asked_from:
            return Upkeep.WITH_CONTACT
        return Upkeep.ASKED if today >= self.asked_from else Upkeep.CHECKED

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
