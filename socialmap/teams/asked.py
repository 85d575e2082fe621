"""People and teams that a question asks for: by role, expertise, language, area or name (R14)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import selectinload
from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from socialmap.geo.tree import CITY, AreaTree
from socialmap.models import Person, Team, TeamMember, WijkContact
from socialmap.people import PersonView, view_of, with_details
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
        "contact stadsdeelcontact gebiedscontact logopedist medewerker collega iemand"
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
    """A person with all that a question may ask for."""

    view: PersonView
    key: str
    themes: set[str] = field(default_factory=set)
    areas: set[str] = field(default_factory=set)
    """Codes of the areas for which this person is the contact."""
    buurten: set[str] = field(default_factory=set)
    """Codes of the buurten of the team."""
    told: set[str] = field(default_factory=set)
    """Stems of the team, the workplace and what to ask."""

    @property
    def role(self) -> set[str]:
        found = stems(self.view.role)
        for word, others in ALSO_CALLED.items():
            if stem(word) in found:
                found |= stems(others)
        return found


@dataclass(frozen=True)
class Fit:
    """Someone who fits a question, and how well."""

    view: PersonView
    key: str
    score: int


def stems(text: str) -> set[str]:
    """The stems of the words in a text."""
    return {stem(word) for word in pieces(text)}


def people_asked_for(session: Session, tree: AreaTree, asked: AskedFor, today: date) -> list[Fit]:
    """The people who fit a question best; none when it does not ask for people."""
    if not asked.is_for_people and not _is_name(session, asked.stems):
        return []
    fits = (
        Fit(one.view, one.key, score)
        for one in _everyone(session, today)
        if (score := _score(one, asked, tree)) >= ENOUGH
    )
    return sorted(fits, key=lambda fit: (-fit.score, fit.view.name))[:MOST]


def _is_name(session: Session, asked: frozenset[str]) -> bool:
    """Are two of these words, or all, the name of somebody?"""
    wanted = min(2, len(asked))
    names = session.exec(select(Person.name)).all()
    return bool(asked) and any(len(stems(name) & asked) >= wanted for name in names)


def _everyone(session: Session, today: date) -> Iterable[Someone]:
    """Everybody in a team, at the head of one, or with an area, as far as they may be shown."""
    found: dict[str, Someone] = {}

    def someone(person: Person) -> Someone:
        return found.setdefault(person.key, Someone(view_of(person, today), person.key))

    for team in session.exec(_whole_teams()):
        buurten = {row.area_code for row in team.areas}
        for member in team.members:
            one = someone(member.person)
            one.themes |= {theme.theme_id for theme in member.themes}
            one.buurten |= buurten
            one.told |= stems(f"{team.name} {member.workplace}")
        if team.leader:
            leader = someone(team.leader)
            leader.buurten |= buurten
            leader.told |= stems(team.name)
    for contact in session.exec(select(WijkContact).options(with_details(WijkContact.person))):
        if contact.is_current(today):
            someone(contact.person).areas.add(contact.area_code)
    return found.values()


def _whole_teams() -> SelectOfScalar[Team]:
    members = selectinload(Team.members)  # type: ignore[arg-type]
    people = members.selectinload(TeamMember.person).selectinload(Person.details)  # type: ignore[arg-type]
    themes = members.selectinload(TeamMember.themes)  # type: ignore[arg-type]
    return select(Team).options(
        people,
        themes,
        with_details(Team.leader),
        selectinload(Team.areas),  # type: ignore[arg-type]
    )


def _score(one: Someone, asked: AskedFor, tree: AreaTree) -> int:
    """How well someone fits; 0 for who is elsewhere or lacks the language that is asked."""
    if asked.languages and asked.languages.isdisjoint(map(str, one.view.languages)):
        return 0
    area = _area_score(one, asked.areas, tree)
    if asked.areas and not area:
        return 0
    score = OF_NAME * len(stems(one.view.name) & asked.stems)
    score += OF_ROLE * min(1, len(one.role & asked.stems))
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
