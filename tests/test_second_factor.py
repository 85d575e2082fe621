"""The second factor of redacteurs: a code of the app, set up once, and codes for without it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import accounts, cli, db
from socialmap.models import Account, RecoveryCode, SecondFactor
from socialmap.models.terms import Role
from socialmap.views import doors, factor
from tests.entering import OWN, code_of, enter, give_app, open_session, post, proof
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.pages

MAIL = "yara@gids.example"
HALF_HOUR = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
"""A moment at which a step begins."""


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No half minute ends between the code that a test makes and the page that takes it."""
    monkeypatch.setattr(factor, "world_now", lambda: HALF_HOUR)


@pytest.fixture
def yara(engine: sa.Engine) -> str:
    """The mail address of a redacteur."""
    with db.writing(engine) as session:
        accounts.add_role(session, MAIL, Role.REDACTEUR, TODAY, name="Yara")
    return MAIL


@pytest.fixture
def secret(engine: sa.Engine, yara: str) -> str:
    """The secret of Yara's app."""
    return give_app(engine, yara)


def came_in(app: Flask, engine: sa.Engine, mail: str = MAIL) -> FlaskClient:
    """Someone who pressed the button of a link, and no more."""
    client = app.test_client()
    client.set_cookie(doors.COOKIE, open_session(app, engine, mail, has_code=False))
    return client


def code(secret: str, steps: int = 0) -> str:
    return code_of(secret, steps, HALF_HOUR)


def give(client: FlaskClient, typed: str, page: str = "/inloggen/code") -> tuple[int, str]:
    return post(client, page, code=typed)


def secret_on(page: str) -> str:
    """The key that a page tells to type."""
    found = re.search(r'class="key">(.*?)</p>', page, re.DOTALL)
    assert found, page
    return re.sub(r"<[^>]+>|\s", "", found[1])


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li>((?:\w{4}-){3}\w{4})</li>", page)


def is_in(client: FlaskClient) -> bool:
    return client.get("/bureau").status_code == 200


def test_until_the_code_a_redacteur_is_nobody(app: Flask, engine: sa.Engine, secret: str) -> None:
    app.add_url_rule("/proef", "proef", lambda: str(doors.visit()))
    client = came_in(app, engine)
    assert client.get("/bureau").headers["Location"] == "/inloggen/code"
    assert client.get("/proef").text == "None"
    page = client.get("/inloggen/code")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Nog één stap" in page.text
    assert give(client, code(secret)) == (303, "/bureau")
    assert is_in(client)
    assert "Yara" in client.get("/proef").text
    assert client.get("/inloggen/code").headers["Location"] == "/bureau"


def test_a_step_to_go_changes_nothing_elsewhere(app: Flask, engine: sa.Engine, secret: str) -> None:
    client = came_in(app, engine)
    token = proof(client.get("/inloggen/code").text)
    for page in ("/inloggen/herstelcodes",):
        answer = client.post(page, data={"bewijs": token}, headers=OWN)
        assert answer.headers["Location"] == "/inloggen/code"
    with Session(engine) as session:
        assert session.exec(select(RecoveryCode)).all() == []


def test_other_roles_have_no_step_to_go(app: Flask, engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        accounts.add_role(session, "wijk@x.example", Role.WIJK_CONTACT, TODAY, area="NK")
    client = came_in(app, engine, "wijk@x.example")
    assert is_in(client)
    for page in ("code", "herstelcode", "instellen"):
        assert client.get(f"/inloggen/{page}").headers["Location"] == "/bureau"
    assert client.get("/inloggen/herstelcodes").status_code == 403


def test_who_becomes_redacteur_has_a_step_to_go_at_once(app: Flask, engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        accounts.add_role(session, MAIL, Role.PROFESSIONAL, TODAY)
    client = came_in(app, engine)
    assert is_in(client)
    with db.writing(engine) as session:
        accounts.add_role(session, MAIL, Role.REDACTEUR, TODAY)
    assert client.get("/bureau").headers["Location"] == "/inloggen/code"


def test_the_code_leads_on_to_the_page_that_was_asked(
    app: Flask, engine: sa.Engine, secret: str
) -> None:
    client = came_in(app, engine)
    app.add_url_rule("/bureau/iets", "iets", lambda: doors.account_or_login().mail)
    step = client.get("/bureau/iets").headers["Location"]
    assert step == "/inloggen/code?naar=/bureau/iets"
    page = client.get(step).text
    assert 'name="naar" value="/bureau/iets"' in page
    wrong = {"bewijs": proof(page), "naar": "/bureau/iets", "code": "000000"}
    assert (
        'name="naar" value="/bureau/iets"'
        in client.post("/inloggen/code", data=wrong, headers=OWN).text
    )
    good = wrong | {"code": code(secret)}
    answer = client.post("/inloggen/code", data=good, headers=OWN)
    assert answer.headers["Location"] == "/bureau/iets"


def test_the_code_leads_to_no_other_site(app: Flask, engine: sa.Engine, secret: str) -> None:
    client = came_in(app, engine)
    told = {"naar": "//kwaad.example", "code": code(secret)}
    assert post(client, "/inloggen/code", **told) == (303, "/bureau")


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_off(
    app: Flask, engine: sa.Engine, secret: str, steps: int
) -> None:
    assert give(came_in(app, engine), code(secret, steps))[0] == 303


@pytest.mark.parametrize("steps", [-2, 2, 120])
def test_a_code_of_another_time_is_wrong(
    app: Flask, engine: sa.Engine, secret: str, steps: int
) -> None:
    client = came_in(app, engine)
    status, page = give(client, code(secret, steps))
    assert status == 422
    assert page.count("Deze code klopt niet") == 2
    assert "<title>Fout: " in page
    assert not is_in(client)


def test_a_code_works_once(app: Flask, engine: sa.Engine, secret: str) -> None:
    first, second = came_in(app, engine), came_in(app, engine)
    assert give(first, code(secret))[0] == 303
    for steps in (0, -1):
        status, page = give(second, code(secret, steps))
        assert status == 422
        assert "Deze code is al gebruikt. Wacht tot de app een nieuwe toont" in page
    assert give(second, code(secret, 1))[0] == 303


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "1 2 3"])
def test_what_is_no_code_is_told_at_the_field(
    app: Flask, engine: sa.Engine, secret: str, typed: str
) -> None:
    status, page = give(came_in(app, engine), typed)
    assert status == 422
    assert page.count("Typ de zes cijfers die de app nu toont") == 2
    assert 'aria-invalid="true"' in page


def test_spaces_in_a_code_are_no_mistake(app: Flask, engine: sa.Engine, secret: str) -> None:
    typed = code(secret)
    assert give(came_in(app, engine), f" {typed[:3]} {typed[3:]} ")[0] == 303


def test_ten_codes_an_hour_may_be_typed(app: Flask, engine: sa.Engine, secret: str) -> None:
    wrong = f"{(int(code(secret)) + 1) % 1_000_000:06}"
    if wrong in (code(secret, 1), code(secret, -1)):
        wrong = code(secret, 99)
    for _ in range(10):
        assert give(came_in(app, engine), wrong)[0] == 422
    client = came_in(app, engine)
    status, page = give(client, code(secret))
    assert status == 429
    assert "Er zijn te veel codes geprobeerd. Wacht een uur" in page
    assert give(client, "abcd-abcd-abcd-abcd", "/inloggen/herstelcode")[0] == 429
    assert not is_in(client)
    with db.writing(engine) as session:
        visit = visit_of(session, client)
        later = NOW + timedelta(hours=1)
        step = accounts.step_at(HALF_HOUR)
        answer = accounts.give_code(session, "not-secret", visit, code(secret), later, step)
    assert answer == accounts.Answer.GOOD


def visit_of(session: Session, client: FlaskClient) -> accounts.Visit:
    cookie = client.get_cookie(doors.COOKIE)
    assert cookie is not None
    found = accounts.find_visit(session, cookie.value, NOW, TODAY)
    assert found is not None
    return found


def test_the_first_time_an_app_is_set_up(app: Flask, engine: sa.Engine, yara: str) -> None:
    client = came_in(app, engine)
    assert client.get("/inloggen/code?naar=/week").headers["Location"] == (
        "/inloggen/instellen?naar=/week"
    )
    page = client.get("/inloggen/instellen?naar=/week").text
    secret = secret_on(page)
    assert len(secret) == 32
    [link] = re.findall(r'href="(otpauth:[^"]+)"', page)
    assert unescape(link) == (
        f"otpauth://totp/Gouden%20Gids%20Amsterdam:yara%40gids.example?secret={secret}"
        "&issuer=Gouden%20Gids%20Amsterdam"
    )
    assert "<svg" in page
    assert "style=" not in page
    assert secret_on(client.get("/inloggen/instellen").text) == secret, "loading again is harmless"
    told = {"naar": "/week", "code": code(secret)}
    status, done = post(client, "/inloggen/instellen", **told)
    assert status == 200
    assert 'href="/week"' in done
    assert len(set(codes_on(done))) == 10
    assert is_in(client)
    assert "Nog 10" in client.get("/bureau").text
    assert client.get("/inloggen/instellen").headers["Location"] == "/bureau"


def test_nothing_is_set_up_by_a_wrong_code(app: Flask, engine: sa.Engine, yara: str) -> None:
    client = came_in(app, engine)
    for typed, why in (
        ("000000", "Deze code klopt niet"),
        ("nee", "Typ de zes cijfers die de app nu"),
    ):
        secret = secret_on(client.get("/inloggen/instellen").text)
        status, page = give(client, typed, "/inloggen/instellen")
        assert status == 422
        assert page.count(why) == 2
        assert secret_on(page) == secret
    with Session(engine) as session:
        assert session.exec(select(SecondFactor)).all() == []
    assert not is_in(client)


def test_each_session_has_a_secret_of_its_own_to_set_up(
    app: Flask, engine: sa.Engine, yara: str
) -> None:
    first, second = came_in(app, engine), came_in(app, engine)
    seen = secret_on(first.get("/inloggen/instellen").text)
    own = secret_on(second.get("/inloggen/instellen").text)
    assert seen != own
    assert give(second, code(own), "/inloggen/instellen")[0] == 200
    token = proof(first.get("/inloggen/code").text)
    late = {"bewijs": token, "code": code(seen)}
    answer = first.post("/inloggen/instellen", data=late, headers=OWN)
    assert answer.headers["Location"] == "/inloggen/code"
    assert give(first, code(own, 1))[0] == 303


def test_a_recovery_code_works_once(app: Flask, engine: sa.Engine, secret: str) -> None:
    made = new_codes(engine)
    client = came_in(app, engine)
    typed = f" {made[0].upper().replace('-', ' ')} "
    assert give(client, typed, "/inloggen/herstelcode") == (303, "/inloggen/herstelcodes")
    page = client.get("/inloggen/herstelcodes").text
    assert "U heeft nog 9 herstelcodes" in page
    assert "Dat zijn er weinig" not in page
    other = came_in(app, engine)
    status, page = give(other, made[0], "/inloggen/herstelcode")
    assert status == 422
    assert page.count("Deze herstelcode klopt niet, of u heeft hem al gebruikt") == 2
    assert f'value="{made[0]}"' in page, "what was typed stays"


def new_codes(engine: sa.Engine, mail: str = MAIL) -> list[str]:
    with db.writing(engine) as session:
        account = accounts.find_account(session, mail)
        assert account is not None
        return accounts.new_codes(session, account.id)


def test_a_recovery_code_of_another_is_worth_nothing(
    app: Flask, engine: sa.Engine, secret: str
) -> None:
    with db.writing(engine) as session:
        accounts.add_role(session, "ander@gids.example", Role.REDACTEUR, TODAY)
    [code, *_] = new_codes(engine, "ander@gids.example")
    client = came_in(app, engine)
    assert give(client, code, "/inloggen/herstelcode")[0] == 422
    assert not is_in(client)


def test_recovery_codes_are_kept_as_hashes(engine: sa.Engine, secret: str) -> None:
    made = new_codes(engine)
    with Session(engine) as session:
        kept = session.exec(select(RecoveryCode.code_hash)).all()
    assert len(kept) == 10
    for code in made:
        assert all(part not in kept for part in (code, code.replace("-", "")))
    assert all(len(value) == 64 for value in kept)


def test_few_codes_left_is_said_and_new_ones_can_be_made(
    app: Flask, engine: sa.Engine, secret: str
) -> None:
    made = new_codes(engine)
    for used in made[:7]:
        client = came_in(app, engine)
        give(client, used, "/inloggen/herstelcode")
        with engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM login_try"))
    page = client.get("/inloggen/herstelcodes").text
    assert "U heeft nog 3 herstelcodes" in page
    assert "Dat zijn er weinig" in page
    assert "Dat zijn er weinig" in client.get("/bureau").text
    status, page = post(client, "/inloggen/herstelcodes")
    assert status == 200
    fresh = codes_on(page)
    assert len(set(fresh) - set(made)) == 10
    other = came_in(app, engine)
    assert give(other, made[9], "/inloggen/herstelcode")[0] == 422
    assert give(other, fresh[9], "/inloggen/herstelcode")[0] == 303


def test_the_operator_resets_what_was_lost(app: Flask, engine: sa.Engine, secret: str) -> None:
    new_codes(engine)
    here = enter(app, engine, MAIL, Role.REDACTEUR)
    half = came_in(app, engine)
    told = app.test_cli_runner().invoke(cli.account_group, ["reset-factor", MAIL])
    assert told.exit_code == 0
    assert "De app en de herstelcodes zijn losgekoppeld" in told.output
    assert here.get("/bureau").headers["Location"] == "/inloggen"
    assert half.get("/bureau").headers["Location"] == "/inloggen"
    client = came_in(app, engine)
    assert client.get("/inloggen/code").headers["Location"] == "/inloggen/instellen"
    again = app.test_cli_runner().invoke(cli.account_group, ["reset-factor", MAIL])
    assert "Er was geen app" in again.output
    unknown = app.test_cli_runner().invoke(cli.account_group, ["reset-factor", "x@x.example"])
    assert unknown.exit_code == 1
    assert "Er is geen account met dit mailadres" in unknown.output


def test_who_has_a_step_to_go_can_leave(app: Flask, engine: sa.Engine, secret: str) -> None:
    client = came_in(app, engine)
    assert post(client, "/inloggen/code", "/bureau/uitloggen") == (303, "/inloggen?uit=1")
    assert client.get("/inloggen/code").headers["Location"].startswith("/inloggen?naar=")


def test_signing_out_everywhere_takes_the_code_along(
    app: Flask, engine: sa.Engine, secret: str
) -> None:
    here, there = enter(app, engine, MAIL, Role.REDACTEUR), came_in(app, engine)
    give(there, code(secret))
    with db.writing(engine) as session:
        [account] = session.exec(select(Account)).all()
        accounts.sign_out_everywhere(session, account.id, NOW)
    assert not is_in(here)
    assert not is_in(there)
    client = came_in(app, engine)
    assert client.get("/bureau").headers["Location"] == "/inloggen/code"


def test_an_ended_account_keeps_no_app(app: Flask, engine: sa.Engine, secret: str) -> None:
    new_codes(engine)
    with db.writing(engine) as session:
        accounts.end_account(session, MAIL, NOW, TODAY)
    with Session(engine) as session:
        assert session.exec(select(SecondFactor)).all() == []
        assert session.exec(select(RecoveryCode)).all() == []
