"""Other engines over the same listings, asked the same questions through one interface."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

TOP = 20
"""So many listings are on a page."""
LIGHT = {"level": ("open", "okt")}
"""What `filtered` asks: the two lightest levels."""
Counts = dict[str, dict[str, int]]
"""Column -> value -> how many listings."""


@dataclass(frozen=True)
class Wanted:
    """A typed question as our engine understood it, handed to a peer ready made."""

    text: str
    facets: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Column -> values, any of which will do."""
    months: tuple[int, int] | None = None
    """The youngest and the oldest age in months."""


class Peer(Protocol):
    """An engine. Keys come best first, at most TOP; a text matches when any word does."""

    name: str

    def text(self, text: str) -> list[str]:
        """The best for a text."""

    def filtered(self, text: str) -> list[str]:
        """The best of LIGHT for a text."""

    def counted(self, text: str) -> tuple[list[str], Counts]:
        """The best for a text, and how many of each value."""

    def nearest(self, text: str, lat: float, lon: float) -> list[str]:
        """The nearest that hold any of the words."""

    def browsed(self) -> Counts:
        """How many of each value there are of everything."""

    def understood(self, wanted: Wanted) -> tuple[list[str], Counts]:
        """The best for a text with filters, and how many of each value."""

    def close(self) -> None:
        """Let go of files and connections."""
