"""Finding teams: by their address, by the area that they serve, by the place where they are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.models import Contact, Place, Team, TeamArea, TeamKind, TeamTheme, Theme
from socialmap.models.terms import AreaLevel, Visibility
from socialmap.people import OKT, PersonView, view_of, with_details


@dataclass(frozen=True)
class TeamView:
    """A team as pages show it."""

    id: UUID
    slug: str
    name: str
    kind: str
    """The code of its kind: `okt`, `buurtteam`."""
    kind_name: str
    kind_short: str
    street: str | None
    """Street and number; None when the address may not be shown or is not known."""
    postcode: str | None
    lat: float | None
    lon: float | None
    home: str | None
    """Code of the area in which it is."""
    phone: str | None
    mail: str | None
    website: str | None
    opening: str
    note: str
    knows: Mapping[str, str]
    """Names of the themes that the team knows, by id."""
    misses: Mapping[str, str]
    leader: PersonView | None
    buurten: frozenset[str]
    """Codes of the buurten that it serves; empty is not known."""
    is_example: bool

    @property
    def is_okt(self) -> bool:
        """Is it an ouder- en kindteam?"""
        return self.kind == OKT


class Share(NamedTuple):
    """A team in a wijk."""

    team: TeamView
    buurten: list[str]
    """The names of the buurten that it serves; empty where that is the whole wijk."""


def shares_by_wijk(
    session: Session, tree: AreaTree, codes: Iterable[str], today: date
) -> dict[str, list[Share]]:
    """The teams of each of these wijken, in the order of their kinds, then by name; in a fixed
    number of reads."""
    inside = {code: tree.inside(code, AreaLevel.BUURT) for code in codes}
    buurten = [node.code for nodes in inside.values() for node in nodes]
    serving = select(TeamArea.team_id).where(col(TeamArea.area_code).in_(buurten))
    found = _views(session, select(Team).where(col(Team.id).in_(serving)), today)
    return {code: _shares(found, nodes) for code, nodes in inside.items()}


def _shares(teams: Iterable[TeamView], buurten: Sequence[AreaNode]) -> list[Share]:
    """Those of these teams that serve any of the buurten of a wijk."""
    found = []
    for team in teams:
        own = [node.name for node in buurten if node.code in team.buurten]
        if own:
            found.append(Share(team, own if len(own) < len(buurten) else []))
    return found


def teams_of_area(session: Session, tree: AreaTree, code: str, today: date) -> list[TeamView]:
    """The teams that serve any buurt of an area, in the order of their kinds, then by name."""
    buurten = [node.code for node in tree.inside(code, AreaLevel.BUURT)]
    serving = select(TeamArea.team_id).where(col(TeamArea.area_code).in_(buurten))
    return _views(session, select(Team).where(col(Team.id).in_(serving)), today)


def whole_teams(session: Session, today: date) -> list[TeamView]:
    """Every team, in the order of their kinds, then by name."""
    return _views(session, select(Team), today)


def find_team(session: Session, slug: str, today: date) -> TeamView | None:
    """The team with this slug, or None."""
    return next(iter(_views(session, select(Team).where(Team.slug == slug), today)), None)


def teams_at_places(session: Session, place_ids: Collection[UUID], today: date) -> list[TeamView]:
    """The teams that are at any of these places."""
    return _views(session, select(Team).where(col(Team.place_id).in_(place_ids)), today)


def all_teams(session: Session) -> list[tuple[str, str]]:
    """(slug, name) of every team."""
    return list(session.exec(select(Team.slug, Team.name).order_by(Team.name)).all())


def team_names(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these teams, by id."""
    query = select(Team.id, Team.name).where(col(Team.id).in_(ids))
    return dict(session.exec(query.order_by(Team.name)).all())


def keys_by_slug(session: Session) -> dict[str, str]:
    """The key of every team, by its slug."""
    return dict(session.exec(select(Team.slug, Team.key)).all())


def public_team_slugs(session: Session) -> list[str]:
    """The teams that are not examples, for the sitemap."""
    query = select(Team.slug).where(col(Team.is_example).is_(False))
    return list(session.exec(query.order_by(Team.slug)).all())


def who_knows(session: Session, tree: AreaTree, team: TeamView) -> dict[str, tuple[str, str]]:
    """For what a team misses: (slug, name) of a team of its kind that knows it, by theme.

    One of the same stadsdeel if there is any; a theme that no team knows is left out.
    """
    query = (
        select(TeamTheme.theme_id, Team)
        .join(Team, col(Team.id) == TeamTheme.team_id)
        .where(col(TeamTheme.theme_id).in_(list(team.misses)), col(TeamTheme.is_missed).is_(False))
        .where(Team.kind_code == team.kind, Team.slug != team.slug)
        .options(selectinload(Team.areas))  # type: ignore[arg-type]
        .order_by(Team.name)
    )
    near = _districts(tree, team.buurten)
    found: dict[str, tuple[bool, Team]] = {}
    for theme, other in session.exec(query):
        is_near = bool(near & _districts(tree, {row.area_code for row in other.areas}))
        if theme not in found or (is_near and not found[theme][0]):
            found[theme] = is_near, other
    return {theme: (other.slug, other.name) for theme, (_, other) in found.items()}


def _districts(tree: AreaTree, codes: Collection[str]) -> set[str]:
    """The codes of the stadsdelen in which these areas lie."""
    above = (tree.up_to(code, AreaLevel.DISTRICT) for code in codes)
    return {node.code for node in above if node}


def _views(session: Session, query: SelectOfScalar[Team], today: date) -> list[TeamView]:
    """These teams, in the order of their kinds, then by name."""
    kinds = {kind.code: kind for kind in session.exec(select(TeamKind))}
    teams = list(session.exec(query.options(*_whole_team())).all())
    teams.sort(key=lambda team: (kinds[team.kind_code].position, team.name))
    names = theme_names(session, (row.theme_id for team in teams for row in team.themes))
    return [_view(team, kinds[team.kind_code], names, today) for team in teams]


def _whole_team() -> list[ORMOption]:
    return [
        selectinload(Team.place),  # type: ignore[arg-type]
        selectinload(Team.areas),  # type: ignore[arg-type]
        selectinload(Team.themes),  # type: ignore[arg-type]
        selectinload(Team.contacts).options(with_details(Contact.person)),  # type: ignore[arg-type]
    ]


def _view(team: Team, kind: TeamKind, names: dict[str, str], today: date) -> TeamView:
    place = team.place if team.place and team.place.visibility == Visibility.EXACT else None
    leader = team.leader(today)
    return TeamView(
        id=team.id,
        slug=team.slug,
        name=team.name,
        kind=kind.code,
        kind_name=kind.name,
        kind_short=kind.short_name,
        street=_street(place) if place else None,
        postcode=place.postcode if place else None,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        home=place.area_code if place else None,
        phone=team.phone,
        mail=team.mail,
        website=team.website,
        opening=team.opening,
        note=team.note,
        knows=named(names, (row.theme_id for row in team.themes if not row.is_missed)),
        misses=named(names, (row.theme_id for row in team.themes if row.is_missed)),
        leader=view_of(leader, today) if leader else None,
        buurten=frozenset(row.area_code for row in team.areas),
        is_example=team.is_example,
    )


def _street(place: Place) -> str | None:
    """Street with number, as far as they are known."""
    return " ".join(part for part in (place.street, place.house_number) if part) or None


def theme_names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Names of these themes by id, in the order of the list of themes."""
    query = (
        select(Theme.id, Theme.name)
        .where(col(Theme.id).in_(set(ids)))
        .order_by(col(Theme.position))
    )
    return dict(session.exec(query).all())


def named(names: Mapping[str, str], ids: Iterable[str]) -> dict[str, str]:
    """Those of these names that are asked for, in their order."""
    wanted = set(ids)
    return {id: name for id, name in names.items() if id in wanted}
