"""Everything by name, from A to Z: listings, places, providers and teams; never people."""

import string
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from socialmap.models import Listing, Provider, Team
from socialmap.models.slugs import folded
from socialmap.models.terms import PUBLIC_STATUSES, ListingKind

OTHERS = "0-9"
"""What begins with a figure or a sign stands together."""
LETTERS = (*string.ascii_lowercase, OTHERS)
SKIPPED = "'\"‘’“”„`´«»([{¿¡- "
"""Signs before the first letter do not count: 't Hoekje stands under T."""

LISTED = (
    Listing.title,
    Listing.slug,
    Listing.kind,
    Listing.status,
    Listing.ended_on,
    Listing.is_example,
)
"""What the register reads of a listing."""


@dataclass(frozen=True)
class Entry:
    """One line of the register."""

    name: str
    slug: str
    noun: str
    """Whose page it leads to: `listing`, `provider` or `team`."""
    is_example: bool
    is_place: bool = False
    is_ended: bool = False

    @property
    def order(self) -> tuple[str, str]:
        return folded(self.name.lstrip(SKIPPED)), self.slug


def letter_counts(session: Session) -> Counter[str]:
    """How many names there are under each letter; letters without any are left out."""
    counts: Counter[str] = Counter()
    for name, where in _sources():
        first = _first(name)
        query = select(first, sa.func.count()).where(where).group_by(first)
        for sign, count in session.exec(query):
            counts[letter_of(sign)] += count
    return counts


def letter_of(sign: str) -> str:
    """The letter under which a name with this first sign stands: `É` -> `e`, `4` -> `0-9`."""
    first = folded(sign)[:1]
    return first if first in LETTERS else OTHERS


def entries(session: Session, letter: str, today: date) -> list[Entry]:
    """The names under a letter, in their order."""
    found = [*_listings(session, letter, today), *_providers(session, letter)]
    return sorted([*found, *_teams(session, letter)], key=lambda entry: entry.order)


def _listings(session: Session, letter: str, today: date) -> Iterator[Entry]:
    query = (
        select(Listing)
        .options(load_only(*LISTED))  # type: ignore[arg-type]
        .where(_is_public(), _begins_with(Listing.title, letter))
    )
    for row in session.exec(query):
        is_place = row.kind == ListingKind.PLACE
        yield Entry(row.title, row.slug, "listing", row.is_example, is_place, row.is_ended(today))


def _providers(session: Session, letter: str) -> Iterator[Entry]:
    query = select(Provider).where(_has_listings(), _begins_with(Provider.name, letter))
    for row in session.exec(query):
        yield Entry(row.name, row.slug, "provider", row.is_example)


def _teams(session: Session, letter: str) -> Iterator[Entry]:
    for row in session.exec(select(Team).where(_begins_with(Team.name, letter))):
        yield Entry(row.name, row.slug, "team", row.is_example)


def _sources() -> list[tuple[Any, Any]]:
    """(column of names, which of them are public) of each kind."""
    return [
        (Listing.title, _is_public()),
        (Provider.name, _has_listings()),
        (Team.name, sa.true()),
    ]


def _is_public() -> Any:
    return col(Listing.status).in_(PUBLIC_STATUSES)


def _has_listings() -> Any:
    return col(Provider.id).in_(select(Listing.provider_id).where(_is_public()))


def _first(name: Any) -> Any:
    """The first sign of a name that counts, as SQL."""
    return sa.func.substr(sa.func.ltrim(name, SKIPPED), 1, 1)


def _begins_with(name: Any, letter: str) -> Any:
    """Does a name stand under this letter? As SQL."""
    if letter == OTHERS:
        return _first(name).not_in([sign for one in string.ascii_lowercase for sign in _signs(one)])
    return _first(name).in_(_signs(letter))


def _signs(letter: str) -> list[str]:
    """A letter with its capitals and accents: e, E, é, É, ê …"""
    latin = map(chr, range(0x41, 0x250))
    return [
        sign
        for sign in latin
        if unicodedata.category(sign)[0] == "L" and folded(sign)[:1] == letter
    ]
