"""`flask check`: a line for each thing that is wrong, nothing changed, and 1 when there is any."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, select

from socialmap import cli, db
from socialmap.app import create_app
from socialmap.listings.values import PlaceValues
from socialmap.models import (
    Contact,
    FormerSlug,
    Listing,
    Person,
    PersonDetail,
    Team,
    TeamArea,
    WijkContact,
)
from socialmap.models.terms import ContactRole, DetailKind, DetailVisibility
from socialmap.search.answer.engine import Searcher
from tests.conftest import settings_in
from tests.factories import TODAY, listing, save

IN_UTRECHT = PlaceValues(name="Domplein", lat=52.0907, lon=5.1214)
A_DAY = timedelta(days=1)


class Operator:
    """Someone who keeps a directory, and asks what is wrong with it."""

    def __init__(self, app: Flask) -> None:
        cli.init_app(app)
        self._runner = app.test_cli_runner()
        self.engine: sa.Engine = app.extensions["engine"]
        self.searcher: Searcher = app.extensions["searcher"]
        with Session(self.engine) as session:
            self.people = list(session.exec(select(Person).order_by(Person.key).limit(2)))

    def saves(self, key: str = "kop-op", **values: Any) -> None:
        """Save a listing that has all it needs but for what `values` says."""
        save(self.engine, listing(key, **{"contact": self.people[0].key, **values}))
        self.searcher.store.drain(self.engine)

    def writes(self, *rows: Any) -> None:
        """Write rows past the one door."""
        with db.writing(self.engine) as session:
            session.add_all(rows)

    def runs(self, statement: str) -> None:
        """Change the tables past the one door."""
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement))

    def is_told(self) -> list[str]:
        """The lines of the check; proves that it ends as it should."""
        result = self._runner.invoke(args=["check"])
        lines: list[str] = result.output.splitlines()
        if result.exit_code == 0:
            assert lines == ["Alles klopt."]
            return []
        assert result.exit_code == 1, result.exception
        return lines


@pytest.fixture
def operator(app: Flask) -> Operator:
    return Operator(app)


def test_a_sound_directory_is_told_so(operator: Operator) -> None:
    operator.saves()
    assert operator.is_told() == []


def test_two_at_once_in_one_area_are_told(operator: Operator) -> None:
    one, other = (person.id for person in operator.people)
    first = {"area_code": "NK03", "person_id": one, "from_on": date(2026, 1, 1)}
    operator.writes(WijkContact(**first, until_on=date(2026, 6, 30)))
    operator.writes(WijkContact(area_code="NK03", person_id=other, from_on=date(2026, 7, 1)))
    assert operator.is_told() == []
    operator.runs("UPDATE wijk_contact SET from_on = '2026-06-30' WHERE from_on = '2026-07-01'")
    [line] = operator.is_told()
    assert line == (
        f"Van der Pekbuurt (NK03): {operator.people[0].name} en {operator.people[1].name} zijn "
        "tegelijk wijkcontact (2026-01-01 t/m 2026-06-30 en 2026-06-30 t/m …)"
    )


def test_two_at_once_for_one_listing_are_told_but_not_the_day_of_the_change(
    operator: Operator,
) -> None:
    operator.saves()
    with Session(operator.engine) as session:
        contact = session.exec(select(Contact).where(Contact.listing_id.is_not(None))).one()
    earlier = {
        "listing_id": contact.listing_id,
        "person_id": operator.people[1].id,
        "role": ContactRole.PRIMARY,
    }
    operator.writes(Contact(**earlier, until_on=TODAY))
    assert operator.is_told() == []
    operator.runs("UPDATE contact SET until_on = '2026-11-24' WHERE until_on IS NOT NULL")
    [line] = operator.is_told()
    assert line.startswith("kop-op: ")
    assert "zijn tegelijk contactpersoon" in line


def test_codes_that_nobody_knows_are_told(operator: Operator) -> None:
    detail = {"value": "ma|zon", "visibility": DetailVisibility.PROFESSIONALS}
    with Session(operator.engine) as session:
        session.exec(sa.delete(PersonDetail).where(PersonDetail.kind == DetailKind.DAYS))
        session.commit()
        team = session.exec(select(Team).order_by(Team.key)).first()
        assert team
    operator.writes(
        PersonDetail(person_id=operator.people[0].id, kind=DetailKind.DAYS, **detail),
        TeamArea(team_id=team.id, area_code="NK"),
        FormerSlug(noun="listing", slug="oud", now_slug="nergens"),
    )
    assert operator.is_told() == [
        f"{operator.people[0].key}: onbekende code ‘zon’ bij bereikbare dagen",
        f"team {team.key}: NK is een wijk, geen buurt",
        "oud adres oud: onbekende code ‘nergens’",
    ]


def test_an_offer_needs_somebody_to_call_and_somebody_to_serve(operator: Operator) -> None:
    operator.saves("een", contact=None, coverage=[])
    operator.saves("gestopt", contact=None, coverage=[], status="ended", ended_on="2026-01-01")
    operator.saves("concept", contact=None, coverage=[], status="draft")
    operator.saves("plek", contact=None, coverage=[], kind="place")
    operator.saves("later", contact=None, status="ended", ended_on="2027-01-01")
    assert operator.is_told() == [
        "aanbod een: heeft geen contactpersoon",
        "aanbod een: heeft geen werkgebied",
        "aanbod later: heeft geen contactpersoon",
    ]


def test_a_place_outside_the_city_is_told(operator: Operator) -> None:
    operator.saves(places=[IN_UTRECHT])
    assert operator.is_told() == ["plek domplein: 52.0907, 5.1214 ligt buiten de stad"]


def test_copies_that_differ_from_the_tables_are_told(operator: Operator) -> None:
    operator.saves()
    operator.saves("anders")
    operator.runs("UPDATE listing SET description = 'Iets nieuws.' WHERE key = 'kop-op'")
    operator.runs("UPDATE listing SET title = 'Nieuw' WHERE key = 'anders'")
    card = "de kaart in de lijsten is niet gelijk aan de tabellen; bewaar het aanbod opnieuw"
    assert operator.is_told() == [
        f"aanbod anders: {card}",
        "zoekregister: aanbod anders is verouderd; maak het opnieuw: flask reindex",
        "zoekregister: aanbod kop-op is verouderd; maak het opnieuw: flask reindex",
    ]


def test_what_the_index_misses_or_still_holds_is_told(operator: Operator) -> None:
    operator.saves("blijft")
    operator.saves("gaat")
    save(operator.engine, listing("wacht", contact=operator.people[0].key))
    assert operator.is_told() == [], "what waits in the outbox is no fault"
    save(operator.engine, listing("vergeten", contact=operator.people[0].key))
    operator.runs("DELETE FROM outbox")
    with Session(operator.engine) as session:
        gone = session.exec(select(Listing.id).where(Listing.key == "gaat")).one()
    operator.runs("DELETE FROM listing WHERE key = 'gaat'")
    assert operator.is_told() == [
        f"zoekregister: {gone} staat er nog in, maar niet meer in de tabellen",
        "zoekregister: aanbod vergeten ontbreekt; maak het opnieuw: flask reindex",
        "zoekregister: aanbod wacht ontbreekt; maak het opnieuw: flask reindex",
    ]


def test_a_missing_index_is_told_and_not_made(operator: Operator, folder: Path) -> None:
    shutil.rmtree(folder / "index")
    [line] = operator.is_told()
    assert line.endswith("flask reindex")
    assert not (folder / "index").exists()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "statement", "told"),
    [
        (
            "foreign_keys = OFF",
            "UPDATE listing_theme SET theme_id = 'onzin'",
            "tabel listing_theme, rij 1: onbekende theme_id; dit staat niet in theme",
        ),
        (
            "ignore_check_constraints = ON",
            "UPDATE listing SET level = 'zwaar'",
            "de database is niet heel: CHECK constraint failed in listing",
        ),
    ],
)
def test_rows_written_past_the_rules_are_told(
    operator: Operator, folder: Path, pragma: str, statement: str, told: str
) -> None:
    operator.saves()
    with closing(sqlite3.connect(folder / "socialmap.db")) as connection:
        connection.execute(f"PRAGMA {pragma}")
        connection.execute(statement)
        connection.commit()
    assert operator.is_told() == [told, "De rest is niet nagekeken: herstel eerst de database."]


def test_checking_changes_nothing(full_city: Path, tmp_path: Path) -> None:
    """The starting set: offers without a named contact are the only thing to mend."""
    folder = Path(shutil.copytree(full_city, tmp_path / "city"))
    before = bytes_in(folder)
    app = create_app(settings_in(folder))
    lines = Operator(app).is_told()
    app.extensions["engine"].dispose()
    assert [line for line in lines if "heeft geen contactpersoon" not in line] == []
    assert bytes_in(folder) == before


def test_without_a_directory_there_is_nothing_to_check(tmp_path: Path) -> None:
    app = create_app(settings_in(tmp_path / "empty"))
    cli.init_app(app)
    result = app.test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 1
    assert "flask setup" in result.output
    assert not (tmp_path / "empty" / "socialmap.db").exists()


def bytes_in(folder: Path) -> dict[str, bytes]:
    """What every file holds, but for the log that SQLite empties by itself."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }
