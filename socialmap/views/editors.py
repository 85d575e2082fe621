"""Who edits for a provider: its editors see who they are, add a colleague, take one away."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import accounts, db
from socialmap.accounts import AccountError, permissions
from socialmap.geo.tree import area_tree
from socialmap.listings import find
from socialmap.mail import Letter
from socialmap.models import Account, Provider
from socialmap.reviews import claims
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.letters import letter, send_all
from socialmap.views.structured import public_url

TOO_OFTEN = "Er zijn te veel mails gevraagd. Probeer het over een uur nog eens."
ENDED = "Dit adres kan nu niet inloggen. Vraag de redactie waarom."
AGAIN = "Dit adres staat er al bij."

bp = Blueprint("editors", __name__, url_prefix="/bureau/aanbieder/<slug>/bewerkers")
bp.after_request(doors.keep_private)


@bp.get("")
def editors(slug: str) -> ResponseReturnValue:
    """Who edits now, and who asked to."""
    account, provider = editable_or_refused(slug)
    return _page(account, provider)


@bp.post("")
def add(slug: str) -> ResponseReturnValue:
    """Let a colleague edit, who gets a mail with a link."""
    account, provider = editable_or_refused(slug)
    typed = request.form.get("mail", "")[:300]
    try:
        letters = [_invitation(account, provider, accounts.folded(typed))]
    except AccountError as error:
        return _page(account, provider, typed, str(error)), 422
    return _back(slug, "erbij" if send_all(letters) else "ongemaild")


@bp.get("/<uuid:id>/weg")
def leave(slug: str, id: UUID) -> ResponseReturnValue:
    """What happens when someone no longer edits."""
    account, provider = editable_or_refused(slug)
    known = accounts.editors_of(db.session(), provider.id, now())
    return _question(account, provider, known, id)


@bp.post("/<uuid:id>/weg")
def take_away(slug: str, id: UUID) -> ResponseReturnValue:
    """Let someone no longer edit; the last one only where the page had said so."""
    account, provider = editable_or_refused(slug)
    with db.writing(db.engine()) as session:
        known = accounts.editors_of(session, provider.id, now())
        gone = next((one for one in known if one.id == id), None)
        is_told = len(known) > 1 or "laatste" in request.form
        if gone is not None and is_told:
            accounts.take_editor(session, id, provider.id)
            told = {"name": gone.name, "provider": provider.name}
            subject = "U houdt deze vermeldingen niet meer bij"
            letters = [letter(gone.mail, subject, "editor_gone", **told)]
    if gone is None:
        return _back(slug, "weg")
    if not is_told:
        return redirect(url_for("editors.leave", slug=slug, id=id), 303)
    send_all(letters)
    may_stay = permissions.can_edit(account, provider.id, now()) and account.id != id
    return _back(slug, "weg") if may_stay else redirect(url_for("desk.desk"), 303)


def editable_or_refused(slug: str) -> tuple[Account, Provider]:
    """Who is signed in, and the provider; refuses who does not edit for it."""
    account = doors.account_or_login()
    provider = find.find_provider(db.session(), slug)
    if provider is None:
        abort(404)
    if not permissions.can_edit(account, provider.id, now()):
        abort(403)
    return account, provider


def _page(account: Account, provider: Provider, mail: str = "", error: str = "") -> str:
    session = db.session()
    waiting = claims.waiting_claims(session, area_tree(session), account, now())
    return render_template(
        "editors/editors.html",
        provider=provider,
        own_id=account.id,
        known=accounts.editors_of(session, provider.id, now()),
        asking=[claim for claim in waiting if claim.provider_id == provider.id],
        done=request.args.get("gedaan", ""),
        mail=mail,
        error=error,
    )


def _question(
    account: Account, provider: Provider, known: list[Account], id: UUID
) -> ResponseReturnValue:
    going = next((one for one in known if one.id == id), None)
    if going is None:
        abort(404)
    told = {"is_last": len(known) == 1, "is_self": going.id == account.id}
    return render_template("editors/leave.html", provider=provider, going=going, **told)


def _back(slug: str, done: str) -> ResponseReturnValue:
    return redirect(url_for("editors.editors", slug=slug, gedaan=done), 303)


def _invitation(by: Account, provider: Provider, mail: str) -> Letter:
    """Make the colleague an editor; the letter says so. Raises AccountError."""
    with db.writing(db.engine()) as session:
        key = doors.settings().secret_key
        if accounts.is_too_often(session, key, mail, doors.network(), now()):
            raise AccountError(TOO_OFTEN)
        account = accounts.account_for(session, mail, today())
        if account.ended_on is not None:
            raise AccountError(ENDED)
        if not accounts.make_editor(session, account, provider.id):
            raise AccountError(AGAIN)
        token = accounts.make_link(session, account, now())
        told = {
            "name": account.name,
            "by": by.name or by.mail,
            "provider": provider.name,
            "link": public_url("login.link", token=token),
            "way_in": public_url("login.ask"),
            "minutes": accounts.MINUTES,
        }
    return letter(mail, "U kunt vermeldingen bijhouden in de Gouden Gids", "editor_added", **told)
