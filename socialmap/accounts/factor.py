"""The second factor of redacteurs: a code of an authenticator app, and codes for without it.

The codes are those of RFC 6238: six digits, another every half minute.
"""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from enum import Enum
from uuid import UUID

import sqlalchemy as sa
from pyotp import TOTP
from sqlmodel import Session, col, select

from socialmap.accounts.entering import Visit, digest
from socialmap.accounts.tries import is_code_too_often
from socialmap.models import AccountSession, RecoveryCode, SecondFactor

ISSUER = "Gouden Gids Amsterdam"
"""What the app calls us."""
STEP_SECONDS = 30
TOLERANCE = 1
"""So many steps the clock of a telephone may be ahead or behind."""
SECRET_BYTES = 20
"""RFC 4226 recommends 160 bits."""
RECOVERY_CODES = 10
FEW = 3
"""So many recovery codes left is a reason to say so."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that nobody takes for another."""
CODE_LENGTH = 16
"""Signs of a recovery code: 79 bits, so that its plain SHA-256 gives nothing away."""


class Answer(Enum):
    """What came of typing a code."""

    GOOD = "good"
    WRONG = "wrong"
    USED = "used"
    TOO_OFTEN = "too_often"


def step_at(moment: datetime) -> int:
    """The half minute of a moment by the clock of the world, counted from 1970."""
    return int(moment.timestamp()) // STEP_SECONDS


# Setting up


def new_secret(key: str, visit: Visit) -> str:
    """The secret that this session may set up: the same as long as it lasts, and kept nowhere
    until a code proves that an app has it."""
    text = f"second-factor:{visit.session.id_hash}"
    made = hmac.new(key.encode(), text.encode(), "sha256").digest()
    return b32encode(made[:SECRET_BYTES]).decode()


def app_link(secret: str, mail: str) -> str:
    """What an app reads from a QR code: otpauth://totp/..."""
    return TOTP(secret).provisioning_uri(name=mail, issuer_name=ISSUER)


def has_factor(session: Session, account_id: UUID) -> bool:
    """Has this account an app set up?"""
    return session.get(SecondFactor, account_id) is not None


def set_up(
    session: Session, visit: Visit, secret: str, code: str, now: datetime, step: int
) -> list[str] | None:
    """Keep the secret when `code` proves that an app has it; returns the recovery codes, which
    are kept nowhere. None for a wrong code, and where an app was set up already."""
    found = _step_of(secret, code, step)
    if found is None or has_factor(session, visit.account.id):
        return None
    account_id = visit.account.id
    session.add(SecondFactor(account_id=account_id, secret=secret, made_at=now, last_step=found))
    _complete(session, visit, now)
    return new_codes(session, account_id)


# Giving a code


def give_code(
    session: Session, key: str, visit: Visit, code: str, now: datetime, step: int
) -> Answer:
    """Complete a session with a code of the app; every one works once. Counts the try."""
    if is_code_too_often(session, key, visit.account.id, now):
        return Answer.TOO_OFTEN
    factor = session.get(SecondFactor, visit.account.id)
    found = _step_of(factor.secret, code, step) if factor else None
    if factor is None or found is None:
        return Answer.WRONG
    if found <= factor.last_step:
        return Answer.USED
    factor.last_step = found
    _complete(session, visit, now)
    return Answer.GOOD


def _step_of(secret: str, code: str, step: int) -> int | None:
    """The step to which a code belongs, if it is near."""
    codes = TOTP(secret)
    for near in range(step - TOLERANCE, step + TOLERANCE + 1):
        if hmac.compare_digest(codes.generate_otp(near).encode(), code.encode()):
            return near
    return None


def _complete(session: Session, visit: Visit, now: datetime) -> None:
    session.get_one(AccountSession, visit.session.id_hash).factor_at = now
    session.flush()


# Recovery codes


def give_recovery_code(
    session: Session, key: str, visit: Visit, code: str, now: datetime
) -> Answer:
    """Complete a session with a recovery code, and use it up. Counts the try."""
    if is_code_too_often(session, key, visit.account.id, now):
        return Answer.TOO_OFTEN
    found = session.get(RecoveryCode, digest(_bare(code)))
    if found is None or found.account_id != visit.account.id:
        return Answer.WRONG
    session.delete(found)
    _complete(session, visit, now)
    return Answer.GOOD


def new_codes(session: Session, account_id: UUID) -> list[str]:
    """Ten recovery codes in place of those that were: the only time that they can be read."""
    _forget_codes(session, account_id)
    codes = [_random_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(code_hash=digest(_bare(code)), account_id=account_id) for code in codes
    )
    session.flush()
    return codes


def _random_code() -> str:
    signs = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def _bare(code: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(sign for sign in code.lower() if sign.isalnum())


def codes_left(session: Session, account_id: UUID) -> int:
    """How many recovery codes were not used yet."""
    count = sa.select(sa.func.count()).where(col(RecoveryCode.account_id) == account_id)
    return int(session.execute(count).scalar_one())


# Losing it


def forget_factor(session: Session, account_id: UUID) -> bool:
    """Forget the app and the recovery codes of an account; returns whether there was an app."""
    _forget_codes(session, account_id)
    factor = session.get(SecondFactor, account_id)
    if factor is not None:
        session.delete(factor)
    session.flush()
    return factor is not None


def _forget_codes(session: Session, account_id: UUID) -> None:
    for code in session.exec(select(RecoveryCode).where(RecoveryCode.account_id == account_id)):
        session.delete(code)
    session.flush()
