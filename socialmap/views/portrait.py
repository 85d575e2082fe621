"""Portraits as they are sent: to everybody where the person agreed, else to professionals only."""

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, request, url_for

from socialmap import db, people
from socialmap.accounts.permissions import can_edit_person, is_professional
from socialmap.geo.tree import area_tree
from socialmap.models import Person
from socialmap.models.terms import DetailKind
from socialmap.people import PersonView, album
from socialmap.people.portraits import is_whole
from socialmap.views import doors
from socialmap.views.assets import asset
from socialmap.views.clock import now, today

LONG = timedelta(days=30)
"""So long a browser keeps a portrait; what is in between keeps none, for consent may end."""

bp = Blueprint("portrait", __name__, url_prefix="/portret")


@bp.get("/<name>")
def send(name: str) -> Response:
    """A portrait, large or small."""
    path = album.find(doors.settings().uploads_dir, name)
    owners = album.owners(db.session(), name) if path else []
    is_public = any(map(is_for_everybody, owners))
    if path is None or not (is_public or may_see(owners)):
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


def is_for_everybody(person: Person) -> bool:
    """Did this person agree that all see the photo, and is it someone to call today?"""
    is_shown = DetailKind.PHOTO in person.public_details(today())
    return is_shown and people.is_called(db.session(), person, today())


def may_see(owners: list[Person]) -> bool:
    """Is someone signed in who keeps the entry; or, while the consent for it lasts, who may see
    what is for professionals only?"""
    found = doors.visit() if owners else None
    if found is None:
        return False
    session, tree = db.session(), area_tree(db.session())
    ties = (people.ties_of(session, one, today()) for one in owners)
    is_told = any(one.is_agreed(DetailKind.PHOTO, today()) for one in owners)
    return (is_told and is_professional(found.account)) or any(
        can_edit_person(found.account, tree, one, now()) for one in ties
    )


@bp.app_template_global("portrait")
def portrait(person: PersonView) -> str | None:
    """The address of the small portrait of a person who shows one; None for others."""
    photo = person.photo or ""
    if album.is_name(photo):
        return url_for("portrait.send", name=album.small(photo))
    name = f"img/{photo}"
    return asset(name) if name in current_app.extensions["assets"] else None


def picture(person: PersonView) -> bytes | None:
    """The large portrait of a person who shows one, to print; None where its file can't be read."""
    photo = person.photo or ""
    if album.is_name(photo):
        data = _uploaded(photo)
        return data if data and is_whole(data) else None
    found = current_app.extensions["assets"].get(f"img/{photo}")
    return found.body if found else None


def _uploaded(photo: str) -> bytes | None:
    try:
        path = album.find(doors.settings().uploads_dir, photo)
        return path.read_bytes() if path else None
    except OSError:
        return None
