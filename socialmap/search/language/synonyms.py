"""Other words for what was typed: `data/synonyms.csv`, read again when it has changed."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from socialmap.config import DATA
from socialmap.search.language.analysis import pieces, stem

SYNONYMS_FILE = DATA / "synonyms.csv"
THEME = "thema:"
CODES = (THEME, "doelgroep:", "vorm:", "waar:", "soort:", "route:")
"""Behind one of these stands a value of that filter instead of words."""
USUAL_WEIGHT = 0.6
BOTH_WAYS = "beide"
FORMER_NAME = "vroegere-naam"
DUTCH, FOREIGN = "nl", "="
MOST = 12
"""So many other words for one phrase are searched at most."""
Stems = tuple[str, ...]


@dataclass(frozen=True)
class Other:
    """Another way to say something: stems that must all be there, or a code."""

    stems: Stems
    code: str
    weight: float
    said: str
    """As it is written; empty for a code."""


@dataclass(frozen=True)
class Renamed:
    """A name of before and what it is called now, as it is written."""

    former: str
    now: str


@dataclass(frozen=True)
class Said:
    """A phrase in a question, from one word to another, with what else it may be called."""

    first: int
    last: int
    others: tuple[Other, ...]
    renamed: Renamed | None


class Synonyms:
    """All phrases that have other words."""

    def __init__(self, rows: Sequence[dict[str, str]]) -> None:
        self._others: dict[Stems, list[Other]] = {}
        self._renamed: dict[Stems, Renamed] = {}
        for row in rows:
            self._add(row)
        self._longest = max(map(len, self._others), default=0)
        self.words = frozenset(
            word for row in rows if row["taal"] == DUTCH for word in pieces(row["woord"])
        )
        """The Dutch words that are typed, as they are written."""

    def _add(self, row: dict[str, str]) -> None:
        weight = float(row["gewicht"]) if row["gewicht"] else USUAL_WEIGHT
        typed, meant = row["woord"].split("|"), row["betekent"].split("|")
        read = stems if row["taal"] == DUTCH else literally
        for phrase in typed:
            for other in meant:
                self._connect(read(phrase), other, weight)
        if row["richting"] == BOTH_WAYS:
            for other in meant:
                for phrase in typed:
                    if not other.startswith(CODES):
                        self._connect(stems(other), phrase, weight)
        if row["soort"] == FORMER_NAME:
            for phrase in typed:
                self._renamed[stems(phrase)] = Renamed(phrase, meant[0])

    def _connect(self, phrase: Stems, other: str, weight: float) -> None:
        is_code = other.startswith(CODES)
        found = Other(
            stems=() if is_code else stems(other),
            code=other if is_code else "",
            weight=weight,
            said="" if is_code else other,
        )
        known = self._others.setdefault(phrase, [])
        if found.stems != phrase and found not in known and len(known) < MOST:
            known.append(found)

    def said(self, words: Sequence[str]) -> Iterator[Said]:
        """The phrases among these folded words, the longest first and none inside another."""
        used: set[int] = set()
        for length in range(min(self._longest, len(words)), 0, -1):
            for first in range(len(words) - length + 1):
                span = range(first, first + length)
                phrase = self._phrase(words[first : first + length])
                if phrase and used.isdisjoint(span):
                    used.update(span)
                    others = tuple(self._others[phrase])
                    yield Said(first, first + length, others, self._renamed.get(phrase))

    def _phrase(self, words: Sequence[str]) -> Stems:
        """The phrase that these words are: in Dutch by their stems, else letter by letter."""
        ways = tuple(stem(word) for word in words), tuple(FOREIGN + word for word in words)
        return next((way for way in ways if way in self._others), ())

    def knows(self, word: str) -> bool:
        """Is this word a phrase of its own?"""
        return bool(self._phrase([word]))


def literally(phrase: str) -> Stems:
    """The words of a phrase in another language, which have no Dutch stems."""
    return tuple(FOREIGN + piece for piece in pieces(phrase))


def stems(phrase: str) -> Stems:
    """The stems of a phrase, hyphens split."""
    return tuple(stem(piece) for piece in pieces(phrase))


def synonyms(path: Path = SYNONYMS_FILE) -> Synonyms:
    """The synonyms of a file as it is now."""
    told = path.stat()
    return _read(path, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, _size: int) -> Synonyms:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return Synonyms(list(csv.DictReader(file, delimiter=";")))
