"""Who keeps a person's entry: for whom and where that person is to be called, and who added it."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.models import (
    Account,
    Contact,
    Coverage,
    Listing,
    ListingPlace,
    Person,
    Place,
    TeamArea,
    TeamMember,
    WijkContact,
)


@dataclass(frozen=True)
class Ties:
    """What binds a person to those who may keep the entry."""

    providers: frozenset[UUID] = frozenset()
    """Of the listings of which this person is the contact or the backup."""
    areas: frozenset[str] = frozenset()
    """Codes of where those listings are, of the areas held, and of the buurten of the teams; where
    there are none, of the areas for which this person stands in."""
    added_by: UUID | None = None
    """The account that added this person."""


class Choice(NamedTuple):
    """Someone who can be chosen as contact."""

    key: str
    name: str
    role: str


def ties_of(session: Session, person: Person, today: date) -> Ties:
    """What binds a person today, or from a later day on."""
    listings = _listings_of(session, person.id, today)
    areas = {
        *_areas_of_listings(session, listings),
        *_areas_held(session, person.id, today),
        *_areas_of_teams(session, person.id, today),
    }
    areas = areas or _areas_stood_in_for(session, person.id, today)
    return Ties(_providers(session, listings), frozenset(areas), person.added_by_id)


def ties_of_listing(session: Session, slug: str) -> Ties | None:
    """What would bind a contact of this listing, which may be a draft; None for no listing."""
    id = session.exec(select(Listing.id).where(Listing.slug == slug)).one_or_none()
    if id is None:
        return None
    return Ties(_providers(session, [id]), frozenset(_areas_of_listings(session, [id])))


def choices(
    session: Session,
    account: Account,
    today: date,
    *,
    provider_id: UUID | None,
    listing_id: UUID | None = None,
) -> list[Choice]:
    """The people among whom an account chooses the contact of a listing, by name.

    Who is the contact or backup of any listing of the provider (or of this one, which may have
    no provider), and who was added by this account.
    """
    listings = select(Listing.id).where(  # what is None is of nobody, not of all without
        sa.or_(
            col(Listing.provider_id).in_([provider_id] if provider_id else []),
            col(Listing.id).in_([listing_id] if listing_id else []),
        )
    )
    here = col(Contact.listing_id).in_(listings)
    current = select(Contact.person_id).where(here, _not_over(today))
    query = (
        select(Person.key, Person.name, Person.role)
        .where(sa.or_(col(Person.id).in_(current), col(Person.added_by_id) == account.id))
        .order_by(col(Person.name), col(Person.key))
    )
    return [Choice(*row) for row in session.exec(query)]


def _not_over(today: date) -> sa.ColumnElement[bool]:
    return sa.or_(col(Contact.until_on).is_(None), col(Contact.until_on) >= today)


def _listings_of(session: Session, id: UUID, today: date) -> list[UUID]:
    query = select(Contact.listing_id).where(Contact.person_id == id, _not_over(today))
    return [listing for listing in session.exec(query) if listing]


def _providers(session: Session, listings: list[UUID]) -> frozenset[UUID]:
    query = select(Listing.provider_id).where(col(Listing.id).in_(listings))
    return frozenset(provider for provider in session.exec(query) if provider)


def _areas_of_listings(session: Session, listings: list[UUID]) -> set[str]:
    """Where listings are; of one without a place the area it serves, if that is one."""
    at = (
        select(ListingPlace.listing_id, Place.area_code)
        .join(Place, col(Place.id) == ListingPlace.place_id)
        .where(col(ListingPlace.listing_id).in_(listings))
    )
    found = [(listing, code) for listing, code in session.exec(at) if code]
    somewhere = {listing for listing, _ in found}
    serves: dict[UUID, list[str | None]] = {}
    rows = select(Coverage.listing_id, Coverage.area_code)
    for listing, code in session.exec(rows.where(col(Coverage.listing_id).in_(listings))):
        serves.setdefault(listing, []).append(code)
    only = (codes[0] for id, codes in serves.items() if id not in somewhere and len(codes) == 1)
    return {code for _, code in found} | {code for code in only if code}


def _areas_held(session: Session, id: UUID, today: date) -> set[str]:
    """The areas of which someone is the contact."""
    rows = session.exec(select(WijkContact).where(WijkContact.person_id == id))
    return {row.area_code for row in rows if row.until_on is None or today <= row.until_on}


def _areas_stood_in_for(session: Session, id: UUID, today: date) -> set[str]:
    """The areas of which someone is the deputy. They bind only who is bound to nothing else: a
    colleague does not come to keep an entry by choosing a deputy."""
    rows = session.exec(select(WijkContact).where(WijkContact.deputy_id == id))
    return {row.area_code for row in rows if row.until_on is None or today <= row.until_on}


def _areas_of_teams(session: Session, id: UUID, today: date) -> set[str]:
    """The buurten of the teams in which someone works, or which someone leads."""
    is_member = sa.or_(col(TeamMember.person_id) == id, col(TeamMember.backup_id) == id)
    members = session.exec(select(TeamMember).where(is_member))
    teams = {row.team_id for row in members if row.until_on is None or today <= row.until_on}
    leads = select(Contact.team_id).where(Contact.person_id == id, _not_over(today))
    teams |= {team for team in session.exec(leads) if team}
    buurten = select(TeamArea.area_code).where(col(TeamArea.team_id).in_(teams))
    return set(session.exec(buurten))
