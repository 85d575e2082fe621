"""PostgreSQL: a Dutch tsvector with weights and arrays of codes, both under GIN."""

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
import sqlalchemy as sa

from bench.peers import LIGHT, TOP, Counts, Wanted
from bench.peers.documents import Document
from bench.peers.words import words_of

SCHEMA = """
CREATE EXTENSION unaccent;
CREATE TEXT SEARCH CONFIGURATION plain_dutch (COPY = dutch);
ALTER TEXT SEARCH CONFIGURATION plain_dutch
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, dutch_stem;
CREATE TABLE docs (
    id integer PRIMARY KEY, lat float8, lon float8, min_months integer, max_months integer,
    codes text[], texts tsvector);
"""
ADD = """
INSERT INTO docs VALUES (%s, %s, %s, %s, %s, %s,
    setweight(to_tsvector('plain_dutch', %s), 'A') ||
    setweight(to_tsvector('plain_dutch', %s), 'B') ||
    setweight(to_tsvector('plain_dutch', %s), 'D'))
"""
INDEXES = (
    "CREATE INDEX docs_texts ON docs USING gin (texts)",
    "CREATE INDEX docs_codes ON docs USING gin (codes)",
    "VACUUM ANALYZE docs",
)
ASKED = "to_tsquery('plain_dutch', %(text)s)"
RANK = f"ts_rank('{{0.7, 0.7, 0.8, 1.0}}', texts, {ASKED})"
"""Weights of D, C, B and A: the best of six tried on the tuned questions, better than its own,
than a correction for length and than `ts_rank_cd`."""
NEAREST = "(lat - %(lat)s) ^ 2 + (lon - %(lon)s) ^ 2 * 0.3727"


class PostgreSQL:
    """The listings in a database of PostgreSQL, reached over a socket."""

    name = "PostgreSQL"

    def __init__(self, address: str, listings: Iterable[Document]) -> None:
        url = sa.make_url(address).set(drivername="postgresql")
        self._db = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
        self._db.execute("SET jit = off")  # it costs more than such short questions take
        self._db.execute(SCHEMA)
        self._keys: list[str] = []
        with self._db.cursor() as cursor, self._db.transaction():
            cursor.executemany(ADD, self._rows(listings))
        for statement in INDEXES:
            self._db.execute(statement)

    def close(self) -> None:
        self._db.close()

    def _rows(self, listings: Iterable[Document]) -> Iterator[tuple[object, ...]]:
        for number, one in enumerate(listings):
            self._keys.append(one.key)
            codes = [f"{name}:{value}" for name, found in one.facets.items() for value in found]
            ages = (one.min_months, one.max_months)
            yield number, one.lat, one.lon, *ages, codes, one.name, one.topic, one.body

    def text(self, text: str) -> list[str]:
        return self._best(*_where(Wanted(text)))

    def filtered(self, text: str) -> list[str]:
        return self._best(*_where(Wanted(text, LIGHT)))

    def counted(self, text: str) -> tuple[list[str], Counts]:
        return self.understood(Wanted(text))

    def nearest(self, text: str, lat: float, lon: float) -> list[str]:
        where, given = _where(Wanted(text))
        return self._found(where, given | {"lat": lat, "lon": lon}, NEAREST)

    def browsed(self) -> Counts:
        return self._counts("true", {})

    def understood(self, wanted: Wanted) -> tuple[list[str], Counts]:
        where, given = _where(wanted)
        return self._best(where, given), self._counts(where, given)

    def _best(self, where: str, given: dict[str, Any]) -> list[str]:
        return self._found(where, given, f"{RANK} DESC")

    def _found(self, where: str, given: dict[str, Any], order: str) -> list[str]:
        query = f"SELECT id FROM docs WHERE {where} ORDER BY {order}, id LIMIT {TOP}"
        return [self._keys[number] for (number,) in self._db.execute(query, given)]

    def _counts(self, where: str, given: dict[str, Any]) -> Counts:
        query = f"SELECT code, count(*) FROM docs, unnest(codes) AS code WHERE {where} GROUP BY 1"
        found: Counts = {}
        for code, count in self._db.execute(query, given):
            name, _, value = code.partition(":")
            found.setdefault(name, {})[value] = count
        return found


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The conditions of a question, and its parameters."""
    given: dict[str, Any] = {"text": " | ".join(words_of(wanted.text))}
    parts = [f"texts @@ {ASKED}"]
    for name, values in wanted.facets.items():
        parts.append(f"codes && %({name})s")
        given[name] = [f"{name}:{value}" for value in values]
    if wanted.months:
        parts.append("min_months <= %(oldest)s AND max_months >= %(youngest)s")
        given["youngest"], given["oldest"] = wanted.months
    return " AND ".join(parts), given
