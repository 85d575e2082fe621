"""SQLite FTS5, with plain tables for filters."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.peers import LIGHT, TOP, Counts, Wanted
from bench.peers.documents import Document
from bench.peers.words import words_of

SCHEMA = """
CREATE VIRTUAL TABLE texts
    USING fts5(name, topic, body, tokenize='unicode61 remove_diacritics 2');
INSERT INTO texts(texts, rank) VALUES ('rank', 'bm25(3.0, 2.0, 1.0)');
CREATE TABLE docs (
    id INTEGER PRIMARY KEY, lat REAL, lon REAL, min_months INTEGER, max_months INTEGER);
CREATE TABLE facets (doc INTEGER, name TEXT, value TEXT);
"""
INDEXES = """
INSERT INTO texts(texts) VALUES ('optimize');
CREATE INDEX facets_by_value ON facets (name, value, doc);
CREATE INDEX facets_by_doc ON facets (doc, name, value);
ANALYZE;
"""
NEAREST = "(d.lat - :lat) * (d.lat - :lat) + (d.lon - :lon) * (d.lon - :lon) * 0.3727"
"""Squared degrees with longitude shortened for 52° north: good enough to order by."""
MATCHED = "FROM texts JOIN docs d ON d.id = texts.rowid WHERE texts MATCH :text"


class SQLite:
    """The listings in FTS5. It has no Dutch stemmer: with `prefixes` a word finds what begins so,
    which is better (and slower)."""

    name = "SQLite FTS5"

    def __init__(self, path: Path, listings: Iterable[Document], *, prefixes: bool = False) -> None:
        self.name = "SQLite FTS5, prefixes" if prefixes else "SQLite FTS5"
        self._star = "*" if prefixes else ""
        self._keys: list[str] = []
        self._db = sqlite3.connect(path)
        self._db.executescript(SCHEMA)
        with self._db:
            for number, listing in enumerate(listings):
                self._add(number, listing)
        self._db.executescript(INDEXES)

    def _add(self, number: int, listing: Document) -> None:
        self._keys.append(listing.key)
        texts = (number, listing.name, listing.topic, listing.body)
        self._db.execute("INSERT INTO texts (rowid, name, topic, body) VALUES (?, ?, ?, ?)", texts)
        row = (number, listing.lat, listing.lon, listing.min_months, listing.max_months)
        self._db.execute("INSERT INTO docs VALUES (?, ?, ?, ?, ?)", row)
        self._db.executemany(
            "INSERT INTO facets VALUES (?, ?, ?)",
            [(number, name, value) for name, found in listing.facets.items() for value in found],
        )

    def close(self) -> None:
        self._db.close()

    def text(self, text: str) -> list[str]:
        query = f"SELECT rowid FROM texts WHERE texts MATCH :text ORDER BY rank LIMIT {TOP}"
        return self._found(query, {"text": self._any_word(text)})

    def filtered(self, text: str) -> list[str]:
        where, given = self._where(Wanted(text, LIGHT))
        return self._found(f"SELECT d.id {where} ORDER BY rank LIMIT {TOP}", given)

    def counted(self, text: str) -> tuple[list[str], Counts]:
        given = {"text": self._any_word(text)}
        return self.text(text), self._counts(
            "SELECT rowid FROM texts WHERE texts MATCH :text", given
        )

    def nearest(self, text: str, lat: float, lon: float) -> list[str]:
        given = {"text": self._any_word(text), "lat": lat, "lon": lon}
        return self._found(f"SELECT d.id {MATCHED} ORDER BY {NEAREST} LIMIT {TOP}", given)

    def browsed(self) -> Counts:
        return _by_name(self._db.execute("SELECT name, value, count(*) FROM facets GROUP BY 1, 2"))

    def understood(self, wanted: Wanted) -> tuple[list[str], Counts]:
        where, given = self._where(wanted)
        found = self._found(f"SELECT d.id {where} ORDER BY rank LIMIT {TOP}", given)
        return found, self._counts(f"SELECT d.id {where}", given)

    def _where(self, wanted: Wanted) -> tuple[str, dict[str, Any]]:
        """The tables and conditions of a question, and its parameters."""
        given: dict[str, Any] = {"text": self._any_word(wanted.text)}
        parts = [MATCHED]
        for name, values in wanted.facets.items():
            one_of = f"SELECT 1 FROM facets WHERE doc = d.id AND {_any_of(name, values)}"
            parts.append(f"AND EXISTS ({one_of})")
            given |= _given(name, values)
        if wanted.months:
            parts.append("AND d.min_months <= :oldest AND d.max_months >= :youngest")
            given["youngest"], given["oldest"] = wanted.months
        return " ".join(parts), given

    def _found(self, query: str, given: Mapping[str, Any]) -> list[str]:
        return [self._keys[number] for (number,) in self._db.execute(query, given)]

    def _counts(self, docs: str, given: Mapping[str, Any]) -> Counts:
        query = f"SELECT name, value, count(*) FROM facets WHERE doc IN ({docs}) GROUP BY 1, 2"
        return _by_name(self._db.execute(query, given))

    def _any_word(self, text: str) -> str:
        return " OR ".join(f'"{word}"{self._star}' for word in words_of(text)) or '""'


def _any_of(name: str, values: Collection[str]) -> str:
    """A condition on the facet table."""
    holders = ", ".join(f":{name}{at}" for at in range(len(values)))
    return f"name = '{name}' AND value IN ({holders})"


def _given(name: str, values: Collection[str]) -> dict[str, str]:
    return {f"{name}{at}": value for at, value in enumerate(values)}


def _by_name(rows: Iterable[tuple[str, str, int]]) -> Counts:
    found: Counts = {}
    for name, value, count in rows:
        found.setdefault(name, {})[value] = count
    return found
