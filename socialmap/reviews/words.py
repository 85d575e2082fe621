"""What people type that should not be kept: a number or a birth date, and talk of one child.

Made for slips of people who mean well, not for who wants to get round it. What is stopped has a way
on for who meant something else; what is only warned about may be sent all the same.

- A BSN is a number of nine digits that passes the elfproef, at a stretch or in groups of two digits
  and more with the same sign between (`1112.22.333`). A telephone number has ten digits, or nine
  after +31, and is taken out first. Of other numbers of nine digits one in eleven is stopped too;
  a BSN of eight digits, without its zero, goes through.
- A birth date is a full date, 1900 till today, near a word like `geboren`; or a date without such a
  word that makes someone 2 to 23 years old, unless the words beside it say what happened that day
  (`sinds 12-03-2024`, `op 1 januari 2023 gestopt`). A baby, a parent, `12-03-15` and `12 03 2015`
  are only found near such a word; a month with a year is never stopped.
- One child is `mijn cliënt`, `een leerling van ons`, or a word with a capital beside an age below
  24. A name in small letters is not found; a title (`Judo (8 jaar)`) is warned about without need.
  A parent may say `mijn zoon`: that tells nobody who it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from socialmap.labels import MONTHS, SHORT_MONTHS, WEEKDAYS
from socialmap.models.currency import months_later


class Slip(Enum):
    """What someone may have typed without thinking of it."""

    BSN = "bsn"
    BIRTH_DATE = "birth date"
    CLIENT = "client"
    NAMED_AGE = "name with an age"


def stops(text: str, today: date) -> list[Slip]:
    """What in a text must go before it is kept."""
    found = {Slip.BSN: has_bsn(text), Slip.BIRTH_DATE: has_birth_date(text, today)}
    return [slip for slip, is_there in found.items() if is_there]


def warns(text: str) -> list[Slip]:
    """What in a text may be about one child, so that the writer had better look again."""
    found = {Slip.CLIENT: speaks_of_client(text), Slip.NAMED_AGE: has_named_age(text)}
    return [slip for slip, is_there in found.items() if is_there]


def _tidied(text: str) -> str:
    """The same text with one kind of space, dash and digit; lines stay apart."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[^\S\n]+", " ", re.sub("[\u2010-\u2015]", "-", plain))


# A BSN

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
BETWEEN = r"[ ().\-/]{0,2}"
PHONE = re.compile(
    rf"(?:\+31|(?<!\d)0031){BETWEEN}(?:0{BETWEEN})?\d(?:{BETWEEN}\d){{8}}(?!\d)"
    rf"|(?<!\d)0(?:\d{{9}}|(?=\d{{0,3}}\D)(?:{BETWEEN}\d){{9}})(?!\d)"
)
"""Ten digits of which the first group is an area code, or nine after the code of the country."""


def is_bsn(digits: str) -> bool:
    """Can these digits be a BSN?

    The elfproef: each digit times its weight, 9 down to 2 and -1 for the last, together a multiple
    of 11; at most one zero in front. Source: Logisch Ontwerp BSN; nl.wikipedia.org/wiki/Elfproef.
    """
    if len(digits) != len(WEIGHTS) or digits.startswith("00"):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return total % 11 == 0


def has_bsn(text: str) -> bool:
    """Does a number that can be a BSN stand in this text?"""
    return any(map(is_bsn, _numbers(PHONE.sub("#", _tidied(text)))))


def _numbers(text: str) -> Iterator[str]:
    """Every number in a text; groups of two digits and more with the same sign between are one."""
    parts = re.split(r"(\d+)", text)
    for first in range(1, len(parts), 2):
        number = parts[first]
        yield number
        for next in range(first + 2, len(parts), 2):
            is_same_sign = parts[next - 1] == parts[first + 1] in (" ", ".", "-")
            if not is_same_sign or min(len(parts[first]), len(parts[next])) < 2:
                break
            number += parts[next]
            yield number


# A birth date

YOUNG = range(2, 24)
"""Years of age that a date without a word about birth must make."""
BEFORE, AFTER = 30, 20
"""So near, in signs, stands a word about birth."""
ENGLISH = "january february march april may june july august september october november december"
MONTH_OF = {
    name: number
    for names in (MONTHS, SHORT_MONTHS, ENGLISH.split())
    for number, name in enumerate(names, 1)
}
YEAR = r"(?P<year>'?\d\d|(?:19|20)\d\d)(?!\d)"
DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d)(?P<day>\d\d?)(?P<sign> ?[-/.] ?| )(?P<month>\d\d?)(?P=sign){YEAR}",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/](?P<month>\d\d?)[-/](?P<day>\d\d?)(?!\d)",
        r"(?<!\d)(?P<day>\d\d?)(?:e|de|ste)?[ .-]{0,2}"
        rf"(?P<month>{'|'.join(sorted(MONTH_OF, key=len, reverse=True))})[ .,-]{{0,2}}{YEAR}",
        r"(?<!\d)(?P<run>(?P<day>\d\d)(?P<month>\d\d)(?P<year>(?:19|20)\d\d))(?!\d)",
    )
)
BORN = re.compile(
    r"\b(?:geboren|geb|geboortedat\w+|geboortedag|jarig|verjaardag|born)\b", re.IGNORECASE
)
HAPPENED = (
    r"(?:gestopt|gesloten|dicht|weg|verhuisd|opgeheven|failliet|geopend|begonnen|gestart|opgericht|"
    r"gewijzigd|veranderd|bijgewerkt|gecontroleerd)"
)
ON = rf"(?: (?:{'|'.join(WEEKDAYS)}))?:? ?$"
SINCE = re.compile(
    rf"\b(?:(?:sinds|sedert|vanaf|per|tot|tot en met|t/m|na)|{HAPPENED}(?: (?:op|in))?){ON}",
    re.IGNORECASE,
)
ON_THAT_DAY = re.compile(rf"\bop{ON}", re.IGNORECASE)
THEN = re.compile(rf"^,?(?: \w+){{0,3}} {HAPPENED}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Written:
    """A day as it stands in a text, with the words on both sides."""

    day: date
    is_full: bool
    """With four digits of its year and a sign or a month's name: a date, whatever is beside it."""
    before: str
    after: str

    def is_birth_date(self, today: date) -> bool:
        """The rule at the top of this module."""
        if not date(1900, 1, 1) <= self.day <= today:
            return False
        if BORN.search(self.before[-BEFORE:]) or BORN.search(self.after[:AFTER]):
            return True
        return self.is_full and self._makes_a_child(today) and not self._is_of_something_else()

    def _makes_a_child(self, today: date) -> bool:
        oldest, youngest = (months_later(today, -12 * age) for age in (YOUNG.stop, YOUNG.start))
        return oldest < self.day <= youngest

    def _is_of_something_else(self) -> bool:
        if SINCE.search(self.before):
            return True
        return bool(ON_THAT_DAY.search(self.before) and THEN.search(self.after))


def has_birth_date(text: str, today: date) -> bool:
    """Does a date that can be a birth date stand in this text?"""
    return any(written.is_birth_date(today) for written in _dates(_tidied(text), today))


def _dates(text: str, today: date) -> Iterator[Written]:
    for pattern in DATES:
        for found in pattern.finditer(text):
            day = _day(found["day"], found["month"], found["year"], today)
            if day is not None:
                named = found.groupdict()
                is_full = (
                    len(found["year"]) == 4 and named.get("sign") != " " and "run" not in named
                )
                yield Written(day, is_full, text[: found.start()], text[found.end() :])


def _day(day: str, month: str, year: str, today: date) -> date | None:
    """The day that was written, or None where there is none; of `15` the last such year."""
    number = MONTH_OF.get(month.lower()) or int(month)
    years = int(year.strip("'"))
    if years < 100:
        years += 2000 if 2000 + years <= today.year else 1900
    try:
        return date(years, number, int(day))
    except ValueError:
        return None


# One child

CHILD = (
    r"(?:cli[eë]nt(?:e|je)?|pati[eë]nt(?:e|je)?|leerling(?:e|etje)?|pupil|casus|jongere|deelnemer|"
    r"deelneemster|pleegkind)"
)
CLIENT = re.compile(
    rf"\b(?:mijn|m['’]n|onze|ons)(?: \w+)? {CHILD}\b|\b{CHILD} van (?:mij|mijzelf|ons|onszelf)\b",
    re.IGNORECASE,
)
WORD = r"\b(?P<name>[^\W\d_][\w'’-]+)"
YEARS = r"(?:jaar|jr|jarig)\b"
AGED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{WORD} ?\((?P<age>\d\d?)(?: ?{YEARS}\.?)?\)",
        rf"{WORD},? (?:(?:van|is|was|nu|pas|al|bijna|net) ){{0,2}}(?P<age>\d\d?) ?{YEARS}",
        rf"(?<!\d)(?P<age>\d\d?)[ -]?jarige {WORD}",
    )
)
NO_NAMES = frozenset(
    "al alleen bij boven circa de deelnemers een en er groep groepen het hij iedereen in is jeugd "
    "jongens jongeren kind kinderen leeftijd leerlingen les maximaal maximum max meisjes met min "
    "minimaal minimum minstens na naar nu of om onder ongeveer ook op ouders pas rond sinds "
    "tieners tot training tussen van vanaf voor wij ze zij".split()
) | {*WEEKDAYS, *MONTHS}
"""What begins a sentence before an age and is nobody's name."""


def speaks_of_client(text: str) -> bool:
    """Does a text speak of a child or a client of the writer?"""
    return bool(CLIENT.search(_tidied(text)))


def has_named_age(text: str) -> bool:
    """Does a name with an age stand in a text?"""
    tidied = _tidied(text)
    return any(
        _is_name(found["name"]) and int(found["age"]) < YOUNG.stop
        for pattern in AGED
        for found in pattern.finditer(tidied)
    )


def _is_name(word: str) -> bool:
    return word[0].isupper() and word.lower() not in NO_NAMES
