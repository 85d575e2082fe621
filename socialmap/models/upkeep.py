"""Tables of keeping listings true: who called, who was asked, and when."""

from datetime import date
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from socialmap.models.columns import check, one_of
from socialmap.models.terms import AskedAs

ACCOUNT, LISTING = "account.id", "listing.id"


class ListingCall(SQLModel, table=True):
    """A worker called, and heard that what stands here is right ("gebeld, klopt")."""

    __tablename__ = "listing_call"
    __table_args__ = (
        sa.UniqueConstraint("listing_id", "account_id", "called_on"),
        check("somebody_called", "name <> ''"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    listing_id: UUID = Field(foreign_key=LISTING, index=True, ondelete="CASCADE")
    account_id: UUID | None = Field(
        default=None, foreign_key=ACCOUNT, index=True, ondelete="SET NULL"
    )
    """None where it was erased; it stays one caller of its own."""
    name: str
    """As who called wants to be named; "gewist account" after erasure."""
    called_on: date


class ReviewAsk(SQLModel, table=True):
    """Somebody got a mail that asks whether a listing is still right.

    It only keeps us from asking too often: no state of a listing follows from it.
    """

    __tablename__ = "review_ask"

    account_id: UUID = Field(foreign_key=ACCOUNT, primary_key=True, ondelete="CASCADE")
    listing_id: UUID = Field(foreign_key=LISTING, primary_key=True, index=True, ondelete="CASCADE")
    asked_on: date = Field(primary_key=True, index=True)
    asked_as: AskedAs = one_of(AskedAs)
