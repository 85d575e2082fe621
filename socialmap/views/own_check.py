"""All that one keeps and that wants a check, on one page: tick what still holds (R17)."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, upkeep
from socialmap.models import Account
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.confirming import confirm_all

TICKED = "klopt"
NONE_TICKED = "Vink aan wat nog klopt."
TORN = "Er ging iets mis bij het versturen. Kijk na wat u aanvinkte en druk nog een keer."

bp = Blueprint("own_check", __name__, url_prefix="/bureau/nakijken")
bp.after_request(doors.keep_private)


@bp.get("")
def ask() -> ResponseReturnValue:
    """The listings that want a check, the most overdue first."""
    return _page(doors.account_or_login(), None, "")


def _page(account: Account, ticked: list[str] | None, error: str) -> ResponseReturnValue:
    cards = upkeep.own_cards(db.session(), account, now())
    due = [card for card in cards if card.asked_from <= today()]
    page = render_template(
        "own_check/ask.html",
        due=due,
        rest=[card for card in cards if card.asked_from > today()],
        ticked=[card.slug for card in due] if ticked is None else ticked,
        error=error,
        done=request.args.get("klaar", ""),
    )
    return page, 422 if error else 200


@bp.post("")
def confirm() -> ResponseReturnValue:
    """What was ticked still holds, from today on."""
    boxes = [(TICKED, slug) for slug in request.form.getlist(TICKED)]
    account = doors.account_or_kept(boxes)
    ticked = request.form.getlist(TICKED)
    if request.form.get(doors.ACT) == doors.BACK:
        return _page(account, ticked, "")
    if not doors.is_signed_form() or not ticked:
        return _page(account, ticked, NONE_TICKED if doors.is_signed_form() else TORN)
    cards = {card.slug: card for card in upkeep.own_cards(db.session(), account, now())}
    wanted = [cards[slug].id for slug in ticked if slug in cards]
    return redirect(url_for("own_check.ask", klaar=confirm_all(account, wanted)), 303)
