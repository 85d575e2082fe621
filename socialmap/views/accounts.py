"""Accounts at the desk of a redacteur: find somebody, give and take roles, end, reset, erase."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from socialmap import accounts, db
from socialmap.accounts import AccountError
from socialmap.geo.tree import AreaNode, area_tree
from socialmap.models import Account
from socialmap.models.terms import AreaLevel, Role
from socialmap.reviews.erasing import erase_account
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.register import page_number

LONGEST_SEARCH = 100
DONE = {
    "rol": "De rol is erbij gekomen.",
    "al": "Deze rol was er al.",
    "weg": "De rol is weg. Dit account is overal uitgelogd.",
    "einde": "Het account is beëindigd en overal uitgelogd.",
    "gewist": "Het account is gewist.",
    "app": "De app is losgekoppeld en het account is overal uitgelogd. Wie nu inlogt, stelt een "
    "nieuwe app in.",
}
"""What was done, by the word that the address carries."""
FIELDS: dict[str, str] = {Role.EDITOR: "aanbieder", Role.WIJK_CONTACT: "wijk"}
"""The field that says what a role is for."""

bp = Blueprint("accounts", __name__, url_prefix="/bureau/accounts")
bp.after_request(doors.keep_private)


@bp.get("")
def everybody() -> ResponseReturnValue:
    """All accounts, a page at a time."""
    doors.with_role(Role.REDACTEUR)
    page = page_number()
    found = accounts.list_accounts(db.session(), now(), page=page)
    done = DONE.get(request.args.get("klaar", ""), "")
    return render_template("accounts/everybody.html", found=found, page=page, words="", done=done)


@bp.post("")
def search() -> ResponseReturnValue:
    """Those whose address or name holds what was typed; posted, for it may not be in an address."""
    doors.with_role(Role.REDACTEUR)
    words = request.form.get("zoek", "").strip()[:LONGEST_SEARCH]
    found = accounts.list_accounts(db.session(), now(), words)
    return render_template("accounts/everybody.html", found=found, page=1, words=words, done="")


@bp.get("/<id>")
def account(id: str) -> ResponseReturnValue:
    """One account, and what can be done with it."""
    doors.with_role(Role.REDACTEUR)
    return _page(id)


@bp.post("/<id>/rollen")
def give_role(id: str) -> ResponseReturnValue:
    """Give a role."""
    by = doors.with_role(Role.REDACTEUR)
    role = request.form.get("rol", "")
    field = FIELDS.get(role, "rol")
    scope = request.form.get(field, "")[:LONGEST_SEARCH]
    return _done(
        id,
        lambda session, account: (
            "rol" if accounts.give_role(session, account, role, scope, by, today()) else "al"
        ),
        field,
    )


@bp.post("/<id>/rollen/<role_id>/weg")
def take_role(id: str, role_id: str) -> ResponseReturnValue:
    """Take a role away."""
    by = doors.with_role(Role.REDACTEUR)

    def take(session: Session, account: Account) -> str:
        accounts.take_role(session, account, role_id, by, now())
        return "weg"

    return _done(id, take, "rollen")


@bp.post("/<id>/beeindigen")
def end(id: str) -> ResponseReturnValue:
    """End an account."""
    by = doors.with_role(Role.REDACTEUR)

    def end(session: Session, account: Account) -> str:
        accounts.end_other(session, account, by, now(), today())
        return "einde"

    return _done(id, end, "einde")


@bp.post("/<id>/app")
def reset_factor(id: str) -> ResponseReturnValue:
    """Forget the authenticator app of somebody who lost it."""
    by = doors.with_role(Role.REDACTEUR)

    def reset(session: Session, account: Account) -> str:
        accounts.reset_other(session, account, by, now())
        return "app"

    return _done(id, reset, "app")


@bp.get("/<id>/wissen")
def ask_erasure(id: str) -> ResponseReturnValue:
    """What goes and what stays, before an account is erased."""
    by = doors.with_role(Role.REDACTEUR)
    if str(by.id) == id:
        return redirect(url_for("desk.ask_erasure"), 303)
    account = _account_or_404(db.session(), id)
    return render_template("accounts/erase.html", account=account, is_own=False, error="")


@bp.post("/<id>/wissen")
def erase(id: str) -> ResponseReturnValue:
    """Erase somebody else's account."""
    by = doors.with_role(Role.REDACTEUR)
    if str(by.id) == id:
        return redirect(url_for("desk.ask_erasure"), 303)
    try:
        with db.writing(db.engine()) as session:
            erase_account(session, _account_or_404(session, id))
    except AccountError as error:
        account = _account_or_404(db.session(), id)
        page = render_template("accounts/erase.html", account=account, is_own=False, error=error)
        return page, 422
    db.scrub_now()
    return redirect(url_for("accounts.everybody", klaar="gewist"), 303)


def _done(id: str, act: Callable[[Session, Account], str], field: str) -> ResponseReturnValue:
    """Do something with an account; then its page says so, or why it can't be."""
    try:
        with db.writing(db.engine()) as session:
            done = act(session, _account_or_404(session, id))
    except AccountError as error:
        return _page(id, {field: str(error)}), 422
    return redirect(url_for("accounts.account", id=id, klaar=done), 303)


def _account_or_404(session: Session, id: str) -> Account:
    try:
        return accounts.get_account(session, id)
    except LookupError:
        abort(404)


def _page(id: str, faults: dict[str, str] | None = None) -> str:
    session = db.session()
    account = _account_or_404(session, id)
    told: dict[str, Any] = {
        "roles": accounts.roles_of(session, account, now()),
        "maker": account.created_by_id and accounts.get_account(session, account.created_by_id),
        "has_app": accounts.has_factor(session, account.id),
        "is_own": account.id == doors.account_or_login().id,
        "areas": _areas(session),
        "typed": request.form,
    }
    done = DONE.get(request.args.get("klaar", ""), "")
    return render_template(
        "accounts/account.html", account=account, faults=faults or {}, done=done, **told
    )


def _areas(session: Session) -> list[tuple[AreaNode, list[AreaNode]]]:
    """The areas of which someone can be the contact, by stadsdeel."""
    tree = area_tree(session)
    wanted = (AreaLevel.ZONE, AreaLevel.WIJK)
    return [
        (district, [node for level in wanted for node in tree.inside(district.code, level)])
        for district in tree.at_level(AreaLevel.DISTRICT)
    ]
