"""The form of where it is: how help is given, its places with their visibility, whom it serves."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from socialmap import labels
from socialmap.geo.geocoder import Address
from socialmap.geo.tree import CITY, AreaNode
from socialmap.listings.addresses import place_at
from socialmap.listings.values import DETAILS, ListingValues, PlaceValues
from socialmap.models.terms import AreaLevel, Reach, Setting, Visibility
from socialmap.views.edit.forms import Around, Reading
from socialmap.views.edit.reader import Reader, Typed

BOXES = ("visibility", *DETAILS, "area_code")
MOST = 20
ROWS = "plekken"
"""The box that says how many places there are."""
POSTCODE = re.compile(r"([1-9]\d{3}) ?([A-Za-z]{2})")
NARROW, WIDE = 60, 255
EXPLAINED = {
    Visibility.EXACT: "Iedereen ziet het adres en de plek op de kaart.",
    Visibility.AREA: "Voor een woonhuis. Er staat ‘ergens in’ de wijk; het adres bewaren wij niet.",
    Visibility.HIDDEN: "Voor een schuilplek. Nergens staat waar het is; wij bewaren het niet.",
}
SHOWN_AS = {
    Visibility.EXACT: "Het adres",
    Visibility.AREA: "Alleen de wijk",
    Visibility.HIDDEN: "Niets, de plek is geheim",
}
UNKNOWN_SPOT = (
    "Wij weten niet waar dit adres is. Kijk het na, zet de punt op de kaart, of kies de wijk."
)
OUTSIDE = "Deze punt ligt buiten de stad. Zet hem in Amsterdam of Weesp."


class PlacesForm:
    """How and where help is given, what may be shown of that, and whom it serves."""

    def shown(self, values: ListingValues) -> Typed:
        typed = Typed({"settings": [str(term) for term in values.settings]})
        typed.setlist("coverage", list(values.coverage))
        for at, place in enumerate(values.places):
            for box, value in place.model_dump(mode="json").items():
                typed[f"{box}-{at}"] = "" if value is None else str(value)
        typed[ROWS] = str(max(1, len(values.places)))
        return typed

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        places = [_place(reader, at, around) for at in rows_of(typed)]
        known = [*Reach, *around.before.coverage, *(node.code for node in _areas(around))]
        chosen = reader.some_of("coverage", known)
        kept = [code for code in around.before.coverage if code in chosen]
        values = {
            "settings": reader.many_of("settings", Setting),
            "places": list({p.identity: p for p in places if p is not None}.values()),
            "coverage": kept + [code for code in chosen if code not in kept],
        }
        return Reading(values, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        tree = around.tree
        return {
            "settings": labels.labels(Setting),
            "visibilities": SHOWN_AS,
            "explained": EXPLAINED,
            "reaches": labels.labels(Reach),
            "area_groups": [
                (district, tree.inside(district.code, AreaLevel.WIJK))
                for district in tree.at_level(AreaLevel.DISTRICT)
            ],
            "buurten": [
                node
                for code in around.before.coverage
                if (node := tree.find(code)) and node.level in (AreaLevel.BUURT, AreaLevel.ZONE)
            ],
            "most": MOST,
            "map_area": _map_area(around),
        }


def _map_area(around: Around) -> str:
    """The wijk of the first place with a point; else the whole city."""
    tree = around.tree
    for place in around.before.places:
        if place.lat is not None and place.lon is not None:
            buurt = tree.buurt_at(place.lat, place.lon)
            wijk = tree.up_to(buurt.code, AreaLevel.WIJK) if buurt else None
            if wijk is not None:
                return wijk.code
    return CITY


def rows_of(typed: Typed) -> Sequence[int]:
    """The numbers of the places of a form."""
    text = typed.get(ROWS, "1")
    return range(min(MOST, int(text[:3]) if text.isascii() and text.isdigit() else 1))


def with_another_place(typed: Typed) -> Typed:
    """The same form with an empty place at its end."""
    more = typed.copy()
    more[ROWS] = str(min(MOST, len(rows_of(typed)) + 1))
    return more


def _areas(around: Around) -> list[AreaNode]:
    levels = (AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.WIJK)
    return [node for level in levels for node in around.tree.at_level(level)]


def _place(reader: Reader, at: int, around: Around) -> PlaceValues | None:
    """One place; None where nothing was filled in."""
    kind = reader.one_of(f"visibility-{at}", Visibility) or Visibility.EXACT
    typed = [reader.raw(f"{box}-{at}") for box in BOXES if box != "visibility"]
    if kind == Visibility.HIDDEN:
        return PlaceValues(visibility=kind)
    if not any(typed):
        return None
    if kind == Visibility.AREA:
        area = _area(reader, at, around)
        if area is None:
            reader.fail(f"area_code-{at}", "Kies in welke wijk of welk stadsdeel het is.")
            return None
        return PlaceValues(visibility=kind, area_code=area.code)
    return _exact(reader, at, around)


def _area(reader: Reader, at: int, around: Around) -> AreaNode | None:
    code = reader.raw(f"area_code-{at}")
    node = around.tree.find(code) if code else None
    return node if node in _areas(around) else None


def _exact(reader: Reader, at: int, around: Around) -> PlaceValues | None:
    values: dict[str, Any] = {
        "name": reader.line(f"name-{at}") or None,
        "street": reader.line(f"street-{at}") or None,
        "house_number": reader.line(f"house_number-{at}", longest=12) or None,
        "postcode": _postcode(reader, at),
    }
    if values["street"] is None and values["name"] is None:
        reader.fail(f"street-{at}", "Vul de straat en het nummer in.")
    if values["street"] and values["house_number"] is None:
        reader.fail(f"house_number-{at}", "Vul het huisnummer in.")
    if reader.errors:
        return None
    before = next((one for one in around.before.places if _same_address(one, values)), None)
    spot = _pointed(reader, at) or _spot(values, before, around)
    own = before.area_code if before else None
    if spot is None:
        area = _area(reader, at, around)
        if area is None and own is None:
            reader.fail(f"street-{at}", UNKNOWN_SPOT)
            return None
        return PlaceValues(**values, area_code=area.code if area else own)
    if around.tree.buurt_at(*spot) is None and not (before and (before.lat, before.lon) == spot):
        reader.fail(f"lat-{at}", OUTSIDE)
        return None
    is_still = before is not None and (before.lat, before.lon) == spot
    return PlaceValues(**values, lat=spot[0], lon=spot[1], area_code=own if is_still else None)


def _same_address(place: PlaceValues, values: Mapping[str, Any]) -> bool:
    return all(getattr(place, name) == values[name] for name in ("street", "house_number"))


def _pointed(reader: Reader, at: int) -> tuple[float, float] | None:
    """The point that was put on the map, if it was moved."""
    if reader.raw(f"moved-{at}") != "ja":
        return None
    try:
        lat, lon = (float(reader.raw(f"{box}-{at}").replace(",", ".")) for box in ("lat", "lon"))
    except ValueError:
        reader.fail(f"lat-{at}", "De punt op de kaart is niet goed overgekomen. Zet hem opnieuw.")
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        reader.fail(f"lat-{at}", OUTSIDE)
        return None
    return round(lat, 6), round(lon, 6)


def _spot(
    values: Mapping[str, Any], before: PlaceValues | None, around: Around
) -> tuple[float, float] | None:
    """Where an address is: as it was, as another place there has it, or as it is looked up."""
    if before is not None and before.lat is not None and before.lon is not None:
        return before.lat, before.lon
    street, number = values["street"], values["house_number"]
    known = place_at(around.session, street, number, values["postcode"])
    if known is not None and known.lat is not None and known.lon is not None:
        return known.lat, known.lon
    address = Address.read(f"{street} {number}, {values['postcode'] or ''} Amsterdam")
    found = around.locate(address) if address and street else None
    return (found.lat, found.lon) if found else None


def _postcode(reader: Reader, at: int) -> str | None:
    text = reader.raw(f"postcode-{at}")
    if not text:
        return None
    found = POSTCODE.fullmatch(text)
    if found is None:
        reader.fail(f"postcode-{at}", "Dit is geen postcode. Schrijf hem als 1031 AB.")
        return None
    return found[1] + found[2].upper()
