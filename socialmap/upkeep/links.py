"""The links of a digest: signed, for one listing and one account, without logging in.

A link only opens a page with a button, so that programs that look into mail change nothing. It
stands for its account, and does no more than that account may do when it is used.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from itsdangerous import BadSignature, Signer

WORKS_DAYS = 60
"""So long a link works."""
UUID_BYTES, DAY_BYTES = 16, 3


@dataclass(frozen=True)
class Pass:
    """What a link is for."""

    listing_id: UUID
    account_id: UUID
    sent_on: date

    def is_over(self, today: date) -> bool:
        """Is it too old to be used?"""
        return today > self.sent_on + timedelta(days=WORKS_DAYS)


class Passes:
    """Makes and reads the links of the digests; `salt` keeps other links apart."""

    def __init__(self, secret: str, salt: str = "klopt-nog") -> None:
        self._signer = Signer(secret, salt=salt, digest_method=sha256)

    def signed(self, passed: Pass) -> str:
        """The token of a link: 48 signs, a dot and 43 of signature."""
        day = passed.sent_on.toordinal().to_bytes(DAY_BYTES, "big")
        packed = passed.listing_id.bytes + passed.account_id.bytes + day
        return self._signer.sign(urlsafe_b64encode(packed).rstrip(b"=")).decode()

    def find(self, token: str) -> Pass | None:
        """What a token is for; None where it is not one of ours."""
        try:
            text = self._signer.unsign(token.encode())
            packed = urlsafe_b64decode(text + b"=" * (-len(text) % 4))
            listing, account = packed[:UUID_BYTES], packed[UUID_BYTES : 2 * UUID_BYTES]
            day = date.fromordinal(int.from_bytes(packed[2 * UUID_BYTES :], "big"))
            return Pass(UUID(bytes=listing), UUID(bytes=account), day)
        except (BadSignature, ValueError, OverflowError):
            return None
