"""Assignments to a school or centre: they run to the end of the school year, and are asked again in
June (R15).

An assignment of which somebody said that it stops keeps its last day; that it was said is known
from history.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.labels import day
from socialmap.listings.history import Author
from socialmap.models import Change, Person, TeamMember
from socialmap.models.currency import months_later
from socialmap.people import with_details
from socialmap.teams.hours import read_hours, written

NOUN = "team_member"
STOPS = "stops"
"""What history calls the answer that an assignment ends on its last day."""
ASKED_FROM, LAST_DAY = (6, 1), (7, 31)
FAR_MONTHS = 24
LONGEST = 120

TOO_LONG = "Dit is te lang. Gebruik hoogstens {} tekens."
FAR = "{} is te ver van nu. Kijk het jaar nog eens na."
REVERSED = "De laatste dag is eerder dan de eerste. Kijk de dagen na."
ALREADY = "{} is daar dan al. Kies iemand anders, of een andere school of plek."


class AssigningError(ValueError):
    """Says in Dutch what can't be, and by the name of which value."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Assignment:
    """Someone at a school or centre, as those see it who may say how long."""

    row: TeamMember
    is_asked: bool
    """Is it to be said whether it goes on in the next school year?"""
    stops: bool
    """Did somebody say that it does not?"""

    @property
    def next_end(self) -> date | None:
        """The last day once it goes on for another school year."""
        return months_later(self.row.until_on, 12) if self.row.until_on else None


@dataclass(frozen=True)
class Told:
    """A new assignment as typed."""

    workplace: str
    from_on: date
    until_on: date | None = None
    hours: str = ""
    """As people write them: `di 8.30-12.00, do 13.00-15.30`."""


def school_year_end(on: date) -> date:
    """The last day of the school year in which a day lies: 31 July."""
    last = date(on.year, *LAST_DAY)
    return last if on <= last else date(on.year + 1, *LAST_DAY)


def is_season(until_on: date | None, today: date) -> bool:
    """Is this last day one of which is asked now: the end of this school year, from 1 June on?"""
    is_end = until_on is not None and (until_on.month, until_on.day) == LAST_DAY
    return bool(is_end and until_on and date(until_on.year, *ASKED_FROM) <= today <= until_on)


def assignments(session: Session, team_id: UUID, today: date) -> list[Assignment]:
    """The assignments in a team that are not over, by place, then by name."""
    query = select(TeamMember).where(TeamMember.team_id == team_id)
    found = session.exec(query.options(with_details(TeamMember.person)))
    rows = [row for row in found if row.until_on is None or today <= row.until_on]
    stopping = _stopping(session, rows)
    going_on = {
        (row.person_id, row.workplace) for row in rows if row.from_on and row.from_on > today
    }
    rows.sort(key=lambda row: (row.workplace, row.person.name, row.from_on or date.min))
    return [_assignment(row, row.id in stopping, going_on, today) for row in rows]


def _assignment(
    row: TeamMember, stops: bool, going_on: Collection[tuple[UUID, str]], today: date
) -> Assignment:
    is_followed = (row.person_id, row.workplace) in going_on
    is_asked = is_season(row.until_on, today) and not stops and not is_followed
    return Assignment(row, is_asked, stops)


def _stopping(session: Session, rows: Iterable[TeamMember]) -> set[UUID]:
    """Those of which somebody said that they end on the last day that they have."""
    by_id = {row.id: row for row in rows}
    said = select(Change).where(Change.noun == NOUN, Change.field == STOPS)
    changes = session.exec(said.where(col(Change.record_id).in_(by_id)))
    return {one.record_id for one in changes if one.after == _plain(by_id[one.record_id].until_on)}


def asked_counts(session: Session, team_ids: Sequence[UUID], today: date) -> dict[UUID, int]:
    """Of how many assignments in each of these teams is asked now; teams without are left out."""
    counts = {id: sum(one.is_asked for one in assignments(session, id, today)) for id in team_ids}
    return {id: count for id, count in counts.items() if count}


def prolong(session: Session, rows: Sequence[TeamMember], today: date, author: Author) -> set[UUID]:
    """Let those of these that are asked go on for another school year; returns which."""
    changed = set()
    for row in rows:
        if is_season(row.until_on, today) and row.until_on:
            later = months_later(row.until_on, 12)
            _keep(session, row, author, "until_on", later)
            row.until_on = later
            changed.add(row.id)
    session.flush()
    return changed


def stop(session: Session, rows: Sequence[TeamMember], author: Author) -> set[UUID]:
    """Somebody says that these end on their last day; returns of which that is new."""
    known = _stopping(session, rows)
    fresh = [row for row in rows if row.until_on and row.id not in known]
    for row in fresh:
        _keep(session, row, author, STOPS, row.until_on)
    session.flush()
    return {row.id for row in fresh}


def assign(
    session: Session,
    team_id: UUID,
    person: Person,
    told: Told,
    today: date,
    author: Author,
) -> UUID | None:
    """Let someone work at a school or centre for a team; returns the id, or None where that was so
    already. Without a last day till the end of the school year. Raises AssigningError."""
    until_on = told.until_on or school_year_end(told.from_on)
    _refuse(told, until_on, today)
    row = TeamMember(
        team_id=team_id,
        person_id=person.id,
        workplace=told.workplace,
        hours=_hours(told.hours),
        from_on=told.from_on,
        until_on=until_on,
    )
    for one in _same(session, row):
        if (one.from_on, one.until_on, one.hours) == (row.from_on, row.until_on, row.hours):
            return None
        if one.until_on is None or one.until_on >= told.from_on:
            raise AssigningError("person", ALREADY.format(person.name))
    session.add(row)
    session.flush()
    born = {"person": person.key, "workplace": row.workplace, "until_on": until_on.isoformat()}
    session.add(author.change(NOUN, row.id, "", after=born))
    session.flush()
    return row.id


def _refuse(told: Told, until_on: date, today: date) -> None:
    if len(told.workplace) > LONGEST:
        raise AssigningError("workplace", TOO_LONG.format(LONGEST))
    for name, on in (("from_on", told.from_on), ("until_on", until_on)):
        if not months_later(today, -FAR_MONTHS) <= on <= months_later(today, FAR_MONTHS):
            raise AssigningError(name, FAR.format(day(on)))
    if until_on < told.from_on:
        raise AssigningError("until_on", REVERSED)


def _hours(text: str) -> str:
    try:
        return written(read_hours(text.replace(",", "|")))
    except ValueError as error:
        raise AssigningError("hours", f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


def _same(session: Session, row: TeamMember) -> Iterator[TeamMember]:
    """What is known of the same person at the same place."""
    query = select(TeamMember).where(
        TeamMember.team_id == row.team_id,
        TeamMember.person_id == row.person_id,
        TeamMember.workplace == row.workplace,
    )
    yield from session.exec(query).all()


def _keep(session: Session, row: TeamMember, author: Author, name: str, after: date | None) -> None:
    before = _plain(row.until_on)
    session.add(author.change(NOUN, row.id, name, before=before, after=_plain(after)))


def _plain(on: date | None) -> str | None:
    return on.isoformat() if on else None
