"""What there is for one area, sorted as its page shows it: light before heavy, elsewhere last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from socialmap.geo.tree import AreaTree
from socialmap.listings.cards import Card, CardChange, CardPlace, CardSession
from socialmap.listings.points import located_in
from socialmap.models.terms import DayPart, Level, ListingKind, TemporaryKind

WEEK = 7
BEGINS = {DayPart.MORNING: time(9), DayPart.AFTERNOON: time(13), DayPart.EVENING: time(19)}
"""When a meeting without a clock time is put among the others."""


@dataclass(frozen=True)
class Shelves:
    """The listings for an area: those that are in it by kind, and those that come from outside."""

    informal: list[Card]
    formal: list[Card]
    """Formal and open to all."""
    heavier: list[Card]
    """From the OKT on."""
    places: list[Card]
    outside: list[Card]
    """Not in the area, but for its people; what names the smallest area first."""

    @classmethod
    def of(cls, tree: AreaTree, code: str, found: Sequence[Card]) -> Self:
        """Sort what was found for an area; the order found decides within a shelf."""
        here = located_in(tree, found, code)
        offers = [card for card in here if card.kind != ListingKind.PLACE]
        formal = [card for card in offers if not card.is_informal]
        ids = {card.id for card in here}
        elsewhere = [card for card in found if card.id not in ids]
        return cls(
            informal=[card for card in offers if card.is_informal],
            formal=[card for card in formal if card.level == Level.OPEN],
            heavier=sorted(
                (card for card in formal if card.level != Level.OPEN),
                key=lambda card: card.level.weight,
            ),
            places=[card for card in here if card.kind == ListingKind.PLACE],
            outside=sorted(
                (card for card in elsewhere if card.kind != ListingKind.PLACE),
                key=lambda card: (_breadth(tree, code, card), card.level.weight),
            ),
        )

    @property
    def offers(self) -> list[Card]:
        """All that is offered in the area."""
        return [*self.informal, *self.formal, *self.heavier]

    @property
    def here(self) -> list[Card]:
        """All that is in the area, also the places."""
        return [*self.offers, *self.places]


def _breadth(tree: AreaTree, code: str, card: Card) -> int:
    """How many steps up the tree until an area that the listing serves; the city is widest."""
    inside = {node.code for node in tree.within(code)}
    if inside.intersection(card.coverage):
        return 0
    above = [node.code for node in tree.ancestors(code)]
    steps = [above.index(area) for area in card.coverage if area in above]
    return min(steps, default=len(above))


@dataclass(frozen=True)
class Meeting:
    """One listing that meets on one day."""

    day: date
    session: CardSession
    """Without clock times where those are others on this day."""
    card: Card

    @classmethod
    def of(cls, card: Card, session: CardSession, day: date) -> Self:
        """What meets on a day, at the time that holds on that day."""
        kinds = {change.kind for change in card.changes_of(session, day)}
        if TemporaryKind.OTHER_TIMES in kinds:
            session = session.model_copy(update={"starts_at": None, "ends_at": None})
        return cls(day, session, card)

    @property
    def changes(self) -> list[CardChange]:
        """What is different on this day."""
        return self.card.changes_of(self.session, self.day)

    @property
    def places(self) -> list[CardPlace]:
        """Where it is on this day, as far as that is a known place."""
        moved = [one for one in self.changes if one.kind == TemporaryKind.MOVED]
        own = [one for one in moved if one.venue is None] or moved
        return [one.place for one in own if one.place] or ([] if own else self.card.places)

    @property
    def begins(self) -> datetime:
        """For the order: a meeting without a clock time begins with its part of the day."""
        at = self.session.starts_at or BEGINS[self.session.part]
        return datetime.combine(self.day, at)


def meetings(found: Iterable[Card], today: date) -> list[Meeting]:
    """What meets in the seven days from today, in order; nothing of what is closed or ended."""
    days = [today + timedelta(days=ahead) for ahead in range(WEEK)]
    met = [
        Meeting.of(card, session, day)
        for card in found
        for day in days
        if not card.is_closed(day) and not card.is_ended(day)
        for session in card.sessions
        if session.is_held_on(day) and not card.cancels(session, day)
    ]
    return sorted(met, key=lambda meeting: (meeting.begins, meeting.card.title))
