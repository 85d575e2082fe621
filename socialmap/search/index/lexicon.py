"""The words of the directory: which it knows, and which is meant by a slip."""

from collections.abc import Iterable, Sequence

import numpy as np

from socialmap.search.index.schema import PART_FIELDS, WHOLE_FIELDS
from socialmap.search.index.snapshot import Ints, Snapshot
from socialmap.search.language.analysis import stem
from socialmap.search.language.compounds import splitter
from socialmap.search.language.slips import KnownWords, nearest
from socialmap.search.language.synonyms import synonyms

BEFORE_NAMES = ("", "stichting-", "vereniging-")
"""What people leave out of the name of a provider."""
SHORTEST_NAME = 4


class SnapshotLexicon:
    """The words of one generation of the index, with the other words for them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def knows(self, word: str) -> bool:
        """In any form, as a part of a compound, or as another word for something."""
        if self.holds(word) or synonyms().knows(word) or splitter().split(word):
            return True
        return any(len(self._snapshot.postings(field, stem(word)).docs) for field in PART_FIELDS)

    def holds(self, word: str) -> bool:
        """In any form."""
        return any(len(self._snapshot.postings(field, stem(word)).docs) for field in WHOLE_FIELDS)

    def names(self, words: Iterable[str]) -> bool:
        return bool(len(self._with_in_name(words)))

    def is_name(self, words: Sequence[str]) -> bool:
        lengths = self._snapshot.lengths("name")[self._with_in_name(words)]
        return bool((lengths == len(words)).any())

    def _with_in_name(self, words: Iterable[str]) -> Ints:
        docs = [self._snapshot.postings("name", stem(word)).docs for word in words]
        common = docs[0]
        for others in docs[1:]:
            common = np.intersect1d(common, others)
        return common

    def provider(self, words: Sequence[str]) -> str | None:
        """A single word is a name only where nobody else uses it."""
        known = self._snapshot.codes["provider"]
        name = "-".join(words)
        slugs = [slug for before in BEFORE_NAMES if known.has(slug := before + name)]
        if not slugs or (len(words) == 1 and not self._is_own(words[0], slugs[0])):
            return None
        return slugs[0]

    def _is_own(self, word: str, slug: str) -> bool:
        """Does this word stand in the listings of this provider only?"""
        if len(word) < SHORTEST_NAME or synonyms().knows(word):
            return False
        own = self._snapshot.codes["provider"].any_of([slug])
        found = (self._snapshot.postings(field, stem(word)).docs for field in WHOLE_FIELDS)
        return all(own[docs].all() for docs in found)

    def nearest(self, word: str, others: frozenset[str]) -> str | None:
        other_words = synonyms()
        known = self._snapshot.kept(
            ("known words", others, other_words),
            lambda snapshot: KnownWords(snapshot.surface, others | other_words.words),
        )
        return nearest(word, known, other_words.knows)
