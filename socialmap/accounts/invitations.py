"""Inviting a professional: by mail address and name, never because of the domain of an address."""

from datetime import date, datetime
from re import compile as pattern

from sqlmodel import Session

from socialmap.accounts.entering import make_link
from socialmap.accounts.roles import AccountError, add_role, find_account, folded
from socialmap.accounts.tries import is_invite_too_often
from socialmap.models import Account
from socialmap.models.terms import LinkPurpose, Role

NAME = pattern(r"[^\W\d_][\w .,'’()-]{0,79}")
"""A name and no more: no address of a site, for it stands at the top of a mail."""
NO_NAME = "Typ de naam van wie u uitnodigt."
NOT_A_NAME = "Typ hier alleen een naam, van hoogstens 80 tekens."
ONLY_REDACTIE = "Dit adres kan alleen de redactie uitnodigen. Mail of bel de redactie."
TOO_OFTEN = "U heeft dit uur veel mensen uitgenodigd. Wacht een uur, en ga dan verder."


def name_fault(name: str) -> str:
    """What is wrong with the name of who is invited; empty when nothing is."""
    if not name:
        return NO_NAME
    return "" if NAME.fullmatch(name) else NOT_A_NAME


def mail_fault(mail: str) -> str:
    """What is wrong with the address of who is invited; empty when nothing is."""
    try:
        folded(mail)
    except AccountError as error:
        return str(error)
    return ""


def invite(
    session: Session, key: str, mail: str, name: str, by: Account, now: datetime, today: date
) -> tuple[Account, str]:
    """Make someone a professional; returns the account, and the token of a link for the mail.

    Who was invited before gets another link. A name that we know already stays. Raises
    AccountError, also for an ended account: only a redacteur lets that in again.
    """
    mail = folded(mail)
    if fault := name_fault(name):
        raise AccountError(fault)
    if is_invite_too_often(session, key, by.id, now):
        raise AccountError(TOO_OFTEN)
    known = find_account(session, mail)
    if known is not None and known.ended_on is not None and not by.has_role(Role.REDACTEUR):
        raise AccountError(ONLY_REDACTIE)
    name = known.name if known is not None and known.name else name
    add_role(session, mail, Role.PROFESSIONAL, today, name=name, by_id=by.id)
    account = find_account(session, mail)
    if account is None:
        raise LookupError("add_role makes an account")
    return account, make_link(session, account, now, purpose=LinkPurpose.INVITE)
