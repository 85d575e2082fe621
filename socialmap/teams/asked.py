"""People and teams that a question asks for: by role, expertise, language, area or name (R14)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.geo.tree import CITY, AreaTree
from socialmap.models import (
    Contact,
    MemberTheme,
    Person,
    PersonDetail,
    Team,
    TeamArea,
    TeamMember,
    WijkContact,
)
from socialmap.models.terms import DetailKind
from socialmap.people import PersonView, view_of, words_of
from socialmap.search.language.analysis import pieces, stem
from socialmap.teams.find import TeamView, whole_teams

MOST = 5
OF_NAME, OF_ROLE, OF_THEME, OF_LANGUAGE, OF_AREA = 5, 4, 3, 2, 2
ENOUGH = 3
ALSO_CALLED = {
    "kindadviseur": "oka adviseur",
    "stadsdeelcontact": "contactpersoon contact",
    "gebiedscontact": "contactpersoon contact wijkcontact",
    "wijkcontactpersoon": "contactpersoon contact wijkcontact",
    "jeugdpsycholoog": "psycholoog",
    "jeugdverpleegkundige": "verpleegkundige",
}
"""What people call somebody with such a word in the role."""
ROLES = frozenset(
    stem(word)
    for word in (
        "oka adviseur kindadviseur jeugdadviseur psycholoog jeugdpsycholoog jeugdarts teamleider "
        "jeugdverpleegkundige verpleegkundige contactpersoon wijkcontactpersoon wijkcontact "
        "contact stadsdeelcontact gebiedscontact logopedist medewerker collega iemand "
        "expertise deskundigheid deskundige specialist"
    ).split()
)
TEAMS = frozenset(
    map(stem, "okt team teams buurtteam buurtteams oct ouderkindteam wijkteam".split())
)


@dataclass(frozen=True)
class AskedFor:
    """What a question asks of people: its telling stems, and what else was understood."""

    stems: frozenset[str]
    themes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    areas: tuple[str, ...] = ()
    """Codes of the areas that were named."""
    is_who: bool = False
    """Does it begin with who?"""

    @property
    def is_for_people(self) -> bool:
        return self.is_who or not self.stems.isdisjoint(ROLES)

    @property
    def is_for_teams(self) -> bool:
        return not self.stems.isdisjoint(TEAMS)


@dataclass
class Someone:
    """What a question may ask for of one person; who it is, is read only when it fits."""

    name: str
    role: str
    themes: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    """Those that this person agreed to show."""
    areas: set[str] = field(default_factory=set)
    """Codes of the areas for which this person is the contact."""
    buurten: set[str] = field(default_factory=set)
    """Codes of the buurten of the team."""
    told: set[str] = field(default_factory=set)
    """Stems of the team, the workplace and what to ask."""

    @property
    def roles(self) -> frozenset[str]:
        """Stems of the role, and of what it is called as well."""
        own = stems(self.role)
        others = (stems(also) for word, also in ALSO_CALLED.items() if stem(word) in own)
        return own.union(*others)


@dataclass(frozen=True)
class Fit:
    """Someone who fits a question, and how well."""

    view: PersonView
    key: str
    score: int


@lru_cache(maxsize=10_000)
def stems(name: str) -> frozenset[str]:
    """The stems of the words in a name or a role; not for what people type, which is not kept."""
    return frozenset(stem(word) for word in pieces(name))


def people_asked_for(session: Session, tree: AreaTree, asked: AskedFor, today: date) -> list[Fit]:
    """The people who fit a question best; none when it does not ask for people."""
    if not asked.is_for_people and not _is_name(session, asked.stems):
        return []
    fits = [
        (-score, one.name, id)
        for id, one in _everyone(session, today).items()
        if (score := _score(one, asked, tree)) >= ENOUGH
    ]
    best = {id: -score for score, _, id in sorted(fits)[:MOST]}
    people = select(Person).where(col(Person.id).in_(best)).options(selectinload(Person.details))  # type: ignore[arg-type]
    found = {person.id: person for person in session.exec(people)}
    return [Fit(view_of(found[id], today), found[id].key, score) for id, score in best.items()]


def _is_name(session: Session, asked: frozenset[str]) -> bool:
    """Are two of these words, or all, the name of somebody?"""
    wanted = min(2, len(asked))
    names = session.exec(select(Person.name)).all()
    return bool(asked) and any(len(stems(name) & asked) >= wanted for name in names)


def _everyone(session: Session, today: date) -> dict[UUID, Someone]:
    """Everybody in a team, at the head of one, or with an area, by id."""
    people = session.exec(select(Person.id, Person.name, Person.role)).all()
    found = {id: Someone(name, role) for id, name, role in people}
    known = {*_with_teams(session, found, today), *_with_areas(session, found, today)}
    languages = select(PersonDetail).where(PersonDetail.kind == DetailKind.LANGUAGES)
    for detail in session.exec(languages):
        if detail.is_public(today):
            found[detail.person_id].languages |= words_of(detail.value)
    return {id: found[id] for id in known}


def _with_teams(session: Session, people: dict[UUID, Someone], today: date) -> Iterator[UUID]:
    """Add to everybody what they do today in which team; gives who is in one, or at its head."""
    buurten = _sets(session.exec(select(TeamArea.team_id, TeamArea.area_code)).all())
    themes = _sets(session.exec(select(MemberTheme.member_id, MemberTheme.theme_id)).all())
    names = dict(session.exec(select(Team.id, Team.name)).all())
    for row in session.exec(select(TeamMember)):
        if row.is_current(today):
            one = people[row.person_id]
            one.themes |= themes.get(row.id, set())
            one.buurten |= buurten.get(row.team_id, set())
            one.told |= stems(f"{names[row.team_id]} {row.workplace} {row.ask_me}")
            yield row.person_id
    for lead in session.exec(select(Contact).where(col(Contact.team_id).is_not(None))):
        if lead.team_id and lead.is_current(today):
            people[lead.person_id].buurten |= buurten.get(lead.team_id, set())
            people[lead.person_id].told |= stems(names[lead.team_id])
            yield lead.person_id


def _with_areas(session: Session, people: dict[UUID, Someone], today: date) -> Iterator[UUID]:
    """Add to everybody the areas of which they are the contact today; gives who is one."""
    for contact in session.exec(select(WijkContact)):
        if contact.is_current(today):
            people[contact.person_id].areas.add(contact.area_code)
            yield contact.person_id


def _sets(rows: Iterable[tuple[UUID, str]]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for id, code in rows:
        found.setdefault(id, set()).add(code)
    return found


def _score(one: Someone, asked: AskedFor, tree: AreaTree) -> int:
    """How well someone fits; 0 for who is elsewhere or lacks the language that is asked."""
    if asked.languages and asked.languages.isdisjoint(one.languages):
        return 0
    area = _area_score(one, asked.areas, tree)
    if asked.areas and not area:
        return 0
    score = OF_NAME * len(stems(one.name) & asked.stems)
    score += OF_ROLE * min(1, len(one.roles & asked.stems))
    score += OF_THEME * len(one.themes & asked.themes)
    score += len(one.told & asked.stems - TEAMS)
    if not score:
        return 0
    return score + area + (OF_LANGUAGE if asked.languages else 0)


def _area_score(one: Someone, codes: Collection[str], tree: AreaTree) -> int:
    """More for who is the contact of the very area, less for one inside or around it."""
    if one.areas & set(codes):
        return 2 * OF_AREA
    inside = {node.code for code in codes for node in tree.within(code)}
    around = {node.code for code in codes for node in tree.ancestors(code)[1:]} - {CITY}
    return OF_AREA if (one.areas | one.buurten) & inside or one.areas & around else 0


def teams_asked_for(
    session: Session, tree: AreaTree, asked: AskedFor, today: date
) -> list[TeamView]:
    """The teams that are asked for by kind and area, or by name; none for other questions."""
    if not asked.is_for_teams:
        return []
    inside = {node.code for code in asked.areas for node in tree.within(code)}
    fits = []
    for team in whole_teams(session, today):
        words = stems(f"{team.name} {team.kind_name}")
        score = len(words & asked.stems)
        if score and (not asked.areas or team.buurten & inside or team.home in inside):
            fits.append((score, team))
    best = max((score for score, _ in fits), default=0)
    is_loose = best < 2 and not asked.areas
    return [] if is_loose else [team for score, team in fits if score == best][:MOST]
