"""That listings are right as they stand, said by who is signed in: one by one, each on its own."""

from collections.abc import Iterable
from uuid import UUID

from socialmap import db, reviews
from socialmap.geo.tree import area_tree
from socialmap.listings.find import load_listings
from socialmap.models import Account
from socialmap.views.clock import now, today
from socialmap.views.edit.asked import desk_of


def confirm_all(account: Account, ids: Iterable[UUID]) -> int:
    """Keep that these listings hold from today on; returns of how many this account may say so."""
    return sum(_confirm(account, id) for id in ids)


def _confirm(account: Account, listing_id: UUID) -> bool:
    found = load_listings(db.session(), [listing_id])
    desk = desk_of(found[0], account) if found else None
    if desk is None:
        return False
    typed = reviews.Typed(values={"confirmed_on": today()}, seen=desk.seen)
    with db.writing(db.engine()) as session:
        tree, may_check = area_tree(session), desk.may_check
        reviews.save(session, tree, account, desk.listing, typed, now(), may_check=may_check)
    return True
