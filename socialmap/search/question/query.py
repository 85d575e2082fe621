"""A question to the directory, understood and checked."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self


class Order(StrEnum):
    RELEVANCE = "relevantie"
    DISTANCE = "afstand"
    CHECKED = "gecontroleerd"


class Show(StrEnum):
    """What is left out unless asked for."""

    STALE = "verouderd"
    ENDED = "gestopt"


@dataclass(frozen=True)
class Near:
    """A point to measure from; `area_code` is the smallest area known to hold it."""

    lat: float
    lon: float
    label: str
    area_code: str | None
    param: str
    """The value of `bij` that means this point."""


@dataclass(frozen=True)
class Choice:
    """A place that the reader may have meant."""

    label: str
    param: str


@dataclass(frozen=True)
class Chip:
    """Something that was understood: a filter with its values, and the words that asked for it."""

    param: str
    value: str
    """As in an address: several are separated by commas."""
    label: str
    text: str
    """As it was typed; empty when it was not."""
    source: str = "q"
    """`q` for what was understood from the text, `param` for what was chosen."""
    more: tuple[tuple[str, str], ...] = ()
    """Further parameters: `dinsdagmiddag` is a day and a part of it."""
    others: tuple[Choice, ...] = ()
    """Smaller areas of the same name."""

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """All parameters with their values."""
        return ((self.param, self.value), *self.more)


@dataclass(frozen=True)
class Correction:
    """A word that nobody knows, and the word that was searched for instead."""

    typed: str
    used: str


@dataclass(frozen=True)
class AgeRange:
    """Ages of a child in whole months, both ends inclusive."""

    min_months: int
    max_months: int
    param: str


@dataclass(frozen=True)
class ParamError:
    """A value that could not be used, and what would be right (in Dutch)."""

    param: str
    value: str
    message: str


@dataclass(frozen=True)
class Query:
    """All parameters of API.md, resolved. `chosen` holds the values of each facet parameter."""

    text: str = ""
    """What is searched as text: without what became a filter, and without slips."""
    typed: str = ""
    """What stood in the one box."""
    chips: tuple[Chip, ...] = ()
    corrections: tuple[Correction, ...] = ()
    near: Near | None = None
    near_choices: tuple[Choice, ...] = ()
    near_text: str = ""
    """What was typed as place, when it is not one known place."""
    radius_km: float | None = None
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    areas: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Parameter stadsdeel, gebied or wijk -> area codes."""
    ages: tuple[AgeRange, ...] = ()
    without: tuple[str, ...] = ()
    """Provider slugs to leave out."""
    show: frozenset[Show] = frozenset()
    order: Order = Order.RELEVANCE
    page: int = 1
    explains: bool = False
    """Tell every factor of every score, for developers."""

    def but(self, **changes: object) -> Self:
        """The same question with these changes."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def understood(self) -> frozenset[str]:
        """The parameters that the text has set."""
        return frozenset(name for chip in self.chips for name, _ in chip.settings)

    @property
    def is_empty(self) -> bool:
        """Is nothing asked at all?"""
        return not (
            self.text or self.near or self.near_choices or self.chosen or self.areas or self.ages
        )
