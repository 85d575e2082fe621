"""Draad & Daad keeps listings in Noord; Yara has the wijk, Rik is the redactie."""

import email
import re
from dataclasses import replace
from datetime import date, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import accounts, db, upkeep
from socialmap.cli import reminding
from socialmap.geo.tree import area_tree
from socialmap.models import Account, Listing
from socialmap.models.terms import Role
from socialmap.views import clock, doors
from tests.entering import OWN
from tests.factories import DRAAD, TODAY, listing, save

FATMA, YARA, RIK = "fatma@draad.example", "yara@wijk.example", "rik@gids.example"
SLUG = "draad-daad"
DAYS = timedelta(days=1)
CHECKED = date(2026, 6, 1)
"""With a rhythm of six months due on 1 December, so that it is asked from 20 October."""
ASKED, AGAIN, CONTACT = date(2026, 10, 20), date(2026, 11, 3), date(2026, 11, 17)
STALE, LAPSED = date(2026, 12, 2), date(2027, 1, 6)
"""The first days of each."""


def on(app: Flask, day: date) -> None:
    """Let it be another day for the pages and commands."""
    app.extensions["settings"] = replace(app.extensions["settings"], today=day.isoformat())


def keep(engine: sa.Engine, *keys: str, **values: Any) -> None:
    """Listings of Draad & Daad in Volewijck, which Fatma keeps; Yara has the wijk."""
    told = {"provider": DRAAD, "confirmed_on": CHECKED, "coverage": ["NK"]} | values
    save(engine, *(listing(key, **told) for key in keys))
    if told["provider"] == DRAAD:
        give(engine, FATMA, Role.EDITOR, provider=SLUG, name="Fatma")
    give(engine, YARA, Role.WIJK_CONTACT, area="NK", name="Yara")
    give(engine, RIK, Role.REDACTEUR, name="Rik")


def give(engine: sa.Engine, mail: str, role: Role, **scope: str) -> None:
    """Give a role."""
    with db.writing(engine) as session:
        accounts.add_role(session, mail, role, TODAY, **scope)


def asked(engine: sa.Engine, app: Flask, day: date) -> dict[str, tuple[list[str], list[str]]]:
    """Who would be asked on a day, by mail address: of their own, and of their wijk."""
    on(app, day)
    with app.app_context(), Session(engine) as session:
        found = upkeep.digests(session, area_tree(session), clock.now(), day)
        return {
            one.account.mail: ([card.title for card in one.own], [card.title for card in one.wijk])
            for one in found
        }


def remind(app: Flask, day: date, *options: str) -> Result:
    """Run `flask remind` on a day."""
    on(app, day)
    return app.test_cli_runner().invoke(reminding.remind, options)


def letters(folder: Path) -> list[EmailMessage]:
    """The letters in the folder, the oldest first."""
    paths = sorted((folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def text_of(letter: EmailMessage, kind: str = "plain") -> str:
    """What a letter says."""
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def links(letter: EmailMessage) -> list[str]:
    """The paths of the links of a letter, in their order."""
    return re.findall(r"http://localhost:8000(/\S+)", text_of(letter))


def account(engine: sa.Engine, mail: str) -> Account:
    with Session(engine) as session:
        return session.exec(select(Account).where(Account.mail == mail)).one()


def row(engine: sa.Engine, key: str = "kop-op") -> Listing:
    """A listing as the tables have it."""
    with Session(engine) as session:
        return session.exec(select(Listing).where(Listing.key == key)).one()


def stamp(client: FlaskClient, path: str) -> str:
    """The stamp of the form on a page that anyone may open."""
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="bewijs" value="([^"]+)"', page)
    assert found, page
    return found[1]


def press(client: FlaskClient, path: str, **typed: str) -> Any:
    """Open a link and press a button on its page."""
    shown = path.partition("?")[0]
    form = {"bewijs": stamp(client, path)} | typed
    return client.post(shown, data=form, headers=OWN)


def fresh(app: Flask) -> FlaskClient:
    """The browser of somebody else."""
    client = app.test_client()
    client.delete_cookie(doors.COOKIE)
    return client
