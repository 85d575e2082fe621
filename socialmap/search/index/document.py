"""From a listing to its copy in the index."""

from datetime import date
from typing import Any

from socialmap.geo.tree import AreaTree
from socialmap.labels import label
from socialmap.models import Listing, Place, Theme
from socialmap.models.terms import Form, Language, ReferralRoute, TermKind, Visibility
from socialmap.search.index.schema import NONE, ROOMS, SEPARATOR, SURFACE, Closure, PlacePoint
from socialmap.search.language.analysis import words
from socialmap.search.language.compounds import part_terms

Themes = dict[str, Theme]


def document(listing: Listing, tree: AreaTree, themes: Themes) -> dict[str, Any]:
    """The index document of a listing whose relations are loaded."""
    texts = {
        "name": listing.title,
        "topic": " ".join(_topic(listing, themes)),
        "summary": listing.summary,
        "body": " ".join(_body(listing)),
    }
    return {
        "key": listing.id.hex,
        **texts,
        "name_parts": " ".join(part_terms([texts["name"]])),
        "parts": " ".join(part_terms(texts.values())),
        SURFACE: " ".join(dict.fromkeys(word for text in texts.values() for word in words(text))),
        **{name: _joined(codes) for name, codes in _codes(listing, themes).items()},
        **_numbers(listing),
        "points": _joined(
            [point.packed() for place in listing.places if (point := _point(place, tree))]
        ),
        "closures": _joined([one.packed() for one in _closures(listing)]),
    }


def with_parents(theme_ids: list[str], themes: Themes) -> list[str]:
    """These themes and the themes above them, without repeats."""
    parents = [themes[id].parent_id for id in theme_ids if id in themes]
    return list(dict.fromkeys([*theme_ids, *(id for id in parents if id)]))


def _topic(listing: Listing, themes: Themes) -> list[str]:
    names = [themes[id].name for id in with_parents(listing.theme_ids, themes) if id in themes]
    forms = [label(Form(term)) for term in listing.values_of(TermKind.FORM)]
    return names + forms


def _body(listing: Listing) -> list[str]:
    """All that is said of the listing, but not "niet voor": that would find what it is not."""
    languages = [label(Language(term)) for term in listing.values_of(TermKind.LANGUAGE)]
    routes = [label(ReferralRoute(term)) for term in listing.values_of(TermKind.ROUTE)]
    places = [place.name or "" for place in listing.places]
    return [
        listing.provider.name if listing.provider else "",
        listing.description,
        listing.professional_note,
        listing.criteria,
        *languages,
        *routes,
        *places,
    ]


def _codes(listing: Listing, themes: Themes) -> dict[str, list[str]]:
    provider = listing.provider
    return {
        "kind": [listing.kind],
        "level": [listing.level],
        "informal": []
        if provider is None
        else ["informeel" if provider.is_informal else "formeel"],
        "themes": with_parents(listing.theme_ids, themes),
        "forms": listing.values_of(TermKind.FORM),
        "routes": listing.values_of(TermKind.ROUTE),
        "languages": listing.values_of(TermKind.LANGUAGE),
        "audience": listing.values_of(TermKind.AUDIENCE),
        "only_for": listing.values_of(TermKind.ONLY_FOR),
        "cost": [listing.cost] if listing.cost else [],
        "settings": listing.values_of(TermKind.SETTING),
        "times": [f"{row.weekday}-{row.part}" for row in listing.sessions],
        "served": _served(listing),
        "status": [listing.status],
        "provider": [] if provider is None else [provider.slug],
    }


def _served(listing: Listing) -> list[str]:
    """Whom it serves: its coverage, or else where it is."""
    coverage = [row.area_code or str(row.reach) for row in listing.coverage]
    return coverage or [place.area_code for place in listing.places if place.area_code]


def _numbers(listing: Listing) -> dict[str, int]:
    return {
        "min_age": NONE if listing.min_age_months is None else listing.min_age_months,
        "max_age": NONE if listing.max_age_months is None else listing.max_age_months,
        "ages_known": int(listing.ages_known),
        "confirmed_day": _day(listing.confirmed_on),
        "due_day": listing.review_due_on.toordinal(),
        "room": ROOMS.index(listing.room) if listing.room else NONE,
        "reported_day": _day(listing.reported_on),
        "weeks": NONE if listing.weeks is None else listing.weeks,
        "ended_day": _day(listing.ended_on),
        "closed_from": _day(listing.closed_from),
        "closed_until": _day(listing.closed_until),
        "has_contact": int(bool(listing.contacts) or bool(listing.phone)),
    }


def _day(on: date | None) -> int:
    return NONE if on is None else on.toordinal()


def _point(place: Place, tree: AreaTree) -> PlacePoint | None:
    if place.visibility == Visibility.HIDDEN:
        return None
    if place.visibility == Visibility.EXACT and place.lat is not None and place.lon is not None:
        return PlacePoint(place.lat, place.lon, True, place.area_code or "")
    if place.area_code is None:
        return None
    area = tree.get(place.area_code)
    return PlacePoint(area.lat, area.lon, False, area.code)


def _closures(listing: Listing) -> list[Closure]:
    """When it is closed for a while, as its card has worked that out with its places."""
    told: Any = listing.card.data.get("closures") if listing.card else None
    return [
        Closure(*(date.fromisoformat(day).toordinal() for day in period)) for period in told or ()
    ]


def _joined(codes: list[str]) -> bytes:
    return SEPARATOR.join(codes).encode()
