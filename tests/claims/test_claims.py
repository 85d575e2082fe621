"""Claiming: who works for a provider asks to keep its listings; what is asked and what is kept."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from socialmap import accounts, db
from socialmap.accounts import permissions
from socialmap.app import create_app
from socialmap.mail import Mailer
from socialmap.models import Account, AccountSession, Claim, Provider
from socialmap.models.terms import ClaimState, Role
from socialmap.reviews import claims
from tests.claims.claiming import (
    ASK,
    DRAAD,
    FATMA,
    HOURS,
    PRIVATE,
    REDACTIE,
    SENT,
    YARA,
    arrive,
    ask,
    body,
    confirmed,
    letters,
    make_editor,
    press,
    state,
    to,
)
from tests.conftest import COMPILED, settings_in
from tests.entering import OWN, proof
from tests.factories import NOW, TODAY, listing, save

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
