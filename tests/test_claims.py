"""Claiming: who works for a provider keeps its listings, and who may say no is told in time."""

import email
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from socialmap import accounts, db
from socialmap.accounts import permissions
from socialmap.app import create_app
from socialmap.geo.tree import AreaTree
from socialmap.listings.values import ProviderValues
from socialmap.mail import Mailer
from socialmap.models import Account, AccountRole, AccountSession, Claim, Listing, Provider
from socialmap.models.terms import ClaimState, Role
from socialmap.reviews import claims
from socialmap.views import clock, doors, login
from tests.conftest import COMPILED, settings_in
from tests.entering import past_the_code
from tests.factories import NOW, SECRET, TODAY, listing, save
from tests.reading import plain

FATMA, YARA, REDACTIE = "fatma@draad.example", "yara@wijk.example", "redactie@gids.example"
PRIVATE = "fatma@gmail.com"
OWN = {"Sec-Fetch-Site": "same-origin"}
SITE = "http://localhost:8000"
DRAAD = ProviderValues(name="Draad & Daad", is_informal=True, website="https://www.draad.example/")
ASK = "/aanbieder/draad-daad/beheer"
EDITORS = "/bureau/aanbieder/draad-daad/bewerkers"
SENT = "U krijgt binnen een paar minuten een mail met een link"
HOURS = timedelta(hours=1)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in a test."""
    monkeypatch.setattr(login, "LEAST_SECONDS", 0)


@pytest.fixture
def draad(engine: sa.Engine) -> str:
    """The slug of a provider with one listing in Noord, whose wijk contact and redactie can be
    told."""
    save(engine, listing(provider=DRAAD))
    with db.writing(engine) as session:
        accounts.add_role(session, YARA, Role.WIJK_CONTACT, TODAY, area="NK", name="Yara")
        accounts.add_role(session, REDACTIE, Role.REDACTEUR, TODAY, name="Rik")
    return "draad-daad"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let the clock of the pages go on."""

    def at(passed: timedelta) -> None:
        moment = clock.now

        def shifted() -> datetime:
            return moment() + passed

        for page in (doors, login):
            monkeypatch.setattr(page, "now", shifted)
        for name in ("claim", "claims", "editors", "desk", "letters"):
            monkeypatch.setattr(f"socialmap.views.{name}.now", shifted)

    return at


def proof(page: str) -> str:
    found = re.search(r'name="bewijs" value="([^"]+)"', page)
    assert found, page
    return found[1]


def letters(folder: Path) -> list[EmailMessage]:
    """The letters in the folder, the oldest first."""
    paths = sorted((folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def body(letter: EmailMessage, kind: str = "plain") -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def link_in(letter: EmailMessage) -> str:
    """The path of the first link in a letter."""
    found = re.search(rf"^{SITE}(/\S+)$", body(letter), re.MULTILINE)
    assert found
    assert f'href="{SITE}{found[1]}"' in body(letter, "html")
    return found[1]


def to(folder: Path, mail: str) -> list[EmailMessage]:
    return [one for one in letters(folder) if one["To"] == mail]


def ask(client: FlaskClient, mail: str = FATMA, **told: str) -> tuple[int, str]:
    """Send the form; returns the status and the page."""
    stamp = proof(client.get(ASK).text)
    data = {"mail": mail, "naam": "Fatma", "woorden": "Ik geef de naailes.", "bewijs": stamp}
    answer = client.post(ASK, data=data | told, headers=OWN)
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, answer.text


def press(client: FlaskClient, page: str, button: str, **fields: str) -> tuple[int, str]:
    """Press a button on a page; returns the status and where it leads, or the page."""
    text = client.get(page).text
    found = next((form for form in re.findall(r"(?s)<form.*?</form>", text) if button in form), "")
    assert found, text
    action = re.search(r'action="([^"]+)"', found)
    assert action
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found))
    answer = client.post(action[1], data=hidden | fields, headers=OWN)
    return answer.status_code, answer.headers.get("Location") or answer.text


def signed_in(app: Flask, engine: sa.Engine, mail: str) -> FlaskClient:
    """Somebody who has an account, signed in."""
    with app.app_context(), db.writing(engine) as session:
        account = accounts.find_account(session, mail)
        assert account is not None
        token = accounts.make_link(session, account, clock.now())
        entry = accounts.redeem(session, token, clock.now(), TODAY)
    client = app.test_client()
    client.set_cookie(doors.COOKIE, entry.key)
    past_the_code(client)
    return client


def arrive(app: Flask, folder: Path, mail: str = FATMA) -> tuple[FlaskClient, str]:
    """Ask, open the link and press its button; returns who came in, and the page of the claim."""
    client = app.test_client()
    assert ask(client, mail)[0] == 200
    status, page = press(client, link_in(to(folder, mail)[-1]), "Log in")
    assert status == 303
    return client, page


def confirmed(app: Flask, folder: Path, mail: str = FATMA) -> tuple[FlaskClient, str]:
    """The same, and say yes."""
    client, page = arrive(app, folder, mail)
    assert press(client, page, "Ja, dit ben ik") == (303, page)
    return client, page


def state(engine: sa.Engine) -> list[ClaimState]:
    with Session(engine) as session:
        return list(session.exec(select(Claim.state).order_by(Claim.asked_at)).all())


def edits(engine: sa.Engine, mail: str = FATMA, passed: timedelta = timedelta(0)) -> bool:
    """May this address edit for Draad & Daad, so long from now?"""
    with Session(engine) as session:
        account = accounts.find_account(session, mail)
        provider_id = session.exec(select(Provider.id).where(Provider.name == DRAAD.name)).one()
        at = datetime.combine(TODAY, datetime.now(NOW.tzinfo).timetz()) + passed
        return account is not None and permissions.can_edit(account, provider_id, at)


def make_editor(engine: sa.Engine, mail: str, name: str = "") -> None:
    with db.writing(engine) as session:
        accounts.add_role(session, mail, Role.EDITOR, TODAY, provider="draad-daad", name=name)


# Asking


def test_provider_and_listing_lead_to_the_form(client: FlaskClient, draad: str) -> None:
    for page in ("/aanbieder/draad-daad", "/aanbod/kop-op"):
        assert f'href="{ASK}">Werkt u hier? Houd het zelf bij</a>' in client.get(page).text
    page = client.get(ASK)
    assert "Werkt u bij Draad &amp; Daad?" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get("/aanbieder/niets/beheer").status_code == 404
    assert client.post("/aanbieder/niets/beheer", headers=OWN).status_code == 404


def test_the_answer_is_the_same_for_everyone(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example")
    with db.writing(engine) as session:
        accounts.add_role(session, "weg@draad.example", Role.PROFESSIONAL, TODAY)
        accounts.end_account(session, "weg@draad.example", NOW, TODAY)
    client = app.test_client()
    asked = (FATMA, PRIVATE, YARA, "bea@draad.example", "weg@draad.example")
    answers = {mail: ask(client, mail) for mail in asked}
    assert {status for status, _ in answers.values()} == {200}
    assert len({page.replace(mail, "-") for mail, (_, page) in answers.items()}) == 1
    assert SENT in answers[FATMA][1]
    assert [one["To"] for one in letters(folder)] == list(asked[:-1])
    assert "al bij" in body(to(folder, "bea@draad.example")[0])


def test_nothing_of_what_a_stranger_types_is_in_the_letter(
    app: Flask, folder: Path, draad: str
) -> None:
    told = {"naam": "Win http://kwaad.example", "woorden": "Klik http://kwaad.example"}
    ask(app.test_client(), **told)
    [letter] = letters(folder)
    assert "kwaad" not in letter.as_string()
    assert "Draad & Daad" in body(letter)
    assert "Draad &amp; Daad" in body(letter, "html")


def test_a_stranger_changes_nothing_of_an_account(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    ask(app.test_client(), YARA, naam="Iemand anders")
    with Session(engine) as session:
        yara = accounts.find_account(session, YARA)
        assert yara is not None
        assert (yara.name, len(yara.roles)) == ("Yara", 1)
    client, page = arrive(app, folder, YARA)
    press(client, page, "Ja, dit ben ik")
    with Session(engine) as session:
        yara = accounts.find_account(session, YARA)
        assert yara is not None
        assert yara.name == "Yara"


def test_what_is_wrong_is_said_and_what_was_typed_stays(client: FlaskClient, draad: str) -> None:
    status, page = ask(client, "fat<ma", naam=" ", woorden="x" * 301)
    assert status == 422
    assert "<title>Fout: Werkt u bij" in page
    for error, field in (
        ("Dit is geen mailadres", "mail"),
        ("Vul uw naam in", "naam"),
        ("Zeg het in 300 tekens of minder", "woorden"),
    ):
        assert page.count(error) == 2
        assert f'href="#f-{field}"' in page
    assert 'value="fat&lt;ma"' in page
    assert "x" * 301 in page
    assert ask(client, naam="n" * 81)[0] == 422
    stale = client.post(ASK, data={"mail": FATMA, "naam": "Fatma"}, headers=OWN)
    assert stale.status_code == 422
    assert "stond te lang open" in stale.text
    evil = {"Origin": "https://kwaad.example"}
    assert client.post(ASK, data={"mail": FATMA}, headers=evil).status_code == 403


def test_an_address_gets_five_letters_an_hour_and_a_network_asks_thirty_times(
    app: Flask, folder: Path, draad: str
) -> None:
    client = app.test_client()
    assert len({ask(client) for _ in range(7)}) == 1
    assert len(letters(folder)) == 5
    for number in range(23):
        ask(client, f"iemand-{number}@draad.example")
    assert len(letters(folder)) == 5 + 23
    assert SENT in ask(client, "nog-een@draad.example")[1]
    assert to(folder, "nog-een@draad.example") == []


def test_a_mail_server_that_fails_loses_nothing(
    app: Flask, engine: sa.Engine, folder: Path, draad: str
) -> None:
    mailer = app.extensions["mailer"]
    dead = replace(app.extensions["settings"], mail_url="smtp://127.0.0.1:9")
    app.extensions["mailer"] = Mailer(dead)
    status, page = ask(app.test_client())
    assert status == 503
    assert f'value="{FATMA}"' in page
    assert state(engine) == [ClaimState.ASKED]
    app.extensions["mailer"] = mailer
    client, page = arrive(app, folder)
    assert len(state(engine)) == 1
    app.extensions["mailer"] = Mailer(dead)
    press(client, page, "Ja, dit ben ik")
    assert state(engine) == [ClaimState.CONFIRMED], "nobody was told, so that it does not run"
    assert "wacht op een besluit" in client.get(page).text


# The own domain


def test_own_domain_runs_after_48_hours(
    app: Flask,
    folder: Path,
    engine: sa.Engine,
    draad: str,
    later: Callable[[timedelta], None],
) -> None:
    client, page = arrive(app, folder)
    asked = plain(client.get(page).text)
    assert "Fatma" in asked
    assert "Ik geef de naailes." in asked
    assert "hoort bij de website van Draad & Daad" in asked
    assert state(engine) == [ClaimState.ASKED]
    assert len(letters(folder)) == 1, "opening pages tells nobody"
    press(client, page, "Ja, dit ben ik")
    assert state(engine) == [ClaimState.RUNNING]
    assert "U kunt bijna beginnen" in client.get(page).text
    assert "woensdag 25 november 2026" in client.get(page).text
    assert "Gaat vanzelf in" in client.get("/bureau").text
    [told] = to(folder, YARA)
    assert "Fatma (fatma@draad.example) wil de vermeldingen van Draad & Daad" in body(told)
    assert "over 48 uur vanzelf in" in body(told)
    assert to(folder, REDACTIE) == [], "the wijk contact is nearer"
    assert not edits(engine, passed=47 * HOURS)
    assert client.get(EDITORS).status_code == 403
    assert edits(engine, passed=49 * HOURS)
    later(49 * HOURS)
    assert client.get(EDITORS).status_code == 200
    assert "U houdt Draad &amp; Daad bij" in client.get(page).text
    assert "Bewerker van een aanbieder: Draad &amp; Daad" in client.get("/bureau").text
    yara = signed_in(app, engine, YARA)
    assert "mag dit bijhouden" in yara.get(link_in(told)).text
    assert "Houd dit tegen" not in yara.get(link_in(told)).text


def test_stopped_within_48_hours(app: Flask, folder: Path, engine: sa.Engine, draad: str) -> None:
    client, page = confirmed(app, folder)
    yara, stop = signed_in(app, engine, YARA), link_in(to(folder, YARA)[0])
    assert press(yara, stop, "Houd dit tegen", reden="Fatma is <weg>") == (303, stop)
    assert state(engine) == [ClaimState.STOPPED]
    assert not edits(engine, passed=99 * HOURS)
    assert "Deze aanvraag is tegengehouden" in yara.get(stop).text
    last = to(folder, FATMA)[-1]
    assert "Fatma is <weg>" in body(last)
    assert "Fatma is &lt;weg&gt;" in body(last, "html")
    assert "Fatma is &lt;weg&gt;" in client.get(page).text
    with Session(engine) as session:
        assert session.exec(select(AccountRole).where(AccountRole.role == Role.EDITOR)).all() == []
    again, other = confirmed(app, folder)
    assert other != page
    assert state(engine) == [ClaimState.STOPPED, ClaimState.CONFIRMED], "now someone decides"
    assert "Wilt u beslissen?" in body(to(folder, YARA)[-1])
    assert "wacht op een besluit" in again.get(other).text


def test_too_late_to_stop_or_twice_changes_nothing(
    app: Flask,
    folder: Path,
    engine: sa.Engine,
    draad: str,
    later: Callable[[timedelta], None],
) -> None:
    confirmed(app, folder)
    yara, stop = signed_in(app, engine, YARA), link_in(to(folder, YARA)[0])
    token = proof(yara.get(stop).text)
    before = len(letters(folder))
    later(48 * HOURS + timedelta(minutes=1))
    data = {"bewijs": token, "reden": "Te laat"}
    for act in ("afwijzen", "toekennen"):
        assert yara.post(f"{stop}/{act}", data=data, headers=OWN).status_code == 303
    assert state(engine) == [ClaimState.RUNNING]
    assert edits(engine, passed=49 * HOURS)
    assert len(letters(folder)) == before


def test_a_double_click_tells_everyone_once(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    client, page = arrive(app, folder)
    token, cookie = proof(client.get(page).text), client.get_cookie(doors.COOKIE)
    assert cookie is not None

    def click(_: int) -> int:
        hand = app.test_client()
        hand.set_cookie(doors.COOKIE, cookie.value)
        return hand.post(page, data={"bewijs": token}, headers=OWN).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(click, range(4))) == [303] * 4
    assert state(engine) == [ClaimState.RUNNING]
    assert len(to(folder, YARA)) == 1
    with Session(engine) as session:
        [role] = session.exec(select(AccountRole).where(AccountRole.role == Role.EDITOR)).all()
        [claim] = session.exec(select(Claim)).all()
        assert role.from_at == claim.from_at


def test_a_link_works_once_and_a_scanner_says_no_yes(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    ask(app.test_client())
    link = link_in(letters(folder)[0])
    for _ in range(3):
        assert app.test_client().get(link).status_code == 200
    assert state(engine) == [ClaimState.ASKED]
    client = app.test_client()
    status, page = press(client, link, "Log in")
    assert status == 303
    stranger = app.test_client()
    assert stranger.get(link).status_code == 410
    assert stranger.get(page).headers["Location"] == f"/inloggen?naar={page}"
    assert stranger.post(page, headers=OWN).status_code == 303
    assert client.post(page, headers=OWN).status_code == 403, "without its token"
    assert state(engine) == [ClaimState.ASKED]


def test_a_forwarded_page_shows_another_nothing(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    _, page = arrive(app, folder)
    with db.writing(engine) as session:
        accounts.add_role(session, "arts@praktijk.example", Role.PROFESSIONAL, TODAY)
    for mail in ("arts@praktijk.example", YARA, REDACTIE):
        other = signed_in(app, engine, mail)
        answer = other.get(page)
        assert answer.status_code == 404
        assert "Fatma" not in answer.text
        token = proof(other.get("/bureau").text)
        assert other.post(page, data={"bewijs": token}, headers=OWN).status_code == 404
        decide = page.replace("/aanvraag/", "/aanvragen/")
        assert other.get(decide).status_code == 404, "not confirmed: nobody's business yet"
    assert state(engine) == [ClaimState.ASKED]


def test_a_forwarded_link_never_confirms_for_who_was_signed_in(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    ask(app.test_client())
    link = link_in(letters(folder)[0])
    yara = signed_in(app, engine, YARA)
    assert yara.get(link).status_code == 200
    assert state(engine) == [ClaimState.ASKED]
    _, page = press(yara, link, "Log in")
    assert FATMA in yara.get("/bureau").text, "the link is of its own account, for all to see"
    press(yara, page, "Ja, dit ben ik")
    with Session(engine) as session:
        claim = session.exec(select(Claim)).one()
        assert session.get_one(Account, claim.account_id).mail == FATMA
        [role] = session.exec(select(AccountRole).where(AccountRole.role == Role.EDITOR)).all()
        assert role.account_id == claim.account_id


def test_a_claim_goes_with_its_provider(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    client, page = confirmed(app, folder)
    yara, stop = signed_in(app, engine, YARA), link_in(to(folder, YARA)[0])
    token, other = proof(client.get("/bureau").text), proof(yara.get(stop).text)
    with db.writing(engine) as session:
        session.delete(session.exec(select(Listing)).one())
        session.flush()
        session.delete(session.exec(select(Provider)).one())
    assert client.get(page).status_code == 404
    assert client.post(page, data={"bewijs": token}, headers=OWN).status_code == 404
    assert yara.get(stop).status_code == 404
    assert yara.post(f"{stop}/afwijzen", data={"bewijs": other}, headers=OWN).status_code == 404
    assert client.get("/bureau").status_code == 200
    assert client.get(ASK).status_code == 404
    assert state(engine) == []


# Anyone else


@pytest.mark.parametrize(
    ("mail", "website"),
    [
        (PRIVATE, "https://www.draad.example/"),
        ("fatma@evil-draad.example", "https://www.draad.example/"),
        ("fatma@draad.example.evil.example", "https://www.draad.example/"),
        (FATMA, None),
        ("fatma@amsterdam.nl", "https://www.amsterdam.nl/draad"),
        ("fatma@draad.wordpress.com", "https://draad.wordpress.com/"),
    ],
)
def test_an_address_that_proves_nothing_waits(
    app: Flask, folder: Path, engine: sa.Engine, draad: str, mail: str, website: str | None
) -> None:
    with db.writing(engine) as session:
        session.exec(select(Provider)).one().website = website
    client, page = arrive(app, folder, mail)
    assert "kunnen wij niet genoeg zien" in plain(client.get(page).text)
    press(client, page, "Ja, dit ben ik")
    assert state(engine) == [ClaimState.CONFIRMED]
    assert not edits(engine, mail, 99 * HOURS)
    assert "Wilt u beslissen?" in body(to(folder, YARA)[0])
    assert "wacht op een besluit" in client.get(page).text


def test_granted_at_once_and_told(app: Flask, folder: Path, engine: sa.Engine, draad: str) -> None:
    client, page = confirmed(app, folder, PRIVATE)
    yara = signed_in(app, engine, YARA)
    queue = yara.get("/bureau/aanvragen").text
    link = link_in(to(folder, YARA)[0])
    assert f'href="{link}">Fatma, voor Draad &amp; Daad</a>' in queue
    assert "Ik geef de naailes." in yara.get(link).text
    assert press(yara, link, "Ja, dit mag") == (303, link)
    assert state(engine) == [ClaimState.GRANTED]
    assert edits(engine, PRIVATE)
    assert "U kunt meteen beginnen" in body(to(folder, PRIVATE)[-1])
    assert "U houdt Draad &amp; Daad bij" in client.get(page).text
    assert "Fatma mag dit bijhouden" in yara.get(link).text
    assert "Er wacht nu niets op u" in yara.get("/bureau/aanvragen").text
    token, before = proof(yara.get("/bureau").text), len(letters(folder))
    for act in ("toekennen", "afwijzen"):
        yara.post(f"{link}/{act}", data={"bewijs": token, "reden": "Toch niet"}, headers=OWN)
    assert state(engine) == [ClaimState.GRANTED]
    assert len(letters(folder)) == before


def test_refused_with_a_reason(app: Flask, folder: Path, engine: sa.Engine, draad: str) -> None:
    client, page = confirmed(app, folder, PRIVATE)
    yara, link = signed_in(app, engine, YARA), link_in(to(folder, YARA)[0])
    for reason, error in (("", "Zeg in een paar woorden waarom"), ("x" * 501, "te lang")):
        status, again = press(yara, link, "Nee, wijs af", reden=reason)
        assert status == 422
        assert again.count(error) == 2
        assert "<title>Fout: " in again
        assert reason in again
    assert state(engine) == [ClaimState.CONFIRMED]
    assert press(yara, link, "Nee, wijs af", reden="Wij kennen u niet.")[0] == 303
    assert state(engine) == [ClaimState.REFUSED]
    assert not edits(engine, PRIVATE)
    assert "Wij kennen u niet." in body(to(folder, PRIVATE)[-1])
    assert "Wij kennen u niet." in client.get(page).text


def test_who_may_decide(
    app: Flask, folder: Path, engine: sa.Engine, tree: AreaTree, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    with db.writing(engine) as session:
        accounts.add_role(session, "noord@wijk.example", Role.WIJK_CONTACT, TODAY, area="N")
        accounts.add_role(session, "elders@wijk.example", Role.WIJK_CONTACT, TODAY, area="NL")
        accounts.add_role(session, "arts@praktijk.example", Role.PROFESSIONAL, TODAY)
        accounts.add_role(session, "ander@wijk.example", Role.WIJK_CONTACT, TODAY, area="NK")
        accounts.end_account(session, "ander@wijk.example", NOW, TODAY)
    asker, _ = confirmed(app, folder, PRIVATE)
    told = {one["To"] for one in letters(folder)} - {PRIVATE}
    assert told == {"bea@draad.example", YARA, "noord@wijk.example"}
    link = link_in(to(folder, YARA)[0])
    deciders = (*told, REDACTIE)
    for mail in deciders:
        assert signed_in(app, engine, mail).get(link).status_code == 200, mail
    for mail in ("elders@wijk.example", "arts@praktijk.example"):
        other = signed_in(app, engine, mail)
        assert other.get(link).status_code == 404, mail
        token = proof(other.get("/bureau").text)
        for act in ("toekennen", "afwijzen"):
            answer = other.post(f"{link}/{act}", data={"bewijs": token, "reden": "x"}, headers=OWN)
            assert answer.status_code == 404
    assert asker.get(link).status_code == 404, "nobody decides on their own"
    assert asker.get("/bureau/aanvragen").status_code == 403
    elders = signed_in(app, engine, "elders@wijk.example").get("/bureau/aanvragen")
    assert "Fatma" not in elders.text
    with Session(engine) as session:
        found = {mail: accounts.find_account(session, mail) for mail in deciders}
        for account in found.values():
            assert account is not None
            [claim] = claims.waiting_claims(session, tree, account, NOW)
            assert claim.provider.slug == draad


def test_the_redactie_is_told_where_nobody_is_nearer(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    save(engine, listing(provider=DRAAD, places=[SECRET], coverage=["stad"]))
    confirmed(app, folder)
    assert [one["To"] for one in letters(folder)] == [FATMA, REDACTIE]
    assert state(engine) == [ClaimState.RUNNING]


def test_it_waits_where_nobody_could_be_told(app: Flask, folder: Path, engine: sa.Engine) -> None:
    save(engine, listing(provider=DRAAD))
    confirmed(app, folder)
    assert state(engine) == [ClaimState.CONFIRMED]
    assert not edits(engine, passed=99 * HOURS)


def test_a_wijk_contact_cannot_let_herself_in(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    yara, page = confirmed(app, folder, YARA)
    assert [one["To"] for one in letters(folder)] == [YARA, REDACTIE]
    decide = page.replace("/aanvraag/", "/aanvragen/")
    token = proof(yara.get("/bureau").text)
    assert yara.post(f"{decide}/toekennen", data={"bewijs": token}, headers=OWN).status_code == 404
    assert "Er wacht nu niets op u" in yara.get("/bureau/aanvragen").text
    assert not edits(engine, YARA)


def test_who_does_not_edit_yet_decides_nothing(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    fatma, _ = confirmed(app, folder)
    confirmed(app, folder, PRIVATE)
    assert fatma.get("/bureau/aanvragen").status_code == 403
    link = link_in(to(folder, YARA)[-1])
    assert fatma.get(link).status_code == 404
    assert len(to(folder, FATMA)) == 1


# What is kept


def test_what_nobody_confirmed_is_erased(
    app: Flask,
    folder: Path,
    engine: sa.Engine,
    draad: str,
    later: Callable[[timedelta], None],
) -> None:
    ask(app.test_client())
    ask(app.test_client(), YARA)
    confirmed(app, folder, PRIVATE)
    later(timedelta(days=3))
    ask(app.test_client(), "nieuw@draad.example")
    with Session(engine) as session:
        known = set(session.exec(select(Account.mail)).all())
        assert known == {PRIVATE, YARA, REDACTIE, "nieuw@draad.example"}
    assert state(engine) == [ClaimState.CONFIRMED, ClaimState.ASKED]


def test_a_refusal_is_erased_after_a_year(engine: sa.Engine, draad: str) -> None:
    with db.writing(engine) as session:
        provider_id = session.exec(select(Provider.id)).one()
        asked = claims.ask(session, provider_id, PRIVATE, "Fatma", "", NOW, TODAY)
        assert asked is not None
        assert asked.claim is not None
        redactie = accounts.find_account(session, REDACTIE)
        assert redactie is not None
        asked.claim.state, asked.claim.confirmed_at = ClaimState.CONFIRMED, NOW
        session.flush()
        claim = claims.find_claim(session, asked.claim.id)
        assert claim is not None
        assert claims.turn_down(session, claim, redactie, "Nee", NOW)
    for days, kept in ((364, 1), (366, 0)):
        with db.writing(engine) as session:
            at = NOW + timedelta(days=days)
            claims.ask(session, provider_id, "x@draad.example", "X", "", at, TODAY)
            query = select(Claim).where(Claim.state == ClaimState.REFUSED)
            assert len(session.exec(query).all()) == kept
            assert (accounts.find_account(session, PRIVATE) is not None) is bool(kept)


# Editors


def test_an_editor_adds_a_colleague(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    bea = signed_in(app, engine, "bea@draad.example")
    status, onward = press(bea, EDITORS, "Voeg toe", mail=" Fatma@Draad.example ")
    assert (status, onward) == (303, f"{EDITORS}?gedaan=erbij")
    assert FATMA in bea.get(onward).text
    assert edits(engine)
    [letter] = to(folder, FATMA)
    assert "Bea heeft u toegevoegd" in body(letter)
    fatma = app.test_client()
    assert press(fatma, link_in(letter), "Log in") == (303, "/bureau")
    assert fatma.get(EDITORS).status_code == 200
    for mail, error in ((FATMA, "staat er al bij"), ("fatma", "geen mailadres")):
        status, page = press(bea, EDITORS, "Voeg toe", mail=mail)
        assert status == 422
        assert page.count(error) == 2
        assert f'value="{mail}"' in page


def test_adding_a_colleague_ends_the_waiting(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    fatma, page = confirmed(app, folder)
    bea = signed_in(app, engine, "bea@draad.example")
    assert "Wie het ook wil" in bea.get(EDITORS).text
    press(bea, EDITORS, "Voeg toe", mail=FATMA)
    assert edits(engine)
    assert "Wie het ook wil" not in bea.get(EDITORS).text
    assert "U houdt Draad &amp; Daad bij" in fatma.get(page).text
    link = link_in(to(folder, YARA)[0])
    assert "Houd dit tegen" not in signed_in(app, engine, YARA).get(link).text


def test_an_address_that_was_ended_cannot_be_added(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    make_editor(engine, FATMA)
    with db.writing(engine) as session:
        accounts.end_account(session, FATMA, NOW, TODAY)
    bea = signed_in(app, engine, "bea@draad.example")
    assert press(bea, EDITORS, "Voeg toe", mail=FATMA)[0] == 422
    assert not edits(engine)
    assert FATMA not in plain(bea.get(EDITORS).text)


def test_an_editor_takes_a_colleague_away(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    make_editor(engine, FATMA, "Fatma")
    bea, fatma = (signed_in(app, engine, mail) for mail in ("bea@draad.example", FATMA))
    page = next(
        link
        for link in re.findall(r'href="([^"]+/weg)"', bea.get(EDITORS).text)
        if "Fatma weghalen?" in bea.get(link).text
    )
    assert "de laatste" not in bea.get(page).text
    assert press(bea, page, "Ja, haal weg") == (303, f"{EDITORS}?gedaan=weg")
    assert not edits(engine)
    assert fatma.get(EDITORS).status_code == 403
    assert "niet meer bij" in body(to(folder, FATMA)[-1])
    assert bea.get(page).status_code == 404


def test_the_last_editor_does_not_go_by_accident(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    make_editor(engine, FATMA, "Fatma")
    bea, fatma = (signed_in(app, engine, mail) for mail in ("bea@draad.example", FATMA))
    page = next(
        link
        for link in re.findall(r'href="([^"]+/weg)"', bea.get(EDITORS).text)
        if "Wilt u Draad" in bea.get(link).text
    )
    seen_before = {"bewijs": proof(bea.get(page).text)}
    away = next(
        link
        for link in re.findall(r'href="([^"]+/weg)"', fatma.get(EDITORS).text)
        if "Wilt u Draad" in fatma.get(link).text
    )
    assert press(fatma, away, "Ja, ik stop ermee") == (303, "/bureau")
    answer = bea.post(page, data=seen_before, headers=OWN)
    assert answer.headers["Location"] == page, "a page from before said nothing of the last"
    assert edits(engine, "bea@draad.example")
    assert "U bent de laatste" in plain(bea.get(page).text)
    assert press(bea, page, "Ja, ik stop ermee") == (303, "/bureau")
    assert not edits(engine, "bea@draad.example")


def test_only_editors_and_the_redactie_see_who_edits(
    app: Flask, engine: sa.Engine, draad: str
) -> None:
    save(engine, listing("elders"))
    make_editor(engine, FATMA)
    with db.writing(engine) as session:
        other = {"provider": "jongerenwerk-noordlicht"}
        accounts.add_role(session, "b@noord.example", Role.EDITOR, TODAY, **other)
    for mail, status in ((FATMA, 200), (REDACTIE, 200), (YARA, 403), ("b@noord.example", 403)):
        client = signed_in(app, engine, mail)
        assert client.get(EDITORS).status_code == status, mail
        token = proof(client.get("/bureau").text)
        with Session(engine) as session:
            id = session.exec(select(Account.id).where(Account.mail == FATMA)).one()
        if status == 403:
            for page in (EDITORS, f"{EDITORS}/{id}/weg"):
                data = {"bewijs": token, "mail": "kwaad@x.example", "laatste": "1"}
                assert client.post(page, data=data, headers=OWN).status_code == 403
    assert app.test_client().get(EDITORS).headers["Location"] == f"/inloggen?naar={EDITORS}"
    assert edits(engine, FATMA)


def test_a_role_holds_from_its_moment(engine: sa.Engine, draad: str) -> None:
    with db.writing(engine) as session:
        account = accounts.account_for(session, FATMA, TODAY)
        provider_id = session.exec(select(Provider.id)).one()
        begins = NOW + 48 * HOURS
        assert accounts.make_editor(session, account, provider_id, begins)
        just = begins - timedelta(seconds=1)
        assert not permissions.can_edit(account, provider_id, just)
        assert not account.has_role(Role.EDITOR, now=just)
        assert accounts.roles_of(session, account, just) == []
        assert accounts.editors_of(session, provider_id, just) == []
        assert permissions.can_edit(account, provider_id, begins)
        assert account.has_role(Role.EDITOR, now=begins)
        assert [view.scope for view in accounts.roles_of(session, account, begins)] == [DRAAD.name]
        added = accounts.add_role(session, FATMA, Role.EDITOR, TODAY, provider=draad)
        assert added == {"role"}, "a command lets it hold at once"
        assert permissions.can_edit(account, provider_id, NOW)


def test_only_an_account_to_which_nothing_points_is_erased(engine: sa.Engine, draad: str) -> None:
    with db.writing(engine) as session:
        for mail in (FATMA, PRIVATE):
            accounts.account_for(session, mail, TODAY)
        fatma = accounts.account_for(session, FATMA, TODAY)
        session.add(
            AccountSession(id_hash="a" * 64, account_id=fatma.id, made_at=NOW, last_seen_on=TODAY)
        )
        session.flush()
        for mail in (FATMA, PRIVATE, YARA):
            accounts.erase_unused(session, accounts.account_for(session, mail, TODAY).id)
        session.expire_all()
        assert accounts.find_account(session, PRIVATE) is None
        assert accounts.find_account(session, FATMA) is not None
        assert accounts.find_account(session, YARA) is not None


def test_every_link_in_a_letter_is_right_under_a_path(folder: Path, database_url: str) -> None:
    settings = replace(settings_in(folder, database_url), base_url="https://x.example/gids")
    app = create_app(settings)
    app.jinja_env.bytecode_cache = COMPILED
    engine = app.extensions["engine"]
    save(engine, listing(provider=DRAAD))
    make_editor(engine, "bea@draad.example")
    with db.writing(engine) as session:
        accounts.add_role(session, YARA, Role.WIJK_CONTACT, TODAY, area="NK")
    base = "https://x.example/gids"
    client = app.test_client()

    def send(path: str, **fields: str) -> TestResponse:
        page = client.get(path, base_url=base)
        assert page.status_code == 200
        data = {"bewijs": proof(page.text)} | fields
        own = {"Origin": "https://x.example"}
        return client.post(path, data=data, headers=own, base_url=base)

    assert send(ASK, mail=FATMA, naam="Fatma", woorden="").status_code == 200
    found = re.search(rf"^{base}(/\S+)$", body(to(folder, FATMA)[-1]), re.MULTILINE)
    assert found
    entry = send(found[1])
    assert entry.status_code == 303
    page = entry.headers["Location"]
    assert page.startswith("/gids/bureau/aanvraag/")
    assert send(page.removeprefix("/gids")).headers["Location"] == page
    told = [one for one in letters(folder) if one["To"] != FATMA]
    assert {one["To"] for one in told} == {"bea@draad.example", YARA}
    for one in letters(folder):
        for kind in ("plain", "html"):
            leading = re.findall(r"https?://[^\s\"<]+", body(one, kind))
            assert leading
            assert all(it.startswith(f"{base}/") for it in leading), leading
            assert not any("/gids/gids" in it for it in leading)
    engine.dispose()
