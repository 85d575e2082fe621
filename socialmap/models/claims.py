"""Table of claims: who says to work for a provider, and asks to keep its listings."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel

from socialmap.models.accounts import ACCOUNT, Account
from socialmap.models.columns import check, moment, one_of
from socialmap.models.providers import Provider
from socialmap.models.terms import ClaimState

OPEN = "state IN ('asked', 'confirmed')"


class Claim(SQLModel, table=True):
    """What one account asks for one provider, and what came of it."""

    __table_args__ = (
        check("confirmed_has_a_moment", "state = 'asked' OR confirmed_at IS NOT NULL"),
        check("running_has_a_beginning", "state <> 'running' OR from_at IS NOT NULL"),
        check(
            "decided_has_a_moment",
            "state IN ('asked', 'confirmed', 'running') OR decided_at IS NOT NULL",
        ),
        sa.Index(
            "uq_claim_one_open",
            "account_id",
            "provider_id",
            unique=True,
            sqlite_where=sa.text(OPEN),
            postgresql_where=sa.text(OPEN),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key=ACCOUNT, index=True, ondelete="CASCADE")
    provider_id: UUID = Field(foreign_key="provider.id", index=True, ondelete="CASCADE")
    name: str
    """As typed; of the account once its mailbox confirmed it."""
    words: str = ""
    state: ClaimState = one_of(ClaimState)
    asked_at: datetime = moment()
    confirmed_at: datetime | None = moment(nullable=True)
    from_at: datetime | None = moment(nullable=True)
    """From when the role holds, where it runs."""
    decided_at: datetime | None = moment(nullable=True)
    decided_by_id: UUID | None = Field(default=None, foreign_key=ACCOUNT, ondelete="SET NULL")
    reason: str = ""
    """What who decided has to say to who asked."""

    account: Account = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "Claim.account_id"}
    )
    provider: Provider = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    def is_running(self, now: datetime) -> bool:
        """Does it begin later, unless someone stops it?"""
        return self.state == ClaimState.RUNNING and self.from_at is not None and now < self.from_at

    def is_waiting(self, now: datetime) -> bool:
        """May someone still decide on it?"""
        return self.state == ClaimState.CONFIRMED or self.is_running(now)
