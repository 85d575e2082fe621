"""Help towards plain Dutch (B1): long sentences, jargon and abbreviations; never in the way (R5).

Passive sentences are not looked for: without a parser `wordt boos` and `wordt gekoppeld` are alike.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache, cached_property
from itertools import chain
from pathlib import Path

from sqlmodel import Session

from socialmap.config import DATA
from socialmap.listings.sentences import Sentence, Word, key_of, sentences
from socialmap.models import GlossaryTerm
from socialmap.models.slugs import folded
from socialmap.themes import glossary

JARGON_FILE = DATA / "jargon.csv"
MOST = 5
LONGEST = 20
"""The words of a sentence. Onze Taal advises 15 to 20 on average, and few longer ones for who reads
with difficulty (onzetaal.nl/taalloket/lengte-van-zinnen, read November 2026)."""
JARGON_WEIGHT, SHORT_WEIGHT = 10, 9
"""As useful as a sentence that is this many words too long."""
IN_WORDS = {2: "twee", 3: "drie", 4: "vier"}

SHORT = re.compile(r"[A-Za-z]{2,6}\d?(?:[-/][A-Za-z]+)?")
CAPITALS = re.compile(r"[A-Z]{2,5}")
ROMAN = re.compile(r"[IVX]+")
VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
PLURAL = re.compile(r"(?:['’]|(?<=[A-Z]))s$")
ALONE = re.compile(r"\((?:[^\W\d_]+ )?([^\s()]+)\)")
"""Brackets around a word, or two: `(OKT)`, `(afgekort OKT)`."""
OPENED = re.compile(r"\s*\(\s*[^\W\d_]{4}")
"""What follows a word that is explained: `OKT (ouder- en kindteam)`."""
KNOWN = frozenset(
    "ADD ADHD AED AOW BBQ BSN BSO BTW BV CD DJ DUO DVD EHBO EK EU FIFA GGD GPS GVB HBO HIV ID IJ "
    "IND IQ KNVB LHBTI MBO NL NS OBA OK OLVG PC PDF SMS SOA TV UMC USB UWV VMBO VOG VS VU VWO WC "
    "WK XL XS XXL ZZP".split()
)
"""Abbreviations that need no words."""


class Kind(Enum):
    """What a piece of advice is about."""

    LONG_SENTENCE = auto()
    JARGON = auto()
    ABBREVIATION = auto()


@dataclass(frozen=True)
class Advice:
    """What could be plainer in a text: the sentence or word as typed, and what would be better."""

    kind: Kind
    quote: str
    hint: str


@dataclass(frozen=True)
class Plain:
    """What to write for a word."""

    words: str
    more: str = ""
    """A sentence of explanation."""
    of: str = ""
    """The word it is a form of; its forms are advised on once."""
    is_new_name: bool = False


UNKNOWN = Plain("")


@dataclass(frozen=True)
class Jargon:
    """Phrases by the keys of their words, and abbreviations as they are written.

    An abbreviation without words is a name that stays as it is.
    """

    phrases: Mapping[tuple[str, ...], Plain]
    short: Mapping[str, Plain]

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.phrases), default=0)


def advice(text: str, jargon: Jargon) -> list[Advice]:
    """At most five pieces of advice, the most useful first, else as they stand in the text."""
    found = list(sentences(text))
    told = chain(_long(found), _jargon(text, found, jargon), _short(text, found, jargon))
    unique = dict.fromkeys(sorted(told, key=lambda piece: -piece[0]))
    return [piece for _, piece in unique][:MOST]


def jargon(session: Session) -> Jargon:
    """The words of `data/jargon.csv`, and what only the glossary abbreviates."""
    words = jargon_of_file()
    return replace(words, short={**glossary_short(glossary(session)), **words.short})


@cache
def jargon_of_file() -> Jargon:
    """The words of `data/jargon.csv`, read once."""
    return read_jargon(JARGON_FILE)


def read_jargon(path: Path) -> Jargon:
    """The words of a file with the columns woord, gewoon, uitleg; raises ValueError.

    `|` separates the forms of a word; `gewoon` has one plain form, or as many.
    """
    phrases: dict[tuple[str, ...], Plain] = {}
    short: dict[str, Plain] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        for row in rows:
            forms, plain = row["woord"].split("|"), (row["gewoon"] or "").split("|")
            if len(plain) not in (1, len(forms)) or not all((*forms, *plain)):
                raise ValueError(f"{path.name}, line {rows.line_num}: each word needs a plain one")
            for form, words in zip(forms, plain * (len(forms) // len(plain)), strict=True):
                better = Plain(words, row["uitleg"] or "", of=forms[0])
                if is_short(form):
                    short |= dict.fromkeys(_written(form), better)
                else:
                    phrases[tuple(map(key_of, form.split()))] = better
    return Jargon(phrases, short)


def glossary_short(terms: Iterable[GlossaryTerm]) -> dict[str, Plain]:
    """The abbreviations of the glossary, as they are written."""
    return {
        written: _in_full(name, term)
        for term in terms
        for name in (term.word, *term.also)
        if is_short(name)
        for written in _written(name)
    }


def is_short(name: str) -> bool:
    """Is it an abbreviation: no vowels, or capitals, or three letters at most?"""
    if not SHORT.fullmatch(name):
        return False
    return len(name) <= 3 or sum(map(str.isupper, name)) > 1 or not VOWEL.search(name)


def _written(name: str) -> set[str]:
    """How an abbreviation may be typed; in small letters only when it can't be a word (kies)."""
    loose = set() if VOWEL.search(name) else {name.lower(), name.capitalize()}
    return {name, name.upper()} | loose


def _in_full(name: str, term: GlossaryTerm) -> Plain:
    """The name of today, or the name that has the letters of the abbreviation in their order."""
    if term.now_called:
        return Plain(term.now_called, of=term.word, is_new_name=True)
    names = [full for full in (term.word, *term.also) if not is_short(full)]
    spelled = [full for full in names if _has_letters(full, name)]
    return Plain(next(iter(spelled + names), ""), of=term.word)


def _has_letters(full: str, name: str) -> bool:
    letters = iter(folded(full))
    return all(letter in letters for letter in folded(name) if letter.isalpha())


def _long(found: Sequence[Sentence]) -> Iterator[tuple[int, Advice]]:
    for sentence in found:
        if (words := sentence.length) > LONGEST:
            parts = IN_WORDS.get(-(-words // LONGEST), "kortere zinnen")
            hint = f"Deze zin heeft {words} woorden. Maak er {parts} van."
            yield words - LONGEST, Advice(Kind.LONG_SENTENCE, sentence.text, hint)


def _jargon(text: str, found: Sequence[Sentence], jargon: Jargon) -> Iterator[tuple[int, Advice]]:
    alone, done = _in_brackets(text), set[str]()
    for sentence in found:
        for quote, end, plain in _phrases(sentence, jargon):
            if plain.of in done:
                continue
            done.add(plain.of)
            if key_of(quote) not in alone and not OPENED.match(sentence.text, end):
                hint = f"‘{quote}’ kan eenvoudiger. Schrijf bijvoorbeeld: ‘{plain.words}’."
                yield JARGON_WEIGHT, Advice(Kind.JARGON, quote, f"{hint} {plain.more}".rstrip())


def _phrases(sentence: Sentence, jargon: Jargon) -> Iterator[tuple[str, int, Plain]]:
    """The jargon of a sentence as typed, where it ends, and what to write; longest first."""
    words, at = sentence.words, 0
    while at < len(words):
        for size in range(min(jargon.longest, len(words) - at), 0, -1):
            phrase = words[at : at + size]
            plain = jargon.phrases.get(tuple(word.key for word in phrase))
            if plain and _is_one(sentence, phrase) and not _is_name(phrase[0], at):
                end = phrase[-1].end
                yield sentence.text[phrase[0].start : end], end, plain
                at += size - 1
                break
        at += 1


def _is_one(sentence: Sentence, phrase: Sequence[Word]) -> bool:
    """Does nothing but space stand between these words?"""
    pairs = zip(phrase, phrase[1:], strict=False)
    return all(sentence.text[one.end : next_.start].isspace() for one, next_ in pairs)


def _is_name(word: Word, at: int) -> bool:
    """Is it written as a name: with a capital, though it does not open its sentence?"""
    return at > 0 and word.text[0].isupper()


def _short(text: str, found: Sequence[Sentence], jargon: Jargon) -> Iterator[tuple[int, Advice]]:
    alone, done, whole = _in_brackets(text), set[str](), folded(text)
    for sentence in found:
        for quote, end, plain in _abbreviations(sentence, jargon):
            if (plain.of or quote) in done:
                continue
            done.add(plain.of or quote)
            is_in_brackets = key_of(quote) in alone or OPENED.match(sentence.text, end)
            if not is_in_brackets and not (plain.words and folded(plain.words) in whole):
                yield SHORT_WEIGHT, Advice(Kind.ABBREVIATION, quote, _short_hint(quote, plain))


def _abbreviations(sentence: Sentence, jargon: Jargon) -> Iterator[tuple[str, int, Plain]]:
    """The abbreviations of a sentence as typed, where they end, and what they mean."""
    is_shouted = sentence.text.isupper() and sentence.length > 1
    for word in [] if is_shouted else sentence.words:
        bare = PLURAL.sub("", word.text)
        pieces = [bare, bare.replace("’", "-"), *bare.split("-")]
        known = next((piece for piece in pieces if piece in jargon.short), None)
        if known is None and _is_unknown(bare):
            yield bare, word.end, UNKNOWN
        elif known and jargon.short[known].words:
            quote = bare if len(known) == len(bare) else known
            yield quote, word.end, jargon.short[known]


def _is_unknown(word: str) -> bool:
    """Is it in capitals, and neither well known, nor a number, nor a name that can be said?"""
    is_number = ROMAN.fullmatch(word)
    is_name = len(word) > 3 and VOWEL.search(word)
    return bool(CAPITALS.fullmatch(word)) and word not in KNOWN and not is_number and not is_name


def _short_hint(quote: str, plain: Plain) -> str:
    if plain.is_new_name:
        return f"‘{quote}’ heet nu ‘{plain.words}’. Schrijf dat."
    if plain.words:
        return f"‘{quote}’ is een afkorting. Schrijf erbij wat het is: ‘{plain.words}’."
    return f"‘{quote}’ is een afkorting. Schrijf erbij wat dat betekent."


def _in_brackets(text: str) -> set[str]:
    """The words that stand alone between brackets, by their keys: they are explained."""
    return {key_of(word) for word in ALONE.findall(text)}
