"""tantivy with its Dutch stemmer: columns for filters and counts, a growing box for distance."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from tantivy import FieldType, Filter, Occur, Query

from bench.peers import LIGHT, TOP, Counts, Wanted
from bench.peers.documents import COLUMNS, Document
from bench.peers.words import words_of

TEXTS = {"name": 1.0, "topic": 1.0, "body": 2.0}
"""Field -> weight: the best of nine tried on the tuned questions; it adds a score per field."""
COUNTED = {name: {"terms": {"field": name, "size": 1000}} for name in COLUMNS}
BOXES = (0.01, 0.03, 0.1, 1.0)
"""Half the height in degrees of the boxes in which to look for the nearest; the last holds all."""
MOST = 1_000_000


def _analyzer() -> Any:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        Filter.lowercase(),
        Filter.ascii_fold(),
        Filter.stopword("dutch"),
        Filter.stemmer("dutch"),
    ):
        builder = builder.filter(step)
    return builder.build()


def _schema() -> Any:
    builder = tantivy.SchemaBuilder().add_unsigned_field("number", fast=True)
    for name in TEXTS:
        builder.add_text_field(name, tokenizer_name="dutch", index_option="freq")
    for name in COLUMNS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("lat", "lon"):
        builder.add_float_field(name, fast=True, indexed=True)
    for name in ("min_months", "max_months"):
        builder.add_integer_field(name, fast=True, indexed=True)
    return builder.build()


class Tantivy:
    """The listings in tantivy, in one segment where it merges them."""

    name = "tantivy"

    def __init__(self, folder: Path, listings: Iterable[Document]) -> None:
        folder.mkdir()
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, str(folder))
        self._index.register_tokenizer("dutch", _analyzer())
        self._keys: list[str] = []
        writer = self._index.writer(num_threads=1)
        for number, listing in enumerate(listings):
            self._add(writer, number, listing)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _add(self, writer: Any, number: int, listing: Document) -> None:
        self._keys.append(listing.key)
        values = {name: getattr(listing, name) for name in (*TEXTS, "lat", "lon")}
        months = {"min_months": listing.min_months, "max_months": listing.max_months}
        given = {"number": number, **values, **months, **listing.facets}
        writer.add_document(tantivy.Document.from_dict(given, self._schema))

    def close(self) -> None:
        del self._searcher, self._index

    def text(self, text: str) -> list[str]:
        return self._best(self._any_word(text))

    def filtered(self, text: str) -> list[str]:
        return self._best(self._query(Wanted(text, LIGHT)))

    def counted(self, text: str) -> tuple[list[str], Counts]:
        return self.understood(Wanted(text))

    def nearest(self, text: str, lat: float, lon: float) -> list[str]:
        """It can't order by a distance: the nearest are sought in a box that grows."""
        words = self._any_word(text)
        for half in BOXES:
            box = [self._between("lat", lat - half, lat + half)]
            box.append(self._between("lon", lon - half / 0.61, lon + half / 0.61))
            docs = self._docs(_all_of(words, *box), MOST)
            if len(docs) >= TOP or half == BOXES[-1]:
                return self._keys_of(self._by_distance(docs, lat, lon))
        return []

    def _by_distance(self, docs: list[Any], lat: float, lon: float) -> list[Any]:
        if not docs:
            return []
        lats = np.array(self._searcher.fast_field_values("lat", docs))
        lons = np.array(self._searcher.fast_field_values("lon", docs))
        order = np.argsort((lats - lat) ** 2 + (lons - lon) ** 2 * 0.3727)
        return [docs[at] for at in order[:TOP]]

    def browsed(self) -> Counts:
        return self._counts(Query.all_query())

    def understood(self, wanted: Wanted) -> tuple[list[str], Counts]:
        query = self._query(wanted)
        return self._best(query), self._counts(query)

    def _query(self, wanted: Wanted) -> Any:
        filters = [
            Query.term_set_query(self._schema, name, list(values))
            for name, values in wanted.facets.items()
        ]
        if wanted.months:
            youngest, oldest = wanted.months
            filters.append(self._between("min_months", None, oldest))
            filters.append(self._between("max_months", youngest, None))
        return _all_of(self._any_word(wanted.text), *filters)

    def _between(self, name: str, low: float | None, high: float | None) -> Any:
        kind = FieldType.Integer if name.endswith("months") else FieldType.Float
        return Query.range_query(self._schema, name, kind, low, high)

    def _any_word(self, text: str) -> Any:
        words = " ".join(words_of(text))
        return self._index.parse_query(words, list(TEXTS), TEXTS)

    def _best(self, query: Any) -> list[str]:
        return self._keys_of(self._docs(query, TOP))

    def _docs(self, query: Any, most: int) -> list[Any]:
        return [at for _, at in self._searcher.search(query, most, count=False).hits]

    def _keys_of(self, docs: list[Any]) -> list[str]:
        if not docs:
            return []
        return [self._keys[number] for number in self._searcher.fast_field_values("number", docs)]

    def _counts(self, query: Any) -> Counts:
        found = self._searcher.aggregate(query, COUNTED)
        return {
            name: {bucket["key"]: int(bucket["doc_count"]) for bucket in one["buckets"]}
            for name, one in found.items()
        }


def _all_of(words: Any, *filters: Any) -> Any:
    """A text with filters that do not count in the score."""
    if not filters:
        return words
    silent = [(Occur.Must, Query.const_score_query(one, 0.0)) for one in filters]
    return Query.boolean_query([(Occur.Must, words), *silent])
