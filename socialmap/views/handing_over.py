"""Handing over all that someone does to a successor, in one act (R14)."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from socialmap import db, people, teams
from socialmap.accounts import permissions
from socialmap.geo.tree import CITY, AreaTree, area_tree
from socialmap.listings import find
from socialmap.models import Account, Person
from socialmap.models.terms import AreaLevel
from socialmap.people import Assignments, Candidate, Circle, HandOverError
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.edit.reader import Boxes, Faults, Reader
from socialmap.views.jinja import area_name
from socialmap.views.person_form import author
from socialmap.views.wijken.pages import CIRCLES

NOBODY_CHOSEN = "Kies wie alles overneemt."
NO_DAY = "Vul in wat de eerste dag van de opvolger is."
NOT_LISTED = "Kies iemand uit de lijst."

bp = Blueprint("handing_over", __name__, url_prefix="/bureau/persoon")
bp.after_request(doors.keep_private)


@bp.get("/<slug>/overdragen")
def ask(slug: str) -> ResponseReturnValue:
    """What goes over, and to whom?"""
    account = doors.account_or_login()
    return page(account, leaver_or_404(db.session(), account, slug))


@bp.post("/<slug>/overdragen")
def hand_over(slug: str) -> ResponseReturnValue:
    """Hand everything over; a form that is sent twice does it once."""
    account = doors.account_or_kept()
    leaver = leaver_or_404(db.session(), account, slug)
    if not doors.is_sent():
        return page(account, leaver), 403
    reader = Reader(request.form)
    key, on = reader.line("wie", missing=NOBODY_CHOSEN), reader.day("begin", missing=NO_DAY)
    if not reader.errors and on is not None:
        try:
            with db.writing(db.engine()) as session:
                leaver = leaver_or_404(session, account, slug)
                known = choices(session, account, leaver)
                successor = people.get_candidate(session, known, key)
                if (leaver.left_on, leaver.successor_id) != (on, successor.id):
                    people.hand_over(session, leaver, successor, on, author(account))
            return redirect(url_for("desk.desk", overgedragen=1), 303)
        except KeyError:
            reader.fail("wie", NOT_LISTED)
        except HandOverError as error:
            reader.fail("wie", str(error))
    return page(account, leaver_or_404(db.session(), account, slug), reader.errors), 422


def leaver_or_404(session: Session, account: Account, slug: str) -> Person:
    """The person whose work this account may hand over; as if there were none for others."""
    person = people.find_person(session, slug)
    if person is None:
        abort(404)
    ties = people.ties_of(session, person, today())
    if not permissions.can_hand_over(account, area_tree(session), ties, now()):
        abort(404)
    return person


def choices(session: Session, account: Account, leaver: Person) -> Mapping[Circle, list[Candidate]]:
    """Who can take over: the people of the stadsdeel, or of the city for who works in several."""
    tree = area_tree(session)
    codes = people.ties_of(session, leaver, today()).areas
    homes = {home_of(tree, code) for code in codes}
    home = homes.pop() if len(homes) == 1 else CITY
    return people.candidates(session, tree, account, home, today())


def home_of(tree: AreaTree, code: str) -> str:
    """The stadsdeel of an area, or the city."""
    home = tree.up_to(code, AreaLevel.DISTRICT)
    return home.code if home else CITY


def page(account: Account, leaver: Person, errors: Mapping[str, str] | None = None) -> str:
    """What goes over, and the form with what was typed."""
    session = db.session()
    found = people.assignments_of(session, leaver.id, today())
    known = choices(session, account, leaver)
    return render_template(
        "person/hand_over.html",
        name=leaver.name,
        slug=leaver.slug,
        key=leaver.key,
        left_on=leaver.left_on,
        is_example=leaver.is_example,
        groups={CIRCLES[circle]: group for circle, group in known.items()},
        boxes=Boxes(request.form),
        errors=Faults(errors or {}),
        **what_goes(session, found),
    )


def what_goes(session: Session, found: Assignments) -> dict[str, Any]:
    """The names of all that goes over, by what it is."""
    rows = [*found.members, *found.backup_of]
    names = teams.team_names(session, [row.team_id for row in rows] + found.led_team_ids)
    titles = {row.id: row.title for row in find.load_listings(session, found.listing_ids)}
    return {
        "areas": [area_name(row.area_code) for row in found.areas],
        "deputy_of": [area_name(row.area_code) for row in found.deputy_of],
        "leads": [names[id] for id in found.led_team_ids],
        "members": [(names[row.team_id], row.workplace) for row in found.members],
        "backup_of": [(names[row.team_id], row.workplace) for row in found.backup_of],
        "listings": sorted(titles.values()),
    }
