"""What others ask to keep, for who may decide: the list, and one by one yes or no."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.listings.values import plain_lines
from socialmap.mail import Letter
from socialmap.models import Account, Claim
from socialmap.models.terms import Role
from socialmap.reviews import claims
from socialmap.views import doors
from socialmap.views.clock import now
from socialmap.views.letters import letter, send_all
from socialmap.views.structured import public_url

LONGEST_REASON = 500
NO_REASON = "Zeg in een paar woorden waarom. Dat leest wie het vroeg."
LONG_REASON = f"Dit is te lang. Zeg het in {LONGEST_REASON} tekens of minder."

bp = Blueprint("claims", __name__, url_prefix="/bureau/aanvragen")
bp.after_request(doors.keep_private)


@bp.get("")
def waiting() -> ResponseReturnValue:
    """What waits for a decision, or can still be stopped."""
    account = doors.with_role(Role.EDITOR, Role.WIJK_CONTACT, Role.REDACTEUR)
    session = db.session()
    found = claims.waiting_claims(session, area_tree(session), account, now())
    running = [claim for claim in found if claim.is_running(now())]
    asked = [claim for claim in found if claim not in running]
    return render_template("claims/waiting.html", asked=asked, running=running)


@bp.get("/<uuid:id>")
def decide(id: UUID) -> ResponseReturnValue:
    """One claim, with what may be done about it."""
    return _page(decidable_or_404(db.session(), id, doors.account_or_login()))


@bp.post("/<uuid:id>/toekennen")
def grant(id: UUID) -> ResponseReturnValue:
    """Let who asked edit at once."""
    account = doors.account_or_login()
    with db.writing(db.engine()) as session:
        claim = decidable_or_404(session, id, account)
        is_done = claims.grant(session, claim, account, now())
        letters = [_answer(claim)] if is_done else []
    return _after(id, letters)


@bp.post("/<uuid:id>/afwijzen")
def turn_down(id: UUID) -> ResponseReturnValue:
    """Refuse what waits, with a reason; stop what runs, with or without one."""
    account, reason = doors.account_or_login(), plain_lines(request.form.get("reden", "").strip())
    found = decidable_or_404(db.session(), id, account)
    is_needed = not reason and not found.is_running(now())
    error = NO_REASON if is_needed else LONG_REASON if len(reason) > LONGEST_REASON else ""
    if error and claims.is_undecided(found, now()):
        return _page(found, reason, error), 422
    with db.writing(db.engine()) as session:
        claim = decidable_or_404(session, id, account)
        is_done = claims.turn_down(session, claim, account, reason, now())
        letters = [_answer(claim)] if is_done else []
    return _after(id, letters)


def decidable_or_404(session: Session, id: UUID, account: Account) -> Claim:
    """A claim on which this account may decide; any other is as unknown as one that is gone."""
    found = claims.find_claim_to_decide(session, area_tree(session), id, account, now())
    if found is None:
        abort(404)
    return found


def _page(claim: Claim, reason: str = "", error: str = "") -> str:
    told = {
        "is_open": claims.is_undecided(claim, now()),
        "is_running": claim.is_running(now()),
        "is_unsent": "ongemaild" in request.args,
    }
    return render_template("claims/decide.html", claim=claim, reason=reason, error=error, **told)


def _after(id: UUID, letters: list[Letter]) -> ResponseReturnValue:
    """Back to the page of the claim, which says how it stands."""
    unsent = None if send_all(letters) else 1
    return redirect(url_for("claims.decide", id=id, ongemaild=unsent), 303)


def _answer(claim: Claim) -> Letter:
    """What came of it, for who asked."""
    told = {
        "name": claim.account.name,
        "provider": claim.provider.name,
        "state": claim.state.value,
        "reason": claim.reason,
        "link": public_url("claim.claim", id=claim.id),
    }
    subject = "Over uw aanvraag bij de Gouden Gids"
    return letter(claim.account.mail, subject, "claim_decided", **told)
