"""Dutch compounds taken apart: `faalangsttraining` is faalangst and training."""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from socialmap.config import DATA
from socialmap.models.slugs import folded
from socialmap.search.language.analysis import stem, words

PARTS_FILE = DATA / "wordparts.txt"
SHORTEST_PART = 3
SHORTEST_WORD = 7
LINKS = ("", "s", "en", "e", "n")
KEPT_WORDS = 20_000
Known = dict[str, tuple[str, ...] | None]


class Splitter:
    """Splits words into known parts, as few and so as long as possible."""

    def __init__(self, parts: Iterable[str]) -> None:
        self._parts = frozenset(part for part in map(folded, parts) if len(part) >= SHORTEST_PART)
        self._stems = frozenset(map(stem, self._parts))
        self._longest = max(map(len, self._parts), default=0)
        self.split = lru_cache(maxsize=KEPT_WORDS)(self._split)

    def _split(self, word: str) -> tuple[str, ...]:
        """The parts of a folded word; empty when it is not made of two known parts or more."""
        if len(word) < SHORTEST_WORD or not word.isalpha():
            return ()
        found = self._fewest(word, {})
        return found if found and len(found) > 1 else ()

    def _fewest(self, word: str, known: Known) -> tuple[str, ...] | None:
        """The fewest known parts that make up the word, the longest first part on a tie.

        `known` holds what was found of each ending, so that none is taken apart twice.
        """
        if word not in known:
            known[word] = self._found(word, known)
        return known[word]

    def _found(self, word: str, known: Known) -> tuple[str, ...] | None:
        if word in self._parts or stem(word) in self._stems:
            return (word,)
        best: tuple[str, ...] | None = None
        longest = min(len(word) - SHORTEST_PART, self._longest)
        for length in range(longest, SHORTEST_PART - 1, -1):
            head = word[:length]
            if head not in self._parts:
                continue
            rest = self._rest(word[length:], known)
            if rest and (best is None or 1 + len(rest) < len(best)):
                best = (head, *rest)
        return best

    def _rest(self, tail: str, known: Known) -> tuple[str, ...] | None:
        """The parts of what follows a first part, with or without a linking sound."""
        for link in LINKS:
            if tail.startswith(link) and len(tail) - len(link) >= SHORTEST_PART:
                found = self._fewest(tail[len(link) :], known)
                if found:
                    return found
        return None


def read_parts(path: Path = PARTS_FILE) -> list[str]:
    """The words of a file of word parts; lines that begin with # are notes."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


@cache
def splitter() -> Splitter:
    """The splitter of `data/wordparts.txt`."""
    return Splitter(read_parts())


def part_terms(texts: Iterable[str]) -> list[str]:
    """The stems of the parts of every compound in these texts, each once."""
    split = splitter().split
    parts = (part for text in texts for word in words(text) for part in split(word))
    return list(dict.fromkeys(stem(part) for part in parts))
