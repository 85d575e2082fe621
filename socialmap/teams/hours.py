"""When a member of a team is at a school or centre: weekdays with clock times.

Kept as text, a part for each time: `di 08:30-12:00|do 13:00-15:30`; on a weekday without times
(`wo`) someone is there, and at what time is not known.
"""

import re
from dataclasses import dataclass
from datetime import time

from socialmap.models.terms import Weekday

PART = re.compile(r"([a-z]{2})(?: (\d{1,2})[.:](\d\d) ?[-–] ?(\d{1,2})[.:](\d\d))?")
EXAMPLE = "di 8.30-12.00|do 13.00-15.30"


@dataclass(frozen=True, order=True)
class OfficeHour:
    """A time at which someone is there; both clock times are None where they are not known."""

    weekday: Weekday
    starts_at: time | None = None
    ends_at: time | None = None

    def __str__(self) -> str:
        if self.starts_at is None or self.ends_at is None:
            return str(self.weekday)
        return f"{self.weekday} {self.starts_at:%H:%M}-{self.ends_at:%H:%M}"


def read_hours(text: str) -> tuple[OfficeHour, ...]:
    """The times in a text, in the order of the week. Raises ValueError, in Dutch, for what is no
    weekday with times."""
    parts = (part.strip().lower() for part in text.split("|"))
    found = [_read(part) for part in parts if part]
    return tuple(sorted(found, key=lambda one: (one.weekday.number, one.starts_at or time())))


def written(hours: tuple[OfficeHour, ...]) -> str:
    """Times as they are kept."""
    return "|".join(map(str, hours))


def _read(part: str) -> OfficeHour:
    found = PART.fullmatch(part)
    weekday = next((day for day in Weekday if found and day == found[1]), None)
    if found is None or weekday is None:
        raise ValueError(f"‘{part}’ is geen dag met tijden; schrijf bijvoorbeeld {EXAMPLE}")
    if found[2] is None:
        return OfficeHour(weekday)
    try:
        first, last = time(int(found[2]), int(found[3])), time(int(found[4]), int(found[5]))
    except ValueError:
        raise ValueError(f"‘{part}’ heeft een tijd die niet bestaat") from None
    if first >= last:
        raise ValueError(f"‘{part}’ eindigt voordat het begint; wissel de tijden om")
    return OfficeHour(weekday, first, last)
