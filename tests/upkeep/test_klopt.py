"""The links of a digest: by whom and when they are opened, and what they can do."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, select

from socialmap import accounts, db
from socialmap.models import AccountRole, Change, ReviewAsk
from socialmap.models.terms import Role, Status
from socialmap.upkeep import WORKS_DAYS
from socialmap.views import doors
from tests.entering import OWN, enter
from tests.factories import DRAAD, NOORDLICHT, TODAY, listing, save
from tests.reading import plain
from tests.upkeep.keeping import (
    ASKED,
    CHECKED,
    DAYS,
    FATMA,
    YARA,
    account,
    fresh,
    give,
    keep,
    letters,
    links,
    on,
    press,
    remind,
    row,
    stamp,
)

pytestmark = pytest.mark.pages


@pytest.fixture
def mailed(engine: sa.Engine, app: Flask) -> list[str]:
    """The links of the digest about one listing: klopt, five of room, wijzigen, gestopt."""
    keep(engine, "kop-op", room="vol", weeks=8, reported_on=date(2026, 10, 1))
    assert remind(app, ASKED).exit_code == 0
    [letter] = letters(app.extensions["settings"].instance)
    assert letter["To"] == FATMA
    return links(letter)


def test_a_tap_and_a_press_confirm_a_listing(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    on(app, ASKED + DAYS)
    answer = press(fresh(app), mailed[0], doe="klopt", room="vol", weeks="8")
    assert answer.status_code == 303
    assert (row(engine).confirmed_on, row(engine).room) == (ASKED + DAYS, "vol")
    assert row(engine).reported_on == date(2026, 10, 1), "what was not changed is as old as it was"
    page = plain(fresh(app).get(answer.headers["Location"]).text)
    assert "Bedankt. Er staat nu dat dit vandaag gecontroleerd is." in page
    with Session(engine) as session:
        changes = session.exec(select(Change).where(Change.field == "confirmed_on")).all()
        assert [(one.by, one.after) for one in changes] == [("Fatma", "2026-10-21")]


def test_a_tap_on_the_wait_and_a_press_say_how_long_one_waits(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    on(app, ASKED + DAYS)
    path = next(one for one in mailed if one.endswith("plek=vol&weken=12"))
    page = fresh(app).get(path).text
    assert 'value="vol" checked' in page
    assert 'name="weeks" value="12"' in page
    press(fresh(app), path, doe="plek", room="vol", weeks="12")
    found = row(engine)
    assert (found.room, found.weeks, found.reported_on) == ("vol", 12, ASKED + DAYS)
    assert found.confirmed_on == CHECKED, "only the room was told"


def test_a_program_that_opens_every_link_changes_nothing(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    before = row(engine).model_dump()
    for path in mailed:
        answer = fresh(app).get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in answer.headers
        fresh(app).head(path)
    assert row(engine).model_dump() == before


def test_a_link_that_was_used_does_not_confirm_again(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    on(app, ASKED + DAYS)
    press(fresh(app), mailed[0], doe="klopt")
    on(app, ASKED + 30 * DAYS)
    assert "Dit is al gecontroleerd op 21 oktober 2026" in plain(fresh(app).get(mailed[0]).text)
    press(fresh(app), mailed[0], doe="klopt")
    assert row(engine).confirmed_on == ASKED + DAYS


def test_a_link_is_too_old_after_two_months(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    on(app, ASKED + WORKS_DAYS * DAYS)
    assert press(fresh(app), mailed[0], doe="plek", room="plek").status_code == 303
    on(app, ASKED + (WORKS_DAYS + 1) * DAYS)
    for answer in (fresh(app).get(mailed[0]), fresh(app).post(mailed[0], headers=OWN)):
        assert answer.status_code == 410
        assert "Deze link is te oud" in plain(answer.text)
    assert row(engine).confirmed_on == CHECKED


@pytest.mark.parametrize("how", ["left", "ended", "other provider"])
def test_a_link_dies_when_the_listing_changes_hands(
    engine: sa.Engine, app: Flask, mailed: list[str], how: str
) -> None:
    if how == "other provider":
        save(engine, listing(provider=NOORDLICHT, confirmed_on=CHECKED, coverage=["NK"]))
    with db.writing(engine) as session:
        fatma = accounts.get_account(session, account(engine, FATMA).id)
        if how == "ended":
            fatma.ended_on = TODAY
        elif how == "left":
            fatma.roles.clear()
    for path in mailed:
        answer = fresh(app).get(path)
        assert answer.status_code == 410
        assert "U houdt deze vermelding niet meer bij" in plain(answer.text)


@pytest.mark.parametrize("damage", ["cut", "another", "nonsense"])
def test_a_link_that_is_not_ours_opens_nothing(app: Flask, mailed: list[str], damage: str) -> None:
    path = mailed[0]
    told = {
        "cut": path[:-1],
        "another": f"/klopt/B{path[len('/klopt/') + 1 :]}",
        "nonsense": "/klopt/abc.def",
    }
    answer = fresh(app).get(told[damage])
    assert answer.status_code == 404
    assert "Kopieer de hele link" in plain(answer.text)


def test_that_it_stopped_waits_for_a_check(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    on(app, ASKED + DAYS)
    path = mailed[-1]
    assert path.endswith("/gestopt")
    page = fresh(app).get(path).text
    assert 'value="2026-10-21"' in page
    wrong = press(fresh(app), path, ended_on="31-31-2026", reason="Te weinig vrijwilligers.")
    assert wrong.status_code == 422
    assert "Dit is geen datum" in plain(wrong.text)
    assert "Te weinig vrijwilligers." in wrong.text
    answer = press(fresh(app), path, ended_on="2026-10-31", reason="Te weinig vrijwilligers.")
    assert "Wij kijken het na" in plain(fresh(app).get(answer.headers["Location"]).text)
    assert row(engine).status == Status.LIVE


def test_a_link_has_no_more_power_than_logging_in_without_the_code(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    give(engine, FATMA, Role.REDACTEUR)
    on(app, ASKED + DAYS)
    page = press(fresh(app), mailed[-1], ended_on="2026-10-20", reason="Weg.")
    assert "Wij kijken het na" in plain(fresh(app).get(page.headers["Location"]).text)
    assert row(engine).status == Status.LIVE


def test_what_leads_on_to_the_forms_reaches_one_listing_only(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    save(engine, listing("anders", provider=DRAAD, coverage=["NK"]))
    client = app.test_client()
    form = {"bewijs": stamp(client, mailed[0])}
    answer = client.post(f"{mailed[0]}/wijzigen", data=form, headers=OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/bijwerken/kop-op")
    assert client.get("/bijwerken/kop-op").status_code == 200
    assert client.get("/bijwerken/kop-op/toegang").status_code == 200
    for path in ("/bijwerken/anders", "/bureau", "/bureau/nakijken", "/geschiedenis/kop-op"):
        answer = client.get(path)
        assert answer.status_code in (303, 404), path
        assert answer.status_code == 404 or answer.headers["Location"].startswith("/inloggen")


def test_who_is_signed_in_goes_on_as_who_they_are(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    client = enter(app, engine, YARA, Role.WIJK_CONTACT, area="NK")
    cookie = client.get_cookie(doors.COOKIE)
    form = {"bewijs": stamp(client, mailed[0])}
    client.post(f"{mailed[0]}/wijzigen", data=form, headers=OWN)
    assert client.get_cookie(doors.COOKIE) == cookie


def test_who_keeps_it_no_longer_says_so_with_a_press(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    path = f"{mailed[0]}/niet-meer"
    assert "geen mail meer" in plain(fresh(app).get(path).text)
    assert press(fresh(app), path).status_code == 200
    with Session(engine) as session:
        held = session.exec(select(AccountRole).where(AccountRole.role == Role.EDITOR))
        assert held.all() == []
    assert fresh(app).get(mailed[0]).status_code == 410


def test_an_answer_from_elsewhere_is_refused(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    answer = fresh(app).post(
        mailed[0], data={"doe": "klopt"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert fresh(app).post(mailed[0], data={"doe": "klopt"}, headers=OWN).status_code == 422
    assert row(engine).confirmed_on == CHECKED


def test_what_was_typed_wrong_stays(app: Flask, mailed: list[str]) -> None:
    answer = press(fresh(app), mailed[0], doe="klopt", room="vol", weeks="heel lang")
    assert answer.status_code == 422
    assert "heel lang" in answer.text
    answer = press(fresh(app), mailed[0], doe="plek", room="", weeks="")
    assert "Kies of er plek is." in plain(answer.text)


def test_a_link_that_is_used_says_that_mail_arrives(
    engine: sa.Engine, app: Flask, mailed: list[str]
) -> None:
    with db.writing(engine) as session:
        accounts.get_account(session, account(engine, FATMA).id).bounced_on = ASKED
    press(fresh(app), mailed[0], doe="klopt")
    assert account(engine, FATMA).bounced_on is None


def test_whom_was_asked_is_kept_once(engine: sa.Engine, app: Flask, mailed: list[str]) -> None:
    assert remind(app, ASKED).output == "Verstuurd: 0 mails.\n"
    with Session(engine) as session:
        assert [one.asked_on for one in session.exec(select(ReviewAsk))] == [ASKED]
