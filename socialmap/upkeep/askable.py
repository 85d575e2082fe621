"""Who can be asked whether a listing is right: its editors, and else who has its wijk."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.geo.tree import CITY, AreaTree
from socialmap.listings.cards import Card
from socialmap.models import Account, Listing
from socialmap.models.terms import AreaLevel, Role


def home_area(tree: AreaTree, card: Card) -> str:
    """The code of the area whose contact sees to a listing: where it is given first, else the
    first that it serves; of a buurt its wijk. The city where it says neither."""
    return home_among(tree, [*(place.area_code for place in card.places), *card.coverage])


def home_among(tree: AreaTree, codes: Iterable[str | None]) -> str:
    """The same of the codes of areas where it is given, and then of those that it serves."""
    for code in codes:
        found = tree.find(code) if code else None
        if found is None:
            continue
        levels = {node.level: node.code for node in tree.ancestors(found.code)}
        return levels.get(AreaLevel.WIJK, found.code)
    return CITY


class Circle:
    """Everybody who can be asked, read once."""

    def __init__(self, session: Session, tree: AreaTree, now: datetime) -> None:
        self._tree = tree
        self._editors: dict[UUID, list[Account]] = defaultdict(list)
        self._contacts: dict[str, list[Account]] = defaultdict(list)
        self._redactie: list[Account] = []
        for account in self._reachable(session):
            for held in account.roles_at(now):
                if held.provider_id is not None:
                    self._editors[held.provider_id].append(account)
                elif held.area_code is not None:
                    self._contacts[held.area_code].append(account)
                elif held.role == Role.REDACTEUR:
                    self._redactie.append(account)

    @staticmethod
    def _reachable(session: Session) -> Iterable[Account]:
        """Accounts that have not ended, and whose mail arrives."""
        wanted = select(Account).where(
            col(Account.ended_on).is_(None), col(Account.bounced_on).is_(None)
        )
        return session.exec(wanted.options(selectinload(Account.roles)).order_by(Account.mail))  # type: ignore[arg-type]

    def editors_of(self, provider_id: UUID | None) -> Sequence[Account]:
        """Who keeps the listings of a provider, and can be reached."""
        return self._editors.get(provider_id, ()) if provider_id else ()

    def is_orphan(self, provider_id: UUID | None) -> bool:
        """Is there nobody who keeps it and can be reached?"""
        return not self.editors_of(provider_id)

    def contacts_of(self, area_code: str) -> Sequence[Account]:
        """Who has this area, else who has the next one above it, else the redacteurs."""
        above = self._tree.ancestors(area_code)
        found = (self._contacts[node.code] for node in above if node.code in self._contacts)
        return next(found, self._redactie)


def providers_of_listings(session: Session, ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """The providers of these listings."""
    query = select(Listing.id, Listing.provider_id).where(col(Listing.id).in_(ids))
    return dict(session.exec(query).all())
