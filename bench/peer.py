"""The peer: SQLite FTS5 with plain tables for filters, asked the same questions."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from socialmap.listings.values import ListingValues
from socialmap.models.slugs import folded

SCHEMA = """
CREATE VIRTUAL TABLE texts USING fts5(name, body, tokenize='unicode61 remove_diacritics 2');
CREATE TABLE docs (id INTEGER PRIMARY KEY, level TEXT, lat REAL, lon REAL);
CREATE TABLE facets (doc INTEGER, name TEXT, value TEXT);
"""
INDEXES = """
CREATE INDEX facets_by_value ON facets (name, value, doc);
CREATE INDEX facets_by_doc ON facets (doc, name, value);
ANALYZE;
"""
NEAREST = "(d.lat - :lat) * (d.lat - :lat) + (d.lon - :lon) * (d.lon - :lon) * 0.3727"
"""Squared degrees with longitude shortened for 52° north: good enough to order by."""


class Peer:
    """The same listings in FTS5."""

    def __init__(self, path: Path, listings: Iterable[ListingValues]) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript(SCHEMA)
        with self._db:
            for number, listing in enumerate(listings, 1):
                self._add(number, listing)
        self._db.executescript(INDEXES)

    def _add(self, number: int, values: ListingValues) -> None:
        place = values.places[0]
        texts = (number, values.title, f"{values.summary} {values.description}")
        self._db.execute("INSERT INTO texts (rowid, name, body) VALUES (?, ?, ?)", texts)
        row = (number, str(values.level), place.lat or 52.37, place.lon or 4.9)
        self._db.execute("INSERT INTO docs VALUES (?, ?, ?, ?)", row)
        facets = {
            "level": [values.level],
            "form": values.forms,
            "theme": values.themes,
            "language": values.languages,
            "route": values.routes,
            "setting": values.settings,
            "area": values.coverage,
        }
        self._db.executemany(
            "INSERT INTO facets VALUES (?, ?, ?)",
            [(number, name, str(value)) for name, found in facets.items() for value in found],
        )

    def text(self, text: str) -> list[tuple[object, ...]]:
        """The best twenty for any of the words."""
        query = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, 3, 1) LIMIT 20"
        return self._db.execute(query, [_any_word(text)]).fetchall()

    def filtered(self, text: str) -> list[tuple[object, ...]]:
        """The best twenty of the two lightest levels."""
        query = (
            "SELECT t.rowid FROM texts t JOIN docs d ON d.id = t.rowid WHERE texts MATCH ? "
            "AND d.level IN ('open', 'okt') ORDER BY bm25(texts, 3, 1) LIMIT 20"
        )
        return self._db.execute(query, [_any_word(text)]).fetchall()

    def counted(self, text: str) -> list[tuple[object, ...]]:
        """The best twenty, and how many of each value."""
        counts = (
            "SELECT name, value, count(*) FROM facets WHERE doc IN "
            "(SELECT rowid FROM texts WHERE texts MATCH ?) GROUP BY name, value"
        )
        return self.text(text) + self._db.execute(counts, [_any_word(text)]).fetchall()

    def nearest(self, text: str, lat: float, lon: float) -> list[tuple[object, ...]]:
        """The nearest twenty that hold any of the words."""
        query = (
            "SELECT d.id FROM texts t JOIN docs d ON d.id = t.rowid WHERE texts MATCH :text "
            f"ORDER BY {NEAREST} LIMIT 20"
        )
        given = {"text": _any_word(text), "lat": lat, "lon": lon}
        return self._db.execute(query, given).fetchall()

    def browsed(self) -> list[tuple[object, ...]]:
        """Everything, with how many of each value."""
        counts = "SELECT name, value, count(*) FROM facets GROUP BY name, value"
        return self._db.execute(counts).fetchall()


def _any_word(text: str) -> str:
    return " OR ".join(f'"{word}"' for word in folded(text).split())
