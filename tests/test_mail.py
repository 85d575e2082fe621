"""Mail: a real conversation with a server, and nothing slipped in or told."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from socialmap.config import settings_from_env
from socialmap.mail import Letter, Mailer, MailError
from tests.conftest import settings_in
from tests.factories import NOW
from tests.posting import USER, Post, served

LETTER = Letter(
    "yara@gids.example", "Uw link", "Dag Yara, één link:\n\nhttps://x.example/a\n", "<p>Dag</p>"
)
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture
def post() -> Iterator[tuple[Post, str]]:
    """A mail server that asks who is there, and where it is."""
    with served(is_secret=True) as found:
        yield found


def mailer(folder: Path, url: str) -> Mailer:
    return Mailer(replace(settings_in(folder), mail_url=url, base_url="https://x.example/gids"))


def test_a_letter_goes_out_as_it_is(tmp_path: Path, post: tuple[Post, str]) -> None:
    server, place = post
    sender = mailer(tmp_path, f"smtp://gids%40x.example:ge%3Ah%40im@{place}")
    sender.rehearse()
    assert server.letters == []
    sender.send(LETTER, NOW)
    [sent] = server.letters
    assert (sent.mail_from, sent.rcpt_tos) == (USER, ["yara@gids.example"])
    content = sent.content
    assert isinstance(content, bytes)
    for line in (b"Subject: Uw link", b"Auto-Submitted: auto-generated", b"multipart/alternative"):
        assert line in content
    assert not (tmp_path / "mail").exists()
    assert server.users == [USER.encode()] * 2


def test_who_is_unknown_there_is_not_told(
    tmp_path: Path, post: tuple[Post, str], caplog: pytest.LogCaptureFixture
) -> None:
    sender = mailer(tmp_path, f"smtp://gids%40x.example:ge%3Ah%40im@{post[1]}")
    sender.send(replace(LETTER, to="onbekend@gids.example"), NOW)
    assert "mail geweigerd" in caplog.text
    assert "onbekend" not in caplog.text


def test_a_wrong_password_fails_and_is_not_in_the_log(
    tmp_path: Path, post: tuple[Post, str], caplog: pytest.LogCaptureFixture
) -> None:
    sender = mailer(tmp_path, f"smtp://gids%40x.example:anders@{post[1]}")
    for act in (sender.rehearse, lambda: sender.send(LETTER, NOW)):
        with caplog.at_level(logging.DEBUG), pytest.raises(MailError):
            act()
    assert "mail niet verstuurd: SMTPAuthenticationError 535" in caplog.text
    for secret in ("anders", "yara", USER):
        assert secret not in caplog.text
    assert post[0].letters == []


@pytest.mark.parametrize(
    "to",
    [
        "a@x.example\r\nBcc: b@x.example",
        "a@x.example\nBcc: b@x.example",
        "a@x.example, b@x.example",
        "a@x.example;b@x.example",
        "A <a@x.example>",
        "a@b@x.example",
        "",
    ],
)
def test_a_letter_goes_to_one_address(to: str) -> None:
    with pytest.raises(ValueError, match="one mail address"):
        replace(LETTER, to=to)


def test_a_subject_is_one_line() -> None:
    with pytest.raises(ValueError, match="one line"):
        replace(LETTER, subject="Uw link\r\nBcc: b@x.example")


def test_a_letter_in_the_folder_is_for_its_owner(tmp_path: Path) -> None:
    mailer(tmp_path, "").send(LETTER, NOW)
    [path] = (tmp_path / "mail").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert path.read_bytes().startswith(b"From: Gouden Gids Amsterdam <gids@x.example>")


@pytest.mark.parametrize("url", ["mail.example", "http://x", "smtp://", "smtp://u:geheim@x:poort"])
def test_a_wrong_mail_server_is_named_without_its_password(url: str, tmp_path: Path) -> None:
    env = {"SOCIALMAP_MAIL_URL": url, "SOCIALMAP_INSTANCE": str(tmp_path)}
    with pytest.raises(ValueError, match="SOCIALMAP_MAIL_URL") as caught:
        settings_from_env(env)
    assert "geheim" not in str(caught.value)
