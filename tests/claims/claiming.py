"""Somebody who asks to keep the listings of Draad & Daad, and the letters that come of it."""

import email
import re
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import accounts, db
from socialmap.accounts import permissions
from socialmap.listings.values import ProviderValues
from socialmap.models import Claim, Provider
from socialmap.models.terms import ClaimState, Role
from socialmap.views import clock, doors
from tests.entering import OWN, past_the_code, proof
from tests.factories import NOW, TODAY

FATMA, YARA, REDACTIE = "fatma@draad.example", "yara@wijk.example", "redactie@gids.example"
PRIVATE = "fatma@gmail.com"
SITE = "http://localhost:8000"
DRAAD = ProviderValues(name="Draad & Daad", is_informal=True, website="https://www.draad.example/")
ASK = "/aanbieder/draad-daad/beheer"
EDITORS = "/bureau/aanbieder/draad-daad/bewerkers"
SENT = "U krijgt binnen een paar minuten een mail met een link"
HOURS = timedelta(hours=1)


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
