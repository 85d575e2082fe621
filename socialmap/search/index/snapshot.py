"""The index in memory: immutable arrays per segment, joined into a snapshot per generation."""

import weakref
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from whoosh.matching import FilterMatcher

from socialmap.search.index.schema import (
    CODE_COLUMNS,
    NUMBER_COLUMNS,
    SEPARATOR,
    SURFACE,
    TEXT_FIELDS,
    Closure,
    PlacePoint,
)

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Kept = TypeVar("Kept")
Stamp = tuple[str, int]
"""The edition of the index and its generation: it is the same as long as both are."""
KEPT_TERMS = 20_000
Pairs = tuple[list[str], Ints, Ints]
"""Values, and side by side which combination has which value, by their numbers."""


@dataclass(frozen=True)
class Postings:
    """Documents (by number) that hold a term, and how often or how much."""

    docs: Ints
    counts: NDArray[np.floating[Any]]


class Codes:
    """One column of codes: per document the number of its combination, and the combinations."""

    def __init__(self, numbers: Ints, combinations: Sequence[frozenset[str]]) -> None:
        self.numbers = numbers
        self.combinations = combinations
        self._pairs: dict[Hashable, Pairs] = {}

    @cached_property
    def is_empty(self) -> Mask:
        """Per document: does it say nothing here?"""
        return self.where(lambda codes: not codes)

    def where(self, test: Callable[[frozenset[str]], bool]) -> Mask:
        """Per document: does its combination pass the test? One test per combination."""
        passing = np.fromiter((test(codes) for codes in self.combinations), bool)
        found: Mask = passing[self.numbers]
        return found

    def any_of(self, wanted: Iterable[str]) -> Mask:
        """Per document: has it any of these codes?"""
        passing = np.zeros(len(self.combinations), dtype=bool)
        for code in wanted:
            passing[self._holders.get(code, [])] = True
        found: Mask = passing[self.numbers]
        return found

    def has(self, code: str) -> bool:
        """Does any document have this code?"""
        return code in self._holders

    @cached_property
    def _holders(self) -> dict[str, list[int]]:
        """Per code the numbers of the combinations that have it."""
        found: dict[str, list[int]] = {}
        for number, codes in enumerate(self.combinations):
            for code in codes:
                found.setdefault(code, []).append(number)
        return found

    def counts(
        self, name: Hashable, values_of: Callable[[frozenset[str]], Iterable[str]], docs: Ints
    ) -> dict[str, int]:
        """How many of `docs` have each value; `name` keeps the values of this way of reading."""
        if name not in self._pairs:
            self._pairs[name] = _pairs([frozenset(values_of(c)) for c in self.combinations])
        values, of_combination, has_value = self._pairs[name]
        tally = np.bincount(self.numbers[docs], minlength=len(self.combinations))
        found = np.bincount(has_value, weights=tally[of_combination], minlength=len(values))
        return dict(zip(values, found.astype(int).tolist(), strict=True))

    def of(self, doc: int) -> frozenset[str]:
        return self.combinations[int(self.numbers[doc])]


def _pairs(combinations: Sequence[frozenset[str]]) -> Pairs:
    values = sorted(frozenset().union(*combinations))
    at = {value: number for number, value in enumerate(values)}
    pairs = [(row, at[code]) for row, codes in enumerate(combinations) for code in codes]
    rows, numbers = np.array(pairs, np.int32).reshape(-1, 2).T
    return values, rows, numbers


@dataclass(frozen=True)
class Points:
    """All places of all documents, side by side."""

    docs: Ints
    lats: NDArray[np.float64]
    lons: NDArray[np.float64]
    is_exact: Mask
    areas: list[str]

    def inside(self, codes: Collection[str]) -> Mask:
        """Per place: is its area one of these?"""
        numbers, names = self._numbered
        found: Mask = np.fromiter((name in codes for name in names), bool)[numbers]
        return found

    @cached_property
    def _numbered(self) -> tuple[Ints, list[str]]:
        """Per place the number of its area, and the areas by their number."""
        names = list(dict.fromkeys(self.areas))
        number = {name: at for at, name in enumerate(names)}
        return np.fromiter((number[name] for name in self.areas), np.int32), names


@dataclass(frozen=True)
class Closures:
    """All days on which documents are closed for a while, side by side."""

    docs: Ints
    begins: Ints
    until: Ints

    def on(self, day: int, size: int) -> Mask:
        """Per document, of this many: is it closed on this day?"""
        found: Mask = np.zeros(size, dtype=bool)
        found[self.docs[(self.begins <= day) & (day <= self.until)]] = True
        return found


class Segment:
    """The arrays of one index segment, read once; segments never change."""

    def __init__(self, leaf: Any) -> None:
        size = leaf.doc_count_all()
        self.size = size
        self.keys = [UUID(hex=leaf.stored_fields(doc)["key"]) for doc in range(size)]
        self.codes = {name: list(_column(leaf, name, size)) for name in CODE_COLUMNS}
        self.numbers = {
            name: np.fromiter(_column(leaf, name, size), np.int32, count=size)
            for name in NUMBER_COLUMNS
        }
        self.lengths = {
            name: np.fromiter(
                (leaf.doc_field_length(doc, name) or 0 for doc in range(size)),
                np.float32,
                count=size,
            )
            for name in TEXT_FIELDS
        }
        self.points = [
            (doc, PlacePoint.unpacked(part)) for doc, part in _parts(leaf, "points", size)
        ]
        self.closures = [
            (doc, Closure.unpacked(part)) for doc, part in _parts(leaf, "closures", size)
        ]


def _parts(leaf: Any, name: str, size: int) -> Iterable[tuple[int, str]]:
    """What a column of several things for each document holds, one by one."""
    for doc, text in enumerate(_column(leaf, name, size)):
        for part in text.decode().split(SEPARATOR) if text else ():
            yield doc, part


def _column(leaf: Any, name: str, size: int) -> Iterable[Any]:
    reader = leaf.column_reader(name)
    return (reader[doc] for doc in range(size))


class SegmentCache:
    """Segments, words and postings already read; safe to use from several threads.

    The parts of a segment share one open file, so that one thread reads at a time.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._segments: dict[str, Segment] = {}
        self._words: dict[str, dict[str, int]] = {}
        self._postings: OrderedDict[tuple[str, str, str], Postings] = OrderedDict()

    def segments(self, leaves: Sequence[Any]) -> list[Segment]:
        """The arrays of these leaf readers; those of other segments are forgotten."""
        found = {}
        for leaf in leaves:
            id = leaf.segment().segment_id()
            found[id] = self._segments.get(id) or Segment(leaf)
        self._segments = found
        with self._lock:
            self._words = {id: words for id, words in self._words.items() if id in found}
        return list(found.values())

    def words(self, leaf: Any) -> dict[str, int]:
        """Every word of one segment as it is written, with the number of documents that hold it."""
        id = leaf.segment().segment_id()
        with self._lock:
            if id not in self._words:
                self._words[id] = {
                    word.decode(): int(info.doc_frequency())
                    for word, info in leaf.iter_field(SURFACE)
                }
            return self._words[id]

    def postings(self, leaf: Any, field: str, term: str) -> Postings:
        """The postings of a term in one segment, of deleted documents as well: what a snapshot
        no longer holds an older one does. Empty where the term is not known."""
        key = (leaf.segment().segment_id(), field, term)
        with self._lock:
            if key in self._postings:
                self._postings.move_to_end(key)
                return self._postings[key]
            found = _read_postings(leaf, field, term)
            self._postings[key] = found
            if len(self._postings) > KEPT_TERMS:
                self._postings.popitem(last=False)
            return found


def _read_postings(leaf: Any, field: str, term: str) -> Postings:
    if (field, term) not in leaf:
        return Postings(np.empty(0, np.int32), np.empty(0, np.float32))
    docs, counts = [], []
    matcher = leaf.postings(field, term)
    if isinstance(matcher, FilterMatcher):
        matcher = matcher.child
        matcher.reset()
    while matcher.is_active():
        docs.append(matcher.id())
        counts.append(matcher.weight())
        matcher.next()
    return Postings(np.array(docs, np.int32), np.array(counts, np.float32))


class Snapshot:
    """One generation of the index: everything that filters, counts and distances need."""

    def __init__(self, reader: Any, stamp: Stamp, cache: SegmentCache) -> None:
        self.stamp = stamp
        self._reader = reader
        self._cache = cache
        self._weights: dict[str, Postings] = {}
        self._kept: dict[Hashable, Any] = {}
        weakref.finalize(self, reader.close)
        self._leaves = [part for part in reader.leaf_readers() if part[0].segment() is not None]
        parts = cache.segments([leaf for leaf, _ in self._leaves])
        self.size = sum(part.size for part in parts)
        self.keys = [key for part in parts for key in part.keys]
        self.live = np.zeros(self.size, dtype=bool)
        self.live[np.fromiter(reader.all_doc_ids(), np.int64)] = True
        self.codes = {
            name: _joined_codes([part.codes[name] for part in parts]) for name in CODE_COLUMNS
        }
        self.numbers = {
            name: _concatenated([part.numbers[name] for part in parts], np.int32)
            for name in NUMBER_COLUMNS
        }
        self._lengths = {
            name: _concatenated([part.lengths[name] for part in parts], np.float32)
            for name in TEXT_FIELDS
        }
        self.points = _joined_points(parts)
        self.closures = _joined_closures(parts)

    @cached_property
    def live_count(self) -> int:
        return int(self.live.sum())

    @cached_property
    def key_order(self) -> NDArray[np.int64]:
        """Per document its place in the order of the ids: a tie breaker that stays the same."""
        order = np.argsort(np.array([key.bytes for key in self.keys], dtype="S16"), kind="stable")
        places = np.empty(self.size, dtype=np.int64)
        places[order] = np.arange(self.size)
        return places

    @cached_property
    def surface(self) -> dict[str, int]:
        """Every word as it is written, with the number of documents that hold it."""
        found: dict[str, int] = {}
        for leaf, _ in self._leaves:
            for word, count in self._cache.words(leaf).items():
                found[word] = found.get(word, 0) + count
        return found

    def lengths(self, field: str) -> Floats:
        found: Floats = self._lengths[field]
        return found

    @cached_property
    def average_lengths(self) -> dict[str, float]:
        return {
            name: float(lengths[self.live].mean()) if self.live_count else 1.0
            for name, lengths in self._lengths.items()
        }

    def kept(self, name: Hashable, make: "Callable[[Snapshot], Kept]") -> "Kept":
        """What `make` makes of this snapshot, made once; `name` tells it from other things."""
        if name not in self._kept:
            self._kept[name] = make(self)
        found: Kept = self._kept[name]
        return found

    def weights(self, term: str, weigh: "Callable[[Snapshot, str], Postings]") -> Postings:
        """What `weigh` makes of a term, made once: a snapshot never changes."""
        found = self._weights.get(term)
        if found is None:
            found = weigh(self, term)
            if len(self._weights) >= KEPT_TERMS:
                self._weights.clear()
            self._weights[term] = found
        return found

    def postings(self, field: str, term: str) -> Postings:
        """Live documents with this term, over all segments."""
        parts = [(self._cache.postings(leaf, field, term), offset) for leaf, offset in self._leaves]
        docs = np.concatenate([part.docs + offset for part, offset in parts] or [np.empty(0, int)])
        counts = np.concatenate([part.counts for part, _ in parts] or [np.empty(0, np.float32)])
        alive = self.live[docs]
        return Postings(docs[alive].astype(np.int32), counts[alive].astype(np.float32))


def _concatenated(parts: list[Any], kind: Any) -> Any:
    return np.concatenate(parts) if parts else np.empty(0, kind)


def _joined_codes(parts: list[list[bytes]]) -> Codes:
    numbers: dict[bytes, int] = {}
    flat = np.fromiter(
        (numbers.setdefault(text, len(numbers)) for part in parts for text in part), np.int32
    )
    combinations = [
        frozenset(text.decode().split(SEPARATOR)) if text else frozenset() for text in numbers
    ]
    return Codes(flat, combinations)


def _joined_closures(parts: Sequence[Segment]) -> Closures:
    offsets = np.cumsum([0, *(part.size for part in parts)]).tolist()
    found = [
        (doc + offset, closure.begins, closure.until)
        for part, offset in zip(parts, offsets, strict=False)
        for doc, closure in part.closures
    ]
    docs, begins, until = np.array(found, np.int32).reshape(-1, 3).T
    return Closures(docs, begins, until)


def _joined_points(parts: Sequence[Segment]) -> Points:
    docs: list[int] = []
    points: list[PlacePoint] = []
    offset = 0
    for part in parts:
        docs.extend(doc + offset for doc, _ in part.points)
        points.extend(point for _, point in part.points)
        offset += part.size
    return Points(
        docs=np.array(docs, np.int32),
        lats=np.array([point.lat for point in points], np.float64),
        lons=np.array([point.lon for point in points], np.float64),
        is_exact=np.array([point.is_exact for point in points], np.bool_),
        areas=[point.area_code for point in points],
    )
