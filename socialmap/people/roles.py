"""What a person can be called for, and where it leads on after that person left (R14, R35)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.models import Contact, Listing, Person, PersonDetail, Team, TeamMember, WijkContact
from socialmap.models.currency import months_later
from socialmap.models.people import is_between
from socialmap.models.terms import PUBLIC_STATUSES, ContactRole, DetailKind, Status
from socialmap.people.edits import find_person
from socialmap.people.find import PersonView, view_of, with_details

LEADS_ON_MONTHS = 12
"""So long after leaving, the page of a person leads to who came after; then there is none."""


@dataclass(frozen=True)
class Role:
    """An area, a listing or a team for which a person is, was or will be the one to call."""

    from_on: date | None
    until_on: date | None
    area: str | None = None
    listing: UUID | None = None
    team: UUID | None = None
    is_stand_in: bool = False
    """Deputy or backup, not the contact."""

    def is_held(self, today: date) -> bool:
        return is_between(self.from_on, self.until_on, today)


@dataclass(frozen=True)
class Profile:
    """A person with the roles of today; or, after `left_on`, with the ones that ended."""

    person: PersonView
    roles: tuple[Role, ...]
    leads: tuple[tuple[str, str], ...]
    """(slug, name) of the teams that this person leads."""
    left_on: date | None = None
    """The first day without this person."""
    successor: PersonView | None = None
    """Who took over all of it in one act."""

    def areas(self, *, is_stand_in: bool = False) -> list[str]:
        """Codes of the areas of which this person is the contact, or the deputy."""
        return [role.area for role in self.roles if role.area and role.is_stand_in == is_stand_in]

    def listings(self, *, is_stand_in: bool = False) -> list[UUID]:
        """The listings of which this person is the contact, or the backup."""
        roles = (role for role in self.roles if role.is_stand_in == is_stand_in)
        return [role.listing for role in roles if role.listing]


def find_profile(session: Session, slug: str, today: date) -> Profile | None:
    """The person with this slug; None when not known, without a role, or gone for a year."""
    person = find_person(session, slug)
    if person is None:
        return None
    roles = [*_of_areas(session, person, today), *_of_listings(session, person.id)]
    roles += _of_teams(session, person.id)
    held = tuple(role for role in roles if role.is_held(today))
    view = view_of(person, today)
    if held:
        return Profile(view, held, _led_by(session, person.id, today))
    ended = tuple(role for role in roles if role.until_on and role.until_on < today)
    left_on = _left_on(person, ended, today)
    if left_on is None or today >= months_later(left_on, LEADS_ON_MONTHS):
        return None
    return Profile(view, ended, (), left_on, _successor(session, person, today))


def _left_on(person: Person, ended: Collection[Role], today: date) -> date | None:
    """The first day on which someone held nothing any more; None where there was never a role."""
    days = [role.until_on + timedelta(days=1) for role in ended if role.until_on]
    days += [person.left_on] if person.left_on and person.has_left(today) else []
    return max(days, default=None)


def _successor(session: Session, person: Person, today: date) -> PersonView | None:
    if person.successor_id is None or not person.has_left(today):
        return None
    query = select(Person).where(Person.id == person.successor_id)
    found = session.exec(query.options(selectinload(Person.details))).one()  # type: ignore[arg-type]
    return view_of(found, today)


def is_called(session: Session, person: Person, today: date) -> bool:
    """Is this person someone to call today, and so on pages? Not who left, or has nothing yet."""
    profile = find_profile(session, person.slug, today)
    return profile is not None and profile.left_on is None


def _of_areas(session: Session, person: Person, today: date) -> Iterator[Role]:
    """The areas of which someone is the contact or the deputy; a deputy goes on while nobody comes
    after the contact."""
    id, goes_on = person.id, not person.has_left(today)
    is_either = sa.or_(col(WijkContact.person_id) == id, col(WijkContact.deputy_id) == id)
    query = select(WijkContact).where(is_either).order_by(col(WijkContact.area_code))
    for row in session.exec(query).all():
        is_stand_in = row.person_id != id
        until_on = row.until_on
        if is_stand_in and until_on and goes_on:
            until_on = _filled_on(session, row.area_code, until_on)
        yield Role(row.from_on, until_on, area=row.area_code, is_stand_in=is_stand_in)


def _filled_on(session: Session, area_code: str, last_day: date) -> date | None:
    """The last day before someone holds an area after `last_day`; None while nobody is known."""
    later = select(col(WijkContact.from_on)).where(
        WijkContact.area_code == area_code,
        sa.or_(col(WijkContact.until_on).is_(None), col(WijkContact.until_on) > last_day),
    )
    first = min(session.exec(later), default=None)
    return None if first is None else max(last_day, first - timedelta(days=1))


def _of_listings(session: Session, id: UUID) -> Iterator[Role]:
    """The public ones; a role ends with its listing."""
    query = (
        select(Contact, Listing)
        .join(Listing, col(Listing.id) == Contact.listing_id)
        .where(Contact.person_id == id, col(Listing.status).in_(PUBLIC_STATUSES))
        .order_by(col(Listing.title))
    )
    for contact, listing in session.exec(query):
        ends = (contact.until_on, last_day(listing))
        until_on = min((day for day in ends if day), default=None)
        is_stand_in = contact.role == ContactRole.BACKUP
        yield Role(contact.from_on, until_on, listing=listing.id, is_stand_in=is_stand_in)


def last_day(listing: Listing) -> date | None:
    """The last day of what has ended or will; None where no end is known."""
    if listing.status != Status.ENDED or listing.ended_on is None:
        return None
    return listing.ended_on - timedelta(days=1)


def _of_teams(session: Session, id: UUID) -> Iterator[Role]:
    """The teams that someone leads, is a member of, or is the backup in."""
    leads = select(Contact).where(Contact.person_id == id, col(Contact.team_id).is_not(None))
    for lead in session.exec(leads):
        yield Role(lead.from_on, lead.until_on, team=lead.team_id)
    is_either = sa.or_(col(TeamMember.person_id) == id, col(TeamMember.backup_id) == id)
    for row in session.exec(select(TeamMember).where(is_either)):
        is_stand_in = row.person_id != id
        yield Role(row.from_on, row.until_on, team=row.team_id, is_stand_in=is_stand_in)


def _led_by(session: Session, id: UUID, today: date) -> tuple[tuple[str, str], ...]:
    query = select(Contact, Team).join(Team, col(Team.id) == Contact.team_id)
    rows = session.exec(query.where(Contact.person_id == id).order_by(Team.name))
    return tuple((team.slug, team.name) for lead, team in rows if lead.is_current(today))


def choices_with_mail(session: Session, mail: str) -> list[tuple[str, str]]:
    """(key, name and role) of the people whose own mail address this is, by name."""
    query = (
        select(Person.key, Person.name, Person.role)
        .join(PersonDetail, col(PersonDetail.person_id) == Person.id)
        .where(PersonDetail.kind == DetailKind.MAIL)
        .where(sa.func.lower(PersonDetail.value) == mail)
        .order_by(col(Person.name))
    )
    return [(key, f"{name}, {role}" if role else name) for key, name, role in session.exec(query)]


def contacts_of_listings(
    session: Session, ids: Collection[UUID], today: date
) -> dict[UUID, PersonView]:
    """The contact of today of each of these listings that has one."""
    query = select(Contact).where(
        col(Contact.listing_id).in_(ids), Contact.role == ContactRole.PRIMARY
    )
    rows = session.exec(query.options(with_details(Contact.person))).all()
    return {
        row.listing_id: view_of(row.person, today)
        for row in rows
        if row.listing_id and row.is_current(today)
    }
