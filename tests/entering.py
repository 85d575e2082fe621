"""People who are signed in, without a mail and a link to press."""

import re
import secrets

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from socialmap import accounts, db
from socialmap.accounts.entering import digest
from socialmap.models import AccountSession
from socialmap.models.terms import Role
from socialmap.views import doors
from socialmap.views.clock import now
from tests.factories import TODAY

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
    """Someone who is signed in with this role, and made an account where there was none."""
    scope = {"provider": provider, "area": area, "name": name}
    with db.writing(engine) as session:
        accounts.add_role(session, mail, role, TODAY, **scope)
    client = app.test_client()
    client.set_cookie(doors.COOKIE, open_session(app, engine, mail))
    return client


def open_session(app: Flask, engine: sa.Engine, mail: str) -> str:
    """The value of the cookie of a new session of an account that is there."""
    key = secrets.token_urlsafe(32)
    with app.app_context(), db.writing(engine) as session:
        account = accounts.find_account(session, mail)
        assert account is not None, mail
        held = {"id_hash": digest(key), "account_id": account.id}
        session.add(AccountSession(**held, made_at=now(), last_seen_on=TODAY))
    return key


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
