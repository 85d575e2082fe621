"""How a change for a while is told in Dutch, the same on pages, on paper and in feeds."""

from datetime import date
from typing import Protocol

from socialmap.labels import day, label, period
from socialmap.listings.cards import CardChange, CardPlace
from socialmap.models import Place
from socialmap.models.terms import DayPart, TemporaryKind, Weekday


class Told(Protocol):
    """What a change is about."""

    @property
    def kind(self) -> TemporaryKind: ...
    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date: ...
    @property
    def text(self) -> str: ...
    @property
    def weekday(self) -> Weekday | None: ...
    @property
    def part(self) -> DayPart | None: ...


def heading(change: Told, where: str = "", today: date | None = None) -> str:
    """What is different and when: `Gesloten van 1 tot en met 31 juli 2027`,
    `Dinsdagmiddag: op een andere plek tot en met 1 mei 2027: OBA Banne`. What has begun by
    `today` only tells its last day."""
    has_begun = today is not None and change.from_on < today
    when = (
        f"tot en met {day(change.until_on)}"
        if has_begun
        else period(change.from_on, change.until_on)
    )
    session = (
        f"{label(change.weekday)}{label(change.part)}: " if change.weekday and change.part else ""
    )
    said = f"{session}{label(change.kind)} {when}"
    said = f"{said}: {where}" if where else said
    return said[:1].upper() + said[1:]


def told(change: Told, where: str = "", today: date | None = None) -> str:
    """All that a change says, on one line."""
    said = heading(change, where, today)
    if not change.text:
        return said
    return f"{said}{'. ' if where or change.kind == TemporaryKind.CLOSED else ': '}{change.text}"


def heading_of(change: CardChange, today: date) -> str:
    """What is different and when, of a listing or with the name of the venue that tells it."""
    said = heading(change, place_name(change.place), today)
    return f"{change.venue}: {said[:1].lower()}{said[1:]}" if change.venue else said


def line_of(change: CardChange, today: date) -> str:
    """One short line for lists: why it is closed stands on its page."""
    said = heading_of(change, today)
    if not change.text or change.kind == TemporaryKind.CLOSED:
        return said
    return f"{said}{'. ' if change.place else ': '}{change.text}"


def place_name(place: CardPlace | Place | None) -> str:
    """`OBA Banne, Banne 1`; empty without a place."""
    if place is None:
        return ""
    street = " ".join(part for part in (place.street, place.house_number) if part)
    return ", ".join(part for part in (place.name, street) if part)
