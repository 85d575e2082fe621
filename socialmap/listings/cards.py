"""Result cards: a flat copy of what lists, maps and the JSON show of a listing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from socialmap.listings.values import (
    PLAIN_FIELDS,
    TERM_FIELDS,
    ListingValues,
    TemporaryValues,
)
from socialmap.models import Listing, ListingCard, Place, Provider, TemporaryChange
from socialmap.models.currency import Currency
from socialmap.models.temporary import Changing, Dated, Period, closed_periods
from socialmap.models.terms import (
    Cost,
    DayPart,
    Level,
    ListingKind,
    Room,
    Status,
    TemporaryKind,
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


class CardChange(Dated, BaseModel):
    """What is different for a while, of the listing or of a venue where it is given."""

    kind: TemporaryKind
    from_on: date
    until_on: date
    text: str = ""
    weekday: Weekday | None = None
    part: DayPart | None = None
    place: CardPlace | None = None
    """Where it is meanwhile."""
    venue: str | None = None
    """The name of the venue that tells it; None where the listing does."""


Venues = Mapping[UUID, Sequence[tuple[UUID, CardChange]]]
"""What venues tell of themselves: the id of the venue and the change, by place."""


class Card(Changing, Currency, BaseModel):
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
    changes: list[CardChange] = []
    closures: list[Period] = []
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
    added_on: date
    called_on: date | None = None
    callers: int = 0
    phone: str | None
    has_contact: bool
    is_example: bool

    @property
    def is_informal(self) -> bool:
        return self.provider is not None and self.provider.informal

    def is_closed(self, today: date) -> bool:
        """Is all of it closed for a while, by its status or by a change?"""
        return super().is_closed(today) or self.shut_until(today) is not None

    def announced_on(self, day: date) -> list[CardChange]:
        """What to tell on this day; of what has ended nothing."""
        return [] if self.is_ended(day) else super().announced_on(day)


SHARED_FIELDS = PLAIN_FIELDS & Card.model_fields.keys()
"""What a card takes over as it is."""
TEMPORARY_FIELDS = TemporaryValues.model_fields.keys() - {"place"}


def kept_card(listing: Listing) -> Card:
    """The card of a listing that is loaded whole, as it was kept when the listing was saved.

    Raises ValueError where there is none: every saved listing has one.
    """
    if listing.card is None:
        raise ValueError(f"listing {listing.key} has no card")
    return Card.model_validate(listing.card.data)


def card_of(listing: Listing, venues: Venues) -> Card:
    """The card of a listing whose relations are loaded."""
    return _card(
        listing,
        venues=venues,
        temporary=[card_change(row) for row in listing.temporary],
        id=listing.id,
        slug=listing.slug,
        added_on=listing.added_on,
        called_on=listing.called_on,
        callers=listing.callers,
        provider=listing.provider,
        places=listing.places,
        coverage=[row.area_code or str(row.reach) for row in listing.coverage],
        sessions=[CardSession.model_validate(row.model_dump()) for row in listing.sessions],
        has_contact=bool(listing.contacts),
        themes=listing.theme_ids,
        **{name: listing.values_of(kind) for name, kind in TERM_FIELDS.items()},
    )


def card_of_new(
    id: UUID,
    slug: str,
    values: ListingValues,
    provider: Provider | None,
    places: Sequence[Place],
    added_on: date,
    temporary: Iterable[CardChange],
    venues: Venues,
) -> Card:
    """The card of a listing that is about to be written."""
    return _card(
        values,
        venues=venues,
        temporary=temporary,
        id=id,
        slug=slug,
        added_on=added_on,
        provider=provider,
        places=places,
        coverage=values.coverage,
        sessions=[CardSession(**dict(session)) for session in values.sessions],
        has_contact=bool(values.contact or values.backup),
        themes=values.themes,
        **{name: [str(term) for term in getattr(values, name)] for name in TERM_FIELDS},
    )


def _card(
    source: Listing | ListingValues,
    *,
    provider: Provider | None,
    places: Sequence[Place],
    temporary: Iterable[CardChange],
    venues: Venues,
    **others: Any,
) -> Card:
    own = list(temporary)
    around = [
        [change for id, change in venues.get(place.id, ()) if id != others["id"]]
        for place in places
    ]
    return Card(
        changes=[*own, *(change for changes in around for change in changes)],
        closures=closed_periods(own, around),
        provider=provider
        and CardProvider(name=provider.name, slug=provider.slug, informal=provider.is_informal),
        places=[_card_place(place) for place in places],
        **{name: getattr(source, name) for name in SHARED_FIELDS},
        **others,
    )


def _card_place(place: Place) -> CardPlace:
    return CardPlace(**{name: getattr(place, name) for name in CardPlace.model_fields})


def card_change(
    change: TemporaryChange | TemporaryValues, place: Place | None = None
) -> CardChange:
    """A change as a card tells it; `place` is where the listing is meanwhile, for values."""
    told = {name: getattr(change, name) for name in TEMPORARY_FIELDS}
    where = change.place if isinstance(change, TemporaryChange) else place
    return CardChange(**told, place=_card_place(where) if where else None)


def cards(session: Session, ids: Sequence[UUID]) -> list[Card]:
    """The cards of these listings, in this order; one read. Vanished ones are left out."""
    query = select(ListingCard).where(col(ListingCard.listing_id).in_(ids))
    by_id = {row.listing_id: row for row in session.exec(query)}
    return [Card.model_validate(by_id[id].data) for id in ids if id in by_id]
