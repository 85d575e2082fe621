"""Looking up the addresses of a file: exact places without coordinates get them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from importers.rows.listings import Entry, PlaceRow
from socialmap.geo.geocoder import Address, AddressFinder, SilentError, Spot
from socialmap.geo.tree import AreaTree
from socialmap.listings.addresses import address_key
from socialmap.models.terms import Visibility

HOUSE_NUMBER = re.compile(r"(\d{1,5})\W*(.*)")
MOST_NAMED = 20


@dataclass
class Located:
    """What looking up addresses gave: new spots by key, and what an operator should know."""

    spots: dict[str, Spot] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def locate(
    entries: Sequence[Entry],
    finder: AddressFinder | None,
    tree: AreaTree,
    known: Mapping[str, Spot],
) -> Located:
    """Give the places of these entries the coordinates and the buurt of their address: from
    `known`, what was looked up before, or else from `finder`.

    To be done before anything is written: a service that is slow must not hold up the database.
    """
    located = Located()
    spots: dict[str, Spot | None] = dict(known)
    for entry, at, key in _unlocated(entries):
        line, row = entry.places[at]
        if key not in spots and finder:
            spots[key] = _found(finder, tree, line, row, located)
        spot = spots.get(key)
        if spot is not None:
            entry.places[at] = (line, _with(row, spot))
    located.spots = {key: spot for key, spot in spots.items() if spot and key not in known}
    located.notices = _shortened(located)
    return located


def _shortened(located: Located) -> list[str]:
    """What was found, and the first of what was not."""
    found, missed = len(located.spots), located.notices
    told = [f"{found} adressen opgezocht en gevonden"] if found else []
    more = len(missed) - MOST_NAMED
    told += missed[:MOST_NAMED]
    return [*told, f"en nog {more} adressen zonder coördinaten"] if more > 0 else told


def _unlocated(entries: Sequence[Entry]) -> Iterator[tuple[Entry, int, str]]:
    """The places to look up: the entry, the number of the place in it, the key of its address.

    An address that has coordinates elsewhere in the file is left alone: its rows disagree.
    """
    rows = [row for entry in entries for _, row in entry.places]
    told = {_key(row) for row in rows if row.lat is not None}
    for entry in entries:
        for at, (_, row) in enumerate(entry.places):
            key = _key(row)
            if key and row.lat is None and key not in told:
                yield entry, at, key


def _key(row: PlaceRow) -> str:
    if row.visibility != Visibility.EXACT:
        return ""
    return address_key(row.street, row.house_number, row.postcode)


def _found(
    finder: AddressFinder, tree: AreaTree, line: int, row: PlaceRow, located: Located
) -> Spot | None:
    """Where an address is; if that is not known, a notice says why."""
    shown = f"{row.street} {row.house_number}"
    number = HOUSE_NUMBER.match(row.house_number or "")
    try:
        spot = finder.find(tree, _address(row, number)) if number else None
    except SilentError:
        located.notices.append(f"regel {line}, {shown}: de adreszoeker geeft nu geen antwoord")
        return None
    if spot is None:
        located.notices.append(
            f"regel {line}, {shown}: dit adres is in Amsterdam en Weesp niet gevonden; "
            "kijk het na, of vul lat en lon in"
        )
    return spot


def _address(row: PlaceRow, number: re.Match[str]) -> Address:
    return Address(
        street=row.street or "",
        number=int(number[1]),
        addition=number[2],
        postcode=row.postcode or "",
    )


def _with(row: PlaceRow, spot: Spot) -> PlaceRow:
    """The row with the coordinates of its address; a buurt that the source names stays."""
    found = {"lat": spot.lat, "lon": spot.lon, "area": row.area or spot.buurt.code}
    return row.model_copy(update=found)
