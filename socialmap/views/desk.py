"""The desk of someone who is signed in: who you are, what you may do, and the way out."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import accounts, db
from socialmap.accounts import AccountError
from socialmap.models import Account
from socialmap.models.terms import Role
from socialmap.reviews import claims
from socialmap.reviews.erasing import erase_account
from socialmap.views import doors
from socialmap.views.clock import now
from socialmap.views.overview import overview

bp = Blueprint("desk", __name__, url_prefix="/bureau")
bp.after_request(doors.keep_private)


@bp.get("")
def desk() -> ResponseReturnValue:
    """What waits for you, what is yours, who you are and what you may do."""
    account = doors.account_or_login()
    roles = accounts.roles_of(db.session(), account, now())
    asked = claims.claims_by(db.session(), account, now())
    left = None
    if account.has_role(Role.REDACTEUR):
        left = accounts.codes_left(db.session(), account.id)
    told = {"roles": roles, "asked": asked, "codes_left": left, "few": accounts.FEW}
    return render_template("desk/desk.html", account=account, **told, **overview(account))


@bp.post("/uitloggen")
def sign_out() -> ResponseReturnValue:
    """End this session, also one with a step to go."""
    doors.arrival_or_login()
    with db.writing(db.engine()) as session:
        accounts.sign_out(session, request.cookies[doors.COOKIE], now())
    return _out()


@bp.post("/overal-uitloggen")
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of this account."""
    account = doors.arrival_or_login().account
    with db.writing(db.engine()) as session:
        accounts.sign_out_everywhere(session, account.id, now())
    return _out()


@bp.get("/wissen")
def ask_erasure() -> ResponseReturnValue:
    """What goes and what stays, before someone erases the own account."""
    return _erasure_page(doors.account_or_login())


@bp.post("/wissen")
def erase() -> ResponseReturnValue:
    """Erase the own account."""
    account = doors.account_or_login()
    try:
        with db.writing(db.engine()) as session:
            erase_account(session, accounts.get_account(session, account.id))
    except AccountError as error:
        return _erasure_page(account, str(error)), 422
    db.scrub_now()
    return _out(is_erased=True)


def _erasure_page(account: Account, error: str = "") -> str:
    return render_template("accounts/erase.html", account=account, is_own=True, error=error)


def _out(*, is_erased: bool = False) -> ResponseReturnValue:
    onward = url_for("login.ask", gewist=1) if is_erased else url_for("login.ask", uit=1)
    response = make_response(redirect(onward, 303))
    doors.close_session(response)
    return response
