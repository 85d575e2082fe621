"""The database: engine, sessions and migrations; the only place that knows which one it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
import sqlalchemy as sa
from flask import Flask, current_app, g
from sqlmodel import Session

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MS = 15_000


def make_engine(url: str) -> sa.Engine:
    """Return an engine for `url`; errors never print parameters, since those may be personal."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True)
    path = sa.make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


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
    is_write = connection.get_execution_options().get("is_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def reading(engine: sa.Engine) -> Session:
    """A session that reads."""
    return Session(engine)


@contextmanager
def writing(engine: sa.Engine) -> Iterator[Session]:
    """A session that writes: commits at the end, or undoes everything when an error leaves it."""
    with Session(engine.execution_options(is_write=True)) as session, session.begin():
        yield session


def scrub(engine: sa.Engine) -> None:
    """Empty the write-ahead log, so that erased values are in no file any more."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the tables to `revision` (`base` empties the database)."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(is_write=True).begin() as connection:
        config.attributes["connection"] = connection
        step = alembic.command.downgrade if revision == "base" else alembic.command.upgrade
        step(config, revision)


def init_app(app: Flask, engine: sa.Engine) -> None:
    """Give `app` its engine, and each request a session of its own that reads."""
    app.extensions["engine"] = engine

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        session = g.pop("session", None)
        if session is not None:
            session.close()


def engine() -> sa.Engine:
    """The engine of the current app."""
    found: sa.Engine = current_app.extensions["engine"]
    return found


def session() -> Session:
    """The reading session of this request."""
    if "session" not in g:
        g.session = reading(engine())
    found: Session = g.session
    return found
