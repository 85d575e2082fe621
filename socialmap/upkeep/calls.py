"""A worker who just called, and heard that it is right ("gebeld, klopt")."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.listings.edits import Editor
from socialmap.listings.history import Author
from socialmap.models import Account, Listing, ListingCall
from socialmap.models.terms import Door

KEPT_DAYS = 730
"""So long it is known who called."""
LONGEST_NAME = 60


def calls_of(session: Session, listing: Listing) -> Sequence[ListingCall]:
    """Who called since it was last checked, the newest first."""
    query = select(ListingCall).where(
        ListingCall.listing_id == listing.id, ListingCall.called_on >= listing.counts_from
    )
    return session.exec(query.order_by(col(ListingCall.called_on).desc(), ListingCall.name)).all()


def record_call(
    session: Session,
    tree: AreaTree,
    account: Account,
    listing: Listing,
    name: str,
    now: datetime,
    today: date,
) -> bool:
    """Keep that somebody called today; False where they said so today already."""
    same = select(ListingCall).where(
        ListingCall.listing_id == listing.id,
        ListingCall.account_id == account.id,
        ListingCall.called_on == today,
    )
    if session.exec(same).first() is not None:
        return False
    session.add(
        ListingCall(
            listing_id=listing.id, account_id=account.id, name=name.strip(), called_on=today
        )
    )
    _renew(session, tree, listing.id, account, now)
    return True


def take_call_back(
    session: Session, tree: AreaTree, account: Account, call_id: UUID, now: datetime
) -> bool:
    """Take back one's own call; False where there is none."""
    found = session.get(ListingCall, call_id)
    if found is None or found.account_id != account.id:
        return False
    session.delete(found)
    _renew(session, tree, found.listing_id, account, now)
    return True


def forget_calls(session: Session, today: date) -> int:
    """Erase who called too long ago; returns how many. What they did to the rhythm is long over."""
    is_old = col(ListingCall.called_on) <= today - timedelta(days=KEPT_DAYS)
    gone = session.exec(select(ListingCall).where(is_old)).all()
    for call in gone:
        session.delete(call)
    session.flush()
    return len(gone)


def _renew(
    session: Session, tree: AreaTree, listing_id: UUID, account: Account, now: datetime
) -> None:
    """Count again, and renew the card and the index."""
    session.flush()
    listing = session.get_one(Listing, listing_id)
    calls = calls_of(session, listing)
    listing.called_on = calls[0].called_on if calls else None
    listing.callers = len({call.account_id or call.id for call in calls})
    author = Author(account.name or account.mail, Door.FORM, now)
    session.flush()
    Editor(session, tree, author).renew([listing_id])
