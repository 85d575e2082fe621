"""What a finished list shows: each listing as it is today, where it is, and whom to call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from markupsafe import Markup

from socialmap import db, maps
from socialmap.geo.tree import CITY, AreaNode, AreaTree, area_tree
from socialmap.listings import find
from socialmap.listings.cards import Card, kept_card
from socialmap.listings.summaries import summaries_by_listing
from socialmap.models import Listing, ListingSummary, Place
from socialmap.models.terms import (
    PUBLIC_STATUSES,
    AreaLevel,
    ContactRole,
    Language,
    Visibility,
)
from socialmap.people import AreaContact, PersonView
from socialmap.views import qr
from socialmap.views.listing import alternatives, area_of, person_for, who_knows
from socialmap.views.structured import public_url

BESIDE, BELOW = 36, 26
"""Pins that are nearer than this would touch, and share one; in units of the drawing."""


@dataclass(frozen=True)
class Entry:
    """One listing of a list, as it is on one day."""

    number: int
    listing: Listing
    other: ListingSummary | None
    """Its summary in the language that was asked for."""
    contact: PersonView | None
    today: date

    @cached_property
    def card(self) -> Card:
        return kept_card(self.listing)

    @property
    def is_ended(self) -> bool:
        return self.listing.is_ended(self.today)

    @property
    def phone(self) -> str | None:
        """The number to ring."""
        return (self.contact.phone if self.contact else None) or self.listing.phone

    @property
    def mail(self) -> str | None:
        return (self.contact.mail if self.contact else None) or self.listing.mail

    @property
    def alternatives(self) -> list[Card]:
        """Where to go instead, of what has ended."""
        return alternatives(self.listing) if self.is_ended else []

    @property
    def picture(self) -> Markup:
        """The QR code of its page."""
        return qr.picture(public_url("listing.listing", slug=self.listing.slug))

    @property
    def shown_places(self) -> list[Place]:
        """Where a pin may stand: its addresses that may be shown, unless it has ended."""
        places = [] if self.is_ended else self.listing.places
        exact = [place for place in places if place.visibility == Visibility.EXACT]
        return [place for place in exact if place.lat is not None and place.lon is not None]


@dataclass(frozen=True)
class Pin:
    """Where listings are on the sketch, by their numbers."""

    at: tuple[int, int]
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Sketch:
    """A small map with numbers, and the same in words."""

    drawing: maps.Drawing
    pins: tuple[Pin, ...]
    words: tuple[tuple[int, str], ...]
    """The number of each listing with a pin, and the area in which it is."""


@dataclass(frozen=True)
class Sheet:
    """All that stands on the sheet."""

    entries: tuple[Entry, ...]
    gone: int
    """So many listings are in the directory no more."""
    knows: AreaContact | None
    """Who knows the area, where they lie in one."""
    sketch: Sketch | None

    @property
    def listings(self) -> tuple[Listing, ...]:
        return tuple(entry.listing for entry in self.entries)

    @property
    def is_example(self) -> bool:
        shown = [entry.listing.is_example for entry in self.entries]
        shown += [entry.contact.is_example for entry in self.entries if entry.contact]
        shown += [entry.other.is_example for entry in self.entries if entry.other]
        return any(shown) or (self.knows is not None and self.knows.is_example)


def sheet_of(ids: Sequence[UUID], language: Language | None, today: date) -> Sheet:
    """What the list of these listings shows."""
    session, tree = db.session(), area_tree(db.session())
    loaded = {row.id: row for row in find.load_listings(session, ids)}
    shown = [loaded[id] for id in ids if id in loaded and loaded[id].status in PUBLIC_STATUSES]
    written = summaries_by_listing(session, [listing.id for listing in shown])
    entries = tuple(
        Entry(
            number,
            listing,
            written.get(listing.id, {}).get(language) if language else None,
            person_for(listing, ContactRole.PRIMARY),
            today,
        )
        for number, listing in enumerate(shown, 1)
    )
    around = _common(tree, [area for listing in shown if (area := area_of(listing))])
    is_near = around is not None and around.code != CITY
    return Sheet(
        entries,
        len(ids) - len(entries),
        who_knows(around) if is_near else None,
        sketch_of(tree, entries),
    )


def sketch_of(tree: AreaTree, entries: Iterable[Entry]) -> Sketch | None:
    """The smallest map on which all their addresses stand; None where none may be shown."""
    spots = [(entry.number, place) for entry in entries for place in entry.shown_places]
    around = _common(tree, [_area(tree, place) for _, place in spots])
    if around is None:
        return None
    drawing = maps.area_drawing(tree, around.code)
    pins: list[Pin] = []
    for number, place in spots:
        at = drawing.place(place.lat or 0, place.lon or 0)
        if at:
            _put(pins, at, number)
    return Sketch(drawing, tuple(pins), tuple(_words(tree, spots)))


def _put(pins: list[Pin], at: tuple[int, int], number: int) -> None:
    """Add a pin, or its number to one that is almost there."""
    for index, pin in enumerate(pins):
        if abs(pin.at[0] - at[0]) < BESIDE and abs(pin.at[1] - at[1]) < BELOW:
            numbers = tuple(sorted({*pin.numbers, number}))
            pins[index] = Pin(pin.at, numbers)
            return
    pins.append(Pin(at, (number,)))


def _words(tree: AreaTree, spots: Iterable[tuple[int, Place]]) -> Iterable[tuple[int, str]]:
    for number, place in spots:
        node = _area(tree, place)
        yield number, (tree.up_to(node.code, AreaLevel.WIJK) or node).name


def _area(tree: AreaTree, place: Place) -> AreaNode:
    return tree.get(place.area_code or CITY)


def _common(tree: AreaTree, areas: Sequence[AreaNode]) -> AreaNode | None:
    """The smallest area with a map in which all of these lie; None where there are none."""
    chains = [tree.ancestors(area.code) for area in areas]
    first = chains[0] if chains else []
    codes = [{node.code for node in chain} for chain in chains]
    shared = (node for node in first if all(node.code in one for one in codes))
    return next((node for node in shared if node.level in maps.MAPPED), None)
