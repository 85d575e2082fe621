"""The desk of a team: who works at which school or centre, and whether that goes on (R15)."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from socialmap import db, people, teams
from socialmap.accounts import permissions
from socialmap.geo.tree import CITY, area_tree
from socialmap.models import Account
from socialmap.people import Candidate, Circle
from socialmap.teams import TeamView, assigning
from socialmap.teams.assigning import AssigningError, Assignment, Told
from socialmap.views import doors
from socialmap.views.clock import today
from socialmap.views.edit.reader import Boxes, Faults, Reader
from socialmap.views.person_form import author
from socialmap.views.wijken.pages import CIRCLES

BOXES = {
    "person": "wie",
    "workplace": "plek",
    "from_on": "begin",
    "until_on": "einde",
    "hours": "tijden",
}
NOBODY_CHOSEN = "Kies wie er komt."
NO_PLACE = "Vul in op welke school of welk centrum."
NO_DAY = "Vul in vanaf welke dag."
NOT_LISTED = "Kies iemand uit de lijst."

bp = Blueprint("team_desk", __name__, url_prefix="/bureau/team")
bp.after_request(doors.keep_private)


@bp.get("/<slug>")
def team(slug: str) -> ResponseReturnValue:
    """Who works where and until when, and of whom is asked whether that goes on."""
    account = doors.account_or_login()
    return page(account, team_or_404(db.session(), account, slug))


@bp.post("/<slug>")
def save(slug: str) -> ResponseReturnValue:
    """Prolong one or all, say that one stops, or add someone."""
    account = doors.account_or_kept()
    found = team_or_404(db.session(), account, slug)
    if not doors.is_sent():
        return page(account, found), 403
    act = request.form.get("wat", "")
    if act not in ("verleng", "stopt", "nieuw"):
        abort(400)
    if act == "nieuw":
        return add(account, found)
    with db.writing(db.engine()) as session:
        rows = [one.row for one in chosen_of(session, found, request.form.get("lid", ""))]
        if act == "verleng":
            assigning.prolong(session, rows, today(), author(account))
        else:
            assigning.stop(session, rows, author(account))
    return redirect(url_for("team_desk.team", slug=slug, gedaan=act), 303)


def add(account: Account, found: TeamView) -> ResponseReturnValue:
    """Add someone at a school or centre, unless something is wrong."""
    reader = Reader(request.form)
    key, place = reader.line("wie", missing=NOBODY_CHOSEN), reader.line("plek", missing=NO_PLACE)
    begins, ends = reader.day("begin", missing=NO_DAY), reader.day("einde")
    hours = reader.line("tijden")
    if not reader.errors and begins is not None:
        told = Told(place, begins, ends, hours)
        try:
            with db.writing(db.engine()) as session:
                person = people.get_candidate(session, choices(session, account, found), key)
                assigning.assign(session, found.id, person, told, today(), author(account))
            return redirect(url_for("team_desk.team", slug=found.slug, gedaan="nieuw"), 303)
        except KeyError:
            reader.fail("wie", NOT_LISTED)
        except AssigningError as error:
            reader.fail(BOXES[error.name], str(error))
    return page(account, found, reader.errors), 422


def team_or_404(session: Session, account: Account, slug: str) -> TeamView:
    """The team, where this account may decide in a part of its area; as if there were none for
    others."""
    found = teams.find_team(session, slug, today())
    if found is None:
        abort(404)
    if not permissions.can_check_any(account, area_tree(session), found.buurten):
        abort(404)
    return found


def chosen_of(session: Session, found: TeamView, id: str) -> list[Assignment]:
    """The assignment of the team with this id; without one all of which is asked."""
    known = assigning.assignments(session, found.id, today())
    if not id:
        return [one for one in known if one.is_asked]
    return [one for one in known if str(one.row.id) == id] or abort(404)


def choices(
    session: Session, account: Account, found: TeamView
) -> Mapping[Circle, list[Candidate]]:
    """Who can come: the people of the stadsdeel."""
    code = min(found.buurten, default=CITY)
    return people.candidates(session, area_tree(session), account, code, today())


def page(account: Account, found: TeamView, errors: Mapping[str, str] | None = None) -> str:
    """Everybody in the team, and the form with what was typed."""
    session = db.session()
    known = assigning.assignments(session, found.id, today())
    asked = [one for one in known if one.is_asked]
    return render_template(
        "team/desk.html",
        team=found,
        assignments=known,
        asked=asked,
        next_end=asked[0].next_end if asked else None,
        groups={CIRCLES[c]: group for c, group in choices(session, account, found).items()},
        boxes=Boxes(request.form),
        errors=Faults(errors or {}),
        done=request.args.get("gedaan", "") if request.method == "GET" else "",
    )
