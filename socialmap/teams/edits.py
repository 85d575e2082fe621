"""Keeping teams, their members and what they know."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import selectinload
from sqlmodel import Session, select

from socialmap.listings.places import PlaceBook
from socialmap.listings.values import PlaceValues
from socialmap.models import (
    Contact,
    MemberTheme,
    Person,
    Team,
    TeamArea,
    TeamKind,
    TeamMember,
    TeamTheme,
)
from socialmap.models.slugs import free_slug
from socialmap.models.terms import ContactRole

TEAM_KINDS = (
    ("okt", "Ouder- en kindteam", "OKT"),
    ("samen-doen", "Samen DOEN", "Samen DOEN"),
    ("buurtteam", "Buurtteam", "buurtteam"),
    ("okc", "Ouder- en kindcentrum", "OKC"),
)
"""Code, name and short name of each kind, in the order in which they are shown. What an older kind
is called today stands in the glossary."""
PLAIN = ("kind_code", "name", "phone", "mail", "website", "opening", "note", "is_example")
MEMBER = tuple(
    "workplace hours from_on until_on min_age_months max_age_months ask_me not_me".split()
)


@dataclass(frozen=True)
class TeamValues:
    """A team as a file or form gives it; people by their keys."""

    key: str
    kind_code: str
    name: str
    place: PlaceValues | None = None
    areas: frozenset[str] = frozenset()
    """Codes of the buurten that it serves."""
    leader: str | None = None
    phone: str | None = None
    mail: str | None = None
    website: str | None = None
    opening: str = ""
    note: str = ""
    knows: frozenset[str] = frozenset()
    misses: frozenset[str] = frozenset()
    is_example: bool = False


@dataclass(frozen=True)
class MemberValues:
    """A member of a team and what to ask that person; people and team by their keys."""

    team: str
    person: str
    backup: str | None = None
    workplace: str = ""
    hours: str = ""
    """As `teams.hours` writes them."""
    from_on: date | None = None
    until_on: date | None = None
    min_age_months: int | None = None
    max_age_months: int | None = None
    ask_me: str = ""
    not_me: str = ""
    themes: frozenset[str] = frozenset()


def team_keys(session: Session) -> list[str]:
    """The keys of all teams, as files name them."""
    return list(session.exec(select(Team.key)).all())


def save_team_kinds(session: Session) -> None:
    """Make sure that every kind of team is there."""
    for at, (code, name, short_name) in enumerate(TEAM_KINDS):
        session.merge(TeamKind(code=code, name=name, short_name=short_name, position=at))
    session.flush()


def save_team(session: Session, values: TeamValues, places: PlaceBook) -> frozenset[str]:
    """Make a team equal to `values`; returns the names of what changed.

    Raises KeyError for a leader who is not known.
    """
    team = _team(session, values)
    place = places.keep(values.place)[0] if values.place else None
    told = {name: getattr(values, name) for name in PLAIN}
    told["place_id"] = place and place.id
    changed = _assign(team, told)
    if _appoint(team, _person_id(session, values.leader)):
        changed.add("leader")
    if {row.area_code for row in team.areas} != values.areas:
        team.areas = [TeamArea(team_id=team.id, area_code=code) for code in sorted(values.areas)]
        changed.add("areas")
    themes = dict.fromkeys(values.knows, False) | dict.fromkeys(values.misses, True)
    if {row.theme_id: row.is_missed for row in team.themes} != themes:
        team.themes = [
            TeamTheme(team_id=team.id, theme_id=id, is_missed=missed)
            for id, missed in themes.items()
        ]
        changed.add("themes")
    session.flush()
    return frozenset(changed)


def save_member(session: Session, values: MemberValues) -> frozenset[str]:
    """Make a member of a team equal to `values`; returns the names of what changed.

    Of several assignments of a person in the team: the one at the same place, else the latest.
    Raises KeyError for a team or person that is not known.
    """
    member = _member(session, values)
    told = {name: getattr(values, name) for name in MEMBER}
    told["backup_id"] = _person_id(session, values.backup)
    changed = _assign(member, told)
    if {row.theme_id for row in member.themes} != values.themes:
        member.themes = [
            MemberTheme(member_id=member.id, theme_id=id) for id in sorted(values.themes)
        ]
        changed.add("themes")
    session.flush()
    return frozenset(changed)


def _assign(row: Team | TeamMember, told: dict[str, object]) -> set[str]:
    changed = {name for name, value in told.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, told[name])
    return changed


def _team(session: Session, values: TeamValues) -> Team:
    query = select(Team).where(Team.key == values.key)
    whole = [selectinload(of) for of in (Team.areas, Team.themes, Team.contacts)]  # type: ignore[arg-type]
    known = session.exec(query.options(*whole)).one_or_none()
    if known:
        return known
    slug = free_slug(values.name, session.exec(select(Team.slug)).all())
    team = Team(key=values.key, slug=slug, kind_code=values.kind_code, name="")
    team.areas, team.themes, team.contacts = [], [], []
    session.add(team)
    return team


def _appoint(team: Team, leader_id: UUID | None) -> bool:
    """Let this person lead the team until further notice, unless that is so; returns whether it
    was not. Who led it before, for a while, stays known."""
    leads = [row for row in team.contacts if row.role == ContactRole.PRIMARY]
    lasting = next((row for row in leads if row.until_on is None), None)
    if (lasting and lasting.person_id) == leader_id:
        return False
    if lasting:
        team.contacts.remove(lasting)
    if leader_id:
        row = Contact(person_id=leader_id, team_id=team.id, role=ContactRole.PRIMARY)
        team.contacts.append(row)
    return True


def _member(session: Session, values: MemberValues) -> TeamMember:
    team_id = session.exec(select(Team.id).where(Team.key == values.team)).one_or_none()
    person_id = _person_id(session, values.person)
    if team_id is None or person_id is None:
        raise KeyError(values.team)
    query = select(TeamMember).where(
        TeamMember.team_id == team_id, TeamMember.person_id == person_id
    )
    rows = session.exec(query.options(selectinload(TeamMember.themes))).all()  # type: ignore[arg-type]
    there = [row for row in rows if row.workplace == values.workplace] or rows
    known = max(there, key=lambda row: row.from_on or date.min, default=None)
    member = known or TeamMember(team_id=team_id, person_id=person_id, themes=[])
    session.add(member)
    return member


def _person_id(session: Session, key: str | None) -> UUID | None:
    """The id of the person with this key; raises KeyError when there is none."""
    if key is None:
        return None
    found = session.exec(select(Person.id).where(Person.key == key)).one_or_none()
    if found is None:
        raise KeyError(key)
    return found
