"""The daily run: what a real mail server gets, what comes back, and what is readable."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, select

from socialmap.cli import reminding
from socialmap.mail import Mailer
from socialmap.models import ReviewAsk
from tests.posting import Post, served
from tests.upkeep.keeping import (
    ASKED,
    CONTACT,
    DAYS,
    FATMA,
    LAPSED,
    STALE,
    YARA,
    account,
    asked,
    keep,
    remind,
    row,
    text_of,
)

pytestmark = pytest.mark.sqlite
SIGNS_AS_SENT = 78
"""A line of text may be a little longer than mail likes; a link is never broken."""
LARGEST_MAIL = 100_000
"""Gmail cuts a mail off at about 102 kB: https://developers.google.com/workspace/gmail/"""


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    """The mail server that the application sends to."""
    with served() as (post, place):
        settings = replace(app.extensions["settings"], mail_url=f"smtp://{place}")
        app.extensions["settings"] = settings
        app.extensions["mailer"] = Mailer(settings)
        yield post


def mails(post: Post) -> list[EmailMessage]:
    """What the server got."""
    return [message_from_bytes(one.content, policy=policy.default) for one in post.letters]


@pytest.mark.parametrize("count", [1, 30, 300])
def test_a_digest_is_readable_with_any_number(
    engine: sa.Engine, app: Flask, post: Post, count: int
) -> None:
    keep(engine, *(f"cursus-{number:03}" for number in range(count)))
    assert remind(app, ASKED).output == "Verstuurd: 1 mails.\n"
    [mail] = mails(post)
    text, markup = text_of(mail), text_of(mail, "html")
    shown = min(count, 40)
    for part in (text, markup):
        assert part.count("Klopt nog") == shown + 1, "each listing, and the last line"
        assert "Cursus 000" in part
        assert (f"En nog {count - shown}." in part) is (count > shown)
        assert len(part.encode()) < LARGEST_MAIL
    assert mail["Subject"] == (
        "Klopt dit nog? Cursus 000"
        if count == 1
        else f"Klopt dit nog? {count} vermeldingen in de Gouden Gids"
    )
    assert not [line for line in text.splitlines() if line.endswith("=")], "a link is whole"
    with Session(engine) as session:
        assert len(session.exec(select(ReviewAsk)).all()) == count


def test_a_dry_run_tells_and_sends_nothing(engine: sa.Engine, app: Flask, post: Post) -> None:
    keep(engine, "kop-op")
    told = remind(app, ASKED, "--dry-run").output
    assert f"{FATMA}: Klopt dit nog? Kop op\n  Kop op: controleren voor 01-12-2026\n" in told
    assert "Te versturen: 1 mails." in told
    assert post.letters == []
    with Session(engine) as session:
        assert session.exec(select(ReviewAsk)).all() == []


def test_a_title_with_odd_signs_stops_nobody(engine: sa.Engine, app: Flask, post: Post) -> None:
    keep(engine, "kop-op", title="Praat\u00adgroep \u200b<b>'; DROP TABLE\u2028listing")
    assert remind(app, ASKED).output == "Verstuurd: 1 mails.\n"
    [mail] = mails(post)
    assert mail["Subject"].startswith("Klopt dit nog? Praatgroep <b>")
    assert "<b>" not in text_of(mail, "html")


def test_a_day_with_nothing_to_ask_says_so(engine: sa.Engine, app: Flask, post: Post) -> None:
    keep(engine, "kop-op")
    assert remind(app, ASKED - DAYS).output == "Verstuurd: 0 mails.\n"


def test_an_address_that_the_server_does_not_know_makes_an_orphan(
    engine: sa.Engine, app: Flask, post: Post
) -> None:
    keep(engine, "kop-op")
    post.unknown.add(FATMA)
    told = remind(app, ASKED).output
    assert "Onbekend bij de mailserver: 1 adressen." in told
    assert account(engine, FATMA).bounced_on == ASKED
    assert asked(engine, app, ASKED) == {YARA: ([], ["Kop op"])}


def test_an_address_that_is_busy_is_asked_again_tomorrow(
    engine: sa.Engine, app: Flask, post: Post
) -> None:
    keep(engine, "kop-op")
    post.busy.add(FATMA)
    result = remind(app, ASKED)
    assert result.exit_code == 1
    assert "Niet verstuurd: 1 mails." in result.output
    assert account(engine, FATMA).bounced_on is None
    post.busy.clear()
    assert remind(app, ASKED).output == "Verstuurd: 1 mails.\n"


def test_a_mail_server_that_is_away_loses_nothing(
    engine: sa.Engine, app: Flask, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    keep(engine, "kop-op")
    mailer = app.extensions["mailer"]
    gone = replace(app.extensions["settings"], mail_url="smtp://127.0.0.1:9")
    app.extensions["mailer"] = Mailer(gone)
    with caplog.at_level(logging.DEBUG):
        result = remind(app, ASKED)
    assert "Kijk de mailserver na (SOCIALMAP_MAIL_URL)" in result.output
    assert FATMA not in caplog.text
    app.extensions["mailer"] = mailer
    assert remind(app, ASKED).output == "Verstuurd: 1 mails.\n"


# Mail that comes back


def returned(mail: EmailMessage, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A report of delivery as a mail server makes it (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mx.example
To: gids@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

This mail could not be delivered.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {FATMA}
Action: {action}
Status: {status}

--x
Content-Type: text/rfc822-headers

Subject: {mail["Subject"]}
Message-ID: {mail["Message-ID"]}

--x--
""".encode()


def bounce(app: Flask, report: bytes) -> str:
    """Give a report to the command, as a mail server does."""
    result = app.test_cli_runner().invoke(reminding.bounce, input=BytesIO(report))
    return result.output.strip()


@pytest.mark.parametrize(
    ("status", "action", "told"),
    [
        ("5.1.1", "failed", "Dit adres krijgt geen mail meer."),
        ("5.2.2", "failed", "Dit adres werkt nog"),
        ("4.4.1", "delayed", "Dit adres werkt nog"),
    ],
)
def test_mail_that_comes_back_says_whom_we_no_longer_reach(
    engine: sa.Engine, app: Flask, post: Post, status: str, action: str, told: str
) -> None:
    keep(engine, "kop-op")
    remind(app, ASKED)
    [mail] = mails(post)
    assert bounce(app, returned(mail, status, action)).startswith(told)
    is_dead = account(engine, FATMA).bounced_on == ASKED
    assert is_dead is told.endswith("meer.")
    if is_dead:
        assert bounce(app, returned(mail)) == "Dat was al bekend."
        assert asked(engine, app, STALE) == {YARA: ([], ["Kop op"])}


def test_a_report_on_no_mail_of_ours_silences_nobody(
    engine: sa.Engine, app: Flask, post: Post
) -> None:
    keep(engine, "kop-op")
    remind(app, ASKED)
    [mail] = mails(post)
    id = str(mail["Message-ID"]).strip()
    forged = returned(mail).replace(id.encode(), f"<{id[1:33]}.{'A' * 27}@localhost>".encode())
    assert forged != returned(mail)
    assert "Dit gaat niet over een mail van deze gids." in bounce(app, forged)
    assert "Dit is geen bericht over mail" in bounce(app, b"Subject: Afwezig\n\nTot maandag.\n")
    assert account(engine, FATMA).bounced_on is None


# What a state does not follow from


@pytest.mark.parametrize("run", ["never", "daily", "late"])
def test_no_state_follows_from_running_it(
    engine: sa.Engine, app: Flask, post: Post, run: str
) -> None:
    keep(engine, "kop-op")
    days = {"never": [], "daily": [ASKED, ASKED, CONTACT, STALE], "late": [LAPSED]}[run]
    before = row(engine).model_dump()
    for day in days:
        remind(app, day)
    found = row(engine)
    assert found.model_dump() == before
    states = [found.upkeep(day).value for day in (ASKED - DAYS, ASKED, CONTACT, STALE, LAPSED)]
    told = ["gecontroleerd", "gevraagd", "bij-wijkcontact", "verouderd", "uit-de-lijst"]
    assert states == told
    assert found.review_due_on == date(2026, 12, 1)
