"""What was imported, and taking an import back as a whole."""

from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from socialmap import db, reviews
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Author
from socialmap.listings.runs import find_import, import_runs
from socialmap.listings.undo import Kept, Undone, undo_import
from socialmap.models import Account, ImportRun
from socialmap.models.terms import Door, Role
from socialmap.reviews import Names, signature
from socialmap.views import doors
from socialmap.views.clock import now

LONGEST = 9
MOST = 50
"""So many names of each kind are listed."""

bp = Blueprint("imports", __name__, url_prefix="/bureau/imports")
bp.after_request(doors.keep_private)


class Line(NamedTuple):
    """A listing or provider that something happens to."""

    name: str
    fields: list[str]
    kept: Kept | None = None


@bp.get("")
def runs() -> ResponseReturnValue:
    """All imports, the newest first."""
    doors.with_role(Role.REDACTEUR)
    found = import_runs(db.session())
    done = request.args.get("klaar", "")
    return render_template("imports/runs.html", runs=found, done=done)


@bp.get("/<number>/ongedaan")
def ask_undo(number: str) -> ResponseReturnValue:
    """What taking back an import would do: it is done and not kept."""
    account = doors.with_role(Role.REDACTEUR)
    run = _run_or_404(db.session(), number)
    if run.undone_at:
        return redirect(url_for("imports.runs", klaar="al"), 303)
    with db.rehearsing(db.engine()) as session:
        done = _undo(session, account, run.number)
    names = Names(db.session(), area_tree(db.session()))
    return render_template("imports/undo.html", run=run, done=done, most=MOST, **_told(done, names))


@bp.post("/<number>/ongedaan")
def undo(number: str) -> ResponseReturnValue:
    """Take back an import; once."""
    account = doors.with_role(Role.REDACTEUR)
    with db.writing(db.engine()) as session:
        run = _run_or_404(session, number)
        done = None if run.undone_at else _undo(session, account, run.number)
    if done is not None and done.has_erased:
        db.scrub_now()
    return redirect(url_for("imports.runs", klaar=number if done else "al"), 303)


def _run_or_404(session: Session, number: str) -> ImportRun:
    """The import with this number."""
    is_number = number.isascii() and number.isdigit() and len(number) < LONGEST
    return (find_import(session, int(number)) if is_number else None) or abort(404)


def _undo(session: Session, account: Account, number: int) -> Undone:
    run: ImportRun = find_import(session, number) or abort(404)
    author = Author(signature(account), Door.FORM, now(), run.id)
    return undo_import(session, area_tree(session), run, author)


def _told(done: Undone, names: Names) -> dict[str, list[Line]]:
    """What it does to which listings, by their names; of each kind the first."""

    def line(key: str, fields: frozenset[str] = frozenset(), kept: Kept | None = None) -> Line:
        return Line(names.listing(key, key), reviews.names_of(fields), kept)

    return {
        "removed": [line(key) for key in done.removed[:MOST]],
        "restored": [line(key, fields) for key, fields in [*done.restored.items()][:MOST]],
        "kept": [line(one.name, one.fields, one) for one in done.kept[:MOST]],
    }
