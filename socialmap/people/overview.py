"""Who knows which wijk, for the whole city: to read, to look up, to print and to take away."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from socialmap.geo.tree import CITY, AreaNode, AreaTree
from socialmap.labels import label
from socialmap.listings.export import Cell, Row
from socialmap.maps import in_order
from socialmap.models.terms import AreaLevel, Presence
from socialmap.people.find import AreaContact, PersonView, StandIn, contacts_for_areas
from socialmap.search.language.lexicon import Lexicon
from socialmap.search.question.params import read_query
from socialmap.search.question.query import Near
from socialmap.search.question.where import Whereabouts, find_place

WITH_CONTACT = frozenset({AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.WIJK})
"""The levels of areas with a page that says whom to call."""
COLUMNS = (
    "stadsdeel gebied wijk code staat contactpersoon functie organisatie telefoon sinds "
    "afwezig_tot vacant_sinds belt_u_nu telefoon_nu vervanger telefoon_vervanger bevestigd_op "
    "adres voorbeeld"
).split()
"""The columns of contactpersonen.csv, in their order (docs/gebruik.md)."""


@dataclass(frozen=True)
class WijkLine:
    """A wijk and whom to call for it."""

    wijk: AreaNode
    contact: AreaContact


@dataclass(frozen=True)
class DistrictLines:
    """A stadsdeel, whom to call for it, and its wijken."""

    district: AreaNode
    contact: AreaContact
    lines: tuple[WijkLine, ...]

    @property
    def counts(self) -> Counter[Presence]:
        """How many wijken are in each state."""
        return Counter(line.contact.presence for line in self.lines)

    def only(self, state: Presence | None) -> "DistrictLines":
        """The same with the wijken in one state; None is every state."""
        kept = (line for line in self.lines if state in (None, line.contact.presence))
        return DistrictLines(self.district, self.contact, tuple(kept))


def city_lines(session: Session, tree: AreaTree, today: date) -> list[DistrictLines]:
    """Every wijk with whom to call, per stadsdeel by name, in a fixed number of reads."""
    districts = sorted(tree.at_level(AreaLevel.DISTRICT), key=lambda node: node.name)
    return _lines(session, tree, districts, today)


def district_lines(
    session: Session, tree: AreaTree, district: AreaNode, today: date
) -> DistrictLines:
    """The same of one stadsdeel."""
    return _lines(session, tree, [district], today)[0]


def _lines(
    session: Session, tree: AreaTree, districts: Sequence[AreaNode], today: date
) -> list[DistrictLines]:
    wijken = {node.code: in_order(tree, node.code, AreaLevel.WIJK) for node in districts}
    codes = [*wijken, *(wijk.code for inside in wijken.values() for wijk in inside)]
    known = contacts_for_areas(session, tree, codes, today)
    return [
        DistrictLines(
            node, known[node.code], tuple(WijkLine(w, known[w.code]) for w in wijken[node.code])
        )
        for node in districts
    ]


def areas_meant(session: Session, tree: AreaTree, typed: str, lexicon: Lexicon) -> list[AreaNode]:
    """The areas with a contact that `typed` may mean: none when it is not known here, several
    when only the reader can tell which (R10)."""
    where = find_place(session, tree, typed)
    codes = _codes_of(tree, where)
    if where == Whereabouts():
        query, _errors = read_query(session, tree, {"q": [typed]}, lexicon)
        codes = [code for found in query.areas.values() for code in found]
        codes = codes or _codes_of(tree, Whereabouts(query.near, query.near_choices))
    found = [_with_contact(tree, code) for code in codes]
    return list(dict.fromkeys(node for nodes in found for node in nodes))


def _codes_of(tree: AreaTree, where: Whereabouts) -> list[str]:
    nodes = [tree.find(choice.param.partition(":")[2]) for choice in where.choices]
    return [node.code for node in nodes if node] or _code_of(where.near)


def _code_of(near: Near | None) -> list[str]:
    return [near.area_code] if near and near.area_code else []


def _with_contact(tree: AreaTree, code: str) -> list[AreaNode]:
    """The area itself, the wijk around a buurt, or every stadsdeel of the city."""
    if code == CITY:
        return tree.at_level(AreaLevel.DISTRICT)
    return [next(node for node in tree.ancestors(code) if node.level in WITH_CONTACT)]


def as_rows(
    found: Iterable[DistrictLines], tree: AreaTree, url_of: Callable[[AreaNode], str]
) -> Iterator[Row]:
    """A row for each wijk with what a visitor may see of names, roles and function numbers."""
    for part in found:
        for line in part.lines:
            zone = tree.up_to(line.wijk.code, AreaLevel.ZONE)
            row: dict[str, Cell] = {
                "stadsdeel": part.district.name,
                "gebied": zone.name if zone else "",
                "wijk": line.wijk.name,
                "code": line.wijk.code,
                **_told(line.contact),
                "adres": url_of(line.wijk),
            }
            yield {column: row[column] for column in COLUMNS}


def _told(contact: AreaContact) -> dict[str, Cell]:
    person, deputy, answers = contact.person, contact.deputy, contact.reachable
    return {
        "staat": label(contact.presence),
        "contactpersoon": person.name if person else "",
        "functie": person.role if person else "",
        "organisatie": person.organisation if person else "",
        "telefoon": _number(person),
        "sinds": contact.held_since or "",
        "afwezig_tot": contact.absent_until or "",
        "vacant_sinds": contact.vacant_since or "",
        "belt_u_nu": answers.name if answers else "",
        "telefoon_nu": _number(answers, contact.stand_in),
        "vervanger": deputy.name if deputy else "",
        "telefoon_vervanger": _number(deputy),
        "bevestigd_op": contact.confirmed_on or "",
        "voorbeeld": "ja" if contact.is_example else "nee",
    }


def _number(person: PersonView | None, stand_in: StandIn | None = None) -> str:
    """A function number, else that of the team; never the number of a person's own telephone."""
    own = person.function_number if person else None
    return own or (stand_in.team_phone if stand_in else None) or ""
