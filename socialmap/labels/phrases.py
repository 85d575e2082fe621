"""How days, ages, distances and lists are written in Dutch."""

from datetime import date

from socialmap.labels.words import label, labels
from socialmap.models.terms import Weekday

MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()
SHORT_MONTHS = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()


WEEKDAYS = tuple(labels(Weekday).values())


def day(on: date) -> str:
    """`3 november 2026`."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date) -> str:
    """`3 nov 2026`."""
    return f"{on.day} {SHORT_MONTHS[on.month - 1]} {on.year}"


def short_month(on: date) -> str:
    """`nov 2026`."""
    return f"{SHORT_MONTHS[on.month - 1]} {on.year}"


def period(first: date, last: date) -> str:
    """Two days inclusive: `van 1 tot en met 31 juli 2027`, `op 3 juli 2027`."""
    if first == last:
        return f"op {day(first)}"
    year = "" if first.year == last.year else f" {first.year}"
    is_same_month = not year and first.month == last.month
    begins = str(first.day) if is_same_month else f"{first.day} {MONTHS[first.month - 1]}{year}"
    return f"van {begins} tot en met {day(last)}"


def month(on: date) -> str:
    """`november 2026`."""
    return f"{MONTHS[on.month - 1]} {on.year}"


def weekday(on: date) -> str:
    """`dinsdag`."""
    return label(list(Weekday)[on.weekday()])


def age(months: int) -> str:
    """An age in whole months as people say it: `6 maanden`, `1,5 jaar`, `12 jaar`."""
    if months < 12:
        return f"{months} maanden" if months != 1 else "1 maand"
    years, rest = divmod(months, 12)
    return f"{years},5 jaar" if rest == 6 else f"{years} jaar"


def age_range(min_months: int | None, max_months: int | None, *, is_known: bool = True) -> str:
    """`12–16 jaar`, `vanaf 12 jaar`, `0–2 jaar`, `alle leeftijden`; max is inclusive."""
    if not is_known:
        return "leeftijd onbekend"
    if min_months is None and max_months is None:
        return "alle leeftijden"
    top = None if max_months is None else max_months // 12
    if min_months is None:
        return f"tot en met {top} jaar"
    if top is None:
        return f"vanaf {age(min_months)}"
    if min_months % 12:
        return f"{age(min_months)} tot en met {top} jaar"
    bottom = min_months // 12
    return f"{bottom} jaar" if bottom == top else f"{bottom}–{top} jaar"


def metres(distance: int) -> str:
    """`450 m`, `2,1 km`."""
    if distance < 1000:
        return f"{distance} m"
    return f"{distance / 1000:.1f}".replace(".", ",").removesuffix(",0") + " km"


def listed(words: list[str], joint: str = "en") -> str:
    """`a, b en c`."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + f" {joint} {words[-1]}"


def initials(name: str) -> str:
    """Two letters for a face without a portrait: `Yara van der Koster` -> `YK`."""
    words = [word for word in name.split() if word[:1].isupper()]
    return "".join(word[0] for word in dict.fromkeys(words[:1] + words[-1:]))
