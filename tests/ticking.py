"""A clock that stands where a test puts it."""

from datetime import date, datetime, timedelta

import pytest

from socialmap.views import clock

DAY = timedelta(days=1)


class Clock:
    """A clock that stands where it is put; the day follows from it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.at = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001  the time here
        patch.setattr(clock, "date", self)

    def today(self) -> date:
        return self.at.date()

    fromisoformat = staticmethod(date.fromisoformat)

    def before(self, day: date) -> None:
        """The last minute before a day."""
        self.at = datetime.combine(day, datetime.min.time()) - timedelta(minutes=1)

    def after(self, day: date) -> None:
        """The first minute of a day."""
        self.at = datetime.combine(day, datetime.min.time()) + timedelta(minutes=1)
