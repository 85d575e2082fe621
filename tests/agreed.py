"""A city full of people: what each does, what each agreed to show, and details that nobody shares.

Every detail is a marker: it holds the number of its person, and `tests/marked.py` finds it back in
any spelling. What may be shown on which day is said here by hand; the code that decides it is not
asked.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import product

from socialmap.models.terms import DetailKind, DetailVisibility
from socialmap.people import Agreement, Consent, PersonValues
from tests.factories import TODAY

DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
LONG_AGO = date(2024, 1, 1)
BOTH = frozenset({TODAY, TOMORROW})
NEVER: frozenset[date] = frozenset()
PUBLIC, INSIDE = DetailVisibility.PUBLIC, DetailVisibility.PROFESSIONALS


@dataclass(frozen=True)
class Case:
    """One way to agree to all details, and the days on which they may be seen for that."""

    agreement: Agreement | None
    """None where nothing was said, as in a file with only the details."""
    public: frozenset[date] = NEVER
    """When everybody may see them."""
    inside: frozenset[date] = BOTH
    """When professionals may."""
    has_phone: bool = True
    """Who has no function number is rung on the mobile one."""


def agreed(
    visibility: DetailVisibility, on: date = LONG_AGO, until: date | None = None
) -> Agreement:
    return Agreement(visibility, Consent(on, "zelf", until))


SILENT = "silent"
LAST_DAY = "open-until-today"
CASES = {
    "open": Case(agreed(PUBLIC), BOTH),
    LAST_DAY: Case(agreed(PUBLIC, until=TODAY), frozenset({TODAY}), frozenset({TODAY})),
    "open-until-yesterday": Case(agreed(PUBLIC, until=TODAY - DAY), inside=NEVER),
    "open-from-tomorrow": Case(
        agreed(PUBLIC, on=TOMORROW), frozenset({TOMORROW}), frozenset({TOMORROW})
    ),
    "open-without-number": Case(agreed(PUBLIC, until=TODAY + DAY), BOTH, has_phone=False),
    "inside": Case(Agreement(INSIDE)),
    "inside-agreed": Case(agreed(INSIDE)),
    "inside-until-yesterday": Case(agreed(INSIDE, until=TODAY - DAY), inside=NEVER),
    SILENT: Case(None),
}


@dataclass(frozen=True)
class Part:
    """What somebody does, and the days on which that is a reason to be shown."""

    named: frozenset[date] = BOTH
    detailed: frozenset[date] = BOTH
    is_whole: bool = True
    """Does all that may be shown stand on the page of that person?"""


SHOWN, NOT_SHOWN = Part(), Part(NEVER, NEVER)
PARTS = {
    "stadsdeel": SHOWN,
    "gebied": SHOWN,
    "wijk": SHOWN,
    "deputy": SHOWN,
    "away": Part(is_whole=False),
    "stand-in": SHOWN,
    "leader": SHOWN,
    "member": SHOWN,
    "reserve": SHOWN,
    "contact": SHOWN,
    "backup": SHOWN,
    "uncertain": SHOWN,
    "closed": SHOWN,
    "venue": SHOWN,
    "coming": Part(frozenset({TOMORROW}), frozenset({TOMORROW})),
    # of whom a page only says who came after
    "left": Part(frozenset({TODAY}), NEVER, is_whole=False),
    "stopped": Part(BOTH, NEVER, is_whole=False),
    "long-gone": NOT_SHOWN,
    "draft": NOT_SHOWN,
    "withdrawn": NOT_SHOWN,
    "nothing": NOT_SHOWN,
}


@dataclass(frozen=True)
class Somebody:
    """One person of the city."""

    number: int
    part: str
    case: str

    @property
    def key(self) -> str:
        return f"{self.part}-{self.case}"

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")

    @property
    def name(self) -> str:
        """Two words, so that who asks for the one is told nothing by the other."""
        return f"Zqa{self.number:03} Zqb{self.number:03}"

    @cached_property
    def details(self) -> dict[DetailKind, str]:
        """All of them; days and languages are not of one person but of one way to be shown."""
        number = f"{self.number:03}"
        days, languages = self._shared
        found = {
            DetailKind.PHONE: f"020 000 3{number}",
            DetailKind.MOBILE: f"06 0000 1{number}",
            DetailKind.WHATSAPP: f"06-00002{number}",
            DetailKind.MAIL: f"zqm{number}@stil.example",
            DetailKind.DAYS: days,
            DetailKind.LANGUAGES: languages,
            DetailKind.PHOTO: f"c0ffee{self.number:026}.jpg",
            DetailKind.FORMER_EMPLOYER: f"Zqe{number} Werkplaats",
        }
        if not CASES[self.case].has_phone:
            del found[DetailKind.PHONE]
        return found

    @property
    def _shared(self) -> tuple[str, str]:
        shown = frozenset(day for day in BOTH if self.shows(DetailKind.DAYS, day))
        return SHARED[shown]

    @property
    def values(self) -> PersonValues:
        agreement = CASES[self.case].agreement
        agreements = dict.fromkeys(self.details, agreement) if agreement else {}
        told = {"details": self.details, "agreements": agreements}
        return PersonValues(self.key, self.name, "oka", **told)  # type: ignore[arg-type]

    def is_named(self, day: date) -> bool:
        """May the name stand on a page?"""
        return day in PARTS[self.part].named

    def shows(self, kind: DetailKind, day: date) -> bool:
        """May everybody see this detail?"""
        case = CASES[self.case]
        is_work = self.case == SILENT and kind == DetailKind.PHONE
        return day in PARTS[self.part].detailed and (day in case.public or is_work)

    def tells(self, kind: DetailKind, day: date) -> bool:
        """May a professional see it, as far as the person agreed?"""
        case = CASES[self.case]
        return day in case.inside or self.shows(kind, day)


SHARED = {
    BOTH: ("ma|zo", "bg"),
    frozenset({TODAY}): ("wo|vr", "so"),
    frozenset({TOMORROW}): ("di|do", "ro"),
    NEVER: ("di|za", "hi"),
}
"""Days and languages of everybody who may be seen on these days and no others."""

PEOPLE = [Somebody(number, *both) for number, both in enumerate(product(PARTS, CASES))]


def somebody(part: str, case: str) -> Somebody:
    return next(one for one in PEOPLE if (one.part, one.case) == (part, case))
