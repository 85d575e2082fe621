"""The yearly mail, for who wants it: an extra that one can end, as what has to be asked is not."""

from datetime import date, datetime
from uuid import UUID

from itsdangerous import BadSignature, Signer
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.accounts.permissions import providers_of
from socialmap.models import Account

FIRST_DAY = 5
"""From this day of January on the mail of the year before goes out; until the end of March."""
LAST_MONTH = 3
SALT = "jaarmail"


def yearly_accounts(session: Session, now: datetime, today: date) -> list[Account]:
    """Who gets the yearly mail now: wants it, keeps listings, and had none this year."""
    if today.month > LAST_MONTH or (today.month, today.day) < (1, FIRST_DAY):
        return []
    wanted = select(Account).where(
        col(Account.wants_yearly),
        col(Account.ended_on).is_(None),
        col(Account.bounced_on).is_(None),
    )
    found = session.exec(wanted.options(selectinload(Account.roles)).order_by(Account.mail))  # type: ignore[arg-type]
    return [
        account
        for account in found
        if providers_of(account, now)
        and (account.yearly_on is None or account.yearly_on.year < today.year)
    ]


def claim_yearly(session: Session, account_id: UUID, today: date) -> bool:
    """Keep that the mail is being sent; False where another run was first."""
    account = session.get_one(Account, account_id)
    if account.yearly_on is not None and account.yearly_on.year == today.year:
        return False
    account.yearly_on = today
    session.flush()
    return True


def unclaim_yearly(session: Session, account_id: UUID) -> None:
    """It was not sent: the next run does."""
    session.get_one(Account, account_id).yearly_on = None


def want_yearly(session: Session, account_id: UUID, wants: bool) -> None:
    """Let an account have the yearly mail, or no longer."""
    session.get_one(Account, account_id).wants_yearly = wants


class Endings:
    """The link under a yearly mail that ends it, for one account; it can do nothing else."""

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, salt=SALT)

    def signed(self, account_id: UUID) -> str:
        """The token of the link."""
        return self._signer.sign(account_id.hex).decode()

    def find(self, token: str) -> UUID | None:
        """Whose mail a token ends; None where it is not ours."""
        try:
            return UUID(self._signer.unsign(token).decode())
        except (BadSignature, ValueError):
            return None
