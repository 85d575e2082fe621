"""The preview of an edit: the real page of the listing, written and taken back."""

from dataclasses import replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, reviews
from socialmap.geo.tree import area_tree
from socialmap.listings.find import find_listing_by_id
from socialmap.models.terms import Part
from socialmap.views.clock import now
from socialmap.views.edit.asked import Desk
from socialmap.views.listing import page_of


def preview(
    desk: Desk, part: Part, typed: reviews.Typed, boxes: list[tuple[str, str]]
) -> ResponseReturnValue:
    """What the page of a listing will look like; nothing of it stays."""
    with db.rehearsing(db.engine()) as session:
        tree = area_tree(session)
        seen = replace(typed, seen=desk.seen)
        reviews.save(session, tree, desk.account, desk.listing, seen, now(), may_check=True)
        session.expire_all()
        found = find_listing_by_id(session, desk.listing.id)
        return render_template(
            "edit/preview.html",
            **page_of(found),
            action=url_for("edit.save", slug=desk.listing.slug, part=part.value),
            boxes=boxes,
            seen=request.form.get("gezien", desk.seen),
            part=part,
        )
