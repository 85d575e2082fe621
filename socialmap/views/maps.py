"""Maps: the script of each area, and what there is to see on it."""

from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, maps
from socialmap.geo.tree import CITY, AreaNode, AreaTree, area_tree
from socialmap.listings.cards import Card, cards
from socialmap.listings.find import find_public_listing
from socialmap.listings.points import as_feature, counts_per_area, located_in, map_places
from socialmap.models.terms import AreaLevel
from socialmap.search.answer.engine import Searcher
from socialmap.search.question.params import read_query
from socialmap.views.assets import FOREVER
from socialmap.views.clock import today

GEOJSON = "application/geo+json"
AREA_PARAM = {
    AreaLevel.DISTRICT: "stadsdeel",
    AreaLevel.ZONE: "gebied",
    AreaLevel.WIJK: "wijk",
}
"""The parameter of /zoeken that asks for an area of this level."""

bp = Blueprint("maps", __name__)


@bp.get("/kaart/<area>.<digest>.js")
def script(area: str, digest: str) -> ResponseReturnValue:
    """The script that draws an area; its address changes when the areas do."""
    node = mapped_area_or_404(area)
    text = maps.area_script(area_tree(db.session()), node.code)
    if digest != digest_of(text):
        return redirect(script_url(node.code))
    headers = {"Cache-Control": FOREVER, "ETag": f'"{digest}"'}
    return Response(text, mimetype="text/javascript", headers=headers)


@bp.get("/kaart/<area>.geojson")
def points(area: str) -> Response:
    """What a search finds, per place; the same parameters as /zoeken, or one listing (`aanbod`)."""
    node = mapped_area_or_404(area)
    tree = area_tree(db.session())
    slug = request.args.get("aanbod", "")
    found = cards_of_listing_or_404(slug) if slug else cards_of_search(node)
    body = {
        "type": "FeatureCollection",
        "features": [
            as_feature(tree, spot, listing_url, contact_url, today())
            for spot in map_places(tree, found)
        ],
        "wijken": counted_areas(tree, node, found, AreaLevel.WIJK),
        "stadsdelen": counted_areas(tree, node, found, AreaLevel.DISTRICT),
        "total": len(found),
    }
    return Response(current_app.json.dumps(body), mimetype=GEOJSON)


bp.add_url_rule(
    "/kaart/amsterdam.geojson", "results_points", points, defaults={"area": "amsterdam"}
)


def mapped_area_or_404(area: str) -> AreaNode:
    """The area with this slug or code, if there are maps of its level."""
    node = area_tree(db.session()).find(area)
    if node is None or node.level not in maps.MAPPED:
        abort(404)
    return node


def cards_of_search(node: AreaNode) -> list[Card]:
    """What the question finds; on the map of a stadsdeel or smaller only what is inside."""
    session = db.session()
    tree = area_tree(session)
    params = request.args.to_dict(flat=False)
    param = AREA_PARAM.get(node.level)
    if param and not any(params.get(name) for name in AREA_PARAM.values()):
        params[param] = [node.slug]
    searcher: Searcher = current_app.extensions["searcher"]
    query, _errors = read_query(session, tree, params, searcher.lexicon())
    found = searcher.find(session, query, today())
    shown = cards(session, found.ranked.ids)
    return shown if node.code == CITY else located_in(tree, shown, node.code)


def cards_of_listing_or_404(slug: str) -> list[Card]:
    """The one listing with this slug."""
    listing = find_public_listing(db.session(), slug)
    if listing is None:
        abort(404)
    return cards(db.session(), [listing.id])


def counted_areas(
    tree: AreaTree, node: AreaNode, found: list[Card], level: AreaLevel
) -> list[dict[str, Any]]:
    """The wijken (in the order of the lists) or stadsdelen of a map, with how many are there."""
    counts = counts_per_area(tree, found, level)
    drawing = maps.area_drawing(tree, node.code)
    return [
        {
            "code": area.code,
            "name": area.name,
            "url": area_url(area),
            "lat": lat,
            "lon": lon,
            "count": counts[area.code],
        }
        for area in maps.in_order(tree, node.code, level)
        for lat, lon in [drawing.middle(area.code) or (area.lat, area.lon)]
    ]


def listing_url(slug: str) -> str:
    """The address of a listing."""
    return url_for("listing.listing", slug=slug)


def area_url(area: AreaNode) -> str:
    """The page of a wijk, gebied or stadsdeel."""
    pages = {AreaLevel.DISTRICT: "areas.district", AreaLevel.ZONE: "areas.zone"}
    return url_for(pages.get(area.level, "areas.wijk"), slug=area.slug)


def contact_url(area: AreaNode) -> str:
    """Where it stands whom to call for an area; of the whole city, who knows which wijk."""
    if area.code == CITY:
        return url_for("contacts.overview")
    return f"{area_url(area)}#contact"


def digest_of(text: str) -> str:
    """A short name of this content."""
    return sha256(text.encode()).hexdigest()[:10]


@bp.app_template_global("map_script_url")
def script_url(code: str) -> str:
    """Where the script of an area's map is now."""
    tree = area_tree(db.session())
    digest = digest_of(maps.area_script(tree, code))
    return url_for("maps.script", area=tree.get(code).slug, digest=digest)


@bp.app_template_global("area_drawing")
def area_drawing(code: str) -> maps.Drawing:
    """The shapes of an area, for the page."""
    return maps.area_drawing(area_tree(db.session()), code)


bp.add_app_template_global(area_url, "area_url")
bp.add_app_template_global(contact_url, "contact_url")
