"""The history of a listing, and taking back a field or an edit."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from socialmap import db, reviews
from socialmap.accounts import permissions
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.listings import find
from socialmap.models import Account, Change, Listing
from socialmap.reviews import Entry, Names, TooLateError, UndoError
from socialmap.views import doors
from socialmap.views.clock import now
from socialmap.views.letters import send_all
from socialmap.views.register import page_number
from socialmap.views.telling import letters_about
from socialmap.views.ways import edit_page

PAGE_SIZE = 25
MOST = 200
"""So many changes are taken back at once; no form of ours asks more."""

bp = Blueprint("history", __name__, url_prefix="/bijwerken")
bp.after_request(doors.keep_private)
bp.add_app_template_global(edit_page)


@dataclass(frozen=True)
class Seen:
    """Who looks at the history of which listing, and whether what they do need not be checked."""

    account: Account
    listing: Listing
    tree: AreaTree
    may_check: bool


@bp.get("/<slug>/geschiedenis")
def history(slug: str) -> ResponseReturnValue:
    """What was changed, by whom and when, the newest first."""
    seen = _seen_or_403(slug)
    session = db.session()
    entries = reviews.history_of(session, seen.listing)
    here = reviews.values_as_json(session, seen.listing)
    names, number = Names(session, seen.tree), page_number()
    shown = entries[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render_template(
        "history/history.html",
        seen=seen,
        listing=seen.listing,
        entries=[
            (one, reviews.rows_of(one, here, names, may_check=seen.may_check)) for one in shown
        ],
        done=_just_done(entries),
        note=request.args.get("klaar", ""),
        page=number,
        pages=max(1, -(-len(entries) // PAGE_SIZE)),
        url=lambda wanted: url_for(
            "history.history", slug=slug, pagina=wanted if wanted > 1 else None
        ),
    )


def _just_done(entries: list[Entry]) -> Entry | None:
    """What was taken back a moment ago, if anything was."""
    told = request.args.get("klaar", "")
    return next((one for one in entries if one.edit and str(one.edit.id) == told), None)


@bp.get("/<slug>/geschiedenis/terug")
def ask_undo(slug: str) -> ResponseReturnValue:
    """What taking back these changes would do."""
    return _asked(_seen_or_403(slug))


@bp.post("/<slug>/geschiedenis/terug")
def undo(slug: str) -> ResponseReturnValue:
    """Take back these changes; where nothing can go back, say why."""
    seen = _seen_or_403(slug)
    try:
        with db.writing(db.engine()) as session:
            tree = area_tree(session)
            listing = session.get_one(Listing, seen.listing.id)
            changes = _changes_or_404(session, listing)
            taken = reviews.undo(
                session, tree, seen.account, listing, changes, now(), may_check=seen.may_check
            )
            outcome = taken.outcome
            letters = letters_about(session, tree, seen.account, listing, outcome)
            edit_id, slug = outcome.edit and outcome.edit.id, listing.slug
    except UndoError as error:
        return _asked(seen, str(error))
    if outcome.is_erasure:
        db.scrub_now()
    send_all(letters)
    if edit_id is None and taken.staying:
        return _asked(seen, "Dit kan niet terug.")
    return redirect(url_for("history.history", slug=slug, klaar=edit_id or "niets"), 303)


@bp.post("/<slug>/geschiedenis/<uuid:id>/intrekken")
def withdraw(slug: str, id: UUID) -> ResponseReturnValue:
    """Take back what one proposed oneself and nobody decided about yet."""
    seen = _seen_or_403(slug)
    try:
        with db.writing(db.engine()) as session:
            edit = reviews.find_edit(session, id) or abort(404)
            if edit.listing_id != seen.listing.id or edit.account_id != seen.account.id:
                abort(404)
            reviews.withdraw(session, seen.account, edit, now())
    except TooLateError:
        return redirect(url_for("history.history", slug=slug, klaar="te-laat"), 303)
    return redirect(url_for("history.history", slug=slug, klaar="ingetrokken"), 303)


def _asked(seen: Seen, error: str = "") -> ResponseReturnValue:
    """The page that says what would go back and what would stay, and asks if it may."""
    session = db.session()
    changes = _changes_or_404(session, seen.listing)
    plan = reviews.plan_undo(
        session, seen.tree, seen.account, seen.listing, changes, may_check=seen.may_check
    )
    back = {name: (plan.here[name], value) for name, value in plan.back.items()}
    page = render_template(
        "history/undo.html",
        listing=seen.listing,
        changes=changes,
        plan=plan,
        differences=reviews.differences(back, Names(session, seen.tree)),
        error=error,
    )
    return page, 409 if error else 200


def _changes_or_404(session: Session, listing: Listing) -> list[Change]:
    """The changes of a listing that a form or an address names."""
    asked = request.values.getlist("wijziging")[:MOST]
    ids = {int(id) for text in asked for id in text.split(",") if id.isascii() and id.isdigit()}
    known = {id for id in ids if id < 2**63}
    return reviews.changes_of(session, listing, known) or abort(404)


def _seen_or_403(slug: str) -> Seen:
    """A listing for who edits or checks it, public or not; refuses others."""
    account = doors.account_or_login()
    session = db.session()
    listing = find.find_listing(session, slug) or _lead_on(slug)
    tree = area_tree(session)
    areas = reviews.areas_of_listing(session, tree, listing.id)
    if not permissions.can_see_history(account, tree, listing.provider_id, areas, now()):
        abort(403)
    here = reviews.areas_of(tree, reviews.values_as_json(session, listing))
    return Seen(account, listing, tree, permissions.can_check_any(account, tree, here))


def _lead_on(slug: str) -> Listing:
    """Lead a reader of a former address on; there is nothing else under it."""
    to = find.find_new_slug(db.session(), find.NOUN, slug)
    if to is None or request.method not in doors.READS or request.endpoint is None:
        abort(404)
    told = {**(request.view_args or {}), "slug": to}
    abort(redirect(url_for(request.endpoint, **told), 302))
