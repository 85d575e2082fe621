"""The form of how to reach it: telephone, mail, website, and the person to ask for."""

from collections.abc import Mapping
from typing import Any

from socialmap.listings.values import ListingValues
from socialmap.views.edit.forms import Around, Reading
from socialmap.views.edit.reader import Reader, Typed

SAME = "De vervanger is iemand anders dan de contactpersoon. Kies een ander, of niemand."


class ContactForm:
    """How to reach what is offered, and whom."""

    def shown(self, values: ListingValues) -> Typed:
        names = ("phone", "mail", "website", "contact", "backup")
        return Typed({name: getattr(values, name) or "" for name in names})

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        known = [key for key, _ in self._people(around)]
        contact = next(iter(reader.some_of("contact", known)), None)
        backup = next(iter(reader.some_of("backup", known)), None)
        if contact is not None and contact == backup:
            reader.fail("backup", SAME)
        values = {
            "phone": reader.phone("phone"),
            "mail": reader.mail("mail"),
            "website": reader.website("website"),
            "contact": contact,
            "backup": backup,
        }
        return Reading(values, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {"people": self._people(around)}

    def _people(self, around: Around) -> list[tuple[str, str]]:
        """(key, name and role) of who can be chosen, by name."""
        return [(one.key, ", ".join(filter(None, (one.name, one.role)))) for one in around.people()]
