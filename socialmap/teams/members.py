"""Members of teams: where and when to find them, what to ask them and what not (R15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from socialmap.models import Team, TeamMember
from socialmap.models.terms import DetailKind
from socialmap.people import PersonView, view_of, with_details
from socialmap.teams.find import named, theme_names
from socialmap.teams.hours import OfficeHour, read_hours

SOON = timedelta(days=92)


@dataclass(frozen=True)
class MemberView:
    """A member of a team as a visitor may see that person today."""

    id: UUID
    person: PersonView
    backup: PersonView | None
    workplace: str
    """The school or centre where this person is found; empty is not known."""
    hours: tuple[OfficeHour, ...]
    """When this person is there; empty is not known, or not agreed to be shown."""
    from_on: date | None
    until_on: date | None
    """The last day of this assignment; None is until further notice."""
    min_age_months: int | None
    max_age_months: int | None
    ask_me: str
    not_me: str
    expertise: dict[str, str]
    """Names of the themes that this person knows well, by id."""

    def ends_soon(self, today: date) -> bool:
        """Is the last day of this assignment near enough to be told?"""
        return self.until_on is not None and self.until_on <= today + SOON


@dataclass(frozen=True)
class Membership:
    """What one person does in one team."""

    team_slug: str
    team_name: str
    team_phone: str | None
    key: str
    """Of the person."""
    member: MemberView


def members_of(session: Session, team_id: UUID, today: date) -> list[MemberView]:
    """The members of a team today, by the place where they work, then by name; last where that is
    not known."""
    rows = _rows(session, select(TeamMember).where(TeamMember.team_id == team_id), today)
    found = _views(session, rows, today)
    return sorted(found, key=lambda one: (not one.workplace, one.workplace, one.person.name))


def memberships_of(session: Session, person_id: UUID, today: date) -> list[Membership]:
    """The teams in which a person is today, and what to ask that person there, by name of the
    team and of the place."""
    rows = _rows(session, select(TeamMember).where(TeamMember.person_id == person_id), today)
    found = _memberships(session, rows, today)
    return sorted(found, key=lambda one: (one.team_name, one.member.workplace))


def memberships(session: Session, member_ids: Sequence[UUID], today: date) -> list[Membership]:
    """Those of these memberships that hold today, in this order."""
    rows = _rows(session, select(TeamMember).where(col(TeamMember.id).in_(member_ids)), today)
    rows = sorted(rows, key=lambda row: member_ids.index(row.id))
    return _memberships(session, rows, today)


def _memberships(session: Session, rows: Sequence[TeamMember], today: date) -> list[Membership]:
    by_id = select(Team).where(col(Team.id).in_([row.team_id for row in rows]))
    teams = {team.id: team for team in session.exec(by_id)}
    return [
        Membership(team.slug, team.name, team.phone, row.person.key, member)
        for row, member in zip(rows, _views(session, rows, today), strict=True)
        if (team := teams[row.team_id])
    ]


def _rows(session: Session, query: SelectOfScalar[TeamMember], today: date) -> Sequence[TeamMember]:
    people = with_details(TeamMember.person), with_details(TeamMember.backup)
    themes = selectinload(TeamMember.themes)  # type: ignore[arg-type]
    found = session.exec(query.options(*people, themes)).all()
    return [row for row in found if row.is_current(today)]


def _views(session: Session, rows: Sequence[TeamMember], today: date) -> list[MemberView]:
    names = theme_names(session, (theme.theme_id for row in rows for theme in row.themes))
    return [_view(row, names, today) for row in rows]


def _view(row: TeamMember, names: dict[str, str], today: date) -> MemberView:
    shows_days = DetailKind.DAYS in row.person.public_details(today)
    return MemberView(
        id=row.id,
        person=view_of(row.person, today),
        backup=view_of(row.backup, today) if row.backup else None,
        workplace=row.workplace,
        hours=read_hours(row.hours) if shows_days else (),
        from_on=row.from_on,
        until_on=row.until_on,
        min_age_months=row.min_age_months,
        max_age_months=row.max_age_months,
        ask_me=row.ask_me,
        not_me=row.not_me,
        expertise=named(names, (theme.theme_id for theme in row.themes)),
    )
