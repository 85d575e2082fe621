"""What history keeps, as people read it: the name of each field, and its value in Dutch lines."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, time
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session, select

from socialmap.geo.tree import AreaTree
from socialmap.labels import LABELS, age_range, day, label
from socialmap.listings.history import ERASED
from socialmap.listings.temporary import place_name
from socialmap.listings.temporary import told as told_change
from socialmap.listings.values import TemporaryValues
from socialmap.models import Listing, Person, Place
from socialmap.models.terms import (
    TERMS,
    Cost,
    DayPart,
    Level,
    ListingKind,
    Reach,
    Room,
    Status,
    TermKind,
    Visibility,
    Weekday,
)
from socialmap.themes import theme_names

Fields = Mapping[str, Any]
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Is er plek?", ("room", "weeks", "reported_on")),
    ("Naam", ("title",)),
    ("Samenvatting", ("summary",)),
    ("Uitleg", ("description",)),
    ("Voor professionals", ("professional_note",)),
    ("Voor wie", ("audience",)),
    ("Alleen voor", ("only_for",)),
    ("Leeftijd", ("ages_known", "min_age_months", "max_age_months")),
    ("Waarvoor", ("themes",)),
    ("Waarvoor niet", ("not_for",)),
    ("Voorwaarde", ("criteria",)),
    ("Talen", ("languages",)),
    ("Hoe kom je hier terecht?", ("routes",)),
    ("Stappen", ("steps",)),
    ("Nodig", ("papers",)),
    ("Kosten", ("cost", "cost_note")),
    ("Vorm", ("forms",)),
    ("Tijden", ("sessions",)),
    ("Tijdelijk anders", ("temporary", "moves")),
    ("Hoe", ("settings",)),
    ("Adres", ("places",)),
    ("Werkgebied", ("coverage",)),
    ("Telefoon", ("phone",)),
    ("Mail", ("mail",)),
    ("Website", ("website",)),
    ("Contactpersoon", ("contact", "backup")),
    ("Status", ("status", "ended_on", "closed_from", "closed_until", "reason")),
    ("Lijkt hierop", ("alternatives",)),
    ("Soort", ("kind",)),
    ("Niveau", ("level",)),
    ("Ritme van controle", ("review_months",)),
    ("Aanbieder", ("provider",)),
    ("Gecontroleerd op", ("confirmed_on",)),
    ("Toegevoegd door", ("entered_by",)),
    ("Voorbeeld", ("is_example",)),
    ("Kenmerk", ("key",)),
)
"""The fields in the order of the forms; those that are read together under one name."""
TEXTS = frozenset(
    "title summary description professional_note not_for criteria steps papers".split()
)
"""Fields of which the words are compared one by one."""
LEFT = "iemand die er niet meer is"
GONE = "aanbod dat er niet meer is"
GONE_PLACE = "een plek die er niet meer is"


def names_of(fields: Collection[str]) -> list[str]:
    """The names of fields, those that are read together once, in the order of the forms."""
    return [name for name, group in GROUPS if any(field in group for field in fields)]


class Names:
    """How people, themes, areas and listings are called, looked up when asked."""

    def __init__(self, session: Session, tree: AreaTree) -> None:
        self._session, self.tree = session, tree
        self._themes: dict[str, str] | None = None
        self._known: dict[tuple[str, str], str] = {}

    def theme(self, id: str) -> str:
        if self._themes is None:
            self._themes = theme_names(self._session)
        return self._themes.get(id, id)

    def area(self, code: str) -> str:
        if code in set(Reach):
            return label(Reach(code))
        found = self.tree.find(code)
        return found.name if found else code

    def person(self, key: str) -> str:
        return self._named("person", key, LEFT)

    def listing(self, key: str, otherwise: str = GONE) -> str:
        return self._named("listing", key, otherwise)

    def place(self, slug: str) -> str:
        """The name of a place, or else its street."""
        query = select(Place).where(Place.slug == slug)
        found = self._session.exec(query).first()
        return place_name(found) if found else GONE_PLACE

    def _named(self, noun: str, key: str, otherwise: str) -> str:
        if (noun, key) not in self._known:
            query = select(Person.name).where(Person.key == key)
            if noun == "listing":
                query = select(Listing.title).where(Listing.key == key)
            self._known[noun, key] = self._session.exec(query).first() or ""
        return self._known[noun, key] or otherwise


def lines(values: Fields, names: Names, *, in_detail: bool = False) -> list[str]:
    """The values of the fields of one group, as lines; `in_detail` also what a reader can do
    without: points on the map and the buurt."""
    if "ages_known" in values or "min_age_months" in values or "max_age_months" in values:
        return [_ages(values)]
    if "places" in values:
        return [place(one, names, in_detail=in_detail) for one in values["places"] or ()]
    found: list[str] = []
    for name, value in values.items():
        if value not in (None, "", []):
            found += READERS[name](value, names)
    return found


def told(name: str, value: Any, names: Names) -> str:
    """One line for the value of one field; says so when there is none."""
    given = TypeAdapter(Any).dump_python(value, mode="json")
    return "; ".join(lines({name: given}, names, in_detail=True)) or "niets"


def place(one: Fields, names: Names, *, in_detail: bool = False) -> str:
    """A place: `OBA Banne, Banne 1, 1034 AB`, `ergens in Volewijck`."""
    visibility = one.get("visibility")
    if visibility == ERASED:
        return "een adres dat is gewist"
    if visibility == Visibility.HIDDEN:
        return "geheim adres"
    if visibility == Visibility.AREA:
        return f"ergens in {names.area(one['area_code'])}"
    street = " ".join(one[part] for part in ("street", "house_number") if one.get(part))
    postcode = one.get("postcode")
    parts = [one.get("name"), street, postcode and f"{postcode[:4]} {postcode[4:]}"]
    if in_detail and one.get("area_code"):
        parts.append(f"buurt {names.area(one['area_code'])}")
    if in_detail or not any(parts):
        point = [f"{one[part]:.5f}".replace(".", ",") for part in ("lat", "lon") if one.get(part)]
        parts.append(point and "punt " + " ".join(point))
    return ", ".join(part for part in parts if part) or "plek zonder adres"


def session(one: Fields) -> str:
    """When it meets: `Dinsdag 13.30–15.30, tot en met 3 maart 2027`."""
    hours = [_clock(one[name]) for name in ("starts_at", "ends_at") if one.get(name)]
    told = f"{label(Weekday(one['weekday']))} {'–'.join(hours) or label(DayPart(one['part']))}"
    if one.get("from_on"):
        told += f", van {_day(one['from_on'])}"
    if one.get("until_on"):
        told += f"{'' if one.get('from_on') else ','} tot en met {_day(one['until_on'])}"
    return told[:1].upper() + told[1:]


def _clock(value: str) -> str:
    return f"{time.fromisoformat(value):%H.%M}".removeprefix("0")


def _day(value: str) -> str:
    return day(date.fromisoformat(value))


def _ages(values: Fields) -> str:
    """As far as they are among `values`: `12–16 jaar`, `vanaf 12 jaar`, `leeftijd onbekend`."""
    low, high = values.get("min_age_months"), values.get("max_age_months")
    if low is None and high is None and values.get("ages_known", True):
        if "max_age_months" not in values and "ages_known" not in values:
            return "geen laagste leeftijd"
        if "min_age_months" not in values and "ages_known" not in values:
            return "geen hoogste leeftijd"
    return age_range(low, high, is_known=values.get("ages_known", True))


Reader = Callable[[Any, Names], Iterable[str]]


def _term(kind: type) -> Reader:
    return lambda value, _names: [LABELS[kind].get(value, str(value))]


def _terms(kind: TermKind) -> Reader:
    return lambda value, _names: [LABELS[TERMS[kind]].get(one, str(one)) for one in value]


def _said(before: str, after: str = "") -> Reader:
    return lambda value, _names: [f"{before}{value}{after}"]


def _on(before: str) -> Reader:
    return lambda value, _names: [before + _day(value)]


def _provider(value: Fields, _names: Names) -> list[str]:
    told = ["informeel"] if value.get("is_informal") else []
    return [value["name"], *told, *([value["website"]] if value.get("website") else [])]


def _temporary(value: Any, names: Names) -> Iterable[str]:
    for one in map(TemporaryValues.model_validate, value):
        yield told_change(one, names.place(one.place) if one.place else "")


READERS: dict[str, Reader] = {
    "room": _term(Room),
    "weeks": _said("wachttijd ", " weken"),
    "reported_on": _on("gemeld op "),
    **dict.fromkeys([*sorted(TEXTS), "phone", "mail", "website", "entered_by", "key"], _said("")),
    "audience": _terms(TermKind.AUDIENCE),
    "only_for": _terms(TermKind.ONLY_FOR),
    "themes": lambda value, names: map(names.theme, value),
    "languages": _terms(TermKind.LANGUAGE),
    "routes": _terms(TermKind.ROUTE),
    "cost": _term(Cost),
    "cost_note": _said(""),
    "forms": _terms(TermKind.FORM),
    "sessions": lambda value, _names: map(session, value),
    "temporary": _temporary,
    "moves": _temporary,
    "settings": _terms(TermKind.SETTING),
    "coverage": lambda value, names: map(names.area, value),
    "contact": lambda value, names: [names.person(value)],
    "backup": lambda value, names: [f"vervanger: {names.person(value)}"],
    "status": _term(Status),
    "ended_on": _on("gestopt op "),
    "closed_from": _on("dicht vanaf "),
    "closed_until": _on("dicht tot en met "),
    "reason": _said("reden: "),
    "alternatives": lambda value, names: map(names.listing, value),
    "kind": _term(ListingKind),
    "level": _term(Level),
    "review_months": _said("elke ", " maanden"),
    "provider": _provider,
    "confirmed_on": _on(""),
    "is_example": lambda value, _names: ["voorbeeld" if value else "geen voorbeeld"],
}
