"""What there is to do in the coming seven days: of an area all of it, or a few of each day."""

from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.geo.tree import CITY, AreaTree
from socialmap.listings.cards import cards
from socialmap.listings.shelves import WEEK, Meeting, meetings
from socialmap.models import GroupSession, Listing, ListingPlace, Place
from socialmap.models.terms import DayPart, Level, ListingKind, Status, Weekday

SPARE = 8
"""So many more are read of each day: some meet more often, or are long overdue for a check."""

HELD = (Status.LIVE, Status.CLOSED, Status.ENDED)
"""What may meet this week; dates decide about what is closed or ends. Nobody is sent to a door that
may no longer exist."""
Plan = list[tuple[date, list[tuple[DayPart, list[Meeting]]]]]
"""Meetings under their days, and there under the parts of the day."""


def week_of(session: Session, tree: AreaTree, today: date, code: str = CITY) -> list[Meeting]:
    """All that meets in an area in the seven days from today, in order.

    The city counts what has no place on the map as well.
    """
    last = today + timedelta(days=WEEK - 1)
    query = (
        select(GroupSession.listing_id)
        .join(Listing, col(Listing.id) == GroupSession.listing_id)
        .where(col(Listing.status).in_(HELD))
        .where(sa.or_(col(GroupSession.from_on).is_(None), col(GroupSession.from_on) <= last))
        .where(sa.or_(col(GroupSession.until_on).is_(None), col(GroupSession.until_on) >= today))
    )
    if code != CITY:
        inside = [node.code for node in tree.within(code)]
        here = select(ListingPlace.listing_id).join(Place, col(Place.id) == ListingPlace.place_id)
        query = query.where(
            col(GroupSession.listing_id).in_(here.where(col(Place.area_code).in_(inside)))
        )
    found = cards(session, list(session.exec(query.distinct()).all()))
    return meetings((card for card in found if not card.is_lapsed(today)), today)


def _by_part(meeting: Meeting) -> tuple[int, bool]:
    """Part of the day, then those with a clock time before those without."""
    return list(DayPart).index(meeting.session.part), meeting.session.starts_at is None


def planned(found: list[Meeting]) -> Plan:
    """Meetings that are in order, under their days and parts of the day."""
    return [
        (
            day,
            [
                (part, list(same))
                for part, same in groupby(
                    sorted(held, key=_by_part),
                    key=lambda meeting: meeting.session.part,
                )
            ],
        )
        for day, held in groupby(found, key=lambda meeting: meeting.day)
    ]


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
