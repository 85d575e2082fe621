"""The results of a search, as a page and as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from socialmap import db, people, teams, themes
from socialmap.geo.tree import CITY, AreaNode, AreaTree, area_tree
from socialmap.listings import find
from socialmap.listings.cards import Card, cards
from socialmap.models.terms import AreaLevel, ListingKind
from socialmap.search.answer.engine import PAGE_SIZE
from socialmap.search.answer.found import Hit
from socialmap.search.answer.wider import ENOUGH
from socialmap.search.question.query import Order, Show
from socialmap.teams import Share
from socialmap.views import addresses, counting, search_json
from socialmap.views.asking import PICKS, Args, Asked, Step, address, usable
from socialmap.views.chips import chips, choices
from socialmap.views.clock import today
from socialmap.views.direct import EXPERTS_BEHIND, DirectAnswers, direct_answers
from socialmap.views.filters import Filter, filters
from socialmap.views.structured import public

ORDER_WORDS = {
    Order.RELEVANCE: "Wat het beste past",
    Order.DISTANCE: "Dichtbij eerst",
    Order.CHECKED: "Laatst gecontroleerd eerst",
}
LEFT_OUT = {Show.STALE: "Ook wat lang niet gecontroleerd is", Show.ENDED: "Ook wat gestopt is"}
DISTRICT = AreaLevel.DISTRICT

bp = Blueprint("results", __name__)


@dataclass(frozen=True)
class Result:
    """One line of the answer: its number in the list, the listing, and why it is here."""

    number: int
    card: Card
    hit: Hit


bp.add_app_template_global(addresses.are_found, "finds_addresses")


@bp.get("/zoeken")
def results() -> ResponseReturnValue:
    """What there is, with the filters, the map and ways to go on."""
    elsewhere = addresses.without_address(request.args)
    if elsewhere is not None:
        return redirect(address(elsewhere), 303), {"Cache-Control": "no-store"}
    session = db.session()
    asked = addresses.told(Asked.of(request.args), request.args)
    shown = results_of(asked)
    counting.count_question(asked)
    counting.count_shown(asked, [result.card.id for result in shown])
    columns = filters(asked, area_tree(session), themes.theme_groups(session))
    return render_template(
        "results/results.html",
        asked=asked,
        found=asked.found,
        query=asked.query,
        results=shown,
        filters=columns,
        selected=sum(column.selected for column in columns) + len(asked.query.ages),
        hidden=hidden(asked, columns),
        chips=chips(asked),
        choices=choices(asked),
        direct=direct_answers(asked) if asked.found.page == 1 else DirectAnswers(),
        experts_behind=EXPERTS_BEHIND,
        share_url=share_url(asked),
        **picking(asked, shown),
        orders=orders(asked),
        wider=wider(asked),
        is_example=any(result.card.is_example for result in shown),
        is_danger=asked.found.is_danger,
        **counted(asked),
        **whereabouts(asked),
    )


@bp.get("/api/search")
def search() -> ResponseReturnValue:
    """The same answer for other programs (API.md)."""
    elsewhere = addresses.without_address(request.args)
    args: Args = request.args if elsewhere is None else MultiDict(elsewhere)
    asked = addresses.told(Asked.of(args), args)
    counting.count_misses(asked)
    if asked.errors:
        return search_json.errors(asked.errors), 400
    direct = direct_answers(asked) if asked.found.page == 1 else DirectAnswers()
    answer: dict[str, Any] = search_json.answer(asked, results_of(asked), direct)
    return answer


def results_of(asked: Asked) -> list[Result]:
    """The listings of this page, in order; one that vanished meanwhile is left out."""
    hits = {hit.listing_id: hit for hit in asked.found.hits}
    first = (asked.found.page - 1) * PAGE_SIZE + 1
    found = cards(db.session(), list(hits))
    return [Result(number, card, hits[card.id]) for number, card in enumerate(found, first)]


def picking(asked: Asked, shown: list[Result]) -> dict[str, Any]:
    """What is ticked to be compared, here and on other pages, and what leads back to this one;
    None where there is nothing to compare."""
    session = db.session()
    found = find.public_ids(session, asked.kept.get(PICKS, ()))
    picked = cards(session, list(dict.fromkeys(found.values())))
    here = {result.card.id for result in shown}
    kept = {name: values for name, values in asked.kept.items() if name != PICKS}
    back = [(name, value) for name, values in kept.items() for value in values]
    return {
        "picks": [card.slug for card in picked] if picked or asked.found.total > 1 else None,
        "picked_elsewhere": [card for card in picked if card.id not in here],
        "back": [*back, ("pagina", str(asked.found.page))],
    }


def share_url(asked: Asked) -> str:
    """The address of this question as others can open it: what could not be used (a place that
    nobody knows may be an address) stays out of it; empty where nothing is asked."""
    question = usable(asked.kept, asked.errors)
    return public(address(question)) if question else ""


def whereabouts(asked: Asked) -> dict[str, Any]:
    """The area asked about, whom to call there, its map, and the emergency numbers."""
    session, area = db.session(), asked.area
    tree = area_tree(session)
    around = area or asked.point
    district = tree.up_to(around.code, DISTRICT) if around else None
    mapped = around and (tree.up_to(around.code, AreaLevel.WIJK) or around)
    return {
        "area": area,
        "teams": teams_of(tree, area) if area and area.level == AreaLevel.WIJK else [],
        "contact": people.contact_for_area(session, tree, area.code, today()) if area else None,
        "current_district": district.slug if district else None,
        "map_area": mapped.code if mapped else CITY,
        "points_url": address(asked.kept, "maps.results_points"),
        "numbers": themes.emergency_numbers(session) if asked.found.is_danger else [],
    }


def teams_of(tree: AreaTree, wijk: AreaNode) -> list[Share]:
    """The teams of a wijk, with its buurten that each serves where that is only a part."""
    return teams.shares_by_wijk(db.session(), tree, [wijk.code], today())[wijk.code]


def counted(asked: Asked) -> dict[str, Any]:
    """How many offers and how many places; places come last, from this page on."""
    kinds = asked.found.facets.get("kind", ())
    places = sum(option.count for option in kinds if option.value == ListingKind.PLACE)
    offers = asked.found.total - places
    return {
        "counts": {"offers": offers, "places": places},
        "places_page": offers // PAGE_SIZE + 1,
    }


def orders(asked: Asked) -> list[Step]:
    """The orders to choose from; by distance only where there is a place to measure from."""
    chosen = asked.query.order
    offered = [order for order in Order if order != Order.DISTANCE or asked.query.near]
    return [
        Step(
            ORDER_WORDS[order],
            asked.url(sorteer=None if order == Order.RELEVANCE else order),
            is_current=order == chosen,
        )
        for order in offered
    ]


def hidden(asked: Asked, columns: list[Filter]) -> list[tuple[str, str]]:
    """What was asked and has no field of its own on the page, to be sent along."""
    fields = {"q", "straal", "leeftijd", "toon", *(column.param for column in columns)}
    fields |= set() if asked.query.near else {"bij"}
    return [
        (name, value)
        for name, values in asked.kept.items()
        for value in values
        if name not in fields
    ]


def wider(asked: Asked) -> list[Step]:
    """The wider questions, each with what it finds."""
    steps = [Step(way.label, asked.url(**way.params), way.count) for way in asked.found.wider]
    return [*steps, *with_left_out(asked)]


def with_left_out(asked: Asked) -> Iterator[Step]:
    """Where little is found: the questions that also find what nobody checked for long, and what
    has ended, where that is more."""
    query = asked.query
    if asked.found.total >= ENOUGH:
        return
    searcher = current_app.extensions["searcher"]
    for show, words in LEFT_OUT.items():
        shown = query.show | {show}
        if show in query.show:
            continue
        count = searcher.count(db.session(), query.but(show=shown), today())
        if count > asked.found.total:
            yield Step(words, asked.url(toon=",".join(sorted(shown))), count)
