"""The page of a theme: what there is, light before heavy, and where in the city."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, themes
from socialmap.listings.cards import Card, cards
from socialmap.listings.find import find_new_slug
from socialmap.models.terms import Form, Level, ListingKind
from socialmap.search.answer.found import Found, Option
from socialmap.search.question.query import Query
from socialmap.views.clock import today

NOUN = "theme"
SHELF = 6
"""So many offers of a level on the page; the rest is a search away."""
OFFERS = (ListingKind.OFFER, ListingKind.ACTIVITY, ListingKind.TEAM)
PLACES = (ListingKind.PLACE,)

bp = Blueprint("theme", __name__)


@dataclass(frozen=True)
class Shelf:
    """The first offers of one level, and how many a search finds."""

    level: Level
    cards: list[Card]
    total: int


@bp.get("/thema/<slug>")
def theme(slug: str) -> ResponseReturnValue:
    """What there is on a theme or one of its subjects; in danger first whom to ring (R34)."""
    session = db.session()
    group = themes.find_theme(session, slug)
    if group is None:
        return moved_or_404(slug)
    found = ask(slug)
    consult = consults(slug) if found.is_danger else []
    shelves = [shelf(slug, level, {card.id for card in consult}) for level in Level]
    shown = [*consult, *(card for shelf in shelves for card in shelf.cards)]
    return render_template(
        "theme/theme.html",
        theme=group.theme,
        subjects=counted_subjects(group, found),
        numbers=themes.emergency_numbers(session) if found.is_danger else [],
        consult=consult,
        shelves=[shelf for shelf in shelves if shelf.cards],
        districts_here=found.facets.get("stadsdeel", ()),
        places=first_cards(ask(slug, kind=PLACES)),
        total=found.total,
        is_danger=found.is_danger,
        is_example=any(card.is_example for card in shown),
    )


def moved_or_404(slug: str) -> ResponseReturnValue:
    """Lead a former address on, or say that there is no such theme."""
    now = find_new_slug(db.session(), NOUN, slug)
    if now is None:
        abort(404)
    return redirect(url_for("theme.theme", slug=now), 301)


def ask(theme_id: str, **chosen: tuple[str, ...]) -> Found:
    """What the directory holds on a theme."""
    query = Query(chosen={"thema": (theme_id,), **chosen})
    found: Found = current_app.extensions["searcher"].find(db.session(), query, today())
    return found


def first_cards(found: Found) -> list[Card]:
    """The first offers found."""
    return cards(db.session(), [hit.listing_id for hit in found.hits[:SHELF]])


def consults(theme_id: str) -> list[Card]:
    """Where a professional can ask advice before referring."""
    found = first_cards(ask(theme_id, kind=OFFERS, vorm=(Form.CONSULT,)))
    return [card for card in found if Form.CONSULT in card.forms]


def shelf(theme_id: str, level: Level, shown: set[UUID]) -> Shelf:
    """The offers of one level, without those that are shown already."""
    offers = first_cards(ask(theme_id, kind=OFFERS, niveau=(level,)))
    total = ask(theme_id, niveau=(level,)).total
    return Shelf(level, [card for card in offers if card.id not in shown], total)


def counted_subjects(group: themes.ThemeGroup, found: Found) -> list[Option]:
    """The subjects of a theme with what there is on each, also on those without anything."""
    counts = {option.value: option.count for option in found.facets.get("thema", ())}
    return [
        Option(row.id, row.name, counts.get(row.id, 0), selected=False) for row in group.subjects
    ]
