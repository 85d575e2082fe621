"""Coming in by a link in a mail: links that work once, sessions that can be ended.

A token has 256 random bits, so that its plain SHA-256 gives nothing away.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.models import Account, AccountSession, LoginLink
from socialmap.models.terms import LinkPurpose, Role

MINUTES = 20
"""So long a link to log in works."""
INVITE_DAYS = 7
"""So long an invitation works."""
WORKS = {
    LinkPurpose.LOGIN: timedelta(minutes=MINUTES),
    LinkPurpose.INVITE: timedelta(days=INVITE_DAYS),
}
RESTS = timedelta(days=30)
"""So long a session lasts when nobody uses it."""
LASTS = timedelta(days=180)
"""So long a session lasts at most."""
LISTING_LASTS = timedelta(hours=12)
"""So long a session for one listing lasts, which a link in a digest begins."""
KEPT = timedelta(days=1)
"""So long what was used or has expired is known, to say so; and so long tries are counted."""


class LinkState(Enum):
    """What may come of a link."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Entry:
    """What came of using a link: when it was good the id for the cookie, and where to go on."""

    state: LinkState
    key: str = ""
    leads_to: str = ""


@dataclass(frozen=True)
class Visit:
    """Someone who is signed in, and in which session."""

    account: Account
    session: AccountSession

    @property
    def is_complete(self) -> bool:
        """Is there no step to go? A redacteur gives a code of the authenticator app too."""
        return self.session.factor_at is not None or not self.account.has_role(Role.REDACTEUR)


def digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


# Links


def make_link(
    session: Session,
    account: Account,
    now: datetime,
    leads_to: str = "",
    purpose: LinkPurpose = LinkPurpose.LOGIN,
) -> str:
    """The token of a new link for an account; it is kept nowhere but in the mail.

    `leads_to` is a path of ours that it goes on to; empty for the desk.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        LoginLink(
            token_hash=digest(token),
            account_id=account.id,
            purpose=purpose,
            made_at=now,
            expires_at=now + WORKS[purpose],
            leads_to=leads_to,
        )
    )
    session.flush()
    return token


def link_state(session: Session, token: str, now: datetime) -> LinkState:
    """What may come of a link; changes nothing."""
    return _judged(session, session.get(LoginLink, digest(token)), now)


def _judged(session: Session, link: LoginLink | None, now: datetime) -> LinkState:
    if link is None:
        return LinkState.UNKNOWN
    if link.used_at is not None:
        return LinkState.USED
    account = session.get_one(Account, link.account_id)
    if link.expires_at <= now or account.ended_on is not None:
        return LinkState.EXPIRED
    return LinkState.GOOD


def redeem(session: Session, token: str, now: datetime, today: date) -> Entry:
    """Use up a link, and begin a session when it is good.

    Writers come one at a time, so that of two at once only one finds it unused.
    """
    link = session.get(LoginLink, digest(token))
    state = _judged(session, link, now)
    if link is None or state != LinkState.GOOD:
        return Entry(state)
    link.used_at = now
    account = session.get_one(Account, link.account_id)
    return Entry(state, begin_session(session, account, now, today), link.leads_to)


def begin_session(
    session: Session, account: Account, now: datetime, today: date, listing_id: UUID | None = None
) -> str:
    """Begin a session of who opened a link from a mail, so that mail arrives; for one listing
    only, or for all that the account may do. Returns the id for the cookie."""
    account.is_reached()
    key = secrets.token_urlsafe(32)
    session.add(
        AccountSession(
            id_hash=digest(key),
            account_id=account.id,
            made_at=now,
            last_seen_on=today,
            listing_id=listing_id,
        )
    )
    session.flush()
    return key


# Sessions


def find_visit(session: Session, key: str, now: datetime, today: date) -> Visit | None:
    """Whose session has this id in its cookie; None when it has ended, or its account has."""
    found = session.get(AccountSession, digest(key))
    if found is None or found.ended_at is not None:
        return None
    lasts = LISTING_LASTS if found.listing_id else LASTS
    if found.made_at + lasts <= now or found.last_seen_on + RESTS < today:
        return None
    wanted = select(Account).where(col(Account.id) == found.account_id)
    account = session.exec(wanted.options(selectinload(Account.roles))).one()  # type: ignore[arg-type]
    return Visit(account, found) if account.ended_on is None else None


def mark_seen(session: Session, id_hash: str, today: date) -> None:
    """Keep on which day a session was last used."""
    session.get_one(AccountSession, id_hash).last_seen_on = today


def sign_out(session: Session, key: str, now: datetime) -> None:
    """End the session of a cookie, if there is one."""
    found = session.get(AccountSession, digest(key))
    if found is not None and found.ended_at is None:
        found.ended_at = now


def sign_out_everywhere(session: Session, account_id: UUID, now: datetime) -> None:
    """End every session of an account, and let no open link make a new one."""
    of_account = select(AccountSession).where(col(AccountSession.account_id) == account_id)
    for found in session.exec(of_account.where(col(AccountSession.ended_at).is_(None))):
        found.ended_at = now
    links = select(LoginLink).where(col(LoginLink.account_id) == account_id)
    for link in session.exec(links.where(col(LoginLink.used_at).is_(None))):
        link.used_at = now
    session.flush()


# What is over


def forget_links(session: Session, now: datetime) -> int:
    """Erase the links that expired a day ago; returns how many."""
    return erased(session, sa.delete(LoginLink).where(col(LoginLink.expires_at) < now - KEPT))


def forget_sessions(session: Session, now: datetime) -> int:
    """Erase the sessions that ended a day ago, or that nobody can use any more; returns how
    many."""
    is_over = sa.or_(
        col(AccountSession.ended_at) < now - KEPT,
        col(AccountSession.made_at) < now - LASTS,
        col(AccountSession.last_seen_on) < (now - RESTS - KEPT).date(),
    )
    return erased(session, sa.delete(AccountSession).where(is_over))


def erased(session: Session, gone: sa.Delete) -> int:
    """Erase these rows; returns how many there were."""
    found = session.execute(gone, execution_options={"synchronize_session": False})
    return int(found.rowcount)  # type: ignore[attr-defined]
