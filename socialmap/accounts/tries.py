"""How often someone may try: counted per hour in the database, under a hash with the secret key."""

import hmac
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from socialmap.accounts.entering import KEPT, erased, forget_links, forget_sessions
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
    for forget in (forget_tries, forget_links, forget_sessions):
        forget(session, now)
    if count_try(session, key, "network", network, now) > PER_NETWORK:
        return True
    return count_try(session, key, "mail", mail, now) > PER_ADDRESS


def is_code_too_often(session: Session, key: str, account_id: UUID, now: datetime) -> bool:
    """Count a code that was typed for an account; were there too many this hour?"""
    return count_try(session, key, "code", account_id.hex, now) > CODES


def is_invite_too_often(session: Session, key: str, account_id: UUID, now: datetime) -> bool:
    """Count an invitation by an account; were there too many this hour?"""
    return count_try(session, key, "invite", account_id.hex, now) > INVITES


def count_try(session: Session, key: str, kind: str, value: str, now: datetime) -> int:
    """Count a try of one kind; returns how many there were this hour of the same value.

    `kind` says what is tried and what is counted: `mail`, `network`, `report-network`.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    who = hmac.new(key.encode(), f"login-try:{kind}:{value}".encode(), "sha256").hexdigest()
    row = session.get(LoginTry, (who, hour)) or LoginTry(who_hash=who, hour=hour, count=0)
    row.count += 1
    session.add(row)
    session.flush()
    return row.count


def forget_tries(session: Session, now: datetime) -> int:
    """Erase the counts of a day ago; returns how many."""
    return erased(session, sa.delete(LoginTry).where(col(LoginTry.hour) < now - KEPT))
