"""The yearly mail: only for who wants it, once a year, and ended without logging in."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from socialmap import db
from socialmap.models import Account, ListingCount
from socialmap.models.terms import Counted, Role
from tests.entering import OWN, enter, post
from tests.reading import plain
from tests.upkeep.keeping import (
    ASKED,
    FATMA,
    account,
    fresh,
    keep,
    letters,
    on,
    remind,
    row,
    stamp,
    text_of,
)

pytestmark = pytest.mark.pages
JANUARY = date(2027, 1, 5)


@pytest.fixture
def fatma(app: Flask, engine: sa.Engine) -> FlaskClient:
    """Who keeps one listing, which was shown 34 times in one month and called 3 times."""
    keep(engine, "kop-op", confirmed_on=date(2026, 12, 20))
    with db.writing(engine) as session:
        told = {"listing_id": row(engine).id, "month": "2026-11", "area_code": ""}
        session.add(ListingCount(**told, what=Counted.SHOWN, count=34))
        session.add(ListingCount(**told, what=Counted.CALLED, count=3))
    return enter(app, engine, FATMA, Role.EDITOR, provider="draad-daad")


def sent(app: Flask) -> list[str]:
    folder = app.extensions["settings"].instance
    return [str(one["Subject"]) for one in letters(folder)]


def test_who_asks_for_it_gets_it_once_in_january(app: Flask, fatma: FlaskClient) -> None:
    for day in (date(2026, 12, 31), JANUARY):
        remind(app, day)
    assert sent(app) == [], "nobody asked for it"
    on(app, ASKED)
    assert post(fatma, "/bureau", to="/bureau/jaarmail", jaarmail="ja")[0] == 303
    assert "U krijgt elk jaar in januari een mail" in plain(fatma.get("/bureau").text)
    told = f"{FATMA}: Wat uw aanbod in 2026 bracht\nTe versturen: 1 mails.\n"
    assert remind(app, JANUARY, "--dry-run").output == told
    for day in (date(2026, 12, 31), date(2027, 1, 4), JANUARY, JANUARY, date(2027, 2, 1)):
        assert remind(app, day).exit_code == 0
    assert sent(app) == ["Wat uw aanbod in 2026 bracht"]


def test_it_tells_what_listings_brought_and_nothing_below_five(
    app: Flask, engine: sa.Engine, fatma: FlaskClient
) -> None:
    on(app, ASKED)
    post(fatma, "/bureau", to="/bureau/jaarmail", jaarmail="ja")
    remind(app, JANUARY)
    [letter] = letters(app.extensions["settings"].instance)
    for kind in ("plain", "html"):
        told = text_of(letter, kind)
        assert "Getoond: ten minste 34" in told, "the months below five are not in it"
        assert "Gebeld of gemaild: minder dan 5 per maand" in told
        assert "Kan beter:" in told
    stop = str(letter["List-Unsubscribe"]).strip("<> ")
    assert stop in text_of(letter)


def test_a_press_ends_it_and_no_duty(app: Flask, engine: sa.Engine, fatma: FlaskClient) -> None:
    on(app, ASKED)
    post(fatma, "/bureau", to="/bureau/jaarmail", jaarmail="ja")
    remind(app, JANUARY)
    [letter] = letters(app.extensions["settings"].instance)
    path = str(letter["List-Unsubscribe"]).strip("<> ").removeprefix("http://localhost:8000")
    on(app, JANUARY)
    visitor = fresh(app)
    assert visitor.get(path).status_code == 200
    assert account(engine, FATMA).wants_yearly, "opening it changes nothing"
    form = {"bewijs": stamp(visitor, path)}
    assert visitor.post(path, data=form, headers=OWN).status_code == 303
    assert not account(engine, FATMA).wants_yearly
    assert visitor.get(path[:-2]).status_code == 404
    keep(engine, "kop-op", confirmed_on=date(2026, 6, 1))
    remind(app, date(2027, 1, 20))
    folder = app.extensions["settings"].instance
    asked = [one["To"] for one in letters(folder) if "Klopt dit nog?" in str(one["Subject"])]
    assert FATMA in asked, "what has to be asked goes on"


def test_a_mail_that_was_not_sent_goes_the_next_time(
    app: Flask, engine: sa.Engine, fatma: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from socialmap.cli import reminding

    with db.writing(engine) as session:
        session.get_one(Account, account(engine, FATMA).id).wants_yearly = True
    with monkeypatch.context() as patch:
        patch.setattr(reminding, "_sent", lambda letter: None)
        assert remind(app, JANUARY).exit_code == 1
    assert account(engine, FATMA).yearly_on is None
    assert remind(app, JANUARY).exit_code == 0
    assert sent(app) == ["Wat uw aanbod in 2026 bracht"]
