"""People who are signed in, without a mail and a link to press."""

import re
import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP, random_base32
from werkzeug.test import TestResponse

from socialmap import accounts, db
from socialmap.accounts.entering import digest
from socialmap.models import AccountSession, SecondFactor
from socialmap.models.terms import Role
from socialmap.views import doors
from socialmap.views.clock import now
from tests.factories import NOW, TODAY

OWN = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form on our own pages."""


def enter(
    app: Flask,
    engine: sa.Engine,
    mail: str,
    role: Role,
    *,
    provider: str = "",
    area: str = "",
    name: str = "",
) -> FlaskClient:
    """Someone who is signed in with this role, all the way: a redacteur gave the code too. Makes an
    account where there was none."""
    scope = {"provider": provider, "area": area, "name": name}
    with db.writing(engine) as session:
        accounts.add_role(session, mail, role, TODAY, **scope)
    client = app.test_client()
    client.set_cookie(doors.COOKIE, open_session(app, engine, mail))
    return client


def open_session(app: Flask, engine: sa.Engine, mail: str, *, has_code: bool = True) -> str:
    """The value of the cookie of a new session of an account that is there."""
    key = secrets.token_urlsafe(32)
    with app.app_context(), db.writing(engine) as session:
        account = accounts.find_account(session, mail)
        assert account is not None, mail
        held = {"id_hash": digest(key), "account_id": account.id}
        held |= {"factor_at": now() if has_code else None}
        session.add(AccountSession(**held, made_at=now(), last_seen_on=TODAY))
    return key


def past_the_code(client: FlaskClient) -> None:
    """Let a browser that came in by a link go on as if the code of the app was given."""
    cookie = client.get_cookie(doors.COOKIE)
    assert cookie is not None
    with client.application.app_context(), db.writing(db.engine()) as session:
        session.get_one(AccountSession, digest(cookie.value)).factor_at = now()


def give_app(engine: sa.Engine, mail: str) -> str:
    """Give an account an authenticator app; returns its secret."""
    with db.writing(engine) as session:
        account = accounts.find_account(session, mail)
        assert account is not None, mail
        secret = random_base32()
        session.add(SecondFactor(account_id=account.id, secret=secret, made_at=NOW, last_step=0))
    return secret


def code_of(secret: str, steps: int = 0, moment: datetime | None = None) -> str:
    """What an app shows now or at a moment, or so many half minutes later."""
    return TOTP(secret).at(moment or datetime.now(UTC), counter_offset=steps)


def proof(page: str) -> str:
    """The stamp or token of the first form on a page."""
    found = re.search(r'name="bewijs" value="([^"]+)"', page)
    assert found, page
    return found[1]


def post(client: FlaskClient, page: str, to: str = "", **fields: object) -> tuple[int, str]:
    """Send a form that stands on a page of ours; returns the status, and the answer or where
    it leads."""
    data = {"bewijs": proof(client.get(page).text)} | fields
    answer = client.post(to or page, data=data, headers=OWN)
    return answer.status_code, answer.headers.get("Location") or answer.text


def enter_as(app: Flask, role: Role, mail: str = "", **scope: str) -> FlaskClient:
    """The same, by the name of the role where no mail is given."""
    mail = mail or f"{role}@gids.example"
    named = {"name": mail.split("@")[0], **scope}
    return enter(app, app.extensions["engine"], mail, role, **named)


def key_of(app: Flask, role: Role, mail: str, **scope: str) -> str:
    """The value of the cookie of someone with this role."""
    cookie = enter_as(app, role, mail, **scope).get_cookie(doors.COOKIE)
    assert cookie is not None
    return cookie.value


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a form."""
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, (name, page)
    return found[1]


def send(client: FlaskClient, address: str, page: str = "", **fields: Any) -> TestResponse:
    """Fill in and send the form at an address, as it is there now or as on the page given."""
    page = page or client.get(address).text
    own = {name: hidden(page, name) for name in ("bewijs", "versie") if f'name="{name}"' in page}
    sent = {"data": {**own, **fields}, "content_type": "multipart/form-data"}
    answer = client.post(address, headers=OWN, **sent)
    answer.request.environ["wsgi.input"].close()  # of a large form it is a file
    return answer
