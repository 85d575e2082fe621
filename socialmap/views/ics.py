"""Calendars for other programs: iCalendar, RFC 5545. All text is escaped: data, never source."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MIMETYPE = "text/calendar"
LONGEST_LINE = 75
"""Octets, without the line break (section 3.1)."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
"""Section 3.3.11."""
ZONE = "Europe/Amsterdam"
ZONE_LINES = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    "BEGIN:DAYLIGHT",
    "DTSTART:19810329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""Summer time as in the EU since 1996 (IANA tz, Europe/Amsterdam)."""


@dataclass(frozen=True)
class Event:
    """One meeting; a day without clock times is an event of the whole day."""

    uid: str
    day: date
    starts_at: time | None
    ends_at: time | None
    announced: datetime
    """When it came within the days that are told."""
    moment: str
    """Its day and time in words."""
    title: str
    about: str
    where: str
    url: str
    spot: tuple[float, float] | None = None
    """Latitude and longitude, where they may be told."""


def calendar(name: str, events: Iterable[Event], today: date) -> str:
    """A calendar as text. `today` is the day on which it is told, its moment in UTC midnight."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Gouden Gids Amsterdam//socialmap//NL",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        *ZONE_LINES,
        *(line for event in events for line in _event(event, today)),
        "END:VCALENDAR",
    ]
    return "".join(folded_line(line) for line in lines)


def _event(event: Event, today: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{today:%Y%m%d}T000000Z"
    yield from _moments(event)
    yield f"SUMMARY:{escaped(event.title)}"
    if event.where:
        yield f"LOCATION:{escaped(event.where)}"
    if event.spot:
        yield f"GEO:{event.spot[0]:.5f};{event.spot[1]:.5f}"
    yield f"DESCRIPTION:{escaped(event.about)}"
    yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _moments(event: Event) -> Iterator[str]:
    if event.starts_at is None:
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
        return
    yield f"DTSTART;TZID={ZONE}:{_local(event.day, event.starts_at)}"
    if event.ends_at is not None:
        yield f"DTEND;TZID={ZONE}:{_local(event.day, event.ends_at)}"


def _local(day: date, at: time) -> str:
    return f"{datetime.combine(day, at):%Y%m%dT%H%M%S}"


def printable(text: str) -> str:
    """The text without control characters, which neither calendars nor XML can hold."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def escaped(text: str) -> str:
    """The text as the value of a property."""
    return re.sub(r"[\\;,\n]", lambda found: ESCAPES[found.group()], printable(text).strip())


def folded_line(line: str) -> str:
    """The line with its break, folded at 75 octets and never inside a character."""
    parts, part, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + sign, size + octets
    return "\r\n".join([*parts, part]) + "\r\n"
