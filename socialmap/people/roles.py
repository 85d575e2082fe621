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
from socialmap.models.terms import PUBLIC_STATUSES, ContactRole, DetailKind, Status
from socialmap.people.find import PersonView, view_of, with_details

LEADS_ON_MONTHS = 12
"""So long after leaving, the page of a person leads to who came after; then there is none."""


@dataclass(frozen=True)
class Role:
    """An area or a listing for which a person is, was or will be the one to call."""

    from_on: date | None
    until_on: date | None
    area: str | None = None
    listing: UUID | None = None
    is_stand_in: bool = False
    """Deputy or backup, not the contact."""

    def is_held(self, today: date) -> bool:
        has_begun = self.from_on is None or self.from_on <= today
        return has_begun and (self.until_on is None or today <= self.until_on)


@dataclass(frozen=True)
class Profile:
    """A person with the roles of today; or, after `left_on`, with the ones that ended."""

    person: PersonView
    roles: tuple[Role, ...]
    leads: tuple[tuple[str, str], ...]
    """(slug, name) of the teams that this person leads."""
    left_on: date | None = None
    """The first day without this person."""

    def areas(self, *, is_stand_in: bool = False) -> list[str]:
        """Codes of the areas of which this person is the contact, or the deputy."""
        return [role.area for role in self.roles if role.area and role.is_stand_in == is_stand_in]

    def listings(self, *, is_stand_in: bool = False) -> list[UUID]:
        """The listings of which this person is the contact, or the backup."""
        roles = (role for role in self.roles if role.is_stand_in == is_stand_in)
        return [role.listing for role in roles if role.listing]


def find_profile(session: Session, slug: str, today: date) -> Profile | None:
    """The person with this slug; None when not known, without a role, or gone for a year."""
    query = select(Person).where(Person.slug == slug)
    person = session.exec(query.options(selectinload(Person.details))).one_or_none()  # type: ignore[arg-type]
    if person is None:
        return None
    roles = [*_of_areas(session, person.id), *_of_listings(session, person.id)]
    held = tuple(role for role in roles if role.is_held(today))
    view, leads = view_of(person, today), _led_by(session, person.id)
    if held or leads or _is_in_a_team(session, person.id):
        return Profile(view, held, leads)
    ended = [role for role in roles if role.until_on and role.until_on < today]
    last = max((role.until_on for role in ended if role.until_on), default=None)
    if last is None or today > months_later(last, LEADS_ON_MONTHS):
        return None
    return Profile(view, tuple(ended), (), left_on=last + timedelta(days=1))


def is_called(session: Session, person: Person, today: date) -> bool:
    """Is this person someone to call today, and so on pages? Not who left, or has nothing yet."""
    profile = find_profile(session, person.slug, today)
    return profile is not None and profile.left_on is None


def _of_areas(session: Session, id: UUID) -> Iterator[Role]:
    is_either = sa.or_(col(WijkContact.person_id) == id, col(WijkContact.deputy_id) == id)
    query = select(WijkContact).where(is_either).order_by(col(WijkContact.area_code))
    for row in session.exec(query):
        is_stand_in = row.person_id != id
        yield Role(row.from_on, row.until_on, area=row.area_code, is_stand_in=is_stand_in)


def _of_listings(session: Session, id: UUID) -> Iterator[Role]:
    """The public ones; a role ends with its listing."""
    query = (
        select(Contact, Listing)
        .join(Listing, col(Listing.id) == Contact.listing_id)
        .where(Contact.person_id == id, col(Listing.status).in_(PUBLIC_STATUSES))
        .order_by(col(Listing.title))
    )
    for contact, listing in session.exec(query):
        ends = (contact.until_on, _last_day(listing))
        until_on = min((day for day in ends if day), default=None)
        is_stand_in = contact.role == ContactRole.BACKUP
        yield Role(contact.from_on, until_on, listing=listing.id, is_stand_in=is_stand_in)


def _last_day(listing: Listing) -> date | None:
    """The last day of what has ended or will; None where no end is known."""
    if listing.status != Status.ENDED or listing.ended_on is None:
        return None
    return listing.ended_on - timedelta(days=1)


def _led_by(session: Session, id: UUID) -> tuple[tuple[str, str], ...]:
    query = select(Team.slug, Team.name).where(Team.leader_id == id).order_by(Team.name)
    return tuple(session.exec(query).all())


def _is_in_a_team(session: Session, id: UUID) -> bool:
    """Is this person a member of a team, or the backup of one?"""
    is_either = sa.or_(col(TeamMember.person_id) == id, col(TeamMember.backup_id) == id)
    return session.exec(select(TeamMember.id).where(is_either)).first() is not None


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
