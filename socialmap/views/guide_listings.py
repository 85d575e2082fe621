"""What there is in a wijk as its Wijkgids prints it: chapters of listings, and a register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from socialmap import db, themes
from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.labels import listed
from socialmap.listings.cards import Card
from socialmap.models.slugs import folded
from socialmap.models.terms import ListingKind, Status
from socialmap.people import PersonView
from socialmap.views import printed
from socialmap.views.clock import today
from socialmap.views.jinja import change_line, sentence, theme_name, words
from socialmap.views.paper import told

MOST_PLACES, MOST_TIMES = 3, 9


@dataclass(frozen=True)
class Shelf:
    """Listings under a heading."""

    title: str
    cards: list[Card]


def chapters(
    tree: AreaTree, node: AreaNode, shelves: Iterable[Shelf], called: Mapping[UUID, PersonView]
) -> list[printed.Chapter]:
    """The shelves that hold something."""
    return [
        printed.Chapter(
            shelf.title, [offer(tree, node, card, called.get(card.id)) for card in shelf.cards]
        )
        for shelf in shelves
        if shelf.cards
    ]


def offer(tree: AreaTree, node: AreaNode, card: Card, contact: PersonView | None) -> printed.Offer:
    """A listing in the words of its card; of a place only what a place has."""
    is_place = card.kind == ListingKind.PLACE
    return printed.Offer(
        mark=mark(card),
        title=card.title,
        by=card.provider.name if card.provider else "",
        what=card.summary,
        who="" if is_place else told("who", "who", card, card.audience, card.only_for),
        access="" if is_place else access(card),
        where=where(tree, node, card),
        when=sentence(told("times", "times", card.sessions, MOST_TIMES)),
        phone=(contact.phone if contact else None) or card.phone or "",
        contact=contact.name if contact else "",
        warnings=warnings(card),
    )


def mark(card: Card) -> str:
    """What a register names a listing by."""
    return f"aanbod-{card.slug}"


def access(card: Card) -> str:
    """All the ways in."""
    return sentence(" · ".join(words("route", card.routes))) or "Onbekend, bel even"


def where(tree: AreaTree, node: AreaNode, card: Card) -> str:
    """Where it is given, in this wijk first, as far as that may be shown."""
    inside = {area.code for area in tree.within(node.code)}
    places = sorted(card.places, key=lambda place: place.area_code not in inside)
    if not places:
        return sentence(told("card", "card_place", card.model_copy(update={"sessions": []}), None))
    shown = [told("where", "address", place) for place in places[:MOST_PLACES]]
    if card.kind == ListingKind.PLACE:
        shown = [one.removeprefix(f"{card.title}, ") for one in shown]
    more = len(places) - len(shown)
    return "; ".join(shown) + (f"; en nog {more}" if more else "")


def warnings(card: Card) -> list[str]:
    """What to know before going: closed, uncertain, different for a while, perhaps out of date."""
    said = [change_line(change) for change in card.announced_on(today())]
    is_shut = card.is_closed(today()) or card.status == Status.UNCERTAIN
    if is_shut and card.shut_until(today()) is None:
        said.insert(0, told("card", "state", card))
    if card.is_stale(today()):
        said.append(told("fresh", "fresh", card))
    return said


def register(found: Iterable[Card]) -> list[printed.Theme]:
    """The themes with their listings, all by their letters."""
    parents = themes.theme_parents(db.session())
    under: dict[str, list[Card]] = {}
    subjects: dict[str, set[str]] = {}
    for card in found:
        for top in dict.fromkeys(parents.get(id, id) for id in card.themes):
            under.setdefault(top, []).append(card)
            own = {theme_name(id) for id in card.themes if parents.get(id) == top}
            subjects.setdefault(top, set()).update(own)
    rows = [
        printed.Theme(
            theme_name(top),
            sentence(listed(sorted(subjects[top], key=folded))),
            sorted(((card.title, mark(card)) for card in cards), key=lambda row: folded(row[0])),
        )
        for top, cards in under.items()
    ]
    return sorted(rows, key=lambda row: folded(row.name))
