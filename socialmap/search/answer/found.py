"""What a search answers: hits with their reasons, counts, chips and ways to look wider."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from socialmap.search.question.query import Chip, Choice, Correction


@dataclass(frozen=True)
class Reason:
    """Why a listing fits, in words: `12–18 jaar`, `op 450 m`."""

    field: str
    text: str


@dataclass(frozen=True)
class Hit:
    """One found listing. Distances are rounded: 10 m from an exact place, 500 m from an area."""

    listing_id: UUID
    kind: str
    distance_m: int | None = None
    distance_from: str | None = None
    """`exact` or `area`."""
    by_ferry: bool = False
    reasons: tuple[Reason, ...] = ()
    unknown: tuple[str, ...] = ()
    """Parameters that were asked and on which this listing says nothing."""
    explain: dict[str, float] | None = None
    """Every factor of the score, where that was asked."""


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Wider:
    """A way to find more: the parameters to change (None takes one away) and what that finds."""

    label: str
    params: dict[str, str | None]
    count: int


@dataclass(frozen=True)
class Note:
    code: str
    text: str


@dataclass(frozen=True)
class Ranked:
    """Every hit in order, at most 5,000, for the map; most questions never ask for it."""

    keys: Sequence[UUID] = ()
    docs: Iterable[int] = ()

    @property
    def ids(self) -> tuple[UUID, ...]:
        return tuple(self.keys[doc] for doc in self.docs)


@dataclass(frozen=True)
class Found:
    """The answer to a Query."""

    total: int
    page: int
    pages: int
    text: str
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[Option, ...]]
    chips: tuple[Chip, ...] = ()
    corrections: tuple[Correction, ...] = ()
    wider: tuple[Wider, ...] = ()
    notes: tuple[Note, ...] = ()
    choices: tuple[Choice, ...] = ()
    """Wijken to choose from, when a postcode lies in several."""
    named_places: tuple[UUID, ...] = ()
    """Places that were asked for by name, wherever they rank."""
    themes: tuple[str, ...] = ()
    """What the question is about, by the ids of themes, the surest first."""
    left_out: tuple[str, ...] = ()
    """Parameters that were understood from the text and left out, since nothing fits with them."""
    ranked: Ranked = field(default_factory=Ranked, repr=False)
    is_danger: bool = False
    """The question is about safety, crisis or suicide: emergency numbers come first (R34)."""
