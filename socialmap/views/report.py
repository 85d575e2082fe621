"""Where anyone says that something is wrong with a listing; nobody is asked who that is (R20)."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db
from socialmap.labels import label
from socialmap.listings import find
from socialmap.listings.cards import Card, cards
from socialmap.models.reports import MOST_WORDS
from socialmap.models.terms import ReportKind
from socialmap.reviews import reports, words
from socialmap.reviews.reports import Filed, Said
from socialmap.reviews.words import Slip
from socialmap.views import doors
from socialmap.views.clock import now, today
from socialmap.views.jinja import sentence
from socialmap.views.listing import editors
from socialmap.views.typed import plain_lines

CHOOSE = "Kies wat er niet klopt."
TELL = "Schrijf in een paar woorden wat er niet klopt."
SLIPS = {
    Slip.BSN: (
        "Hier staat een nummer dat een burgerservicenummer (BSN) kan zijn. Haal het weg. Bedoelt u "
        "een telefoonnummer? Dat heeft tien cijfers."
    ),
    Slip.BIRTH_DATE: (
        "Hier staat een datum die een geboortedatum kan zijn. Haal hem weg. Bedoelt u een andere "
        "dag? Schrijf dan alleen de maand en het jaar."
    ),
    Slip.CLIENT: "Het lijkt over een cliënt of een leerling van u te gaan.",
    Slip.NAMED_AGE: "Er lijkt een naam met een leeftijd te staan.",
}
TOO_OLD = "Dit formulier stond te lang open. Verstuur het nog een keer."
HOUR = 3600
"""After so many seconds someone who sent too much may try again."""

bp = Blueprint("report", __name__)


@dataclass(frozen=True)
class Typed:
    """The two fields, as they were filled in."""

    kind: str = ""
    words: str = ""

    @property
    def chosen(self) -> ReportKind | None:
        return next((kind for kind in ReportKind if kind == self.kind), None)

    def errors(self) -> dict[str, list[str]]:
        """What is wrong, for each field."""
        slips = too_long(self.words) or [SLIPS[slip] for slip in words.stops(self.words, today())]
        if self.chosen == ReportKind.OTHER and not self.words:
            slips = [TELL]
        found = {"wat": [] if self.chosen else [CHOOSE], "woorden": slips}
        return {name: told for name, told in found.items() if told}


def too_long(text: str) -> list[str]:
    """What is wrong with the length of what someone wrote."""
    extra = len(text) - MOST_WORDS
    return [f"Maak de tekst korter: {extra} tekens te veel."] if extra > 0 else []


@bp.get("/aanbod/<slug>/klopt-niet")
def report(slug: str) -> ResponseReturnValue:
    """The form; a former address leads on."""
    card = card_or_404(slug)
    if card.slug != slug:
        return redirect(url_for("report.report", slug=card.slug), 301)
    return page(card, Typed())


@bp.post("/aanbod/<slug>/klopt-niet")
def send(slug: str) -> ResponseReturnValue:
    """Keep what is told, unless something must go first or is better looked at again."""
    card = card_or_404(slug)
    typed = Typed(request.form.get("wat", ""), plain_lines(request.form.get("woorden", "")))
    errors, kind = typed.errors(), typed.chosen
    if not errors and not doors.is_fresh_form():
        errors = {"verstuur": [TOO_OLD]}
    if errors or kind is None:
        return page(card, typed, errors=errors), 422
    warnings = [] if "toch" in request.form else words.warns(typed.words)
    if warnings:
        return page(card, typed, warnings=[SLIPS[slip] for slip in warnings]), 422
    said = Said(card.id, kind, typed.words)
    with db.writing(db.engine()) as session:
        key = doors.settings().secret_key
        filed = reports.file_report(session, key, said, doors.network(), now())
    if filed == Filed.TOO_MANY:
        return page(card, typed, is_busy=True), 429, {"Retry-After": str(HOUR)}
    return redirect(url_for("report.sent", slug=card.slug), 303)


@bp.get("/aanbod/<slug>/klopt-niet/verstuurd")
def sent(slug: str) -> ResponseReturnValue:
    """What happens now, and the way back."""
    card = card_or_404(slug)
    if card.slug != slug:
        return redirect(url_for("report.sent", slug=card.slug), 301)
    return render_template("report/sent.html", card=card)


def card_or_404(slug: str) -> Card:
    """The listing that a visitor may see at this address, now or formerly."""
    session = db.session()
    found = cards(session, list(find.public_ids(session, [slug]).values()))
    return found[0] if found else abort(404)


def page(
    card: Card,
    typed: Typed,
    *,
    errors: dict[str, list[str]] | None = None,
    warnings: list[str] | None = None,
    is_busy: bool = False,
) -> str:
    """The form with what was typed, and what stands in the way of it."""
    return render_template(
        "report/report.html",
        card=card,
        typed=typed,
        errors=errors or {},
        warnings=warnings or [],
        is_busy=is_busy,
        kinds=[(kind.value, sentence(label(kind))) for kind in ReportKind],
        most=MOST_WORDS,
        editors=editors() if is_busy else None,
    )
