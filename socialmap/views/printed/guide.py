"""What a Wijkgids holds: whom to call, the teams, what there is and where to find it by theme."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """A way to reach someone: `Bel`, and the number."""

    word: str
    value: str


@dataclass(frozen=True)
class Contact:
    """Whom to call for the wijk today."""

    role: str
    name: str
    """`Nog niemand` for a vacancy."""
    note: str
    absence: str
    """That there is nobody today, and who stands in; empty when the contact is there."""
    answers: str
    """Who answers: the contact, or who stands in; empty when nobody does."""
    ways: list[Way]
    instead: str
    """Whom to ask where there is no way to reach who answers; empty where nobody can be."""
    days: str
    languages: str
    deputy: str
    confirmed: str
    photo: bytes | None


@dataclass(frozen=True)
class Number:
    """A number to ring in danger."""

    name: str
    number: str
    when: str
    hours: str


@dataclass(frozen=True)
class Member:
    """A member of a team, at one school or centre."""

    name: str
    about: str
    """For which ages, in which languages."""
    when: str
    phone: str
    """Only where it is not the number of the team."""
    ask: str


@dataclass(frozen=True)
class Workplace:
    """A school or centre with who can be found there; its name may be unknown."""

    name: str
    members: list[Member]


@dataclass(frozen=True)
class Team:
    """A team that works for the wijk."""

    kind: str
    name: str
    where: str
    opening: str
    phone: str
    leader: str
    workplaces: list[Workplace]


@dataclass(frozen=True)
class Offer:
    """One listing. What is empty is left out."""

    mark: str
    """What the register names it by; unique in a guide."""
    title: str
    by: str
    what: str
    who: str
    access: str
    where: str
    when: str
    phone: str
    contact: str
    warnings: list[str]
    """Closed, uncertain, perhaps out of date."""


@dataclass(frozen=True)
class Chapter:
    """Listings under a heading."""

    title: str
    offers: list[Offer]


@dataclass(frozen=True)
class Theme:
    """A theme of the register with the (title, mark) of its listings, by title."""

    name: str
    subjects: str
    entries: list[tuple[str, str]]


@dataclass(frozen=True)
class Guide:
    """A Wijkgids."""

    wijk: str
    district: str
    buurten: str
    made_on: str
    is_example: bool
    contact: Contact
    numbers: list[Number]
    no_team: str
    """Where the wijk has no ouder- en kindteam: whom to call instead."""
    teams: list[Team]
    nothing_here: str
    """That nothing is known in the wijk itself; empty where something is."""
    chapters: list[Chapter]
    themes: list[Theme]
    url: str
    qr: bytes
    """A drawing, as SVG."""
