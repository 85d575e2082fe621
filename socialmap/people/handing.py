"""Handing over: all that someone does goes to a successor in one act, from one day on (R14).

Nothing is overwritten that was true until then: a period ends the day before and another begins,
also where that is still to come, so that no job has to run for it to become true.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from socialmap.labels import day
from socialmap.listings.history import Author, History
from socialmap.models import Contact, Listing, MemberTheme, Person, TeamMember, WijkContact
from socialmap.models.currency import months_later
from socialmap.models.terms import ContactRole
from socialmap.people.holding import NOUN as HELD

MOST_MONTHS = 12
"""So far ahead or back the first day of a successor may be."""
FIELDS = {ContactRole.PRIMARY: "contact", ContactRole.BACKUP: "backup"}
"""What a listing calls its contacts."""


class HandOverError(ValueError):
    """Says in Dutch why this can't be handed over so."""


class _Held(Protocol):
    from_on: Any
    until_on: Any


Row = TypeVar("Row", WijkContact, TeamMember, Contact)


@dataclass(frozen=True)
class Assignments:
    """What someone does from a day on: the rows that say so."""

    areas: Sequence[WijkContact] = ()
    deputy_of: Sequence[WijkContact] = ()
    members: Sequence[TeamMember] = ()
    backup_of: Sequence[TeamMember] = ()
    contacts: Sequence[Contact] = ()
    """Of listings and places, and of the teams that someone leads."""

    @property
    def listing_ids(self) -> list[UUID]:
        return list({row.listing_id: None for row in self.contacts if row.listing_id})

    @property
    def led_team_ids(self) -> list[UUID]:
        return [row.team_id for row in self.contacts if row.team_id]

    def __bool__(self) -> bool:
        """Is there anything?"""
        rows = (self.areas, self.deputy_of, self.members, self.backup_of, self.contacts)
        return any(rows)


def assignments_of(session: Session, person_id: UUID, on: date) -> Assignments:
    """All that someone does on this day or later."""

    def rows(model: type[Row], is_ones_own: sa.ColumnElement[bool]) -> list[Row]:
        return [row for row in session.exec(select(model).where(is_ones_own)) if _lasts(row, on)]

    return Assignments(
        areas=rows(WijkContact, col(WijkContact.person_id) == person_id),
        deputy_of=rows(WijkContact, col(WijkContact.deputy_id) == person_id),
        members=rows(TeamMember, col(TeamMember.person_id) == person_id),
        backup_of=rows(TeamMember, col(TeamMember.backup_id) == person_id),
        contacts=rows(Contact, col(Contact.person_id) == person_id),
    )


def _lasts(row: _Held, on: date) -> bool:
    return row.until_on is None or row.until_on >= on


def hand_over(
    session: Session, leaver: Person, successor: Person, on: date, author: Author
) -> Assignments:
    """Let the successor do from `on` all that the leaver does; returns what that was.

    The successor does not take over what is of the leaver alone: days, hours, what to ask. The page
    of the leaver leads on from that day. Raises HandOverError.
    """
    _refuse(leaver, successor, on, author.now.date())
    found = assignments_of(session, leaver.id, on)
    if not found:
        raise HandOverError(f"{leaver.name} doet op {day(on)} niets meer dat over kan gaan.")
    act = _Act(session, leaver, successor, on, author)
    for area in found.areas:
        act.area(area)
    for area in found.deputy_of:
        act.deputy(area)
    for member in found.members:
        act.member(member)
    for member in found.backup_of:
        act.backup(member)
    for contact in found.contacts:
        act.contact(contact)
    leaver.left_on, leaver.successor_id = on, successor.id
    session.add(leaver)
    session.flush()
    return found


def _refuse(leaver: Person, successor: Person, on: date, today: date) -> None:
    if leaver.id == successor.id:
        raise HandOverError("Kies iemand anders: dit is dezelfde persoon.")
    if successor.left_on is not None:
        raise HandOverError(f"{successor.name} heeft zelf alles overgedragen. Kies iemand anders.")
    if leaver.left_on is not None:
        told = f"{leaver.name} heeft al overgedragen, per {day(leaver.left_on)}."
        raise HandOverError(told)
    if not months_later(today, -MOST_MONTHS) <= on <= months_later(today, MOST_MONTHS):
        raise HandOverError("Kies een eerste dag die hoogstens een jaar van vandaag af ligt.")


@dataclass(frozen=True)
class _Act:
    """One handing over, row by row."""

    session: Session
    leaver: Person
    successor: Person
    on: date
    author: Author

    def area(self, row: WijkContact) -> None:
        """The successor holds the area; an absence was of the leaver."""
        deputy = None if row.deputy_id == self.successor.id else row.deputy_id
        told = {"absent_from": None, "absent_until": None, "confirmed_on": self._today}
        self._pass(row, person_id=self.successor.id, deputy_id=deputy, **told)
        self._note(row.id, "person")

    def deputy(self, row: WijkContact) -> None:
        """The successor stands in for the area, unless it is the successor's own."""
        is_own = row.person_id == self.successor.id
        self._change(row, deputy_id=None if is_own else self.successor.id)
        self._note(row.id, "deputy")

    def member(self, row: TeamMember) -> None:
        """The successor is found at the school or centre; one who was there already stays so."""
        if self._is_there(row):
            self._end(row)
            return
        backup = None if row.backup_id == self.successor.id else row.backup_id
        own = {"hours": "", "ask_me": "", "not_me": ""}
        self._pass(row, person_id=self.successor.id, backup_id=backup, **own)

    def backup(self, row: TeamMember) -> None:
        """The successor is the backup of a colleague."""
        is_own = row.person_id == self.successor.id
        self._change(row, backup_id=None if is_own else self.successor.id)

    def contact(self, row: Contact) -> None:
        """The successor is the contact of a listing, a place or a team."""
        others = [one for one in self._of_same(row) if one.person_id == self.successor.id]
        has_same = any(one.role == row.role for one in others)
        is_primary = any(one.role == ContactRole.PRIMARY for one in others)
        if has_same or (is_primary and row.role == ContactRole.BACKUP):
            self._end(row)
            self._note_listing(row, None)
            return
        for one in others:  # nobody is one's own backup
            self._end(one)
            self._note_listing(one, None, before=self.successor.key)
        self._pass(row, person_id=self.successor.id)
        self._note_listing(row, self.successor.key)

    @property
    def _today(self) -> date:
        return self.author.now.date()

    def _pass(self, row: Row, **told: Any) -> None:
        """End a row the day before, and begin one that says otherwise what is told."""
        if row.from_on is not None and row.from_on >= self.on:
            self._tell(row, told)
            return
        until_on, row.until_on = row.until_on, self.on - timedelta(days=1)
        self.session.flush()  # a period ends before the next one begins
        self._copy(row, {"from_on": self.on, "until_on": until_on, **told})

    def _change(self, row: Row, **told: Any) -> None:
        """Say something else of a row from the day on, for the same person."""
        if self.on <= self._today:
            self._tell(row, told)
        else:
            self._pass(row, **told)

    def _tell(self, row: SQLModel, told: dict[str, Any]) -> None:
        for name, value in told.items():
            setattr(row, name, value)
        self.session.flush()

    def _copy(self, row: Row, told: dict[str, Any]) -> None:
        fresh = type(row)(**{**row.model_dump(), **told, "id": uuid4()})
        self.session.add(fresh)
        self.session.flush()
        if isinstance(row, TeamMember) and fresh.person_id == row.person_id:
            for theme in self._themes(row.id):
                self.session.add(MemberTheme(member_id=fresh.id, theme_id=theme))
            self.session.flush()

    def _end(self, row: Row) -> None:
        """End a row the day before; one that would not have begun by then goes."""
        if row.from_on is not None and row.from_on >= self.on:
            self.session.delete(row)
        else:
            row.until_on = self.on - timedelta(days=1)
        self.session.flush()

    def _themes(self, member_id: UUID) -> Sequence[str]:
        query = select(MemberTheme.theme_id).where(MemberTheme.member_id == member_id)
        return self.session.exec(query).all()

    def _is_there(self, row: TeamMember) -> bool:
        """Is the successor in this team at this place already?"""
        query = select(TeamMember).where(
            TeamMember.team_id == row.team_id,
            TeamMember.person_id == self.successor.id,
            TeamMember.workplace == row.workplace,
        )
        return any(_lasts(one, self.on) for one in self.session.exec(query))

    def _of_same(self, row: Contact) -> Iterator[Contact]:
        """The contacts of the same listing, team or place that last."""
        query = select(Contact).where(
            col(Contact.listing_id).is_not_distinct_from(row.listing_id),
            col(Contact.team_id).is_not_distinct_from(row.team_id),
            col(Contact.place_id).is_not_distinct_from(row.place_id),
        )
        return (one for one in self.session.exec(query).all() if _lasts(one, self.on))

    def _note(self, id: UUID, name: str) -> None:
        """Keep in history who came after whom."""
        before, after = self.leaver.key, self.successor.key
        self.session.add(self.author.change(HELD, id, name, before=before, after=after))

    def _note_listing(self, row: Contact, after: str | None, before: str | None = None) -> None:
        """The same in the history of a listing, as an edit by hand says it."""
        if row.listing_id is None:
            return
        history = History(self.session, self.author)
        history.record(row.listing_id, FIELDS[row.role], before or self.leaver.key, after)
        self.session.get_one(Listing, row.listing_id).changed_on = self._today
