"""What a listing brings its provider: how it was found, whom it reaches, what is still to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree, area_tree
from socialmap.labels import label
from socialmap.listings.completeness import Completeness, completeness
from socialmap.listings.counts import Seens, area_name, months_of_year, seens_of, whole_months
from socialmap.models import Listing
from socialmap.models.terms import PUBLIC_STATUSES, Counted


@dataclass(frozen=True)
class Benefit:
    """What one listing brings, in a year or in the last twelve months."""

    slug: str
    title: str
    seens: Seens
    completeness: Completeness
    serves: list[str]
    """The names of the areas for whose people it is."""
    looked_from: list[tuple[str, int]]
    """The areas that people named who found it, with how often: never below five."""

    def total(self, what: Counted) -> str:
        """`34`; `ten minste 34` or `minder dan 5 per maand` where months are below five."""
        told = self.seens.totals[what]
        if told.is_least:
            return f"ten minste {told.count}" if told.count else "minder dan 5 per maand"
        return str(told.count)


@dataclass(frozen=True)
class Yearly:
    """The same of all listings of a provider in one year, for the yearly mail."""

    year: int
    benefits: list[Benefit]

    @property
    def is_silent(self) -> bool:
        """Is there nothing to tell of how they were found?"""
        return all(one.seens.is_silent for one in self.benefits)


def benefit(session: Session, listing: Listing, today: date) -> Benefit:
    """What a listing that is loaded whole brought in the last twelve months that are over."""
    return _benefit(session, listing, whole_months(today), today)


def yearly(session: Session, provider_id: UUID, year: int, today: date) -> Yearly:
    """What the public listings of a provider brought in a year, as far as it is over, by title."""
    wanted = select(Listing).where(
        Listing.provider_id == provider_id, col(Listing.status).in_(PUBLIC_STATUSES)
    )
    found = session.exec(wanted.options(*Listing.everything()).order_by(col(Listing.title))).all()
    running = [listing for listing in found if not listing.is_ended(today)]
    months = months_of_year(year, today)
    return Yearly(year, [_benefit(session, listing, months, today) for listing in running])


def _benefit(session: Session, listing: Listing, months: Sequence[date], today: date) -> Benefit:
    tree = area_tree(session)
    seens = seens_of(session, listing, months)
    return Benefit(
        slug=listing.slug,
        title=listing.title,
        seens=seens,
        completeness=completeness(session, listing, today),
        serves=_serves(tree, listing),
        looked_from=[(area_name(tree, one.code), one.count) for one in seens.areas],
    )


def _serves(tree: AreaTree, listing: Listing) -> list[str]:
    """The names of its areas; the whole city, or beyond it, in words."""
    areas = [tree.get(row.area_code).name for row in listing.coverage if row.area_code]
    return [*areas, *(label(row.reach) for row in listing.coverage if row.reach)]
