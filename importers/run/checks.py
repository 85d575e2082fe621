"""Checks of rows against each other and against the directory; rows that pass become edits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from importers.report import did_you_mean
from importers.rows.cells import SessionCell
from importers.rows.listings import Entry, ListingRow, PlaceRow
from socialmap.geo.tree import CITY, AreaTree, area_tree
from socialmap.listings.find import listing_keys
from socialmap.listings.values import ListingValues, PlaceValues, ProviderValues, SessionValues
from socialmap.models.terms import AreaLevel, Reach, Status, Visibility
from socialmap.people import person_keys
from socialmap.themes import theme_names

LEVELS = [level for level in AreaLevel if level != AreaLevel.CITY]
REACHES = frozenset(map(str, Reach))
NOTHING: tuple[int, Any] = (0, None)
TAKEN_OVER = (ListingValues.model_fields.keys() & ListingRow.model_fields.keys()) - {
    "provider",
    "sessions",
    "status",
}
"""What an edit takes from a row as it is."""


@dataclass(frozen=True)
class Known:
    """What a row may refer to."""

    tree: AreaTree
    themes: frozenset[str]
    people: frozenset[str]
    listings: frozenset[str]

    @classmethod
    def of(cls, session: Session) -> "Known":
        return cls(
            area_tree(session),
            frozenset(theme_names(session)),
            frozenset(person_keys(session)),
            frozenset(listing_keys(session)),
        )


@dataclass(frozen=True)
class Checked:
    """A listing that can be written, and the line it came from."""

    line: int
    values: ListingValues


def checked(entries: Sequence[Entry], known: Known, *, skip_bad: bool) -> list[Checked]:
    """The listings that can be written; of the others the problems stand in their entries.

    With `skip_bad`, a listing whose alternative is skipped is skipped as well.
    """
    keys = known.listings | {entry.key for entry in entries}
    for entry in entries:
        _check_names(entry, known, keys)
    providers = _agreed_providers(entries)
    places = _agreed_places(entries, known.tree)
    if skip_bad:
        _refuse_dangling(entries, known)
    return [
        Checked(entry.line, _values(entry.row, providers, places[id(entry)], known.tree))
        for entry in entries
        if entry.row and not entry.problems
    ]


def _check_names(entry: Entry, known: Known, keys: frozenset[str]) -> None:
    """Refuse names of themes, people, listings and areas that nobody knows."""
    row = entry.row
    if row is None:
        return
    for column, names, of in (
        ("themas", row.themes, known.themes),
        ("contact", [row.contact], known.people),
        ("contact_reserve", [row.backup], known.people),
        ("alternatieven", row.alternatives, keys),
    ):
        for name in names:
            if name and name not in of:
                entry.refuse(column, name, f"dit is onbekend; {did_you_mean(name, of)}")
    for word in row.coverage:
        if coverage_code(word, known.tree) is None:
            entry.refuse("werkgebied", word, right_area(word, known.tree))
    for line, place in entry.places:
        if place.area and (message := _wrong_area(place, known.tree)):
            entry.refuse("buurt", place.area, message, line)


def coverage_code(word: str, tree: AreaTree) -> str | None:
    """The area code, `stad` or `buiten` that a word like `wijk:NK` stands for, or None."""
    return word if word in REACHES else area_code(word, tree)


def area_code(word: str, tree: AreaTree) -> str | None:
    """The code of the area that `wijk:NK`, `stadsdeel:noord` or `stad` stands for, or None."""
    if word == AreaLevel.CITY:
        return CITY
    level, _, name = word.partition(":")
    if level not in LEVELS:
        return None
    area = tree.find_at(AreaLevel(level), name.strip())
    return area.code if area else None


def right_area(word: str, tree: AreaTree) -> str:
    """How a word that stands for no area should be written."""
    level, _, name = word.partition(":")
    if level not in LEVELS or not name:
        area = tree.find(word)
        example = f"{area.level}:{area.code}" if area else "wijk:NK of stadsdeel:noord"
        return f"schrijf een gebied als {example}, of stad, of buiten"
    areas = tree.at_level(AreaLevel(level))
    names = [node.code.casefold() for node in areas] + [node.slug for node in areas]
    return f"er is geen {level} met deze naam of code; {did_you_mean(name, names)}"


def _wrong_area(place: PlaceRow, tree: AreaTree) -> str:
    """Why the area of a place is not right, or nothing."""
    if place.visibility == Visibility.EXACT:
        return wrong_buurt(place.area or "", tree)
    if place.visibility == Visibility.HIDDEN:
        return ""  # a row says itself that it may have none
    area = tree.find(place.area or "")
    if area is None:
        return _unknown_area(place.area or "", tree)
    if area.level != AreaLevel.BUURT:
        return ""
    wijk = tree.up_to(area.code, AreaLevel.WIJK)
    right = f"; schrijf {wijk.code} ({wijk.name})" if wijk else ""
    return f"een buurt verraadt te veel van een adres dat niet getoond mag worden{right}"


def wrong_buurt(code: str, tree: AreaTree) -> str:
    """Why this is not the code of a buurt, or nothing."""
    area = tree.find(code)
    if area is None:
        return _unknown_area(code, tree)
    if area.level != AreaLevel.BUURT:
        return f"dit is een {area.level}; geef de code van een buurt, zoals NK01, of laat leeg"
    return ""


def _unknown_area(code: str, tree: AreaTree) -> str:
    return f"deze code is onbekend; {did_you_mean(code, [node.code for node in tree])}"


def _agreed_providers(entries: Sequence[Entry]) -> dict[str, ProviderValues]:
    """What the file says of each provider; rows that disagree are refused.

    An empty cell says nothing. A provider is an example when all its rows are.
    """
    told: dict[tuple[str, str], tuple[int, Any]] = {}
    examples: dict[str, bool] = {}
    for entry in entries:
        row = entry.row
        if row is None or row.provider is None:
            continue
        examples[row.provider] = examples.get(row.provider, True) and bool(row.is_example)
        for column, value in (
            ("aanbieder_informeel", row.provider_is_informal),
            ("aanbieder_site", row.provider_website),
        ):
            if value is not None:
                first = told.setdefault((row.provider, column), (entry.line, value))
                _refuse_other(entry, column, value, first)
    return {
        name: ProviderValues(
            name=name,
            is_informal=bool(told.get((name, "aanbieder_informeel"), NOTHING)[1]),
            website=told.get((name, "aanbieder_site"), NOTHING)[1],
            is_example=is_example,
        )
        for name, is_example in examples.items()
    }


def _refuse_other(entry: Entry, column: str, value: object, first: tuple[int, object]) -> None:
    line, said = first
    if value == said:
        return
    shown = {True: "ja", False: "nee"}[said] if isinstance(said, bool) else said
    message = (
        f'regel {line} zegt bij dezelfde aanbieder "{shown}"; '
        "maak deze cel op alle regels van de aanbieder gelijk"
    )
    entry.refuse(column, entry.cells[column], message)


def _agreed_places(entries: Sequence[Entry], tree: AreaTree) -> dict[int, list[PlaceValues]]:
    """The places of each entry by its id(); rows that disagree about one place are refused."""
    first: dict[str, tuple[int, PlaceValues]] = {}
    found: dict[int, list[PlaceValues]] = {id(entry): [] for entry in entries}
    for entry in entries:
        if entry.problems:
            continue
        for line, row in entry.places:
            place = _place(row, tree)
            known = first.setdefault(place.identity, (line, place))
            if known[1] != place:
                _refuse_place(entry, line, row, known)
            if place not in found[id(entry)]:
                found[id(entry)].append(place)
    return found


def _refuse_place(entry: Entry, line: int, row: PlaceRow, known: tuple[int, PlaceValues]) -> None:
    before = known[1]
    for column, value, said in (
        ("lat", row.lat, before.lat),
        ("lon", row.lon, before.lon),
        ("buurt", row.area, before.area_code),
    ):
        if value != said:
            message = (
                f'regel {known[0]} zegt bij dezelfde plek "{"" if said is None else said}"; '
                "maak deze cel op alle regels van de plek gelijk"
            )
            entry.refuse(column, "" if value is None else str(value), message, line)
    if not entry.problems:  # only the spelling of its name or address differs
        message = f"regel {known[0]} schrijft deze plek anders; maak de naam en het adres gelijk"
        entry.refuse("plek", row.name or "", message, line)


def _refuse_dangling(entries: Sequence[Entry], known: Known) -> None:
    """Refuse listings whose alternative will be skipped, until none is left."""
    while True:
        good = known.listings | {entry.key for entry in entries if not entry.problems}
        dangling = [
            (entry, key)
            for entry in entries
            if entry.row and not entry.problems
            for key in entry.row.alternatives
            if key not in good
        ]
        if not dangling:
            return
        for entry, key in dangling:
            message = "dit alternatief wordt overgeslagen, omdat er zelf iets mis mee is"
            entry.refuse("alternatieven", key, message)


def _values(
    row: ListingRow,
    providers: dict[str, ProviderValues],
    places: list[PlaceValues],
    tree: AreaTree,
) -> ListingValues:
    """A good row in the shape of an edit."""
    plain = {name: getattr(row, name) for name in TAKEN_OVER}
    status = row.status or Status.LIVE
    ages_known = row.min_age.is_known and row.max_age.is_known
    return ListingValues(
        **{
            **plain,
            "provider": providers[row.provider] if row.provider else None,
            "ages_known": ages_known,
            "min_age_months": row.min_age.first_month if ages_known else None,
            "max_age_months": row.max_age.last_month if ages_known else None,
            "steps": "\n".join(row.steps),
            "coverage": list(
                dict.fromkeys(coverage_code(word, tree) or "" for word in row.coverage)
            ),
            "sessions": _sessions(row, status),
            "places": places,
            "status": status,
            "ended_on": row.stopped_on if status == Status.ENDED else None,
            "closed_from": row.stopped_on if status == Status.CLOSED else None,
            "closed_until": row.until_on if status == Status.CLOSED else None,
            "alternatives": sorted(row.alternatives),
            "review_months": row.review_months or 6,
            "is_example": bool(row.is_example),
        }
    )


def _sessions(row: ListingRow, status: Status) -> list[SessionValues]:
    """The meetings; where it is closed, `tot` is the end of the closure and not of these."""
    until = None if status == Status.CLOSED else row.until_on
    return [_session(cell, row.from_on, until) for cell in row.sessions]


def _session(cell: SessionCell, from_on: date | None, until_on: date | None) -> SessionValues:
    """A meeting; its own days go before those of the row."""
    own = cell._asdict()
    if not (cell.from_on or cell.until_on):
        own |= {"from_on": from_on, "until_on": until_on}
    return SessionValues(**own)


def _place(row: PlaceRow, tree: AreaTree) -> PlaceValues:
    area = tree.find(row.area) if row.area else None
    return PlaceValues(**{**row.model_dump(exclude={"area"}), "area_code": area and area.code})
