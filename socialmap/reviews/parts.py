"""The parts of a listing that are edited together, and which changes wait for a check (R22)."""

from collections.abc import Sequence

from socialmap.listings.values import ListingValues, PlaceValues
from socialmap.models.terms import Part, Status, Visibility

FIELDS: dict[Part, tuple[str, ...]] = {
    Part.ROOM: ("room", "weeks", "reported_on"),
    Part.TEXT: ("title", "summary", "description", "professional_note"),
    Part.WHO: (
        "audience",
        "only_for",
        "ages_known",
        "min_age_months",
        "max_age_months",
        "themes",
        "languages",
        "not_for",
        "criteria",
    ),
    Part.ACCESS: ("routes", "steps", "papers", "cost", "cost_note"),
    Part.WHEN: ("forms", "sessions"),
    Part.WHERE: ("settings", "places", "coverage"),
    Part.CONTACT: ("phone", "mail", "website", "contact", "backup"),
    Part.TEMPORARY: ("temporary", "moves"),
    Part.END: ("status", "ended_on", "reason", "alternatives", "closed_from", "closed_until"),
    Part.RHYTHM: ("review_months",),
    Part.KIND: ("kind", "level"),
}
"""What each part of the form is about."""
FOR_CHECKERS = frozenset({Part.KIND})
"""Parts that a provider does not have."""
OWN = frozenset({"confirmed_on"}).union(
    *(fields for part, fields in FIELDS.items() if part not in FOR_CHECKERS)
)
"""What who edits a listing may change."""
RISKY = frozenset({"title", "coverage", "contact", "backup", *FIELDS[Part.KIND]})
ENDING = frozenset(FIELDS[Part.END])
OVER = frozenset({Status.DRAFT, Status.ENDED, Status.WITHDRAWN})
"""What a reader does not find, or finds as ended: in and out of it is for who checks."""


def risky_fields(before: ListingValues, after: ListingValues) -> frozenset[str]:
    """The fields whose change waits for a check: name, address, contact, coverage and ending.

    Making an address less visible never waits: it protects somebody.
    """
    changed = before.differing(after)
    risky = set(changed & RISKY)
    if "places" in changed and not only_protects(before.places, after.places):
        risky.add("places")
    if not set(after.moves) <= set(before.moves):
        risky.add("moves")
    if is_ending(before, after):
        risky |= changed & ENDING
    return frozenset(risky)


def is_ending(before: ListingValues, after: ListingValues) -> bool:
    """Does a listing end, or come back, or get another last day?"""
    is_moved = before.ended_on != after.ended_on
    return is_moved or (
        before.status != after.status and bool(OVER & {before.status, after.status})
    )


def only_protects(before: Sequence[PlaceValues], after: Sequence[PlaceValues]) -> bool:
    """Does nothing change but that some exact places are shown less?"""
    return len(before) == len(after) and all(
        old == new or _is_less(old, new) for old, new in zip(before, after, strict=True)
    )


def protected(before: Sequence[PlaceValues], after: Sequence[PlaceValues]) -> list[PlaceValues]:
    """The places of before, but for those that are shown less in the same position of after."""
    pairs = zip(before, [*after, *before[len(after) :]], strict=False)
    return [new if _is_less(old, new) else old for old, new in pairs]


def _is_less(old: PlaceValues, new: PlaceValues) -> bool:
    order = list(Visibility)
    return order.index(new.visibility) > order.index(old.visibility)
