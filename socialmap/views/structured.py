"""What search engines read of a listing: schema.org, as data."""

from typing import Any

from flask import current_app, request, url_for

from socialmap import db
from socialmap.config import Settings
from socialmap.geo.tree import area_tree
from socialmap.models import Listing, Place
from socialmap.models.terms import AreaLevel, Cost, ListingKind, TermKind, Visibility

Data = dict[str, Any]
SCHEMA = "https://schema.org"
WEESP = "Weesp"


def structured_data(listing: Listing) -> Data:
    """A listing as schema.org Service or Place; only places that may be shown are told."""
    places = [place_data(place) for place in listing.places if is_shown(place)]
    is_place = listing.kind == ListingKind.PLACE
    own = places[0] if is_place and places else {"@type": "Place"} if is_place else service(listing)
    data = {
        "@context": SCHEMA,
        **own,
        "name": listing.title,
        "description": listing.summary or None,
        "url": public_url("listing.listing", slug=listing.slug),
        "telephone": listing.phone,
        "areaServed": None if is_place else "Amsterdam",
        "availableChannel": channels(places) if places and not is_place else None,
    }
    return {name: value for name, value in data.items() if value is not None}


def service(listing: Listing) -> Data:
    """What only a service has."""
    provider = listing.provider
    return {
        "@type": "Service",
        "provider": provider and {"@type": "Organization", "name": provider.name},
        "availableLanguage": listing.values_of(TermKind.LANGUAGE) or None,
        "isAccessibleForFree": listing.cost == Cost.FREE if listing.cost else None,
    }


def channels(places: list[Data]) -> list[Data]:
    return [{"@type": "ServiceChannel", "serviceLocation": place} for place in places]


def is_shown(place: Place) -> bool:
    return place.visibility == Visibility.EXACT


def place_data(place: Place) -> Data:
    """An exact place with its address and point."""
    street = " ".join(part for part in (place.street, place.house_number) if part)
    address = {
        "@type": "PostalAddress",
        "streetAddress": street or None,
        "postalCode": place.postcode,
        "addressLocality": locality(place),
        "addressCountry": "NL",
    }
    data: Data = {
        "@type": "Place",
        "name": place.name,
        "address": {name: value for name, value in address.items() if value},
    }
    if place.lat is not None:
        data["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": place.lat,
            "longitude": place.lon,
        }
    return data


def locality(place: Place) -> str:
    """The town in an address: Weesp is a stadsdeel, but kept its name."""
    tree = area_tree(db.session())
    district = tree.up_to(place.area_code, AreaLevel.DISTRICT) if place.area_code else None
    return WEESP if district and district.name == WEESP else "Amsterdam"


def public_url(endpoint: str, **values: Any) -> str:
    """The address of a page as the outside world knows it."""
    return public(url_for(endpoint, **values))


def public(path: str) -> str:
    """An address of ours as the outside world knows it."""
    settings: Settings = current_app.extensions["settings"]
    return settings.base_url + path.removeprefix(request.script_root)
