"""Importing providers.csv: dry unless told to save, all or nothing unless told to skip."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from importers.report import Problem, Report
from importers.rows.listings import COLUMNS, Entry, read_listings
from importers.rows.tables import read_table
from importers.run.addresses import Located, locate
from importers.run.checks import Known, checked
from importers.run.duplicates import likely_duplicates
from importers.run.missing import deal_with_missing
from importers.run.writer import Progress, Writer, without_collector
from socialmap import db
from socialmap.geo.geocoder import AddressFinder
from socialmap.geo.tree import area_tree
from socialmap.listings.addresses import keep_spots, known_spots
from socialmap.listings.edits import Author
from socialmap.listings.find import named_listings
from socialmap.listings.runs import begin_import, finish_import
from socialmap.models import ImportRun
from socialmap.models.terms import Door


@dataclass(frozen=True)
class Listings:
    """A file of listings that has been read, not yet checked against the directory."""

    path: Path
    entries: list[Entry]
    problems: list[Problem]
    broken: int
    notices: list[str]

    @property
    def keys(self) -> frozenset[str] | None:
        """The ids in the file; None when a line could not be read, so that some are not known."""
        if self.broken or not self.entries:
            return None
        return frozenset(entry.key for entry in self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def read_file(path: Path) -> Listings:
    """Read a file of listings; raises OSError when it can't be opened."""
    table = read_table(path, COLUMNS)
    return Listings(path, read_listings(table), table.problems, table.broken, table.notices)


def import_listings(
    engine: sa.Engine,
    file: Listings | Path,
    *,
    by: str,
    now: datetime,
    save: bool = False,
    skip_bad: bool = False,
    end_missing: bool = False,
    source: str | None = None,
    progress: Progress = lambda count: None,
    finder: AddressFinder | None = None,
) -> Report:
    """Import a file of listings and report what it did, or, unless `save`, what it would do.

    Addresses without coordinates are looked up by `finder`, or were before. What an earlier file
    of the same `source` held (unless given: of the same person and name) and this one does not,
    is named and, with `end_missing`, ended. Everything happens in one transaction, which is
    undone unless it is to be kept: so a dry run meets the refusals of the database as well.
    """
    file = read_file(file) if isinstance(file, Path) else file
    located = _located(engine, file, finder)
    report = Report(file.path.name, notices=[*file.notices, *located.notices])
    with without_collector(), db.writing(engine) as session:
        known = Known.of(session)
        good = checked(file.entries, known, skip_bad=skip_bad)
        report.notices += likely_duplicates(good, named_listings(session))
        run = begin_import(session, by=by, file_name=file.path.name, now=now, source=source)
        writer = Writer(session, known.tree, Author(by, Door.IMPORT, now, run.id), report)
        writer.write(good, known.listings, progress)
        keep_spots(session, located.spots, now.date())
        deal_with_missing(session, run, file.keys, writer, end=end_missing)
        _count(report, file)
        report.is_saved = save and (skip_bad or not report.problems) and bool(file.entries)
        _finish(session, run, report)
    if report.is_saved and writer.has_erased:
        db.scrub(engine)
    return report


def _finish(session: Session, run: ImportRun, report: Report) -> None:
    """Note what the import did, or undo all of it."""
    changed = report.changed + report.ended
    has_left_traces = finish_import(session, run, created=report.created, changed=changed)
    if not report.is_saved:
        session.rollback()
    elif has_left_traces:
        report.number = run.number


def _located(engine: sa.Engine, file: Listings, finder: AddressFinder | None) -> Located:
    with db.reading(engine) as session:
        tree = area_tree(session)
        known = known_spots(session, tree)
    return locate(file.entries, finder, tree, known)


def _count(report: Report, file: Listings) -> None:
    """Add what was wrong in the file to a report that holds what the database refused."""
    bad = [entry for entry in file.entries if entry.problems]
    report.wrong += len(bad) + file.broken
    report.problems += file.problems
    report.problems += [problem for entry in bad for problem in entry.problems]
    report.problems.sort()
