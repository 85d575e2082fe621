"""The forms of the parts of a listing: what they show, and what they read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlmodel import Session

from socialmap.geo.geocoder import Address, Spot
from socialmap.geo.tree import AreaTree
from socialmap.listings.values import ListingValues
from socialmap.people import Choice
from socialmap.views.edit.reader import Typed


@dataclass(frozen=True)
class Around:
    """What a form needs to know besides what was typed."""

    session: Session
    tree: AreaTree
    today: date
    before: ListingValues
    people: Callable[[], Sequence[Choice]]
    """Who can be chosen as contact."""
    locate: Callable[[Address], Spot | None]
    """Where an address is, as far as looking up is switched on and answers."""


@dataclass(frozen=True)
class Reading:
    """What came of reading a form: fields of `ListingValues`, and what is wrong by box."""

    values: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)


class PartForm(Protocol):
    """The form of one part."""

    def shown(self, values: ListingValues) -> Typed:
        """What stands in the boxes of a listing as it is."""

    def read(self, typed: Typed, around: Around) -> Reading:
        """What was typed, as fields of a listing."""

    def choices(self, around: Around) -> Mapping[str, Any]:
        """What there is to choose from, for the template."""
