"""Tiles of the map from our own address, so that readers are seen nowhere else; off by default."""

from flask import Blueprint, Response, abort, current_app

from socialmap import db
from socialmap.config import Settings
from socialmap.geo.tiles import MAX_ZOOM, MIN_ZOOM, Box, TileAt, TileStore
from socialmap.geo.tree import CITY, area_tree

A_WEEK = "public, max-age=604800"
A_MINUTE = "public, max-age=60"
MARGIN = 0.005
"""Degrees around the city: the piers, and the edge of a map."""

bp = Blueprint("tiles", __name__)


def tile_store(settings: Settings) -> TileStore | None:
    """The tiles of these settings; None where they are off."""
    if not settings.tiles_url:
        return None
    most = settings.tiles_megabytes * 1_000_000
    return TileStore(settings.tiles_url, settings.tiles_dir, most_bytes=most)


@bp.get("/tegels/<int:zoom>/<int:x>/<int:y>.png")
def tile(zoom: int, x: int, y: int) -> Response:
    """One tile of the city, whatever kind of picture it is; elsewhere there are none."""
    store: TileStore | None = current_app.extensions["tiles"]
    box = city_box()
    at = TileAt(zoom, x, y)
    if store is None or box is None or not at.is_in(box):
        abort(404)
    found = store.find(at)
    if found is None:
        return Response(status=404, headers={"Cache-Control": A_MINUTE})
    return Response(found.body, mimetype=found.mimetype, headers={"Cache-Control": A_WEEK})


def city_box() -> Box | None:
    """The box around the city, or None when its shape is not known."""
    shape = area_tree(db.session()).shape(CITY)
    if shape is None or shape.is_empty:
        return None
    west, south, east, north = shape.bounds
    return west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN


@bp.app_template_global("tile_layer")
def tile_layer() -> dict[str, str]:
    """What the script of a map needs to show tiles, as attributes; nothing where they are off."""
    box = city_box() if current_app.extensions["tiles"] else None
    if box is None:
        return {}
    settings: Settings = current_app.extensions["settings"]
    return {
        "data-tiles": "/tegels/{z}/{x}/{y}.png",
        "data-tiles-zoom": f"{MIN_ZOOM} {MAX_ZOOM}",
        "data-tiles-box": " ".join(f"{side:.4f}" for side in box),
        "data-tiles-credit": settings.tiles_credit,
    }
