"""Who edits for a provider: one by one given and taken away."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.accounts.permissions import can_edit_person, providers_of
from socialmap.accounts.roles import hold_role
from socialmap.geo.tree import AreaTree
from socialmap.models import Account, AccountRole, Provider
from socialmap.models.terms import Role
from socialmap.people import Ties


def editors_of(session: Session, provider_id: UUID, now: datetime) -> list[Account]:
    """Who edits for a provider now, by mail address, with their roles."""
    wanted = select(Account).join(AccountRole, col(AccountRole.account_id) == Account.id)
    wanted = wanted.where(AccountRole.provider_id == provider_id, col(Account.ended_on).is_(None))
    wanted = wanted.options(selectinload(Account.roles)).order_by(Account.mail)  # type: ignore[arg-type]
    return [account for account in session.exec(wanted) if account.edits(provider_id, now)]


def keepers_of(session: Session, tree: AreaTree, ties: Ties, now: datetime) -> list[Account]:
    """Who is told what must change in the entry of a person with these ties, by mail address: who
    may keep it; the redacteurs only where there is nobody else."""
    wanted = select(Account).where(col(Account.ended_on).is_(None)).order_by(Account.mail)
    accounts = session.exec(wanted.options(selectinload(Account.roles))).all()  # type: ignore[arg-type]
    found = [one for one in accounts if can_edit_person(one, tree, ties, now)]
    return [one for one in found if not one.has_role(Role.REDACTEUR)] or found


def providers_edited_by(session: Session, account: Account, now: datetime) -> list[Provider]:
    """The providers for which an account edits now, by name."""
    own = col(Provider.id).in_(providers_of(account, now))
    return list(session.exec(select(Provider).where(own).order_by(Provider.name)))


def make_editor(
    session: Session, account: Account, provider_id: UUID, from_at: datetime | None = None
) -> bool:
    """Let an account edit for a provider, from a moment on or at once; False if it did already."""
    given = hold_role(account, (Role.EDITOR, provider_id, None), from_at=from_at)
    session.flush()
    return given


def take_editor(session: Session, account_id: UUID, provider_id: UUID) -> bool:
    """Let an account no longer edit for a provider, now or later; False if it did not."""
    wanted = select(AccountRole).where(AccountRole.account_id == account_id)
    held = session.exec(wanted.where(AccountRole.provider_id == provider_id)).first()
    if held is None:
        return False
    session.delete(held)
    session.flush()
    return True
