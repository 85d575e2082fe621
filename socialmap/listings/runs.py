"""Import runs: what was imported when, by whom and from which file."""

from datetime import datetime

from sqlmodel import Session, col, select

from socialmap.models import Change, ImportedRecord, ImportRun


def begin_import(session: Session, *, by: str, file_name: str, now: datetime) -> ImportRun:
    """Note that an import begins, so that its changes can refer to it."""
    run = ImportRun(by=by, file_name=file_name, at=now)
    session.add(run)
    session.flush()
    return run


def finish_import(session: Session, run: ImportRun, *, created: int, changed: int) -> None:
    """Note what an import did; one that left no trace is forgotten."""
    session.flush()
    changes = select(Change.id).where(col(Change.import_run_id) == run.id)
    records = select(ImportedRecord.record_id).where(ImportedRecord.import_run_id == run.id)
    if session.exec(changes).first() is None and session.exec(records).first() is None:
        session.delete(run)
    else:
        run.created, run.changed = created, changed
    session.flush()
