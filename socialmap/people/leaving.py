"""Who left: for a year the page leads on, then the person is erased; at once on request (R35)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.listings.edits import Editor
from socialmap.listings.history import Author, status_since
from socialmap.listings.sources import erase_sayings
from socialmap.models import (
    Change,
    Contact,
    FormerSlug,
    ImportedRecord,
    Listing,
    Person,
    TeamMember,
    WijkContact,
)
from socialmap.models.currency import months_later
from socialmap.models.terms import DetailKind, Status
from socialmap.people.edits import NOUN
from socialmap.people.roles import LEADS_ON_MONTHS, find_profile, last_day

GONE = "gewiste persoon"
"""What history says instead of the key of somebody who was erased."""
NAMING = ("contact", "backup", "person")


def gone_people(session: Session, today: date) -> list[Person]:
    """The people whose last role ended a year ago or longer, by name. A role ends with its listing.
    Who never had one is no one who left."""
    people = select(Person).options(selectinload(Person.details)).order_by(Person.name)  # type: ignore[arg-type]
    return [
        one
        for one in session.exec(people).all()
        if _has_had_a_role(session, one)
        and not _has_one_left(session, one.id, today)
        and find_profile(session, one.slug, today) is None
    ]


def _has_had_a_role(session: Session, person: Person) -> bool:
    return person.left_on is not None or any(True for _ in _rows(session, person.id))


def _has_one_left(session: Session, id: UUID, today: date) -> bool:
    """Is there a role that goes on, is to come, or ended less than a year ago?"""
    ends = [_last_day(session, row) for row in _rows(session, id)]
    first_days = [None if day is None else day + timedelta(days=1) for day in ends]
    return any(day is None or today < months_later(day, LEADS_ON_MONTHS) for day in first_days)


def _last_day(session: Session, row: WijkContact | TeamMember | Contact) -> date | None:
    """The last day of a role; of a listing that ended or was withdrawn before, the last of that."""
    if not isinstance(row, Contact) or row.listing_id is None:
        return row.until_on
    listing = session.get_one(Listing, row.listing_id)
    ended = status_since(session, listing.id) if listing.status == Status.WITHDRAWN else None
    return min((day for day in (row.until_on, last_day(listing), ended) if day), default=None)


def _rows(session: Session, id: UUID) -> Iterator[WijkContact | TeamMember | Contact]:
    """Every row that says what someone does or did."""
    is_holder = sa.or_(col(WijkContact.person_id) == id, col(WijkContact.deputy_id) == id)
    is_member = sa.or_(col(TeamMember.person_id) == id, col(TeamMember.backup_id) == id)
    yield from session.exec(select(WijkContact).where(is_holder))
    yield from session.exec(select(TeamMember).where(is_member))
    yield from session.exec(select(Contact).where(Contact.person_id == id))


def erase_person(session: Session, tree: AreaTree, person: Person, author: Author) -> str:
    """Erase a person whose details are loaded, with all that says what that person did, and the
    name in history. Returns the name of the portrait file to forget after the commit, or nothing.

    Scrub the files of the database after the commit.
    """
    photo = next((row.value for row in person.details if row.kind == DetailKind.PHOTO), "")
    listings = select(Contact.listing_id).where(Contact.person_id == person.id)
    ids = [id for id in session.exec(listings) if id]
    _erase_rows(session, person.id)
    _erase_history(session, person)
    session.expunge_all()  # what was read may name the person
    Editor(session, tree, author).renew(ids)
    session.flush()
    return photo


def _erase_rows(session: Session, id: UUID) -> None:
    session.flush()
    for model in (WijkContact, TeamMember, Contact):
        _run(session, sa.delete(model).where(col(model.person_id) == id))
    deputies = sa.update(WijkContact).where(col(WijkContact.deputy_id) == id)
    _run(session, deputies.values(deputy_id=None))
    backups = sa.update(TeamMember).where(col(TeamMember.backup_id) == id)
    _run(session, backups.values(backup_id=None))


def _erase_history(session: Session, person: Person) -> None:
    """The person, what is told of that person, and the key where others are told of."""
    own = sa.and_(col(Change.noun) == NOUN, col(Change.record_id) == person.id)
    _run(session, sa.delete(Change).where(own))
    former = sa.and_(col(FormerSlug.noun) == NOUN, col(FormerSlug.now_slug) == person.slug)
    _run(session, sa.delete(FormerSlug).where(former))
    for change in session.exec(select(Change).where(Change.noun != NOUN)):
        before, after = (_without(value, person.key) for value in (change.before, change.after))
        if (before, after) != (change.before, change.after):
            change.before, change.after = before, after
    named = {row.record_id for row in session.exec(select(ImportedRecord))}
    for id in named:
        erase_sayings(session, id, lambda data: _without(data, person.key))
    session.flush()
    _run(session, sa.delete(Person).where(col(Person.id) == person.id))


def _without(value: Any, key: str) -> Any:
    """A value of history in which nobody has this key."""
    if isinstance(value, dict):
        return {
            name: GONE if name in NAMING and held == key else held for name, held in value.items()
        }
    return GONE if value == key else value


def _run(session: Session, statement: sa.Update | sa.Delete) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
