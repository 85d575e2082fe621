"""What anyone may take away: public listings, without people and without personal data (R32)."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.listings.cards import Card, cards
from socialmap.listings.values import ListingValues
from socialmap.models import Listing
from socialmap.models.terms import PUBLIC_STATUSES

BATCH = 300
MOBILE = "06"
ABROAD = re.compile(r"^(?:00|\+)31(?:\(0\))?0?")
"""How a Dutch number begins for who calls from elsewhere."""


@dataclass(frozen=True)
class Counts:
    """How many listings are public, and how many of those are invented."""

    listings: int
    examples: int


def count_public(session: Session) -> Counts:
    """How much there is to take away."""
    query = select(col(Listing.is_example), sa.func.count()).group_by(col(Listing.is_example))
    found = dict(session.exec(query.where(col(Listing.status).in_(PUBLIC_STATUSES))).all())
    return Counts(sum(found.values()), found.get(True, 0))


def public_values(session: Session, personal: Collection[str]) -> Iterator[ListingValues]:
    """Every public listing without what is personal, by its key, a batch at a time.

    `personal` holds the numbers and addresses that belong to people.
    """
    keys = dict(session.exec(select(Listing.id, Listing.key)).all())
    known = frozenset(map(bare, personal))
    is_public = col(Listing.status).in_(PUBLIC_STATUSES)
    public = set(session.exec(select(Listing.key).where(is_public)).all())
    for ids in _batches(session):
        query = select(Listing).where(col(Listing.id).in_(ids)).options(*Listing.everything())
        for listing in sorted(session.exec(query), key=lambda listing: listing.key):
            values = ListingValues.of(listing, keys)
            others = [key for key in values.alternatives if key in public]
            yield impersonal(values, known).model_copy(update={"alternatives": others})
        session.expunge_all()


def public_cards(session: Session) -> Iterator[Card]:
    """The cards of every public listing, by their keys, a batch at a time."""
    for ids in _batches(session):
        yield from cards(session, ids)
        session.expunge_all()


def _batches(session: Session) -> Iterator[list[UUID]]:
    """The ids of public listings in the order of their keys."""
    last = ""
    query = select(Listing.id, Listing.key).where(col(Listing.status).in_(PUBLIC_STATUSES))
    query = query.order_by(col(Listing.key)).limit(BATCH)
    while rows := session.exec(query.where(col(Listing.key) > last)).all():
        yield [id for id, _ in rows]
        last = rows[-1][1]


def impersonal(values: ListingValues, personal: Collection[str]) -> ListingValues:
    """The same without contacts, without who entered it, and without numbers and addresses of a
    volunteer at home: those of informal offers, mobile numbers, and what belongs to a person, each
    of those as `bare` writes it."""
    is_informal = values.provider is not None and values.provider.is_informal
    phone, mail = bare(values.phone or ""), bare(values.mail or "")
    hides_phone = is_informal or phone.startswith(MOBILE) or phone in personal
    hides_mail = is_informal or mail in personal
    hidden: dict[str, object] = {"contact": None, "backup": None, "entered_by": ""}
    hidden |= {"phone": None} if hides_phone else {}
    hidden |= {"mail": None} if hides_mail else {}
    return values.model_copy(update=hidden)


def bare(told: str) -> str:
    """A number or mail address in one spelling: `+31 (0)6-0000 0096` -> `0600000096`."""
    if "@" in told:
        return told.strip().lower()
    return re.sub(r"\D", "", ABROAD.sub("0", "".join(told.split())))
