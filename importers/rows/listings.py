"""Rows of providers.csv: one listing each, further rows with the same id add a place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from importers.report import Problem
from importers.rows import cells
from importers.rows.cells import Age, SessionCell, coded, many_of, one_of, terms
from importers.rows.tables import Line, Table
from socialmap.listings.files import KINDS, STATUSES, VISIBILITIES
from socialmap.listings.values import one_line
from socialmap.models.terms import (
    Audience,
    Cost,
    Form,
    Language,
    Level,
    ListingKind,
    OnlyFor,
    ReferralRoute,
    Room,
    Setting,
    Status,
    Visibility,
)

LATS, LONS = (52.2, 52.5), (4.7, 5.15)
"""Between these an exact place lies in Amsterdam or Weesp."""
LONGEST_TITLE = 200

Rule = tuple[str, str]
"""The column that breaks a rule, and what would be right."""


def code(read: Any) -> Any:
    """The validator of a cell that holds a code or number, for `Annotated`."""
    return BeforeValidator(coded(read))


def _required(read: Any) -> Any:
    return code(lambda cell: read(cells.required(cell)))


YesNo = Annotated[bool | None, code(cells.yes_or_no)]
Name = Annotated[str | None, BeforeValidator(cells.name)]
Code = Annotated[str | None, code(cells.name)]
Day = Annotated[date | None, code(cells.day)]
Number = Annotated[float | None, code(cells.number)]
Years = Annotated[Age, code(cells.age)]
Words = Annotated[list[str], code(cells.parts)]
Steps = Annotated[list[str], BeforeValidator(cells.parts)]


class CellRow(BaseModel):
    """A row whose cells are read by the column of their alias."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Row = TypeVar("Row", bound=CellRow)


@cache
def columns_of(model: type[CellRow]) -> list[str]:
    """The columns that a row reads."""
    return [str(one.alias) for one in model.model_fields.values()]


class PlaceRow(CellRow):
    """The place columns of a row."""

    name: Name = Field(alias="plek")
    street: Name = Field(alias="straat")
    house_number: Annotated[str | None, code(cells.house_number)] = Field(alias="huisnummer")
    postcode: Annotated[str | None, code(cells.postcode)] = Field(alias="postcode")
    lat: Number = Field(alias="lat")
    lon: Number = Field(alias="lon")
    area: Code = Field(alias="buurt")
    visibility: Annotated[Visibility, _required(one_of(VISIBILITIES))] = Field(
        alias="zichtbaarheid"
    )

    def broken_rules(self) -> Iterator[Rule]:
        """What does not fit together."""
        if self.visibility != Visibility.EXACT:
            yield from self._protected()
        elif not (self.name or self.street or self.lat is not None):
            yield "zichtbaarheid", "bij exact hoort een adres: vul plek, straat en huisnummer in"
        if (self.lat is None) != (self.lon is None):
            yield (
                "lat" if self.lat is None else "lon",
                "vul lat en lon allebei in, of geen van beide",
            )
        elif self.lat is not None and self.lon is not None:
            yield from _outside(self.lat, self.lon)

    def _protected(self) -> Iterator[Rule]:
        word = next(word for word, one in VISIBILITIES.items() if one == self.visibility)
        for name, one in type(self).model_fields.items():
            if name not in ("area", "visibility") and getattr(self, name) is not None:
                yield (
                    str(one.alias),
                    f"dit adres is {word} en mag dus niet bewaard worden; maak deze cel leeg. "
                    "Wat niet getoond mag worden, staat ook niet in de gids",
                )
        if self.visibility == Visibility.AREA and self.area is None:
            yield "buurt", "bij gebied hoort de code van een wijk of groter, zoals NK"
        if self.visibility == Visibility.HIDDEN and self.area is not None:
            yield "buurt", "een verborgen plek heeft geen buurt; maak deze cel leeg"


class ListingRow(CellRow):
    """One listing as the file tells it."""

    key: Annotated[str, code(cells.key)] = Field(alias="id")
    kind: Annotated[ListingKind, _required(one_of(KINDS))] = Field(alias="soort")
    title: Annotated[str, BeforeValidator(cells.required), AfterValidator(one_line)] = Field(
        alias="titel"
    )
    provider: Name = Field(alias="aanbieder")
    provider_is_informal: YesNo = Field(alias="aanbieder_informeel")
    provider_website: Annotated[str | None, code(cells.website)] = Field(alias="aanbieder_site")
    level: Annotated[Level, _required(one_of(terms(Level)))] = Field(alias="niveau")
    themes: Words = Field(alias="themas")
    forms: Annotated[list[Form], code(many_of(terms(Form)))] = Field(alias="vormen")
    audience: Annotated[list[Audience], code(many_of(terms(Audience)))] = Field(alias="doelgroep")
    only_for: Annotated[list[OnlyFor], code(many_of(terms(OnlyFor)))] = Field(alias="alleen_voor")
    min_age: Years = Field(alias="leeftijd_van")
    max_age: Years = Field(alias="leeftijd_tm")
    summary: str = Field(alias="samenvatting")
    description: str = Field(alias="beschrijving")
    professional_note: str = Field(alias="voor_professionals")
    not_for: str = Field(alias="niet_voor")
    criteria: str = Field(alias="criteria")
    routes: Annotated[list[ReferralRoute], code(many_of(terms(ReferralRoute)))] = Field(
        alias="routes"
    )
    papers: str = Field(alias="formulieren")
    steps: Steps = Field(alias="stappen")
    cost: Annotated[Cost | None, code(one_of(terms(Cost)))] = Field(alias="kosten")
    cost_note: str = Field(alias="kosten_toelichting")
    languages: Annotated[list[Language], code(many_of(terms(Language)))] = Field(alias="talen")
    settings: Annotated[list[Setting], code(many_of(terms(Setting)))] = Field(alias="waar")
    coverage: Words = Field(alias="werkgebied")
    sessions: Annotated[list[SessionCell], code(cells.sessions)] = Field(alias="tijden")
    from_on: Day = Field(alias="van")
    until_on: Day = Field(alias="tot")
    contact: Code = Field(alias="contact")
    backup: Code = Field(alias="contact_reserve")
    phone: Annotated[str | None, code(cells.phone)] = Field(alias="telefoon")
    mail: Annotated[str | None, code(cells.mail)] = Field(alias="mail")
    website: Annotated[str | None, code(cells.website)] = Field(alias="website")
    room: Annotated[Room | None, code(one_of(terms(Room)))] = Field(alias="beschikbaar")
    weeks: Annotated[int | None, code(cells.whole_number(0, 520))] = Field(alias="wachtweken")
    reported_on: Day = Field(alias="gemeld_op")
    status: Annotated[Status | None, code(one_of(STATUSES))] = Field(alias="status")
    stopped_on: Day = Field(alias="gestopt_op")
    reason: str = Field(alias="reden")
    alternatives: Words = Field(alias="alternatieven")
    confirmed_on: Day = Field(alias="gecontroleerd_op")
    review_months: Annotated[int | None, code(cells.whole_number(1, 12))] = Field(
        alias="ritme_maanden"
    )
    entered_by: str = Field(alias="ingevoerd_door")
    is_example: YesNo = Field(alias="voorbeeld")

    def broken_rules(self) -> Iterator[Rule]:
        """What does not fit together."""
        if self.provider is None and self.kind != ListingKind.PLACE:
            yield "aanbieder", "vul een aanbieder in; alleen een plek mag zonder"
        if len(self.title) > LONGEST_TITLE:
            yield "titel", f"een titel heeft hoogstens {LONGEST_TITLE} tekens"
        if self.contact and self.contact == self.backup:
            yield "contact_reserve", "de reserve moet iemand anders zijn dan de contactpersoon"
        if self.room and not self.reported_on:
            yield "gemeld_op", "vul in op welke dag gemeld is of er plek is"
        if self.key in self.alternatives:
            yield "alternatieven", "een aanbod is geen alternatief voor zichzelf"
        yield from self._ages_out_of_order()
        yield from self._dates_out_of_order()

    def _ages_out_of_order(self) -> Iterator[Rule]:
        first, last = self.min_age.first_month, self.max_age.last_month
        if first is not None and last is not None and first > last:
            yield "leeftijd_tm", "deze leeftijd ligt onder leeftijd_van; wissel ze om"

    def _dates_out_of_order(self) -> Iterator[Rule]:
        is_stopped = self.status in (Status.ENDED, Status.CLOSED)
        if self.status == Status.ENDED and self.stopped_on is None:
            yield "gestopt_op", "vul in op welke dag het gestopt is"
        if self.stopped_on and not is_stopped:
            yield "gestopt_op", "deze datum hoort alleen bij status gestopt of tijdelijk-dicht"
        start = self.stopped_on if self.status == Status.CLOSED else self.from_on
        if start and self.until_on and start > self.until_on:
            yield "tot", "deze datum ligt vóór het begin; wissel de datums om"
        if not self.sessions and self.from_on:
            yield "van", "deze datum hoort bij tijden; vul tijden in of maak deze cel leeg"
        if not self.sessions and self.until_on and self.status != Status.CLOSED:
            yield "tot", "deze datum hoort bij tijden; vul tijden in of maak deze cel leeg"


PLACE_COLUMNS = columns_of(PlaceRow)
COLUMNS = columns_of(ListingRow) + PLACE_COLUMNS


@dataclass
class Entry:
    """One listing in a file: its row, its places with their lines, and what is wrong."""

    line: int
    key: str
    row: ListingRow | None = None
    places: list[tuple[int, PlaceRow]] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, value: str, message: str, line: int | None = None) -> None:
        """Note that a cell is wrong."""
        self.problems.append(Problem(line or self.line, column, value, message))


def read_listings(table: Table) -> list[Entry]:
    """The listings of a table, good and bad, in the order of the file."""
    entries: list[Entry] = []
    by_key: dict[str, Entry] = {}
    for line in table.lines:
        known = by_key.get(_key(line))
        if known and _only_adds_a_place(line):
            _read_place(known, line)
            continue
        entry = _read_entry(line)
        if known:
            message = (
                f"dit id staat ook op regel {known.line}. Een regel die een plek toevoegt, vult "
                "alleen id en de kolommen van de plek; geef anders een eigen id"
            )
            entry.refuse("id", line.cells["id"], message)
        by_key.setdefault(entry.key, entry)
        entries.append(entry)
    return entries


def read_row(model: type[Row], line: Line) -> tuple[Row | None, list[Problem]]:
    """A row of a file as `model`, or the problems with its cells."""
    try:
        return model.model_validate({name: line.cells[name] for name in columns_of(model)}), []
    except ValidationError as error:
        return None, [_cell_problem(line, detail) for detail in error.errors()]


def _read_entry(line: Line) -> Entry:
    entry = Entry(line.number, _key(line), cells=line.cells)
    entry.row, entry.problems = read_row(ListingRow, line)
    if entry.row:
        _judge(entry, entry.row.broken_rules(), line)
    if any(line.cells[column] for column in PLACE_COLUMNS):
        _read_place(entry, line)
    return entry


def _key(line: Line) -> str:
    return cells.name(line.cells["id"]) or ""


def _read_place(entry: Entry, line: Line) -> None:
    place, problems = read_row(PlaceRow, line)
    entry.problems += problems
    if place:
        entry.places.append((line.number, place))
        _judge(entry, place.broken_rules(), line)


def _judge(entry: Entry, broken: Iterator[Rule], line: Line) -> None:
    for column, message in broken:
        entry.refuse(column, line.cells[column], message, line.number)


def _only_adds_a_place(line: Line) -> bool:
    filled = {column for column, cell in line.cells.items() if cell}
    return filled <= {"id", *PLACE_COLUMNS} and len(filled) > 1


def _cell_problem(line: Line, detail: Any) -> Problem:
    column = str(detail["loc"][0])
    reason = detail.get("ctx", {}).get("error") or detail["msg"]
    return Problem(line.number, column, line.cells[column], str(reason))


def _outside(lat: float, lon: float) -> Iterator[Rule]:
    if _between(lat, LONS) and _between(lon, LATS):
        yield "lat", "lat en lon zijn verwisseld: lat is hier ongeveer 52,4 en lon ongeveer 4,9"
    elif _has_lost_its_point(lat, "52"):
        yield "lat", "Excel liet de komma weg; schrijf graden met een komma, zoals 52,37"
    elif lat < 1000 and _has_lost_its_point(lon, "4"):
        yield "lon", "Excel liet de komma weg; schrijf graden met een komma, zoals 4,90"
    elif lat > 1000:
        yield "lat", "dit lijkt een RD-coördinaat; geef graden (WGS 84), zoals 52,37 en 4,90"
    else:
        if not _between(lat, LATS):
            yield "lat", "dit ligt buiten Amsterdam; lat ligt tussen 52,2 en 52,5"
        if not _between(lon, LONS):
            yield "lon", "dit ligt buiten Amsterdam; lon ligt tussen 4,7 en 5,15"


def _has_lost_its_point(degrees: float, start: str) -> bool:
    """Was `52.391` read as a number with thousands?"""
    return degrees > 1000 and degrees.is_integer() and str(int(degrees)).startswith(start)


def _between(number: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= number <= bounds[1]
