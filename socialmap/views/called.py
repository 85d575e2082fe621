"""A worker just called, and heard that a listing is right: "gebeld, klopt" (R17)."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, upkeep
from socialmap.accounts.permissions import is_professional
from socialmap.geo.tree import area_tree
from socialmap.listings.find import find_public_listing
from socialmap.models import Account, Listing
from socialmap.upkeep.calls import LONGEST_NAME
from socialmap.views import doors
from socialmap.views.clock import now, today

NAME, CALL = "naam", "beller"
NO_NAME = "Schrijf hoe u erbij wilt staan, bijvoorbeeld: M. de Vries, OKA."
TOO_LONG = f"Houd het kort: hoogstens {LONGEST_NAME} tekens."
TORN = "Er ging iets mis bij het versturen. Druk nog een keer op de knop."

bp = Blueprint("called", __name__, url_prefix="/aanbod")
bp.after_request(doors.keep_private)


def caller(account: Account) -> Account:
    """Who calls for their work; refuses others."""
    if not is_professional(account):
        abort(403)
    return account


def listing_or_404(slug: str) -> Listing:
    """The public listing with this slug that goes on."""
    found = find_public_listing(db.session(), slug)
    if found is None or found.is_ended(today()):
        abort(404)
    return found


@bp.get("/<slug>/gebeld")
def ask(slug: str) -> ResponseReturnValue:
    """Under which name, and who called before."""
    account = caller(doors.account_or_login())
    return _page(account, listing_or_404(slug), account.name, "")


def _page(account: Account, listing: Listing, name: str, error: str) -> ResponseReturnValue:
    calls = upkeep.calls_of(db.session(), listing)
    told = {"account": account, "listing": listing, "calls": calls, "name": name, "error": error}
    is_done = any(one.account_id == account.id and one.called_on == today() for one in calls)
    page = render_template("called/ask.html", is_done=is_done, **told)
    return page, 422 if error else 200


@bp.post("/<slug>/gebeld")
def record(slug: str) -> ResponseReturnValue:
    """Keep who called today."""
    name = " ".join(request.form.get(NAME, "").split())
    account = caller(doors.account_or_kept([(NAME, name)]))
    listing = listing_or_404(slug)
    if request.form.get(doors.ACT) == doors.BACK:
        return _page(account, listing, name, "")
    error = _fault(name)
    if error:
        return _page(account, listing, name, error)
    with db.writing(db.engine()) as session:
        tree = area_tree(session)
        found = session.get_one(Listing, listing.id)
        upkeep.record_call(session, tree, account, found, name, now(), today())
    return redirect(url_for("called.ask", slug=slug), 303)


def _fault(name: str) -> str:
    """What is wrong with a form; empty where nothing is."""
    if not doors.is_signed_form():
        return TORN
    if not name:
        return NO_NAME
    return TOO_LONG if len(name) > LONGEST_NAME else ""


@bp.post("/<slug>/gebeld/terug")
def take_back(slug: str) -> ResponseReturnValue:
    """Take back one's own."""
    account = caller(doors.account_or_login())
    try:
        call_id = UUID(request.form.get(CALL, ""))
    except ValueError:
        abort(404)
    with db.writing(db.engine()) as session:
        if not upkeep.take_call_back(session, area_tree(session), account, call_id, now()):
            abort(404)
    return redirect(url_for("called.ask", slug=slug), 303)
