"""Accounts and their roles: made once, given and taken, ended when someone stops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import selectinload
from sqlmodel import Session, SQLModel, col, select

from socialmap.accounts.entering import sign_out_everywhere
from socialmap.accounts.factor import forget_factor
from socialmap.labels import listed
from socialmap.models import Account, AccountRole, Area, Provider
from socialmap.models.terms import AreaLevel, Role

LONGEST = 254
"""RFC 5321: a longer address fits no path."""
Scope = tuple[Role, UUID | None, str | None]
"""A role, and the provider or the area that it is for."""
ACCOUNTS = SQLModel.metadata.tables["account"]
NOT_A_MAIL = "Dit is geen mailadres. Schrijf het als naam@organisatie.nl."
NOT_ONES_OWN = "Uw eigen rol van redacteur kunt u niet wegnemen. Vraag het een andere redacteur."
LAST_ONE = "Dit is de laatste redacteur. Maak eerst iemand anders redacteur."
ALIKE = 5
"""So many names are told of providers that may have been meant."""
SCOPES = {Role.EDITOR: "--provider SLUG", Role.WIJK_CONTACT: "--area CODE"}


class AccountError(ValueError):
    """Says in Dutch why an account can't be as asked."""


@dataclass(frozen=True)
class RoleView:
    """A role, and the name of what it is for; empty for the whole directory."""

    id: UUID
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


def get_account(session: Session, account_id: str | UUID) -> Account:
    """The account with this id, with its roles; raises LookupError."""
    try:
        id = account_id if isinstance(account_id, UUID) else UUID(account_id)
    except ValueError:
        raise LookupError(account_id) from None
    wanted = select(Account).where(col(Account.id) == id)
    found = session.exec(wanted.options(selectinload(Account.roles))).first()  # type: ignore[arg-type]
    if found is None:
        raise LookupError(account_id)
    return found


# Giving


def add_role(
    session: Session,
    mail: str,
    role: Role,
    today: date,
    *,
    provider: str = "",
    area: str = "",
    name: str = "",
    by_id: UUID | None = None,
) -> set[str]:
    """Give an address a role, and an account where it has none; returns what changed.

    `account`, `again` (it had ended), `name` and `role`; empty when all was so already.
    `by_id` is the account that gives it. Raises AccountError.
    """
    mail = folded(mail)
    scope = _scope(session, role, provider, area)
    account = find_account(session, mail)
    changed: set[str] = set()
    if account is None:
        account = Account(mail=mail, name=name, created_on=today, created_by_id=by_id, roles=[])
        session.add(account)
        changed.add("account")
    elif account.ended_on is not None:
        account.ended_on, account.roles = None, []
        changed.add("again")
    if name and account.name != name:
        account.name = name
        changed.add("name")
    session.flush()
    if hold_role(account, scope, by_id=by_id):
        changed.add("role")
    session.flush()
    return changed


def hold_role(
    account: Account, scope: Scope, *, by_id: UUID | None = None, from_at: datetime | None = None
) -> bool:
    """Let an account hold a role, from a moment on or at once; False if it did already.

    One that waits begins at once where no moment is given.
    """
    same = (one for one in account.roles if (one.role, one.provider_id, one.area_code) == scope)
    held = next(same, None)
    if held is not None and (held.from_at is None or from_at is not None):
        return False
    if held is None:
        role, provider_id, area_code = scope
        held = AccountRole(
            account_id=account.id,
            role=role,
            provider_id=provider_id,
            area_code=area_code,
            given_by_id=by_id,
        )
        account.roles.append(held)
    held.from_at = from_at
    return True


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


def _scope(session: Session, role: Role, provider: str, area: str) -> Scope:
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


def give_role(
    session: Session, account: Account, role: str, scope: str, by: Account, today: date
) -> bool:
    """Give someone a role at the desk; returns whether it is new. `scope` is the name or slug of a
    provider, or the code of an area. Raises AccountError, which says what would be right."""
    if role not in set(Role):
        raise AccountError("Kies een rol.")
    wanted: dict[str, str] = {}
    if role == Role.EDITOR:
        wanted["provider"] = _slug_of_provider(session, scope.strip())
    elif role == Role.WIJK_CONTACT:
        if not scope:
            raise AccountError("Kies een wijk, gebied of stadsdeel.")
        wanted["area"] = scope
    return "role" in add_role(session, account.mail, Role(role), today, by_id=by.id, **wanted)


def _slug_of_provider(session: Session, typed: str) -> str:
    """The slug of the provider that was meant, else raises AccountError with names like it."""
    if not typed:
        raise AccountError("Typ de naam van een aanbieder, zoals die in de gids staat.")
    is_it = sa.or_(Provider.slug == typed, sa.func.lower(Provider.name) == typed.lower())  # type: ignore[arg-type]
    found = session.exec(select(Provider.slug).where(is_it)).first()
    if found is not None:
        return found
    alike = select(Provider.name).where(col(Provider.name).icontains(typed, autoescape=True))
    names = session.exec(alike.order_by(Provider.name).limit(ALIKE)).all()
    told = f" Bedoelt u {listed([f'‘{name}’' for name in names], 'of')}?" if names else ""
    raise AccountError(f"Er is geen aanbieder ‘{typed}’.{told}")


# Taking and ending


def take_role(session: Session, account: Account, role_id: str, by: Account, now: datetime) -> None:
    """Take a role away at the desk, and end the sessions and links that could use it.

    Raises AccountError for one's own role of redacteur, and for that of the last one.
    """
    held = next((one for one in account.roles if str(one.id) == role_id), None)
    if held is None:
        raise AccountError("Deze rol was er al niet meer.")
    if held.role == Role.REDACTEUR:
        if account.id == by.id:
            raise AccountError(NOT_ONES_OWN)
        refuse_last(session, account)
        forget_factor(session, account.id)
    account.roles.remove(held)
    sign_out_everywhere(session, account.id, now)
    session.flush()


def refuse_last(session: Session, account: Account) -> None:
    """Raises AccountError when nobody else would be a redacteur."""
    if account.ended_on is not None or not account.has_role(Role.REDACTEUR):
        return
    others = select(Account.id).join(AccountRole, col(AccountRole.account_id) == Account.id)
    others = others.where(AccountRole.role == Role.REDACTEUR, Account.id != account.id)
    if session.exec(others.where(col(Account.ended_on).is_(None)).limit(1)).first() is None:
        raise AccountError(LAST_ONE)


def end_other(session: Session, account: Account, by: Account, now: datetime, today: date) -> bool:
    """End an account at the desk; False when it had ended already.

    Raises AccountError for one's own, and for the last redacteur.
    """
    if account.id == by.id:
        raise AccountError("Uw eigen account beëindigt u niet hier. Wilt u weg? Wis uw account.")
    refuse_last(session, account)
    return end_account(session, account.mail, now, today)


def end_account(session: Session, mail: str, now: datetime, today: date) -> bool:
    """End an account and every session of it; False when it had ended already.

    Raises AccountError for an address without an account.
    """
    account = _get_account(session, mail)
    if account.ended_on is not None:
        return False
    account.ended_on = max(today, account.created_on)
    forget_factor(session, account.id)
    sign_out_everywhere(session, account.id, now)
    return True


def _get_account(session: Session, mail: str) -> Account:
    """The account of an address; raises AccountError where there is none."""
    account = find_account(session, folded(mail))
    if account is None:
        raise AccountError("Er is geen account met dit mailadres.")
    return account


def reset_factor(session: Session, mail: str, now: datetime) -> bool:
    """Forget the authenticator app of an account and end its sessions: the next time another is
    set up. Returns whether there was one; raises AccountError for an address without account."""
    account = _get_account(session, mail)
    had_one = forget_factor(session, account.id)
    sign_out_everywhere(session, account.id, now)
    return had_one


def reset_other(session: Session, account: Account, by: Account, now: datetime) -> None:
    """The same at the desk, for somebody else. Raises AccountError for one's own app, and where
    there is none."""
    if account.id == by.id:
        raise AccountError("Uw eigen app koppelt een andere redacteur los, of de beheerder.")
    if not reset_factor(session, account.mail, now):
        raise AccountError("Bij dit account hoort geen app.")


# Reading


def roles_of(session: Session, account: Account, now: datetime) -> list[RoleView]:
    """The roles of an account that hold, in the order of the list, with the names of what they are
    for."""
    return roles_of_all(session, [account], now)[account.id]


def roles_of_all(
    session: Session, accounts: Sequence[Account], now: datetime
) -> dict[UUID, list[RoleView]]:
    """The same for several accounts, by id."""
    roles = [held for account in accounts for held in account.roles_at(now)]
    providers = [held.provider_id for held in roles if held.provider_id]
    areas = [held.area_code for held in roles if held.area_code]
    of_providers = select(Provider.id, Provider.name).where(col(Provider.id).in_(providers))
    of_areas = select(Area.code, Area.name).where(col(Area.code).in_(areas))
    names: dict[object, str] = dict(session.exec(of_providers).all())
    names |= dict(session.exec(of_areas).all())
    return {account.id: _in_order(account.roles_at(now), names) for account in accounts}


def _in_order(roles: Sequence[AccountRole], names: Mapping[object, str]) -> list[RoleView]:
    found = [
        RoleView(held.id, held.role, names.get(held.provider_id or held.area_code, ""))
        for held in roles
    ]
    return sorted(found, key=lambda view: (list(Role).index(view.role), view.scope))
