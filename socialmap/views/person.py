"""The page of a person, as far as that person agreed: what to call for, and who stands in.

Not indexed and in no feed (R35); after leaving it leads on for a year.
"""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db, people, teams
from socialmap.geo.tree import CITY, area_tree
from socialmap.listings.cards import Card, cards
from socialmap.listings.find import find_new_slug
from socialmap.people import AreaContact, Presence, Profile
from socialmap.people.together import around_person
from socialmap.views.clock import today

NOUN = "person"
BEFORE = "na"
"""The parameter that says after whom: the old link of who left."""

bp = Blueprint("person", __name__)


@bp.get("/persoon/<slug>")
def person(slug: str) -> ResponseReturnValue:
    """Someone to call; of who left, who came after."""
    session = db.session()
    profile = people.find_profile(session, slug, today())
    if profile is None:
        return moved_or_404(slug)
    if profile.successor:
        onward = url_for("person.person", slug=profile.successor.slug, na=slug)
        return redirect(onward, 302)
    if profile.left_on:
        return page_after(profile)
    areas = contacts_of(profile.areas())
    return render_template(
        "person/person.html",
        profile=profile,
        person=profile.person,
        areas=areas,
        absence=next((held for held in areas if held.presence == Presence.ON_LEAVE), None),
        deputy_for=contacts_of(profile.areas(is_stand_in=True)),
        memberships=teams.memberships_of(session, profile.person.id, today()),
        listings=shown(profile.listings()),
        backup_for=shown(profile.listings(is_stand_in=True)),
        before=predecessor(profile),
        together=around_person(session, area_tree(session), profile.person, today()),
        is_example=profile.person.is_example,
    )


def predecessor(profile: Profile) -> Profile | None:
    """Whose old link led here, if this person came after that one."""
    slug = request.args.get(BEFORE, "")
    found = people.find_profile(db.session(), slug, today()) if slug else None
    is_before = found and found.successor and found.successor.id == profile.person.id
    return found if is_before else None


def page_after(profile: Profile) -> str:
    """Whom to call now for what this person did."""
    session = db.session()
    listings = shown(profile.listings())
    areas = contacts_of(profile.areas())
    if not areas and not listings:
        areas = contacts_of([CITY])
    return render_template(
        "person/left.html",
        person=profile.person,
        left_on=profile.left_on,
        areas=areas,
        listings=listings,
        successors=people.contacts_of_listings(session, [card.id for card in listings], today()),
        is_example=profile.person.is_example,
    )


def moved_or_404(slug: str) -> ResponseReturnValue:
    """Lead a former address on, or say that there is no such person."""
    now = find_new_slug(db.session(), NOUN, slug)
    if now is None:
        abort(404)
    return redirect(url_for("person.person", slug=now), 301)


def contacts_of(codes: list[str]) -> list[AreaContact]:
    """Whom to call for these areas."""
    session = db.session()
    known = people.contacts_for_areas(session, area_tree(session), codes, today())
    return [known[code] for code in codes]


def shown(ids: list[UUID]) -> list[Card]:
    """The cards of listings that have not ended."""
    return [card for card in cards(db.session(), ids) if not card.is_ended(today())]
