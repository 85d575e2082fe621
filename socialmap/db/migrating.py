"""Migrations: bringing the tables to the shape that the code knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import alembic.command
import alembic.config
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent.parent / "migrations"
BASE = "base"


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the tables to `revision`, up or down (`base` empties the database); all or nothing.

    Raises IntegrityError, and changes nothing, when rows would come to name what is not there.
    """
    config = _config()
    step = alembic.command.downgrade if _is_older(engine, revision) else alembic.command.upgrade
    with (
        engine.execution_options(is_write=True).connect() as connection,
        foreign_keys_at_the_end(connection),
    ):
        config.attributes["connection"] = connection
        step(config, revision)


@contextmanager
def foreign_keys_at_the_end(connection: sa.Connection) -> Iterator[None]:
    """A transaction in which SQLite looks at foreign keys only at the end.

    Changing a table of SQLite means making it again under its name; with foreign keys on, dropping
    the old one would be refused, or would take along every row that depends on it.
    """
    if connection.dialect.name != "sqlite":
        with connection.begin():
            yield
        return
    _pragma(connection, "foreign_keys=OFF")
    try:
        with connection.begin():
            before = _loose_rows(connection)
            yield
            for table, _row, parent, _key in _loose_rows(connection) - before:
                reason = ValueError(f"a row of {table} would name what is not in {parent}")
                raise sa.exc.IntegrityError("migration", None, reason)
    finally:
        _pragma(connection, "foreign_keys=ON")


def _loose_rows(connection: sa.Connection) -> set[tuple[str, int, str, int]]:
    """Rows that name what is not there; those there were before a migration are not its fault."""
    found = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return {(table, row, parent, key) for table, row, parent, key in found}


def _pragma(connection: sa.Connection, setting: str) -> None:
    """Change a setting of the connection itself, which a transaction would ignore."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA {setting}")


def _is_older(engine: sa.Engine, revision: str) -> bool:
    """Does this revision come before that of the tables?"""
    current, known = revision_of(engine), known_revisions()
    if revision == BASE:
        return True
    return current in known and revision in known[known.index(current) + 1 :]


def revision_of(engine: sa.Engine) -> str | None:
    """The revision of the tables; None where there are no tables yet."""
    with engine.connect() as connection:
        found: str | None = MigrationContext.configure(connection).get_current_revision()
        return found


def known_revisions() -> list[str]:
    """Every revision that this code knows, the newest first."""
    return [step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> alembic.config.Config:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
