"""Pages of areas: who knows the way there, what there is, and what lies next to it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, people, teams, themes
from socialmap.geo.tree import CITY, AreaNode, AreaTree, area_tree
from socialmap.listings.cards import cards
from socialmap.listings.find import find_new_slug
from socialmap.listings.gaps import gaps
from socialmap.listings.points import located_counts
from socialmap.listings.shelves import Shelves, meetings
from socialmap.listings.week import week_of
from socialmap.maps import in_order
from socialmap.models.terms import AreaLevel
from socialmap.people import AreaContact
from socialmap.people.together import around_wijk
from socialmap.search.answer.found import Found
from socialmap.search.question.query import Query
from socialmap.views.clock import today
from socialmap.views.maps import AREA_PARAM, area_url

NOUN = "area"
SHELF = 8
"""So many listings of a kind on a page; the rest is a search away."""
WEEK_ROWS, FEW_ROWS = 10, 5

bp = Blueprint("areas", __name__)


@dataclass(frozen=True)
class WijkRow:
    """A wijk in a list: its number there, how much there is, and whom to call."""

    number: int
    node: AreaNode
    count: int
    contact: AreaContact


@dataclass(frozen=True)
class Group:
    """The wijken of one gebied; None where a stadsdeel has no gebieden."""

    zone: AreaNode | None
    rows: list[WijkRow]


@bp.get("/stadsdeel/<slug>")
def district(slug: str) -> ResponseReturnValue:
    """A stadsdeel: its wijken with whom to call, its themes and its teams."""
    return area_page(AreaLevel.DISTRICT, slug, "areas/district.html")


@bp.get("/gebied/<slug>")
def zone(slug: str) -> ResponseReturnValue:
    """A gebied: its wijken, and whom to call."""
    return area_page(AreaLevel.ZONE, slug, "areas/zone.html")


def area_page(level: AreaLevel, slug: str, template: str) -> ResponseReturnValue:
    """The page of a stadsdeel or gebied."""
    session = db.session()
    tree = area_tree(session)
    node = tree.find_at(level, slug)
    if node is None or node.slug != slug:
        return moved_or_404(tree, slug)
    found = ask(node)
    served = teams.teams_of_area(session, tree, node.code, today())
    contact, groups = wijken_with_contacts(tree, node, found)
    return render_template(
        template,
        node=node,
        contact=contact,
        groups=groups,
        total=located_counts(session, tree, found.ranked.ids, level)[node.code],
        themes=counted_themes(found),
        teams=served,
        week=week_of(session, tree, today(), node.code)[:FEW_ROWS],
        is_example=contact.is_example or bool(found.total),
        **whereabouts(tree, node),
    )


@bp.get("/wijk/<slug>")
def wijk(slug: str) -> ResponseReturnValue:
    """A wijk: whom to call, what there is, and what comes from outside."""
    session = db.session()
    tree = area_tree(session)
    node = tree.find_at(AreaLevel.WIJK, slug)
    if node is None or node.slug != slug:
        return moved_or_404(tree, slug)
    found = ask(node)
    everything = cards(session, found.ranked.ids)
    shelves = Shelves.of(tree, node.code, everything)
    served = teams.teams_of_area(session, tree, node.code, today())
    contact, next_level = contacts(tree, node)
    return render_template(
        "areas/wijk.html",
        node=node,
        buurten=[child.name for child in tree.children(node.code)],
        contact=contact,
        next_level=next_level,
        shelves=shelves,
        totals=shelf_totals(node, found),
        most=SHELF,
        gaps=gaps(tree, node, shelves, themes.theme_groups(session), today()),
        week=meetings(shelves.here, today())[:WEEK_ROWS],
        teams=served,
        together=around_wijk(session, tree, node.code, today()),
        neighbours=neighbours(tree, node),
        is_example=contact.is_example or any(card.is_example for card in everything),
        **whereabouts(tree, node),
    )


def moved_or_404(tree: AreaTree, slug: str) -> ResponseReturnValue:
    """Lead a code, a former address or an area of another level to its page."""
    node = tree.find(find_new_slug(db.session(), NOUN, slug) or slug)
    if node is not None and node.level == AreaLevel.BUURT:
        node = tree.up_to(node.code, AreaLevel.WIJK)
    if node is None or node.level not in AREA_PARAM:
        abort(404)
    return redirect(area_url(node), 301)


def ask(node: AreaNode, **chosen: tuple[str, ...]) -> Found:
    """What the directory holds for the people of an area."""
    query = Query(areas={AREA_PARAM[node.level]: (node.code,)}, chosen=chosen)
    found: Found = current_app.extensions["searcher"].find(db.session(), query, today())
    return found


def whereabouts(tree: AreaTree, node: AreaNode) -> dict[str, Any]:
    """What every page of an area needs to say where it is."""
    above = [area for area in reversed(tree.ancestors(node.code)[1:]) if area.code != CITY]
    home = tree.up_to(node.code, AreaLevel.DISTRICT)
    return {
        "crumbs": [
            ("Amsterdam", url_for("home.home")),
            *((area.name, area_url(area)) for area in above),
        ],
        "stadsdeel": home,
        "current_district": home.slug if home else None,
        "points_url": url_for("maps.points", area=node.slug),
        "search_param": AREA_PARAM[node.level],
    }


def wijken_with_contacts(
    tree: AreaTree, node: AreaNode, found: Found
) -> tuple[AreaContact, list[Group]]:
    """Whom to call for an area, and its wijken per gebied with whom to call there."""
    session = db.session()
    wijken = in_order(tree, node.code, AreaLevel.WIJK)
    codes = [node.code, *(area.code for area in wijken)]
    known = people.contacts_for_areas(session, tree, codes, today())
    counts = located_counts(session, tree, found.ranked.ids, AreaLevel.WIJK)
    groups: dict[AreaNode | None, list[WijkRow]] = {}
    for number, area in enumerate(wijken, 1):
        row = WijkRow(number, area, counts[area.code], known[area.code])
        groups.setdefault(tree.up_to(area.code, AreaLevel.ZONE), []).append(row)
    return known[node.code], [Group(zone, rows) for zone, rows in groups.items()]


def contacts(tree: AreaTree, node: AreaNode) -> tuple[AreaContact, AreaContact]:
    """Whom to call for a wijk, and for its stadsdeel."""
    home = tree.up_to(node.code, AreaLevel.DISTRICT) or tree.get(CITY)
    codes = [node.code, home.code]
    known = people.contacts_for_areas(db.session(), tree, codes, today())
    return known[node.code], known[home.code]


def counted_themes(found: Found) -> list[tuple[str, str, int]]:
    """(id, name, count) of the themes of the upper level that occur here, by name."""
    counts = {option.value: option.count for option in found.facets.get("thema", ())}
    tops = (group.theme for group in themes.theme_groups(db.session()))
    rows = [(top.id, top.name, counts[top.id]) for top in tops if counts.get(top.id)]
    return sorted(rows, key=lambda row: row[1])


def shelf_totals(node: AreaNode, found: Found) -> dict[str, int]:
    """How many a search finds for each shelf, also from outside the wijk."""
    return {
        "informal": ask(node, soort=("informeel",)).total,
        "formal": ask(node, soort=("formeel",), niveau=("open",)).total,
        "heavier": ask(node, niveau=("okt", "flex", "stad")).total,
        "all": found.total,
    }


def neighbours(tree: AreaTree, node: AreaNode) -> list[tuple[AreaNode, int]]:
    """The wijken next to this one, with how much there is in each."""
    near = sorted(tree.neighbours(node.code), key=lambda area: area.name)
    if not near:
        return []
    query = Query(areas={"wijk": tuple(area.code for area in near)})
    found = current_app.extensions["searcher"].find(db.session(), query, today())
    counts = located_counts(db.session(), tree, found.ranked.ids, AreaLevel.WIJK)
    return [(area, counts[area.code]) for area in near]


@bp.app_template_global("area_of")
def area_of(code: str) -> AreaNode:
    """The area with this code."""
    return area_tree(db.session()).get(code)
