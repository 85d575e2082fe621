"""What a cell means: words of closed lists, dates, ages, times, numbers, addresses.

Each reader takes the stripped text of a cell and returns its value; it raises ValueError with a
Dutch message that says what would be right.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple, TypeVar

from importers.report import did_you_mean
from socialmap.models.terms import DayPart, ListingKind, Status, Visibility, Weekday

T = TypeVar("T")

KINDS = {
    "aanbod": ListingKind.OFFER,
    "activiteit": ListingKind.ACTIVITY,
    "plek": ListingKind.PLACE,
    "team": ListingKind.TEAM,
}
STATUSES = {
    "concept": Status.DRAFT,
    "actueel": Status.LIVE,
    "onzeker": Status.UNCERTAIN,
    "tijdelijk-dicht": Status.CLOSED,
    "gestopt": Status.ENDED,
    "ingetrokken": Status.WITHDRAWN,
}
VISIBILITIES = {
    "exact": Visibility.EXACT,
    "gebied": Visibility.AREA,
    "verborgen": Visibility.HIDDEN,
}
YES_OR_NO = {"ja": True, "nee": False}
UNKNOWN = "onbekend"
MONTH_NAMES = "jan feb mrt apr mei jun jul aug sep okt nov dec"
EXCEL_NUMBER = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
EXCEL_DATE = re.compile(rf"\d{{1,2}}-({'|'.join(MONTH_NAMES.split())})", re.IGNORECASE)
PHONE = re.compile(r"\+?[\d()][\d ()./-]{1,24}")
MAIL = re.compile(r"[^@\s|;,<>\"]+@[^@\s|;,<>\"]+\.[^@\s|;,<>\"]{2,}")
WEBSITE = re.compile(r"https?://[^\s/?#\"<>]+\.[^\s\"<>]+", re.IGNORECASE)
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
POSTCODE = re.compile(r"([1-9]\d{3}) ?([A-Za-z]{2})")
SESSION = re.compile(
    r"(?P<day>[a-z]{2})-(?P<part>[a-z]+)"
    r"(?: (?P<start>\d{1,2}[.:]\d{2}) ?[-–] ?(?P<end>\d{1,2}[.:]\d{2}))?"
)


class SessionCell(NamedTuple):
    """One meeting in the week: `di-middag 13.30-15.30`."""

    weekday: Weekday
    part: DayPart
    starts_at: time | None
    ends_at: time | None


class Age(NamedTuple):
    """An age in years as written; `is_known` is False for the word `onbekend`."""

    years: float | None
    is_known: bool = True

    @property
    def first_month(self) -> int | None:
        """The first month of this age, as a lower bound: 4 -> 48, 0.5 -> 6."""
        return None if self.years is None else round(self.years * 12)

    @property
    def last_month(self) -> int | None:
        """The last month of this age, as an upper bound.

        A whole year lasts until the next birthday (12 -> 155); a part of a year is a bound in
        months (0.5 -> 6), since who writes "0 tot en met 0,5" does not mean a child of 11 months.
        """
        if self.years is None:
            return None
        is_whole = self.years == int(self.years)
        return int(self.years + 1) * 12 - 1 if is_whole else round(self.years * 12)


def terms(kinds: type[StrEnum]) -> dict[str, StrEnum]:
    """The words of a closed list whose values are Dutch already."""
    return {str(term): term for term in kinds}


def one_of(words: Mapping[str, T]) -> Callable[[str], T | None]:
    """A reader of one word of a list; an empty cell is None."""

    def read(cell: str) -> T | None:
        return _term(cell, words) if cell else None

    return read


def many_of(words: Mapping[str, T]) -> Callable[[str], list[T]]:
    """A reader of several words joined by `|`, each once, in their order."""

    def read(cell: str) -> list[T]:
        return list(dict.fromkeys(_term(word, words) for word in parts(cell)))

    return read


def _term(word: str, words: Mapping[str, T]) -> T:
    found = words.get(word.casefold())
    if found is None:
        raise ValueError(f'"{word}" is onbekend; {did_you_mean(word, words)}')
    return found


def parts(cell: str) -> list[str]:
    """The values of a cell joined by `|`, without empty ones and doubles."""
    return list(dict.fromkeys(part for one in cell.split("|") if (part := one.strip())))


def text_or_none(cell: str) -> str | None:
    return cell or None


def required(cell: str) -> str:
    if not cell:
        raise ValueError("deze cel is leeg, maar moet gevuld zijn")
    return cell


def key(cell: str) -> str:
    if not KEY.fullmatch(required(cell)):
        raise ValueError(
            "een id bestaat uit letters, cijfers, streepjes en punten, hoogstens 100 tekens"
        )
    return cell


def day(cell: str) -> date | None:
    """A date, as 2026-11-03 or 3-11-2026."""
    if not cell:
        return None
    if EXCEL_DATE.fullmatch(cell):
        raise ValueError("Excel maakte hier een datum van; schrijf de datum als 2026-11-03")
    try:
        if found := re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d{4})", cell):
            number, month, year = map(int, found.groups())
            return date(year, month, number)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
            return date.fromisoformat(cell)
    except ValueError:
        raise ValueError("deze datum bestaat niet") from None
    raise ValueError("schrijf een datum als 2026-11-03 (jaar-maand-dag) of 3-11-2026")


def number(cell: str) -> float | None:
    """A number with a decimal point or comma."""
    if not cell:
        return None
    if EXCEL_DATE.fullmatch(cell):
        raise ValueError("Excel maakte hier een datum van; maak de cel tekst en typ het getal weer")
    if not re.fullmatch(r"-?\d+([.,]\d+)?", cell):
        raise ValueError("dit is geen getal")
    return float(cell.replace(",", "."))


def whole_number(lowest: int, highest: int) -> Callable[[str], int | None]:
    """A reader of a whole number between two bounds."""

    def read(cell: str) -> int | None:
        if not cell:
            return None
        if not (cell.isascii() and cell.isdigit() and lowest <= int(cell[:9]) <= highest):
            raise ValueError(f"dit moet een heel getal zijn, van {lowest} tot en met {highest}")
        return int(cell)

    return read


def age(cell: str) -> Age:
    """An age of a child in years; empty is "no limit", `onbekend` is not known."""
    if cell.casefold() == UNKNOWN:
        return Age(None, is_known=False)
    try:
        years = number(cell)
    except ValueError as error:
        raise ValueError(
            f'{error}; schrijf een leeftijd in jaren, zoals 4 of 0,5, of "onbekend"'
        ) from None
    if years is not None and not 0 <= years <= 120:
        raise ValueError("een leeftijd is een getal van 0 tot en met 120, in jaren")
    return Age(years)


def sessions(cell: str) -> list[SessionCell]:
    return [_session(part) for part in parts(cell)]


def _session(part: str) -> SessionCell:
    found = SESSION.fullmatch(part.casefold())
    if not found:
        raise ValueError(f'"{part}": schrijf een tijd als di-middag of di-middag 13.30-15.30')
    start, end = (_clock(found[name]) for name in ("start", "end"))
    if start and end and start >= end:
        raise ValueError(f'"{part}": de eindtijd moet na de begintijd liggen')
    day_terms = {str(term): term for term in Weekday}
    part_terms = {str(term): term for term in DayPart}
    return SessionCell(_term(found["day"], day_terms), _term(found["part"], part_terms), start, end)


def _clock(written: str | None) -> time | None:
    if written is None:
        return None
    hours, minutes = (int(part) for part in re.split("[.:]", written))
    if hours > 23 or minutes > 59:
        raise ValueError(f'"{written}" is geen tijd; schrijf 9.30 of 19.00')
    return time(hours, minutes)


def phone(cell: str) -> str | None:
    if not cell:
        return None
    if EXCEL_NUMBER.fullmatch(cell):
        raise ValueError(
            "Excel maakte hier een getal van; maak de cel tekst en typ het nummer weer"
        )
    if not PHONE.fullmatch(cell) or sum(sign.isdigit() for sign in cell) < 3:
        raise ValueError("dit is geen telefoonnummer; schrijf het als 020 123 45 67")
    if re.fullmatch(r"[1-9]\d{8}", cell.replace(" ", "")):
        raise ValueError("de nul vooraan ontbreekt; maak de cel tekst en typ het nummer weer")
    return cell


def mail(cell: str) -> str | None:
    if cell and not MAIL.fullmatch(cell):
        raise ValueError("dit is geen mailadres; schrijf het als naam@organisatie.nl")
    return cell or None


def website(cell: str) -> str | None:
    if cell and not WEBSITE.fullmatch(cell):
        raise ValueError("dit is geen webadres; schrijf het als https://www.organisatie.nl")
    return cell or None


def postcode(cell: str) -> str | None:
    if not cell:
        return None
    found = POSTCODE.fullmatch(cell)
    if not found:
        raise ValueError("dit is geen postcode; schrijf die als 1032AB")
    return found[1] + found[2].upper()
