"""The yearly mail of what listings brought: asked for at the desk, ended there or from the mail."""

from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from socialmap import db
from socialmap.accounts import providers_edited_by
from socialmap.listings.benefit import yearly
from socialmap.mail import Letter
from socialmap.models import Account
from socialmap.models.terms import Role
from socialmap.upkeep.bounces import MailIds
from socialmap.upkeep.extras import Endings, want_yearly
from socialmap.views import doors
from socialmap.views.clock import now
from socialmap.views.structured import public_url

WANTS = "jaarmail"
MOST_TO_DO = 3

bp = Blueprint("yearly", __name__)
bp.after_request(doors.keep_private)


@bp.post("/bureau/jaarmail")
def choose() -> ResponseReturnValue:
    """Have the mail, or no longer."""
    account = doors.with_role(Role.EDITOR)
    with db.writing(db.engine()) as session:
        want_yearly(session, account.id, request.form.get(WANTS) == "ja")
    return redirect(url_for("desk.desk", _anchor=WANTS), 303)


@bp.get("/jaarmail/<token>")
def ask_end(token: str) -> ResponseReturnValue:
    """A page with a button: programs that look into mail open links."""
    if _endings().find(token) is None:
        abort(404)
    return render_template("yearly/end.html", token=token, is_done="klaar" in request.args)


@bp.post("/jaarmail/<token>")
def end(token: str) -> ResponseReturnValue:
    """No yearly mail any more."""
    account_id = _endings().find(token) or abort(404)
    if not doors.is_fresh_form():
        return redirect(url_for("yearly.ask_end", token=token), 303)
    with db.writing(db.engine()) as session:
        if session.get(Account, account_id) is not None:
            want_yearly(session, account_id, False)
    return redirect(url_for("yearly.ask_end", token=token, klaar=1), 303)


def _endings() -> Endings:
    return Endings(doors.settings().secret_key)


def yearly_letter(session: Session, account: Account, today: date) -> Letter:
    """The mail of last year for all that an account keeps."""
    year = today.year - 1
    providers = providers_edited_by(session, account, now())
    stop = public_url("yearly.ask_end", token=_endings().signed(account.id))
    told = {
        "name": account.name,
        "year": year,
        "benefits": [
            (one, public_url("edit.brings", slug=one.slug))
            for provider in providers
            for one in yearly(session, provider.id, year, today).benefits
        ],
        "most": MOST_TO_DO,
        "stop": stop,
    }
    return Letter(
        to=account.mail,
        subject=f"Wat uw aanbod in {year} bracht",
        text=render_template("mail/yearly.txt", **told),
        html=render_template("mail/yearly.html", **told),
        id=MailIds(doors.settings().secret_key).made_for(account.id),
        unsubscribe=stop,
    )
