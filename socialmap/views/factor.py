"""One more step for a redacteur: the code of the authenticator app, setting it up, and the codes
for when it is not at hand."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import accounts, db
from socialmap.accounts import Answer, Visit
from socialmap.models.terms import Role
from socialmap.views import doors
from socialmap.views.clock import now, world_now
from socialmap.views.qr import picture

LONGEST_CODE = 60
SIX_DIGITS = "Typ de zes cijfers die de app nu toont."
NOT_OF_THE_APP = (
    "Deze code klopt niet. Staat de Gouden Gids in uw app? Loopt de klok van uw telefoon goed? "
    "Typ dan de code die er nu staat."
)
TOO_OFTEN = "Er zijn te veel codes geprobeerd. Wacht een uur en probeer het dan opnieuw."
OF_THE_APP = {
    Answer.WRONG: "Deze code klopt niet. Typ de code die de app nu toont.",
    Answer.USED: "Deze code is al gebruikt. Wacht tot de app een nieuwe toont, en typ die.",
    Answer.TOO_OFTEN: TOO_OFTEN,
}
OF_RECOVERY = {
    Answer.WRONG: "Deze herstelcode klopt niet, of u heeft hem al gebruikt.",
    Answer.TOO_OFTEN: TOO_OFTEN,
}

bp = Blueprint("factor", __name__, url_prefix="/inloggen")
bp.after_request(doors.keep_private)


@bp.get("/code")
def ask() -> ResponseReturnValue:
    """Ask the code that the app shows."""
    _arrived(with_app=True)
    return _asked("factor/code.html")


@bp.post("/code")
def give() -> ResponseReturnValue:
    """Go on when the code is good."""
    found = _arrived(with_app=True)
    code = _digits()
    if not _is_six(code):
        return _asked("factor/code.html", SIX_DIGITS)
    step, key = _step(), doors.settings().secret_key
    with db.writing(db.engine()) as session:
        answer = accounts.give_code(session, key, found, code, now(), step)
    if answer != Answer.GOOD:
        return _asked("factor/code.html", OF_THE_APP[answer], answer)
    return redirect(_onward() or url_for("desk.desk"), 303)


@bp.get("/herstelcode")
def ask_recovery() -> ResponseReturnValue:
    """Ask a recovery code instead."""
    _arrived(with_app=True)
    return _asked("factor/recovery.html")


@bp.post("/herstelcode")
def give_recovery() -> ResponseReturnValue:
    """Go on when the recovery code is good, and say how many are left."""
    found = _arrived(with_app=True)
    key = doors.settings().secret_key
    with db.writing(db.engine()) as session:
        answer = accounts.give_recovery_code(session, key, found, _typed(), now())
    if answer != Answer.GOOD:
        return _asked("factor/recovery.html", OF_RECOVERY[answer], answer)
    return redirect(url_for("factor.codes", naar=_onward() or None), 303)


@bp.get("/instellen")
def begin() -> ResponseReturnValue:
    """How to set up the app, the first time."""
    return _set_up_page(_arrived(with_app=False))


@bp.post("/instellen")
def set_up() -> ResponseReturnValue:
    """Keep the app when a code proves that it is there; show the recovery codes, this once."""
    found = _arrived(with_app=False)
    code = _digits()
    if not _is_six(code):
        return _set_up_page(found, SIX_DIGITS)
    secret, step = accounts.new_secret(doors.settings().secret_key, found), _step()
    with db.writing(db.engine()) as session:
        codes = accounts.set_up(session, found, secret, code, now(), step)
    if codes is None:
        return _set_up_page(found, NOT_OF_THE_APP)
    return render_template("factor/new_codes.html", codes=codes, onward=_onward())


@bp.get("/herstelcodes")
def codes() -> ResponseReturnValue:
    """How many recovery codes are left, and the way to new ones."""
    account = doors.with_role(Role.REDACTEUR)
    left = accounts.codes_left(db.session(), account.id)
    return render_template("factor/codes.html", left=left, few=accounts.FEW, onward=_onward())


@bp.post("/herstelcodes")
def make_codes() -> ResponseReturnValue:
    """Show ten new recovery codes, this once; the old ones work no more."""
    account = doors.with_role(Role.REDACTEUR)
    with db.writing(db.engine()) as session:
        codes = accounts.new_codes(session, account.id)
    return render_template("factor/new_codes.html", codes=codes, onward=_onward())


def _arrived(*, with_app: bool) -> Visit:
    """Who has this step to go; leads others to where they are."""
    found = doors.arrival_or_login()
    if found.is_complete:
        abort(redirect(_onward() or url_for("desk.desk"), 303))
    if accounts.has_factor(db.session(), found.account.id) != with_app:
        page = "factor.begin" if with_app else "factor.ask"
        abort(redirect(url_for(page, naar=_onward() or None), 303))
    return found


def _onward() -> str:
    """Where someone wanted to go."""
    return doors.own_path(request.values.get("naar", ""))


def _typed() -> str:
    return request.form.get("code", "")[:LONGEST_CODE]


def _digits() -> str:
    """A code of the app without the spaces that apps show in it."""
    return "".join(_typed().split())


def _is_six(code: str) -> bool:
    return len(code) == 6 and code.isascii() and code.isdecimal()


def _step() -> int:
    return accounts.step_at(world_now())


def _asked(template: str, error: str = "", answer: Answer = Answer.WRONG) -> ResponseReturnValue:
    """A page that asks a code; with an error what was typed stays, where it can be mended."""
    status = 429 if answer == Answer.TOO_OFTEN else 422 if error else 200
    return render_template(template, error=error, typed=_typed(), onward=_onward()), status


def _set_up_page(found: Visit, error: str = "") -> ResponseReturnValue:
    secret = accounts.new_secret(doors.settings().secret_key, found)
    link = accounts.app_link(secret, found.account.mail)
    told = {"secret": secret, "link": link, "picture": picture(link), "onward": _onward()}
    return render_template("factor/set_up.html", error=error, **told), 422 if error else 200
