"""What a flyer for a school door holds: one person, when to find them there and what to ask."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Desk:
    """A school or centre and when the person is there, a line for each time."""

    place: str
    team: str
    hours: list[tuple[str, str]]
    """(weekday, times)."""
    instead: str
    """What to do where the hours are not known."""
    until: str


@dataclass(frozen=True)
class Flyer:
    """One page about one person."""

    name: str
    first_name: str
    role: str
    organisation: str
    photo: bytes | None
    desks: list[Desk]
    more: str
    """That there are more places than fit."""
    asks: list[str]
    languages: str
    phone: str
    phone_of: str
    """Whose number it is, where it is not their own."""
    backup: str
    is_example: bool
    made_on: str
    url: str
    qr: bytes
