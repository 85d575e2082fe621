"""Who left a year ago is erased by a command that may run twice; at once on request, by a form."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, delete

from socialmap import cli, db, people
from socialmap.models import WijkContact
from socialmap.models.terms import DetailKind, DetailVisibility, Role
from socialmap.people import Agreement, Consent, PersonValues, WijkContactValues, album
from tests.entering import enter, post
from tests.factories import NOW, TODAY, listing, save

LEFT = date(2026, 6, 30)
A_YEAR_LATER = date(2027, 7, 1)


@pytest.fixture
def city(app: Flask, engine: sa.Engine) -> Flask:
    """Nora held the Volewijck until the summer and shows a portrait; Fatma has a listing."""
    folder = app.extensions["settings"].uploads_dir
    photo = album.keep(folder, (b"large", b"small"), NOW)
    shown = Agreement(DetailVisibility.PUBLIC, Consent(TODAY, "zelf"))
    with db.writing(engine) as session:
        session.exec(delete(WijkContact).where(WijkContact.area_code == "NK"))
        nora = PersonValues(
            "nora",
            "Nora Dijk",
            details={DetailKind.PHOTO: photo},
            agreements={DetailKind.PHOTO: shown},
        )
        people.save_person(session, nora)
        people.save_person(session, PersonValues("fatma", "Fatma Kaya", role="kok"))
        held = WijkContactValues("NK", "nora", date(2024, 1, 1), until_on=LEFT)
        people.save_wijk_contacts(session, [held])
    save(engine, listing("naailes", contact="fatma"))
    return app


def tidies(app: Flask, on: date, *options: str) -> str:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, today=on.isoformat())
    result = app.test_cli_runner().invoke(cli.tidy, list(options))
    assert result.exit_code == 0, result.output
    return result.output


def names(app: Flask) -> set[str]:
    with Session(app.extensions["engine"]) as session:
        return set(people.person_keys(session)) & {"nora", "fatma"}


def portraits(app: Flask) -> list[Path]:
    return list(app.extensions["settings"].uploads_dir.iterdir())


def test_tidy_erases_who_left_a_year_ago_and_nobody_else(city: Flask) -> None:
    tidies(city, date(2027, 6, 30))
    assert names(city) == {"nora", "fatma"}
    assert len(portraits(city)) == 2
    told = tidies(city, A_YEAR_LATER)
    assert names(city) == {"fatma"}
    assert portraits(city) == []
    assert "Gewist: " in told


def test_tidy_twice_is_the_same_as_once(city: Flask) -> None:
    tidies(city, A_YEAR_LATER)
    assert "Gewist: 0 personen" in tidies(city, A_YEAR_LATER)


def test_a_dry_run_only_says_so(city: Flask) -> None:
    assert "Te wissen: " in tidies(city, A_YEAR_LATER, "--dry-run")
    assert names(city) == {"nora", "fatma"}


def test_who_asks_is_out_of_the_directory_at_once(city: Flask, engine: sa.Engine) -> None:
    redacteur = enter(city, engine, "bo@gids.example", Role.REDACTEUR, name="Bo")
    page = redacteur.get("/bureau/persoon/fatma-kaya/wissen")
    assert "1 keer contact voor aanbod" in page.text
    status, onward = post(redacteur, "/bureau/persoon/fatma-kaya/wissen")
    assert (status, onward) == (303, "/bureau?gewist=1")
    assert "Deze persoon staat nergens meer in de gids" in redacteur.get(onward).text
    assert names(city) == {"nora"}
    assert "Fatma" not in city.test_client().get("/aanbod/naailes").text
    assert city.test_client().get("/persoon/fatma-kaya").status_code == 404
