"""Taking a person out of the directory at once, on request (R35)."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, people
from socialmap.geo.tree import area_tree
from socialmap.models import Person
from socialmap.people import album
from socialmap.views import doors
from socialmap.views.clock import today
from socialmap.views.person_form import author, editable_person_or_404

bp = Blueprint("person_erasing", __name__, url_prefix="/bureau/persoon")
bp.after_request(doors.keep_private)


@bp.get("/<slug>/wissen")
def ask(slug: str) -> ResponseReturnValue:
    """What goes and what stays."""
    values = editable_person_or_404(slug, doors.account_or_login())
    session = db.session()
    found = people.assignments_of(session, person(slug).id, today())
    return render_template("person/erase.html", name=values.name, slug=slug, found=found)


@bp.post("/<slug>/wissen")
def erase(slug: str) -> ResponseReturnValue:
    """Erase the person, with the portrait, the history and what imports said."""
    account = doors.account_or_login()
    editable_person_or_404(slug, account)
    with db.writing(db.engine()) as session:
        found = people.find_person(session, slug)
        tree = area_tree(session)
        photo = people.erase_person(session, tree, found, author(account)) if found else ""
    with db.writing(db.engine()) as session:
        album.forget(doors.settings().uploads_dir, session, [photo])
    db.session().close()  # a reader keeps the log from being emptied
    db.scrub_now()
    return redirect(url_for("desk.desk", gewist=1), 303)


def person(slug: str) -> Person:
    """The person with this slug, or none for this page."""
    found = people.find_person(db.session(), slug)
    return found if found else abort(404)
