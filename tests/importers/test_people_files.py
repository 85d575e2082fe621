"""Importing contacts.csv and teams.csv: consent, who holds a wijk, teams and their members."""

import csv
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, select

from importers.run import import_contacts, import_teams
from socialmap import db
from socialmap.config import DATA
from socialmap.listings.history import Author
from socialmap.models import Person, Team, TeamMember, WijkContact
from socialmap.models.terms import DetailKind, Door
from socialmap.people import find_person
from socialmap.people.consents import withdraw
from tests.factories import NOW
from tests.importers.rows import contents, counts

CONTACTS, TEAMS = DATA / "contacts.csv", DATA / "teams.csv"
TODAY = date(2026, 11, 23)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def changed(source: Path, path: Path, **cells: dict[str, str]) -> Path:
    """A copy of a file in which the rows with these ids have other cells."""
    rows = [{**row, **cells.get(row["id"].replace("-", "_"), {})} for row in rows_of(source)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_same_people_and_teams_change_nothing(engine: sa.Engine) -> None:
    before = contents(engine)
    people = import_contacts(engine, CONTACTS, save=True)
    teams = import_teams(engine, TEAMS, save=True)
    assert counts(people) == (0, 0, len(rows_of(CONTACTS)), 0)
    assert counts(teams) == (0, 0, len(rows_of(TEAMS)), 0)
    assert contents(engine) == before


def test_only_what_a_person_agreed_to_is_public(engine: sa.Engine) -> None:
    told = {row["id"]: row for row in rows_of(CONTACTS)}
    with Session(engine) as session:
        query = select(Person).options(selectinload(Person.details))
        for person in session.exec(query):
            agreed = {*told[person.key]["openbaar"].split("|"), DetailKind.PHONE}
            assert set(person.public_details(TODAY)) <= agreed


def test_a_changed_number_is_one_changed_person(engine: sa.Engine, tmp_path: Path) -> None:
    path = changed(CONTACTS, tmp_path / "c.csv", ilse_brandsma={"mobiel": "06 0000 0099"})
    assert import_contacts(engine, path).changed == 1
    assert import_contacts(engine, path, save=True).changed == 1
    assert import_contacts(engine, path, save=True).changed == 0


def test_what_was_withdrawn_comes_back_only_with_a_later_consent(
    engine: sa.Engine, tmp_path: Path
) -> None:
    def kinds() -> set[str]:
        with Session(engine) as session:
            person = find_person(session, "ilse-brandsma")
            assert person is not None
            return {str(row.kind) for row in person.details}

    with db.writing(engine) as session:
        ilse = find_person(session, "ilse-brandsma")
        assert ilse is not None
        withdraw(session, ilse, [DetailKind.MOBILE], Author("de persoon zelf", Door.FORM, NOW))
    report = import_contacts(engine, CONTACTS, save=True)
    assert report.changed == 0
    assert [told.split(": ")[1].split(" ")[0] for told in report.notices] == ["mobiel"]
    assert "mobiel" not in kinds()
    agreed = {"toestemming_op": "2026-11-24"}
    path = changed(CONTACTS, tmp_path / "c.csv", ilse_brandsma=agreed)
    report = import_contacts(engine, path, save=True)
    assert (report.changed, report.notices) == (1, [])
    assert "mobiel" in kinds()


def test_public_details_need_consent(engine: sa.Engine, tmp_path: Path) -> None:
    path = changed(CONTACTS, tmp_path / "c.csv", ilse_brandsma={"toestemming_op": ""})
    report = import_contacts(engine, path, save=True)
    assert [problem.column for problem in report.problems] == ["toestemming_op"]
    assert not report.is_saved


def test_a_wijk_has_one_contact_at_a_time(engine: sa.Engine, tmp_path: Path) -> None:
    twice = {"contact_voor": "wijk:AA", "van": "2026-01-01", "tot": ""}
    path = changed(CONTACTS, tmp_path / "c.csv", ilse_brandsma=twice)
    report = import_contacts(engine, path, save=True)
    assert "tegelijk contact voor AA" in report.problems[0].message
    assert not report.is_saved


def test_a_successor_takes_over_in_one_file(engine: sa.Engine, tmp_path: Path) -> None:
    path = changed(
        CONTACTS,
        tmp_path / "c.csv",
        marlies_hoekstra={"tot": "2026-11-30"},
        ilse_brandsma={"contact_voor": "wijk:AA", "van": "2026-12-01", "tot": ""},
    )
    report = import_contacts(engine, path, save=True)
    assert report.is_saved, report.problems
    with Session(engine) as session:
        held = session.exec(select(WijkContact).where(WijkContact.area_code == "AA")).all()
        assert sorted(str(row.until_on) for row in held) == ["2026-11-30", "None"]


def test_unknown_names_are_named(engine: sa.Engine, tmp_path: Path) -> None:
    wrong = {"team": "okt-oud-nord", "deskundigheid": "faalangts", "contact_voor": "wijk:ZZ"}
    path = changed(CONTACTS, tmp_path / "c.csv", ilse_brandsma={**wrong, "van": "2026-01-01"})
    told = {one.column: one.message for one in import_contacts(engine, path).problems}
    assert 'bedoelt u "okt-oud-noord"?' in told["team"]
    assert 'bedoelt u "faalangst"?' in told["deskundigheid"]
    assert "er is geen wijk" in told["contact_voor"]


def test_teams_say_whom_they_serve_and_where_they_are(engine: sa.Engine) -> None:
    with Session(engine) as session:
        query = select(Team).options(selectinload(Team.areas), selectinload(Team.place))
        team = session.exec(query.where(Team.key == "okt-het-meervoud")).one()
        assert team.kind_code == "okt"
        assert team.areas
        assert team.place is not None
        assert team.place.street == "August Allebéplein"
        assert len(session.exec(select(TeamMember)).all()) >= 60


def test_a_team_of_an_unknown_kind_is_refused(engine: sa.Engine, tmp_path: Path) -> None:
    path = changed(TEAMS, tmp_path / "t.csv", okt_het_meervoud={"soort": "okr"})
    report = import_teams(engine, path, save=True)
    assert [(one.column, one.value) for one in report.problems] == [("soort", "okr")]
    assert 'bedoelt u "okt"?' in report.problems[0].message
