"""Undoing an import and listing what was imported; what happened is told in Dutch."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from importers.run.writer import COLUMN_OF
from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.labels import short_day
from socialmap.listings.edits import Author
from socialmap.listings.runs import find_import, import_runs
from socialmap.listings.undo import Kept, Undone, WhyKept, undo_import
from socialmap.models import ImportRun
from socialmap.models.terms import Door

WHY = {
    WhyKept.CHANGED_SINCE: "is daarna gewijzigd",
    WhyKept.NAMED_SINCE: "staat ook in een ander bestand dat is ingelezen",
    WhyKept.ERASED: "het adres van voor de import is gewist en komt niet terug",
    WhyKept.GONE: "wat er voor de import stond, is er niet meer",
    WhyKept.POINTED_TO: "is een alternatief voor ander aanbod: ingetrokken, niet verwijderd",
}
OF_PROVIDERS = {"is_informal": "aanbieder_informeel", "website": "aanbieder_site"}


class UndoError(ValueError):
    """There is no such import, or it was undone before; the message is Dutch."""


@dataclass
class Undoing:
    """What undoing an import did, saved or not, line by line."""

    summary: str
    lines: list[str] = field(default_factory=list)


def undo(engine: sa.Engine, number: int, *, by: str, now: datetime, save: bool = False) -> Undoing:
    """Undo the import with this number, or, unless `save`, say what that would do.

    Raises UndoError.
    """
    with db.writing(engine) as session:
        run = find_import(session, number)
        if run is None:
            raise UndoError(f"er is geen import {number}; `flask import runs` toont ze")
        if run.undone_at:
            day = short_day(run.undone_at.date())
            raise UndoError(f"import {number} is op {day} al ongedaan gemaakt")
        done = undo_import(session, area_tree(session), run, Author(by, Door.COMMAND, now, run.id))
        told = Undoing(_summary(run, done, save=save), list(_lines(done)))
        if not save:
            session.rollback()
    if save and done.has_erased:
        db.scrub(engine)
    return told


def _summary(run: ImportRun, done: Undone, *, save: bool) -> str:
    withdrawn = f"{len(done.withdrawn)} ingetrokken, " if done.withdrawn else ""
    return (
        f"import {run.number} ({run.file_name}): {len(done.removed)} verwijderd, {withdrawn}"
        f"{len(done.restored)} teruggezet, {len(done.kept)} gebleven. "
        f"{'Ongedaan gemaakt.' if save else 'Er is niets bewaard.'}"
    )


def _lines(done: Undone) -> Iterator[str]:
    yield from (f"{key}: verwijderd" for key in done.removed)
    yield from (f"{name}: {_columns(fields)} teruggezet" for name, fields in done.restored.items())
    yield from map(_kept, done.kept)


def _kept(kept: Kept) -> str:
    what = f"{_columns(kept.fields)} blijft zo" if kept.fields else "blijft"
    told = f"{kept.name}: {what}; {WHY[kept.why]}"
    if kept.later:
        told += f", door {kept.later.by} op {short_day(kept.later.at.date())}"
    return told


def _columns(fields: frozenset[str]) -> str:
    names = {OF_PROVIDERS.get(name) or COLUMN_OF.get(name, name) for name in fields}
    return ", ".join(sorted(names))


def told_imports(engine: sa.Engine) -> list[str]:
    """A line for each import, the newest first."""
    with db.reading(engine) as session:
        return [_told(run) for run in import_runs(session)]


def _told(run: ImportRun) -> str:
    told = (
        f"{run.number}  {short_day(run.at.date())}  {run.file_name}  door {run.by}  "
        f'bron "{run.source}"  {run.created} nieuw, {run.changed} gewijzigd'
    )
    if run.undone_at:
        told += f"  ongedaan gemaakt op {short_day(run.undone_at.date())} door {run.undone_by}"
    return told
