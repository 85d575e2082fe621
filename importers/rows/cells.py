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
from importers.rows import damage
from socialmap.labels import day as day_shown
from socialmap.listings.files import UNKNOWN, YES_OR_NO
from socialmap.listings.values import one_line
from socialmap.models.terms import DayPart, Weekday

T = TypeVar("T")

TRUTH = {**YES_OR_NO, "waar": True, "onwaar": False, "true": True, "false": False}
"""A tick in a spreadsheet is WAAR, or TRUE."""
TYPE_AGAIN = "maak de cel tekst en typ {} weer"
PHONE = re.compile(r"\+?[\d()][\d ()./-]{1,24}")
LOST_ZERO = re.compile(r"[1-9]\d{8}|(800|90[069])\d{4}(\d{3})?")
"""A number in its region or a mobile one; a service number has four or seven digits more."""
LOST_PLUS = re.compile(r"31[1-9]\d{8}")
MAIL = re.compile(r"[^@\s|;,<>\"]+@[^@\s|;,<>\"]+\.[^@\s|;,<>\"]{2,}")
WEBSITE = re.compile(r"https?://[^\s/?#\"<>]+\.[^\s\"<>]+", re.IGNORECASE)
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
POSTCODE = re.compile(r"([1-9]\d{3}) ?([A-Za-z]{2})")
AGE_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")
SESSION = re.compile(
    r"(?P<day>[a-z]{2})-(?P<part>[a-z]+)"
    r"(?: (?P<start>\d{1,2}[.:]\d{2})(?: ?[-–] ?(?P<end>\d{1,2}[.:]\d{2}))?)?"
    r"(?: van (?P<from>[\d-]+))?(?: tot (?P<until>[\d-]+))?"
)


class SessionCell(NamedTuple):
    """One meeting in the week: `di-middag 13.30-15.30`, perhaps with a first and last day of its
    own: `di-middag van 13-1-2027 tot 3-3-2027`."""

    weekday: Weekday
    part: DayPart
    starts_at: time | None
    ends_at: time | None
    from_on: date | None
    until_on: date | None


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


def coded(read: Callable[[str], T]) -> Callable[[str], T]:
    """A reader of a cell that holds a code, a number or a name of a list: invisible signs and
    unusual spaces do not count, and curly quotes do not belong there."""

    def read_plain(cell: str) -> T:
        if not cell.isascii():
            cell = cell.translate(damage.INVISIBLE).strip()
            if damage.CURLY.search(cell):
                raise ValueError("hier staan gekrulde aanhalingstekens (“ ” of ‘ ’); haal ze weg")
        return read(cell)

    return read_plain


def name(cell: str) -> str | None:
    """A name or address, with ordinary spaces; None when the cell is empty."""
    return one_line(cell.translate(damage.INVISIBLE)) or None


def yes_or_no(cell: str) -> bool | None:
    """`ja` or `nee`; WAAR and ONWAAR, as a spreadsheet has it, will do."""
    found = TRUTH.get(cell.casefold())
    return one_of(YES_OR_NO)(cell) if found is None else found


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


def required(cell: str) -> str:
    if not cell:
        raise ValueError("deze cel is leeg, maar moet gevuld zijn")
    return cell


def key(cell: str) -> str:
    if damage.SCIENTIFIC.fullmatch(cell):
        raise ValueError(f"Excel maakte hier een getal van; {TYPE_AGAIN.format('het id')}")
    _refuse_date(cell, "het id")
    if not KEY.fullmatch(required(cell)):
        raise ValueError(
            "een id bestaat uit letters, cijfers, streepjes en punten, hoogstens 100 tekens"
        )
    return cell


def _refuse_date(cell: str, what: str) -> None:
    if typed := damage.as_typed(cell):
        raise ValueError(
            f"Excel maakte hier een datum van (stond er {typed}?); {TYPE_AGAIN.format(what)}"
        )


def day(cell: str) -> date | None:
    """A date, as 2026-11-03 or 3-11-2026; a time of the day after it does not count."""
    if not cell:
        return None
    if (dated := _date(damage.CLOCK.sub("", cell))) is not None:
        return dated
    if shown := damage.day_of_number(cell):
        raise ValueError(
            f"Excel maakte hier een getal van ({day_shown(shown)}?); geef de cel de opmaak Datum"
        )
    if re.fullmatch(r"\d{1,2}-\d{1,2}-\d{2}", cell):
        raise ValueError("schrijf het jaar met vier cijfers, zoals 3-11-2026")
    if damage.as_typed(cell):
        raise ValueError("Excel maakte hier een datum van; schrijf de datum als 2026-11-03")
    raise ValueError("schrijf een datum als 2026-11-03 (jaar-maand-dag) of 3-11-2026")


def _date(cell: str) -> date | None:
    """The day that is written out whole, or None."""
    if found := damage.DUTCH_DAY.fullmatch(cell):
        number, month, year = map(int, found.groups())
    elif found := damage.ISO_DAY.fullmatch(cell):
        year, month, number = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError("deze datum bestaat niet") from None


def number(cell: str) -> float | None:
    """A number with a decimal point or comma."""
    if not cell:
        return None
    _refuse_date(cell, "het getal")
    if not re.fullmatch(r"-?\d+([.,]\d+)?", cell):
        raise ValueError("dit is geen getal")
    return float(cell.replace(",", "."))


def house_number(cell: str) -> str | None:
    """A house number with all that follows it: 4-12, 36-2, 58-H."""
    _refuse_date(cell, "het huisnummer")
    return name(cell)


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
    typed = damage.as_typed(cell)
    if typed or AGE_RANGE.fullmatch(cell):
        told = (
            f"Excel maakte hier een datum van (stond er {typed}?)" if typed else "dit zijn er twee"
        )
        raise ValueError(
            f"{told}; zet de laagste leeftijd in leeftijd_van en de hoogste in leeftijd_tm"
        )
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
    first, last = (day(found[name] or "") for name in ("from", "until"))
    if start and end and start >= end:
        raise ValueError(f'"{part}": de eindtijd moet na de begintijd liggen')
    if first and last and first > last:
        raise ValueError(f'"{part}": de laatste dag ligt vóór de eerste; wissel ze om')
    day_terms = {str(term): term for term in Weekday}
    part_terms = {str(term): term for term in DayPart}
    return SessionCell(
        _term(found["day"], day_terms), _term(found["part"], part_terms), start, end, first, last
    )


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
    if damage.SCIENTIFIC.fullmatch(cell):
        raise ValueError(f"Excel maakte hier een getal van; {TYPE_AGAIN.format('het nummer')}")
    digits = re.sub(r"[ ()./-]", "", cell)
    if not PHONE.fullmatch(cell) or len(digits) < 3:
        raise ValueError("dit is geen telefoonnummer; schrijf het als 020 123 45 67")
    if LOST_ZERO.fullmatch(digits):
        raise ValueError(f"de nul vooraan ontbreekt; {TYPE_AGAIN.format('het nummer')}")
    if LOST_PLUS.fullmatch(digits):
        raise ValueError(f"de + vooraan ontbreekt; {TYPE_AGAIN.format('het nummer')}")
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
    if found:
        return found[1] + found[2].upper()
    if re.fullmatch(r"\d{4}|[A-Za-z]{2}", cell):
        what = "de letters" if cell.isdigit() else "de cijfers"
        raise ValueError(
            f"{what} van de postcode ontbreken; zet cijfers en letters in één cel, zoals 1032AB"
        )
    raise ValueError("dit is geen postcode; schrijf die als 1032AB")
