"""The pages on which summaries in other languages are kept: which there are, and one at a time."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, labels, reviews
from socialmap.listings.edits import Author
from socialmap.listings.summaries import (
    LONGEST,
    Written,
    erase_summary,
    last_change,
    save_summary,
    summaries_of,
)
from socialmap.models import Listing, ListingSummary
from socialmap.models.terms import OTHER_LANGUAGES, Door, Language
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.edit.asked import Desk, desk_or_403
from socialmap.views.edit.reader import Boxes, Faults, Reader, Typed

SEEN, ERASE = "gezien", "weg"
OURS = frozenset({doors.PROOF, doors.ACT, SEEN})
"""Boxes of the form that are not typed."""
TORN = "Er ging iets mis bij het versturen. Kijk na wat u typte en sla het nog een keer op."
NO_TEXT = "Schrijf de samenvatting, of kies “Haal deze taal weg”."
NOBODY = "Wie schreef dit? Een naam of een organisatie is genoeg."
NO_DAY = "Op welke dag is dit geschreven?"
TO_COME = "Deze dag moet nog komen. Schrijf de dag waarop de tekst geschreven is."
BY_MACHINE = "Zet alleen neer wat een mens schreef of nakeek. Kruis dit aan als dat zo is."
CHANGED = (
    "Iemand anders veranderde deze tekst terwijl u typte. Hieronder ziet u wat er nu staat. "
    "Slaat u nog een keer op, dan komt uw tekst ervoor in de plaats."
)

bp = Blueprint("summaries", __name__, url_prefix="/bijwerken")
bp.after_request(doors.keep_private)


@bp.get("/<slug>/talen")
def overview(slug: str) -> ResponseReturnValue:
    """In which languages a listing has a summary, by whom, and which is to be looked at again."""
    desk = desk_or_403(slug, doors.account_or_login())
    if (chosen := request.args.get("taal", "")) in OTHER_LANGUAGES:
        return redirect(url_for("summaries.form", slug=slug, language=chosen), 303)
    written = summaries_of(db.session(), desk.listing.id)
    left = [(str(one), labels.label(one)) for one in OTHER_LANGUAGES if one not in written]
    return render_template(
        "summaries/overview.html",
        listing=desk.listing,
        written=written,
        left=sorted(left, key=lambda pair: pair[1]),
        done=request.args.get("klaar", ""),
    )


@bp.get("/<slug>/talen/<language>")
def form(slug: str, language: str) -> ResponseReturnValue:
    """The summary in one language, to write or to change."""
    desk = desk_or_403(slug, doors.account_or_login())
    asked = _language_or_404(language)
    row = summaries_of(db.session(), desk.listing.id).get(asked)
    return _form(desk, asked, _shown(row), {})


@bp.post("/<slug>/talen/<language>")
def save(slug: str, language: str) -> ResponseReturnValue:
    """Keep it, or take it away."""
    desk = desk_or_403(slug, doors.account_or_kept(_boxes()))
    asked = _language_or_404(language)
    act = request.form.get(doors.ACT, "")
    if act == doors.BACK:
        return _form(desk, asked, request.form, {})
    if not doors.is_signed_form():
        return _form(desk, asked, request.form, {"": TORN})
    reading = _read(request.form)
    if reading.errors and act != ERASE:
        return _form(desk, asked, request.form, reading.errors)
    if not _kept(desk, asked, None if act == ERASE else reading.written):
        return _form(desk, asked, request.form, {"": CHANGED})
    return redirect(url_for("summaries.overview", slug=desk.listing.slug, klaar=asked), 303)


@dataclass(frozen=True)
class Reading:
    """What was typed, and what is wrong with it by box."""

    written: Written
    errors: dict[str, str]


def _read(typed: Typed) -> Reading:
    reader = Reader(typed)
    text = reader.text("text", longest=LONGEST)
    if not text:
        reader.fail("text", NO_TEXT)
    by = reader.line("written_by", missing=NOBODY)
    day = reader.day("written_on", missing=NO_DAY)
    if day and day > today():
        reader.fail("written_on", TO_COME)
    if not typed.get("human"):
        reader.fail("human", BY_MACHINE)
    return Reading(Written(text, by, day or today()), reader.errors)


def _kept(desk: Desk, language: Language, written: Written | None) -> bool:
    """Keep a summary, or erase it (None); False where somebody changed it since it was shown."""
    by, listing_id = reviews.signature(desk.account), desk.listing.id
    with db.writing(db.engine()) as session:
        if last_change(session, listing_id, language) > _seen(desk, language):
            return False
        author = Author(by, Door.FORM, now())
        listing = session.get_one(Listing, listing_id)
        if written is None:
            erase_summary(session, listing, language, author)
        else:
            save_summary(session, listing, language, written, author)
    return True


def _seen(desk: Desk, language: Language) -> int:
    """The last change that the form had shown; of a form without it, the last there is."""
    text = request.form.get(SEEN, "")
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    return last_change(db.session(), desk.listing.id, language)


def _shown(row: ListingSummary | None) -> Typed:
    """What stands in the boxes: what is there, or an empty form of today."""
    if row is None:
        return Typed({"text": "", "written_by": "", "written_on": today().isoformat()})
    day = row.written_on.isoformat()
    return Typed({"text": row.text, "written_by": row.written_by, "written_on": day, "human": "1"})


def _form(
    desk: Desk, language: Language, typed: Typed, errors: dict[str, str]
) -> ResponseReturnValue:
    session = db.session()
    page = render_template(
        "summaries/form.html",
        listing=desk.listing,
        language=language,
        row=summaries_of(session, desk.listing.id).get(language),
        typed=Boxes(typed),
        errors=Faults(errors),
        is_clash=CHANGED in errors.values(),
        seen=last_change(session, desk.listing.id, language),
        longest=LONGEST,
    )
    return page, (409 if CHANGED in errors.values() else 422) if errors else 200


def _language_or_404(code: str) -> Language:
    return Language(code) if code in OTHER_LANGUAGES else abort(404)


def _boxes() -> list[tuple[str, str]]:
    """All that was typed, to send along."""
    return [pair for pair in request.form.items(multi=True) if pair[0] not in OURS]
