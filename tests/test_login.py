"""Coming in: a link by mail that works once, a session that can be ended, and nothing told."""

import email
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import accounts, cli, db
from socialmap.app import create_app
from socialmap.mail import Mailer
from socialmap.models import AccountSession, LoginLink, LoginTry
from socialmap.models.terms import Role
from socialmap.views import doors, login
from socialmap.views.structured import public_url
from tests.conftest import COMPILED, settings_in
from tests.entering import OWN, past_the_code, proof
from tests.factories import NOW, TODAY

MAIL = "yara@gids.example"
LONG = "/a" * 200
ANSWER = "Als dit adres bij ons bekend is, krijgt u binnen een paar minuten een mail"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in a test."""
    monkeypatch.setattr(login, "LEAST_SECONDS", 0)


@pytest.fixture
def yara(engine: sa.Engine) -> str:
    """The mail address of a redacteur."""
    with db.writing(engine) as session:
        accounts.add_role(session, MAIL, Role.REDACTEUR, TODAY, name="Yara")
    return MAIL


def ask(client: FlaskClient, mail: str, **headers: str) -> str:
    """Ask a link; returns the page that answers."""
    stamp = proof(client.get("/inloggen").text)
    answer = client.post("/inloggen", data={"mail": mail, "bewijs": stamp}, headers=OWN | headers)
    assert answer.status_code == 200, answer.text
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def letters(folder: Path) -> list[EmailMessage]:
    """The letters in the folder, the oldest first."""
    paths = sorted((folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def link_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"^https?://\S+$", body.get_content(), re.MULTILINE)
    assert found
    return found[0]


def new_link(client: FlaskClient, folder: Path) -> str:
    """The path of a link that was just mailed."""
    ask(client, MAIL)
    return link_in(letters(folder)[-1]).removeprefix("http://localhost:8000")


def press(client: FlaskClient, path: str) -> int:
    """Press the button; returns the status."""
    stamp = proof(client.get("/inloggen").text) if not client.get_cookie(doors.COOKIE) else ""
    stamp = stamp or proof(client.application.test_client().get("/inloggen").text)
    status = client.post(path, data={"bewijs": stamp}, headers=OWN).status_code
    if status == 303:
        past_the_code(client)
    return status


def enter(app: Flask, folder: Path) -> FlaskClient:
    """Someone who came in."""
    client = app.test_client()
    assert press(client, new_link(client, folder)) == 303
    return client


def is_in(client: FlaskClient) -> bool:
    answer = client.get("/bureau")
    assert answer.status_code in (200, 303)
    return answer.status_code == 200


def test_a_link_leads_on_to_the_page_that_was_asked(app: Flask, folder: Path, yara: str) -> None:
    client = app.test_client()
    stamp = proof(client.get("/inloggen?naar=/week").text)
    told = {"mail": yara, "bewijs": stamp, "naar": "/week"}
    assert client.post("/inloggen", data=told, headers=OWN).status_code == 200
    path = link_in(letters(folder)[-1]).removeprefix("http://localhost:8000")
    answer = client.post(path, data={"bewijs": stamp}, headers=OWN)
    assert answer.headers["Location"] == "/inloggen/code?naar=/week"
    past_the_code(client)
    assert client.get("/inloggen?naar=/week").headers["Location"] == "/week"


@pytest.mark.parametrize(
    "path",
    [
        "//kwaad.example",
        "https://kwaad.example",
        "/\\kwaad.example",
        "week",
        "/a\nb",
        "/ x",
        "/" * 400,
    ],
)
def test_a_link_leads_to_no_other_site(app: Flask, path: str) -> None:
    with app.test_request_context("/"):
        assert doors.own_path(path) == ""


def test_a_link_leads_to_the_desk(app: Flask, folder: Path, yara: str) -> None:
    client = app.test_client()
    assert client.get("/bureau").headers["Location"] == "/inloggen"
    assert ANSWER in ask(client, " Yara@GIDS.example ")
    [letter] = letters(folder)
    assert letter["To"] == yara
    html = letter.get_body(("html",))
    assert html is not None
    assert link_in(letter) in html.get_content()
    path = link_in(letter).removeprefix("http://localhost:8000")
    page = client.get(path)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'content="noindex"' in page.text
    answer = client.post(path, data={"bewijs": proof(page.text)}, headers=OWN)
    assert answer.headers["Location"] == "/inloggen/code"
    past_the_code(client)
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    desk = client.get("/bureau")
    assert "Redacteur" in desk.text
    assert yara in desk.text
    assert desk.headers["Cache-Control"] == "no-store"
    assert client.get("/inloggen").headers["Location"] == "/bureau"


def test_only_hashes_are_kept(app: Flask, folder: Path, yara: str, session: Session) -> None:
    client = app.test_client()
    path = new_link(client, folder)
    token = path.rpartition("/")[2]
    assert len(token) == 43
    assert session.exec(select(LoginLink.token_hash)).all() == [sha256(token.encode()).hexdigest()]
    press(client, path)
    cookie = client.get_cookie(doors.COOKIE)
    assert cookie is not None
    session.rollback()
    kept = session.exec(select(AccountSession.id_hash)).all()
    assert kept == [sha256(cookie.value.encode()).hexdigest()]
    for tried in session.exec(select(LoginTry)):
        assert tried.who_hash not in (sha256(MAIL.encode()).hexdigest(), MAIL)


def test_a_link_works_once(app: Flask, folder: Path, yara: str) -> None:
    client, other = app.test_client(), app.test_client()
    path = new_link(client, folder)
    assert press(client, path) == 303
    for who in (client, other):
        assert press(who, path) == 410
        assert "Deze link is al gebruikt" in who.get(path).text
    assert is_in(client)
    assert not is_in(other)


def test_of_many_at_once_one_comes_in(app: Flask, folder: Path, yara: str) -> None:
    path = new_link(app.test_client(), folder)
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: press(app.test_client(), path), range(6)))
    assert sorted(told) == [303] + [410] * 5


def test_a_scanner_does_no_harm(app: Flask, folder: Path, yara: str, session: Session) -> None:
    client = app.test_client()
    path = new_link(client, folder)
    for _ in range(20):
        answer = app.test_client().get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert app.test_client().head(path).status_code == 200
    assert session.exec(select(AccountSession)).all() == []
    assert press(client, path) == 303


def test_a_guessed_link_is_unknown(client: FlaskClient) -> None:
    for token in ("x", "a" * 43, "%00", "../bureau", "é" * 500):
        page = client.get(f"/inloggen/{token}")
        assert page.status_code == 404
    assert "Deze link kennen wij niet" in client.get("/inloggen/" + "a" * 43).text
    assert press(client, "/inloggen/" + "a" * 43) == 404
    assert not is_in(client)


def test_a_link_lasts_twenty_minutes(engine: sa.Engine, yara: str) -> None:
    with db.writing(engine) as session:
        account = accounts.find_account(session, yara)
        assert account is not None
        token = accounts.make_link(session, account, NOW)
        late = NOW + timedelta(minutes=20)
        just = late - timedelta(seconds=1)
        assert accounts.link_state(session, token, just) == accounts.LinkState.GOOD
        assert accounts.redeem(session, token, late, TODAY).state == accounts.LinkState.EXPIRED


def test_an_expired_link_says_what_to_do(
    app: Flask, folder: Path, yara: str, engine: sa.Engine
) -> None:
    client = app.test_client()
    path = new_link(client, folder)
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE login_link SET made_at = '2020-01-01', expires_at = '2020-01-02'")
        )
    page = client.get(path)
    assert page.status_code == 410
    assert "Deze link is verlopen" in page.text
    assert 'action="/inloggen"' in page.text
    assert press(client, path) == 410


def test_the_answer_is_the_same_for_a_stranger(app: Flask, folder: Path, yara: str) -> None:
    client = app.test_client()
    known = ask(client, MAIL).replace(MAIL, "-")
    unknown = ask(client, "niemand@gids.example").replace("niemand@gids.example", "-")
    assert known == unknown
    assert len(letters(folder)) == 1


def test_an_address_gets_five_letters_an_hour(app: Flask, folder: Path, yara: str) -> None:
    client = app.test_client()
    answers = {ask(client, MAIL) for _ in range(8)}
    assert len(answers) == 1
    assert len(letters(folder)) == 5


def test_a_network_asks_thirty_times_an_hour(app: Flask, folder: Path, yara: str) -> None:
    client = app.test_client()
    for number in range(30):
        ask(client, f"niemand-{number}@gids.example", **{"X-Forwarded-For": "9.9.9.9, 192.0.2.7"})
    assert ANSWER in ask(client, MAIL, **{"X-Forwarded-For": "192.0.2.7"})
    assert letters(folder) == []
    ask(client, MAIL, **{"X-Forwarded-For": "192.0.2.8"})
    assert len(letters(folder)) == 1


def test_a_wrong_address_is_told_at_the_field(client: FlaskClient) -> None:
    stamp = proof(client.get("/inloggen").text)
    for typed in ("yara", "a@b", "a@x.example\r\nBcc: b@x.example", "a@x.example,b@x.example", ""):
        data = {"mail": typed, "bewijs": stamp}
        answer = client.post("/inloggen", data=data, headers=OWN)
        assert answer.status_code == 422, typed
        assert answer.text.count("Dit is geen mailadres") == 2
        assert 'aria-invalid="true"' in answer.text
    typed = client.post("/inloggen", data={"mail": "ya<ra", "bewijs": stamp}, headers=OWN)
    assert 'value="ya&lt;ra"' in typed.text


def test_a_form_without_a_good_stamp_is_asked_again(
    app: Flask, folder: Path, yara: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    for stamp in ("", "form", "form.x.y"):
        data = {"mail": MAIL, "bewijs": stamp}
        answer = client.post("/inloggen", data=data, headers=OWN)
        assert answer.status_code == 422
        assert "stond te lang open" in answer.text
        assert f'value="{MAIL}"' in answer.text
    assert letters(folder) == []
    path = new_link(client, folder)
    assert client.post(path, headers=OWN).headers["Location"] == path
    assert not is_in(client)


def test_signing_out_ends_one_session(app: Flask, folder: Path, yara: str) -> None:
    here, there = enter(app, folder), enter(app, folder)
    token = proof(here.get("/bureau").text)
    old = here.get_cookie(doors.COOKIE)
    assert old is not None
    answer = here.post("/bureau/uitloggen", data={"bewijs": token}, headers=OWN)
    assert "U bent uitgelogd" in here.get(answer.headers["Location"]).text
    here.set_cookie(doors.COOKIE, old.value)
    assert not is_in(here), "an old cookie is worth nothing"
    assert is_in(there)


def test_signing_out_everywhere_ends_all(app: Flask, folder: Path, yara: str) -> None:
    here, there = enter(app, folder), enter(app, folder)
    waiting = new_link(app.test_client(), folder)
    token = proof(here.get("/bureau").text)
    here.post("/bureau/overal-uitloggen", data={"bewijs": token}, headers=OWN)
    assert not is_in(here)
    assert not is_in(there)
    assert press(app.test_client(), waiting) == 410


def test_a_form_without_its_token_is_refused(app: Flask, folder: Path, yara: str) -> None:
    client, other = enter(app, folder), enter(app, folder)
    stamp = proof(app.test_client().get("/inloggen").text)
    foreign = proof(other.get("/bureau").text)
    for token in ("", ".", "a.b", stamp, foreign, "é.é"):
        for page in ("/bureau/uitloggen", "/bureau/overal-uitloggen"):
            answer = client.post(page, data={"bewijs": token}, headers=OWN)
            assert answer.status_code == 403, token
    assert is_in(client)
    good = proof(client.get("/bureau").text)
    evil = {"Origin": "https://evil.example"}
    assert client.post("/bureau/uitloggen", data={"bewijs": good}, headers=evil).status_code == 403
    assert is_in(client)


def test_an_ended_account_is_out_at_once(
    app: Flask, folder: Path, yara: str, engine: sa.Engine
) -> None:
    client = enter(app, folder)
    waiting = new_link(app.test_client(), folder)
    told = app.test_cli_runner().invoke(cli.account_group, ["end", MAIL])
    assert "beëindigd" in told.output
    assert not is_in(client)
    assert press(app.test_client(), waiting) == 410
    before = len(letters(folder))
    assert ANSWER in ask(app.test_client(), MAIL)
    assert len(letters(folder)) == before


def test_a_session_ends_after_thirty_days_of_rest(
    app: Flask, folder: Path, yara: str, engine: sa.Engine
) -> None:
    client = enter(app, folder)
    for days, is_open in ((30, True), (31, False)):
        with db.writing(engine) as session:
            session.exec(select(AccountSession)).one().last_seen_on = TODAY - timedelta(days=days)
        assert is_in(client) is is_open
    with Session(engine) as session:
        assert session.exec(select(AccountSession)).one().last_seen_on < TODAY


def test_links_are_right_under_a_path_and_with_https(folder: Path, database_url: str) -> None:
    settings = replace(settings_in(folder, database_url), base_url="https://x.example/gids")
    app = create_app(settings)
    app.jinja_env.bytecode_cache = COMPILED
    with db.writing(app.extensions["engine"]) as session:
        accounts.add_role(session, MAIL, Role.PROFESSIONAL, TODAY)
    own = {"Origin": "https://x.example"}
    client = app.test_client()
    for root in ("", "/gids"):
        base = f"https://x.example{root}"
        stamp = proof(client.get("/inloggen", base_url=base).text)
        data = {"mail": MAIL, "bewijs": stamp}
        assert client.post("/inloggen", data=data, headers=own, base_url=base).status_code == 200
        link = link_in(letters(folder)[-1])
        assert re.fullmatch(r"https://x\.example/gids/inloggen/[\w-]{43}", link)
    for path in ("/bureau", "/gids/bureau"):
        led = client.get(path, base_url="https://x.example")
        assert led.headers["Location"] == "/gids/inloggen"
    assert 'action="/gids/inloggen"' in client.get("/inloggen").text
    path = link.removeprefix("https://x.example/gids")
    for wrong in ({}, {"Origin": "null"}, {"Origin": "http://x.example"}):
        assert client.post(path, data={"bewijs": stamp}, headers=wrong).status_code == 403
    cookie = client.post(path, data={"bewijs": stamp}, headers=own).headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "Path=/gids"} <= set(cookie.split("; "))
    app.extensions["engine"].dispose()


@pytest.mark.parametrize("root", ["", "/gids"])
def test_every_page_has_its_public_address_under_a_path(
    folder: Path, database_url: str, root: str
) -> None:
    """Letters take their links from `public_url`; whether the proxy strips the path or not."""
    base = "https://x.example/gids"
    app = create_app(replace(settings_in(folder, database_url), base_url=base))
    seen = 0
    with app.test_request_context("/", base_url=f"https://x.example{root}"):
        for rule in app.url_map.iter_rules():
            if rule.arguments <= {"slug", "token", "id"} and "GET" in (rule.methods or ()):
                told = dict.fromkeys(rule.arguments, "00000000-0000-0000-0000-000000000000")
                path = app.url_map.bind("x").build(rule.endpoint, told)
                assert public_url(rule.endpoint, **told) == base + path
                seen += 1
    assert seen > 40
    app.extensions["engine"].dispose()


def test_no_secret_is_in_the_log(
    app: Flask, folder: Path, yara: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client = app.test_client()
        path = new_link(client, folder)
        client.get(path)
        press(client, path)
        press(client, path)
        is_in(client)
        app.extensions["mailer"] = Mailer(
            replace(app.extensions["settings"], mail_url="smtp://u:geheim@127.0.0.1:9")
        )
        stamp = proof(app.test_client().get("/inloggen").text)
        data = {"mail": MAIL, "bewijs": stamp}
        answer = app.test_client().post("/inloggen", data=data, headers=OWN)
    assert answer.status_code == 503
    assert "De mail kon niet worden verstuurd" in answer.text
    assert "mail bewaard in" in caplog.text
    assert "mail niet verstuurd: ConnectionRefusedError" in caplog.text
    cookie = client.get_cookie(doors.COOKIE)
    assert cookie is not None
    for secret in (path.rpartition("/")[2], MAIL, "yara", "geheim", cookie.value, "Uw link"):
        assert secret not in caplog.text


def test_a_role_opens_its_own_doors(app: Flask, folder: Path, yara: str) -> None:
    def page(*roles: Role) -> Callable[[], str]:
        return lambda: doors.with_role(*roles).mail

    app.add_url_rule("/proef/redactie", "proef1", page(Role.REDACTEUR))
    app.add_url_rule("/proef/wijk", "proef2", page(Role.WIJK_CONTACT, Role.PROFESSIONAL))
    client = enter(app, folder)
    assert client.get("/proef/redactie").text == MAIL
    assert client.get("/proef/wijk").status_code == 403
    assert (
        app.test_client().get("/proef/redactie").headers["Location"]
        == "/inloggen?naar=/proef/redactie"
    )
