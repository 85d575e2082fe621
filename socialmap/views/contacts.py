"""Who knows which wijk: looked up, on a map and in tables, to print and to take away (R13).

A page of people: not indexed, and in no feed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from socialmap import db, maps
from socialmap.geo.tree import CITY, AreaNode, AreaTree, area_tree
from socialmap.labels import initials, label
from socialmap.listings.export import as_csv
from socialmap.models.terms import AreaLevel, Presence
from socialmap.people import AreaContact
from socialmap.people.overview import (
    COLUMNS,
    DistrictLines,
    WijkLine,
    areas_meant,
    as_rows,
    city_lines,
    district_lines,
)
from socialmap.search.answer.engine import Searcher
from socialmap.search.question.where import is_postcode
from socialmap.views import addresses
from socialmap.views.asking import address
from socialmap.views.assets import FOREVER
from socialmap.views.clock import today
from socialmap.views.maps import GEOJSON, area_url, contact_url, digest_of
from socialmap.views.structured import public_url

STATES = {label(state): state for state in Presence}
"""What the filter says -> the state it means."""
LONGEST = 200

bp = Blueprint("contacts", __name__)


@dataclass(frozen=True)
class Looked:
    """What became of a place that was typed and did not lead straight to one page."""

    typed: str
    choices: list[tuple[AreaNode, list[str]]]
    """Areas to choose from, a wijk with the names of its buurten."""
    message: str = ""
    """What became of an address."""

    @property
    def is_postcode(self) -> bool:
        return is_postcode(self.typed)


@bp.get("/contactpersonen")
def overview() -> ResponseReturnValue:
    """Look up who knows a wijk; and everyone who does."""
    elsewhere = addresses.without_address(request.args)
    if elsewhere is not None:
        onward = address(elsewhere, "contacts.overview")
        return redirect(onward, 303), {"Cache-Control": "no-store"}
    tree = area_tree(db.session())
    typed = request.args.get("bij", "").strip()[:LONGEST]
    meant = areas_meant(db.session(), tree, typed, lexicon()) if typed else []
    if len(meant) == 1:
        return redirect(contact_url(meant[0]), 303)
    return page(tree, looked_up(tree, typed, meant))


def page(tree: AreaTree, looked: Looked | None) -> str:
    """Everyone who knows a wijk, by stadsdeel and state where those are chosen."""
    everything = city_lines(db.session(), tree, today())
    slug, word = request.args.get("stadsdeel", ""), request.args.get("staat", "")
    district = next((part.district for part in everything if part.district.slug == slug), None)
    state = STATES.get(word)
    parts = [part.only(state) for part in everything if district in (None, part.district)]
    return render_template(
        "contacts/overview.html",
        looked=looked,
        parts=[part for part in parts if part.lines],
        options=[(part.district.slug, part.district.name) for part in everything],
        totals={state: sum(part.counts[state] for part in everything) for state in Presence},
        district=district,
        state=state,
        wrong=[value for value, known in ((slug, district), (word, state)) if value and not known],
        states=states_of(everything),
        script_url=script_url(tree, everything),
        city=CITY,
        is_example=is_example(everything),
    )


@bp.get("/contactpersonen/<slug>")
def sheet(slug: str) -> ResponseReturnValue:
    """One stadsdeel on one A4: every wijk, whom to call, and who stands in."""
    tree = area_tree(db.session())
    node = tree.find_at(AreaLevel.DISTRICT, slug)
    if node is None:
        abort(404)
    if node.slug != slug:
        return redirect(url_for(".sheet", slug=node.slug), 301)
    part = district_lines(db.session(), tree, node, today())
    return render_template(
        "contacts/sheet.html",
        part=part,
        address=public_url("contacts.sheet", slug=node.slug),
        current_district=node.slug,
        is_example=is_example([part]),
    )


@bp.get("/contactpersonen.csv")
def table() -> Response:
    """The same as a file, with no more than the page shows to everybody."""
    tree = area_tree(db.session())
    found = as_rows(city_lines(db.session(), tree, today()), tree, public_page)
    response = Response("".join(as_csv(found, COLUMNS)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="contactpersonen.csv"'
    return unlisted(response)


@bp.get("/contactpersonen/kaart.<digest>.js")
def script(digest: str) -> ResponseReturnValue:
    """The script that draws the city with every wijk in its state."""
    tree = area_tree(db.session())
    everything = city_lines(db.session(), tree, today())
    text = maps.painted_script(tree, CITY, states_of(everything))
    if digest != digest_of(text):
        return redirect(script_url(tree, everything))
    headers = {"Cache-Control": FOREVER, "ETag": f'"{digest}"'}
    return Response(text, mimetype="text/javascript", headers=headers)


@bp.get("/contactpersonen/kaart.geojson")
def points() -> Response:
    """Who knows each wijk, at the middle of that wijk."""
    tree = area_tree(db.session())
    everything = city_lines(db.session(), tree, today())
    lines = [line for part in everything for line in part.lines]
    body = {
        "type": "FeatureCollection",
        "features": [],
        "wijken": [mark_of(tree, line) for line in lines],
        "stadsdelen": [count_of(tree, part) for part in everything],
    }
    return unlisted(Response(current_app.json.dumps(body), mimetype=GEOJSON))


def looked_up(tree: AreaTree, typed: str, meant: Sequence[AreaNode]) -> Looked | None:
    """What to say of a place that was typed; None where nothing was."""
    message = addresses.message_of(request.args)
    if not typed and not message:
        return None
    inside = [(node, tree.inside(node.code, AreaLevel.BUURT)) for node in meant]
    named = [
        (node, [buurt.name for buurt in buurten] if node.level == AreaLevel.WIJK else [])
        for node, buurten in inside
    ]
    return Looked(typed, named, message)


def lexicon() -> Any:
    """The words of the directory, for slips in what was typed."""
    searcher: Searcher = current_app.extensions["searcher"]
    return searcher.lexicon()


def public_page(node: AreaNode) -> str:
    """The address of the page of a wijk, for others."""
    return public_url("areas.wijk", slug=node.slug)


def states_of(found: Sequence[DistrictLines]) -> dict[str, str]:
    """The state of every wijk, by its code."""
    return {line.wijk.code: str(line.contact.presence) for part in found for line in part.lines}


def script_url(tree: AreaTree, found: Sequence[DistrictLines]) -> str:
    """Where the script of the map is now."""
    digest = digest_of(maps.painted_script(tree, CITY, states_of(found)))
    return url_for("contacts.script", digest=digest)


def mark_of(tree: AreaTree, line: WijkLine) -> dict[str, Any]:
    """A wijk on the map, with what it says there."""
    lat, lon = middle_of(tree, line.wijk)
    return {
        "code": line.wijk.code,
        "name": line.wijk.name,
        "url": contact_url(line.wijk),
        "lat": lat,
        "lon": lon,
        "count": int(line.contact.presence != Presence.PRESENT),
        "text": short_name(line.contact),
        "label": f"{line.wijk.name}, {label(line.contact.presence)}{calling(line.contact)}",
    }


def count_of(tree: AreaTree, part: DistrictLines) -> dict[str, Any]:
    """A stadsdeel on the map, with in how many wijken somebody stands in."""
    lat, lon = middle_of(tree, part.district)
    count = len(part.lines) - part.counts[Presence.PRESENT]
    return {
        "code": part.district.code,
        "name": part.district.name,
        "url": area_url(part.district),
        "lat": lat,
        "lon": lon,
        "count": count,
    }


def middle_of(tree: AreaTree, node: AreaNode) -> tuple[float, float]:
    """Where an area is marked on the map of the city."""
    return maps.area_drawing(tree, CITY).middle(node.code) or (node.lat, node.lon)


def short_name(contact: AreaContact) -> str:
    """The initials of who answers, between brackets for who stands in."""
    if contact.reachable is None:
        return "?"
    letters = initials(contact.reachable.name)
    return letters if contact.presence == Presence.PRESENT else f"({letters})"


def calling(contact: AreaContact) -> str:
    """Whom to call, as a part of a sentence."""
    return f": bel {contact.reachable.name}" if contact.reachable else ""


def is_example(found: Sequence[DistrictLines]) -> bool:
    """Is anyone of these invented?"""
    contacts = [line.contact for part in found for line in part.lines]
    return any(one.is_example for one in (*contacts, *(part.contact for part in found)))


def unlisted(response: Response) -> Response:
    """A file about people, that search engines leave alone."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
