"""Asks: on what people choose while they search, counted by month and theme (R23, R33).

It tells a provider what an empty field costs. Nothing that was typed is kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, select

from socialmap.models import FieldAsk
from socialmap.models.terms import AskedField
from socialmap.search.answer.found import Found
from socialmap.search.answer.misses import MOST_THEMES
from socialmap.search.question.query import Query
from socialmap.search.tally import FEWEST_TOLD, Tally, forget_before, month_of

PARAMS = {
    AskedField.COST: ("kosten",),
    AskedField.LANGUAGE: ("taal",),
    AskedField.DAY: ("dag", "dagdeel"),
    AskedField.PLACE: ("waar",),
    AskedField.ROOM: ("beschikbaar",),
    AskedField.ROUTE: ("route",),
    AskedField.AUDIENCE: ("doelgroep",),
    AskedField.FORM: ("vorm",),
}
"""The parameters of a search that choose on a field; age and place are also asked otherwise."""


class Ask(NamedTuple):
    """All that is kept of a question; the fields are the key of `FieldAsk`."""

    month: str
    theme_id: str
    field: AskedField


class AskCounter(Tally[Ask]):
    """Counts asks in memory, from any thread."""

    def __init__(self) -> None:
        super().__init__(FieldAsk, Ask)


def asks_of(query: Query, found: Found, today: date) -> list[Ask]:
    """On which fields a question chose, for each of its themes, at most two; a further page is no
    new question."""
    if query.page > 1:
        return []
    month, themes = month_of(today), found.themes[:MOST_THEMES] or ("",)
    return [Ask(month, theme, field) for theme in themes for field in fields_of(query)]


def fields_of(query: Query) -> Iterator[AskedField]:
    """The fields on which a question chooses, by a filter or by a word that became one."""
    if query.ages:
        yield AskedField.AGE
    for field, params in PARAMS.items():
        is_near = field == AskedField.PLACE and (query.near or query.near_choices or query.areas)
        if is_near or any(name in query.chosen for name in params):
            yield field


# Reading


@dataclass(frozen=True)
class ThemeAsk:
    """How often one field was chosen on for one theme; `count` is None where too low to tell."""

    theme_id: str
    count: int | None


def most_asked(
    session: Session, theme_ids: Iterable[str], month: str
) -> dict[AskedField, ThemeAsk]:
    """For each field the theme, of these, for which it was most chosen on in a month. Counts of
    themes are never added up: one question may be about two."""
    wanted = select(FieldAsk).where(
        FieldAsk.month == month, col(FieldAsk.theme_id).in_(list(theme_ids))
    )
    rows = session.exec(wanted.order_by(col(FieldAsk.count), col(FieldAsk.theme_id))).all()
    return {row.field: ThemeAsk(row.theme_id, told(row.count)) for row in rows}


def told(count: int) -> int | None:
    """A count, or None where it is too low to be told."""
    return count if count >= FEWEST_TOLD else None


def forget_old(session: Session, today: date) -> int:
    """Erase the counts of months that ended 24 months ago; returns how many."""
    return forget_before(session, FieldAsk, today)
