"""What differs between two versions: of a text word by word, of the rest line by line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import groupby
from typing import Any

from socialmap.reviews.readings import GROUPS, TEXTS, Names, lines

MARK = "\u0300-\u036f\u20d0-\u20ff\u200d\ufe00-\ufe0f"
"""What belongs to the sign before it: accents, joiners, the look of an emoji."""
STOP = '.,;:!?()\\[\\]{}"“”„«»…'
WORD = re.compile(
    rf"\n|[^\S\n]+|[{STOP}][{MARK}]*|[^\s{STOP}]+(?:[{STOP}]+[^\s{STOP}{MARK}][^\s{STOP}]*)*"
)
"""A line end, spaces, a stop, or a word with the stops inside it: `13.30`, `d.w.z`, `e-mail`."""
ALIKE = 3
"""One in so many words must have stayed, else the texts are shown one under the other."""
MOST = 4_000_000
"""So many pairs of words are compared at most; longer texts are shown one under the other."""


class Kind(Enum):
    """What became of a piece."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """Some words, or a line."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Difference:
    """What changed in a field, or in fields that are read together."""

    name: str
    fields: tuple[str, ...]
    is_text: bool
    """The pieces follow each other in one text; else each is a line."""
    pieces: tuple[Piece, ...]


def differences(changes: Mapping[str, tuple[Any, Any]], names: Names) -> list[Difference]:
    """What changed, in the order of the forms; `changes` has before and after by field."""
    found = []
    for name, fields in GROUPS:
        changed = tuple(field for field in fields if field in changes)
        if changed:
            found.append(_difference(name, changed, changes, names))
    return found


def _difference(
    name: str, fields: tuple[str, ...], changes: Mapping[str, tuple[Any, Any]], names: Names
) -> Difference:
    before, after = ({field: changes[field][at] for field in fields} for at in (0, 1))
    if fields[0] in TEXTS:
        pieces = word_differences(before[fields[0]] or "", after[fields[0]] or "")
        return Difference(name, fields, True, tuple(pieces))
    old, new = _lines(before, names), _lines(after, names)
    if old == new:
        old, new = (_lines(one, names, in_detail=True) for one in (before, after))
    return Difference(name, fields, False, tuple(line_differences(old, new)))


def _lines(values: Mapping[str, Any], names: Names, *, in_detail: bool = False) -> list[str]:
    """The lines of what may not be said at all, as in a new offer."""
    if all(value is None for value in values.values()) and set(values) & {"places", "ages_known"}:
        return []
    return lines(values, names, in_detail=in_detail)


def word_differences(before: str, after: str) -> list[Piece]:
    """What two texts have in common and not, in reading order. Their words stay whole; without
    what is new the pieces are `before`, without what is gone `after`, but for spaces."""
    old, new = _words(before), _words(after)
    runs = _matched(old, new, [_bare(word) for word in old], [_bare(word) for word in new])
    same = sum(_is_word(word) for kind, some in runs if kind == Kind.SAME for word in some)
    if same * ALIKE < max(sum(map(_is_word, old)), sum(map(_is_word, new))):
        runs = [(Kind.GONE, old), (Kind.NEW, new)]
    return [Piece(kind, "".join(some)) for kind, some in runs if some]


def line_differences(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    """What two lists have in common and not, line by line."""
    found = _matched(before, after, before, after)
    return [Piece(kind, line) for kind, some in found for line in some]


def _words(text: str) -> list[str]:
    """The words of a text, each with the spaces after it."""
    words: list[str] = []
    for part in WORD.findall(text):
        if words and part.strip() == "" and part != "\n" and not words[-1].endswith("\n"):
            words[-1] += part
        else:
            words.append(part)
    return words


def _bare(word: str) -> str:
    return word if word == "\n" else word.rstrip()


def _is_word(word: str) -> bool:
    return any(sign.isalnum() for sign in word)


def _matched(
    old: Sequence[str], new: Sequence[str], old_keys: Sequence[str], new_keys: Sequence[str]
) -> list[tuple[Kind, Sequence[str]]]:
    """Runs of what is the same, gone and new; what is gone stands before what came for it."""
    found: list[tuple[Kind, str]] = []
    for kind, i, j, k, m in _steps(old_keys, new_keys):
        if kind == "equal":
            pairs = zip(old[i:j], new[k:m], strict=True)  # one may have no space after it
            found += [(Kind.SAME, max(pair, key=len)) for pair in pairs]
        else:
            found += [(Kind.GONE, word) for word in old[i:j]]
            found += [(Kind.NEW, word) for word in new[k:m]]
    runs = groupby(found, key=lambda one: one[0])
    return [(kind, [word for _, word in some]) for kind, some in runs]


def _steps(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    if len(old) * len(new) > MOST:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new).get_opcodes())
