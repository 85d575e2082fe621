"""The links of a digest: is one listing still right, is there room, has it stopped (R17, R18, R21).

A link shows first, and a button does it: programs that look into mail change nothing. It stands
for the account it was sent to, as long as that may edit the listing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from socialmap import accounts, db, reviews
from socialmap.geo.tree import area_tree
from socialmap.listings.cards import kept_card
from socialmap.listings.find import load_listings
from socialmap.models import Account, Listing
from socialmap.models.terms import Part, Role, Status
from socialmap.upkeep import Pass, Passes
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.edit.asked import FORMS, Desk, desk_of
from socialmap.views.edit.reader import Boxes, Faults, Reader, Typed
from socialmap.views.edit.room import REASON
from socialmap.views.letters import send_all
from socialmap.views.telling import letters_about

ROOM, ALL = "plek", "klopt"
SEEN = "gezien"
STALE = "Deze bladzijde stond te lang open. Druk nog een keer op de knop."
CLASH = "Iemand anders paste dit net ook aan. Kijk of het zo goed is, en druk nog een keer."

bp = Blueprint("klopt", __name__, url_prefix="/klopt")
bp.after_request(doors.keep_private)


@dataclass(frozen=True)
class Opened:
    """A link that works: what it is for, and what its account may do there."""

    token: str
    passed: Pass
    desk: Desk

    @property
    def may_check(self) -> bool:
        """Need what is risky not wait? Never for a redacteur: that asks the code of the app too."""
        return self.desk.may_check and not self.desk.account.has_role(Role.REDACTEUR)

    @property
    def confirmed_since(self) -> date | None:
        """On which day it was checked after this link was sent; None when it was not."""
        on = self.desk.listing.confirmed_on
        return on if on is not None and on >= self.passed.sent_on else None


def passes() -> Passes:
    """What signs the links."""
    return Passes(doors.settings().secret_key)


def opened_or_gone(token: str) -> Opened:
    """What a link opens; says why where it no longer opens anything."""
    passed = passes().find(token)
    if passed is None:
        _gone("onbekend", 404)
    session = db.session()
    listing = next(iter(load_listings(session, [passed.listing_id])), None)
    if listing is None or listing.status == Status.WITHDRAWN:
        _gone("weg", 410)
    if passed.is_over(today()):
        _gone("verlopen", 410, slug=listing.slug)
    desk = _desk(listing, passed.account_id)
    if desk is None:
        _gone("overgegaan", 410)
    return Opened(token, passed, desk)


def _desk(listing: Listing, account_id: UUID) -> Desk | None:
    """The listing as the account of a link may edit it now; None where it no longer may."""
    try:
        account = accounts.get_account(db.session(), account_id)
    except LookupError:
        return None
    return desk_of(listing, account) if account.ended_on is None else None


def _gone(why: str, status: int, slug: str = "") -> NoReturn:
    abort(make_response(render_template("klopt/gone.html", why=why, slug=slug), status))


@bp.get("/<token>")
def ask(token: str) -> ResponseReturnValue:
    """What stands in the directory, and the buttons; what was tapped in the mail stands ready."""
    opened = opened_or_gone(token)
    tapped = {"room": request.args.get("plek", ""), "weeks": request.args.get("weken", "")}
    is_tapped = bool(FORMS[Part.ROOM].read(Typed(tapped), opened.desk.around()).values["room"])
    shown = Typed(tapped) if is_tapped else FORMS[Part.ROOM].shown(opened.desk.values)
    return _page(opened, shown, {}, is_tapped=is_tapped)


def _page(
    opened: Opened, typed: Typed, errors: Mapping[str, str], *, is_tapped: bool = False
) -> ResponseReturnValue:
    desk = opened.desk
    page = render_template(
        "klopt/ask.html",
        opened=opened,
        listing=desk.listing,
        entry=kept_card(desk.listing),
        typed=Boxes(typed),
        errors=Faults(errors),
        rooms=FORMS[Part.ROOM].choices(desk.around())["rooms"],
        persons=reviews.person_names(db.session(), desk.values),
        is_tapped=is_tapped,
        done=request.args.get("klaar", ""),
        seen=desk.seen,
    )
    return page, 422 if errors else 200


@bp.post("/<token>")
def answer(token: str) -> ResponseReturnValue:
    """It is right, or there is this much room."""
    opened = opened_or_gone(token)
    act = request.form.get(doors.ACT)
    reading = FORMS[Part.ROOM].read(request.form, opened.desk.around())
    errors = dict(reading.errors)
    if not doors.is_fresh_form():
        errors[""] = STALE
    elif act == ROOM and not reading.values["room"] and not errors:
        errors["room"] = "Kies of er plek is."
    if errors:
        return _page(opened, request.form, errors)
    values = dict(reading.values)
    before = opened.desk.values
    if act != ROOM and (values["room"], values["weeks"]) == (before.room, before.weeks):
        values = {}
    if act == ALL and opened.confirmed_since is None:
        values["confirmed_on"] = today()
    if not _save(opened, values):
        return _page(opened, request.form, {"": CLASH})
    return redirect(url_for("klopt.ask", token=token, klaar=ALL if act == ALL else ROOM), 303)


@bp.get("/<token>/gestopt")
def ask_end(token: str) -> ResponseReturnValue:
    """Has it stopped, and since when?"""
    opened = opened_or_gone(token)
    return _end(opened, Typed({"ended_on": today().isoformat(), "reason": ""}), {})


def _end(opened: Opened, typed: Typed, errors: Mapping[str, str]) -> ResponseReturnValue:
    told = {"typed": Boxes(typed), "errors": Faults(errors), "seen": opened.desk.seen}
    page = render_template("klopt/end.html", opened=opened, listing=opened.desk.listing, **told)
    return page, 422 if errors else 200


@bp.post("/<token>/gestopt")
def end(token: str) -> ResponseReturnValue:
    """It has stopped: waits for a check, like the same said in the form (R22)."""
    opened = opened_or_gone(token)
    reader = Reader(request.form)
    ended = reader.day("ended_on", missing="Schrijf op welke dag het stopt of stopte.")
    reason = reader.text("reason", longest=REASON)
    errors = reader.errors | ({} if doors.is_fresh_form() else {"": STALE})
    if errors:
        return _end(opened, request.form, errors)
    if not _save(opened, {"status": Status.ENDED, "ended_on": ended, "reason": reason}):
        return _end(opened, request.form, {"": CLASH})
    return redirect(url_for("klopt.ask", token=token, klaar="gestopt"), 303)


@bp.post("/<token>/wijzigen")
def change(token: str) -> ResponseReturnValue:
    """Go on to the forms of this one listing, without logging in; a redacteur logs in with a
    code, as always."""
    opened = opened_or_gone(token)
    onward = url_for("edit.overview", slug=opened.desk.listing.slug)
    here = doors.visit()
    if not doors.is_fresh_form() or here is not None:
        return redirect(onward if here else url_for("klopt.ask", token=token), 303)
    if opened.desk.account.has_role(Role.REDACTEUR):
        return redirect(url_for("login.ask", naar=onward), 303)
    response = make_response(redirect(onward, 303))
    with db.writing(db.engine()) as session:
        account = accounts.get_account(session, opened.desk.account.id)
        listing_id = opened.desk.listing.id
        key = accounts.begin_session(session, account, now(), today(), listing_id)
    doors.open_session(response, key)
    return response


@bp.get("/<token>/niet-meer")
def ask_leave(token: str) -> ResponseReturnValue:
    """Does somebody else keep it now?"""
    opened = opened_or_gone(token)
    return render_template("klopt/leave.html", opened=opened, listing=opened.desk.listing)


@bp.post("/<token>/niet-meer")
def leave(token: str) -> ResponseReturnValue:
    """No longer keep the listings of this provider: no mail any more; the wijk contact sees it."""
    opened = opened_or_gone(token)
    if not doors.is_fresh_form():
        return redirect(url_for("klopt.ask_leave", token=token), 303)
    provider_id = opened.desk.listing.provider_id
    if provider_id is None:
        abort(404)
    with db.writing(db.engine()) as session:
        accounts.take_editor(session, opened.desk.account.id, provider_id)
    return render_template("klopt/left.html", listing=opened.desk.listing)


def _save(opened: Opened, values: Mapping[str, Any]) -> bool:
    """Save it in the name of the account; False where somebody changed the same meanwhile."""
    desk = opened.desk
    text = request.form.get(SEEN, "")
    seen = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else desk.seen
    with db.writing(db.engine()) as session:
        tree = area_tree(session)
        session.get_one(Account, desk.account.id).is_reached()
        typed = reviews.Typed(values=values, seen=seen)
        outcome = reviews.save(
            session, tree, desk.account, desk.listing, typed, now(), may_check=opened.may_check
        )
        letters = letters_about(session, tree, desk.account, desk.listing, outcome)
    send_all(letters)
    return not outcome.conflicts
