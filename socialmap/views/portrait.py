"""Portraits as they are sent: to everybody where the person agreed, else to professionals only."""

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, request, url_for

from socialmap import db
from socialmap.accounts.permissions import is_professional
from socialmap.people import PersonView, album
from socialmap.views import doors
from socialmap.views.assets import asset
from socialmap.views.clock import today

LONG = timedelta(days=30)
"""So long a browser keeps a portrait; what is in between keeps none, for consent may end."""

bp = Blueprint("portrait", __name__, url_prefix="/portret")


@bp.get("/<name>")
def send(name: str) -> Response:
    """A portrait, large or small."""
    path = album.find(doors.settings().uploads_dir, name)
    owners = album.owners(db.session(), name, today()) if path else {}
    is_public = any(owners.values())
    if path is None or not owners or not (is_public or _is_trusted()):
        abort(404)
    response = Response(path.read_bytes(), mimetype="image/jpeg")
    response.headers["X-Robots-Tag"] = "noindex"
    if not is_public:
        response.headers["Cache-Control"] = "no-store"
        return response
    seconds = int(LONG.total_seconds())
    response.headers["Cache-Control"] = f"private, max-age={seconds}, immutable"
    response.set_etag(name)
    response.make_conditional(request)
    return response


def _is_trusted() -> bool:
    """Is someone signed in who may see what is for professionals only?"""
    found = doors.visit()
    return found is not None and is_professional(found.account)


@bp.app_template_global("portrait")
def portrait(person: PersonView) -> str | None:
    """The address of the small portrait of a person who shows one; None for others."""
    photo = person.photo or ""
    if album.is_name(photo):
        return url_for("portrait.send", name=album.small(photo))
    name = f"img/{photo}"
    return asset(name) if name in current_app.extensions["assets"] else None
