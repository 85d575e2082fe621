"""Mail that comes back: a report of delivery (RFC 3464) says which address no longer works.

Only a report on a mail of ours counts: it carries the Message-ID that we signed, so that nobody
can silence somebody else.
"""

from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.message import Message
from re import compile as pattern
from uuid import UUID

from itsdangerous import BadSignature, Signer
from sqlmodel import Session

from socialmap.models import Account

ID = pattern(r"<([0-9a-f]{32})\.([\w-]+)@[^>]+>")
FAILED, FULL = "failed", "5.2.2"
"""A full mailbox (RFC 3463) may be emptied again; it is no address that does not work."""
SALT = "mail-komt-terug"


class BounceError(ValueError):
    """Not a report that we can use; says why, in Dutch."""


class MailIds:
    """The left side of the Message-ID of a mail to an account."""

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, salt=SALT, sep=".")

    def made_for(self, account_id: UUID) -> str:
        """`<account>.<signature>`."""
        return self._signer.sign(account_id.hex).decode()

    def account_in(self, text: str) -> UUID | None:
        """The account of a Message-ID of ours; None for any other."""
        found = ID.search(text)
        if found is None:
            return None
        try:
            return UUID(self._signer.unsign(".".join(found.groups())).decode())
        except BadSignature:
            return None


def read_bounce(report: bytes, ids: MailIds) -> UUID | None:
    """The account whose address does not work, by a report of delivery; None where mail is only
    late, or the mailbox full. Raises BounceError for what is no report, or not on a mail of ours.
    """
    message = message_from_bytes(report)
    recipients = list(_recipients(message))
    if not recipients:
        raise BounceError("Dit is geen bericht over mail die terugkomt (message/delivery-status).")
    found = [account for text in _returned_ids(message) if (account := ids.account_in(text))]
    if not found:
        raise BounceError("Dit gaat niet over een mail van deze gids.")
    return found[0] if any(map(_is_dead, recipients)) else None


def _recipients(message: Message) -> Iterator[Message]:
    """The blocks that say what became of the mail for each address (RFC 3464, 2.3)."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (
                block
                for block in (blocks if isinstance(blocks, list) else ())
                if isinstance(block, Message) and block.get("Action")
            )


def _is_dead(block: Message) -> bool:
    status = str(block.get("Status", "")).strip()
    is_failed = str(block["Action"]).strip().lower() == FAILED
    return is_failed and status.startswith("5.") and not status.startswith(FULL)


def _returned_ids(message: Message) -> Iterator[str]:
    """The Message-ID of what came back: of the mail itself, or of its headers alone."""
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            if isinstance(headers, bytes):
                yield str(message_from_bytes(headers).get("Message-ID"))
        elif part is not message and part.get("Message-ID"):
            yield str(part["Message-ID"])


def mark_bounced(session: Session, account_id: UUID, today: date) -> bool:
    """Keep that mail to an account comes back; False where that was known, or it is gone."""
    account = session.get(Account, account_id)
    if account is None or account.bounced_on is not None:
        return False
    account.bounced_on = today
    session.flush()
    return True
