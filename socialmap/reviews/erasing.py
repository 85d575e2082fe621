"""Erasing an account: all that is of the person goes, and history keeps its shape."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap import accounts
from socialmap.models import Account, Change, Edit

ERASED = "gewist account"
"""What history says instead of a name."""


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
    decided = sa.update(Edit).where(col(Edit.decided_by).in_(names))
    _run(session, decided.values(decided_by=ERASED))


def _run(session: Session, statement: sa.Update | sa.Delete) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
