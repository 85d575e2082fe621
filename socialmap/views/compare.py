"""Two or three listings side by side, at an address that names them and their search."""

from dataclasses import dataclass
from typing import Self

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from socialmap import db, themes
from socialmap.geo.tree import area_tree
from socialmap.listings import find
from socialmap.listings.cards import Card, kept_card
from socialmap.listings.comparison import Column, Comparison, how_far
from socialmap.models import Listing
from socialmap.models.slugs import LONGEST
from socialmap.models.terms import ContactRole
from socialmap.search.question.danger import is_dangerous
from socialmap.search.question.query import Near, Query
from socialmap.views import addresses
from socialmap.views.asking import PICKS, Args, Kept, address, understood, usable
from socialmap.views.clock import today
from socialmap.views.listing import alternatives, person_for

PARAM = "aanbod"
ONLY_DIFFERENCES = "verschil"
PAGE = "pagina"
MOST_BESIDE = 3
"""So many fit side by side."""
MOST_NAMED = 12
"""So many are looked up; more is not something that a person asks."""

bp = Blueprint("compare", __name__)


@dataclass(frozen=True)
class Wanted:
    """What is to be compared, by its present address, and the search that it was picked from."""

    listings: tuple[Listing, ...]
    unknown: tuple[str, ...]
    """Addresses that lead nowhere, as they were given."""
    too_many: int
    """So many more were picked than fit."""
    only_differences: bool
    search: Kept
    """The parameters of the search; empty where it did not come from one."""
    query: Query

    @classmethod
    def of(cls, args: Args) -> Self:
        """Read an address."""
        slugs = picked(args)
        found = find.public_ids(db.session(), slugs)
        ids = list(dict.fromkeys(found.values()))
        by_id = {row.id: row for row in find.load_listings(db.session(), ids[:MOST_BESIDE])}
        query, search = searched(args)
        return cls(
            listings=tuple(by_id[id] for id in ids if id in by_id),
            unknown=tuple(slug[:LONGEST] for slug in slugs if slug not in found),
            too_many=max(0, len(ids) - MOST_BESIDE),
            only_differences=bool(args.get(ONLY_DIFFERENCES)),
            search=search,
            query=query,
        )

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(listing.slug for listing in self.listings)

    @property
    def results_url(self) -> str | None:
        """Back to the results, with what is picked; None where it did not come from there."""
        return results_url(self.search, self.slugs)

    @property
    def more_url(self) -> str:
        """Where to pick one more: the results it came from, else those of the same subject."""
        return self.results_url or alike_url(self.listings)

    @property
    def toggle_url(self) -> str:
        """The same with only the differences, or with everything again."""
        return self._url(self.slugs, only_differences=not self.only_differences)

    @property
    def shortlist_url(self) -> str:
        """Where to hand these over to a family."""
        return address({PARAM: self.slugs, **self.search}, "shortlist.draft")

    def without(self, listing: Listing) -> str:
        """The same without one of them."""
        left = tuple(slug for slug in self.slugs if slug != listing.slug)
        return self._url(left, only_differences=self.only_differences)

    def beside(self, slug: str) -> str:
        """The same with one more."""
        return self._url((*self.slugs, slug), only_differences=False)

    def _url(self, slugs: tuple[str, ...], *, only_differences: bool) -> str:
        marks: Kept = {ONLY_DIFFERENCES: ("1",)} if only_differences else {}
        return address({PARAM: slugs, **marks, **self.search}, "compare.compare")

    def is_dangerous(self) -> bool:
        """Is it about safety, in the search or in what is compared? Then numbers come first."""
        named = {id for listing in self.listings for id in listing.theme_ids}
        known = themes.all_themes(db.session())
        danger = frozenset(theme.id for theme in known if theme.is_danger)
        return is_dangerous(
            self.query.text, named.union(self.query.chosen.get("thema", ())), danger
        )


@bp.get("/vergelijk")
def compare() -> ResponseReturnValue:
    """What is the same and what differs; with fewer than two, how to pick them."""
    elsewhere = addresses.without_address(request.args)
    if elsewhere is not None:
        named = {PARAM: tuple(picked(request.args)), **elsewhere}
        return redirect(address(named, "compare.compare"), 303), {"Cache-Control": "no-store"}
    wanted = Wanted.of(request.args)
    is_danger = wanted.is_dangerous()
    columns = columns_of(wanted.listings, wanted.query.near)
    return render_template(
        "compare/compare.html",
        wanted=wanted,
        comparison=Comparison(columns),
        similar=similar(wanted.listings),
        is_example=any(listing.is_example for listing in wanted.listings),
        is_danger=is_danger,
        numbers=themes.emergency_numbers(db.session()) if is_danger else [],
    )


def picked(args: Args) -> list[str]:
    """The addresses of listings that are named, each once."""
    given = (part.strip() for text in args.getlist(PARAM) for part in text.split(","))
    return list(dict.fromkeys(slug for slug in given if slug))[:MOST_NAMED]


def searched(args: Args) -> tuple[Query, Kept]:
    """The search that the listings were picked from, with its page; what can't be used of it does
    not travel on."""
    query, errors, kept = understood(args)
    search = usable(kept, errors)
    return query, search | ({PAGE: (str(query.page),)} if PAGE in args else {})


def results_url(search: Kept, slugs: tuple[str, ...]) -> str | None:
    """Back to the results of a search, with what is picked; None where there was no search."""
    if not search:
        return None
    first = search.get(PAGE) == ("1",)
    back = {name: values for name, values in search.items() if name != PAGE or not first}
    return address({**back, PICKS: slugs})


def alike_url(listings: tuple[Listing, ...]) -> str:
    """The results of the same subject, with these listings picked."""
    themes = tuple(listings[0].theme_ids[:1]) if listings else ()
    return address({"thema": themes, PICKS: tuple(listing.slug for listing in listings)})


def columns_of(listings: tuple[Listing, ...], near: Near | None) -> tuple[Column, ...]:
    """Each listing with whom to ask for, and how far it is from the place that was asked about."""
    tree = area_tree(db.session())
    return tuple(
        Column(
            listing=listing,
            contact=person_for(listing, ContactRole.PRIMARY),
            far=how_far(tree, near, kept_card(listing)) if near else None,
            today=today(),
        )
        for listing in listings
    )


def similar(listings: tuple[Listing, ...]) -> list[Card]:
    """What the one that was picked may be compared with: what its provider says is like it."""
    return alternatives(listings[0]) if len(listings) == 1 else []
