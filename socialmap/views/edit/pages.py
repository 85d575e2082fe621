"""The pages on which a listing is kept: an overview, a form for each part, a preview."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from socialmap import db, reviews
from socialmap.geo.tree import area_tree
from socialmap.listings.benefit import benefit
from socialmap.listings.cards import kept_card
from socialmap.listings.summaries import summaries_of
from socialmap.models.terms import Part
from socialmap.reviews import Conflict, Names, Outcome
from socialmap.reviews.readings import told
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.edit.advising import advice_on
from socialmap.views.edit.asked import FORMS, Desk, desk_or_403, part_or_404
from socialmap.views.edit.forms import Reading
from socialmap.views.edit.places import rows_of as place_rows
from socialmap.views.edit.places import with_another_place
from socialmap.views.edit.preview import preview
from socialmap.views.edit.reader import Boxes, Faults, Typed
from socialmap.views.edit.times import rows_of as time_rows
from socialmap.views.edit.times import with_another_row
from socialmap.views.letters import send_all
from socialmap.views.telling import letters_about

SEEN, SHOWN, NOTE, CHOICE = "gezien", "getoond", "toelichting", "kies-"
SAVE, LOOK, MORE = "opslaan", "voorbeeld", "erbij"
ACT, BACK = doors.ACT, doors.BACK
MINE = "mijn"
OURS = frozenset({doors.PROOF, ACT, SEEN, SHOWN})
"""Boxes of a form that are not typed."""
TORN = "Er ging iets mis bij het versturen. Kijk na wat u typte en sla het nog een keer op."
CLASH = "Deze antwoorden passen niet bij elkaar. Kijk ze nog eens na."
ROWS = {Part.WHEN: with_another_row, Part.WHERE: with_another_place}
NOTE_LONGEST = 500

bp = Blueprint("edit", __name__, url_prefix="/bijwerken")
bp.after_request(doors.keep_private)


@bp.get("/<slug>")
def overview(slug: str) -> ResponseReturnValue:
    """How a listing stands in the directory, part by part: does it still hold?"""
    desk = desk_or_403(slug, doors.account_or_login())
    return _overview(desk, FORMS[Part.ROOM].shown(desk.values), {})


def _overview(desk: Desk, typed: Typed, errors: Mapping[str, str]) -> ResponseReturnValue:
    written = summaries_of(db.session(), desk.listing.id)
    page = render_template(
        "edit/overview.html",
        desk=desk,
        listing=desk.listing,
        entry=kept_card(desk.listing),
        typed=Boxes(typed),
        errors=Faults(errors),
        rooms=FORMS[Part.ROOM].choices(desk.around())["rooms"],
        saved=_parts(request.args.getlist("klaar")),
        is_waiting="wacht" in request.args,
        waiting=reviews.waiting_fields(db.session(), desk.listing.id),
        persons=reviews.person_names(db.session(), desk.values),
        languages=list(written),
        benefit=benefit(db.session(), desk.listing, today()),
        behind=[one for one, row in written.items() if row.is_behind(desk.values.summary)],
    )
    return page, 422 if errors else 200


def _parts(names: list[str]) -> list[Part]:
    return [Part(name) for name in names if name in set(Part)]


@bp.post("/<slug>/klopt")
def confirm(slug: str) -> ResponseReturnValue:
    """Is there room; and, with one press, that all of it still holds (R17)."""
    desk = desk_or_403(slug, doors.account_or_kept(_boxes()))
    if not doors.is_signed_form():
        return _overview(desk, request.form, {"room": TORN})
    reading = FORMS[Part.ROOM].read(request.form, desk.around())
    if reading.errors:
        return _overview(desk, request.form, reading.errors)
    values = dict(reading.values)
    if (values["room"], values["weeks"]) == (desk.values.room, desk.values.weeks):
        values = values if request.form.get(ACT) == "plek" and values["room"] else {}
    if request.form.get(ACT) != "plek":
        values["confirmed_on"] = today()
    outcome = _save(desk, values)
    if outcome.conflicts:
        return _conflict(desk, Part.ROOM, outcome.conflicts)
    told = "plek" if request.form.get(ACT) == "plek" else "alles"
    return redirect(url_for("edit.overview", slug=slug, klaar=told), 303)


@bp.get("/<slug>/<part>")
def form(slug: str, part: str) -> ResponseReturnValue:
    """The form of one part."""
    desk = desk_or_403(slug, doors.account_or_login())
    asked = part_or_404(part, desk)
    return _form(desk, asked, FORMS[asked].shown(desk.values), {})


@bp.post("/<slug>/<part>")
def save(slug: str, part: str) -> ResponseReturnValue:
    """Save a part, show what it will look like, or give another row."""
    desk = desk_or_403(slug, doors.account_or_kept(_boxes()))
    asked = part_or_404(part, desk)
    act = request.form.get(ACT, SAVE)
    if act == BACK:
        return _form(desk, asked, request.form, {})
    if not doors.is_signed_form():
        return _form(desk, asked, request.form, {"": TORN})
    if act == MORE and asked in ROWS:
        return _form(desk, asked, ROWS[asked](request.form), {})
    reading = FORMS[asked].read(request.form, desk.around())
    if reading.errors:
        return _form(desk, asked, request.form, reading.errors)
    try:
        if act == LOOK:
            return _preview(desk, asked, reading)
        outcome = _save(desk, reading.values)
    except ValidationError:
        return _form(desk, asked, request.form, {"": CLASH})
    if outcome.conflicts:
        return _conflict(desk, asked, outcome.conflicts)
    return redirect(_done(asked, outcome), 303)


def _done(part: Part, outcome: Outcome) -> str:
    """The overview, that says what was saved; at the address the listing has now."""
    done = part.value if outcome.saved or outcome.waiting else "niets"
    waits = 1 if outcome.waiting else None
    return url_for("edit.overview", slug=outcome.slug, klaar=done, wacht=waits)


def _typed(desk: Desk, values: Mapping[str, Any]) -> reviews.Typed:
    """What was typed, without the fields of which the other's version was chosen."""
    choices = {
        name.removeprefix(CHOICE): value
        for name, value in request.form.items()
        if name.startswith(CHOICE)
    }
    kept = {name: value for name, value in values.items() if choices.get(name, MINE) == MINE}
    return reviews.Typed(
        values=kept,
        seen=_number(SEEN, desk.seen),
        chosen=frozenset(choices),
        shown=_number(SHOWN, 0),
        note=request.form.get(NOTE, "").strip()[:NOTE_LONGEST],
    )


def _number(name: str, usual: int) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else usual


def _save(desk: Desk, values: Mapping[str, Any]) -> Outcome:
    """Save what was typed; scrubs the files where an address may no longer be kept."""
    with db.writing(db.engine()) as session:
        tree = area_tree(session)
        outcome = reviews.save(
            session,
            tree,
            desk.account,
            desk.listing,
            _typed(desk, values),
            now(),
            may_check=desk.may_check,
        )
        letters = letters_about(session, tree, desk.account, desk.listing, outcome)
    if outcome.is_erasure:
        db.scrub_now()
    send_all(letters)
    return outcome


# What is shown


def _form(desk: Desk, part: Part, typed: Typed, errors: Mapping[str, str]) -> ResponseReturnValue:
    around = desk.around()
    rows = {Part.WHEN: time_rows, Part.WHERE: place_rows}
    page = render_template(
        f"edit/{part.value}.html",
        desk=desk,
        listing=desk.listing,
        part=part,
        typed=Boxes(typed),
        errors=Faults(errors),
        rows=rows[part](typed) if part in rows else (),
        seen=_number(SEEN, desk.seen),
        waiting=reviews.waiting_fields(db.session(), desk.listing.id),
        advice=advice_on(typed) if part == Part.TEXT else {},
        **FORMS[part].choices(around),
    )
    return page, 422 if errors else 200


def _preview(desk: Desk, part: Part, reading: Reading) -> ResponseReturnValue:
    return preview(desk, part, _typed(desk, reading.values), _boxes())


def _conflict(desk: Desk, part: Part, conflicts: tuple[Conflict, ...]) -> ResponseReturnValue:
    """Both versions of each field that two people changed at once, to choose from."""
    page = render_template(
        "edit/conflict.html",
        desk=desk,
        listing=desk.listing,
        part=part,
        action=url_for("edit.save", slug=desk.listing.slug, part=part.value),
        conflicts=[(one, *_both(one)) for one in conflicts],
        boxes=_boxes(),
        seen=_number(SEEN, desk.seen),
        shown=desk.seen,
    )
    return page, 409


def _both(conflict: Conflict) -> tuple[str, str]:
    """What stands in a field and what was typed, as people read them."""
    session = db.session()
    names = Names(session, area_tree(session))
    return told(conflict.field, conflict.here, names), told(conflict.field, conflict.typed, names)


def _boxes() -> list[tuple[str, str]]:
    """All that was typed, to send along."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in OURS and not name.startswith(CHOICE)
    ]
