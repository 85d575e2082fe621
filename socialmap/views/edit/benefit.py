"""What a listing brings: how it was found, whom it reaches, and what is still to do (R23)."""

from flask import render_template
from flask.typing import ResponseReturnValue

from socialmap import db
from socialmap.listings.benefit import benefit
from socialmap.models.terms import Counted
from socialmap.views import doors
from socialmap.views.clock import today
from socialmap.views.edit.asked import desk_or_403
from socialmap.views.edit.pages import bp


@bp.get("/<slug>/opbrengst")
def brings(slug: str) -> ResponseReturnValue:
    """The last twelve months of a listing, and the list of what can be better."""
    desk = desk_or_403(slug, doors.account_or_login())
    found = benefit(db.session(), desk.listing, today())
    return render_template(
        "edit/opbrengst.html",
        listing=desk.listing,
        benefit=found,
        kinds=list(Counted),
        is_counting=doors.settings().counts,
    )
