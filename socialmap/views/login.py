"""The way in: ask a link by mail, open it, press the button."""

from time import monotonic, sleep

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import accounts, db
from socialmap.accounts import AccountError, LinkState, Visit
from socialmap.mail import Letter, Mailer, MailError
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.structured import public_url

LEAST_SECONDS = 0.6
"""So long every answer takes at least, whether the address is known or not."""
STALE = "Dit formulier stond te lang open. Verstuur het nog een keer."
LEFT = {"uit": "U bent uitgelogd.", "gewist": "Uw account is gewist, en u bent uitgelogd."}
"""How someone left, by the word that the address carries."""
STATUS = {LinkState.UNKNOWN: 404, LinkState.USED: 410, LinkState.EXPIRED: 410}

bp = Blueprint("login", __name__, url_prefix="/inloggen")
bp.after_request(doors.keep_private)


@bp.get("")
def ask() -> ResponseReturnValue:
    """The form for a mail address; who is signed in goes on to the desk."""
    onward = doors.own_path(request.args.get("naar", ""))
    if (found := doors.arrival()) is not None:
        return redirect(_way_on(found, onward), 303)
    left = next((words for name, words in LEFT.items() if name in request.args), "")
    return render_template("login/ask.html", left=left, mail="", error="", onward=onward)


@bp.post("")
def send() -> ResponseReturnValue:
    """Mail a link where the address is known; the answer is the same where it is not."""
    started, typed = monotonic(), request.form.get("mail", "")[:300]
    try:
        mail = accounts.folded(typed)
    except AccountError as error:
        return _ask_again(typed, str(error))
    if not doors.is_fresh_form():
        return _ask_again(typed, STALE)
    onward = _onward()
    letter = _letter_for(mail, onward)
    try:
        post(letter)
    except MailError:
        return render_template("login/unsent.html", mail=mail, onward=onward), 503
    finally:
        sleep(max(0.0, started + LEAST_SECONDS - monotonic()))
    return render_template("login/asked.html", mail=mail, minutes=accounts.MINUTES, onward=onward)


def _ask_again(typed: str, error: str) -> ResponseReturnValue:
    told = {"left": "", "mail": typed, "error": error, "onward": _onward()}
    return render_template("login/ask.html", **told), 422


def _onward() -> str:
    """Where someone wanted to go before having to log in."""
    return doors.own_path(request.form.get("naar", ""))


def _letter_for(mail: str, onward: str) -> Letter | None:
    """The letter with a new link; None for an unknown address and for one that asks too often."""
    with db.writing(db.engine()) as session:
        key = doors.settings().secret_key
        if accounts.is_too_often(session, key, mail, doors.network(), now()):
            return None
        account = accounts.find_account(session, mail)
        if account is None or account.ended_on is not None:
            return None
        token = accounts.make_link(session, account, now(), onward)
        link = public_url("login.link", token=token)
        told = {"name": account.name, "link": link, "minutes": accounts.MINUTES}
    return Letter(
        to=mail,
        subject="Uw link om in te loggen bij de Gouden Gids",
        text=render_template("mail/login.txt", **told),
        html=render_template("mail/login.html", **told),
    )


def post(letter: Letter | None) -> None:
    """Send a letter, or do as if."""
    mailer: Mailer = current_app.extensions["mailer"]
    if letter is None:
        mailer.rehearse()
    else:
        mailer.send(letter, now())


@bp.get("/<token>")
def link(token: str) -> ResponseReturnValue:
    """A page with a button and nothing more: programs that look into mail open links."""
    state = accounts.link_state(db.session(), token, now())
    if state != LinkState.GOOD:
        return _spent(state)
    return render_template("login/link.html", token=token)


@bp.post("/<token>")
def redeem(token: str) -> ResponseReturnValue:
    """Use up the link, and begin a session."""
    if not doors.is_fresh_form():
        return redirect(url_for("login.link", token=token), 303)
    with db.writing(db.engine()) as session:
        entry = accounts.redeem(session, token, now(), today())
        if entry.state == LinkState.GOOD:
            accounts.sign_out(session, request.cookies.get(doors.COOKIE, ""), now())
    if entry.state != LinkState.GOOD:
        return _spent(entry.state)
    found = accounts.find_visit(db.session(), entry.key, now(), today())
    response = make_response(redirect(_way_on(found, doors.own_path(entry.leads_to)), 303))
    doors.open_session(response, entry.key)
    return response


def _way_on(found: Visit | None, onward: str) -> str:
    """Where someone goes who came in: past the code first, where that is asked."""
    if found is not None and not found.is_complete:
        return doors.next_step(onward)
    return onward or url_for("desk.desk")


def _spent(state: LinkState) -> ResponseReturnValue:
    """What to do with a link that does not work."""
    return render_template("login/spent.html", state=state.value), STATUS[state]
