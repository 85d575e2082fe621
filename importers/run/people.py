"""Importing contacts.csv and teams.csv: dry unless told to save, and all or nothing."""

from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from importers.report import Problem, Report, did_you_mean
from importers.rows.listings import PlaceRow, read_row
from importers.rows.people import CONTACT_COLUMNS, TEAM_COLUMNS, ContactRow, TeamRow
from importers.rows.tables import Line, Table, read_table
from importers.run.checks import Known, area_code, right_area, wrong_buurt
from socialmap import db
from socialmap.geo.tree import AreaTree
from socialmap.labels import label, listed
from socialmap.listings.places import PlaceBook
from socialmap.listings.values import PlaceValues
from socialmap.models.terms import AreaLevel
from socialmap.people import (
    Consent,
    OverlapError,
    PersonValues,
    WijkContactValues,
    save_people,
    save_wijk_contacts,
)
from socialmap.people.consents import withdrawn, without
from socialmap.teams import (
    TEAM_KINDS,
    MemberValues,
    TeamValues,
    save_member,
    save_team,
    save_team_kinds,
    team_keys,
)

R = TypeVar("R", ContactRow, TeamRow)


class Told(NamedTuple, Generic[R]):
    """A row that could be read, and its line."""

    line: Line
    row: R


def import_contacts(engine: sa.Engine, path: Path, *, save: bool = False) -> Report:
    """Import people, the areas they hold and the teams they are in."""
    report = Report(path.name)
    people = read_contacts(path, report)
    with db.writing(engine) as session:
        write_contacts(session, people, report)
        _settle(session, report, save=save)
    return report


def import_teams(engine: sa.Engine, path: Path, *, save: bool = False) -> Report:
    """Import teams. A leader who is not known yet is left out, with a notice."""
    report = Report(path.name)
    teams, places = read_teams(path, report)
    with db.writing(engine) as session:
        write_teams(session, teams, places, report)
        _settle(session, report, save=save)
    return report


def _settle(session: Session, report: Report, *, save: bool) -> None:
    """Undo what must not be kept, and finish the report."""
    report.problems.sort()
    report.wrong = len({problem.line for problem in report.problems})
    report.is_saved = save and not report.problems
    if not report.is_saved:
        session.rollback()


# Reading


def read_contacts(path: Path, report: Report) -> list[Told[ContactRow]]:
    """The people of a file; what is wrong goes to the report."""
    return list(_read(ContactRow, read_table(path, CONTACT_COLUMNS), report))


def read_teams(path: Path, report: Report) -> tuple[list[Told[TeamRow]], dict[str, PlaceRow]]:
    """The teams of a file, and the place of each by its key; what is wrong goes to the report."""
    table = read_table(path, TEAM_COLUMNS)
    teams = list(_read(TeamRow, table, report))
    places = {}
    for line, team in teams:
        if not line.cells["straat"]:
            continue
        cells = line.cells | {"zichtbaarheid": "exact"}
        place, problems = read_row(PlaceRow, Line(line.number, cells))
        report.problems += problems
        if place:
            places[team.key] = place
            _judge(line, place.broken_rules(), report)
    return teams, places


def _read(model: type[R], table: Table, report: Report) -> Iterator[Told[R]]:
    report.problems += table.problems
    first: dict[str, int] = {}
    for line in table.lines:
        row, problems = read_row(model, line)
        report.problems += problems
        if row is None:
            continue
        _judge(line, row.broken_rules(), report)
        if row.key in first:
            message = f"dit id staat ook op regel {first[row.key]}; geef een eigen id"
            report.problems.append(Problem(line.number, "id", row.key, message))
        first.setdefault(row.key, line.number)
        yield Told(line, row)


def _judge(line: Line, broken: Iterable[tuple[str, str]], report: Report) -> None:
    for column, message in broken:
        value = line.cells.get(column, "")
        report.problems.append(Problem(line.number, column, value, message))


# Writing


def write_contacts(session: Session, people: Sequence[Told[ContactRow]], report: Report) -> None:
    """Keep people and what they do, unless the report has problems, old or new."""
    known = Known.of(session)
    _check_contacts(people, known, set(team_keys(session)), report)
    if report.problems:
        return
    changed = set(save_people(session, list(_agreed(session, people, report))))
    try:
        changed |= save_wijk_contacts(session, _wijk_contacts(people, known.tree))
    except OverlapError as error:
        _name_overlap(error, people, report)
        return
    for _, row in people:
        if row.team and save_member(session, _member(row)):
            changed.add(row.key)
    _count(report, {row.key for _, row in people}, known.people, changed)


def write_teams(
    session: Session,
    teams: Sequence[Told[TeamRow]],
    places: dict[str, PlaceRow],
    report: Report,
) -> None:
    """Keep teams, unless the report has problems, old or new."""
    known = Known.of(session)
    _check_teams(teams, known, report)
    for line, row in teams:
        place = places.get(row.key)
        if place and place.area and (message := wrong_buurt(place.area, known.tree)):
            report.problems.append(Problem(line.number, "buurt", place.area, message))
    if report.problems:
        return
    save_team_kinds(session)
    book = PlaceBook(session, known.tree)
    before = frozenset(team_keys(session))
    changed = {
        row.key
        for _, row in teams
        if save_team(session, _team(row, places.get(row.key), known), book)
    }
    _count(report, {row.key for _, row in teams}, before, changed)


def _count(report: Report, keys: set[str], before: Container[str], changed: set[str]) -> None:
    report.created = sum(key not in before for key in keys)
    report.changed = sum(key in before for key in changed)
    report.unchanged = len(keys) - report.created - report.changed


def _check_contacts(
    people: Sequence[Told[ContactRow]], known: Known, teams: set[str], report: Report
) -> None:
    keys = known.people | {row.key for _, row in people}
    for line, row in people:
        for column, names, of in (
            ("vervanger", [row.deputy], keys),
            ("reserve", [row.backup], keys),
            ("team", [row.team], teams),
            ("deskundigheid", row.themes, known.themes),
        ):
            _check_names(line, column, names, of, report)
        for word in row.areas:
            if area_code(word, known.tree) is None:
                message = right_area(word, known.tree)
                report.problems.append(Problem(line.number, "contact_voor", word, message))


def _check_teams(teams: Sequence[Told[TeamRow]], known: Known, report: Report) -> None:
    kinds = [code for code, _, _ in TEAM_KINDS]
    buurten = {node.code for node in known.tree.at_level(AreaLevel.BUURT)}
    for line, row in teams:
        _check_names(line, "soort", [row.kind_code], kinds, report)
        _check_names(line, "buurten", row.areas, buurten, report)
        _check_names(line, "kennis", row.knows, known.themes, report)
        _check_names(line, "mist", row.misses, known.themes, report)
        if row.leader and row.leader not in known.people:
            report.notices.append(
                f"regel {line.number}, {row.key}: teamleider {row.leader} is nog niet bekend en "
                "blijft leeg; importeer de personen en daarna dit bestand nog eens"
            )


def _check_names(
    line: Line,
    column: str,
    names: Iterable[str | None],
    of: Iterable[str],
    report: Report,
) -> None:
    known = frozenset(of)
    for name in names:
        if name and name not in known:
            message = f"dit is onbekend; {did_you_mean(name, sorted(known))}"
            report.problems.append(Problem(line.number, column, name, message))


def _name_overlap(error: OverlapError, people: Sequence[Told[ContactRow]], report: Report) -> None:
    message = (
        f"{' en '.join(sorted(error.people))} zijn tegelijk contact voor {error.area_code}; "
        "geef de een een einddatum (tot) vóór het begin (van) van de ander"
    )
    lines = [line for line, row in people if row.key in error.people]
    line = lines[-1] if lines else Line(0, {"contact_voor": ""})
    report.problems.append(
        Problem(line.number, "contact_voor", line.cells["contact_voor"], message)
    )


# From rows to values


def person_values(row: ContactRow) -> PersonValues:
    """The person of a row."""
    consent = None
    if row.consent_on and row.consent_by:
        consent = Consent(row.consent_on, row.consent_by, row.consent_until)
    return PersonValues(
        key=row.key,
        name=row.name,
        role=row.role,
        organisation=row.organisation,
        note=row.note,
        is_example=bool(row.is_example),
        details=row.details,
        public=frozenset(row.public),
        consent=consent,
    )


def _agreed(
    session: Session, people: Iterable[Told[ContactRow]], report: Report
) -> Iterator[PersonValues]:
    """The people of a file without what they withdrew since, which is said."""
    taken = withdrawn(session)
    for line, row in people:
        values = person_values(row)
        kept = without(values, taken.get(row.key, {}))
        gone = [label(kind) for kind in values.details if kind not in kept.details]
        if gone:
            report.notices.append(
                f"regel {line.number}, {row.key}: {listed(gone)} ingetrokken of gewist en komt "
                "niet terug; wel met een toestemming (toestemming_op) van later"
            )
        yield kept


def _wijk_contacts(
    people: Iterable[Told[ContactRow]], tree: AreaTree
) -> Iterator[WijkContactValues]:
    for _, row in people:
        for word in row.areas:
            code = area_code(word, tree)
            if code and row.from_on:
                yield WijkContactValues(
                    area_code=code,
                    person=row.key,
                    from_on=row.from_on,
                    until_on=row.until_on,
                    deputy=row.deputy,
                    absent_from=row.absent_from,
                    absent_until=row.absent_until,
                    confirmed_on=row.confirmed_on,
                )


def _member(row: ContactRow) -> MemberValues:
    return MemberValues(
        team=row.team or "",
        person=row.key,
        backup=row.backup,
        workplace=row.workplace,
        hours=row.hours,
        from_on=row.from_on,
        until_on=row.until_on,
        min_age_months=row.min_age.first_month,
        max_age_months=row.max_age.last_month,
        ask_me=row.ask_me,
        not_me=row.not_me,
        themes=frozenset(row.themes),
    )


def _team(row: TeamRow, place: PlaceRow | None, known: Known) -> TeamValues:
    return TeamValues(
        key=row.key,
        kind_code=row.kind_code,
        name=row.name,
        place=_place(place) if place else None,
        areas=frozenset(row.areas),
        leader=row.leader if row.leader in known.people else None,
        phone=row.phone,
        mail=row.mail,
        website=row.website,
        opening=row.opening,
        note=row.note,
        knows=frozenset(row.knows),
        misses=frozenset(row.misses),
        is_example=bool(row.is_example),
    )


def _place(row: PlaceRow) -> PlaceValues:
    return PlaceValues(**{**row.model_dump(exclude={"area"}), "area_code": row.area})
