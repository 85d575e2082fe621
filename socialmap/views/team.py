"""The page of a team: who is in it, what they know and miss, and for which buurten it works."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, people, teams, themes
from socialmap.geo.tree import AreaNode, AreaTree, area_tree
from socialmap.listings.find import find_new_slug
from socialmap.maps import area_drawing
from socialmap.models.terms import AreaLevel
from socialmap.people import AreaContact
from socialmap.people.together import around_team
from socialmap.teams import MemberView, TeamView
from socialmap.views.clock import today
from socialmap.views.maps import area_url

NOUN = "team"

bp = Blueprint("team", __name__)


@dataclass(frozen=True)
class Served:
    """A wijk for which a team works: its number on the map, and the buurten if not all of them."""

    number: int | None
    wijk: AreaNode
    buurten: list[str]


@bp.get("/team/<slug>")
def team(slug: str) -> ResponseReturnValue:
    """All that is known of a team, and what is not."""
    session = db.session()
    tree = area_tree(session)
    found = teams.find_team(session, slug, today())
    if found is None:
        return moved_or_404(slug)
    members = teams.members_of(session, found.id, today())
    district = home_of(tree, found)
    return render_template(
        "team/team.html",
        team=found,
        now=themes.find_term(session, found.kind_short),
        workplaces=by_workplace(members),
        instead=teams.who_knows(session, tree, found),
        served=served(tree, found, district),
        district=district,
        contact=contact_of(tree, district),
        together=around_team(session, tree, found.id, today()),
        crumbs=crumbs(district),
        current_district=district.slug if district else None,
        is_example=found.is_example or any(member.person.is_example for member in members),
    )


def moved_or_404(slug: str) -> ResponseReturnValue:
    """Lead a former address on, or say that there is no such team."""
    now = find_new_slug(db.session(), NOUN, slug)
    if now is None:
        abort(404)
    return redirect(url_for("team.team", slug=now), 301)


def by_workplace(members: Iterable[MemberView]) -> list[tuple[str, list[MemberView]]]:
    """The members under the school or centre where they work; it may be unknown."""
    places = groupby(members, key=lambda member: member.workplace)
    return [(place, list(there)) for place, there in places]


def home_of(tree: AreaTree, team: TeamView) -> AreaNode | None:
    """The stadsdeel of a team: where most of its buurten are, else where its door is."""
    codes = sorted(team.buurten) or ([team.home] if team.home else [])
    above = [node for code in codes if (node := tree.up_to(code, AreaLevel.DISTRICT))]
    return max(above, key=above.count, default=None)


def served(tree: AreaTree, team: TeamView, district: AreaNode | None) -> list[Served]:
    """The wijken for which a team works, in the order of the map of its stadsdeel."""
    numbers = area_drawing(tree, district.code).numbers if district else {}
    wijken = {tree.up_to(code, AreaLevel.WIJK) for code in team.buurten}
    found = []
    for wijk in filter(None, wijken):
        own = [node for node in tree.children(wijk.code) if node.code in team.buurten]
        is_whole = len(own) == len(tree.children(wijk.code))
        names = [] if is_whole else sorted(node.name for node in own)
        found.append(Served(numbers.get(wijk.code), wijk, names))
    return sorted(found, key=lambda one: (one.number is None, one.number, one.wijk.code))


def contact_of(tree: AreaTree, district: AreaNode | None) -> AreaContact | None:
    """Whom to call for the stadsdeel, where the team itself says too little."""
    if district is None:
        return None
    return people.contact_for_area(db.session(), tree, district.code, today())


def crumbs(district: AreaNode | None) -> list[tuple[str, str]]:
    """The way down to a team."""
    home = ("Amsterdam", url_for("home.home"))
    return [home, (district.name, area_url(district))] if district else [home]
