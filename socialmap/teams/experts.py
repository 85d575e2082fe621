"""Who knows much of a subject: members of teams to think along with, the nearest first (R15)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.models import MemberTheme, PersonDetail, TeamArea, TeamMember
from socialmap.models.terms import DetailKind
from socialmap.people import words_of
from socialmap.teams.members import Membership, memberships

EXACT, BROADER = 2, 1
"""What it counts to know the very subject, or the theme above it."""
Ages = tuple[int, int]


@dataclass(frozen=True)
class Subject:
    """What help is sought for, as far as it was understood."""

    themes: frozenset[str]
    """What is asked: themes and subjects by id."""
    broader: frozenset[str] = frozenset()
    """The themes above those."""
    areas: tuple[str, ...] = ()
    """Codes of the areas where it is sought."""
    ages: tuple[Ages, ...] = ()
    """First and last month of each."""
    languages: frozenset[str] = frozenset()


def experts(
    session: Session, tree: AreaTree, subject: Subject, today: date, most: int
) -> list[Membership]:
    """The members of teams who know this subject best, at most so many.

    Where areas are asked, only of teams that serve a part of them; with a language, only who agreed
    to show that they speak it; nobody who works with other ages.
    """
    known = _known(session, subject)
    if not known:
        return []
    members = select(TeamMember).where(col(TeamMember.id).in_(known))
    current = (row for row in session.exec(members) if row.is_current(today))
    rows = {row.id: row for row in current if _is_for(row, subject.ages)}
    fits = _here(session, tree, rows, subject.areas) if subject.areas else set(rows)
    if subject.languages:
        fits &= _speakers(session, rows, subject.languages, today)
    best = sorted(fits, key=lambda id: (-known[id], rows[id].workplace, str(id)))
    return memberships(session, best[:most], today)


def _known(session: Session, subject: Subject) -> dict[UUID, int]:
    """How much each member knows of it; who knows nothing is left out."""
    wanted = subject.themes | subject.broader
    rows = select(MemberTheme.member_id, MemberTheme.theme_id).where(
        col(MemberTheme.theme_id).in_(wanted)
    )
    known: dict[UUID, int] = {}
    for member, theme in session.exec(rows):
        known[member] = known.get(member, 0) + (EXACT if theme in subject.themes else BROADER)
    return known


def _is_for(row: TeamMember, ages: Collection[Ages]) -> bool:
    """Does this member work with any of these ages? Unknown is not no."""
    low, high = row.min_age_months, row.max_age_months
    return not ages or any(
        (low is None or low <= last) and (high is None or first <= high) for first, last in ages
    )


def _here(
    session: Session, tree: AreaTree, rows: dict[UUID, TeamMember], codes: Collection[str]
) -> set[UUID]:
    """The members whose team serves a part of these areas."""
    inside = {node.code for code in codes for node in tree.within(code)}
    serving = select(TeamArea.team_id).where(col(TeamArea.area_code).in_(inside))
    teams = set(session.exec(serving))
    return {id for id, row in rows.items() if row.team_id in teams}


def _speakers(
    session: Session, rows: dict[UUID, TeamMember], languages: Collection[str], today: date
) -> set[UUID]:
    told = select(PersonDetail).where(
        PersonDetail.kind == DetailKind.LANGUAGES,
        col(PersonDetail.person_id).in_([row.person_id for row in rows.values()]),
    )
    speakers = {
        detail.person_id
        for detail in session.exec(told)
        if detail.is_public(today) and not words_of(detail.value).isdisjoint(languages)
    }
    return {id for id, row in rows.items() if row.person_id in speakers}
