"""Slips of the pen: for a word that nobody knows, the known word that is nearest."""

import re
from collections.abc import Callable, Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

FARTHEST = 2
LONG = 8
"""From this length on two slips are allowed, below it one."""
SOUNDS = (
    ("sch(?=e?$|[^aeiouy])", "s"),
    ("cht", "gt"),
    ("ch", "g"),
    ("sk", "sg"),
    ("qu", "kw"),
    ("ck", "k"),
    ("c(?=[eiy])", "s"),
    ("c", "k"),
    ("ks", "x"),
    ("ij|y", "ei"),
    ("auw|ouw|au", "ou"),
    ("th", "t"),
    ("ph|v", "f"),
    ("z", "s"),
    ("dt?$", "t"),
    (r"(\w)\1", r"\1"),
)
"""What sounds the same in Dutch: `slegt` and `slecht`, `gezondhijd` and `gezondheid`."""
PATTERNS = tuple((re.compile(pattern), by) for pattern, by in SOUNDS)


def sound(word: str) -> str:
    """How a folded word sounds, roughly: words that sound the same give the same."""
    for pattern, by in PATTERNS:
        word = pattern.sub(by, word)
    return word


class KnownWords:
    """Words with how often each occurs, at hand by their length."""

    def __init__(self, counts: Mapping[str, int], others: Iterable[str] = ()) -> None:
        """`others` count as words that occur once."""
        self.counts = {**dict.fromkeys(others, 1), **counts}
        self._by_length: dict[int, list[str]] = {}
        for word in self.counts:
            self._by_length.setdefault(len(word), []).append(word)

    def about_as_long(self, length: int) -> list[str]:
        """The words of which the length differs by two at most."""
        near = range(length - FARTHEST, length + FARTHEST + 1)
        return [word for one in near for word in self._by_length.get(one, ())]


def nearest(
    word: str,
    known: KnownWords,
    is_need: Callable[[str], bool] = lambda _word: False,
) -> str | None:
    """The known word that sounds the same or differs by one slip (two in a long word), or None.

    A slip is a letter too many, missing or wrong, or two that changed places (optimal string
    alignment). Of several wins what sounds the same, then the fewest slips, then what `is_need`
    says people look for, then the same first letter, then what `known` counts most.
    """
    most = 2 if len(word) >= LONG else 1
    own_sound = sound(word)
    alike = known.about_as_long(len(word))
    found = process.extract(word, alike, scorer=OSA.distance, score_cutoff=FARTHEST, limit=None)
    ranked = [
        (sound(other) != own_sound, slips, not is_need(other), other[0] != word[0])
        + (-known.counts[other], other)
        for other, slips, _ in found
        if slips <= most or sound(other) == own_sound
    ]
    return min(ranked)[-1] if ranked else None
