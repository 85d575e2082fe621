"""A list that is being made: all of it stands in the address, and goes on in the next one."""

from dataclasses import dataclass
from typing import Any, Self

from socialmap import db
from socialmap.labels import label, own_name
from socialmap.listings import find
from socialmap.listings.cards import Card, kept_card
from socialmap.listings.summaries import summaries_by_listing
from socialmap.models import Listing
from socialmap.models.slugs import LONGEST
from socialmap.models.terms import OTHER_LANGUAGES, Language
from socialmap.views.asking import Args, Kept, address
from socialmap.views.compare import PARAM, alike_url, picked, results_url, searched
from socialmap.views.shortlist.address import MOST

LANGUAGE, LARGE, READY = "lees", "groot", "klaar"
"""The language of the summaries, large type, and "make it"."""
ON = "1"
DRAFT = "shortlist.draft"


@dataclass(frozen=True)
class Wanted:
    """Which listings, in which order, how they are to be read, and the search they came from."""

    listings: tuple[Listing, ...]
    unknown: tuple[str, ...]
    """Addresses that lead nowhere, as they were given."""
    language: Language | None
    """In which summaries are shown where there are any; None is Dutch."""
    is_large: bool
    search: Kept
    """The parameters of the search; empty where it did not come from one."""

    @classmethod
    def of(cls, args: Args) -> Self:
        """Read an address."""
        slugs = picked(args)
        found = find.public_ids(db.session(), slugs)
        ids = list(dict.fromkeys(found.values()))
        by_id = {row.id: row for row in find.load_listings(db.session(), ids)}
        _, search = searched(args)
        return cls(
            listings=tuple(by_id[id] for id in ids if id in by_id),
            unknown=tuple(slug[:LONGEST] for slug in slugs if slug not in found),
            language=language_of(args),
            is_large=bool(args.get(LARGE)),
            search=search,
        )

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(listing.slug for listing in self.listings)

    @staticmethod
    def card(listing: Listing) -> Card:
        """What lists show of one of them."""
        return kept_card(listing)

    @property
    def too_many(self) -> int:
        """So many more than fit."""
        return max(0, len(self.listings) - MOST)

    @property
    def languages(self) -> list[Language]:
        """In which somebody wrote a summary of one of them."""
        return languages_of(self.listings)

    @property
    def spoken(self) -> list[tuple[str, str]]:
        """The same to choose from: value, and its Dutch name with its own."""
        return [(str(one), f"{label(one)} ({own_name(one)})") for one in self.languages]

    @property
    def more_url(self) -> str:
        """Where to look further with these picked: the results they came from, else alike ones."""
        return results_url(self.search, self.slugs) or alike_url(self.listings)

    def without(self, listing: Listing) -> str:
        """The same without one of them."""
        return self._url([one for one in self.slugs if one != listing.slug])

    def moved(self, listing: Listing, by: int) -> str | None:
        """The same with one of them so many places later; None where it can't go there."""
        slugs = list(self.slugs)
        here = slugs.index(listing.slug)
        if not 0 <= here + by < len(slugs):
            return None
        slugs.insert(here + by, slugs.pop(here))
        return self._url(slugs)

    @property
    def as_read(self) -> dict[str, Any]:
        """How it is to be read, as parameters."""
        return reading(self.language, is_large=self.is_large)

    def _url(self, slugs: list[str]) -> str:
        how: Kept = {name: (value,) for name, value in self.as_read.items()}
        return address({PARAM: tuple(slugs), **how, **self.search}, DRAFT)


def language_of(args: Args) -> Language | None:
    """The language that an address asks for; None is Dutch."""
    asked = args.get(LANGUAGE, "")
    return Language(asked) if asked in OTHER_LANGUAGES else None


def languages_of(listings: tuple[Listing, ...]) -> list[Language]:
    """In which somebody wrote a summary of one of these, in the order of the languages."""
    written = summaries_by_listing(db.session(), [listing.id for listing in listings])
    known = {language for one in written.values() for language in one}
    return [language for language in OTHER_LANGUAGES if language in known]


def reading(language: Language | None, *, is_large: bool) -> dict[str, Any]:
    """The parameters that say how a list is to be read; none where that is as usual."""
    chosen: dict[str, Any] = {LANGUAGE: str(language)} if language else {}
    return chosen | ({LARGE: ON} if is_large else {})
