"""Tables of accounts: who may come in, what for, and the links, codes, sessions and tries of
coming in."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel

from socialmap.models.columns import check, moment, one_of
from socialmap.models.terms import LinkPurpose, Role

ACCOUNT = "account.id"
DIGEST = 64
"""Signs of a SHA-256 in hexadecimals."""
NO_SCOPE = "provider_id IS NULL AND area_code IS NULL"


class AccountRole(SQLModel, table=True):
    """One thing that someone may do, and what for: a provider, an area, or the whole directory."""

    __tablename__ = "account_role"
    __table_args__ = (
        check("editors_have_a_provider", "(role = 'aanbieder') = (provider_id IS NOT NULL)"),
        check("wijk_contacts_have_an_area", "(role = 'wijkcontact') = (area_code IS NOT NULL)"),
        check("only_editors_begin_later", "from_at IS NULL OR provider_id IS NOT NULL"),
        sa.UniqueConstraint("account_id", "provider_id"),
        sa.UniqueConstraint("account_id", "area_code"),
        sa.Index(
            "uq_account_role_once",
            "account_id",
            "role",
            unique=True,
            sqlite_where=sa.text(NO_SCOPE),
            postgresql_where=sa.text(NO_SCOPE),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(foreign_key=ACCOUNT, ondelete="CASCADE")
    role: Role = one_of(Role)
    provider_id: UUID | None = Field(
        default=None, foreign_key="provider.id", index=True, ondelete="CASCADE"
    )
    area_code: str | None = Field(default=None, foreign_key="area.code")
    given_by_id: UUID | None = Field(
        default=None, foreign_key=ACCOUNT, index=True, ondelete="SET NULL"
    )
    """Who gave it; None for a command of the operator, and where that account was erased."""
    from_at: datetime | None = moment(nullable=True)
    """From when it holds; None for always."""

    def holds(self, now: datetime | None) -> bool:
        """Does it hold already? None asks for what holds always."""
        return self.from_at is None or (now is not None and self.from_at <= now)


class Account(SQLModel, table=True):
    """Someone who may come in with a link in a mail."""

    __table_args__ = (
        check("mail_is_folded", "mail = lower(mail)"),
        check("ends_after_it_began", "ended_on IS NULL OR created_on <= ended_on"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    mail: str = Field(unique=True)
    """In small letters, the domain as the network knows it."""
    name: str = ""
    created_on: date
    created_by_id: UUID | None = Field(default=None, foreign_key=ACCOUNT, ondelete="SET NULL")
    """Who made it; None for a command of the operator, and where that account was erased."""
    ended_on: date | None = None
    bounced_on: date | None = None
    """Since when mail to it comes back; None again once a link from a mail was used."""
    wants_yearly: bool = False
    """Does it want the yearly mail of what its listings brought? No is where it begins."""
    yearly_on: date | None = None
    """When that mail was sent last."""

    roles: list[AccountRole] = Relationship(
        sa_relationship_kwargs={
            "lazy": "raise",
            "cascade": "all, delete-orphan",
            "foreign_keys": "AccountRole.account_id",
        }
    )

    def is_reached(self) -> None:
        """A link from a mail was used: mail to it arrives."""
        self.bounced_on = None

    def roles_at(self, now: datetime) -> list[AccountRole]:
        """The roles that hold."""
        return [held for held in self.roles if held.holds(now)]

    def edits(self, provider_id: UUID, now: datetime) -> bool:
        """Is this account itself an editor of a provider?"""
        return any(held.provider_id == provider_id for held in self.roles_at(now))

    def has_role(self, *roles: Role, now: datetime | None = None) -> bool:
        """Has this account any of these roles, whatever for? Only an editor's begins at a moment:
        without `now` such a one does not count."""
        held = (one for one in self.roles if one.holds(now))
        return any(one.role in roles for one in held)


class LoginLink(SQLModel, table=True):
    """A link that was mailed: only the SHA-256 of its token is kept."""

    __tablename__ = "login_link"
    __table_args__ = (check("expires_later", "made_at < expires_at"),)

    token_hash: str = Field(primary_key=True, max_length=DIGEST)
    account_id: UUID = Field(foreign_key=ACCOUNT, index=True, ondelete="CASCADE")
    purpose: LinkPurpose = one_of(LinkPurpose)
    made_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)
    leads_to: str = ""
    """The path of our own to go on with; empty for the desk."""


class AccountSession(SQLModel, table=True):
    """A browser in which someone is signed in: only the SHA-256 of its cookie is kept."""

    __tablename__ = "account_session"

    id_hash: str = Field(primary_key=True, max_length=DIGEST)
    account_id: UUID = Field(foreign_key=ACCOUNT, index=True, ondelete="CASCADE")
    made_at: datetime = moment()
    last_seen_on: date
    factor_at: datetime | None = moment(nullable=True)
    """When the second factor was given in it."""
    ended_at: datetime | None = moment(nullable=True)
    listing_id: UUID | None = Field(
        default=None, foreign_key="listing.id", index=True, ondelete="CASCADE"
    )
    """The one listing it is for, begun by a link in a digest; None for all the account may do."""


class SecondFactor(SQLModel, table=True):
    """The authenticator app of an account, once a code has proven that it is there."""

    __tablename__ = "second_factor"

    account_id: UUID = Field(foreign_key=ACCOUNT, primary_key=True, ondelete="CASCADE")
    secret: str
    """In base32, as apps take it; the server needs it to know the code."""
    made_at: datetime = moment()
    last_step: int
    """The half minute, counted from 1970, of the last code that was used: no code works twice."""


class RecoveryCode(SQLModel, table=True):
    """A code for when the app is not at hand: only its SHA-256 is kept, until it is used."""

    __tablename__ = "recovery_code"

    code_hash: str = Field(primary_key=True, max_length=DIGEST)
    account_id: UUID = Field(foreign_key=ACCOUNT, index=True, ondelete="CASCADE")


class LoginTry(SQLModel, table=True):
    """How often someone tried something in one hour: asked a link, typed a code, invited."""

    __tablename__ = "login_try"
    __table_args__ = (check("counted_at_least_once", "count > 0"),)

    who_hash: str = Field(primary_key=True, max_length=DIGEST)
    """Of the address, network or account, with the secret key: nobody can read it back."""
    hour: datetime = moment(primary_key=True)
    count: int
