"""How Dutch text falls into sentences and words, as people type it in a form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from socialmap.models.slugs import folded

BULLET = re.compile(r"\s*(?:[-–—•·*▪◦‣]|\d{1,2}[.)]|[a-z]\))\s+")
BREAK = re.compile(r"([.!?…]{1,9})[\"'”’»)\]]{0,9}\s+")
"""Counted, so that ten thousand exclamation marks are read once."""
GOES_ON = frozenset(
    "art. bijv. blz. bv. ca. dhr. dr. drs. evt. excl. fam. ing. incl. ir. mevr. mr. mw. "
    "nr. prof. resp. st. tel. vgl. vs. zgn.".split()
)
"""Words with a full stop that never end a sentence."""
MAY_END = frozenset(
    "a.u.b. e.d. e.o. enz. etc. jl. max. min. s.v.p. ma. di. wo. do. vr. za. zo. "
    "jan. feb. mrt. apr. jun. jul. aug. sep. sept. okt. nov. dec.".split()
)
"""Words with a full stop that end one when a capital follows."""
LETTERS = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_a-z]\.")
"""Letters with full stops (m.b.t.) and the initial of a name (J.)."""
LONGEST_SHORT = 12
"""No word with full stops is longer."""
CHUNK = re.compile(r"\S+")
WORD = re.compile(r"[^\W\d_](?:\.[^\W\d_])+(?!\w)\.?|[^\W_]+(?:['’\-–][^\W_]+)*")
"""Letters with full stops, or a word with its inner marks."""
ADDRESS = re.compile(r"^(?:https?:|www\.)|\w@\w|\w\.(?:nl|com|org|eu|amsterdam|example)\b")
"""What a web or mail address has in it."""
INNER_MARK = re.compile(r"[.\-–]")
NUMBER_GAP = re.compile(r"(?<=\d) (?=\d)")


@dataclass(frozen=True)
class Word:
    """A word where it stands in its sentence."""

    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """The word without accents, capitals, hyphens and full stops."""
        return key_of(self.text)


@dataclass(frozen=True)
class Sentence:
    """A sentence as typed, without the bullet before it."""

    text: str

    @cached_property
    def words(self) -> list[Word]:
        """Its words, without web and mail addresses."""
        return [
            Word(word[0], *word.span())
            for chunk in CHUNK.finditer(self.text)
            if not ADDRESS.search(chunk[0])
            for word in WORD.finditer(self.text, *chunk.span())
        ]

    @property
    def length(self) -> int:
        """How many words one reads aloud; `t/m`, `13.30` and `020 000 0012` are one each."""
        chunks = NUMBER_GAP.sub("", self.text).split()
        return sum(any(map(str.isalnum, chunk)) for chunk in chunks)


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text; a line end also ends one."""
    for line in text.splitlines():
        bullet = BULLET.match(line)
        yield from _of_line(line[bullet.end() if bullet else 0 :])


def key_of(word: str) -> str:
    """How a word is looked up: `Psycho-educatie` -> `psychoeducatie`, `m.b.t.` -> `mbt`."""
    return INNER_MARK.sub("", folded(word))


def _of_line(line: str) -> Iterator[Sentence]:
    start = 0
    for mark in BREAK.finditer(line):
        before = line[max(start, mark.start() - LONGEST_SHORT) : mark.end(1)]
        if mark[1] != "." or not _goes_on(before, line[mark.end() : mark.end() + 1]):
            yield Sentence(line[start : mark.end()].strip())
            start = mark.end()
    if line[start:].strip():
        yield Sentence(line[start:].strip())


def _goes_on(before: str, after: str) -> bool:
    """Does a sentence go on after the full stop that ends `before`?"""
    last = before.split()[-1].lstrip("(\"'“‘«")
    if last.lower() in MAY_END:
        return not after.isupper()
    return last.lower() in GOES_ON or bool(LETTERS.fullmatch(last))
