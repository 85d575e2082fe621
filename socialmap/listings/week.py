"""What the whole city has to do in the coming seven days: a few activities of each day."""

from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.listings.cards import cards
from socialmap.listings.shelves import WEEK, Meeting, meetings
from socialmap.models import GroupSession, Listing
from socialmap.models.terms import Level, ListingKind, Status, Weekday

SPARE = 8
"""So many more are read of each day: some meet more often, or are long overdue for a check."""


def this_week(session: Session, today: date, *, per_day: int) -> list[Meeting]:
    """The first `per_day` activities of each of the seven days from today, in order.

    Only what is open to all, and each activity once.
    """
    days = [today + timedelta(days=ahead) for ahead in range(WEEK)]
    ids = dict.fromkeys(id for day in days for id in _ids_on(session, day, per_day + SPARE))
    found = [card for card in cards(session, list(ids)) if not card.is_lapsed(today)]
    shown: dict[UUID, Meeting] = {}
    for _day, held in groupby(meetings(found, today), key=lambda meeting: meeting.day):
        fresh = [meeting for meeting in held if meeting.card.id not in shown]
        shown.update((meeting.card.id, meeting) for meeting in fresh[:per_day])
    return list(shown.values())


def _ids_on(session: Session, day: date, most: int) -> list[UUID]:
    """The listings that meet on a day, the earliest first."""
    query = (
        select(GroupSession.listing_id)
        .join(Listing, col(Listing.id) == GroupSession.listing_id)
        .where(GroupSession.weekday == list(Weekday)[day.weekday()])
        .where(sa.or_(col(GroupSession.from_on).is_(None), col(GroupSession.from_on) <= day))
        .where(sa.or_(col(GroupSession.until_on).is_(None), col(GroupSession.until_on) >= day))
        .where(Listing.status == Status.LIVE, Listing.level == Level.OPEN)
        .where(Listing.kind == ListingKind.ACTIVITY)
        .group_by(col(GroupSession.listing_id), col(Listing.title))
        .order_by(sa.func.min(GroupSession.starts_at).nulls_last(), col(Listing.title))
        .limit(most)
    )
    return list(session.exec(query).all())
