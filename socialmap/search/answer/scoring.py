"""How well the text of a listing answers the words of a question."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from socialmap.search.answer.facets import code_holders
from socialmap.search.index.schema import TEXT_FIELDS
from socialmap.search.index.snapshot import Mask, Postings, Snapshot
from socialmap.search.language.meaning import Concept, Way

K1, B = 1.2, 0.75
"""The usual BM25 constants (Robertson and Zaragoza, 2009)."""
ENOUGH = 0.4
"""A hit holds words worth at least this part of the question; rare words are worth more."""
CODE_SCORE = 1.3
"""What a theme counts that the words of a question mean; a word in a title counts about 1.7."""
ALSO = 0.2
"""What is said in several ways counts this part of the others as well."""
DAMPED = 0.5
"""A rare word is not always a telling one: `groepje` is rarer than `somber`."""
FEW = 3
"""With fewer answers than this, listings that hold any word are answers too."""
FEW_NAMES = 3
SAME = 0.8
"""From this weight on another word stands for the same thing in a name too."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TextScores:
    """How well each document answers the words of a question."""

    scores: Floats
    worth: Floats
    """Which part of the question it holds, 0 to 1; rare words are worth more."""

    def enough(self, among: Mask) -> Mask:
        """The documents that answer: any word matches, but one that holds only the commonest of
        many words does not, unless hardly any of those `among` which we search holds more."""
        found: Mask = self.worth >= ENOUGH - 1e-9
        if np.count_nonzero(found & among) < FEW:
            found = self.worth > 0
        return found


def text_scores(snapshot: Snapshot, asked: Sequence[Concept]) -> TextScores:
    """BM25 over weighted fields, the best way for each concept."""
    gains = [concept_gains(snapshot, concept) for concept in asked]
    rarities = [_rarity(snapshot, gain) for gain in gains]
    scores, worth = np.zeros(snapshot.size), np.zeros(snapshot.size)
    for gain, rarity in zip(gains, rarities, strict=True):
        scores += gain * rarity
        worth += (gain > 0) * rarity
    return TextScores(scores, worth / (sum(rarities) or 1.0))


def concept_gains(snapshot: Snapshot, concept: Concept) -> Floats:
    """How much each document says of a concept: in its best way, and a part of the others; 0
    where it does not."""
    found = _gains(snapshot, concept.ways)
    return found if found.any() else _gains(snapshot, concept.loose)


def _gains(snapshot: Snapshot, ways: Iterable[Way]) -> Floats:
    best, every = np.zeros(snapshot.size), np.zeros(snapshot.size)
    for way in ways:
        found = _way_weights(snapshot, way)
        best[found.docs] = np.maximum(best[found.docs], found.counts)
        every[found.docs] += found.counts
    gains: Floats = best + ALSO * np.minimum(every - best, best)
    return gains


def best_ways(snapshot: Snapshot, concept: Concept, docs: Sequence[int]) -> dict[int, Way]:
    """In which way each of these documents says most of a concept; who does not is left out."""
    best: dict[int, tuple[float, Way]] = {}
    for way in (*concept.ways, *concept.loose):
        found = _way_weights(snapshot, way)
        is_one = np.isin(found.docs, docs)
        for doc, weight in zip(found.docs[is_one].tolist(), found.counts[is_one], strict=True):
            if doc not in best or weight > best[doc][0]:
                best[doc] = weight, way
    return {doc: way for doc, (_, way) in best.items()}


def _way_weights(snapshot: Snapshot, way: Way) -> Postings:
    """The documents that say something in this way, and how much."""
    if way.code:
        return _code_weights(snapshot, way)
    found = snapshot.weights(way.terms[0], term_weights)
    for term in way.terms[1:]:
        other = snapshot.weights(term, term_weights)
        docs, ours, theirs = np.intersect1d(
            found.docs, other.docs, assume_unique=True, return_indices=True
        )
        found = Postings(docs, found.counts[ours] + other.counts[theirs])
    return Postings(found.docs, found.counts * (way.weight / len(way.terms)))


def _code_weights(snapshot: Snapshot, way: Way) -> Postings:
    docs = code_holders(snapshot, *way.code.split(":"))
    return Postings(docs, np.full(len(docs), CODE_SCORE * way.weight))


def term_weights(snapshot: Snapshot, term: str) -> Postings:
    """How much each document says of one term: saturating, and less in a long text."""
    found = [(snapshot.postings(field, term), field, boost) for field, boost in TEXT_FIELDS.items()]
    docs = np.unique(np.concatenate([postings.docs for postings, _, _ in found]))
    weights = np.zeros(len(docs))
    for postings, field, boost in found:
        average = snapshot.average_lengths[field] or 1.0
        norm = 1 - B + B * snapshot.lengths(field)[postings.docs] / average
        weights[np.searchsorted(docs, postings.docs)] += boost * postings.counts / norm
    return Postings(docs, weights * (K1 + 1) / (weights + K1))


def _rarity(snapshot: Snapshot, gain: Floats) -> float:
    """The inverse document frequency of a concept; 0 when nothing says it."""
    holders = int(np.count_nonzero(gain))
    if not holders:
        return 0.0
    idf = float(np.log(1 + (snapshot.live_count - holders + 0.5) / (holders + 0.5)))
    return float(idf**DAMPED)


def named(snapshot: Snapshot, asked: Sequence[Concept]) -> Mask:
    """What is asked for by its name: all words are in it, and they are at least half of it or
    stand in few other names."""
    if not asked:
        return np.zeros(snapshot.size, dtype=bool)
    has_all = np.ones(snapshot.size, dtype=bool)
    for concept in asked:
        has_all &= _in_name(snapshot, concept)
    is_rare = np.count_nonzero(has_all) <= FEW_NAMES
    found: Mask = has_all & (is_rare | (snapshot.lengths("name") <= 2 * len(asked)))
    return found


def _in_name(snapshot: Snapshot, concept: Concept) -> Mask:
    """Is a word, whole or joined to another, in the name?"""
    found: Mask = np.zeros(snapshot.size, dtype=bool)
    for way in concept.ways:
        if len(way.terms) == 1 and way.weight >= SAME:
            found[snapshot.postings("name", way.terms[0]).docs] = True
    return found
