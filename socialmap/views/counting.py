"""What is counted while people read: questions, what is shown, opened and called (R23, R33).

Only people are counted: no programs, no pages that a browser reads ahead, not who keeps a listing.
Other programs (`/api/search`) are no readers: of them only what is missing is counted.
"""

import re
from collections.abc import Iterable
from uuid import UUID

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.listings.counts import Seen, shown
from socialmap.listings.find import public_ids
from socialmap.models import Listing
from socialmap.models.terms import Counted
from socialmap.search.answer.asks import asks_of
from socialmap.search.answer.misses import area_of, misses_of
from socialmap.search.tally import month_of
from socialmap.views import doors
from socialmap.views.asking import Asked
from socialmap.views.clock import today
from socialmap.views.rights import is_own, may_check_listing

TALLIES = ("misses", "asks", "seens")
"""What the application counts in memory."""
LARGEST_BODY = 500
LONGEST_SLUG = 200
PROGRAM = re.compile(r"bot\b|bot/|crawl|spider|preview|curl|wget|python-", re.IGNORECASE)

bp = Blueprint("counting", __name__)


def is_counting() -> bool:
    """Has the operator left counting on?"""
    return doors.settings().counts


def is_read() -> bool:
    """Does a person read this page now: no program, and no browser that reads ahead?"""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    is_ahead = "prefetch" in purpose or "preview" in purpose
    is_program = PROGRAM.search(request.headers.get("User-Agent", ""))
    return request.method == "GET" and not is_ahead and not is_program


def count_misses(asked: Asked) -> None:
    """Count what was asked and hardly found, unless a part of the question was wrong."""
    if is_counting() and not asked.errors:
        tree = area_tree(db.session())
        missed = misses_of(tree, asked.query, asked.found, today())
        current_app.extensions["misses"].add(missed)


def count_question(asked: Asked) -> None:
    """Count what a reader asked: what is missing, and on what was chosen."""
    count_misses(asked)
    if is_counting() and is_read() and not asked.errors:
        current_app.extensions["asks"].add(asks_of(asked.query, asked.found, today()))


def count_shown(asked: Asked, ids: Iterable[UUID]) -> None:
    """Count that these listings are shown to who asked this."""
    if is_counting() and is_read():
        area = area_of(area_tree(db.session()), asked.query)
        current_app.extensions["seens"].add(shown(ids, area, today()))


def count_opened(listing: Listing) -> bool:
    """Count that the page of a listing is opened; says whether taps on it are counted too. Not
    for who keeps it."""
    if not is_counting() or _is_kept_by_reader(listing):
        return False
    if is_read():
        _count(listing.id, Counted.OPENED)
    return True


def _is_kept_by_reader(listing: Listing) -> bool:
    visit = doors.visit()
    if visit is None:
        return False
    return is_own(visit.account, listing) or may_check_listing(visit.account, listing)


def _count(listing_id: UUID, what: Counted) -> None:
    current_app.extensions["seens"].add([Seen(listing_id, month_of(today()), what)])


@bp.post("/geteld")
def called() -> ResponseReturnValue:
    """Count a tap on a number or address of a listing, as the page tells it: it grants nothing,
    and an unknown listing gets the same answer. That it comes from us is checked for every form."""
    request.max_content_length = LARGEST_BODY
    slug = request.form.get("aanbod", "")[:LONGEST_SLUG]
    if is_counting() and slug:
        for id in public_ids(db.session(), [slug]).values():
            _count(id, Counted.CALLED)
    return "", 204
