"""The desk of someone who is signed in: who you are, what you may do, and the way out."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import accounts, db
from socialmap.reviews import claims
from socialmap.views import doors
from socialmap.views.clock import now

bp = Blueprint("desk", __name__, url_prefix="/bureau")
bp.after_request(doors.keep_private)


@bp.get("")
def desk() -> ResponseReturnValue:
    """Who you are and what you may do."""
    account = doors.account_or_login()
    roles = accounts.roles_of(db.session(), account, now())
    asked = claims.claims_by(db.session(), account, now())
    return render_template("desk/desk.html", account=account, roles=roles, asked=asked)


@bp.post("/uitloggen")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    doors.account_or_login()
    with db.writing(db.engine()) as session:
        accounts.sign_out(session, request.cookies[doors.COOKIE], now())
    return _out()


@bp.post("/overal-uitloggen")
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of this account."""
    account = doors.account_or_login()
    with db.writing(db.engine()) as session:
        accounts.sign_out_everywhere(session, account.id, now())
    return _out()


def _out() -> ResponseReturnValue:
    response = make_response(redirect(url_for("login.ask", uit=1), 303))
    doors.close_session(response)
    return response
