"""Judging what was typed about a person: what is wrong, where, and what would be right."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from socialmap.labels import day
from socialmap.listings.values import one_line, plain_lines
from socialmap.models.terms import DetailKind, DetailVisibility
from socialmap.people.checks import CODES
from socialmap.people.edits import Agreement, Consent, PersonValues
from socialmap.people.entry import NOBODY, PLAIN, SHOWN, Consented, Entry

LONGEST = {"naam": 100, "rol": 100, "organisatie": 100, "toelichting": 600}
LONGEST_DETAIL = 150
CONSENT = ("door", "op", "tot")
FIELDS = (
    *PLAIN,
    "minderjarig",
    *CONSENT,
    *(
        f"{kind}{part}"
        for kind in SHOWN
        for part in ("", "-zonder-kind", "-wie", *(f"-{one}" for one in CONSENT))
    ),
)
"""Every field of the form, in its order."""
PHONE = re.compile(r"\+?[\d()][\d ()./-]{1,24}")
LEAST_DIGITS = {DetailKind.PHONE: 3, DetailKind.MOBILE: 9, DetailKind.WHATSAPP: 9}
"""A function number may be a short one."""
DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")

NAMELESS = "Vul een naam in. Alleen een voornaam mag ook."
TOO_LONG = "Dit is te lang. Gebruik hoogstens {} tekens."
AGELESS = "Kies of deze persoon jonger is dan 18 jaar."
MINOR = "Wie jonger is dan 18, kan geen contactpersoon zijn. Vul een volwassene in."
NO_PHONE = "Dit is geen telefoonnummer. Schrijf het als 020 000 00 12."
NO_MAIL = "Dit is geen mailadres. Schrijf het als naam@organisatie.nl."
UNKNOWN = "Kies uit de lijst."
WHO = "Kies wie dit mag zien. Wilt u het niet bewaren? Kies ‘niemand’."
NO_CONSENT = (
    "Vul in wie hier toestemming voor gaf en op welke dag. Gold één gesprek voor alles? Vul het "
    "dan bovenaan één keer in."
)
BY_WHOM = "Vul in wie de toestemming gaf."
WHEN = "Vul in op welke dag de toestemming is gegeven."
NO_DAY = "Dit is geen dag. Schrijf een dag als 23-11-2026."
NOT_YET = "Deze dag is nog niet geweest. Vul de dag in waarop de toestemming is gegeven."
BEFORE = "Deze dag ligt vóór de dag van de toestemming."
OVER = (
    "Deze toestemming liep tot en met {}. Vraag het opnieuw en vul de nieuwe dagen in, of kies "
    "‘niemand’."
)
NO_PHOTO = "Kies een foto, of kies ‘niemand’."
NO_CHILD = "Kruis aan dat er geen kind op de foto staat. Staat er wel een op? Kies een andere."


@dataclass
class Judgement:
    """What was typed as values, and what is wrong by the name of its field, in their order."""

    entry: Entry
    before: PersonValues
    today: date
    errors: dict[str, str] = field(default_factory=dict)

    def values(self) -> PersonValues:
        """The person as typed; of use only when there are no errors."""
        plain: dict[str, Any] = {name: self._plain(of_form) for of_form, name in PLAIN.items()}
        self._judge_age()
        details = {kind: value for kind in DetailKind if (value := self._value(kind))}
        agreements = {kind: self._agreement(kind, value) for kind, value in details.items()}
        self.errors = {name: self.errors[name] for name in FIELDS if name in self.errors}
        return PersonValues(
            key=self.before.key,
            is_example=self.before.is_example,
            details=details,
            agreements=agreements,
            **plain,
        )

    def _wrong(self, name: str, message: str) -> None:
        self.errors.setdefault(name, message)

    def _plain(self, name: str) -> str:
        clean = plain_lines if name == "toelichting" else one_line
        text = clean(getattr(self.entry, PLAIN[name])).strip()
        if name == "naam" and not text:
            self._wrong(name, NAMELESS)
        if len(text) > LONGEST[name]:
            self._wrong(name, TOO_LONG.format(LONGEST[name]))
        return text

    def _judge_age(self) -> None:
        if self.entry.is_minor != "nee":
            self._wrong("minderjarig", MINOR if self.entry.is_minor == "ja" else AGELESS)

    # Details

    def _value(self, kind: DetailKind) -> str:
        """What a detail says; empty for one that is not to be kept."""
        row = self.entry.detail(kind)
        text = one_line(row.value)
        if row.who == NOBODY:
            return ""
        if kind == DetailKind.PHOTO:
            self._judge_photo(text, row.who)
        elif text and (message := _fault(kind, text)):
            self._wrong(kind, message)
        if text and row.who not in set(DetailVisibility):
            self._wrong(f"{kind}-wie", WHO)
        return text

    def _judge_photo(self, name: str, who: str) -> None:
        if who and not name:
            self._wrong("foto", NO_PHOTO)
        is_new = name != self.before.details.get(DetailKind.PHOTO, "")
        if name and is_new and not self.entry.is_without_child:
            self._wrong("foto-zonder-kind", NO_CHILD)

    def _agreement(self, kind: DetailKind, value: str) -> Agreement:
        who = self.entry.detail(kind).who
        visibility = next(
            (one for one in DetailVisibility if one == who), DetailVisibility.PROFESSIONALS
        )
        if kind == DetailKind.PHONE:  # of the role, not of the person
            return Agreement(visibility, self._consent_before(kind))
        if not self.errors.keys().isdisjoint((kind, f"{kind}-wie")):
            return Agreement(visibility)
        return Agreement(visibility, self._consent(kind, value, visibility))

    def _consent_before(self, kind: DetailKind) -> Consent | None:
        found = self.before.agreements.get(kind)
        return found.consent if found else None

    def _consent(
        self, kind: DetailKind, value: str, visibility: DetailVisibility
    ) -> Consent | None:
        """The consent for a detail: its own, else the one that was asked for all at once.

        What a file kept for professionals without any may stay so while nothing of it changes.
        """
        own, at_once = self.entry.detail(kind).consent, self.entry.consent
        if any(own):
            return self._read(own, f"{kind}-")
        if any(at_once):
            return self._read(at_once, "")
        is_same = self.before.details.get(kind) == value
        was, without = self.before.agreements.get(kind), Agreement(DetailVisibility.PROFESSIONALS)
        if not is_same or was != without or visibility != without.visibility:
            self._wrong(f"{kind}-door", NO_CONSENT)
        return None

    def _read(self, told: Consented, prefix: str) -> Consent | None:
        """A consent as typed in the fields with this prefix; None when something is wrong."""
        by = one_line(told.by)
        if not by:
            self._wrong(f"{prefix}door", BY_WHOM)
        if len(by) > LONGEST["naam"]:
            self._wrong(f"{prefix}door", TOO_LONG.format(LONGEST["naam"]))
        on = self._day(told.on, f"{prefix}op")
        until = self._day(told.until, f"{prefix}tot")
        if not told.on:
            self._wrong(f"{prefix}op", WHEN)
        if on and on > self.today:
            self._wrong(f"{prefix}op", NOT_YET)
        if on and until and until < on:
            self._wrong(f"{prefix}tot", BEFORE)
        elif until and until < self.today:
            self._wrong(f"{prefix}tot", OVER.format(day(until)))
        return Consent(on, by, until) if on and by else None

    def _day(self, text: str, name: str) -> date | None:
        """A day as `2026-11-23` or `23-11-2026`; None when empty or wrong."""
        if not text:
            return None
        try:
            if found := DAY.fullmatch(text):
                return date(int(found[3]), int(found[2]), int(found[1]))
            return date.fromisoformat(text)
        except ValueError:
            self._wrong(name, NO_DAY)
            return None


def _fault(kind: DetailKind, text: str) -> str:
    """What is wrong with what a detail says; empty when nothing is."""
    if len(text) > LONGEST_DETAIL:
        return TOO_LONG.format(LONGEST_DETAIL)
    if kind in LEAST_DIGITS:
        is_phone = PHONE.fullmatch(text) and len(re.sub(r"\D", "", text)) >= LEAST_DIGITS[kind]
        return "" if is_phone else NO_PHONE
    if kind == DetailKind.MAIL:
        try:
            validate_email(text, check_deliverability=False)
        except EmailNotValidError:
            return NO_MAIL
    if kind in CODES and not set(text.split("|")) <= set(CODES[kind]):
        return UNKNOWN
    return ""
