"""How well the text of a listing answers the words of a question."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from socialmap.search.schema import TEXT_FIELDS
from socialmap.search.snapshot import Snapshot

K1, B = 1.2, 0.75
"""The usual BM25 constants (Robertson and Zaragoza, 2009)."""
ENOUGH = 0.4
"""A hit holds words worth at least this part of the question; rare words are worth more."""


def text_scores(snapshot: Snapshot, terms: Sequence[str]) -> NDArray[np.float64]:
    """A score per document, 0 where it does not answer: BM25 over weighted fields.

    Any word matches, but a document that holds only the commonest of many words does not.
    """
    scores = np.zeros(snapshot.size)
    worth = np.zeros(snapshot.size)
    all_worth = 0.0
    for term in terms:
        gain, idf = _term_scores(snapshot, term)
        all_worth += idf
        scores += gain
        worth += np.where(gain > 0, idf, 0.0)
    return np.where(worth >= ENOUGH * all_worth - 1e-9, scores, 0.0) if all_worth else scores


def _term_scores(snapshot: Snapshot, term: str) -> tuple[NDArray[np.float64], float]:
    """What one term adds to each document, and its inverse document frequency (0 if unknown)."""
    weights = np.zeros(snapshot.size)
    for field, boost in TEXT_FIELDS.items():
        found = snapshot.postings(field, term)
        average = snapshot.average_lengths[field] or 1.0
        norm = 1 - B + B * snapshot.lengths(field)[found.docs] / average
        weights[found.docs] += boost * found.counts / norm
    holders = int(np.count_nonzero(weights))
    if not holders:
        return weights, 0.0
    idf = float(np.log(1 + (snapshot.live_count - holders + 0.5) / (holders + 0.5)))
    return idf * weights * (K1 + 1) / (weights + K1), idf
