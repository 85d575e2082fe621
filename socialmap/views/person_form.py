"""Keeping the entry of a person: who it is, how to reach them, and who may see which of it."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, labels, people
from socialmap.accounts.permissions import can_edit_person
from socialmap.geo.tree import area_tree
from socialmap.listings.history import Author
from socialmap.models import Account
from socialmap.models.terms import Cut, DetailKind, Door, Language, Role, Weekday
from socialmap.people import PersonValues, album
from socialmap.people.entry import Entry
from socialmap.people.judging import Judgement
from socialmap.people.portraits import MOST_BYTES, TOO_HEAVY, PortraitError, portraits_from
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.jinja import sentence

LARGEST_REQUEST = 64 * 1024 * 1024
"""Larger than any photo of a telephone, so that one above the limit comes in to be told so, with
all that was typed; it is kept on disk meanwhile."""
KEEPERS = (Role.EDITOR, Role.WIJK_CONTACT, Role.REDACTEUR)
VERSION = re.compile("[0-9a-f]{32,64}")
NAMES = {
    "naam": "Naam",
    "rol": "Functie of rol",
    "organisatie": "Organisatie",
    "toelichting": "Toelichting",
    "minderjarig": "Leeftijd",
    "door": "Toestemming",
    "op": "Toestemming",
    "tot": "Toestemming",
}
"""What fields are called in the summary; those of a detail by its kind."""
TORN = "Er ging iets mis bij het versturen. Kijk na wat u typte en bewaar het nog een keer."
GONE = "De foto die u eerder koos, is er niet meer. Kies hem opnieuw."

bp = Blueprint("person_form", __name__, url_prefix="/bureau/persoon")
bp.after_request(doors.keep_private)


@bp.before_request
def let_photos_in() -> None:
    """A photo is larger than what is sent to any other page."""
    request.max_content_length = LARGEST_REQUEST


@dataclass
class Received:
    """A form that came in: what was typed, and what is wrong with it."""

    entry: Entry
    before: PersonValues
    values: PersonValues
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 422


@bp.get("/nieuw")
def new() -> ResponseReturnValue:
    """The form for someone who is not in the directory."""
    listing = addable_listing_or_404(doors.with_role(*KEEPERS))
    return form(Entry(), version=uuid4().hex, listing=listing)


@bp.post("/nieuw")
def add() -> ResponseReturnValue:
    """Make a person, linked to nothing yet; a form that is sent twice makes one."""
    account = doors.checked(doors.account_or_kept(), *KEEPERS)
    listing = addable_listing_or_404(account)
    blank = PersonValues(key=f"persoon-{given_version()}", name="")
    if not doors.is_sent():
        entry, errors = given_back(blank)
        return form(entry, errors, version=given_version(), listing=listing), 403
    got = received(blank)
    if got.errors:
        return form(got.entry, got.errors, version=given_version(), listing=listing), got.status
    with db.writing(db.engine()) as session:
        slug = people.find_slug(session, got.values.key)
        slug = slug or people.add_person(session, got.values, author(account), account.id)
    return redirect(url_for("person_form.edit", slug=slug, nieuw=1), 303)


@bp.get("/<slug>")
def edit(slug: str) -> ResponseReturnValue:
    """The form with a person as it is now."""
    before = editable_person_or_404(slug, doors.account_or_login())
    return form(Entry.of(before), version=Entry.of(before).version, before=before)


@bp.post("/<slug>")
def save(slug: str) -> ResponseReturnValue:
    """Keep what was typed, unless it is wrong or somebody else changed the same person."""
    account = doors.account_or_kept()
    before = editable_person_or_404(slug, account)
    if not doors.is_sent():
        entry, errors = given_back(before)
        return form(entry, errors, version=given_version(), before=before), 403
    got, version = received(before), Entry.of(before).version
    if got.errors:
        return form(got.entry, got.errors, version=given_version(), before=before), got.status
    if given_version() != version:
        differing = got.entry.differing(Entry.of(before))
        return form(got.entry, version=version, before=before, differing=differing), 409
    with db.writing(db.engine()) as session:
        changed = people.save_person(session, got.values, author(account))
        kept = people.find_slug(session, before.key)
    forget(before, changed)
    return redirect(url_for("person_form.edit", slug=kept, bewaard=1), 303)


def given_version() -> str:
    """What the form says of the person as it was when the form was given out."""
    found = request.form.get("versie", "")
    return found if VERSION.fullmatch(found) else uuid4().hex


# Who may


def editable_person_or_404(slug: str, account: Account) -> PersonValues:
    """The person whose entry this account may keep; as if there were none for others."""
    session = db.session()
    person = people.find_person(session, slug)
    if person is None:
        abort(404)
    ties = people.ties_of(session, person, today())
    if not can_edit_person(account, area_tree(session), ties, now()):
        abort(404)
    return PersonValues.of(person)


def addable_listing_or_404(account: Account) -> str:
    """The listing for which someone is added: one that this account may keep. Who decides who holds
    an area may do without; then it is empty."""
    session = db.session()
    slug = request.args.get("aanbod", "")
    if not slug and account.has_role(Role.WIJK_CONTACT, Role.REDACTEUR):
        return slug
    ties = people.ties_of_listing(session, slug)
    if ties is None or not can_edit_person(account, area_tree(session), ties, now()):
        abort(404)
    return slug


def author(account: Account) -> Author:
    """Who saves, for the history."""
    return Author(account.name or account.mail, Door.FORM, now())


# What comes in


def given_back(before: PersonValues) -> tuple[Entry, dict[str, str]]:
    """What was typed in a form that is not kept yet, to look at and send again; and why."""
    entry = Entry.typed(request.form.to_dict(flat=False))
    entry = entry.with_photo(before.details.get(DetailKind.PHOTO, ""))
    return entry, {} if request.form.get(doors.ACT) == doors.BACK else {"naam": TORN}


def received(before: PersonValues) -> Received:
    """What was typed and chosen, judged."""
    entry = Entry.typed(request.form.to_dict(flat=False))
    photo, error, status = the_photo(entry, before)
    entry = entry.with_photo(photo)
    judgement = Judgement(entry, before, today())
    values = judgement.values()
    errors = judgement.errors | ({"foto": error} if error else {})
    return Received(entry, before, values, errors, status)


def the_photo(entry: Entry, before: PersonValues) -> tuple[str, str, int]:
    """The name of the portrait that was sent, or sent before, or is there; what is wrong with it;
    and the status of an answer that says so."""
    current = before.details.get(DetailKind.PHOTO, "")
    upload, held = request.files.get("foto"), entry.detail(DetailKind.PHOTO).value
    folder = doors.settings().uploads_dir
    if not upload:
        is_there = held in ("", current) or album.is_free(folder, db.session(), held, now())
        return (held or current, "", 422) if is_there else (current, GONE, 422)
    data = upload.read(MOST_BYTES + 1)
    try:
        portraits = portraits_from(data, entry.cut)
    except PortraitError as error:
        return current, str(error), 413 if len(data) > MOST_BYTES else 422
    with db.writing(db.engine()) as session:
        album.forget_unused(folder, session, now())
    return album.keep(folder, portraits, now()), "", 422


def forget(before: PersonValues, changed: frozenset[str]) -> None:
    """Let no file keep what was withdrawn: not the old portrait, nor the log of the database."""
    if changed.isdisjoint(DetailKind):
        return
    with db.writing(db.engine()) as session:
        photo = before.details.get(DetailKind.PHOTO, "")
        album.forget(doors.settings().uploads_dir, session, [photo])
    db.session().close()  # a reader keeps the log from being emptied
    db.scrub_now()


# What is shown


def form(
    entry: Entry,
    errors: dict[str, str] | None = None,
    *,
    version: str,
    before: PersonValues | None = None,
    listing: str = "",
    differing: Sequence[tuple[str, str]] = (),
) -> str:
    """The form with what was typed; `before` is None for someone new."""
    photo = before.details.get(DetailKind.PHOTO, "") if before else ""
    errors = errors or {}
    return render_template(
        "person/edit.html",
        entry=entry,
        errors=defaultdict(str, errors),
        summary=[(name, name_of(name), message) for name, message in errors.items()],
        version=version,
        is_new=before is None,
        name=before.name if before else "",
        slug=request.view_args["slug"] if request.view_args else "",
        photo=photo,
        photo_url=url_for("portrait.send", name=photo) if album.is_name(photo) else "",
        is_held=entry.detail(DetailKind.PHOTO).value not in ("", photo),
        listing=listing,
        differing=differing,
        weekdays=labels.labels(Weekday),
        languages=labels.labels(Language),
        cuts=labels.labels(Cut),
        most_bytes=MOST_BYTES,
        too_heavy=TOO_HEAVY,
    )


def name_of(name: str) -> str:
    """What a field is called where its error is told apart from others: `Mail`, `Naam`."""
    kind = next((one for one in DetailKind if name.startswith(one)), None)
    return sentence(labels.label(kind)) if kind else NAMES[name]
