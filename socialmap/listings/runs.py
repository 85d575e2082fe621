"""Import runs: what was imported when, by whom, from which file, and whose list that file is."""

import re
from datetime import datetime
from pathlib import PurePath

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.models import Change, ImportedRecord, ImportRun

COPY_MARK = re.compile(r"( ?\(\d+\)|[ -]+(kopie|copy))+$")
"""What programs add to the name of a file that is already there."""


def source_of(by: str, file_name: str) -> str:
    """Whose list a file is, unless its owner says otherwise: who imports it, and its name.

    `Fenna` and `Aanbod Noord (2).xlsx` -> `fenna: aanbod noord`.
    """
    return f"{by}: {COPY_MARK.sub('', PurePath(file_name).stem.casefold())}".casefold()


def begin_import(
    session: Session, *, by: str, file_name: str, now: datetime, source: str | None = None
) -> ImportRun:
    """Note that an import begins, so that its changes can refer to it."""
    last = session.exec(select(sa.func.max(ImportRun.number))).one() or 0
    source = source.strip().casefold() if source else source_of(by, file_name)
    run = ImportRun(number=last + 1, by=by, file_name=file_name, source=source, at=now)
    session.add(run)
    session.flush()
    return run


def finish_import(session: Session, run: ImportRun, *, created: int, changed: int) -> bool:
    """Note what an import did; one that left no trace is forgotten. Returns whether it left one."""
    session.flush()
    changes = select(Change.id).where(col(Change.import_run_id) == run.id)
    records = select(ImportedRecord.record_id).where(ImportedRecord.import_run_id == run.id)
    has_left_traces = bool(session.exec(changes).first() or session.exec(records).first())
    if has_left_traces:
        run.created, run.changed = created, changed
    else:
        session.delete(run)
    session.flush()
    return has_left_traces


def import_runs(session: Session) -> list[ImportRun]:
    """All imports, the newest first."""
    return list(session.exec(select(ImportRun).order_by(col(ImportRun.number).desc())).all())


def find_import(session: Session, number: int) -> ImportRun | None:
    """The import with this number, or None."""
    return session.exec(select(ImportRun).where(ImportRun.number == number)).one_or_none()
