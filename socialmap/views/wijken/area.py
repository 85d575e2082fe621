"""One area as an account may decide on it, and the other areas of who holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import abort
from sqlmodel import Session

from socialmap import people
from socialmap.accounts import permissions
from socialmap.geo.tree import AreaNode, area_tree
from socialmap.models import Account, WijkContact
from socialmap.models.terms import AreaLevel
from socialmap.people import Candidate, Circle, Held


@dataclass(frozen=True)
class AreaDesk:
    """What the page of an area shows, and what a form on it is about."""

    node: AreaNode
    held: Held
    others: tuple[WijkContact, ...]
    """What the holder has elsewhere, as far as this account may decide there."""
    choices: Mapping[Circle, list[Candidate]]

    @property
    def now(self) -> WijkContact | None:
        return self.held.now

    @property
    def version(self) -> str:
        """Tells whether the area is as when a form was given out."""
        return self.held.version

    @property
    def version_also(self) -> str:
        """The same of the other areas of the holder."""
        return people.version_of(self.others)


def area_or_404(session: Session, account: Account, slug: str) -> AreaNode:
    """The area, from wijk to city, with this slug; as if there were none for who may not decide."""
    tree = area_tree(session)
    node = tree.find(slug)
    if node is None or node.slug != slug or node.level == AreaLevel.BUURT:
        abort(404)
    if not permissions.can_check(account, tree, node.code):
        abort(404)
    return node


def desk_of(session: Session, account: Account, node: AreaNode, today: date) -> AreaDesk:
    """An area as this account may decide on it."""
    tree = area_tree(session)
    [held] = people.held_areas(session, tree, [node.code], today)
    now = held.now
    rows = people.rows_of_person(session, now.person_id, today) if now else []
    others = (row for row in rows if row.area_code != node.code)
    known = [now.deputy_id] if now and now.deputy_id else []
    return AreaDesk(
        node,
        held,
        tuple(row for row in others if permissions.can_check(account, tree, row.area_code)),
        people.candidates(session, tree, account, node.code, today, known),
    )
