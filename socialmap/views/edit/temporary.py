"""The form of what is different for a while: what was told, to take away, and one more."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from socialmap.labels import label
from socialmap.listings.find import open_places
from socialmap.listings.temporary import place_name, told
from socialmap.listings.values import ListingValues, TemporaryValues
from socialmap.models import Place
from socialmap.models.temporary import LONGEST_TEXT
from socialmap.models.terms import DayPart, TemporaryKind, Weekday
from socialmap.views.edit.forms import Around, Reading
from socialmap.views.edit.reader import Reader, Typed

AWAY, SURE = "weg", "lang"
BOXES = ("kind", "from_on", "until_on", "text", "session", "place")
YEAR = timedelta(days=366)
KINDS = {
    TemporaryKind.CLOSED: "Het is gesloten",
    TemporaryKind.MOVED: "Het is op een andere plek",
    TemporaryKind.OTHER_TIMES: "Het is op een andere tijd",
    TemporaryKind.OTHER: "Er is iets anders om te weten",
}
NEEDED = {
    TemporaryKind.OTHER_TIMES: "Schrijf op welke dag en hoe laat het dan is.",
    TemporaryKind.OTHER: "Schrijf wat mensen moeten weten.",
}
"""What is asked where a kind says too little by itself."""
TOO_LONG = "Dit duurt langer dan een jaar. Is het tijdelijk? Kruis dat dan hieronder aan."


class TemporaryForm:
    """What is different for a while; it is told before it begins and ends by itself."""

    def shown(self, values: ListingValues) -> Typed:
        return Typed()

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        kept = [one for one in _all(around.before) if _stays(one, typed, around.today)]
        if any(reader.raw(name) for name in BOXES):
            added = _added(reader, around)
            kept += [added] if added else []
        moves = [one for one in kept if one.kind == TemporaryKind.MOVED]
        rest = [one for one in kept if one.kind != TemporaryKind.MOVED]
        return Reading({"temporary": rest, "moves": moves}, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        known = _places(around)
        names = {place.slug: place_name(place) for place in known}
        to_come = [one for one in _all(around.before) if not one.is_over(around.today)]
        return {
            "changes": [(_mark(one), _told(one, names, around.today)) for one in to_come],
            "kinds": {str(kind): text for kind, text in KINDS.items()},
            "sessions": _sessions(around.before),
            "places": sorted(set(names.values())),
            "too_long": TOO_LONG,
        }


def _all(values: ListingValues) -> list[TemporaryValues]:
    found = [*values.temporary, *values.moves]
    return sorted(found, key=lambda one: (one.from_on, one.until_on))


def _stays(change: TemporaryValues, typed: Typed, today: date) -> bool:
    """What is over goes along with the first change that is saved; history keeps it."""
    return not change.is_over(today) and _mark(change) not in typed.getlist(AWAY)


def _mark(change: TemporaryValues) -> str:
    """What a change is named by in a form, whatever others do meanwhile."""
    return sha256(change.model_dump_json().encode()).hexdigest()[:16]


def _told(change: TemporaryValues, names: Mapping[str, str], today: date) -> str:
    return told(change, names.get(change.place or "", ""), today)


def _sessions(values: ListingValues) -> list[tuple[str, str]]:
    """The times of the week, to choose from."""
    found = {f"{one.weekday}-{one.part}": one for one in values.sessions}
    return [(key, f"{label(one.weekday)}{label(one.part)}") for key, one in found.items()]


def _places(around: Around) -> Sequence[Place]:
    """The places that a reader can find in the directory."""
    return open_places(around.session)


# What is added


def _added(reader: Reader, around: Around) -> TemporaryValues | None:
    kind = reader.one_of("kind", TemporaryKind, missing="Kies wat er anders is.")
    first, last = _days(reader, around.today)
    text = reader.line("text", longest=LONGEST_TEXT)
    weekday, _, part = _session(reader, around.before).partition("-")
    place = None
    if kind == TemporaryKind.MOVED:
        place, text = _place(reader, around, text)
    elif kind in NEEDED and not text:
        reader.fail("text", NEEDED[kind])
    if kind != TemporaryKind.MOVED and reader.raw("place"):
        reader.fail("place", "Kies ook ‘Het is op een andere plek’, of maak dit vak leeg.")
    if reader.errors:
        return None
    values = {"kind": kind, "from_on": first, "until_on": last, "text": text, "place": place}
    return TemporaryValues.model_validate(
        values | {"weekday": weekday or None, "part": part or None}
    )


def _days(reader: Reader, today: date) -> tuple[date | None, date | None]:
    """The first and the last day; what has no first day begins today."""
    first = reader.day("from_on") or today
    last = reader.day("until_on", missing="Schrijf tot en met welke dag het zo is.")
    if last is None:
        return first, last
    if last < first:
        reader.fail("until_on", "De laatste dag is eerder dan de eerste. Kijk de dagen na.")
    elif last < today:
        reader.fail("until_on", "De laatste dag is al voorbij. Dan hoeft het er niet meer bij.")
    elif last - first > YEAR and not reader.raw(SURE):
        reader.fail("until_on", TOO_LONG)
    return first, last


def _session(reader: Reader, values: ListingValues) -> str:
    """The time of the week that it is about; empty for all of it."""
    chosen = reader.raw("session")
    if chosen and chosen not in dict(_sessions(values)):
        reader.fail("session", f"{_named(chosen)} staat niet bij de tijden. Kies opnieuw.")
    return chosen


def _named(chosen: str) -> str:
    day, _, part = chosen.partition("-")
    if day not in set(Weekday) or part not in set(DayPart):
        return "Deze tijd"
    return f"{label(Weekday(day))}{part}".capitalize()


def _place(reader: Reader, around: Around, text: str) -> tuple[str | None, str]:
    """The place of the directory that was typed and the text; other words go into the text."""
    typed = reader.line("place")
    wanted = typed.casefold()
    if not wanted and not text:
        reader.fail("place", "Schrijf waar het dan is.")
    full = [place for place in _places(around) if place_name(place).casefold() == wanted]
    alike = [place for place in _places(around) if (place.name or "").casefold() == wanted]
    found = full or (alike if len(alike) == 1 else [])
    if found and wanted:
        return found[0].slug, text
    words = ". ".join(part for part in (typed, text) if part)
    if len(words) > LONGEST_TEXT:
        over = len(words) - LONGEST_TEXT
        reader.fail(
            "text", f"De plek en de uitleg zijn samen te lang. Maak het {over} tekens korter."
        )
    return None, words
