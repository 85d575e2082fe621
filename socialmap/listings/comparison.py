"""Listings side by side: the same questions to each, what is not known, and what is the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

import numpy as np

from socialmap.geo.distance import metres_between, rounded
from socialmap.geo.tree import AreaTree
from socialmap.listings.cards import Card, CardSession, kept_card
from socialmap.listings.points import map_places
from socialmap.models import Listing
from socialmap.models.terms import ListingKind, Setting, Status
from socialmap.people import PersonView
from socialmap.search.question.query import Near


class State(StrEnum):
    """What becomes of a question to a listing."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    GONE = "gone"
    """It has ended, so that nobody needs the answer."""
    SENSELESS = "senseless"
    """Not asked of a place."""


@dataclass(frozen=True)
class HowFar:
    """How far the nearest place of a listing is, as it may be told."""

    distance_m: int
    distance_from: str
    """`exact` or `area`."""
    by_ferry: bool


@dataclass(frozen=True)
class Column:
    """One listing as it is on one day, with whom to ask for and how far it is."""

    listing: Listing
    contact: PersonView | None
    far: HowFar | None
    today: date

    @cached_property
    def card(self) -> Card:
        return kept_card(self.listing)

    @property
    def phone(self) -> str | None:
        return (self.contact.phone if self.contact else None) or self.listing.phone

    @property
    def is_ended(self) -> bool:
        return self.listing.is_ended(self.today)

    @property
    def room(self) -> tuple[object, ...]:
        """All that decides what is said of room: ended, closed, different for a while, uncertain,
        plek or wait."""
        card, now = self.card, self.card.room_on(self.today)
        closed = card.is_closed(self.today) and (card.closed_until, card.shut_until(self.today))
        reported = (card.weeks, card.reported_on) if now else ()
        is_uncertain = card.status == Status.UNCERTAIN
        changes = tuple(change.model_dump_json() for change in card.announced_on(self.today))
        return (self.is_ended and card.ended_on, closed, is_uncertain, changes, now, *reported)

    @property
    def where(self) -> Any:
        """Its places as far as they may be shown; without any, at home or online."""
        places = [place.model_dump(exclude={"slug"}) for place in self.card.places]
        return places or {Setting.HOME, Setting.ONLINE} & set(self.card.settings)

    @property
    def times(self) -> list[CardSession]:
        """When it meets, of what is not over."""
        held = self.card.sessions
        return [one for one in held if one.until_on is None or self.today <= one.until_on]

    def answer(self, name: str) -> tuple[State, Any]:
        """What this listing answers to a question of `QUESTIONS`."""
        value = QUESTIONS[name](self)
        if self.card.kind == ListingKind.PLACE and (name not in OF_A_PLACE or not value):
            return State.SENSELESS, None
        if name not in AFTER_THE_END and self.is_ended:
            return State.GONE, None
        return (State.KNOWN, value) if value else (State.UNKNOWN, None)


Question = Callable[[Column], Any]
QUESTIONS: dict[str, Question] = {
    "level": lambda column: (column.card.kind, column.card.level, column.card.is_informal),
    "provider": lambda column: column.card.provider and column.card.provider.slug,
    "themes": lambda column: frozenset(column.card.themes),
    "who": lambda column: (
        column.card.ages_known,
        column.card.min_age_months,
        column.card.max_age_months,
        frozenset(column.card.audience),
        frozenset(column.card.only_for),
    ),
    "not_for": lambda column: column.listing.not_for,
    "criteria": lambda column: column.listing.criteria,
    "forms": lambda column: frozenset(column.card.forms),
    "routes": lambda column: frozenset(column.card.routes),
    "papers": lambda column: column.listing.papers,
    "steps": lambda column: column.listing.steps,
    "cost": lambda column: (
        (column.card.cost or column.listing.cost_note)
        and (column.card.cost, column.listing.cost_note)
    ),
    "languages": lambda column: frozenset(column.card.languages),
    "settings": lambda column: frozenset(column.card.settings),
    "where": lambda column: column.where,
    "coverage": lambda column: frozenset(column.card.coverage),
    "times": lambda column: column.times,
    "room": lambda column: column.room,
    "contact": lambda column: (
        (column.contact or column.phone) and (column.contact and column.contact.id, column.phone)
    ),
    "checked": lambda column: (column.card.confirmed_on, column.card.is_stale(column.today)),
}
"""What is asked of each listing, in the order of the table: its answer, empty where that is
unknown; two listings are the same in what they answer alike."""
OF_A_PLACE = frozenset("level provider where times contact checked".split())
AFTER_THE_END = frozenset("level provider themes who forms where coverage room checked".split())


@dataclass(frozen=True)
class Fact:
    """One row: a question, and what became of it with each listing."""

    name: str
    states: tuple[State, ...]
    is_same: bool

    @classmethod
    def of(cls, name: str, columns: Sequence[Column]) -> Self:
        answers = [column.answer(name) for column in columns]
        is_same = all(answer == answers[0] for answer in answers)
        return cls(name, tuple(state for state, _ in answers), is_same)


@dataclass(frozen=True)
class Comparison:
    """Two or three listings side by side."""

    columns: tuple[Column, ...]

    @cached_property
    def facts(self) -> list[Fact]:
        """What can be asked of at least one of them."""
        every = (Fact.of(name, self.columns) for name in QUESTIONS)
        return [fact for fact in every if set(fact.states) != {State.SENSELESS}]

    @property
    def differing(self) -> list[Fact]:
        """Those of which the answers differ."""
        return [fact for fact in self.facts if not fact.is_same]


def how_far(tree: AreaTree, near: Near, card: Card) -> HowFar | None:
    """From a point to the nearest place of a listing; None where that may not be told."""
    spots = map_places(tree, [card])
    if not spots:
        return None
    lats, lons = np.array([(spot.lat, spot.lon) for spot in spots]).T
    metres = metres_between(near.lat, near.lon, lats, lons)
    spot = spots[nearest := int(np.argmin(metres))]
    return HowFar(
        rounded(float(metres[nearest]), is_exact=spot.is_exact),
        "exact" if spot.is_exact else "area",
        tree.crosses_water(near.area_code, spot.place.area_code),
    )
