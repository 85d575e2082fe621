"""Accounts and their roles: made once, ended when someone stops."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import selectinload
from sqlmodel import Session, SQLModel, col, select

from socialmap.accounts.entering import sign_out_everywhere
from socialmap.models import Account, AccountRole, Area, Provider
from socialmap.models.terms import AreaLevel, Role

LONGEST = 254
"""RFC 5321: a longer address fits no path."""
ACCOUNTS = SQLModel.metadata.tables["account"]
NOT_A_MAIL = "Dit is geen mailadres. Schrijf het als naam@organisatie.nl."
SCOPES = {Role.EDITOR: "--provider SLUG", Role.WIJK_CONTACT: "--area CODE"}


class AccountError(ValueError):
    """Says in Dutch why an account can't be as asked."""


@dataclass(frozen=True)
class RoleView:
    """A role, and the name of what it is for; empty for the whole directory."""

    role: Role
    scope: str


def folded(text: str) -> str:
    """A mail address as we keep it: small letters, the domain as the network knows it.

    Raises AccountError for what is no mail address.
    """
    if len(text) > LONGEST:
        raise AccountError(NOT_A_MAIL)
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise AccountError(NOT_A_MAIL) from None
    return (found.ascii_email or found.normalized).lower()


def find_account(session: Session, mail: str) -> Account | None:
    """The account of a folded address, with its roles; also one that has ended."""
    wanted = select(Account).where(col(Account.mail) == mail)
    return session.exec(wanted.options(selectinload(Account.roles))).first()  # type: ignore[arg-type]


def add_role(
    session: Session,
    mail: str,
    role: Role,
    today: date,
    *,
    provider: str = "",
    area: str = "",
    name: str = "",
) -> set[str]:
    """Give an address a role, and an account where it has none; returns what changed.

    `account`, `again` (it had ended), `name` and `role`; empty when all was so already.
    Raises AccountError.
    """
    mail = folded(mail)
    scope = _scope(session, role, provider, area)
    account = find_account(session, mail)
    changed: set[str] = set()
    if account is None:
        account = Account(mail=mail, name=name, created_on=today, roles=[])
        session.add(account)
        changed.add("account")
    elif account.ended_on is not None:
        account.ended_on, account.roles = None, []
        changed.add("again")
    if name and account.name != name:
        account.name = name
        changed.add("name")
    session.flush()
    same = (one for one in account.roles if (one.role, one.provider_id, one.area_code) == scope)
    held = next(same, None)
    if held is None:
        _, provider_id, area_code = scope
        account.roles.append(
            AccountRole(
                account_id=account.id, role=role, provider_id=provider_id, area_code=area_code
            )
        )
        changed.add("role")
    elif held.from_at is not None:  # it waits no longer
        held.from_at = None
        changed.add("role")
    session.flush()
    return changed


def account_for(session: Session, mail: str, today: date) -> Account:
    """The account of a folded address, also one that has ended; made without roles where there
    is none."""
    account = find_account(session, mail)
    if account is None:
        account = Account(mail=mail, created_on=today, roles=[])
        session.add(account)
        session.flush()
    return account


def erase_unused(session: Session, account_id: UUID) -> None:
    """Erase an account to which nothing points any more, unless it was ended on purpose."""
    for table in SQLModel.metadata.sorted_tables:
        for key in table.foreign_keys:
            pointing = sa.select(sa.literal(1)).select_from(table).where(key.parent == account_id)
            if key.references(ACCOUNTS) and session.execute(pointing.limit(1)).first():
                return
    unused = sa.delete(Account).where(col(Account.id) == account_id)
    session.execute(unused.where(col(Account.ended_on).is_(None)))


def _scope(
    session: Session, role: Role, provider: str, area: str
) -> tuple[Role, UUID | None, str | None]:
    """What a role is for; refuses what is unknown, missing, or too much."""
    if bool(provider) != (role == Role.EDITOR) or bool(area) != (role == Role.WIJK_CONTACT):
        wanted = SCOPES.get(role, "geen --provider of --area")
        raise AccountError(f"Bij de rol {role.value} hoort {wanted}.")
    if provider:
        found = session.exec(select(Provider).where(col(Provider.slug) == provider)).first()
        if found is None:
            raise AccountError(
                f"Er is geen aanbieder ‘{provider}’. Neem het laatste deel van het adres van de "
                "pagina: /aanbieder/<slug>."
            )
        return role, found.id, None
    if area:
        known = session.get(Area, area)
        if known is None or known.level in (AreaLevel.BUURT, AreaLevel.CITY):
            raise AccountError(
                f"Er is geen wijk, gebied of stadsdeel ‘{area}’. Een wijk is als NK."
            )
        return role, None, known.code
    return role, None, None


def end_account(session: Session, mail: str, now: datetime, today: date) -> bool:
    """End an account and every session of it; False when it had ended already.

    Raises AccountError for an address without an account.
    """
    account = find_account(session, folded(mail))
    if account is None:
        raise AccountError("Er is geen account met dit mailadres.")
    if account.ended_on is not None:
        return False
    account.ended_on = max(today, account.created_on)
    sign_out_everywhere(session, account.id, now)
    return True


def roles_of(session: Session, account: Account, now: datetime) -> list[RoleView]:
    """The roles of an account that hold, in the order of the list, with the names of what they are
    for."""
    roles = account.roles_at(now)
    providers = [held.provider_id for held in roles if held.provider_id]
    areas = [held.area_code for held in roles if held.area_code]
    of_providers = select(Provider.id, Provider.name).where(col(Provider.id).in_(providers))
    of_areas = select(Area.code, Area.name).where(col(Area.code).in_(areas))
    names: dict[object, str] = dict(session.exec(of_providers).all())
    names |= dict(session.exec(of_areas).all())
    found = [
        RoleView(held.role, names.get(held.provider_id or held.area_code, "")) for held in roles
    ]
    return sorted(found, key=lambda view: (list(Role).index(view.role), view.scope))
