"""Tables of listings: what is offered, for whom, where, when and how to get in."""

from datetime import date, time
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from sqlmodel import Field, Relationship, SQLModel

from socialmap.models.columns import ONE_PERIOD, check, one_of
from socialmap.models.currency import Currency
from socialmap.models.people import Contact, Person
from socialmap.models.places import Place
from socialmap.models.providers import Provider
from socialmap.models.temporary import TemporaryChange
from socialmap.models.terms import (
    TERMS,
    Cost,
    DayPart,
    Level,
    ListingKind,
    Reach,
    Room,
    Status,
    TermKind,
    Weekday,
)

OWNED = {"lazy": "raise", "cascade": "all, delete-orphan", "passive_deletes": True}
LISTING = "listing.id"


def _known_terms() -> str:
    """The rule that a term is one of its own list."""
    lists = (
        f"(kind = '{kind}' AND term IN ({', '.join(repr(str(term)) for term in terms)}))"
        for kind, terms in TERMS.items()
    )
    return " OR ".join(lists)


class ListingTerm(SQLModel, table=True):
    """One form, route, audience, only-for, setting or language of a listing."""

    __tablename__ = "listing_term"
    __table_args__ = (check("known_term", _known_terms()),)

    listing_id: UUID = Field(foreign_key=LISTING, primary_key=True, ondelete="CASCADE")
    kind: TermKind = one_of(TermKind, primary_key=True)
    term: str = Field(primary_key=True, max_length=32)
    position: int = 0


class ListingTheme(SQLModel, table=True):
    """A theme of a listing, most important first."""

    __tablename__ = "listing_theme"

    listing_id: UUID = Field(foreign_key=LISTING, primary_key=True, ondelete="CASCADE")
    theme_id: str = Field(foreign_key="theme.id", primary_key=True)
    position: int = 0


class ListingPlace(SQLModel, table=True):
    """A place where a listing is given."""

    __tablename__ = "listing_place"

    listing_id: UUID = Field(foreign_key=LISTING, primary_key=True, ondelete="CASCADE")
    place_id: UUID = Field(foreign_key="place.id", primary_key=True, index=True)
    position: int = 0
    place: Place = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Coverage(SQLModel, table=True):
    """Whom a listing serves: an area, the whole city, or people from beyond it."""

    __table_args__ = (
        check("area_or_reach", "(area_code IS NULL) <> (reach IS NULL)"),
        sa.UniqueConstraint("listing_id", "area_code"),
        sa.UniqueConstraint("listing_id", "reach"),
    )

    id: int | None = Field(default=None, primary_key=True)
    listing_id: UUID = Field(foreign_key=LISTING, index=True, ondelete="CASCADE")
    area_code: str | None = Field(default=None, foreign_key="area.code")
    reach: Reach | None = one_of(Reach, nullable=True)


class GroupSession(SQLModel, table=True):
    """When a listing meets: a weekday and part of the day, perhaps with clock times and dates."""

    __tablename__ = "group_session"
    __table_args__ = (
        check("one_period", ONE_PERIOD),
        check("ends_after_start", "ends_at IS NULL OR starts_at < ends_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    listing_id: UUID = Field(foreign_key=LISTING, index=True, ondelete="CASCADE")
    weekday: Weekday = one_of(Weekday)
    part: DayPart = one_of(DayPart)
    starts_at: time | None = None
    ends_at: time | None = None
    from_on: date | None = None
    until_on: date | None = None


class Alternative(SQLModel, table=True):
    """Where to go now that a listing has ended."""

    listing_id: UUID = Field(foreign_key=LISTING, primary_key=True, ondelete="CASCADE")
    alternative_id: UUID = Field(foreign_key=LISTING, primary_key=True, ondelete="CASCADE")


class ListingCard(SQLModel, table=True):
    """A flat copy of what lists show of a listing: one small read for a page of twenty.

    Holds days and numbers, never states: stale, decayed and closed are worked out when asked.
    """

    __tablename__ = "listing_card"

    listing_id: UUID = Field(foreign_key=LISTING, primary_key=True, ondelete="CASCADE")
    slug: str
    data: dict[str, object] = Field(sa_type=sa.JSON, nullable=False)


class Listing(Currency, SQLModel, table=True):
    """What the directory lists: an offer, an activity, a place, or what a team offers."""

    __table_args__ = (
        check("only_places_lack_a_provider", "kind = 'place' OR provider_id IS NOT NULL"),
        check(
            "ages_in_order",
            "min_age_months IS NULL OR max_age_months IS NULL OR min_age_months <= max_age_months",
        ),
        check(
            "ages_known_or_empty",
            "ages_known OR (min_age_months IS NULL AND max_age_months IS NULL)",
        ),
        check("review_rhythm", "review_months BETWEEN 1 AND 12"),
        check("room_is_dated", "room IS NULL OR reported_on IS NOT NULL"),
        check("weeks_not_negative", "weeks IS NULL OR weeks >= 0"),
        check("ended_has_a_date", "status <> 'ended' OR ended_on IS NOT NULL"),
        check(
            "closure_in_order",
            "closed_from IS NULL OR closed_until IS NULL OR closed_from <= closed_until",
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    key: str = Field(unique=True)
    """The id in the source file; stays."""
    slug: str = Field(unique=True)
    kind: ListingKind = one_of(ListingKind)
    title: str
    provider_id: UUID | None = Field(default=None, foreign_key="provider.id", index=True)
    level: Level = one_of(Level)
    ages_known: bool = True
    min_age_months: int | None = None
    """Age of the child in whole months; None is "no limit"."""
    max_age_months: int | None = None
    """Inclusive: 4–12 years is 48–155 months, until the 13th birthday."""
    summary: str = ""
    description: str = ""
    professional_note: str = ""
    not_for: str = ""
    criteria: str = ""
    papers: str = ""
    steps: str = ""
    """Intake steps, one a line."""
    cost: Cost | None = one_of(Cost, nullable=True)
    cost_note: str = ""
    phone: str | None = None
    mail: str | None = None
    website: str | None = None
    room: Room | None = one_of(Room, nullable=True)
    weeks: int | None = None
    reported_on: date | None = None
    status: Status = one_of(Status)
    ended_on: date | None = None
    closed_from: date | None = None
    closed_until: date | None = None
    reason: str = ""
    """Why it ended or is closed."""
    confirmed_on: date | None = None
    review_months: int = 6
    entered_by: str = ""
    added_on: date
    """From here runs the rhythm of what was never checked."""
    called_on: date | None = None
    """When somebody last called and heard that it is right; who did is in `ListingCall`."""
    callers: int = 0
    """How many people called since it was last checked."""
    changed_on: date
    is_example: bool = False

    provider: Provider | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    terms: list[ListingTerm] = Relationship(
        sa_relationship_kwargs={**OWNED, "order_by": "ListingTerm.position"}
    )
    theme_links: list[ListingTheme] = Relationship(
        sa_relationship_kwargs={**OWNED, "order_by": "ListingTheme.position"}
    )
    place_links: list[ListingPlace] = Relationship(
        sa_relationship_kwargs={**OWNED, "order_by": "ListingPlace.position"}
    )
    coverage: list[Coverage] = Relationship(
        sa_relationship_kwargs={**OWNED, "order_by": "Coverage.id"}
    )
    sessions: list[GroupSession] = Relationship(
        sa_relationship_kwargs={**OWNED, "order_by": "GroupSession.id"}
    )
    temporary: list[TemporaryChange] = Relationship(
        sa_relationship_kwargs={
            **OWNED,
            "order_by": "[TemporaryChange.from_on, TemporaryChange.until_on, TemporaryChange.id]",
        }
    )
    contacts: list[Contact] = Relationship(sa_relationship_kwargs=OWNED)
    card: ListingCard | None = Relationship(sa_relationship_kwargs={**OWNED, "uselist": False})
    alternatives: list[Alternative] = Relationship(
        sa_relationship_kwargs={**OWNED, "foreign_keys": "Alternative.listing_id"}
    )

    @classmethod
    def everything(cls) -> list[ORMOption]:
        """Load options for a listing with all that it owns."""
        person = selectinload(Contact.person)  # type: ignore[arg-type]
        return [
            *cls.for_search(),
            selectinload(cls.alternatives),  # type: ignore[arg-type]
            selectinload(cls.temporary).joinedload(TemporaryChange.place),  # type: ignore[arg-type]
            selectinload(cls.contacts).options(person.selectinload(Person.details)),  # type: ignore[arg-type]
        ]

    @classmethod
    def for_search(cls) -> list[ORMOption]:
        """Load options for what the search index holds of a listing."""
        place = joinedload(ListingPlace.place)  # type: ignore[arg-type]
        return [
            joinedload(cls.provider),  # type: ignore[arg-type]
            selectinload(cls.terms),  # type: ignore[arg-type]
            selectinload(cls.theme_links),  # type: ignore[arg-type]
            selectinload(cls.place_links).options(place),  # type: ignore[arg-type]
            selectinload(cls.coverage),  # type: ignore[arg-type]
            selectinload(cls.sessions),  # type: ignore[arg-type]
            selectinload(cls.contacts),  # type: ignore[arg-type]
            selectinload(cls.card),  # type: ignore[arg-type]
        ]

    def values_of(self, kind: TermKind) -> list[str]:
        """The terms of one list, in the order the provider gave."""
        return [term.term for term in self.terms if term.kind == kind]

    @property
    def places(self) -> list[Place]:
        return [link.place for link in self.place_links]

    @property
    def theme_ids(self) -> list[str]:
        return [link.theme_id for link in self.theme_links]
