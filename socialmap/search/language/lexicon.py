"""What must be known of the words of a directory, to read a question with."""

from collections.abc import Iterable, Sequence
from typing import Protocol


class Lexicon(Protocol):
    """What the words of the directory are."""

    def knows(self, word: str) -> bool:
        """Does the directory hold this folded word?"""

    def holds(self, word: str) -> bool:
        """Does a text hold this folded word as a whole?"""

    def names(self, words: Iterable[str]) -> bool:
        """Is there something with all these words in its name?"""

    def is_name(self, words: Sequence[str]) -> bool:
        """Are these words together the whole name of something?"""

    def provider(self, words: Sequence[str]) -> str | None:
        """The slug of the provider of which these words are surely the name."""

    def nearest(self, word: str, others: frozenset[str]) -> str | None:
        """A word of the directory, or one of the others, that is the same but for a slip."""


class NoLexicon:
    """No words at all: everything is known, so that nothing is taken for a slip."""

    def knows(self, word: str) -> bool:
        return True

    def holds(self, word: str) -> bool:
        return False

    def names(self, words: Iterable[str]) -> bool:
        return False

    def is_name(self, words: Sequence[str]) -> bool:
        return False

    def provider(self, words: Sequence[str]) -> str | None:
        return None

    def nearest(self, word: str, others: frozenset[str]) -> str | None:
        return None
