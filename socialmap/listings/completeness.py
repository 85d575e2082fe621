"""How complete a listing is: what is still to do, why, and what each gap costs (R23)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from socialmap.labels import month
from socialmap.listings import plain
from socialmap.listings.plain import Jargon
from socialmap.models import Contact, Listing
from socialmap.models.currency import months_later
from socialmap.models.terms import (
    AskedField,
    ContactRole,
    DetailKind,
    ListingKind,
    Part,
    TermKind,
)
from socialmap.search.answer.asks import ThemeAsk, most_asked
from socialmap.search.tally import FEWEST_TOLD, month_of
from socialmap.themes import theme_names

REACHES = frozenset({DetailKind.PHONE, DetailKind.MOBILE, DetailKind.WHATSAPP, DetailKind.MAIL})
ASKED_FOR = {
    AskedField.COST: "wilden ook weten wat het kost",
    AskedField.AGE: "noemden ook een leeftijd",
    AskedField.LANGUAGE: "kozen ook een taal",
    AskedField.DAY: "kozen ook een dag of dagdeel",
    AskedField.PLACE: "noemden ook een plek",
    AskedField.ROOM: "wilden ook weten of er plek is",
    AskedField.ROUTE: "kozen ook hoe je er terechtkomt",
    AskedField.AUDIENCE: "kozen ook voor wie het is",
    AskedField.FORM: "kozen ook een vorm",
}


@dataclass(frozen=True)
class Gap:
    """What can be better in a listing, and in which part of the form."""

    key: str
    part: Part
    title: str
    why: str
    field: AskedField | None = None
    """On what people choose who miss it."""


@dataclass(frozen=True)
class ToDo:
    """A gap with what it costs: how often people chose on it, None where that is not told."""

    gap: Gap
    cost: str = ""
    """A sentence; empty where nobody is known to have missed it."""
    count: int | None = None


@dataclass(frozen=True)
class Completeness:
    """What is there and what is still to do, the costliest first."""

    asked: int
    todo: list[ToDo]

    @property
    def done(self) -> int:
        """How many of the things that are asked are there."""
        return self.asked - len(self.todo)


def completeness(session: Session, listing: Listing, today: date) -> Completeness:
    """How complete a listing is that is loaded whole; of an ended one nothing is asked."""
    if listing.is_ended(today):
        return Completeness(0, [])
    rules = [one for one in RULES if one.is_for(listing)]
    jargon = plain.jargon(session)
    gaps = [one.gap for one in rules if one.is_missing(listing, today, jargon)]
    last = months_later(today.replace(day=1), -1)
    asks = most_asked(session, listing.theme_ids, month_of(last))
    names = theme_names(session)
    todo = [_costed(gap, asks, names, last) for gap in gaps]
    return Completeness(len(rules), sorted(todo, key=lambda one: -(one.count or 0)))


def _costed(
    gap: Gap, asks: Mapping[AskedField, ThemeAsk], names: Mapping[str, str], last: date
) -> ToDo:
    """What a gap cost in the last month that is over."""
    ask = asks.get(gap.field) if gap.field else None
    if gap.field is None or ask is None:
        return ToDo(gap)
    times = f"minder dan {FEWEST_TOLD}" if ask.count is None else str(ask.count)
    theme = names.get(ask.theme_id, ask.theme_id)
    cost = (
        f"In {month(last)} zochten mensen {times} keer naar ‘{theme}’ en {ASKED_FOR[gap.field]}. "
        "Uw aanbod zegt daar niets over."
    )
    return ToDo(gap, cost, ask.count)


# What is asked of a listing


Missing = Callable[[Listing, date, Jargon], bool]


@dataclass(frozen=True)
class Rule:
    """One thing that is asked of a listing."""

    gap: Gap
    is_missing: Missing
    of_places: bool = False
    """Is it asked of places too?"""

    def is_for(self, listing: Listing) -> bool:
        return self.of_places or listing.kind != ListingKind.PLACE


def _people(listing: Listing, role: ContactRole, today: date) -> Iterator[Contact]:
    return (row for row in listing.contacts if row.role == role and row.is_current(today))


def _lacks(role: ContactRole) -> Missing:
    return lambda listing, today, _: not any(_people(listing, role, today))


def _lacks_terms(kind: TermKind) -> Missing:
    return lambda listing, *_: not listing.values_of(kind)


def _lacks_reach(listing: Listing, today: date, _: Jargon) -> bool:
    """Is there no number and no mail address, also not of its contact?"""
    people = _people(listing, ContactRole.PRIMARY, today)
    details = (detail for row in people for detail in row.person.details)
    has_own = any(one.kind in REACHES and one.is_public(today) for one in details)
    return not (listing.phone or listing.mail or has_own)


def _lacks_place(listing: Listing, *_: object) -> bool:
    """Does it stand nowhere, while it also does not say where else it is given?"""
    is_elsewhere = bool(listing.values_of(TermKind.SETTING)) and listing.kind != ListingKind.PLACE
    return not listing.places and not is_elsewhere


def _is_hard_to_read(listing: Listing, _: date, jargon: Jargon) -> bool:
    return not listing.summary.strip() or bool(plain.advice(listing.summary, jargon))


RULES = (
    Rule(
        Gap(
            "contact",
            Part.CONTACT,
            "Noem een contactpersoon",
            "Huisartsen, scholen en ouders bellen eerder iemand met een naam.",
        ),
        _lacks(ContactRole.PRIMARY),
    ),
    Rule(
        Gap(
            "reach",
            Part.CONTACT,
            "Geef een telefoonnummer of mailadres",
            "Wie u niet kan bereiken, gaat naar een ander.",
        ),
        _lacks_reach,
        of_places=True,
    ),
    Rule(
        Gap(
            "routes",
            Part.ACCESS,
            "Zeg hoe mensen bij u terechtkomen",
            "Een ouder wil weten of een verwijzing nodig is. "
            "Een huisarts wil weten of hij mag verwijzen.",
            AskedField.ROUTE,
        ),
        _lacks_terms(TermKind.ROUTE),
    ),
    Rule(
        Gap(
            "ages",
            Part.WHO,
            "Zeg voor welke leeftijd het is",
            "Bijna iedereen zoekt voor een kind van een bepaalde leeftijd.",
            AskedField.AGE,
        ),
        lambda listing, *_: not listing.ages_known,
    ),
    Rule(
        Gap(
            "cost",
            Part.ACCESS,
            "Zeg wat het kost",
            "Ook als het gratis is: wie dat niet weet, belt vaak niet.",
            AskedField.COST,
        ),
        lambda listing, *_: listing.cost is None,
    ),
    Rule(
        Gap(
            "place",
            Part.WHERE,
            "Zeg waar het is",
            "Mensen zoeken iets dichtbij. Een geheim adres hoeft niet: een wijk is genoeg.",
            AskedField.PLACE,
        ),
        _lacks_place,
        of_places=True,
    ),
    Rule(
        Gap(
            "coverage",
            Part.WHERE,
            "Zeg uit welke wijken mensen bij u mogen komen",
            "Zonder werkgebied weet niemand of hij bij u terechtkan.",
            AskedField.PLACE,
        ),
        lambda listing, *_: not listing.coverage,
    ),
    Rule(
        Gap(
            "times",
            Part.WHEN,
            "Zeg op welke dagen het is",
            "Ouders kiezen wat past bij school en werk.",
            AskedField.DAY,
        ),
        lambda listing, *_: not listing.sessions,
    ),
    Rule(
        Gap(
            "languages",
            Part.WHO,
            "Zeg welke talen u spreekt",
            "Wie weinig Nederlands spreekt, zoekt iemand in de eigen taal.",
            AskedField.LANGUAGE,
        ),
        _lacks_terms(TermKind.LANGUAGE),
    ),
    Rule(
        Gap(
            "room",
            Part.ROOM,
            "Zeg of er plek is",
            "Na dertig dagen staat er ‘onbekend, bel even’.",
            AskedField.ROOM,
        ),
        lambda listing, today, _: listing.room_on(today) is None,
    ),
    Rule(
        Gap(
            "audience",
            Part.WHO,
            "Zeg voor wie het is",
            "Is het voor kinderen, ouders of het hele gezin?",
            AskedField.AUDIENCE,
        ),
        _lacks_terms(TermKind.AUDIENCE),
    ),
    Rule(
        Gap(
            "forms",
            Part.WHEN,
            "Kies een vorm",
            "Een gesprek, een groep of een inloop: dat maakt veel uit voor wie verlegen is.",
            AskedField.FORM,
        ),
        _lacks_terms(TermKind.FORM),
    ),
    Rule(
        Gap(
            "summary",
            Part.TEXT,
            "Maak de samenvatting makkelijker",
            "Eén of twee korte zinnen zonder vaktaal leest iedereen.",
        ),
        _is_hard_to_read,
        of_places=True,
    ),
    Rule(
        Gap(
            "limits",
            Part.WHO,
            "Zeg voor wie het niet is, of wat een voorwaarde is",
            "Dat scheelt u telefoontjes en een ouder een teleurstelling.",
        ),
        lambda listing, *_: not (listing.not_for or listing.criteria),
    ),
    Rule(
        Gap(
            "backup",
            Part.CONTACT,
            "Noem een vervanger",
            "Dan is er ook iemand als uw contactpersoon vrij is.",
        ),
        _lacks(ContactRole.BACKUP),
    ),
)
"""What is asked, the most important first."""
