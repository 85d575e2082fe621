"""How well the text of a listing answers the words of a question."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from socialmap.search.index.schema import TEXT_FIELDS
from socialmap.search.index.snapshot import Mask, Snapshot
from socialmap.search.language.meaning import Concept, Way

K1, B = 1.2, 0.75
"""The usual BM25 constants (Robertson and Zaragoza, 2009)."""
ENOUGH = 0.4
"""A hit holds words worth at least this part of the question; rare words are worth more."""
THEME_SCORE = 1.6
"""What a theme counts that the words of a question mean; a word in a title counts about 1.7."""
DAMPED = 0.5
"""A rare word is not always a telling one: `groepje` is rarer than `somber`."""
FEW = 1
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
    scores = np.zeros(snapshot.size)
    worth = np.zeros(snapshot.size)
    all_worth = 0.0
    for concept in asked:
        gain = concept_scores(snapshot, concept)
        idf = _rarity(snapshot, gain)
        all_worth += idf
        scores += gain * idf
        worth += np.where(gain > 0, idf, 0.0)
    return TextScores(scores, worth / all_worth if all_worth else worth)


def concept_scores(snapshot: Snapshot, concept: Concept) -> Floats:
    """How much each document says of a concept, in its best way; 0 where it does not."""
    best: Floats = np.maximum.reduce([_way_scores(snapshot, way) for way in concept.ways])
    return best


def _way_scores(snapshot: Snapshot, way: Way) -> Floats:
    if way.theme:
        has_theme = snapshot.codes["themes"].any_of([way.theme])
        return np.where(has_theme, THEME_SCORE * way.weight, 0.0)
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
