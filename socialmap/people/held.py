"""What is known of who holds an area: today, later on, and what of it asks for attention (R13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.models import WijkContact
from socialmap.people.find import (
    AreaContact,
    contact_for_area,
    contacts_for_areas,
    held_rows,
    led_teams,
    with_details,
)

DAY = timedelta(days=1)


class Attention(StrEnum):
    """What of an area asks for attention."""

    VACANT = "vacant"
    LEAVING = "leaving"
    AWAY = "away"
    AWAY_LATER = "away_later"
    NO_DEPUTY = "no_deputy"
    DEPUTY_AWAY = "deputy_away"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Held:
    """An area as those see it who may decide who holds it."""

    contact: AreaContact
    """What everybody sees today."""
    rows: tuple[WijkContact, ...]
    """Everyone who held it, holds it and will."""
    now: WijkContact | None
    later: WijkContact | None
    """Who comes first after today."""
    attention: tuple[Attention, ...]

    @property
    def code(self) -> str:
        return self.contact.area_code

    @property
    def is_unconfirmed(self) -> bool:
        return Attention.UNCONFIRMED in self.attention

    @property
    def goes_on(self) -> bool:
        """Does who holds it now hold it after that too, with something else about it?"""
        return bool(self.now and self.later and _follows(self.now, self.later))

    @property
    def absence(self) -> tuple[date, date | None] | None:
        """First and last day of an absence that is not over; no last day is no end."""
        is_to_tell = {Attention.AWAY, Attention.AWAY_LATER}.intersection(self.attention)
        if self.now is None or self.now.absent_from is None or not is_to_tell:
            return None
        return self.now.absent_from, self.now.absent_until

    @property
    def version(self) -> str:
        """Tells whether it is as when a form was given out."""
        return version_of(self.rows)


@dataclass(frozen=True)
class Outlook:
    """Whom everybody is told to call from a day on."""

    from_on: date
    contact: AreaContact


def held_areas(session: Session, tree: AreaTree, codes: Sequence[str], today: date) -> list[Held]:
    """These areas in this order, in a fixed number of reads."""
    contacts = contacts_for_areas(session, tree, codes, today)
    rows = held_rows(session, codes)
    deputies = _absences(session, [row for found in rows.values() for row in found], today)
    return [_held(contacts[code], rows.get(code, []), deputies, today) for code in codes]


def _held(
    contact: AreaContact,
    rows: list[WijkContact],
    deputies: dict[UUID, list[WijkContact]],
    today: date,
) -> Held:
    rows = sorted(rows, key=lambda row: (row.from_on, str(row.id)))
    now = next((row for row in reversed(rows) if row.is_current(today)), None)
    later = next((row for row in rows if row.from_on > today), None)
    attention: tuple[Attention, ...] = (Attention.VACANT,)
    if now:
        is_leaving = now.until_on is not None and not (later and _follows(now, later))
        attention = (Attention.LEAVING,) if is_leaving else ()
        attention += tuple(_attention(now, deputies, today))
    return Held(contact, tuple(rows), now, later, attention)


def _follows(row: WijkContact, later: WijkContact) -> bool:
    is_next = row.until_on is not None and later.from_on == row.until_on + DAY
    return is_next and later.person_id == row.person_id


def _attention(
    row: WijkContact, deputies: dict[UUID, list[WijkContact]], today: date
) -> Iterable[Attention]:
    if row.absent_from and row.is_away_between(today, None):
        first, last = max(today, row.absent_from), row.absent_until
        yield Attention.AWAY if row.is_absent(today) else Attention.AWAY_LATER
        if row.deputy_id is None:
            yield Attention.NO_DEPUTY
        elif any(one.is_away_between(first, last) for one in deputies.get(row.deputy_id, ())):
            yield Attention.DEPUTY_AWAY
    if not row.is_confirmed(today):
        yield Attention.UNCONFIRMED


def _absences(
    session: Session, rows: list[WijkContact], today: date
) -> dict[UUID, list[WijkContact]]:
    """Where and when the deputies of these areas are away themselves, from today on."""
    ids = {row.deputy_id for row in rows if row.deputy_id and row.absent_from}
    query = select(WijkContact).where(col(WijkContact.person_id).in_(ids))
    found: dict[UUID, list[WijkContact]] = {}
    for row in session.exec(query.where(col(WijkContact.absent_from).is_not(None))):
        if row.until_on is None or today <= row.until_on:
            found.setdefault(row.person_id, []).append(row)
    return found


def unconfirmed_count(session: Session, codes: Sequence[str], today: date) -> int:
    """How many of these areas have a holder whom nobody confirmed for half a year."""
    rows = session.exec(select(WijkContact).where(col(WijkContact.area_code).in_(codes)))
    return sum(row.is_current(today) and not row.is_confirmed(today) for row in rows)


def rows_of_person(session: Session, person_id: UUID, today: date) -> list[WijkContact]:
    """The areas that someone holds today, by code, with people and what they show."""
    query = select(WijkContact).where(WijkContact.person_id == person_id)
    people = with_details(WijkContact.person), with_details(WijkContact.deputy)
    rows = session.exec(query.options(*people).order_by(col(WijkContact.area_code)))
    return [row for row in rows if row.is_current(today)]


def version_of(rows: Iterable[WijkContact]) -> str:
    """Tells whether these are as when a form was given out."""
    told = sorted(repr(sorted(row.model_dump(mode="json").items())) for row in rows)
    return sha256("".join(told).encode()).hexdigest()


def outlook(session: Session, tree: AreaTree, code: str, today: date) -> list[Outlook]:
    """Whom everybody is told to call for an area: from today on, and after each day on which that
    changes as far as is known now."""
    days = [today, *_days_of_change(session, tree, code, today)]
    found: list[Outlook] = []
    for day in days:
        contact = contact_for_area(session, tree, code, day)
        if not found or _told(contact) != _told(found[-1].contact):
            found.append(Outlook(day, contact))
    return found


def _told(contact: AreaContact) -> tuple[object, ...]:
    answers = contact.reachable
    return contact.presence, answers and answers.id, contact.phone


def _days_of_change(session: Session, tree: AreaTree, code: str, today: date) -> list[date]:
    """The days from which someone who may answer for an area is there, away, or no longer it."""
    chain = [node.code for node in tree.ancestors(code)]
    rows = list(session.exec(select(WijkContact).where(col(WijkContact.area_code).in_(chain))))
    teams = led_teams(session, tree, [code]).get(code, [])
    leads = [lead for team in teams for lead in team.contacts]
    people = {id for row in rows for id in (row.person_id, row.deputy_id) if id}
    is_of_them = sa.and_(
        col(WijkContact.person_id).in_(people | {lead.person_id for lead in leads}),
        col(WijkContact.absent_from).is_not(None),
    )
    rows += session.exec(select(WijkContact).where(is_of_them))
    begins = {day for row in rows for day in (row.from_on, row.absent_from)}
    ends = {day for row in rows for day in (row.until_on, row.absent_until)}
    begins |= {lead.from_on for lead in leads}
    ends |= {lead.until_on for lead in leads}
    days = {day for day in begins if day} | {day + DAY for day in ends if day}
    return sorted(day for day in days if today < day)
