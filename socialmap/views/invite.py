"""Inviting professionals, by a redacteur or a wijk contact: a letter with a link, and who came."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import accounts, db
from socialmap.accounts import AccountError
from socialmap.mail import Letter, MailError
from socialmap.models import Account
from socialmap.models.terms import Role
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.structured import public_url

LONGEST_MAIL, LONGEST_NAME = 300, 100
SENT = "De uitnodiging is verstuurd."

bp = Blueprint("invite", __name__, url_prefix="/bureau/uitnodigen")
bp.after_request(doors.keep_private)


@bp.get("")
def ask() -> ResponseReturnValue:
    """The form, and whom this account invited before."""
    by = doors.with_role(Role.REDACTEUR, Role.WIJK_CONTACT)
    return _page(by, done=SENT if "klaar" in request.args else "")


@bp.post("")
def invite() -> ResponseReturnValue:
    """Give the role, and mail who invites and why, with a link."""
    by = doors.with_role(Role.REDACTEUR, Role.WIJK_CONTACT)
    mail = request.form.get("mail", "").strip()[:LONGEST_MAIL]
    name = request.form.get("naam", "").strip()[:LONGEST_NAME]
    checked = {"naam": accounts.name_fault(name), "mail": accounts.mail_fault(mail)}
    if faults := {field: fault for field, fault in checked.items() if fault}:
        return _page(by, mail, name, faults), 422
    try:
        letter = _invited(by, mail, name)
    except AccountError as error:
        return _page(by, mail, name, {"mail": str(error)}), 422
    try:
        current_app.extensions["mailer"].send(letter, now())
    except MailError:
        return _page(by, mail, name, is_unsent=True), 503
    return redirect(url_for("invite.ask", klaar=1), 303)


def _invited(by: Account, mail: str, name: str) -> Letter:
    """The letter to somebody who was just made a professional. Raises AccountError."""
    key = doors.settings().secret_key
    with db.writing(db.engine()) as session:
        account, token = accounts.invite(session, key, mail, name, by, now(), today())
        told = {
            "name": account.name,
            "by": by,
            "link": public_url("login.link", token=token),
            "later": public_url("login.ask"),
            "days": accounts.INVITE_DAYS,
        }
        to = account.mail
    return Letter(
        to=to,
        subject=f"{by.name or by.mail} nodigt u uit voor de Gouden Gids",
        text=render_template("mail/invite.txt", **told),
        html=render_template("mail/invite.html", **told),
    )


def _page(
    by: Account,
    mail: str = "",
    name: str = "",
    faults: dict[str, str] | None = None,
    *,
    done: str = "",
    is_unsent: bool = False,
) -> str:
    told = {"mail": mail, "name": name, "faults": faults or {}, "done": done}
    invited = accounts.invited_by(db.session(), by.id)
    return render_template("accounts/invite.html", **told, invited=invited, is_unsent=is_unsent)
