"""Themes: their two levels and names, and the numbers to ring in danger."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlmodel import Session, col, delete, select

from socialmap.models import EmergencyNumber, Theme


@dataclass(frozen=True)
class ThemeGroup:
    """A theme with its subjects."""

    theme: Theme
    subjects: tuple[Theme, ...]


def all_themes(session: Session) -> list[Theme]:
    """Every theme and subject, in their order."""
    return list(session.exec(select(Theme).order_by(col(Theme.position))).all())


def theme_groups(session: Session) -> list[ThemeGroup]:
    """The themes with their subjects, in their order."""
    rows = all_themes(session)
    return [
        ThemeGroup(top, tuple(row for row in rows if row.parent_id == top.id))
        for top in rows
        if top.parent_id is None
    ]


def theme_names(session: Session) -> dict[str, str]:
    """The names of all themes and subjects by id."""
    return {theme.id: theme.name for theme in all_themes(session)}


def emergency_numbers(session: Session) -> list[EmergencyNumber]:
    """The numbers to ring in danger, the most urgent first."""
    query = select(EmergencyNumber).order_by(col(EmergencyNumber.position))
    return list(session.exec(query).all())


@dataclass(frozen=True)
class ThemeValues:
    """A theme or, with a parent, one of its subjects, as a file gives it."""

    id: str
    name: str
    parent_id: str | None = None
    is_danger: bool = False


def save_themes(session: Session, rows: Iterable[ThemeValues]) -> int:
    """Make the themes equal to these, in this order, parents first; returns how many there are.

    A theme that is not among them stays, since listings may carry it.
    """
    known = {theme.id: theme for theme in all_themes(session)}
    values = list(rows)
    for at, row in enumerate(values):
        theme = known.get(row.id) or Theme(id=row.id, name=row.name, position=at)
        theme.name, theme.parent_id = row.name, row.parent_id
        theme.is_danger, theme.position = row.is_danger, at
        session.add(theme)
    session.flush()
    return len(values)


@dataclass(frozen=True)
class EmergencyValues:
    """A number to ring in danger, as a file gives it."""

    id: str
    name: str
    number: str
    when_to_call: str
    hours: str
    cost: str
    source: str
    dated: str
    position: int


def save_emergency_numbers(session: Session, rows: Iterable[EmergencyValues]) -> int:
    """Make the numbers to ring in danger equal to these; returns how many there are."""
    numbers = [EmergencyNumber(**asdict(row)) for row in rows]
    session.exec(delete(EmergencyNumber))
    session.add_all(numbers)
    session.flush()
    return len(numbers)
