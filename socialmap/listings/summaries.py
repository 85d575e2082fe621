"""Summaries in other languages: one for each language in which somebody wrote it, with its history.

They stand beside the values of a listing, so that no import touches them.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.listings.history import Author
from socialmap.models import Change, Listing, ListingSummary
from socialmap.models.terms import Language

NOUN = "listing_summary"
"""What history calls them; the record is the listing, the field the language."""
LONGEST = 600
"""Signs; the Dutch one has 400, and some languages need more of them."""


@dataclass(frozen=True)
class Written:
    """A summary as somebody wrote it."""

    text: str
    written_by: str
    written_on: date
    is_example: bool = False

    @classmethod
    def of(cls, row: ListingSummary) -> "Written":
        return cls(row.text, row.written_by, row.written_on, row.is_example)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for history."""
        return asdict(self) | {"written_on": self.written_on.isoformat()}


Summaries = dict[Language, ListingSummary]


def summaries_of(session: Session, listing_id: UUID) -> Summaries:
    """What is written of a listing by language, in the order of the languages."""
    return summaries_by_listing(session, [listing_id]).get(listing_id, {})


def summaries_by_listing(session: Session, ids: Iterable[UUID]) -> dict[UUID, Summaries]:
    """The same of several listings; those of which nothing is written are left out."""
    query = select(ListingSummary).where(col(ListingSummary.listing_id).in_(list(ids)))
    order = list(Language)
    rows = sorted(session.exec(query), key=lambda row: order.index(row.language))
    found: dict[UUID, Summaries] = {}
    for row in rows:
        found.setdefault(row.listing_id, {})[row.language] = row
    return found


def last_change(session: Session, listing_id: UUID, language: Language) -> int:
    """The number of the last change of a summary; 0 when there is none."""
    query = select(sa.func.max(Change.id)).where(
        Change.noun == NOUN, Change.record_id == listing_id, Change.field == language
    )
    return session.exec(query).one() or 0


def save_summary(
    session: Session, listing: Listing, language: Language, written: Written, author: Author
) -> bool:
    """Keep a summary of the Dutch one as it is now; returns whether that changes anything.

    It flushes; the caller commits.
    """
    row = session.get(ListingSummary, (listing.id, language))
    before = Written.of(row) if row else None
    if row and before == written and not row.is_behind(listing.summary):
        return False
    held = asdict(written) | {"of_text": listing.summary}
    if row is None:
        session.add(ListingSummary(listing_id=listing.id, language=language, **held))
    else:
        row.sqlmodel_update(held)
    _record(session, listing.id, language, before, written, author)
    return True


def erase_summary(session: Session, listing: Listing, language: Language, author: Author) -> bool:
    """Take a summary away; returns whether there was one. It flushes; the caller commits."""
    row = session.get(ListingSummary, (listing.id, language))
    if row is None:
        return False
    session.delete(row)
    _record(session, listing.id, language, Written.of(row), None, author)
    return True


def _record(
    session: Session,
    listing_id: UUID,
    language: Language,
    before: Written | None,
    after: Written | None,
    author: Author,
) -> None:
    told = {"before": before and before.as_json(), "after": after and after.as_json()}
    session.add(author.change(NOUN, listing_id, str(language), **told))
    session.flush()
