"""Likely duplicates: listings and providers that look like one that is known by another name.

They are only named; a person knows whether two are one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from importers.run.checks import Checked
from socialmap.listings.find import NamedListing
from socialmap.models.slugs import slug_of
from socialmap.models.terms import ListingKind

NEAR = 90
"""From this likeness (0–100) on two names may be one with a slip: `Kop op` and `Kopop`."""


@dataclass(frozen=True)
class Seen:
    """A listing as far as a duplicate shows; `line` is 0 for one in the directory."""

    key: str
    title: str
    provider: str | None
    postcodes: frozenset[str]
    kind: ListingKind
    line: int = 0

    @property
    def blocks(self) -> list[str]:
        """What two listings must share to be compared: a postcode, or their provider."""
        owner = [f"van {slug_of(self.provider)}"] if self.provider else []
        return [*sorted(self.postcodes), *owner]

    @property
    def where(self) -> str:
        return f"op regel {self.line}" if self.line else "in de gids"


def likely_duplicates(good: Sequence[Checked], known: Iterable[NamedListing]) -> list[str]:
    """A line for each new listing that looks like one in the directory, or further up in the
    file; and for each new provider that looks like another."""
    here = [_from_directory(one) for one in known]
    keys = {one.key for one in here}
    fresh = [_from_file(one) for one in good if one.values.key not in keys]
    if not fresh:
        return []
    return [*_listings(fresh, here), *_providers(fresh, here)]


def _listings(fresh: Sequence[Seen], here: Sequence[Seen]) -> Iterator[str]:
    blocks = _Blocks()
    for one in here:
        blocks.add(one)
    for one in fresh:
        for other in blocks.like(one):
            yield (
                f"regel {one.line}, {one.key}: {one.title} lijkt op {other.key} ({other.title}) "
                f"{other.where}, {_shared(one, other)}. Is het hetzelfde? Gebruik dan één id"
            )
        blocks.add(one)


def _shared(one: Seen, other: Seen) -> str:
    both = sorted(one.postcodes & other.postcodes)
    return f"met dezelfde postcode {both[0]}" if both else "van dezelfde aanbieder"


class _Blocks:
    """Listings by what they share, so that only few are compared."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, str]] = {}
        self._seen: dict[str, Seen] = {}

    def add(self, one: Seen) -> None:
        self._seen[one.key] = one
        for block in one.blocks:
            self._names.setdefault(block, {})[one.key] = slug_of(one.title)

    def like(self, one: Seen) -> list[Seen]:
        """The listings that share a block with this one and are named like it."""
        found = {
            key
            for block in one.blocks
            for key in _near(slug_of(one.title), self._names.get(block, {}))
        }
        others = [self._seen[key] for key in sorted(found)]
        return [other for other in others if _is_place(other) == _is_place(one)]


def _near(name: str, names: Mapping[str, str]) -> list[str]:
    """The keys of names that are like `name` and hold the same numbers (Groep 1, Groep 2)."""
    found = process.extract(name, names, scorer=fuzz.ratio, score_cutoff=NEAR, limit=None)
    return [key for other, _, key in found if _numbers(other) == _numbers(name)]


def _providers(fresh: Sequence[Seen], here: Sequence[Seen]) -> Iterator[str]:
    names = {one.provider for one in here if one.provider}
    known: dict[str, dict[str, str]] = {}
    for name in names:
        known.setdefault(_start(name), {})[name] = slug_of(name)
    for one in fresh:
        if one.provider is None or one.provider in names:
            continue
        alike = known.setdefault(_start(one.provider), {})
        for other in _near(slug_of(one.provider), alike):
            yield (
                f'regel {one.line}, {one.key}: aanbieder "{one.provider}" lijkt op "{other}". '
                "Is het dezelfde? Schrijf de naam dan gelijk"
            )
        names.add(one.provider)
        alike[one.provider] = slug_of(one.provider)


def _start(name: str) -> str:
    """How a name begins; a slip is seldom there, so that only few names are compared."""
    return slug_of(name).removeprefix("stichting-")[:3]


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _is_place(one: Seen) -> bool:
    """A place and what is given there may well have one name."""
    return one.kind == ListingKind.PLACE


def _from_directory(one: NamedListing) -> Seen:
    return Seen(one.key, one.title, one.provider, one.postcodes, one.kind)


def _from_file(one: Checked) -> Seen:
    values = one.values
    return Seen(
        values.key,
        values.title,
        values.provider.name if values.provider else None,
        frozenset(place.postcode for place in values.places if place.postcode),
        values.kind,
        one.line,
    )
