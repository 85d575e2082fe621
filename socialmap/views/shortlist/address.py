"""The address of a list: it holds which listings and until when, signed, so that nothing of it
need be kept. Whoever changes a sign of it has no list."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from itsdangerous import BadData, Signer
from itsdangerous.encoding import base64_decode, base64_encode

MOST = 5
"""So many fit on one sheet of paper."""
LASTS = timedelta(days=30)
SALT = "lijstje"
FIRST_DAY = date(2020, 1, 1)
"""Days are counted from here, in two bytes."""
DAY, ID = 2, 16
"""Bytes of a day and of an id."""


@dataclass(frozen=True)
class Told:
    """What the address of a list says."""

    ids: tuple[UUID, ...]
    until: date
    """The last day on which it is there."""


def sealed(key: str, told: Told) -> str:
    """What stands in the address of a list: signs that need no escape, signed with `key`."""
    day = (told.until - FIRST_DAY).days.to_bytes(DAY, "big")
    held = base64_encode(day + b"".join(id.bytes for id in told.ids))
    return Signer(key, salt=SALT).sign(held).decode()


def find_told(key: str, token: str) -> Told | None:
    """What an address says; None where it was not signed with `key`, or was changed."""
    try:
        held = base64_decode(Signer(key, salt=SALT).unsign(token))
    except (BadData, UnicodeError):
        return None
    ids = _split(held[DAY:])
    if len(held) < DAY + ID or (len(held) - DAY) % ID or len(ids) > MOST:
        return None
    until = FIRST_DAY + timedelta(days=int.from_bytes(held[:DAY], "big"))
    told = Told(ids, until)
    # the last sign of a signature has bits to spare, with which other signs would do as well
    return told if hmac.compare_digest(sealed(key, told).encode(), token.encode()) else None


def _split(held: bytes) -> tuple[UUID, ...]:
    parts: Sequence[bytes] = [held[at : at + ID] for at in range(0, len(held), ID)]
    return tuple(UUID(bytes=part) for part in parts if len(part) == ID)
