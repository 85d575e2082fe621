"""The page of one provider: who they are and all that they offer."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from socialmap import db
from socialmap.listings import find
from socialmap.listings.cards import cards
from socialmap.views.clock import today
from socialmap.views.listing import editors

NOUN = "provider"

bp = Blueprint("provider", __name__)


@bp.get("/aanbieder/<slug>")
def provider(slug: str) -> ResponseReturnValue:
    """A provider with what they offer now and what has ended; not one that was only reported."""
    session = db.session()
    found = find.find_provider(session, slug)
    ids = find.public_ids_of_provider(session, found) if found else []
    if found is None or not ids:
        return moved_or_404(slug)
    offered = cards(session, ids)
    ended = [card for card in offered if card.is_ended(today())]
    return render_template(
        "provider/provider.html",
        provider=found,
        offered=[card for card in offered if card not in ended],
        ended=ended,
        editors=editors(),
        is_example=found.is_example or any(card.is_example for card in offered),
    )


def moved_or_404(slug: str) -> ResponseReturnValue:
    """Lead a former address on, or say that there is no such provider."""
    now = find.find_new_slug(db.session(), NOUN, slug)
    if now is None:
        abort(404)
    return redirect(url_for("provider.provider", slug=now), 301)
