"""Who edits for a provider: one by one given and taken away."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.models import Account, AccountRole
from socialmap.models.terms import Role


def editors_of(session: Session, provider_id: UUID, now: datetime) -> list[Account]:
    """Who edits for a provider now, by mail address, with their roles."""
    wanted = select(Account).join(AccountRole, col(AccountRole.account_id) == Account.id)
    wanted = wanted.where(AccountRole.provider_id == provider_id, col(Account.ended_on).is_(None))
    wanted = wanted.options(selectinload(Account.roles)).order_by(Account.mail)  # type: ignore[arg-type]
    return [account for account in session.exec(wanted) if edits(account, provider_id, now)]


def edits(account: Account, provider_id: UUID, now: datetime) -> bool:
    """Is this account itself an editor of a provider?"""
    return any(held.provider_id == provider_id for held in account.roles_at(now))


def make_editor(
    session: Session, account: Account, provider_id: UUID, from_at: datetime | None = None
) -> bool:
    """Let an account edit for a provider, from a moment on or at once; False if it did already."""
    held = next((one for one in account.roles if one.provider_id == provider_id), None)
    if held is not None and (held.from_at is None or from_at is not None):
        return False
    if held is None:
        held = AccountRole(account_id=account.id, role=Role.EDITOR, provider_id=provider_id)
        account.roles.append(held)
    held.from_at = from_at
    session.flush()
    return True


def take_editor(session: Session, account_id: UUID, provider_id: UUID) -> bool:
    """Let an account no longer edit for a provider, now or later; False if it did not."""
    wanted = select(AccountRole).where(AccountRole.account_id == account_id)
    held = session.exec(wanted.where(AccountRole.provider_id == provider_id)).first()
    if held is None:
        return False
    session.delete(held)
    session.flush()
    return True
