"""The steps of a new offer: the forms of the parts of a listing, and what a new one must say."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from socialmap.listings.values import DETAILS, ListingValues, ProviderValues
from socialmap.models.terms import Part, Visibility
from socialmap.reviews.offers import Boxes
from socialmap.views.edit.asked import FORMS
from socialmap.views.edit.forms import Around, PartForm, Reading
from socialmap.views.edit.places import rows_of as place_rows
from socialmap.views.edit.places import with_another_place
from socialmap.views.edit.reader import Reader, Typed
from socialmap.views.edit.texts import TextForm
from socialmap.views.edit.times import rows_of as time_rows
from socialmap.views.edit.times import with_another_row
from socialmap.views.offer.start import INFORMAL, NOBODY, read_informal

STEPS = (Part.TEXT, Part.WHO, Part.ACCESS, Part.WHEN, Part.WHERE, Part.CONTACT)
ROWS = {Part.WHEN: time_rows, Part.WHERE: place_rows}
MORE_ROWS = {Part.WHEN: with_another_row, Part.WHERE: with_another_place}
NO_SUMMARY = "Schrijf in een paar zinnen wat het is en voor wie."
NOWHERE = "Kies een wijk of stadsdeel. Dan weten wij wie dit nakijkt."
UNREACHABLE = "Vul een telefoonnummer, een mailadres of een website in. Eén is genoeg."


class OfferTextForm(TextForm):
    """The name and the explanation of a new offer, and who offers it."""

    def shown(self, values: ListingValues) -> Typed:
        typed = super().shown(values)
        if values.provider is not None:
            typed["provider"] = values.provider.name
            typed["informal"] = "ja" if values.provider.is_informal else "nee"
        return typed

    def read(self, typed: Typed, around: Around) -> Reading:
        text, reader = super().read(typed, around), Reader(typed)
        name = reader.line("provider", missing=NOBODY)
        informal = read_informal(reader)
        if not text.values["summary"]:
            reader.fail("summary", NO_SUMMARY)
        errors = {**text.errors, **reader.errors}
        provider = None if errors else ProviderValues(name=name, is_informal=informal)
        return Reading({**text.values, "provider": provider}, errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {"informal": INFORMAL}


class OfferContactForm:
    """How to reach a new offer: no people to choose from, but who enters it for somebody."""

    def __init__(self, people: list[tuple[str, str]]) -> None:
        self._people = people

    def shown(self, values: ListingValues) -> Typed:
        return Typed({"contact": self._people[0][0]} if self._people else {})

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        chosen = reader.some_of("contact", [key for key, _ in self._people])
        values = {
            "phone": reader.phone("phone"),
            "mail": reader.mail("mail"),
            "website": reader.website("website"),
            "contact": next(iter(chosen), None),
        }
        if not reader.errors and not any(values.values()):
            reader.fail("phone", UNREACHABLE)
        return Reading(values, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {"people": self._people}


class OfferPlacesForm:
    """Where a new offer is and whom it serves: at least so much that we know who checks it."""

    _places = FORMS[Part.WHERE]

    def shown(self, values: ListingValues) -> Typed:
        return self._places.shown(values)

    def read(self, typed: Typed, around: Around) -> Reading:
        reading = self._places.read(typed, around)
        known = any(place.visibility != Visibility.HIDDEN for place in reading.values["places"])
        if reading.errors or known or reading.values["coverage"]:
            return reading
        return Reading(reading.values, {"coverage": NOWHERE})

    def choices(self, around: Around) -> Mapping[str, Any]:
        return self._places.choices(around)


def forms_with(people: list[tuple[str, str]]) -> dict[Part, PartForm]:
    """The form of each step, with these people to choose as the contact."""
    own: dict[Part, PartForm] = {
        Part.TEXT: OfferTextForm(),
        Part.WHERE: OfferPlacesForm(),
        Part.CONTACT: OfferContactForm(people),
    }
    return {part: own.get(part) or FORMS[part] for part in STEPS}


def as_typed(boxes: Boxes) -> Typed:
    """What was kept of a form, as a form again."""
    return MultiDict([(name, value) for name, values in boxes.items() for value in values])


def may_be_kept(part: Part, typed: Typed) -> Boxes:
    """What was typed, without the address of a place that may not be shown (R12)."""
    hidden = _hidden(typed) if part == Part.WHERE else set()
    return {name: values for name, values in typed.lists() if name not in hidden}


def _hidden(typed: Typed) -> set[str]:
    found: set[str] = set()
    for at in place_rows(typed):
        kind = typed.get(f"visibility-{at}", "")
        if kind in (Visibility.AREA, Visibility.HIDDEN):
            found |= {f"{box}-{at}" for box in (*DETAILS, "moved")}
        if kind == Visibility.HIDDEN:
            found.add(f"area_code-{at}")
    return found
