"""What the words of a question may mean: as typed, taken apart, joined, or by another name."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from socialmap.search.language.analysis import STOPWORDS, pieces, query_words, stem
from socialmap.search.language.compounds import splitter
from socialmap.search.language.synonyms import THEME, Renamed, Said, Synonyms

SPLIT_WEIGHT, LOOSE_WEIGHT = 0.7, 0.3
MOST_WORDS = 24
"""So many words of a question are searched; each costs work."""
CONSULT = frozenset(
    map(stem, "overleg overleggen ruggespraak meedenken sparren consult consultatie".split())
)


@dataclass(frozen=True)
class Way:
    """One way to mean a typed word: terms that must all be there, or a code (`thema:schulden`),
    and its weight."""

    terms: tuple[str, ...] = ()
    weight: float = 1.0
    code: str = ""
    said: str = ""
    """The other words for it, as they are written."""

    @property
    def theme(self) -> str:
        """The id of the theme that is meant; empty for anything else."""
        return self.code.removeprefix(THEME) if self.code.startswith(THEME) else ""


@dataclass(frozen=True)
class Concept:
    """A typed word with all the ways in which a listing may say it."""

    typed: str
    ways: tuple[Way, ...]
    loose: tuple[Way, ...] = ()
    """Where it is said in none of these ways: the parts of the word, each by itself."""


@dataclass(frozen=True)
class Meant:
    """What a text may mean."""

    concepts: tuple[Concept, ...]
    themes: frozenset[str] = frozenset()
    """Themes that the words surely mean."""
    renamed: tuple[Renamed, ...] = ()
    """Names of before that were typed."""
    is_consult: bool = False
    """Does somebody want to think along before referring?"""


SURE = 0.6
"""From this weight on other words stand for the same thing."""


def meant(text: str, other_words: Synonyms) -> Meant:
    """What the words of a question may mean."""
    typed = query_words(text)[:MOST_WORDS]
    said = list(other_words.said(pieces(text)[: 2 * MOST_WORDS]))
    ways: dict[str, list[Way]] = {word: [Way((stem(word),)), *_apart(word)] for word in typed}
    for one, other in pairwise(typed):
        way = Way((stem(one + other),))
        ways[one].append(way)
        ways[other].append(way)
    for phrase, words in _phrases(said, text, typed):
        for word in words:
            ways[word] += [Way(one.stems, one.weight, one.code, one.said) for one in phrase.others]
    return Meant(
        concepts=tuple(
            Concept(word, tuple(dict.fromkeys(found)), _loose(word)) for word, found in ways.items()
        ),
        themes=_sure_themes(said),
        renamed=tuple(phrase.renamed for phrase in said if phrase.renamed),
        is_consult=not CONSULT.isdisjoint(stem(word) for word in typed),
    )


def _sure_themes(said: list[Said]) -> frozenset[str]:
    others = (one for phrase in said for one in phrase.others if one.weight >= SURE)
    return frozenset(one.code.removeprefix(THEME) for one in others if one.code.startswith(THEME))


def _phrases(said: list[Said], text: str, typed: list[str]) -> Iterator[tuple[Said, list[str]]]:
    """The phrases with the telling words in them."""
    words = pieces(text)
    known = {stem(word): word for word in typed}
    for phrase in said:
        inside = [word for word in words[phrase.first : phrase.last] if word not in STOPWORDS]
        found = [known[stem(word)] for word in inside if stem(word) in known]
        if found:
            yield phrase, list(dict.fromkeys(found))


def _loose(word: str) -> tuple[Way, ...]:
    return tuple(Way((stem(part),), LOOSE_WEIGHT) for part in splitter().split(word))


def _apart(word: str) -> list[Way]:
    parts = splitter().split(word)
    return [Way(tuple(stem(part) for part in parts), SPLIT_WEIGHT)] if parts else []
