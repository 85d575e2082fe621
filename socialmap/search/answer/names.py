"""Names in memory: found by how a word of them begins, whole names first, kinds mixed fairly."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from itertools import accumulate, islice

from socialmap.search.language.analysis import Words, pieces
from socialmap.search.language.slips import KnownWords, nearest

MOST = 8
"""So many names are suggested."""
SHORTEST_INSIDE = 4
"""From so many signs on a name is also found by what stands inside a word."""
SHORTEST_SLIP = 4
MOST_LOOKED_AT = 2_000
"""So many names are held beside the other words of a question."""


class Kind(StrEnum):
    """What a name is the name of."""

    THEME = "thema"
    DISTRICT = "stadsdeel"
    ZONE = "gebied"
    WIJK = "wijk"
    BUURT = "buurt"
    OFFER = "aanbod"
    PLACE = "plek"
    PROVIDER = "aanbieder"
    TEAM = "team"
    TERM = "woord"


AREAS = (Kind.DISTRICT, Kind.ZONE, Kind.WIJK, Kind.BUURT)
GROUPS = (
    (Kind.THEME,),
    AREAS,
    (Kind.OFFER,),
    (Kind.TEAM,),
    (Kind.PLACE,),
    (Kind.PROVIDER,),
    (Kind.TERM,),
)
"""Kinds that take turns; within a group the earlier kind goes first."""
NAMESAKES = (Kind.TEAM, Kind.OFFER, Kind.PLACE, Kind.PROVIDER)
"""A team often offers, and lives, under its own name: the first of these speaks for the others."""


class Fit(IntEnum):
    """How a name holds what was typed, the best first."""

    WHOLE = 0
    BEGINNING = 1
    WORD = 2
    INSIDE = 3


@dataclass(frozen=True)
class Name:
    """What may be suggested: its name, its address, and the name of what it belongs to."""

    kind: Kind
    label: str
    slug: str
    about: str = ""


class NameList:
    """The names of one group in one text, a line each, so that a search is a search in a text.

    Of names that fit as well the shorter goes first: more of it has been typed.
    """

    def __init__(self, named: Iterable[tuple[str, Name]], kinds: Sequence[Kind]) -> None:
        found = sorted(
            named, key=lambda one: (kinds.index(one[1].kind), len(one[0]), one[0], one[1].slug)
        )
        self.lines = [line for line, _ in found]
        self._names = [name for _, name in found]
        self._text = "\n".join(("", *self.lines, ""))
        self._starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))

    def find(self, words: Words) -> list[tuple[Fit, Name]]:
        """The names that fit best, each once, no more than can be shown."""
        found: dict[str, tuple[Fit, Name]] = {}
        for fit, line in self._fits(words):
            name = self._names[line]
            found.setdefault(name.slug, (fit, name))
            if len(found) == MOST:
                break
        return list(found.values())

    def begins(self, word: str) -> bool:
        """Does any word of any name begin like this?"""
        return f" {word}" in self._text or f"\n{word}" in self._text

    def _fits(self, words: Words) -> Iterator[tuple[Fit, int]]:
        phrase = " ".join(words)
        yield from ((Fit.WHOLE, line) for line in self._with(f"\n{phrase}\n"))
        yield from ((Fit.BEGINNING, line) for line in self._with(f"\n{phrase}"))
        yield from ((Fit.WORD, line) for line in self._with(f" {phrase}"))
        if len(words) > 1:
            yield from ((Fit.WORD, line) for line in self._with_all(words))
        if len(phrase) >= SHORTEST_INSIDE:
            yield from ((Fit.INSIDE, line) for line in self._with(phrase))

    def _with(self, sought: str) -> Iterator[int]:
        """The lines that hold a text, in their order."""
        at = self._text.find(sought)
        while at >= 0:
            line = bisect_right(self._starts, at) - 1
            yield line
            at = self._text.find(sought, self._starts[line + 1])

    def _with_all(self, words: Words) -> Iterator[int]:
        """The lines in which each of these words begins a word, in whatever order."""
        for line in islice(self._with(max(words, key=len)), MOST_LOOKED_AT):
            text = f" {self.lines[line]}"
            if all(f" {word}" in text for word in words):
                yield line


class Names:
    """All that may be suggested."""

    def __init__(self, names: Iterable[Name]) -> None:
        by_kind: dict[Kind, list[tuple[str, Name]]] = {kind: [] for kind in Kind}
        for name in names:
            by_kind[name.kind].append((" ".join(pieces(name.label)), name))
        taken: set[str] = set()
        for kind in NAMESAKES:
            by_kind[kind] = [one for one in by_kind[kind] if one[0] not in taken]
            taken.update(line for line, _ in by_kind[kind])
        self._lists = [
            NameList((one for kind in kinds for one in by_kind[kind]), kinds) for kinds in GROUPS
        ]

    def suggested(self, words: Words) -> list[Name]:
        """What fits these folded words, of which there is one at least; when nothing does and one
        of them begins no name at all, what fits with that word without its slip."""
        found = self._mixed(words)
        if found:
            return found
        unknown = {word for word in words if not any(names.begins(word) for names in self._lists)}
        if len(unknown) != 1:
            return []
        slip = unknown.pop()
        meant = self._meant(slip)
        return (
            self._mixed(tuple(meant if word == slip else word for word in words)) if meant else []
        )

    def _mixed(self, words: Words) -> list[Name]:
        """The groups in turn, what is inside a word only where room is left; best fit on top."""
        found = [
            (fit, group, turn, name)
            for group, names in enumerate(self._lists)
            for turn, (fit, name) in enumerate(names.find(words))
        ]
        found.sort(key=lambda one: (one[0] == Fit.INSIDE, one[2], one[0], one[1]))
        return [name for _, _, _, name in sorted(found[:MOST], key=lambda one: one[:3])]

    def _meant(self, slip: str) -> str | None:
        """The word that was meant, as far as it was typed; None when that is unclear."""
        if len(slip) < SHORTEST_SLIP or not slip.isalpha():
            return None
        return nearest(slip, KnownWords(self._beginnings(len(slip))))

    def _beginnings(self, length: int) -> Counter[str]:
        """How words begin, a sign more or less than `length`, with how many words do."""
        found: Counter[str] = Counter()
        for word, count in self._words.items():
            for start in {word[:size] for size in (length - 1, length, length + 1)}:
                found[start] += count
        return found

    @cached_property
    def _words(self) -> Counter[str]:
        return Counter(
            word for names in self._lists for line in names.lines for word in line.split()
        )
