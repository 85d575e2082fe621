"""Reading what was typed in a form: values, or what is wrong in plain Dutch, by the box."""

import re
from collections.abc import Sequence
from datetime import date, time
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from socialmap.accounts import AccountError, folded
from socialmap.labels import label
from socialmap.listings.values import one_line, plain_lines

Term = TypeVar("Term", bound=StrEnum)
Typed = MultiDict[str, str]
"""What a form holds, as text."""
SHORT, LONG = 120, 4000
"""Signs that a name and a text may have."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
DUTCH_DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?: ?uur)?")
PHONE = re.compile(r"\+?[\d ()/.-]+")
DIGITS = range(3, 16)
"""A service number has three digits; E.164 ends at fifteen."""
NOT_A_DAY = "Dit is geen datum. Schrijf hem als 24-11-2026."


class Boxes:
    """What stands in the boxes of a form, for its template: an empty box is empty text."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed

    def __getitem__(self, name: str) -> str:
        return self._typed.get(name, "")

    def get(self, name: str, usual: str = "") -> str:
        """What stands in a box."""
        return self._typed.get(name, usual)

    def getlist(self, name: str) -> list[str]:
        """All that was chosen under one name."""
        return self._typed.getlist(name)


class Faults(dict[str, str]):
    """What is wrong, by box; a box with which nothing is wrong has an empty text."""

    def __missing__(self, name: str) -> str:
        return ""


class Reader:
    """Reads one form. What is wrong is kept in `errors`, by the name of the box."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.errors: dict[str, str] = {}

    def fail(self, name: str, message: str) -> None:
        """Say what is wrong with a box; the first thing counts."""
        self.errors.setdefault(name, message)

    def raw(self, name: str) -> str:
        """What was typed, without the spaces around it."""
        return self.typed.get(name, "").strip()

    def text(self, name: str, *, longest: int = LONG) -> str:
        """A text of one or more lines."""
        return self._measured(name, plain_lines(self.raw(name)).strip(), longest)

    def line(self, name: str, *, longest: int = SHORT, missing: str = "") -> str:
        """A text of one line; `missing` says what is wrong when there is none."""
        text = one_line(self.raw(name))
        if not text and missing:
            self.fail(name, missing)
        return self._measured(name, text, longest)

    def _measured(self, name: str, text: str, longest: int) -> str:
        if len(text) > longest:
            over = len(text) - longest
            self.fail(name, f"Dit zijn {len(text)} tekens. Maak het {over} tekens korter.")
        return text

    def one_of(self, name: str, terms: type[Term], *, missing: str = "") -> Term | None:
        """One term of a list, or None where nothing was chosen."""
        chosen = self.raw(name)
        if chosen in set(terms):
            return terms(chosen)
        if chosen:
            self.fail(name, f"Kies uit de lijst: {self._listed(terms)}.")
        elif missing:
            self.fail(name, missing)
        return None

    def many_of(self, name: str, terms: type[Term]) -> list[Term]:
        """The chosen terms of a list, in the order of that list."""
        chosen = set(self.typed.getlist(name))
        if chosen - set(terms):
            self.fail(name, f"Kies uit de lijst: {self._listed(terms)}.")
        return [term for term in terms if term in chosen]

    def _listed(self, terms: type[Term]) -> str:
        return ", ".join(label(term) for term in terms)

    def some_of(self, name: str, known: Sequence[str]) -> list[str]:
        """The chosen values of these, in the order in which they were chosen."""
        chosen = list(dict.fromkeys(value for value in self.typed.getlist(name) if value))
        if set(chosen) - set(known):
            self.fail(name, "Een van uw keuzes is er niet meer. Kies opnieuw.")
        return [value for value in chosen if value in known]

    def number(self, name: str, low: int, high: int) -> int | None:
        """A whole number within bounds, or None where the box is empty."""
        text = self.raw(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and low <= int(text[:9]) <= high):
            self.fail(name, f"Schrijf een heel getal van {low} tot en met {high}.")
            return None
        return int(text)

    def day(self, name: str, *, missing: str = "") -> date | None:
        """A date, as browsers send it or as people type it; None where the box is empty."""
        text = self.raw(name)
        if not text:
            if missing:
                self.fail(name, missing)
            return None
        try:
            dutch = DUTCH_DAY.fullmatch(text)
            found = date(*(int(part) for part in dutch.groups()[::-1])) if dutch else _iso(text)
        except ValueError:
            self.fail(name, NOT_A_DAY)
            return None
        if not FIRST_DAY <= found <= LAST_DAY:
            self.fail(name, f"Het jaar {found.year} kan niet kloppen. Kijk de datum nog eens na.")
        return found

    def clock(self, name: str) -> time | None:
        """A clock time: `13:30`, `13.30`, `9 uur`; None where the box is empty."""
        text = self.raw(name)
        found = CLOCK.fullmatch(text[:5] if text.count(":") == 2 else text)
        if not text:
            return None
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
        if hour > 23 or minute > 59:
            self.fail(name, "Dit is geen tijd. Schrijf hem als 13.30.")
            return None
        return time(hour, minute)

    def phone(self, name: str) -> str | None:
        """A telephone number with its digits grouped as they were typed."""
        text = one_line(self.raw(name))
        if not text:
            return None
        digits = re.sub(r"\D", "", text)
        if not PHONE.fullmatch(text) or len(digits) not in DIGITS:
            self.fail(name, "Dit is geen telefoonnummer. Schrijf het als 020 123 45 67.")
        elif len(digits) in (9, 11, 12) and digits[0] == "0" and text[0] != "+":
            self.fail(name, f"Dit nummer heeft {len(digits)} cijfers. Een nummer heeft er tien.")
        return text

    def mail(self, name: str) -> str | None:
        """A mail address in small letters."""
        text = self.raw(name)
        try:
            return folded(text) if text else None
        except AccountError as error:
            self.fail(name, str(error))
            return text

    def website(self, name: str) -> str | None:
        """A web address; one without a scheme gets https."""
        text = self.raw(name)
        if not text:
            return None
        full = text if "://" in text else f"https://{text}"
        try:
            parts = urlsplit(full)
            host = parts.hostname or ""
        except ValueError:
            host = ""
        is_web = full.startswith(("https://", "http://")) and "." in host.strip(".")
        if not is_web or re.search(r"\s", full) or len(full) > 300 or parts.username:
            self.fail(name, "Dit is geen webadres. Schrijf het als www.organisatie.nl.")
        return full


def _iso(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)
