"""Where a long Dutch word may break, for browsers that lack Dutch patterns."""

import re

from socialmap.models.slugs import folded
from socialmap.search.language.compounds import splitter

SOFT_HYPHEN = "\u00ad"
LONG = 12
"""Shorter words fit on any line; as `hyphenate-limit-chars` in base.css."""
LONG_WORD = re.compile(rf"[^\W\d_]{{{LONG},}}")


def shy(text: str) -> str:
    """The same text with a soft hyphen between the known parts of long words.

    `gedragsproblematiek` stays whole where a part is unknown.
    """
    return LONG_WORD.sub(lambda found: SOFT_HYPHEN.join(_parts(found.group())), text)


def _parts(word: str) -> list[str]:
    """The parts of a word as they are written, a linking -s- or -en- at the end of the first."""
    plain = folded(word)
    known = splitter().split(plain) if len(plain) == len(word) else ()
    starts, at = [], 0
    for part in known:
        at = plain.index(part, at)
        starts.append(at)
        at += len(part)
    cuts = [0, *starts[1:], len(word)]
    return [word[start:end] for start, end in zip(cuts, cuts[1:], strict=False)]
