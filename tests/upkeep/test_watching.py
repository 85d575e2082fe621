"""What wants attention, for who sees to an area."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import accounts, db
from socialmap.models import Change, Listing, Report
from socialmap.models.terms import ReportKind, ReportState, Role
from tests.entering import enter, post
from tests.factories import NOORDLICHT, NOW, TODAY, VAN_DER_PEK, listing, save
from tests.reading import plain
from tests.upkeep.keeping import (
    CHECKED,
    CONTACT,
    DAYS,
    FATMA,
    STALE,
    YARA,
    account,
    keep,
    on,
    remind,
    row,
)

pytestmark = pytest.mark.pages
PAGE = "/bureau/actueel"


@pytest.fixture
def yara(app: Flask, engine: sa.Engine) -> FlaskClient:
    """Who has the Volewijck, with a listing that is asked, one of nobody and one far away."""
    keep(engine, "kop-op")
    fresh = {"confirmed_on": TODAY, "coverage": ["NK"], "contact": None}
    save(engine, listing("verweesd", provider=NOORDLICHT, places=[VAN_DER_PEK], **fresh))
    save(engine, listing("elders", provider=NOORDLICHT, places=[], coverage=["NA"]))
    return enter(app, engine, YARA, Role.WIJK_CONTACT, area="NK")


def seen(client: FlaskClient, query: str = "") -> list[str]:
    """The titles on the page, in their order."""
    page = client.get(PAGE + query).text
    told = plain(page.partition('id="lijst"')[2])
    places = {title: told.find(title) for title in ("Kop op", "Verweesd", "Elders")}
    return sorted((one for one in places if places[one] >= 0), key=lambda one: places[one])


def test_what_nobody_answers_for_comes_first(app: Flask, yara: FlaskClient) -> None:
    on(app, CONTACT - DAYS)
    assert seen(yara, "?soort=niet-gecontroleerd") == []
    on(app, CONTACT)
    assert seen(yara, "?soort=niet-gecontroleerd") == ["Kop op"]
    assert seen(yara) == ["Kop op", "Verweesd"]


def test_it_is_chosen_by_why_and_where(app: Flask, yara: FlaskClient, engine: sa.Engine) -> None:
    on(app, CONTACT)
    assert seen(yara, "?soort=verweesd") == ["Verweesd"]
    assert seen(yara, "?soort=niet-gecontroleerd") == ["Kop op"]
    assert seen(yara, "?soort=onzin&gebied=nergens") == ["Kop op", "Verweesd"]
    assert seen(yara, "?soort=melding") == []
    with db.writing(engine) as session:
        told = {"kind": ReportKind.REACH, "words": "Weg.", "at": NOW, "state": ReportState.OPEN}
        session.add(Report(listing_id=row(engine).id, **told))
    assert seen(yara, "?soort=melding") == ["Kop op"]


def test_somebody_elsewhere_sees_nothing_of_it(
    app: Flask, engine: sa.Engine, yara: FlaskClient
) -> None:
    on(app, STALE)
    kees = enter(app, engine, "kees@wijk.example", Role.WIJK_CONTACT, area="NL")
    assert seen(kees) == []
    rik = enter(app, engine, "rik@gids.example", Role.REDACTEUR)
    assert seen(rik) == ["Kop op", "Elders", "Verweesd"]
    assert seen(rik, "?gebied=volewijck") == ["Kop op", "Verweesd"]


def test_what_was_ticked_is_checked_by_who_ticked_it(
    app: Flask, engine: sa.Engine, yara: FlaskClient
) -> None:
    on(app, STALE)
    status, onward = post(yara, PAGE, klopt=["kop-op", "elders"])
    assert (status, onward) == (303, f"{PAGE}?klaar=1")
    assert row(engine).confirmed_on == STALE
    assert row(engine, "elders").confirmed_on != STALE, "that is of another wijk"
    with Session(engine) as session:
        [change] = session.exec(select(Change).where(Change.field == "confirmed_on"))
        assert change.by == "Yara"
    chosen = f"{PAGE}?soort=verweesd"
    assert post(yara, chosen, klopt=["verweesd"]) == (303, f"{chosen}&klaar=1")
    status, page = post(yara, PAGE)
    assert status == 422
    assert "Vink aan wat u hebt nagekeken." in plain(page)


def test_the_file_holds_the_same(app: Flask, yara: FlaskClient, engine: sa.Engine) -> None:
    save(engine, listing("formule", title="=1+1", provider=NOORDLICHT, coverage=["NK"], places=[]))
    remind(app, CONTACT)
    answer = yara.get(f"{PAGE}.csv?soort=niet-gecontroleerd")
    assert answer.mimetype == "text/csv"
    head, *lines = answer.text.splitlines()
    assert head.lstrip("\ufeff").startswith("titel;aanbieder;gebied;waarom;staat")
    assert [line.split(";")[:3] for line in lines] == [["Kop op", "Draad & Daad", "Volewijck"]]
    assert "2026-11-17" in lines[0], "when it was asked last"
    assert "'=1+1" in yara.get(f"{PAGE}.csv").text


def test_one_s_own_listings_are_ticked_together(
    app: Flask, engine: sa.Engine, yara: FlaskClient
) -> None:
    keep(engine, "naailes", "later", confirmed_on=CHECKED)
    keep(engine, "later", confirmed_on=TODAY)
    fatma = enter(app, engine, FATMA, Role.EDITOR, provider="draad-daad")
    on(app, CONTACT)
    page = plain(fatma.get("/bureau/nakijken").text)
    due, rest = page.split("Later pas weer")
    assert "Kop op" in due
    assert "Naailes" in due
    assert "Later" in rest
    assert "Kijk na of 2 vermeldingen nog kloppen" in plain(fatma.get("/bureau").text)
    status, onward = post(fatma, "/bureau/nakijken", klopt=["naailes", "verweesd"])
    assert (status, onward) == (303, "/bureau/nakijken?klaar=1")
    assert (row(engine, "naailes").confirmed_on, row(engine).confirmed_on) == (CONTACT, CHECKED)


# Who called


@pytest.fixture
def ilse(app: Flask, engine: sa.Engine, yara: FlaskClient) -> FlaskClient:
    """An OKA."""
    on(app, STALE)
    return enter(app, engine, "ilse@okt.example", Role.PROFESSIONAL, name="Ilse, OKA")


def call(client: FlaskClient, name: str = "Ilse, OKA") -> tuple[int, str]:
    return post(client, "/aanbod/kop-op/gebeld", naam=name)


def due(engine: sa.Engine) -> object:
    return row(engine).review_due_on


def test_one_call_holds_two_months_and_two_people_the_whole_rhythm(
    app: Flask, engine: sa.Engine, ilse: FlaskClient, yara: FlaskClient
) -> None:
    assert row(engine).is_stale(STALE)
    assert call(ilse)[0] == 303
    until = STALE.replace(year=2027, month=2)
    assert [row(engine).is_stale(day) for day in (until, until + DAYS)] == [False, True]
    on(app, STALE + 5 * DAYS)
    call(ilse)
    assert due(engine) == until + timedelta(days=5), "the same person twice is one caller"
    call(yara, "Yara")
    assert due(engine) == (STALE + 5 * DAYS).replace(year=2027, month=6)
    assert row(engine).confirmed_on == CHECKED, "a call is no check of who keeps it"
    page = plain(app.test_client().get("/aanbod/kop-op").text)
    assert "Gebeld, klopt: 7 dec 2026" in page
    assert "(3 keer)" in page


def test_a_new_check_ends_what_calls_did(app: Flask, engine: sa.Engine, ilse: FlaskClient) -> None:
    call(ilse)
    keep(engine, "kop-op", confirmed_on=STALE + DAYS)
    assert due(engine) == (STALE + DAYS).replace(year=2027, month=6)
    assert "Gebeld, klopt:" not in plain(app.test_client().get("/aanbod/kop-op").text)


def test_a_call_is_taken_back_by_who_made_it(
    app: Flask, engine: sa.Engine, ilse: FlaskClient, yara: FlaskClient
) -> None:
    call(ilse)
    page = ilse.get("/aanbod/kop-op/gebeld").text
    id = page.partition('name="beller" value="')[2].partition('"')[0]
    back = "/aanbod/kop-op/gebeld/terug"
    assert post(yara, "/bureau", to=back, beller=id)[0] == 404
    assert post(ilse, "/bureau", to=back, beller=id)[0] == 303
    assert (row(engine).called_on, row(engine).callers) == (None, 0)
    assert row(engine).is_stale(STALE)


def test_who_calls_says_under_which_name(ilse: FlaskClient, engine: sa.Engine) -> None:
    assert "Ilse, OKA" in ilse.get("/aanbod/kop-op/gebeld").text
    status, page = call(ilse, " ")
    assert status == 422
    assert "Schrijf hoe u erbij wilt staan" in plain(page)
    status, page = call(ilse, "x" * 61)
    assert "hoogstens 60 tekens" in plain(page)
    assert "x" * 61 in page
    assert row(engine).called_on is None


def test_the_name_goes_with_the_account(app: Flask, engine: sa.Engine, ilse: FlaskClient) -> None:
    from socialmap.reviews.erasing import erase_account

    call(ilse)
    with db.writing(engine) as session:
        found = accounts.get_account(session, account(engine, "ilse@okt.example").id)
        erase_account(session, found)
    page = plain(app.test_client().get("/aanbod/kop-op").text)
    assert "Ilse" not in page
    assert "gewist account" in page
    with Session(engine) as session:
        assert session.exec(select(Listing.callers).where(Listing.key == "kop-op")).one() == 1
