"""Someone who is signed in, without the mail: a session and its cookie."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from socialmap import accounts, db
from socialmap.models.terms import Role
from socialmap.views import doors
from tests.factories import NOW, TODAY

OWN = {"Sec-Fetch-Site": "same-origin"}


def enter(app: Flask, role: Role, mail: str = "", **scope: str) -> FlaskClient:
    """Someone who came in with this role, for a provider or an area."""
    client, mail = app.test_client(), mail or f"{role}@gids.example"
    client.set_cookie(doors.COOKIE, key_of(app, role, mail, **scope))
    return client


def key_of(app: Flask, role: Role, mail: str, **scope: str) -> str:
    """The id of a new session of an account with this role."""
    with db.writing(app.extensions["engine"]) as session:
        accounts.add_role(session, mail, role, TODAY, **{"name": mail.split("@")[0], **scope})
        account = accounts.find_account(session, mail)
        assert account is not None
        token = accounts.make_link(session, account, NOW)
        return accounts.redeem(session, token, NOW, TODAY).key


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
