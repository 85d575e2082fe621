"""How often someone may try: counted per hour in the database, under a hash with the secret key."""

import hmac
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from socialmap.accounts.entering import forget_old
from socialmap.models import LoginTry

PER_ADDRESS, PER_NETWORK = 5, 30
"""Links that may be asked in an hour."""
CODES = 10
"""Codes of an app, or recovery codes, that may be typed for one account in an hour."""
INVITES = 30
"""People whom one account may invite in an hour."""


def is_too_often(session: Session, key: str, mail: str, network: str, now: datetime) -> bool:
    """Count a try for an address and from a network; was either asked too often this hour?

    A network over its limit counts for no address, so that it can lock nobody else out for long.
    """
    forget_old(session, now)
    if _count(session, _keyed(key, "network", network), now) > PER_NETWORK:
        return True
    return _count(session, _keyed(key, "mail", mail), now) > PER_ADDRESS


def is_code_too_often(session: Session, key: str, account_id: UUID, now: datetime) -> bool:
    """Count a code that was typed for an account; were there too many this hour?"""
    return _count(session, _keyed(key, "code", account_id.hex), now) > CODES


def is_invite_too_often(session: Session, key: str, account_id: UUID, now: datetime) -> bool:
    """Count an invitation by an account; were there too many this hour?"""
    return _count(session, _keyed(key, "invite", account_id.hex), now) > INVITES


def _keyed(key: str, kind: str, value: str) -> str:
    return hmac.new(key.encode(), f"login-try:{kind}:{value}".encode(), "sha256").hexdigest()


def _count(session: Session, who_hash: str, now: datetime) -> int:
    hour = now.replace(minute=0, second=0, microsecond=0)
    row = session.get(LoginTry, (who_hash, hour)) or LoginTry(who_hash=who_hash, hour=hour, count=0)
    row.count += 1
    session.add(row)
    session.flush()
    return row.count
