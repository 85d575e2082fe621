"""The page of one listing: for whom, how to get in, where and when, and whom to call."""

from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, people, themes, upkeep
from socialmap.geo.tree import CITY, AreaNode, area_tree
from socialmap.listings import find
from socialmap.listings.cards import Card, cards, kept_card
from socialmap.listings.find import public_ids_at
from socialmap.listings.meanwhile import instead, meanwhile, search_like
from socialmap.listings.shelves import Meeting, meetings
from socialmap.listings.summaries import summaries_of
from socialmap.models import Listing
from socialmap.models.terms import (
    PUBLIC_STATUSES,
    AreaLevel,
    ContactRole,
    ListingKind,
    Visibility,
)
from socialmap.people import AreaContact, PersonView
from socialmap.teams import TeamView, teams_at_places
from socialmap.views import counting
from socialmap.views.asking import address
from socialmap.views.clock import today
from socialmap.views.jinja import area_link
from socialmap.views.maps import AREA_PARAM
from socialmap.views.structured import structured_data

bp = Blueprint("listing", __name__)


@bp.get("/aanbod/<slug>")
def listing(slug: str) -> ResponseReturnValue:
    """All that is known of one listing; a former address leads on."""
    session = db.session()
    found = find.find_public_listing(session, slug)
    if found is None:
        return moved_or_404(slug)
    structured = structured_data(found) if is_advertised(found) else None
    is_counted = counting.count_opened(found)
    told = {"structured": structured, "is_counted": is_counted}
    return render_template("listing/listing.html", **page_of(found), **told)


def page_of(found: Listing) -> dict[str, Any]:
    """What the page of a listing shows, for its template."""
    area = area_of(found)
    return {
        "listing": found,
        "entry": kept_card(found),
        "contact": person_for(found, ContactRole.PRIMARY),
        "backup": person_for(found, ContactRole.BACKUP),
        **elsewhere(found, area),
        "crumbs": crumbs(area),
        "people_url": people_page(area),
        "knows": who_knows(area),
        "editors": editors(),
        "calls": upkeep.calls_of(db.session(), found),
        "written": (written := summaries_of(db.session(), found.id)),
        "is_example": found.is_example or any(row.is_example for row in written.values()),
        "here": happenings(found) if found.kind == ListingKind.PLACE else None,
        **map_of(found, area),
    }


def is_advertised(listing: Listing) -> bool:
    """Do search engines hear of a listing? Not of examples, nor of what has ended."""
    return not listing.is_example and not listing.is_ended(today())


def moved_or_404(slug: str) -> ResponseReturnValue:
    """Lead a former address on, or say that there is no such listing."""
    now = find.find_new_slug(db.session(), find.NOUN, slug)
    if now is None:
        abort(404)
    return redirect(url_for("listing.listing", slug=now), 301)


@dataclass(frozen=True)
class Happenings:
    """What goes on at a place."""

    offers: list[Card]
    week: list[Meeting]
    teams: list[TeamView]
    editors: PersonView | None
    """Whom to tell what else there is."""

    @property
    def is_example(self) -> bool:
        return any(card.is_example for card in self.offers) or any(t.is_example for t in self.teams)


def happenings(listing: Listing) -> Happenings:
    """What is given at the address of a place, light before heavy, and who works there."""
    session, day = db.session(), today()
    ids = [place.id for place in listing.places if place.visibility == Visibility.EXACT]
    found = [card for card in cards(session, public_ids_at(session, ids)) if not card.is_ended(day)]
    return Happenings(
        offers=sorted(found, key=lambda card: (card.level.weight, not card.is_informal)),
        week=meetings((card for card in found if not card.is_lapsed(day)), day),
        teams=teams_at_places(session, ids, day),
        editors=editors(),
    )


def editors() -> PersonView | None:
    """Whom to tell what should be different."""
    session = db.session()
    return people.contact_for_area(session, area_tree(session), CITY, today()).reachable


def who_knows(area: AreaNode | None) -> AreaContact | None:
    """Who knows the wijk of a listing (or the larger area it stands in), to call instead."""
    if area is None:
        return None
    session, tree = db.session(), area_tree(db.session())
    around = tree.up_to(area.code, AreaLevel.WIJK) or area
    return people.contact_for_area(session, tree, around.code, today())


def person_for(listing: Listing, role: ContactRole) -> PersonView | None:
    """The contact or backup of today, as a visitor may see that person; nobody is it of what has
    ended."""
    day = today()
    if listing.is_ended(day):
        return None
    current = (row for row in listing.contacts if row.role == role and row.is_current(day))
    return next((people.view_of(row.person, day) for row in current), None)


def elsewhere(listing: Listing, area: AreaNode | None) -> dict[str, Any]:
    """Where to go instead: what was named; while it is full what can begin now, and after it has
    ended what is like it where nothing was named that still runs."""
    session, day = db.session(), today()
    searcher = current_app.extensions["searcher"]
    search = search_like(session, area_tree(session), searcher, kept_card(listing), area, day)
    named, is_ended = alternatives(listing), listing.is_ended(day)
    waits = listing.waits_long(day) and not is_ended
    return {
        "alternatives": named,
        "instead": instead(search) if is_ended and not named else [],
        "waits_long": waits,
        "meanwhile": meanwhile(search) if waits else [],
        "measured_from": search.near.label if search.near else None,
        "search_url": search_url(listing, area),
        "former_names": themes.former_names_in(session, full_name(listing)),
    }


def alternatives(listing: Listing) -> list[Card]:
    """Where to go instead, of what was named."""
    ids: list[UUID] = [row.alternative_id for row in listing.alternatives]
    found = cards(db.session(), ids)
    return [one for one in found if one.status in PUBLIC_STATUSES and not one.is_ended(today())]


def full_name(listing: Listing) -> str:
    """What a listing is called, and whose it is."""
    return f"{listing.title}, {listing.provider.name}" if listing.provider else listing.title


def search_url(listing: Listing, area: AreaNode | None) -> str:
    """The search for what is about the same in the same area."""
    around = area_tree(db.session()).ancestors(area.code) if area else []
    params = ((AREA_PARAM[one.level], (one.slug,)) for one in around if one.level in AREA_PARAM)
    return address({"thema": tuple(listing.theme_ids[:1]), **dict(islice(params, 1))})


def area_of(listing: Listing) -> AreaNode | None:
    """The area in which a listing stands: of its first place, else the one area it serves."""
    codes = [place.area_code for place in listing.places if place.area_code]
    codes = codes[:1] or [row.area_code for row in listing.coverage if row.area_code]
    return area_tree(db.session()).get(codes[0]) if len(codes) == 1 else None


def crumbs(area: AreaNode | None) -> list[tuple[str, str]]:
    """(name, address) of the stadsdeel and the wijk of a listing, as far as they are known."""
    if area is None:
        return []
    above = reversed(area_tree(db.session()).ancestors(area.code))
    links = ((node.name, area_link(node.code)) for node in above)
    return [(name, url) for name, url in links if url]


def map_of(listing: Listing, area: AreaNode | None) -> dict[str, str | None]:
    """The stadsdeel of a listing, and the map of its wijk where it may be shown on one."""
    tree = area_tree(db.session())
    district = tree.up_to(area.code, AreaLevel.DISTRICT) if area else None
    around = area and (tree.up_to(area.code, AreaLevel.WIJK) or district)
    is_shown = around and any(place.visibility != Visibility.HIDDEN for place in listing.places)
    return {
        "current_district": district.slug if district else None,
        "map_area": around.code if around else None,
        "points_url": url_for("maps.points", area=around.slug, aanbod=listing.slug)
        if around and is_shown
        else None,
    }


def people_page(area: AreaNode | None) -> str:
    """Where to read who knows the area of a listing; of what is in no one area, who knows which."""
    steps = crumbs(area)
    return f"{steps[-1][1]}#contact" if steps else url_for("contacts.overview")
