"""Result cards: a flat copy of what lists, maps and the JSON show of a listing."""

from collections.abc import Sequence
from datetime import date, time
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from socialmap.models import Listing, ListingCard
from socialmap.models.currency import Currency
from socialmap.models.terms import (
    Cost,
    DayPart,
    Level,
    ListingKind,
    Room,
    Status,
    TermKind,
    Visibility,
    Weekday,
)


class CardProvider(BaseModel):
    name: str
    slug: str
    informal: bool


class CardPlace(BaseModel):
    """A place as far as it may be shown."""

    slug: str
    visibility: Visibility
    name: str | None = None
    street: str | None = None
    house_number: str | None = None
    postcode: str | None = None
    lat: float | None = None
    lon: float | None = None
    area_code: str | None = None


class CardSession(BaseModel):
    weekday: Weekday
    part: DayPart
    starts_at: time | None = None
    ends_at: time | None = None
    from_on: date | None = None
    until_on: date | None = None

    def is_held_on(self, day: date) -> bool:
        """Does it meet on this day?"""
        return (
            day.weekday() == self.weekday.number
            and (self.from_on is None or self.from_on <= day)
            and (self.until_on is None or day <= self.until_on)
        )


class Card(Currency, BaseModel):
    """What a list shows of a listing. Days and numbers; states follow from `today`."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    slug: str
    kind: ListingKind
    title: str
    provider: CardProvider | None
    level: Level
    summary: str
    themes: list[str]
    audience: list[str]
    only_for: list[str]
    forms: list[str]
    routes: list[str]
    settings: list[str]
    languages: list[str]
    ages_known: bool
    min_age_months: int | None
    max_age_months: int | None
    cost: Cost | None
    places: list[CardPlace]
    coverage: list[str]
    """Area codes, `stad` and `buiten`."""
    sessions: list[CardSession]
    room: Room | None
    weeks: int | None
    reported_on: date | None
    status: Status
    ended_on: date | None
    closed_from: date | None
    closed_until: date | None
    reason: str
    confirmed_on: date | None
    review_months: int
    phone: str | None
    has_contact: bool
    is_example: bool

    @property
    def is_informal(self) -> bool:
        return self.provider is not None and self.provider.informal


def card_of(listing: Listing) -> Card:
    """The card of a listing whose relations are loaded."""
    provider = listing.provider
    return Card(
        id=listing.id,
        slug=listing.slug,
        kind=listing.kind,
        title=listing.title,
        provider=provider
        and CardProvider(name=provider.name, slug=provider.slug, informal=provider.is_informal),
        level=listing.level,
        summary=listing.summary,
        themes=listing.theme_ids,
        audience=listing.values_of(TermKind.AUDIENCE),
        only_for=listing.values_of(TermKind.ONLY_FOR),
        forms=listing.values_of(TermKind.FORM),
        routes=listing.values_of(TermKind.ROUTE),
        settings=listing.values_of(TermKind.SETTING),
        languages=listing.values_of(TermKind.LANGUAGE),
        ages_known=listing.ages_known,
        min_age_months=listing.min_age_months,
        max_age_months=listing.max_age_months,
        cost=listing.cost,
        places=[CardPlace.model_validate(place.model_dump()) for place in listing.places],
        coverage=[row.area_code or str(row.reach) for row in listing.coverage],
        sessions=[CardSession.model_validate(row.model_dump()) for row in listing.sessions],
        room=listing.room,
        weeks=listing.weeks,
        reported_on=listing.reported_on,
        status=listing.status,
        ended_on=listing.ended_on,
        closed_from=listing.closed_from,
        closed_until=listing.closed_until,
        reason=listing.reason,
        confirmed_on=listing.confirmed_on,
        review_months=listing.review_months,
        phone=listing.phone,
        has_contact=bool(listing.contacts),
        is_example=listing.is_example,
    )


def cards(session: Session, ids: Sequence[UUID]) -> list[Card]:
    """The cards of these listings, in this order; one read. Vanished ones are left out."""
    query = select(ListingCard).where(col(ListingCard.listing_id).in_(ids))
    by_id = {row.listing_id: row for row in session.exec(query)}
    return [Card.model_validate(by_id[id].data) for id in ids if id in by_id]

