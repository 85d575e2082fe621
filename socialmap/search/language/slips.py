"""Slips of the pen: for a word that nobody knows, the known word that is nearest."""

import re
from collections.abc import Callable, Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

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


def nearest(
    word: str,
    known: Mapping[str, int],
    is_need: Callable[[str], bool] = lambda _word: False,
) -> str | None:
    """The known word that sounds the same or differs by one slip (two in a long word), or None.

    A slip is a letter too many, missing or wrong, or two that changed places (optimal string
    alignment). Of several wins what sounds the same, then the fewest slips, then what `is_need`
    says people look for, then the same first letter, then what `known` counts most.
    """
    most = 2 if len(word) >= LONG else 1
    own_sound = sound(word)
    alike = [other for other in known if abs(len(other) - len(word)) <= 2]
    found = process.extract(word, alike, scorer=OSA.distance, score_cutoff=2, limit=None)
    ranked = [
        (sound(other) != own_sound, slips, not is_need(other), other[0] != word[0], -known[other])
        + (other,)
        for other, slips, _ in found
        if slips <= most or sound(other) == own_sound
    ]
    return min(ranked)[-1] if ranked else None


def counted(known: Mapping[str, int], others: Iterable[str]) -> dict[str, int]:
    """These words and others, which count as one that occurs once."""
    return {**dict.fromkeys(others, 1), **known}
