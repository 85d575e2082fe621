"""Everybody with an account, to be found by mail address or name; and who invited whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.accounts.roles import RoleView, roles_of_all
from socialmap.models import Account, AccountRole

PAGE_SIZE = 50


@dataclass(frozen=True)
class AccountRow:
    """An account in a list, with its roles."""

    account: Account
    roles: list[RoleView]


@dataclass(frozen=True)
class AccountList:
    """One page of accounts, and how many there are on all pages together."""

    rows: list[AccountRow]
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def list_accounts(session: Session, now: datetime, words: str = "", page: int = 1) -> AccountList:
    """A page of all accounts, or of those whose address or name holds these words; who has ended
    comes last."""
    wanted = select(Account)
    if words:
        texts = (col(Account.mail), col(Account.name))
        wanted = wanted.where(sa.or_(*(text.icontains(words, autoescape=True) for text in texts)))
    total = session.execute(sa.select(sa.func.count()).select_from(wanted.subquery())).scalar_one()
    wanted = wanted.order_by(col(Account.ended_on).is_not(None), col(Account.mail))
    wanted = wanted.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    found = session.exec(wanted.options(selectinload(Account.roles))).all()  # type: ignore[arg-type]
    roles = roles_of_all(session, found, now)
    return AccountList([AccountRow(one, roles[one.id]) for one in found], total)


def invited_by(session: Session, account_id: UUID) -> list[Account]:
    """To whom this account gave a role, by name."""
    given = select(AccountRole.account_id).where(AccountRole.given_by_id == account_id)
    wanted = select(Account).where(col(Account.id).in_(given), Account.id != account_id)
    return list(session.exec(wanted.order_by(Account.name, Account.mail)))
