"""Table of offers that are being made: what was typed, until it is sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from socialmap.models.accounts import ACCOUNT, DIGEST
from socialmap.models.columns import check, moment
from socialmap.models.listings import LISTING


class OfferDraft(SQLModel, table=True):
    """A new offer on its way: who has its link goes on with it, on any device."""

    __tablename__ = "offer_draft"
    __table_args__ = (
        check("sent_is_a_listing", "(sent_at IS NULL) = (listing_id IS NULL)"),
        check("changes_after_it_began", "made_at <= changed_at"),
    )

    token_hash: str = Field(primary_key=True, max_length=DIGEST)
    """The SHA-256 of the token in its address."""
    mail: str
    """Whom to tell; in small letters. Nobody showed yet that it is theirs."""
    data: dict[str, Any] = Field(sa_type=sa.JSON, nullable=False)
    """How it began, the boxes of each part as they were typed, and the consent; empty once sent."""
    made_at: datetime = moment()
    changed_at: datetime = moment()
    sent_at: datetime | None = moment(nullable=True)
    listing_id: UUID | None = Field(
        default=None, foreign_key=LISTING, index=True, ondelete="CASCADE"
    )
    account_id: UUID | None = Field(
        default=None, foreign_key=ACCOUNT, index=True, ondelete="CASCADE"
    )
    """Who enters it for somebody else; None where that is who offers it."""
