"""Tables of people: who they are, what they agreed to show, and for what they are the contact."""

from datetime import date
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Field, Relationship, SQLModel

from socialmap.models.columns import ONE_PERIOD, check, one_of
from socialmap.models.currency import months_later
from socialmap.models.terms import ContactRole, DetailKind, DetailVisibility

PERSON = "person.id"
CONFIRM_MONTHS = 6
"""So long after someone said that it is right, who holds an area is asked again."""


def is_between(first: date | None, last: date | None, today: date) -> bool:
    """Is this day in a period? None is a side without a limit; both days belong to it."""
    return (first is None or first <= today) and (last is None or today <= last)


class PersonDetail(SQLModel, table=True):
    """One detail of a person, with who may see it and by what consent (R35).

    A function number needs no consent to be public; everything else does.
    """

    __tablename__ = "person_detail"
    __table_args__ = (
        check(
            "public_needs_consent",
            "visibility <> 'public' OR kind = 'telefoon' "
            "OR (consent_on IS NOT NULL AND consent_by IS NOT NULL)",
        ),
    )

    person_id: UUID = Field(foreign_key=PERSON, primary_key=True, ondelete="CASCADE")
    kind: DetailKind = one_of(DetailKind, primary_key=True)
    value: str
    visibility: DetailVisibility = one_of(DetailVisibility)
    consent_on: date | None = None
    consent_by: str | None = None
    consent_until: date | None = None

    def is_public(self, today: date) -> bool:
        """May a visitor see it today?"""
        if self.visibility != DetailVisibility.PUBLIC:
            return False
        return self.consent_until is None or today <= self.consent_until


class Person(SQLModel, table=True):
    """Someone who agreed to be in the directory, by name and role."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True)
    """The id in contacts.csv."""
    slug: str = Field(unique=True)
    name: str
    role: str = ""
    organisation: str = ""
    note: str = ""
    is_example: bool = False
    left_on: date | None = None
    """The first day without this person, who hands everything over (R14); it may be to come."""
    successor_id: UUID | None = Field(
        default=None, foreign_key=PERSON, index=True, ondelete="SET NULL"
    )
    """Who took over."""
    added_by_id: UUID | None = Field(
        default=None, foreign_key="account.id", index=True, ondelete="SET NULL"
    )
    """Who added this person by a form, and may keep the entry; None for a file, or when erased."""

    details: list[PersonDetail] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "cascade": "all, delete-orphan"}
    )

    def has_left(self, today: date) -> bool:
        """Has this person handed everything over by now?"""
        return self.left_on is not None and self.left_on <= today

    def public_details(self, today: date) -> dict[DetailKind, str]:
        """What a visitor may see of this person today."""
        return {detail.kind: detail.value for detail in self.details if detail.is_public(today)}


class Contact(SQLModel, table=True):
    """A person who is the contact of one listing, team or place; of a team that is its leader."""

    __table_args__ = (
        check(
            "for_exactly_one",
            "(CASE WHEN listing_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN team_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN place_id IS NULL THEN 0 ELSE 1 END) = 1",
        ),
        check("one_period", ONE_PERIOD),
        sa.Index(
            "uq_contact_one_per_role",
            "listing_id",
            "role",
            unique=True,
            sqlite_where=sa.text("until_on IS NULL AND listing_id IS NOT NULL"),
            postgresql_where=sa.text("until_on IS NULL AND listing_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_contact_one_per_role_of_team",
            "team_id",
            "role",
            unique=True,
            sqlite_where=sa.text("until_on IS NULL AND team_id IS NOT NULL"),
            postgresql_where=sa.text("until_on IS NULL AND team_id IS NOT NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key=PERSON, index=True)
    listing_id: UUID | None = Field(
        default=None, foreign_key="listing.id", index=True, ondelete="CASCADE"
    )
    team_id: UUID | None = Field(default=None, foreign_key="team.id", ondelete="CASCADE")
    place_id: UUID | None = Field(default=None, foreign_key="place.id", ondelete="CASCADE")
    role: ContactRole = one_of(ContactRole)
    from_on: date | None = None
    until_on: date | None = None

    person: Person = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    def is_current(self, today: date) -> bool:
        """Does this person hold the role today?"""
        return is_between(self.from_on, self.until_on, today)


class WijkContact(SQLModel, table=True):
    """The person who knows the network of an area (a wijk, or larger), and who stands in."""

    __tablename__ = "wijk_contact"
    __table_args__ = (
        check("one_period", ONE_PERIOD),
        check(
            "absence_in_order",
            "absent_from IS NULL OR absent_until IS NULL OR absent_from <= absent_until",
        ),
        check("deputy_is_someone_else", "deputy_id IS NULL OR deputy_id <> person_id"),
        sa.Index(
            "uq_wijk_contact_one_open_ended",
            "area_code",
            unique=True,
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    area_code: str = Field(foreign_key="area.code", index=True)
    person_id: UUID = Field(foreign_key=PERSON, index=True)
    deputy_id: UUID | None = Field(default=None, foreign_key=PERSON)
    from_on: date
    until_on: date | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    confirmed_on: date | None = None

    person: Person = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "WijkContact.person_id"}
    )
    deputy: Person | None = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "WijkContact.deputy_id"}
    )

    def is_current(self, today: date) -> bool:
        """Does this person hold the wijk today?"""
        return is_between(self.from_on, self.until_on, today)

    def is_absent(self, today: date) -> bool:
        """Is this person away today? An absence without an end lasts until one is set."""
        return (
            self.absent_from is not None
            and self.absent_from <= today
            and (self.absent_until is None or today <= self.absent_until)
        )

    def is_away_between(self, first: date, last: date | None) -> bool:
        """Is this person away on any of these days? No last day is no end."""
        if self.absent_from is None:
            return False
        begins_later = last is not None and last < self.absent_from
        return not begins_later and (self.absent_until is None or first <= self.absent_until)

    def is_confirmed(self, today: date) -> bool:
        """Did someone say within half a year that this is right?"""
        if self.confirmed_on is None:
            return False
        return today <= months_later(self.confirmed_on, CONFIRM_MONTHS)
