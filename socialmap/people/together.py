"""Who works together: worked out from what pages show already, and kept nowhere (R16).

Two people have a bond where they stand in for each other, are in one team, or are the contact of
listings of one provider or at one address. An address that may not be shown is no bond.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.models import (
    Contact,
    Listing,
    ListingPlace,
    Person,
    Place,
    Provider,
    Team,
    TeamArea,
    TeamMember,
    WijkContact,
)
from socialmap.models.terms import PUBLIC_STATUSES, AreaLevel, ContactRole, Visibility
from socialmap.people.find import PersonView, contacts_for_areas, view_of, with_details

MOST, EACH = 8, 4
"""So many names at once, and so many of one group where there are several."""


class Bond(StrEnum):
    """Why somebody works together with somebody, the most telling first."""

    STANDS_IN = "stands_in"
    TEAM = "team"
    PROVIDER = "provider"
    PLACE = "place"
    KNOWS_WIJK = "knows_wijk"
    TEAM_HERE = "team_here"
    LISTING_HERE = "listing_here"
    PROVIDER_HERE = "provider_here"


class Noun(StrEnum):
    """What a name is of, and so which page it leads to."""

    PERSON = "person"
    TEAM = "team"
    PROVIDER = "provider"


class Named(NamedTuple):
    """A person, team or provider: a name that leads to a page."""

    noun: Noun
    slug: str
    name: str
    about: str
    """What this person does, as everybody may know."""
    is_example: bool

    @property
    def whose(self) -> str:
        """Who this is: a team that gives listings is a provider of the same name."""
        return f"person {self.slug}" if self.noun == Noun.PERSON else self.name


class Group(NamedTuple):
    """Who has the same bond with somebody."""

    bond: Bond
    at: str
    """The name of the team, provider, place or wijk; empty where the bond says it all."""
    names: list[Named]


Row = tuple[Bond, str, Named]


@dataclass(frozen=True)
class Together:
    """Those who work together with somebody: a few names, and the others."""

    first: list[Group]
    rest: list[Group]

    @property
    def is_example(self) -> bool:
        return any(one.is_example for group in (*self.first, *self.rest) for one in group.names)


def around_person(session: Session, tree: AreaTree, person: PersonView, today: date) -> Together:
    """Who works together with a person."""
    person_id = person.id
    own = _listings_of(session, person_id, today)
    teams = _teams_of(session, person_id, today)
    rows = [
        *_standing_in(session, person_id, today),
        *_beside(session, own, today),
        *_in_teams(session, teams, today),
        *_of_providers(session, own, today),
        *_at_places(session, [*_places_of(session, own), *_places_at(teams)], today),
        *_around_wijken(session, tree, _wijken_of(session, tree, person_id, today), today),
    ]
    return _parted(_grouped(rows, {f"person {person.slug}", *(team.name for team in teams)}))


def around_team(session: Session, tree: AreaTree, team_id: UUID, today: date) -> Together:
    """Who works together with a team, besides its members."""
    team = session.get_one(Team, team_id)
    served = set(session.exec(select(TeamArea.area_code).where(TeamArea.team_id == team_id)))
    wijken = {node.code for code in served if (node := tree.up_to(code, AreaLevel.WIJK))}
    rows = [
        *_who_know(session, tree, sorted(wijken), today),
        *_at_places(session, _places_at([team]), today),
        *_serving(session, served, ""),
    ]
    members = {one.whose for _, _, one in _in_teams(session, [team], today)}
    return _parted(_grouped(rows, {team.name, *members}))


def around_wijk(session: Session, tree: AreaTree, code: str, today: date) -> Together:
    """Who works in a wijk: in its teams, and for what is given there."""
    inside = [node.code for node in tree.within(code)]
    serving = select(TeamArea.team_id).where(col(TeamArea.area_code).in_(inside))
    teams = session.exec(select(Team).where(col(Team.id).in_(serving)).order_by(Team.name)).all()
    given = _given_in(session, inside)
    rows = [
        *_in_teams(session, teams, today),
        *_for_listings(session, given, today),
        *_providers_of(session, given, "", today),
    ]
    return _parted(_grouped(rows, {team.name for team in teams}))


# What somebody does


def _listings_of(session: Session, person_id: UUID, today: date) -> list[Listing]:
    """What somebody is the contact or the backup of, as far as a visitor sees it."""
    rows = _contacts(session, today, col(Contact.person_id) == person_id)
    return [listing for _, listing in rows]


def _teams_of(session: Session, person_id: UUID, today: date) -> list[Team]:
    """The teams in which somebody is, or that somebody leads."""
    members = session.exec(select(TeamMember).where(TeamMember.person_id == person_id)).all()
    leads = session.exec(
        select(Contact).where(Contact.person_id == person_id, col(Contact.team_id).is_not(None))
    ).all()
    held: list[TeamMember | Contact] = [*members, *leads]
    ids = {row.team_id for row in held if row.is_current(today)}
    return list(session.exec(select(Team).where(col(Team.id).in_(ids)).order_by(Team.name)))


def _wijken_of(session: Session, tree: AreaTree, person_id: UUID, today: date) -> list[str]:
    """The wijken that somebody knows, as their contact."""
    held = session.exec(select(WijkContact).where(WijkContact.person_id == person_id)).all()
    codes = sorted({row.area_code for row in held if row.is_current(today)})
    return [code for code in codes if tree.get(code).level == AreaLevel.WIJK]


# With whom


def _standing_in(session: Session, person_id: UUID, today: date) -> Iterator[Row]:
    """Who replaces this person in a team or a wijk, and whom this person replaces."""
    members = select(TeamMember).where(
        sa.or_(col(TeamMember.person_id) == person_id, col(TeamMember.backup_id) == person_id)
    )
    for member in session.exec(
        members.options(with_details(TeamMember.person), with_details(TeamMember.backup))
    ):
        if member.is_current(today):
            yield from _pair(Bond.STANDS_IN, (member.person, member.backup), today)
    held = select(WijkContact).where(
        sa.or_(col(WijkContact.person_id) == person_id, col(WijkContact.deputy_id) == person_id)
    )
    for row in session.exec(
        held.options(with_details(WijkContact.person), with_details(WijkContact.deputy))
    ):
        if row.is_current(today):
            yield from _pair(Bond.STANDS_IN, (row.person, row.deputy), today)


def _beside(session: Session, own: Sequence[Listing], today: date) -> Iterator[Row]:
    """The contact and the backup of the same listings."""
    ids = [listing.id for listing in own]
    for contact, _ in _contacts(session, today, col(Contact.listing_id).in_(ids)):
        yield from _pair(Bond.STANDS_IN, (contact.person,), today)


def _in_teams(session: Session, teams: Sequence[Team], today: date) -> Iterator[Row]:
    """Who leads these teams, and who is in them."""
    names = {team.id: team.name for team in teams}
    leads = select(Contact).where(col(Contact.team_id).in_(list(names)))
    members = select(TeamMember).where(col(TeamMember.team_id).in_(list(names)))
    found: list[Contact | TeamMember] = [
        *session.exec(leads.options(with_details(Contact.person))),
        *session.exec(members.options(with_details(TeamMember.person))),
    ]
    for row in found:
        if row.team_id and row.is_current(today):
            yield from _pair(Bond.TEAM, (row.person,), today, names[row.team_id])


def _of_providers(session: Session, own: Sequence[Listing], today: date) -> Iterator[Row]:
    """The contacts of other listings of the same providers."""
    ids = {listing.provider_id for listing in own if listing.provider_id}
    query = select(Provider.id, Provider.name).where(col(Provider.id).in_(ids))
    names = dict(session.exec(query).all())
    for contact, listing in _contacts(session, today, col(Listing.provider_id).in_(ids)):
        if listing.provider_id:
            at = names[listing.provider_id]
            yield from _pair(Bond.PROVIDER, (contact.person,), today, at)


def _at_places(session: Session, place_ids: Collection[UUID], today: date) -> Iterator[Row]:
    """The contacts of what is given at these addresses, and the teams that are there."""
    shown = select(Place).where(col(Place.id).in_(place_ids), Place.visibility == Visibility.EXACT)
    names = {place.id: place.name or _street(place) for place in session.exec(shown)}
    links = select(ListingPlace).where(col(ListingPlace.place_id).in_(list(names)))
    places = {link.listing_id: names[link.place_id] for link in session.exec(links)}
    for contact, listing in _contacts(session, today, col(Contact.listing_id).in_(list(places))):
        yield from _pair(Bond.PLACE, (contact.person,), today, places[listing.id])
    for team in session.exec(select(Team).where(col(Team.place_id).in_(list(names)))):
        if team.place_id:
            yield Bond.PLACE, names[team.place_id], _team(team)


def _around_wijken(
    session: Session, tree: AreaTree, codes: Sequence[str], today: date
) -> Iterator[Row]:
    """The teams of the wijken that somebody knows, and who gives something there."""
    for code in codes:
        inside = [node.code for node in tree.within(code)]
        yield from _serving(session, inside, tree.get(code).name)
        given = _given_in(session, inside)
        yield from _providers_of(session, given, tree.get(code).name, today)


def _who_know(
    session: Session, tree: AreaTree, wijken: Sequence[str], today: date
) -> Iterator[Row]:
    """The contacts of these wijken."""
    for code, one in contacts_for_areas(session, tree, wijken, today).items():
        if one.person:
            known = one.person
            about = tree.get(code).name
            yield (
                Bond.KNOWS_WIJK,
                "",
                Named(Noun.PERSON, known.slug, known.name, about, known.is_example),
            )


def _serving(session: Session, codes: Collection[str], at: str) -> Iterator[Row]:
    """The teams that serve any of these areas."""
    serving = select(TeamArea.team_id).where(col(TeamArea.area_code).in_(codes))
    for team in session.exec(select(Team).where(col(Team.id).in_(serving))):
        yield Bond.TEAM_HERE, at, _team(team)


def _for_listings(session: Session, ids: Collection[UUID], today: date) -> Iterator[Row]:
    """The contacts of these listings."""
    is_contact = col(Contact.role) == ContactRole.PRIMARY
    for contact, _ in _contacts(session, today, col(Contact.listing_id).in_(ids), is_contact):
        yield from _pair(Bond.LISTING_HERE, (contact.person,), today)


def _providers_of(session: Session, ids: Collection[UUID], at: str, today: date) -> Iterator[Row]:
    """Whose these listings are."""
    query = (
        select(Provider, Listing)
        .join(Listing, col(Listing.provider_id) == Provider.id)
        .where(col(Listing.id).in_(ids), col(Listing.status).in_(PUBLIC_STATUSES))
    )
    for provider, listing in session.exec(query):
        if not listing.is_ended(today):
            named = Named(Noun.PROVIDER, provider.slug, provider.name, "", provider.is_example)
            yield Bond.PROVIDER_HERE, at, named


# Where


def _places_of(session: Session, listings: Iterable[Listing]) -> list[UUID]:
    ids = [listing.id for listing in listings]
    return list(
        session.exec(select(ListingPlace.place_id).where(col(ListingPlace.listing_id).in_(ids)))
    )


def _places_at(teams: Iterable[Team]) -> list[UUID]:
    return [team.place_id for team in teams if team.place_id]


def _given_in(session: Session, codes: Collection[str]) -> list[UUID]:
    """The listings that are given at a place in these areas, as far as that may be known."""
    here = select(ListingPlace.listing_id).join(Place, col(Place.id) == ListingPlace.place_id)
    return list(session.exec(here.where(col(Place.area_code).in_(codes)).distinct()))


def _street(place: Place) -> str:
    return " ".join(part for part in (place.street, place.house_number) if part)


# Together


def _contacts(session: Session, today: date, *which: Any) -> list[tuple[Contact, Listing]]:
    """The contacts and backups of today of the listings that a visitor sees and that still run."""
    query = (
        select(Contact, Listing)
        .join(Listing, col(Listing.id) == Contact.listing_id)
        .where(col(Listing.status).in_(PUBLIC_STATUSES), *which)
        .options(with_details(Contact.person))
        .order_by(Listing.title)
    )
    found = session.exec(query).all()
    return [
        (contact, listing)
        for contact, listing in found
        if contact.is_current(today) and not listing.is_ended(today)
    ]


def _pair(bond: Bond, both: Iterable[Person | None], today: date, at: str = "") -> Iterator[Row]:
    """Those of these people who are there, as a visitor may see them."""
    for person in both:
        if person is not None and not person.has_left(today):
            one = view_of(person, today)
            yield bond, at, Named(Noun.PERSON, one.slug, one.name, one.role, one.is_example)


def _team(team: Team) -> Named:
    return Named(Noun.TEAM, team.slug, team.name, "", team.is_example)


def _grouped(rows: Iterable[Row], besides: Collection[str]) -> list[Group]:
    """The rows by bond, everyone once: where the bond is the most telling."""
    seen = set(besides)
    found: dict[tuple[Bond, str], list[Named]] = {}
    for bond, at, one in sorted(rows, key=lambda row: list(Bond).index(row[0])):
        if one.whose not in seen:
            seen.add(one.whose)
            found.setdefault((bond, at), []).append(one)
    return [
        Group(bond, at, sorted(names, key=lambda one: one.name))
        for (bond, at), names in found.items()
    ]


def _parted(groups: Sequence[Group]) -> Together:
    """A few names of each group, the first groups first; and the others."""
    first, rest, room = [], [], MOST
    each = max(EACH, MOST // max(len(groups), 1))
    for bond, at, names in groups:
        fits = min(each, room, len(names))
        room -= fits
        first.append(Group(bond, at, names[:fits]))
        rest.append(Group(bond, at, names[fits:]))
    return Together(*([group for group in part if group.names] for part in (first, rest)))
