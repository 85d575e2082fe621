"""The forms of what is words: the name and the explanation, the way in, and what it costs."""

from collections.abc import Mapping
from typing import Any

from socialmap import labels
from socialmap.listings.values import ListingValues
from socialmap.models.terms import Cost, Level, ListingKind, ReferralRoute
from socialmap.views.edit.forms import Around, Reading
from socialmap.views.edit.reader import Reader, Typed

SUMMARY = 400
NAMELESS = "Hoe heet uw aanbod? Zonder naam vindt niemand het."


class TextForm:
    """The name, the summary that is read aloud, the explanation, the note for professionals."""

    names = ("title", "summary", "description", "professional_note")

    def shown(self, values: ListingValues) -> Typed:
        return Typed({name: getattr(values, name) for name in self.names})

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        values = {
            "title": reader.line("title", missing=NAMELESS),
            "summary": reader.text("summary", longest=SUMMARY),
            "description": reader.text("description"),
            "professional_note": reader.text("professional_note"),
        }
        return Reading(values, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {}


class AccessForm:
    """How one gets in: the routes, the steps, what is needed, and the costs."""

    def shown(self, values: ListingValues) -> Typed:
        boxes: dict[str, str | list[str]] = {
            "routes": [str(term) for term in values.routes],
            "steps": values.steps,
            "papers": values.papers,
            "cost": str(values.cost or ""),
            "cost_note": values.cost_note,
        }
        return Typed(boxes)

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        values = {
            "routes": reader.many_of("routes", ReferralRoute),
            "steps": reader.text("steps"),
            "papers": reader.text("papers", longest=SUMMARY),
            "cost": reader.one_of("cost", Cost),
            "cost_note": reader.line("cost_note", longest=SUMMARY),
        }
        return Reading(values, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {"routes": labels.labels(ReferralRoute), "costs": labels.labels(Cost)}


class RhythmForm:
    """After how many months it is asked whether the listing still holds (R17)."""

    def shown(self, values: ListingValues) -> Typed:
        return Typed({"review_months": str(values.review_months)})

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        months = reader.number("review_months", 1, 12)
        if months is None and not reader.errors:
            reader.fail("review_months", "Kies na hoeveel maanden wij het weer vragen.")
        return Reading({"review_months": months}, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {"rhythms": [(str(months), _every(months)) for months in range(1, 13)]}


def _every(months: int) -> str:
    return "Elke maand" if months == 1 else f"Elke {months} maanden"


class KindForm:
    """What kind of listing it is and how heavy; for who checks."""

    def shown(self, values: ListingValues) -> Typed:
        return Typed({"kind": str(values.kind), "level": str(values.level)})

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        values = {
            "kind": reader.one_of("kind", ListingKind, missing="Kies wat voor vermelding het is."),
            "level": reader.one_of("level", Level, missing="Kies hoe zwaar de hulp is."),
        }
        if values["kind"] != ListingKind.PLACE and around.before.provider is None:
            reader.fail("kind", "Deze vermelding heeft geen aanbieder; dan kan alleen een plek.")
        return Reading(values, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {"kinds": labels.labels(ListingKind), "levels": labels.labels(Level)}
