"""Erasing an account: all that is of the person goes, and history keeps its shape."""

from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from socialmap import accounts
from socialmap.models import (
    Account,
    AccountRole,
    AccountSession,
    Change,
    Claim,
    Edit,
    ListingCall,
    LoginLink,
    OfferDraft,
)
from socialmap.models.currency import months_later
from socialmap.models.terms import EditState

ERASED = "gewist account"
"""What history says instead of a name."""
ENDED_MONTHS, IDLE_MONTHS = 24, 12
"""So long an account is kept that has ended, and one that has nothing to do any more."""


def erase_account(session: Session, account: Account) -> None:
    """Erase an account with its roles, sessions, links and second factor, and its name in history.

    Scrub the files of the database after the commit. Raises AccountError for the last redacteur.
    """
    accounts.refuse_last(session, account)
    session.flush()
    _erase_in_own_edits(session, account)
    _erase_names(session, account)
    session.expunge(account)
    _run(session, sa.delete(Account).where(col(Account.id) == account.id))  # takes what it owns


def erase_ended(session: Session, today: date) -> int:
    """Erase the accounts that ended two years ago; returns how many."""
    is_over = col(Account.ended_on) < months_later(today, -ENDED_MONTHS)
    return _erase_all(session, select(Account).where(is_over))


def erase_idle(session: Session, now: datetime) -> int:
    """Erase the accounts without roles of which nothing waits or was decided for a year, and which
    nobody used lately; returns how many. They once sent an offer, or had a role."""
    year_ago = months_later(now.date(), -IDLE_MONTHS)
    last = sa.func.coalesce(Edit.decided_at, Edit.at)
    is_recent = sa.or_(
        col(Edit.state) == EditState.WAITING,
        last >= datetime.combine(year_ago, time(), UTC),
    )
    used = [
        sa.exists().where(col(AccountRole.account_id) == Account.id),
        sa.exists().where(col(AccountSession.account_id) == Account.id),
        sa.exists().where(col(LoginLink.account_id) == Account.id),
        sa.exists().where(col(Claim.account_id) == Account.id),
        sa.exists().where(col(OfferDraft.account_id) == Account.id),
        sa.exists().where(col(OfferDraft.mail) == Account.mail),
        sa.exists().where(col(Edit.account_id) == Account.id, is_recent),
    ]
    was_made = (col(Account.ended_on).is_(None), col(Account.created_on) < year_ago)
    return _erase_all(session, select(Account).where(*was_made, *map(sa.not_, used)))


def _erase_all(session: Session, query: SelectOfScalar[Account]) -> int:
    found = session.exec(query.options(selectinload(Account.roles))).all()  # type: ignore[arg-type]
    for account in found:
        erase_account(session, account)
    return len(found)


def _erase_in_own_edits(session: Session, account: Account) -> None:
    """Whatever the account was called then: in its own edits it is who did not decide."""
    own = select(Edit.id).where(Edit.account_id == account.id)
    decider = select(Edit.decided_by).where(Edit.id == Change.edit_id).scalar_subquery()
    changes = sa.update(Change).where(col(Change.edit_id).in_(own), col(Change.by) != decider)
    _run(session, changes.values(by=ERASED))


def _erase_names(session: Session, account: Account) -> None:
    """Wherever else history names it. A name that another account bears too says nothing of whose
    it was, and stays."""
    names = [account.mail]
    same = select(Account.id).where(Account.name == account.name, Account.id != account.id)
    if account.name and session.exec(same.limit(1)).first() is None:
        names.append(account.name)
    _run(session, sa.update(Change).where(col(Change.by).in_(names)).values(by=ERASED))
    called = sa.update(ListingCall).where(col(ListingCall.account_id) == account.id)
    _run(session, called.values(name=ERASED))
    decided = sa.update(Edit).where(col(Edit.decided_by).in_(names))
    _run(session, decided.values(decided_by=ERASED))


def _run(session: Session, statement: sa.Update | sa.Delete) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
