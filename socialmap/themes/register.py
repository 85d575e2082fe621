"""Themes: their two levels and their names."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from socialmap.models import Theme
from socialmap.models.once import once


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
    below: dict[str | None, list[Theme]] = {}
    for row in all_themes(session):
        below.setdefault(row.parent_id, []).append(row)
    return [ThemeGroup(top, tuple(below.get(top.id, ()))) for top in below.get(None, ())]


def find_theme(session: Session, id: str) -> ThemeGroup | None:
    """A theme with its subjects, or a subject without any; None when there is no such theme."""
    rows = all_themes(session)
    theme = next((row for row in rows if row.id == id), None)
    if theme is None:
        return None
    return ThemeGroup(theme, tuple(row for row in rows if row.parent_id == id))


def theme_names(session: Session) -> dict[str, str]:
    """The names of all themes and subjects by id, in their order."""
    return once(session, _names)


def _names(session: Session) -> dict[str, str]:
    rows = session.exec(select(Theme.id, Theme.name).order_by(col(Theme.position)))
    return dict(rows.all())


def danger_themes(session: Session) -> frozenset[str]:
    """The themes about safety, crisis or suicide, by id."""
    return frozenset(theme.id for theme in all_themes(session) if theme.is_danger)


def theme_parents(session: Session) -> dict[str, str]:
    """The theme above each subject, by id."""
    return once(session, _parents)


def _parents(session: Session) -> dict[str, str]:
    rows = session.exec(select(Theme.id, Theme.parent_id)).all()
    return {id: parent for id, parent in rows if parent}


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
