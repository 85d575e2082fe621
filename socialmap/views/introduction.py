"""Kennismaken: who brings you together with somebody, and letters that are ready to send (R16).

Nothing is kept and nothing is sent from here: a letter opens in the reader's own mail program. It
names nobody but who is on the pages of the directory, and no family.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from flask import Blueprint, get_template_attribute, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, people, teams
from socialmap.geo.tree import CITY, AreaNode, area_tree
from socialmap.listings import find
from socialmap.models import Listing
from socialmap.models.terms import AreaLevel, ContactRole
from socialmap.people import PersonView, Presence, Profile, StandIn
from socialmap.teams import TeamView
from socialmap.views import areas, listing, provider, team
from socialmap.views import person as person_page
from socialmap.views.clock import today
from socialmap.views.maps import area_url
from socialmap.views.structured import public

WORDS = "introduction/words.txt"
"""The template with what letters say, as plain text."""
MOST_READ = 20
"""So many listings of a provider are read to know where it is."""
LEVELS = "any(wijk,gebied,stadsdeel)"

bp = Blueprint("introduction", __name__, url_prefix="/kennismaken")


class Letter(NamedTuple):
    """A mail that only needs a few words more."""

    subject: str
    body: str

    @property
    def query(self) -> str:
        """What stands after `mailto:` and an address (RFC 6068)."""
        body = self.body.replace("\n", "\r\n")
        return f"subject={quote(self.subject)}&body={quote(body)}"


@dataclass(frozen=True)
class Invited:
    """Whom to invite without anybody in between, and how."""

    name: str
    greeting: str
    phone: str | None = None
    mail: str | None = None
    whatsapp: str | None = None

    @property
    def is_reachable(self) -> bool:
        return bool(self.phone or self.mail or self.whatsapp)


@dataclass(frozen=True)
class Wish:
    """Whom or what somebody wants to get to know."""

    name: str
    whom: str
    """The same in a sentence: `kennismaken met …`."""
    path: str
    """Its page."""
    area: AreaNode
    """Where it is: who knows that area knows who this is."""
    invited: Invited | None = None
    person: PersonView | None = None
    """Nobody introduces you to oneself."""
    is_away: bool = False
    is_area: bool = False
    """Is it everyone who works there?"""
    is_example: bool = False


@bp.get("/persoon/<slug>")
def person(slug: str) -> ResponseReturnValue:
    """Getting to know a person; of who left, the page that says who came after."""
    profile = people.find_profile(db.session(), slug, today())
    if profile is None:
        return person_page.moved_or_404(slug)
    if profile.left_on:
        return redirect(url_for("person.person", slug=slug))
    one, area = profile.person, area_of_person(profile)
    about = f" ({one.role})" if one.role else ""
    held = person_page.contacts_of(profile.areas())
    return page(
        Wish(
            name=one.name,
            whom=f"{one.name}{about}",
            path=url_for("person.person", slug=slug),
            area=area,
            invited=invited_person(one),
            person=one,
            is_away=any(row.presence == Presence.ON_LEAVE for row in held),
            is_example=one.is_example,
        )
    )


@bp.get("/team/<slug>", endpoint="team")
def of_team(slug: str) -> ResponseReturnValue:
    """Getting to know a team."""
    found = teams.find_team(db.session(), slug, today())
    if found is None:
        return team.moved_or_404(slug)
    ways = Invited(found.name, f"collega’s van {found.name}", found.phone, found.mail)
    leader = invited_person(found.leader) if found.leader else None
    return page(
        Wish(
            name=found.name,
            whom=found.name,
            path=url_for("team.team", slug=slug),
            area=area_of_team(found),
            invited=ways if ways.is_reachable or leader is None else leader,
            is_example=found.is_example,
        )
    )


@bp.get(f"/<{LEVELS}:level>/<slug>")
def area(level: str, slug: str) -> ResponseReturnValue:
    """Getting to know who works in a wijk, gebied or stadsdeel; also for who is known by nobody."""
    tree = area_tree(db.session())
    node = tree.find_at(AreaLevel(level), slug)
    if node is None or node.slug != slug:
        return areas.moved_or_404(tree, slug)
    whom = f"de mensen die in {node.name} met gezinnen en jongeren werken"
    return page(Wish(node.name, whom, area_url(node), node, is_area=True))


@bp.get("/aanbod/<slug>", endpoint="listing")
def of_listing(slug: str) -> ResponseReturnValue:
    """Getting to know who gives something, also where no name is known."""
    found = find.find_public_listing(db.session(), slug)
    if found is None:
        return listing.moved_or_404(slug)
    if found.is_ended(today()):
        return redirect(url_for("listing.listing", slug=slug))
    name = listing.full_name(found)
    return page(
        Wish(
            name=found.title,
            whom=f"de mensen van {name}",
            path=url_for("listing.listing", slug=slug),
            area=wijk_of(listing.area_of(found)),
            invited=invited_of(found),
            person=listing.person_for(found, ContactRole.PRIMARY),
            is_example=found.is_example,
        )
    )


@bp.get("/aanbieder/<slug>", endpoint="provider")
def of_provider(slug: str) -> ResponseReturnValue:
    """Getting to know a provider, by the first of its listings that says where it is."""
    session = db.session()
    found = find.find_provider(session, slug)
    ids = find.public_ids_of_provider(session, found) if found else []
    if found is None or not ids:
        return provider.moved_or_404(slug)
    loaded = {one.id: one for one in find.load_listings(session, ids[:MOST_READ])}
    offered = [loaded[id] for id in ids[:MOST_READ] if not loaded[id].is_ended(today())]
    ways = (one for each in offered if (one := invited_of(each)).is_reachable)
    return page(
        Wish(
            name=found.name,
            whom=f"de mensen van {found.name}",
            path=url_for("provider.provider", slug=slug),
            area=wijk_of(next(filter(None, map(listing.area_of, offered)), None)),
            invited=next(ways, None),
            is_example=found.is_example,
        )
    )


# Who introduces you


def page(wish: Wish) -> str:
    """Who brings you together, with a letter; and a letter to invite somebody oneself."""
    line = list(introducers(wish))
    first = line[0] if line else None
    invited = invited_person(first.person) if wish.is_area and first else wish.invited
    session = db.session()
    contact = people.contact_for_area(session, area_tree(session), wish.area.code, today())
    return render_template(
        "introduction/introduction.html",
        wish=wish,
        contact=contact,
        introducer=first,
        next_one=line[1] if len(line) > 1 else None,
        asking=letter("asking", first.person.first_name, wish) if first else None,
        invited=invited,
        inviting=letter("inviting", invited.greeting, wish) if invited else None,
        is_example=wish.is_example or contact.is_example,
    )


def introducers(wish: Wish) -> Iterator[StandIn]:
    """Who knows the area and can be reached, in the order of R15; not who is to be met."""
    session = db.session()
    line = people.line_for_area(session, area_tree(session), wish.area.code, today())
    own = wish.person.id if wish.person else None
    yield from (one for one in line if one.is_reachable and one.person.id != own)


def letter(kind: str, to: str, wish: Wish) -> Letter:
    """A letter to somebody about a wish."""
    body = str(get_template_attribute(WORDS, kind)(to, wish.whom, public(wish.path)))
    return Letter(f"Kennismaken: {wish.name}", body.strip())


# Where somebody is found


def wijk_of(node: AreaNode | None) -> AreaNode:
    """The wijk around an area, or that area where it is larger; the city where none is known."""
    tree = area_tree(db.session())
    if node is None:
        return tree.get(CITY)
    return tree.up_to(node.code, AreaLevel.WIJK) or node


def area_of_person(profile: Profile) -> AreaNode:
    """Where a person works: the area held, else the wijk of the team, else that of a listing."""
    session, tree = db.session(), area_tree(db.session())
    held = profile.areas() or profile.areas(is_stand_in=True)
    if held:
        return tree.get(held[0])
    member_of = teams.memberships_of(session, profile.person.id, today())
    slugs = [one.team_slug for one in member_of] + [slug for slug, _ in profile.leads]
    for slug in slugs:
        if found := teams.find_team(session, slug, today()):
            return area_of_team(found)
    ids = [*profile.listings(), *profile.listings(is_stand_in=True)]
    found_at = map(listing.area_of, find.load_listings(session, ids))
    return wijk_of(next(filter(None, found_at), None))


def area_of_team(found: TeamView) -> AreaNode:
    """The wijk of a team: of its door if it works there, else of most of its buurten."""
    tree = area_tree(db.session())
    served = [node for code in sorted(found.buurten) if (node := tree.up_to(code, AreaLevel.WIJK))]
    home = tree.up_to(found.home, AreaLevel.WIJK) if found.home else None
    if home and (home in served or not served):
        return home
    return max(served, key=served.count, default=tree.get(CITY))


# Whom to invite


def invited_person(one: PersonView) -> Invited:
    """A person with what everybody may see of how to reach that person."""
    return Invited(one.name, one.first_name, one.phone, one.mail, one.whatsapp)


def invited_of(found: Listing) -> Invited:
    """The contact of a listing with the number and mail of the listing behind; else those alone."""
    one = listing.person_for(found, ContactRole.PRIMARY)
    name = found.provider.name if found.provider else found.title
    if one is None:
        return Invited(name, f"mensen van {name}", found.phone, found.mail)
    phone, mail = one.phone or found.phone, one.mail or found.mail
    return Invited(one.name, one.first_name, phone, mail, one.whatsapp)
