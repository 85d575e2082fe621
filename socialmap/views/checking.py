"""What waits for a check: the queue, and each case with its differences word by word."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from socialmap import db, reviews
from socialmap.accounts import permissions
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.models import Account, Edit
from socialmap.models.terms import EditState, Role
from socialmap.reviews import Decision, DecisionError, Names, TooLateError, Waiting, offers
from socialmap.reviews.offers import Told
from socialmap.reviews.readings import TEXTS
from socialmap.views import doors
from socialmap.views.clock import now
from socialmap.views.letters import send_all
from socialmap.views.offer.letters import decided_letter
from socialmap.views.telling import letters_of

ADJUSTABLE = TEXTS | {"reason"}
"""What can be adjusted right here."""
WORDS, TAKE = "words", "neem"
SENTENCES = {"title": "Vul een naam in."}
LONGEST = 2000

bp = Blueprint("checking", __name__, url_prefix="/bureau/keuren")
bp.after_request(doors.keep_private)


def checker() -> Account:
    """Who is signed in, and decides on what others propose."""
    return doors.with_role(Role.WIJK_CONTACT, Role.REDACTEUR)


@bp.get("")
def queue() -> ResponseReturnValue:
    """All that waits for this account, the oldest first."""
    account = checker()
    waiting = reviews.waiting(db.session(), area_tree(db.session()), account)
    return render_template("checking/queue.html", waiting=waiting, done=_done())


@bp.get("/<uuid:id>")
def case(id: UUID) -> ResponseReturnValue:
    """What someone proposes, or what was decided about it."""
    edit, waiting = _case_or_404(id, checker())
    if waiting is None:
        return render_template("checking/decided.html", told=reviews.decided(edit), edit=edit)
    return _page(waiting)


@bp.post("/<uuid:id>/goedkeuren")
def approve(id: UUID) -> ResponseReturnValue:
    """Let it become true, perhaps in other words."""
    account = checker()
    edit, waiting = _case_or_404(id, account)
    if waiting is None:
        return redirect(url_for("checking.case", id=id), 303)
    if waiting.is_new:
        return _decided_offer(account, waiting, partial(offers.accept, checker=account, now=now()))
    names = ADJUSTABLE & waiting.fields
    adjusted = {name: request.form[name] for name in names if name in request.form}
    words = request.form.get("uitleg", "")[:LONGEST]

    def decide(session: Session, tree: AreaTree) -> Decision:
        edit = session.get_one(Edit, id)
        return reviews.approve(session, tree, account, edit, now(), adjusted, words)

    return _decided(account, waiting, decide)


@bp.post("/<uuid:id>/teruggeven")
def give_back(id: UUID) -> ResponseReturnValue:
    """Return it with a reason."""
    account = checker()
    _, waiting = _case_or_404(id, account)
    if waiting is None:
        return redirect(url_for("checking.case", id=id), 303)
    words = request.form.get(WORDS, "")[:LONGEST]
    if waiting.is_new:
        refuse = partial(offers.refuse, checker=account, now=now(), words=words)
        return _decided_offer(account, waiting, refuse)

    def decide(session: Session, tree: AreaTree) -> Decision:
        edit = session.get_one(Edit, id)
        return reviews.return_edit(session, tree, account, edit, now(), words)

    return _decided(account, waiting, decide)


@bp.get("/import/<number>/<slug>")
def proposed(number: str, slug: str) -> ResponseReturnValue:
    """What an import proposes for a listing."""
    return _page(_import_or_404(number, slug, checker()))


@bp.post("/import/<number>/<slug>")
def take_over(number: str, slug: str) -> ResponseReturnValue:
    """Take over what is ticked, and leave the rest as it is."""
    account = checker()
    waiting = _import_or_404(number, slug, account)
    ticked = [part for group in request.form.getlist(TAKE) for part in group.split()]
    taken = waiting.fields & set(ticked) if "over" in request.form else frozenset()

    def decide(session: Session, tree: AreaTree) -> Decision:
        of = waiting.listing_id
        return reviews.decide_import(session, tree, account, of, int(number), taken, now())

    return _decided(account, waiting, decide)


# What is decided


def _decided(
    account: Account, waiting: Waiting, decide: Callable[[Session, AreaTree], Decision]
) -> ResponseReturnValue:
    """Decide, tell who proposed it, and go on with the next; or say what is wrong."""
    try:
        with db.writing(db.engine()) as session:
            tree = area_tree(session)
            decision = decide(session, tree)
            letters = letters_of(decision, Names(session, tree))
            following = next(iter(reviews.waiting(session, tree, account)), None)
    except TooLateError:
        return redirect(_address(waiting), 303)
    except DecisionError as error:
        return _page(waiting, _wrong(waiting, error), request.form)
    except PermissionError:
        abort(403)
    if decision.is_erasure:
        db.scrub_now()
    told = decision.state.value if send_all(letters) else f"{decision.state.value}-zonder-mail"
    onward = _address(following) if following else url_for("checking.queue")
    return redirect(f"{onward}?klaar={told}", 303)


def _decided_offer(
    account: Account, waiting: Waiting, decide: Callable[..., Told]
) -> ResponseReturnValue:
    """Decide on a new offer, tell who sent it, and go on with the next; or say what is wrong."""
    try:
        with db.writing(db.engine()) as session:
            tree = area_tree(session)
            told = decide(session, tree, edit=session.get_one(Edit, waiting.edit_id))
            following = next(iter(reviews.waiting(session, tree, account)), None)
    except offers.OfferError as error:
        return _page(waiting, {WORDS: str(error)}, request.form)
    except PermissionError:
        abort(403)
    letter = decided_letter(told)
    done = EditState.APPROVED if told.is_accepted else EditState.RETURNED
    onward = _address(following) if following else url_for("checking.queue")
    is_told = send_all([letter] if letter else [])
    return redirect(f"{onward}?klaar={done}{'' if is_told else '-zonder-mail'}", 303)


def _wrong(waiting: Waiting, error: DecisionError) -> dict[str, str]:
    """What is wrong, by the box where that is; by none where the page has no box for it."""
    boxes = {WORDS} | (ADJUSTABLE & waiting.fields)
    box = error.field if error.field in boxes else ""
    return {box: SENTENCES.get(box, str(error))}


def _done() -> str:
    """What was decided a moment ago, if anything was."""
    told = request.args.get("klaar", "")
    return told if told.removesuffix("-zonder-mail") in ("approved", "returned") else ""


def _address(waiting: Waiting) -> str:
    if waiting.edit_id:
        return url_for("checking.case", id=waiting.edit_id)
    return url_for("checking.proposed", number=waiting.run, slug=waiting.slug)


bp.add_app_template_global(_address, "case_address")
bp.add_app_template_global(reviews.names_of, "field_names")


# What is shown


def _page(
    waiting: Waiting,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
) -> ResponseReturnValue:
    """A case, with what is wrong with a decision about it and what was typed for that."""
    session = db.session()
    tree = area_tree(session)
    changes = {one.field: (one.here, one.proposed) for one in waiting.proposals}
    page = render_template(
        "checking/case.html",
        waiting=waiting,
        differences=reviews.differences(changes, Names(session, tree)),
        texts=[] if waiting.is_new or waiting.run else _texts(waiting, typed or {}),
        impossible=reviews.impossible_fields(session, tree, waiting),
        errors=errors or {},
        typed=typed or {},
        done=_done(),
    )
    return page, 422 if errors else 200


def _texts(waiting: Waiting, typed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field, name, text) of what can be adjusted right here."""
    return [
        (one.field, reviews.names_of([one.field])[0], typed.get(one.field, one.proposed or ""))
        for one in waiting.proposals
        if one.field in ADJUSTABLE
    ]


def _case_or_404(id: UUID, account: Account) -> tuple[Edit, Waiting | None]:
    """An edit, and how it waits if it does, for who decides about it; refuses others."""
    session = db.session()
    tree = area_tree(session)
    edit = reviews.find_edit(session, id) or abort(404)
    waiting = next(iter(reviews.waiting_edits(session, tree, [id])), None)
    if waiting is not None and permissions.can_decide(
        account, tree, waiting.areas, waiting.account_id
    ):
        return edit, waiting
    if waiting is not None:
        abort(403)
    areas = reviews.areas_of_listing(session, tree, edit.listing_id)
    if not permissions.can_check_any(account, tree, areas):
        abort(403)
    return edit, None


def _import_or_404(number: str, slug: str, account: Account) -> Waiting:
    """What an import proposes for a listing, for who decides about it."""
    session = db.session()
    found = reviews.waiting(session, area_tree(session), account)
    wanted = (one for one in found if str(one.run) == number and one.slug == slug)
    return next(wanted, None) or abort(404)
