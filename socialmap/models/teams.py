"""Tables of teams: OKT, buurtteam and the like, whom they serve and what they know."""

from datetime import date
from uuid import UUID, uuid4

from sqlmodel import Field, Relationship, SQLModel

from socialmap.models.columns import ONE_PERIOD, check
from socialmap.models.people import Contact, Person, is_between
from socialmap.models.places import Place
from socialmap.models.terms import ContactRole

TEAM = "team.id"


class TeamKind(SQLModel, table=True):
    """A kind of team; data, since the city renames them."""

    __tablename__ = "team_kind"

    code: str = Field(primary_key=True)
    name: str
    short_name: str
    position: int


class TeamArea(SQLModel, table=True):
    """A buurt that a team serves."""

    __tablename__ = "team_area"

    team_id: UUID = Field(foreign_key=TEAM, primary_key=True, ondelete="CASCADE")
    area_code: str = Field(foreign_key="area.code", primary_key=True, index=True)


class TeamTheme(SQLModel, table=True):
    """A theme that a team knows, or misses."""

    __tablename__ = "team_theme"

    team_id: UUID = Field(foreign_key=TEAM, primary_key=True, ondelete="CASCADE")
    theme_id: str = Field(foreign_key="theme.id", primary_key=True)
    is_missed: bool = False


class MemberTheme(SQLModel, table=True):
    """What a member of a team knows well."""

    __tablename__ = "member_theme"

    member_id: UUID = Field(foreign_key="team_member.id", primary_key=True, ondelete="CASCADE")
    theme_id: str = Field(foreign_key="theme.id", primary_key=True)


class TeamMember(SQLModel, table=True):
    """An OKA or other member of a team, with the school or centre where they are found (R15); one
    row for each school, centre and period."""

    __tablename__ = "team_member"
    __table_args__ = (
        check("backup_is_someone_else", "backup_id IS NULL OR backup_id <> person_id"),
        check("one_period", ONE_PERIOD),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    team_id: UUID = Field(foreign_key=TEAM, index=True, ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    backup_id: UUID | None = Field(default=None, foreign_key="person.id")
    workplace: str = ""
    hours: str = ""
    """When this person is there: `di 08:30-12:00|do 13:00-15:30` (see `teams.hours`)."""
    from_on: date | None = None
    until_on: date | None = None
    """The last day; an assignment to a school runs to the end of the school year."""
    min_age_months: int | None = None
    max_age_months: int | None = None
    ask_me: str = ""
    not_me: str = ""

    person: Person = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "TeamMember.person_id"}
    )
    backup: Person | None = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "TeamMember.backup_id"}
    )
    themes: list[MemberTheme] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "cascade": "all, delete-orphan"}
    )

    def is_current(self, today: date) -> bool:
        """Is this person in the team today, in this place?"""
        return is_between(self.from_on, self.until_on, today)


class Team(SQLModel, table=True):
    """A team with its place, its buurten and what it knows and misses."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True)
    slug: str = Field(unique=True)
    kind_code: str = Field(foreign_key="team_kind.code", index=True)
    name: str
    place_id: UUID | None = Field(default=None, foreign_key="place.id")
    phone: str | None = None
    mail: str | None = None
    website: str | None = None
    opening: str = ""
    note: str = ""
    is_example: bool = False

    place: Place | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    contacts: list[Contact] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "cascade": "all, delete-orphan"}
    )
    areas: list[TeamArea] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "cascade": "all, delete-orphan"}
    )
    themes: list[TeamTheme] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "cascade": "all, delete-orphan"}
    )
    members: list[TeamMember] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "cascade": "all, delete-orphan"}
    )

    def leader(self, today: date) -> Person | None:
        """Who leads the team today, if its contacts are loaded."""
        leads = (row for row in self.contacts if row.role == ContactRole.PRIMARY)
        return next((row.person for row in leads if row.is_current(today)), None)
