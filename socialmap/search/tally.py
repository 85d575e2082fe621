"""Tallies: what is counted in memory, and added to a table once a minute (R33).

What is counted is a named tuple of the key of its table: never anything of who asked, or when.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from threading import Lock
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from socialmap.models.currency import months_later
from socialmap.search.index.keeper import Rounds

MOST_KINDS = 10_000
"""So many kinds are remembered until the table takes them; a new kind is then dropped."""
FEWEST_TOLD = 5
"""Lower counts are not told, so that nobody is recognised."""
PAUSE_SECONDS = 60.0
KEPT_MONTHS = 24
"""So long a month is kept after its last day."""
INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Kind = TypeVar("Kind", bound=tuple[Any, ...])


def month_of(day: date) -> str:
    """`2026-11`."""
    return f"{day:%Y-%m}"


class Tally(Generic[Kind]):
    """Counts in memory, from any thread; nothing leaves it before the table holds it."""

    def __init__(self, table: type[SQLModel], kind: type[Kind]) -> None:
        """`kind` has the fields of the key of `table`, which has a `count` besides."""
        self._table, self._kind = table, kind
        self._waiting: Counter[Kind] = Counter()
        self._lock = Lock()
        self._flushing = Lock()

    def add(self, kinds: Iterable[Kind]) -> None:
        """Count these; never waits for the database."""
        with self._lock:
            for kind in kinds:
                if kind in self._waiting or len(self._waiting) < MOST_KINDS:
                    self._waiting[kind] += 1

    def flush(self, engine: sa.Engine) -> int:
        """Add what was counted to the table; returns how much. Loses nothing when it raises."""
        with self._flushing:
            with self._lock:
                taken = self._waiting.copy()
            if taken:
                self._write(engine, taken)
            with self._lock:
                self._waiting -= taken
        return taken.total()

    def _write(self, engine: sa.Engine, counts: Counter[Kind]) -> None:
        """Add these counts to those of the table, whoever else does the same."""
        with engine.execution_options(is_write=True).begin() as connection:
            kept = self.still_known(connection, counts)
            if kept:
                fields = self._kind._fields  # type: ignore[attr-defined]
                rows = [
                    {**dict(zip(fields, kind, strict=True)), "count": counts[kind]}
                    for kind in sorted(kept)
                ]
                connection.execute(_adding(self._table, fields, engine.dialect.name), rows)

    def still_known(self, connection: sa.Connection, kinds: Iterable[Kind]) -> list[Kind]:
        """The kinds that the table can hold; the others are forgotten."""
        return list(kinds)


def _adding(table: type[SQLModel], fields: tuple[str, ...], dialect: str) -> Any:
    """The statement that adds a row, or its count to the row that is there."""
    added = INSERTS[dialect](table)
    count = table.__table__.c.count  # type: ignore[attr-defined]
    total = {"count": count + added.excluded.count}
    return added.on_conflict_do_update(index_elements=fields, set_=total)


class TallyKeeper(Rounds):
    """Brings the tallies of one process to their tables; the last counts when it is stopped."""

    def __init__(
        self, engine: sa.Engine, *tallies: Tally[Any], pause_seconds: float = PAUSE_SECONDS
    ) -> None:
        super().__init__("tally-keeper", self.flush, pause_seconds)
        self._engine, self._tallies = engine, tallies

    def flush(self) -> None:
        """Bring all; where one fails the others are brought before it is told."""
        failed: list[Exception] = []
        for tally in self._tallies:
            try:
                tally.flush(self._engine)
            except Exception as error:  # told below
                failed.append(error)
        if failed:
            raise failed[0]

    def stop(self) -> None:
        super().stop()
        self.go_round()


def forget_before(session: Session, table: type[SQLModel], today: date) -> int:
    """Erase the counts of months that ended 24 months ago; returns how many."""
    first = month_of(months_later(today, -KEPT_MONTHS))
    gone = sa.delete(table).where(table.__table__.c.month < first)  # type: ignore[attr-defined]
    found = session.execute(gone, execution_options={"synchronize_session": False})
    return int(found.rowcount)  # type: ignore[attr-defined]
