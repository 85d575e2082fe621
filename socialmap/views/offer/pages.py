"""The pages of a new offer: its beginning, its steps, what it will look like, and sending it."""

from collections.abc import Mapping
from time import time
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from socialmap import accounts, db, labels
from socialmap.geo.tree import area_tree
from socialmap.listings.find import find_listing_by_id
from socialmap.listings.values import ListingValues
from socialmap.mail import Mailer, MailError
from socialmap.models import Account
from socialmap.models.terms import ConsentWay, Part, Status
from socialmap.reviews import offers
from socialmap.reviews.alike import MOST_SIGNS, Known, find_alike
from socialmap.reviews.offers import Start
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.edit.advising import advice_on
from socialmap.views.edit.reader import Boxes, Faults, Typed
from socialmap.views.listing import area_of, page_of, who_knows
from socialmap.views.offer.asked import ACT, Making, making_or_404, step_or_404
from socialmap.views.offer.letters import link_letter
from socialmap.views.offer.pace import Pace
from socialmap.views.offer.start import FOR_WHOM, INFORMAL, OWN, is_helper, read_start
from socialmap.views.offer.steps import MORE_ROWS, ROWS, STEPS, may_be_kept

MORE, ANOTHER = "erbij", "anders"
BACK = doors.BACK
STALE = "Dit formulier stond te lang open. Druk nog een keer op de knop."
TOO_OFTEN = (
    "Er is het afgelopen uur al vaak iets gemeld met dit adres, of vanaf deze plek. "
    "Probeer het over een uur nog eens."
)
PACE = "offer_pace"

bp = Blueprint("offer", __name__, url_prefix="/melden")
bp.after_request(doors.keep_private)


@bp.record
def keep_pace(state: BlueprintSetupState) -> None:
    """Let each app count for itself."""
    state.app.extensions[PACE] = Pace()


# How it begins


@bp.get("")
def start() -> ResponseReturnValue:
    """What happens with a new offer, and the first boxes."""
    account = _signed_in()
    typed = Typed({"voor": OWN, "mail": account.mail if account else ""})
    return _start(typed, {}, account)


@bp.post("")
def begin() -> ResponseReturnValue:
    """Show what is there already with such a name; then begin, and mail the link."""
    account = _signed_in()
    found, errors = read_start(request.form, account, today())
    if found is None:
        return _start(request.form, errors, account)
    if not (doors.is_signed_form() if account else doors.is_fresh_form()):
        return _start(request.form, {"": STALE}, account)
    if request.form.get(ACT) != ANOTHER:
        alike = find_alike(db.session(), found.title, found.provider)
        if alike:
            return render_template(
                "offer/alike.html", alike=_told(alike), boxes=doors.typed_boxes(), account=account
            )
    return _begun(found, account)


def _signed_in() -> Account | None:
    visit = doors.visit()
    return visit.account if visit else None


def _start(
    typed: Typed, errors: Mapping[str, str], account: Account | None, status: int = 422
) -> ResponseReturnValue:
    page = render_template(
        "offer/start.html",
        typed=Boxes(typed),
        errors=Faults(errors),
        account=account,
        is_helper=is_helper(account),
        informal=INFORMAL,
        for_whom=FOR_WHOM,
        ways=labels.labels(ConsentWay),
    )
    return page, status if errors else 200


def _begun(found: Start, account: Account | None) -> ResponseReturnValue:
    """Keep a new offer, mail its link, and go on at once."""
    with db.writing(db.engine()) as session:
        key = doors.settings().secret_key
        if accounts.is_too_often(session, key, found.mail, doors.network(), now()):
            token = ""
        else:
            token = offers.begin(session, found, now(), account if found.consent else None)
    if not token:
        return _start(request.form, {"": TOO_OFTEN}, account, 429)
    mailer: Mailer = current_app.extensions["mailer"]
    try:
        mailer.send(link_letter(found.mail, token), now())
    except MailError:
        return redirect(_step_url(token, STEPS[0], mail="niet"), 303)
    return redirect(_step_url(token, STEPS[0], mail="ja"), 303)


@bp.get("/lijkt-op")
def alike() -> ResponseReturnValue:
    """At most five that look like what is typed, for the script; no cache keeps it."""
    pace: Pace = current_app.extensions[PACE]
    if pace.is_too_fast(doors.network(), time()):
        return {"found": []}, 429
    typed = request.args.get("naam", "")[:MOST_SIGNS]
    return {"found": _told(find_alike(db.session(), typed))}


def _told(found: list[Known]) -> list[dict[str, str]]:
    """What the page and the script say of each."""
    return [
        {
            "name": one.name,
            "about": "Aanbieder" if one.is_provider else one.provider or "Plek in de buurt",
            "url": url_for(
                "provider.provider" if one.is_provider else "listing.listing", slug=one.slug
            ),
        }
        for one in found
    ]


# Its steps


@bp.get("/<token>")
def going_on(token: str) -> ResponseReturnValue:
    """Where one was; or what became of it, once it was sent."""
    making = making_or_404(token)
    if making.draft.listing_id is not None:
        return _sent(making, making.draft.listing_id)
    return redirect(_step_url(token, making.next_step()), 303)


@bp.get("/<token>/<part>")
def step(token: str, part: str) -> ResponseReturnValue:
    """One step, as it was left."""
    asked, making = step_or_404(part), making_or_404(token)
    if making.is_sent:
        return redirect(url_for("offer.going_on", token=token), 303)
    return _form(making, asked, making.typed(asked), {})


@bp.post("/<token>/<part>")
def save(token: str, part: str) -> ResponseReturnValue:
    """Keep what was typed, whatever it is; then go on, go back, or give another row."""
    asked, making, act = step_or_404(part), making_or_404(token), request.form.get(ACT, "")
    if making.is_sent:
        return redirect(url_for("offer.going_on", token=token), 303)
    if not making.is_our_form():
        return _form(making, asked, request.form, {"": STALE})
    wants_row = act == MORE and asked in MORE_ROWS
    typed = MORE_ROWS[asked](request.form) if wants_row else request.form
    _keep(making, asked, typed)
    if act == BACK:
        at = STEPS.index(asked)
        return redirect(_step_url(token, STEPS[max(0, at - 1)]), 303)
    if wants_row:
        return _form(making, asked, typed, {})
    errors = making.read(asked, typed).errors
    if errors:
        return _form(making, asked, typed, errors)
    with db.writing(db.engine()) as session:
        offers.mark_done(session, token, asked.value)
    return redirect(_step_url(token, making.next_step(asked)), 303)


def _keep(making: Making, part: Part, typed: Typed) -> None:
    """Keep a step; scrubs the files where an address may no longer be kept."""
    boxes = {name: values for name, values in may_be_kept(part, typed).items() if name != ACT}
    boxes.pop(doors.PROOF, None)
    with db.writing(db.engine()) as session:
        offers.keep(session, making.token, part.value, boxes, now())
    before = offers.boxes_of(making.draft).get(part.value, {})
    if part == Part.WHERE and before.keys() - boxes.keys():
        db.scrub_now()


def _step_url(token: str, part: Part | None, mail: str | None = None) -> str:
    """The address of a step; after the last one that of the page with which one sends it."""
    if part is None:
        return url_for("offer.check", token=token)
    return url_for("offer.step", token=token, part=part.value, mail=mail)


def _form(
    making: Making, part: Part, typed: Typed, errors: Mapping[str, str]
) -> ResponseReturnValue:
    frames = {Part.TEXT: "offer/tekst.html", Part.CONTACT: "offer/contact.html"}
    page = render_template(
        frames.get(part, f"edit/{part.value}.html"),
        frame="offer/step.html",
        making=making,
        part=part,
        steps=STEPS,
        typed=Boxes(typed),
        errors=Faults(errors),
        rows=ROWS[part](typed) if part in ROWS else (),
        mailed=request.args.get("mail", ""),
        advice=advice_on(typed) if part == Part.TEXT else {},
        **making.forms[part].choices(making.around),
    )
    return page, 422 if errors else 200


# Sending it


@bp.get("/<token>/nakijken")
def check(token: str) -> ResponseReturnValue:
    """The real page of the listing as it will be, or what is still missing."""
    making = making_or_404(token)
    if making.is_sent:
        return redirect(url_for("offer.going_on", token=token), 303)
    values, faults = making.read_all()
    if values is None:
        return render_template("offer/missing.html", making=making, steps=STEPS, faults=faults)
    return _preview(making, values)


def _preview(making: Making, values: ListingValues) -> str:
    """The page of a listing that is sent and taken back: nothing of it stays."""
    with db.rehearsing(db.engine()) as session:
        draft = offers.find_draft(session, making.token) or abort(404)
        edit = offers.send(session, area_tree(session), draft, values, now())
        session.expire_all()
        found = find_listing_by_id(session, edit.listing_id)
        return render_template("offer/check.html", **page_of(found), making=making, parts=STEPS)


@bp.post("/<token>/versturen")
def send(token: str) -> ResponseReturnValue:
    """Send it to who checks it; once, however often the button is pressed."""
    making = making_or_404(token)
    if not making.is_sent:
        if not making.is_our_form():
            return redirect(url_for("offer.check", token=token), 303)
        values, _ = making.read_all()
        if values is None:
            return redirect(url_for("offer.check", token=token), 303)
        with db.writing(db.engine()) as session:
            draft = offers.find_draft(session, token)
            if draft is not None:
                offers.send(session, area_tree(session), draft, values, now())
    return redirect(url_for("offer.going_on", token=token), 303)


def _sent(making: Making, listing_id: UUID) -> str:
    """That it was sent, who knows the area, and what came of it."""
    session = db.session()
    listing = find_listing_by_id(session, listing_id)
    return render_template(
        "offer/sent.html",
        making=making,
        listing=listing,
        edit=offers.edit_of(session, listing_id),
        is_waiting=listing.status == Status.DRAFT,
        is_refused=listing.status == Status.WITHDRAWN,
        knows=who_knows(area_of(listing)),
    )
