"""How well the text of a listing answers the words of a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from socialmap.search.analysis import query_words, stem
from socialmap.search.compounds import splitter
from socialmap.search.schema import TEXT_FIELDS
from socialmap.search.snapshot import Snapshot

K1, B = 1.2, 0.75
"""The usual BM25 constants (Robertson and Zaragoza, 2009)."""
ENOUGH = 0.4
"""A hit holds words worth at least this part of the question; rare words are worth more."""
SPLIT_WEIGHT = 0.7
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """One way to mean a typed word: terms that must all be there, and what that counts."""

    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class Concept:
    """A typed word with all the ways in which a listing may say it."""

    typed: str
    ways: tuple[Way, ...]


def concepts(text: str) -> list[Concept]:
    """What the words of a question may mean: as typed, taken apart, joined to the next."""
    typed = query_words(text)
    joined: dict[str, list[Way]] = {word: [] for word in typed}
    for one, other in pairwise(typed):
        way = Way((stem(one + other),))
        joined[one].append(way)
        joined[other].append(way)
    return [Concept(word, (Way((stem(word),)), *_apart(word), *joined[word])) for word in typed]


def _apart(word: str) -> list[Way]:
    parts = splitter().split(word)
    return [Way(tuple(stem(part) for part in parts), SPLIT_WEIGHT)] if parts else []


def text_scores(snapshot: Snapshot, asked: Sequence[Concept]) -> Floats:
    """A score per document, 0 where it does not answer: BM25 over weighted fields.

    Any word matches, but a document that holds only the commonest of many words does not.
    """
    scores = np.zeros(snapshot.size)
    worth = np.zeros(snapshot.size)
    all_worth = 0.0
    for concept in asked:
        gain = concept_scores(snapshot, concept)
        idf = _rarity(snapshot, gain)
        all_worth += idf
        scores += gain * idf
        worth += np.where(gain > 0, idf, 0.0)
    return np.where(worth >= ENOUGH * all_worth - 1e-9, scores, 0.0) if all_worth else scores


def concept_scores(snapshot: Snapshot, concept: Concept) -> Floats:
    """How much each document says of a concept, in its best way; 0 where it does not."""
    best: Floats = np.maximum.reduce([_way_scores(snapshot, way) for way in concept.ways])
    return best


def _way_scores(snapshot: Snapshot, way: Way) -> Floats:
    parts = [_term_scores(snapshot, term) for term in way.terms]
    is_whole = np.minimum.reduce(parts) > 0
    mean: Floats = np.add.reduce(parts) / len(parts)
    return np.where(is_whole, mean * way.weight, 0.0)


def _term_scores(snapshot: Snapshot, term: str) -> Floats:
    """How much each document says of one term: saturating, and less in a long text."""
    weights = np.zeros(snapshot.size)
    for field, boost in TEXT_FIELDS.items():
        found = snapshot.postings(field, term)
        average = snapshot.average_lengths[field] or 1.0
        norm = 1 - B + B * snapshot.lengths(field)[found.docs] / average
        weights[found.docs] += boost * found.counts / norm
    return weights * (K1 + 1) / (weights + K1)


def _rarity(snapshot: Snapshot, gain: Floats) -> float:
    """The inverse document frequency of a concept; 0 when nothing says it."""
    holders = int(np.count_nonzero(gain))
    if not holders:
        return 0.0
    return float(np.log(1 + (snapshot.live_count - holders + 0.5) / (holders + 0.5)))
