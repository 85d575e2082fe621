"""Mail: a letter goes to a real server, or into a folder where nobody named one.

Nothing of a letter is ever in the log: no address, no word, no link.
"""

import logging
import os
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from enum import Enum
from re import compile as pattern
from urllib.parse import unquote, urlsplit

from socialmap.config import Settings

log = logging.getLogger("socialmap.mail")
ADDRESS = pattern(r"[^\s@,;:<>()\[\]\"\\]+@[^\s@,;:<>()\[\]\"\\]+")
"""One address and no more: nothing that a header would read as two."""
SECONDS = 10
"""So long we wait for a mail server."""
FOR_GOOD = 500
"""From here on an answer of a mail server is for good."""
OURSELVES = frozenset({"localhost", "127.0.0.1", "::1"})
NAME = "Gouden Gids Amsterdam"


class Delivery(Enum):
    """What the mail server said of an address."""

    TAKEN = "taken"
    REFUSED = "refused"
    """It does not know the address (5xx, RFC 5321)."""
    LATER = "later"
    """It does not take mail for it now (4xx)."""


class MailError(Exception):
    """The mail server did not take a letter; says nothing of what was in it."""


@dataclass(frozen=True)
class Letter:
    """A letter to one address, as plain text and as HTML; raises ValueError for two addresses."""

    to: str
    subject: str
    text: str
    html: str
    id: str = ""
    """The left side of its Message-ID, by which we know it again when it comes back."""
    unsubscribe: str = ""
    """The address of a page that ends such letters (RFC 2369); empty for what has to be told."""

    def __post_init__(self) -> None:
        if not ADDRESS.fullmatch(self.to):
            raise ValueError("a letter goes to one mail address")
        if not self.subject.isprintable():
            raise ValueError("a subject is one line")


class Mailer:
    """Sends letters as the settings say."""

    def __init__(self, settings: Settings) -> None:
        self._url = urlsplit(settings.mail_url)
        self._folder = settings.mail_dir
        self._host = urlsplit(settings.base_url).hostname or "localhost"

    @property
    def sender(self) -> str:
        """From whom: the user of the mail server where that is an address, else the site."""
        user = unquote(self._url.username or "")
        return user if ADDRESS.fullmatch(user) else f"gids@{self._host}"

    def send(self, letter: Letter, now: datetime) -> Delivery:
        """Send a letter; raises MailError when the server does not answer or refuses us.

        A recipient that the server refuses is no error, and who asks for a link must not learn
        from it.
        """
        message = self._message(letter, now)
        if not self._url.hostname:
            self._keep(message, now)
            return Delivery.TAKEN
        with self._server() as server:
            try:
                server.send_message(message, self.sender, [letter.to])
            except smtplib.SMTPRecipientsRefused as error:
                log.warning("mail geweigerd: de mailserver kent dit adres niet")
                codes = [code for code, _ in error.recipients.values()]
                return Delivery.REFUSED if min(codes) >= FOR_GOOD else Delivery.LATER
        return Delivery.TAKEN

    def rehearse(self) -> None:
        """Do all of sending but the letter: so that an address we do not know answers the same.

        Raises MailError.
        """
        if self._url.hostname:
            with self._server() as server:
                server.noop()

    def _message(self, letter: Letter, now: datetime) -> EmailMessage:
        message = EmailMessage()
        message["From"] = f"{NAME} <{self.sender}>"
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(now)
        is_known = f"<{letter.id}@{self._host}>" if letter.id else None
        message["Message-ID"] = is_known or make_msgid(domain=self._host)
        if letter.unsubscribe:
            message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message

    def _keep(self, message: EmailMessage, now: datetime) -> None:
        """Put a letter in the folder, for its owner only."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.eml"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(bytes(message))
        log.info("mail bewaard in %s", path)

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        try:
            with _connected(self._url.scheme, self._url.hostname or "", self._url.port) as server:
                self._secure(server)
                if self._url.username:
                    server.login(unquote(self._url.username), unquote(self._url.password or ""))
                yield server
        except (OSError, smtplib.SMTPException) as error:
            log.error("mail niet verstuurd: %s", _told(error))
            raise MailError("the mail server did not take it") from None

    def _secure(self, server: smtplib.SMTP) -> None:
        """Go on in secret where the server can; a password is never told to all."""
        if self._url.scheme == "smtps":
            return
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif self._url.username and self._url.hostname not in OURSELVES:
            raise smtplib.SMTPException("no TLS, so no password")


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=context)
    return smtplib.SMTP(host, port or 587, timeout=SECONDS)


def _told(error: Exception) -> str:
    """What went wrong, without what the server said: that may hold an address."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return type(error).__name__ + (f" {code}" if code else "")
