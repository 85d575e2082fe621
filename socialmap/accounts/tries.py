"""How often something was tried this hour, counted under a hash with the secret key."""

import hmac
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from socialmap.models import LoginTry

KEPT = timedelta(days=1)
"""So long tries are counted, and what was used or has expired is known, to say so."""


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


def forget_tries(session: Session, now: datetime) -> None:
    """Erase the counts that nobody needs any more."""
    gone = sa.delete(LoginTry).where(col(LoginTry.hour) < now - KEPT)
    session.execute(gone, execution_options={"synchronize_session": False})
