"""What there is instead of a listing: while it is full, and after it has ended (R18, R6)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from functools import cached_property
from typing import Self

from sqlmodel import Session

from socialmap import themes
from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.labels import listed
from socialmap.listings.cards import Card, cards
from socialmap.listings.points import located_in
from socialmap.models.terms import (
    AreaLevel,
    Audience,
    Level,
    ListingKind,
    Reach,
    ReferralRoute,
    Setting,
    Status,
)
from socialmap.search.answer.engine import Searcher
from socialmap.search.answer.found import Hit, Reason
from socialmap.search.question.query import AgeRange, Near, Order, Query
from socialmap.search.question.where import near_area

MOST = 4
LIGHT = (Level.OPEN, Level.OKT)
"""Where people can go by themselves, light before heavy."""
SOON_DAYS = 14
"""What meets within so many days can begin now."""
AT_HOME = {Setting.HOME, Setting.ONLINE}
OLDEST_MONTHS = 120 * 12


@dataclass(frozen=True)
class Instead:
    """A listing to go to, with how far it is and why it fits."""

    card: Card
    hit: Hit


class Nearness(IntEnum):
    SAME_WIJK = 0
    AROUND = 1
    """In a wijk next to it, or in the same stadsdeel."""
    COMES_TO_YOU = 2
    COVERED = 3
    """In another part of what the listing is for."""
    ELSEWHERE = 4


@dataclass(frozen=True)
class Subjects:
    """What a listing is about: its themes (most important first), those above and those below.

    Themes of danger are left out: nothing light bridges those.
    """

    own: tuple[str, ...]
    above: tuple[str, ...]
    below: frozenset[str]
    """The subjects of what it is about first, where it names none of them."""

    @classmethod
    def of(cls, session: Session, card: Card) -> Self:
        parents, danger = themes.theme_parents(session), themes.danger_themes(session)
        own = tuple(id for id in card.themes if id not in danger)
        above = dict.fromkeys(parents[id] for id in own if id in parents)
        is_wide = own[:1] and not any(parents.get(id) == own[0] for id in own)
        below = frozenset(id for id, up in parents.items() if is_wide and up == own[0])
        return cls(own, tuple(id for id in above if id not in danger), below - danger)

    def shared(self, other: Card) -> str | None:
        """The theme for which another listing fits best, or None.

        What the one is about first has to be what the other is about, or they share more: one
        word that both happen to carry (`lotgenoten`) says too little.
        """
        both = [id for id in self.own if id in other.themes]
        mains = [id for id in other.themes[:1] if id in (*self.own, *self.above, *self.below)]
        is_enough = len(both) > 1 or both[:1] == list(self.own[:1])
        return next(iter([*(both if is_enough else ()), *mains]), None)

    def rank(self, other: Card) -> int:
        """How well another listing fits by its subject, from 0."""
        wanted, shared = [*self.own, *self.above], self.shared(other)
        return wanted.index(shared) if shared in wanted else len(wanted)


@dataclass(frozen=True)
class Search:
    """Looking for what is like one listing, around where that stands (`home`)."""

    session: Session
    tree: AreaTree
    searcher: Searcher
    card: Card
    home: AreaNode | None
    today: date
    about: Subjects

    def found(self, about: tuple[str, ...], **chosen: tuple[str, ...]) -> Iterator[Instead]:
        """What serves people here, is about one of these themes and fits in age and audience."""
        if not about:
            return
        query = Query(
            chosen={"thema": about, **self._audience(), **chosen},
            areas={"stadsdeel": self.districts} if self.districts else {},
            ages=self._ages(),
            near=self.near,
            order=Order.DISTANCE if self.near else Order.RELEVANCE,
        )
        found = self.searcher.hits(self.session, query, self.today)
        hits = {hit.listing_id: hit for hit in found}
        for card in cards(self.session, list(hits)):
            if self._is_like(card):
                yield Instead(card, self._explained(hits[card.id], card))

    def _audience(self) -> dict[str, tuple[str, ...]]:
        """For whom; a family is everybody."""
        groups = self.card.audience
        if not groups or Audience.FAMILY in groups:
            return {}
        return {"doelgroep": (*groups, Audience.FAMILY)}

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """The stadsdelen in which it stands or for which it is, by code."""
        codes = [self.home.code] if self.home else []
        codes += [code for code in self.card.coverage if code not in set(Reach)]
        above = (self.tree.up_to(code, AreaLevel.DISTRICT) for code in codes)
        return tuple(dict.fromkeys(node.code for node in above if node))

    def _ages(self) -> tuple[AgeRange, ...]:
        low, high = self.card.min_age_months, self.card.max_age_months
        if low is None and high is None:
            return ()
        last = OLDEST_MONTHS if high is None else high
        return (AgeRange(low or 0, last, ""),)

    @property
    def near(self) -> Near | None:
        """The door of the listing where that may be known, else the middle of where it stands."""
        for place in self.card.places:
            if place.lat is not None and place.lon is not None:  # kept of exact places only
                name = place.name or self.card.title
                return Near(place.lat, place.lon, name, place.area_code, "")
        return near_area(self.home) if self.home else None

    def _is_like(self, other: Card) -> bool:
        """Is it another listing about the same, for the same people, that is there now?"""
        is_itself = other.id == self.card.id or other.kind == ListingKind.PLACE
        is_there = other.status == Status.LIVE and not other.is_stale(self.today)
        is_for_them = set(other.only_for) <= set(self.card.only_for) and other.ages_known
        return not is_itself and is_there and is_for_them and self.about.shared(other) is not None

    def _explained(self, hit: Hit, card: Card) -> Hit:
        """Why it fits, the shortest way."""
        name = themes.theme_names(self.session).get(self.about.shared(card) or "", "")
        ages = [reason for reason in hit.reasons if reason.field == "leeftijd"]
        return replace(hit, reasons=(Reason("thema", name), *ages, *self._whom(card)))

    def _whom(self, card: Card) -> list[Reason]:
        """The areas for which it is."""
        if Reach.CITY in card.coverage:
            return [Reason("stadsdeel", "voor heel Amsterdam")]
        names = [self.tree.get(code).name for code in card.coverage if code not in set(Reach)]
        return [Reason("stadsdeel", f"voor {listed(names[:MOST])}")] if names else []

    def nearness(self, other: Card) -> Nearness:
        """How near a listing is to where this one stands."""
        wijk = self.tree.up_to(self.home.code, AreaLevel.WIJK) if self.home else None
        if wijk and self._is_in(other, wijk.code):
            return Nearness.SAME_WIJK
        around = [node.code for node in self.tree.neighbours(wijk.code)] if wijk else []
        if self.home and self._is_in(other, *around, *self.districts[:1]):
            return Nearness.AROUND
        if comes_to_you(other) and (self.districts or Reach.CITY in other.coverage):
            return Nearness.COMES_TO_YOU
        is_covered = self._is_in(other, *self.districts)
        return Nearness.COVERED if is_covered else Nearness.ELSEWHERE

    def _is_in(self, other: Card, *codes: str) -> bool:
        return any(located_in(self.tree, [other], code) for code in codes)


def comes_to_you(card: Card) -> bool:
    """Is there no address to go to, or only at home or online?"""
    is_placeless = not any(place.area_code for place in card.places)
    return is_placeless or (bool(card.settings) and {*card.settings} <= AT_HOME)


def meanwhile(search: Search) -> list[Instead]:
    """What a family can go to by itself while a listing is full: light before heavy, in the same
    wijk before its surroundings, what is about the same before what is wider; at most `MOST`."""
    chosen: list[Instead] = []
    for level in LIGHT:
        if level.weight <= search.card.level.weight and len(chosen) < MOST:
            chosen += _of_level(search, level)
    return chosen[:MOST]


def _of_level(search: Search, level: Level) -> list[Instead]:
    now = {"niveau": (level,), "route": (ReferralRoute.SELF,), "beschikbaar": ("nu",)}
    found = {
        one.card.id: one
        for about in (search.about.above, search.about.own)
        for one in search.found(about, **now)
        if can_begin(one.card, search.today) and search.nearness(one.card) != Nearness.ELSEWHERE
    }
    return sorted(found.values(), key=lambda one: _order(search, one))


def _order(search: Search, one: Instead) -> tuple[int, int, float, str]:
    far = math.inf if one.hit.distance_m is None else one.hit.distance_m
    return search.nearness(one.card), search.about.rank(one.card), far, one.card.title


def can_begin(card: Card, today: date) -> bool:
    """Can people go there by themselves, and does it go on within two weeks?"""
    days = [today + timedelta(days=ahead) for ahead in range(SOON_DAYS)]
    meets = not card.sessions or any(
        session.is_held_on(day) and not card.cancels(session, day)
        for session in card.sessions
        for day in days
    )
    is_open = ReferralRoute.SELF in card.routes and not card.waits_long(today)
    return is_open and meets and not card.is_closed(today)


def instead(search: Search) -> list[Instead]:
    """What is like a listing that has ended, for the same people: near before far; at most
    `MOST`."""
    found = {one.card.id: one for one in search.found(search.about.own)}
    near = [one for one in found.values() if search.nearness(one.card) != Nearness.ELSEWHERE]
    ranked = sorted(near, key=lambda one: (one.card.level.weight, *_order(search, one)))
    return ranked[:MOST]


def search_like(
    session: Session,
    tree: AreaTree,
    searcher: Searcher,
    card: Card,
    home: AreaNode | None,
    today: date,
) -> Search:
    """Looking for what is like a listing; `home` is the area in which it stands, or None."""
    return Search(session, tree, searcher, card, home, today, Subjects.of(session, card))
