"""Open data: what it is, and the files; streamed, without people (R32)."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, current_app, render_template, stream_with_context

from socialmap import db, people, themes
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.listings.cards import Card, CardPlace
from socialmap.listings.export import as_csv, rows
from socialmap.listings.open_data import count_public, public_cards, public_values
from socialmap.models.terms import Visibility
from socialmap.views import search_json
from socialmap.views.maps import GEOJSON
from socialmap.views.structured import public_url

Json = dict[str, Any]

bp = Blueprint("open_data", __name__)


@bp.get("/open-data")
def open_data() -> str:
    """What the files hold and do not hold, where it comes from and what one may do with it."""
    return render_template("open_data/open_data.html", counts=count_public(db.session()))


@bp.get("/open-data/vermeldingen.csv")
def table() -> Response:
    """Every public listing in the columns of providers.csv."""
    return attachment(csv_lines(), "vermeldingen.csv", "text/csv")


@bp.get("/open-data/vermeldingen.geojson")
def points() -> Response:
    """Every public listing, a feature for each of its places."""
    return attachment(geojson_lines(), "vermeldingen.geojson", GEOJSON)


def attachment(lines: Iterator[str], name: str, mimetype: str) -> Response:
    """A file that is sent while it is being made, and that search engines leave alone.

    The lines ask for their session themselves: what the request had is closed when they begin.
    """
    response = Response(stream_with_context(lines), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def csv_lines() -> Iterator[str]:
    """A file with the columns of providers.csv."""
    session = db.session()
    listings = public_values(session, people.personal_details(session))
    yield from as_csv(rows(listings, area_tree(session)))


def geojson_lines() -> Iterator[str]:
    """A FeatureCollection (RFC 7946), one feature a line."""
    session = db.session()
    tree, names = area_tree(session), themes.theme_names(session)
    dumps = current_app.json.dumps
    yield '{"type":"FeatureCollection","features":['
    mark = "\n"
    for card in public_cards(session):
        for feature in features(card, tree, names):
            yield mark + dumps(feature, separators=(",", ":"))
            mark = ",\n"
    yield "\n]}\n"


def features(card: Card, tree: AreaTree, names: dict[str, str]) -> Iterator[Json]:
    """A listing at each of its places; one without a place that may be shown has no geometry."""
    told = {**search_json.what(card, names), **search_json.state(card)}
    told["url"] = public_url("listing.listing", slug=card.slug)
    for number, place in enumerate(card.places or [None], 1):
        yield {
            "type": "Feature",
            "id": f"{card.id}/{number}",
            "geometry": place and geometry(place, tree),
            "properties": {**told, "place": place and search_json.place(place)},
        }


def geometry(place: CardPlace, tree: AreaTree) -> Json | None:
    """The point of a place; the middle of the area where only that may be told."""
    if place.visibility == Visibility.EXACT and place.lat is not None:
        return {"type": "Point", "coordinates": [place.lon, place.lat]}
    if place.visibility == Visibility.HIDDEN or place.area_code is None:
        return None
    area = tree.get(place.area_code)
    return {"type": "Point", "coordinates": [area.lon, area.lat]}
