"""An address that a reader types: resolved to its buurt, and out of the URL; kept nowhere (R10)."""

from dataclasses import replace
from enum import StrEnum

from flask import current_app

from socialmap import db
from socialmap.config import Settings
from socialmap.geo.geocoder import Address, AddressFinder, SilentError
from socialmap.geo.tree import area_tree
from socialmap.search.answer.found import Note
from socialmap.search.question.query import ParamError
from socialmap.search.question.where import Whereabouts, find_place, near_area
from socialmap.views.asking import LISTS, SINGLE, Args, Asked, Kept

PARAM = "adres"
"""Says in a URL what became of an address, without the address."""
LONGEST = 200


class Outcome(StrEnum):
    """Why an address is not searched by."""

    OFF = "uit"
    UNKNOWN = "onbekend"
    SILENT = "stil"


MESSAGES = {
    Outcome.OFF: "Een heel adres kunnen wij niet opzoeken. "
    "Vul alleen de postcode in: 1031 of 1031 AB.",
    Outcome.UNKNOWN: "Dit adres vonden wij niet in Amsterdam of Weesp. "
    "Kijk het na, of vul alleen de postcode in: 1031 of 1031 AB.",
    Outcome.SILENT: "Wij kunnen nu geen adressen opzoeken. "
    "Met alleen een postcode lukt het wel: 1031 of 1031 AB.",
}
WITHOUT = "Wij hebben zonder uw adres gezocht."


def address_finder(settings: Settings) -> AddressFinder | None:
    """What finds addresses with these settings; None where it is off."""
    return AddressFinder(settings.geocoder_url) if settings.geocoder_url else None


def are_found() -> bool:
    """Can readers search by an address here?"""
    return current_app.extensions["addresses"] is not None


def without_address(args: Args) -> Kept | None:
    """The question with the buurt of the address that was typed in it, or with what became of
    that address; None where none was typed."""
    name, address = _typed(args)
    if address is None:
        return None
    asked = [each for each in (*SINGLE, *LISTS) if each in args and each != name]
    found = _resolved(address)
    became = PARAM if isinstance(found, Outcome) else "bij"
    return {each: tuple(args.getlist(each)) for each in asked} | {became: (str(found),)}


def _typed(args: Args) -> tuple[str, Address | None]:
    """The parameter with an address in it, and the address. In the one box only what can be
    nothing else; and never where it is the name of a place that we know."""
    for name in ("bij", "q"):
        for text in args.getlist(name):
            address = Address.read(text[:LONGEST])
            if address and (name == "bij" or address.is_unmistakable) and not _is_place(text):
                return name, address
    return "", None


def _is_place(text: str) -> bool:
    session = db.session()
    return find_place(session, area_tree(session), text) != Whereabouts()


def _resolved(address: Address) -> str | Outcome:
    """The value of `bij` for the buurt of an address, or why there is none."""
    finder: AddressFinder | None = current_app.extensions["addresses"]
    if finder is None:
        return Outcome.OFF
    try:
        spot = finder.find(area_tree(db.session()), address)
    except SilentError:
        return Outcome.SILENT
    return near_area(spot.buurt).param if spot else Outcome.UNKNOWN


def message_of(args: Args) -> str:
    """What became of an address and what to do about it; empty where none was typed."""
    outcome = args.get(PARAM, "")
    return MESSAGES[Outcome(outcome)] if outcome in list(Outcome) else ""


def told(asked: Asked, args: Args) -> Asked:
    """The same answer, with what became of an address: a mistake of the reader stands at the
    field, a silence of the service is a note."""
    message = message_of(args)
    if not message:
        return asked
    if args[PARAM] == Outcome.SILENT:
        notes = (*asked.found.notes, Note("geocoder_silent", f"{message} {WITHOUT}"))
        return replace(asked, found=replace(asked.found, notes=notes))
    return replace(asked, errors=[*asked.errors, ParamError("bij", "uw adres", message)])
