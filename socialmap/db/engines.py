"""Engines and sessions that promise the same on SQLite and on PostgreSQL.

A reading session sees one moment, writers come one at a time, and errors hold no values.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from socialmap.models.once import READ

BUSY_MS = 15_000
"""So long a writer waits for the one before it."""
WRITERS = 363_019_001
"""The advisory lock of PostgreSQL that writers hold in turn; any number that is ours alone."""


def make_engine(url: str) -> sa.Engine:
    """Return an engine for `url`; errors never print parameters, since those may be personal."""
    if not url.startswith("sqlite"):
        return _make_postgresql(url)
    path = file_of(sa.make_url(url))
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def file_of(url: sa.URL) -> Path | None:
    """The file of a SQLite database; None for one in memory or on a server."""
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(url.database or "") if is_file else None


def is_there(engine: sa.Engine) -> bool:
    """Is there a database at all? Connecting to SQLite would make an empty one."""
    path = file_of(engine.url)
    return path is None or path.exists()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN loses concurrent updates
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
        "secure_delete=ON",  # what is erased leaves no bytes behind
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_write(connection) else "BEGIN")


def _make_postgresql(url: str) -> sa.Engine:
    """An engine whose readers see one moment, as those of SQLite do."""
    engine = sa.create_engine(
        url, hide_parameters=True, pool_pre_ping=True, isolation_level="REPEATABLE READ"
    )
    sa.event.listen(engine, "begin", _begin_postgresql)
    sa.event.listen(engine, "handle_error", _hide_values)
    return engine


def _begin_postgresql(connection: sa.Connection) -> None:
    """Let a writer wait for the one before it, as BEGIN IMMEDIATE does on SQLite.

    The one door reads names, slugs and rows before it writes; two writers at once would choose
    the same slug or overwrite each other. The lock comes first and READ COMMITTED looks anew with
    every statement, so that a writer sees all that the one before it wrote. It also makes the
    numbers of the outbox follow the order of the commits, on which draining relies.
    """
    if _is_write(connection):
        connection.exec_driver_sql(
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
            f"SET LOCAL lock_timeout = {BUSY_MS};"
            f"SELECT pg_advisory_xact_lock({WRITERS})"
        )


def _hide_values(context: sa.ExceptionContext) -> None:
    """Keep the first line of an error of PostgreSQL: the lines after it hold the values."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _is_write(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("is_write", False))


def reading(engine: sa.Engine) -> Session:
    """A session that only reads, and so sees one moment."""
    return Session(engine, info={READ: {}})


@contextmanager
def writing(engine: sa.Engine) -> Iterator[Session]:
    """A session that writes: commits at the end, or undoes everything when an error leaves it.

    One writer at a time: the next waits at its beginning, 15 seconds at most.
    """
    with Session(engine.execution_options(is_write=True)) as session, session.begin():
        yield session


@contextmanager
def rehearsing(engine: sa.Engine) -> Iterator[Session]:
    """A session in which everything can be written and nothing stays."""
    with Session(engine.execution_options(is_write=True)) as session:
        try:
            yield session
        finally:
            session.rollback()


def scrub(engine: sa.Engine) -> None:
    """Empty the write-ahead log, so that erased values are in no file any more.

    PostgreSQL gives space free in its own time; docs/beheer.md says how to hasten that.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
