"""The forms that are one tap: is there room, and has it stopped or is it closed for a while."""

from collections.abc import Mapping
from typing import Any

from socialmap import labels
from socialmap.listings.cards import cards
from socialmap.listings.find import keys_of, related_ids
from socialmap.listings.values import ListingValues
from socialmap.models.terms import Room, Status
from socialmap.views.edit.forms import Around, Reading
from socialmap.views.edit.reader import Reader, Typed

GOES_ON, CLOSED, ENDED = "gaat-door", "even-dicht", "gestopt"
ENDINGS = {
    GOES_ON: "Het gaat gewoon door",
    CLOSED: "Het is een tijd dicht",
    ENDED: "Het is gestopt, of stopt binnenkort",
}
STATUS = {CLOSED: Status.CLOSED, ENDED: Status.ENDED}
MOST_WEEKS = 260
REASON = 400


class RoomForm:
    """Is there room, and how long does one wait?"""

    def shown(self, values: ListingValues) -> Typed:
        weeks = "" if values.weeks is None else str(values.weeks)
        return Typed({"room": str(values.room or ""), "weeks": weeks})

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        room = reader.one_of("room", Room)
        weeks = reader.number("weeks", 0, MOST_WEEKS)
        if weeks is not None and room is None:
            reader.fail("room", "Kies ook of er plek is.")
        reported = around.today if room else None
        return Reading({"room": room, "weeks": weeks, "reported_on": reported}, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {"rooms": labels.labels(Room)}


class EndForm:
    """Does it go on, is it closed for a while, or has it stopped?"""

    def shown(self, values: ListingValues) -> Typed:
        kind = {Status.CLOSED: CLOSED, Status.ENDED: ENDED}.get(values.status, GOES_ON)
        days = ("ended_on", "closed_from", "closed_until")
        shown = {name: getattr(values, name) for name in days}
        return Typed(
            {name: day.isoformat() if day else "" for name, day in shown.items()}
            | {"how": kind, "reason": values.reason, "alternatives": list(values.alternatives)}
        )

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        how = reader.raw("how")
        if how not in ENDINGS:
            reader.fail("how", "Kies een van de drie.")
        begins = reader.day("closed_from") if how == CLOSED else None
        until = reader.day("closed_until") if how == CLOSED else None
        ended = None
        if how == ENDED:
            ended = reader.day("ended_on", missing="Schrijf op welke dag het stopt of stopte.")
        if begins and until and until < begins:
            reader.fail("closed_until", "De laatste dag is eerder dan de eerste.")
        before = around.before.status
        was_on = before not in (Status.CLOSED, Status.ENDED)
        values = {
            "status": STATUS.get(how, before if was_on else Status.LIVE),
            "ended_on": ended,
            "closed_from": begins,
            "closed_until": until,
            "reason": "" if how == GOES_ON else reader.text("reason", longest=REASON),
            "alternatives": sorted(reader.some_of("alternatives", self._known(around))),
        }
        return Reading(values, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {"endings": ENDINGS, "others": self._others(around)}

    def _known(self, around: Around) -> list[str]:
        return [*around.before.alternatives, *(key for key, _ in self._others(around))]

    def _others(self, around: Around) -> list[tuple[str, str]]:
        """(key, title) of listings about the same, the ones that are alternatives now first."""
        ids = related_ids(around.session, around.before)
        keys = keys_of(around.session, ids)
        shown = [card for card in cards(around.session, ids) if not card.is_ended(around.today)]
        return [(keys[card.id], card.title) for card in shown]
