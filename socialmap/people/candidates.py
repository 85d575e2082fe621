"""Among whom the holder or the deputy of an area is chosen: a list that stays short (R13)."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from socialmap.geo.tree import CITY, AreaTree
from socialmap.models import Account, Contact, Person, TeamArea, TeamMember, WijkContact
from socialmap.models.terms import AreaLevel


class Circle(StrEnum):
    """From where someone is known who can be chosen."""

    NOW = "now"
    HOLDERS = "holders"
    TEAMS = "teams"
    ADDED = "added"


KNOWN = (col(Person.key), col(Person.name), col(Person.role), col(Person.organisation))


class Candidate(NamedTuple):
    """Someone who can be chosen, as people know them apart."""

    key: str
    name: str
    role: str
    organisation: str

    @property
    def told(self) -> str:
        """`Tjeerd Bakhuizen, wijkcontactpersoon, Welzijn Tussen de Bruggen`."""
        return ", ".join(part for part in (self.name, self.role.lower(), self.organisation) if part)


def candidates(
    session: Session,
    tree: AreaTree,
    account: Account,
    code: str,
    today: date,
    now: Iterable[UUID] = (),
) -> dict[Circle, list[Candidate]]:
    """The people among whom an account chooses for an area, by name, each once.

    Who has it `now` (by id), who holds or deputises an area of the same stadsdeel, who works in a
    team there, and whom the account added itself.
    """
    home = tree.up_to(code, AreaLevel.DISTRICT)
    inside = [node.code for node in tree.within(home.code)] if home else _largest(tree)
    is_there = sa.or_(col(Person.left_on).is_(None), col(Person.left_on) > today)
    queries = {
        Circle.NOW: col(Person.id).in_(now),
        Circle.HOLDERS: _holders(inside, today),
        Circle.TEAMS: _team_people(inside if home else [], today),
        Circle.ADDED: col(Person.added_by_id) == account.id,
    }
    found: dict[Circle, list[Candidate]] = {}
    seen: set[str] = set()
    for circle, is_of_it in queries.items():
        query = select(*KNOWN).where(is_of_it, is_there)
        rows = session.exec(query.order_by(col(Person.name), col(Person.key)))
        found[circle] = [Candidate(*row) for row in rows if row[0] not in seen]
        seen |= {one.key for one in found[circle]}
    return {circle: known for circle, known in found.items() if known}


def get_candidate(session: Session, known: Mapping[Circle, list[Candidate]], key: str) -> Person:
    """The person with this key among those who can be chosen; raises KeyError."""
    if not any(one.key == key for group in known.values() for one in group):
        raise KeyError(key)
    return session.exec(select(Person).where(Person.key == key)).one()


def _largest(tree: AreaTree) -> list[str]:
    """Of the city itself: the stadsdelen, and not all of their wijken."""
    return [CITY, *(node.code for node in tree.at_level(AreaLevel.DISTRICT))]


def _holders(codes: list[str], today: date) -> sa.ColumnElement[bool]:
    rows = (
        col(WijkContact.area_code).in_(codes),
        _not_over(col(WijkContact.until_on), today),
    )
    holders = select(WijkContact.person_id).where(*rows)
    deputies = select(WijkContact.deputy_id).where(*rows, col(WijkContact.deputy_id).is_not(None))
    return sa.or_(col(Person.id).in_(holders), col(Person.id).in_(deputies))


def _team_people(codes: list[str], today: date) -> sa.ColumnElement[bool]:
    """Who works in a team that serves one of these areas, or is a contact of it."""
    teams = select(TeamArea.team_id).where(col(TeamArea.area_code).in_(codes))
    members = select(TeamMember.person_id).where(
        col(TeamMember.team_id).in_(teams), _not_over(col(TeamMember.until_on), today)
    )
    leaders = select(Contact.person_id).where(
        col(Contact.team_id).in_(teams), _not_over(col(Contact.until_on), today)
    )
    return sa.or_(col(Person.id).in_(members), col(Person.id).in_(leaders))


def _not_over(until_on: Mapped[date | None], today: date) -> sa.ColumnElement[bool]:
    return sa.or_(until_on.is_(None), until_on >= today)
