"""The form of when it is: weekdays, times and dates by choosing, a row for each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any

from socialmap import labels
from socialmap.listings.values import ListingValues, SessionValues
from socialmap.models.terms import DayPart, Form, Weekday
from socialmap.views.edit.forms import Around, Reading
from socialmap.views.edit.reader import Reader, Typed

BOXES = ("weekday", "part", "starts_at", "ends_at", "from_on", "until_on")
CLOCKS = frozenset({"starts_at", "ends_at"})
NOON, EVENING = time(12), time(18)
MOST = 30
DAYLESS = "Kies een dag, of maak de regel leeg."
ROWS = "rijen"
"""The box that says how many rows there are."""


class TimesForm:
    """In which forms help is given, and when."""

    def shown(self, values: ListingValues) -> Typed:
        typed = Typed({"forms": [str(term) for term in values.forms]})
        for at, session in enumerate(values.sessions):
            for box, value in session.model_dump(mode="json").items():
                told = value or ""
                typed[f"{box}-{at}"] = told[:5] if box in CLOCKS else told
        typed[ROWS] = str(max(1, len(values.sessions)))
        return typed

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        forms = reader.many_of("forms", Form)
        kept = [term for term in around.before.forms if term in forms]
        rows = [_row(reader, at) for at in rows_of(typed)]
        sessions = [row for row in rows if row is not None]
        return Reading(
            {
                "forms": kept + [term for term in forms if term not in kept],
                "sessions": list(dict.fromkeys(sessions)),
            },
            reader.errors,
        )

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {
            "forms": labels.labels(Form),
            "weekdays": labels.labels(Weekday),
            "parts": labels.labels(DayPart),
            "most": MOST,
        }


def rows_of(typed: Typed) -> Sequence[int]:
    """The numbers of the rows of a form."""
    text = typed.get(ROWS, "1")
    return range(min(MOST, int(text[:3]) if text.isascii() and text.isdigit() else 1))


def with_another_row(typed: Typed) -> Typed:
    """The same form with an empty row at its end."""
    more = typed.copy()
    more[ROWS] = str(min(MOST, len(rows_of(typed)) + 1))
    return more


def _row(reader: Reader, at: int) -> SessionValues | None:
    """One row; None where no day was chosen."""
    if not any(_boxes(reader, at)):
        return None
    weekday = reader.one_of(f"weekday-{at}", Weekday, missing=DAYLESS)
    starts, ends = reader.clock(f"starts_at-{at}"), reader.clock(f"ends_at-{at}")
    begins, stops = reader.day(f"from_on-{at}"), reader.day(f"until_on-{at}")
    part = reader.one_of(f"part-{at}", DayPart)
    if starts is not None:
        part = part_of(starts)
    elif part is None:
        reader.fail(f"starts_at-{at}", "Vul de begintijd in, of kies ochtend, middag of avond.")
    if ends is not None and starts is None:
        reader.fail(f"starts_at-{at}", "Vul ook in hoe laat het begint.")
    elif starts is not None and ends is not None and ends <= starts:
        reader.fail(f"ends_at-{at}", "Het eind is eerder dan het begin. Kijk de tijden na.")
    if begins and stops and stops < begins:
        reader.fail(f"until_on-{at}", "De laatste dag is eerder dan de eerste. Kijk de dagen na.")
    if reader.errors or weekday is None or part is None:
        return None
    return SessionValues(
        weekday=weekday,
        part=part,
        starts_at=starts,
        ends_at=ends,
        from_on=begins,
        until_on=stops,
    )


def _boxes(reader: Reader, at: int) -> Iterator[str]:
    return (reader.raw(f"{box}-{at}") for box in BOXES)


def part_of(starts: time) -> DayPart:
    """The part of the day in which something begins."""
    if starts < NOON:
        return DayPart.MORNING
    return DayPart.AFTERNOON if starts < EVENING else DayPart.EVENING
