"""What spreadsheets do to cells by themselves: dates from numbers, lost signs, `####`, `#N/B`.

Dutch and English Excel and LibreOffice, as people's files show it.
"""

import re
from datetime import date, timedelta

MONTHS = {
    name: number
    for names in (
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januari februari maart april mei juni juli augustus september oktober november december",
    )
    for number, name in enumerate(names.split(), 1)
}
DAY_MONTH = re.compile(r"(\d{1,2})[- ]([a-z]{3,9})\.?(?:[- ](\d{2}|\d{4}))?", re.IGNORECASE)
MONTH_YEAR = re.compile(r"([a-z]{3,9})\.?[- ](\d{2})", re.IGNORECASE)
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
DUTCH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?$")
SCIENTIFIC = re.compile(r"\d+([.,]\d+)?E\+\d+", re.IGNORECASE)
"""A long number as Excel shows it: `6,1E+08`."""
TOO_NARROW = re.compile(r"#{2,}")
FAILED = re.compile(
    r"#(N/B|N/A|NAAM\?|NAME\?|VERW!|REF!|WAARDE!|VALUE!|DEEL/0!|DIV/0!|GETAL!|NUM!|LEEG!|NULL!"
    r"|OVERLOOP!|SPILL!|BEREKENEN!|CALC!|VELD!|FIELD!|BLOKKEREN!|BLOCKED!|ONBEKEND!|UNKNOWN!)"
    r"|Err:\d{3}",
    re.IGNORECASE,
)
FIRST_DAY = date(1899, 12, 30)
"""Day 0 of Excel, for days after 28 February 1900."""
LIKELY_DAYS = range(32_874, 54_789)
"""Days from 1990 to 2049, as Excel counts them."""
GARBLED = re.compile("Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|â€|\ufffd")
"""UTF-8 read as Windows-1252 ("Ã©" for "é"), or a sign that was lost."""
CURLY = re.compile("[“”„‟‘’‚‛«»]")
INVISIBLE = {ord(sign): " " for sign in "\u00a0\u2007\u2009\u202f\u3000"} | dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff")
)
"""Spaces that do not break, and signs that are not seen; from Word and web pages."""


def lost_text(cell: str) -> str:
    """Why the text of this cell is lost, or nothing."""
    if GARBLED.search(cell):
        return (
            "letters met accenten zijn hier beschadigd. Bewaar het bestand opnieuw als "
            "CSV UTF-8 en kijk deze tekst na"
        )
    if not cell.startswith(("#", "E", "e")):
        return ""
    if TOO_NARROW.fullmatch(cell):
        return (
            "hier stond iets dat niet in de kolom paste; Excel toonde alleen hekjes. Maak de kolom "
            "breder en bewaar het bestand opnieuw"
        )
    if FAILED.fullmatch(cell):
        return "Excel kon deze cel niet uitrekenen; typ hier zelf de waarde"
    return ""


def as_typed(cell: str) -> str:
    """What somebody typed where a spreadsheet made a date of it, or nothing: `4-dec` -> `4-12`."""
    if found := DAY_MONTH.fullmatch(cell):
        month = MONTHS.get(found[2].casefold())
        return f"{int(found[1])}-{month}" if month else ""
    if found := MONTH_YEAR.fullmatch(cell):
        month = MONTHS.get(found[1].casefold())
        return f"{month}-{int(found[2])}" if month else ""
    cell = CLOCK.sub("", cell)
    if found := ISO_DAY.fullmatch(cell) or DUTCH_DAY.fullmatch(cell):
        return _typed_day(*map(int, found.groups()))
    return ""


def _typed_day(first: int, month: int, last: int) -> str:
    """`4-12` for 4 December; the first of a month may also be a month with a year, `12-26`."""
    day, year = (last, first) if first > 31 else (first, last)
    return f"{day}-{month}" if day > 1 else f"1-{month} of {month}-{year % 100}"


def day_of_number(cell: str) -> date | None:
    """The day of which Excel shows the number (46329 is 3 November 2026), or None."""
    if not re.fullmatch(r"\d{5}", cell) or int(cell) not in LIKELY_DAYS:
        return None
    return FIRST_DAY + timedelta(days=int(cell))
