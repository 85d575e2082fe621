"""Suggestions while typing, for the script of the one box and for other programs."""

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db
from socialmap.search.answer.names import Kind, Name
from socialmap.search.answer.suggestions import Suggester
from socialmap.views.clock import today

PAGES = {
    Kind.THEME: "theme.theme",
    Kind.DISTRICT: "areas.district",
    Kind.ZONE: "areas.zone",
    Kind.WIJK: "areas.wijk",
    Kind.OFFER: "listing.listing",
    Kind.PLACE: "listing.listing",
    Kind.PROVIDER: "provider.provider",
    Kind.TEAM: "team.team",
}
ABOUT = {
    Kind.THEME: ("Thema", "Thema bij {}"),
    Kind.DISTRICT: ("Stadsdeel", "Stadsdeel"),
    Kind.ZONE: ("Gebied", "Gebied in {}"),
    Kind.WIJK: ("Wijk", "Wijk in {}"),
    Kind.BUURT: ("Buurt", "Buurt in {}"),
    Kind.OFFER: ("Aanbod", "Aanbod van {}"),
    Kind.PLACE: ("Plek", "Plek in {}"),
    Kind.PROVIDER: ("Aanbieder", "Aanbieder"),
    Kind.TEAM: ("Team", "Team"),
    Kind.TERM: ("Uitleg", "Uitleg: {}"),
}
"""What stands beside a name: alone, and with what it belongs to."""

bp = Blueprint("suggest", __name__)


@bp.get("/api/suggest")
def suggest() -> ResponseReturnValue:
    """At most eight names that begin like `q`. What is typed stays nowhere: no cache keeps it."""
    suggester: Suggester = current_app.extensions["suggester"]
    found = suggester.suggest(db.session(), request.args.get("q", ""), today())
    return {"suggestions": [as_json(name) for name in found]}, {"Cache-Control": "no-store"}


def as_json(name: Name) -> dict[str, str]:
    """A name as API.md describes it."""
    return {"kind": name.kind, "label": name.label, "about": about(name), "url": url_of(name)}


def about(name: Name) -> str:
    """What a name is the name of, in a few words."""
    alone, belonging = ABOUT[name.kind]
    return belonging.format(name.about) if name.about else alone


def url_of(name: Name) -> str:
    """Where a name leads: a word to its explanation, a buurt (it has no page) to what is near."""
    if name.kind == Kind.TERM:
        return url_for("glossary.glossary", _anchor=name.slug)
    if name.kind == Kind.BUURT:
        return url_for("results.results", bij=f"buurt:{name.slug}")
    return url_for(PAGES[name.kind], slug=name.slug)
