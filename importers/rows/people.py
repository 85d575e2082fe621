"""Rows of contacts.csv and teams.csv: people, the areas they hold, teams and their members."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from importers.rows import cells
from importers.rows.cells import many_of, terms
from importers.rows.listings import (
    PLACE_COLUMNS,
    CellRow,
    Code,
    Name,
    Rule,
    Words,
    Years,
    YesNo,
    code,
    columns_of,
)
from socialmap.models.terms import DetailKind, Language, Weekday
from socialmap.teams import read_hours, written

Key = Annotated[str, code(cells.key)]
Required = Annotated[str, BeforeValidator(cells.required)]
Phone = Annotated[str | None, code(cells.phone)]
Mail = Annotated[str | None, code(cells.mail)]
Day = Annotated[date | None, code(cells.day)]


def _hours(cell: str) -> str:
    return written(read_hours(cell))


class ContactRow(CellRow):
    """One person as the file tells it."""

    key: Key = Field(alias="id")
    name: Required = Field(alias="naam")
    role: str = Field(alias="rol")
    organisation: str = Field(alias="organisatie")
    phone: Phone = Field(alias="telefoon")
    mobile: Phone = Field(alias="mobiel")
    whatsapp: Phone = Field(alias="whatsapp")
    mail: Mail = Field(alias="mail")
    days: Annotated[list[Weekday], code(many_of(terms(Weekday)))] = Field(alias="dagen")
    languages: Annotated[list[Language], code(many_of(terms(Language)))] = Field(alias="talen")
    former_employer: str = Field(alias="vorige_werkgever")
    photo: str = Field(alias="foto")
    public: Annotated[list[DetailKind], code(many_of(terms(DetailKind)))] = Field(alias="openbaar")
    consent_on: Day = Field(alias="toestemming_op")
    consent_by: Name = Field(alias="toestemming_door")
    consent_until: Day = Field(alias="toestemming_tot")
    note: str = Field(alias="toelichting")
    areas: Words = Field(alias="contact_voor")
    deputy: Code = Field(alias="vervanger")
    from_on: Day = Field(alias="van")
    until_on: Day = Field(alias="tot")
    absent_from: Day = Field(alias="afwezig_van")
    absent_until: Day = Field(alias="afwezig_tot")
    confirmed_on: Day = Field(alias="bevestigd_op")
    team: Code = Field(alias="team")
    workplace: str = Field(alias="werkplek")
    hours: Annotated[str, code(_hours)] = Field(alias="aanwezig")
    min_age: Years = Field(alias="leeftijd_van")
    max_age: Years = Field(alias="leeftijd_tm")
    themes: Words = Field(alias="deskundigheid")
    ask_me: str = Field(alias="vraag_mij")
    not_me: str = Field(alias="vraag_niet")
    backup: Code = Field(alias="reserve")
    is_example: YesNo = Field(alias="voorbeeld")

    @property
    def details(self) -> dict[DetailKind, str]:
        """What the file says of this person by kind; some of it empty."""
        return {
            DetailKind.PHONE: self.phone or "",
            DetailKind.MOBILE: self.mobile or "",
            DetailKind.WHATSAPP: self.whatsapp or "",
            DetailKind.MAIL: self.mail or "",
            DetailKind.DAYS: "|".join(self.days),
            DetailKind.LANGUAGES: "|".join(self.languages),
            DetailKind.PHOTO: self.photo,
            DetailKind.FORMER_EMPLOYER: self.former_employer,
        }

    def broken_rules(self) -> Iterator[Rule]:
        """What does not fit together."""
        if self.public and not (self.consent_on and self.consent_by):
            column = "toestemming_door" if self.consent_on else "toestemming_op"
            yield column, "wat openbaar is, mag dat alleen met toestemming: vul dag en wie in"
        if self.areas and self.from_on is None:
            yield "van", "vul in sinds wanneer deze persoon contact is"
        if self.from_on and self.until_on and self.from_on > self.until_on:
            yield "tot", "deze datum ligt vóór van; wissel de datums om"
        if self.absent_from and self.absent_until and self.absent_from > self.absent_until:
            yield "afwezig_tot", "deze datum ligt vóór afwezig_van; wissel de datums om"
        for column, other in (("vervanger", self.deputy), ("reserve", self.backup)):
            if other == self.key:
                yield column, "dit moet iemand anders zijn"


class TeamRow(CellRow):
    """One team as the file tells it; its place columns are a row of their own."""

    key: Key = Field(alias="id")
    kind_code: Required = Field(alias="soort")
    name: Required = Field(alias="naam")
    areas: Words = Field(alias="buurten")
    phone: Phone = Field(alias="telefoon")
    mail: Mail = Field(alias="mail")
    website: Annotated[str | None, code(cells.website)] = Field(alias="website")
    opening: str = Field(alias="open")
    leader: Code = Field(alias="teamleider")
    knows: Words = Field(alias="kennis")
    misses: Words = Field(alias="mist")
    note: str = Field(alias="toelichting")
    is_example: YesNo = Field(alias="voorbeeld")

    def broken_rules(self) -> Iterator[Rule]:
        """What does not fit together."""
        both = sorted(set(self.knows) & set(self.misses))
        if both:
            yield "mist", f"dit staat ook bij kennis: {', '.join(both)}; kies een van beide"


CONTACT_COLUMNS = columns_of(ContactRow)
TEAM_COLUMNS = columns_of(TeamRow) + [name for name in PLACE_COLUMNS if name != "zichtbaarheid"]
