"""What is wrong inside a database of SQLite: pages, rules, and rows that name what is not there.

PostgreSQL lets no such row in; SQLite does as soon as another program writes without foreign keys.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from socialmap.db.engines import file_of

MOST = 100


def faults(engine: sa.Engine) -> list[str]:
    """A line in Dutch for each fault; none for PostgreSQL, which looks after itself."""
    path = file_of(engine.url)
    return faults_of(path) if path else []


def faults_of(path: Path) -> list[str]:
    """A line in Dutch for each fault in a database file."""
    return _told(path, _broken) or _told(path, _loose)


def broken_of(path: Path) -> list[str]:
    """The same, but rows that name what is not there are no fault: those can be mended later."""
    return _told(path, _broken)


def _told(path: Path, look: Callable[[sqlite3.Connection], Iterator[str]]) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        try:
            return list(look(connection))
        except sqlite3.DatabaseError as error:
            return [f"de database is niet te lezen: {error}"]


def _broken(connection: sqlite3.Connection) -> Iterator[str]:
    """Pages that are damaged, and rows that break a rule."""
    for (told,) in connection.execute(f"PRAGMA integrity_check({MOST})"):
        if told != "ok":
            yield f"de database is niet heel: {told}"


def _loose(connection: sqlite3.Connection) -> Iterator[str]:
    """Rows with a code or key to which nothing answers."""
    for table, row, parent, number in connection.execute("PRAGMA foreign_key_check"):
        keys = connection.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
        columns = ", ".join(key[3] for key in keys if key[0] == number)
        yield f"tabel {table}, rij {row}: onbekende {columns}; dit staat niet in {parent}"
