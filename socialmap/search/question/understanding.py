"""One box: what of a text is an area, an age, a language or another filter, and what is text.

Longest known phrases first; what is understood becomes a chip and no longer counts as text; in
doubt it stays text (SEARCH.md).
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from socialmap.models.slugs import folded
from socialmap.search.language.analysis import PIECE, STOPWORDS, pieces
from socialmap.search.language.lexicon import Lexicon
from socialmap.search.question.query import Chip, Correction
from socialmap.search.question.vocabulary import Meaning, Vocabulary

YEARS = r"\s*-?\s*(?:jaar|jaren|jr\.?|jarigen?|years?)\b"
AGES: tuple[tuple[str, Callable[[re.Match[str]], tuple[str, str] | None]], ...]
LEARNING = frozenset("les lessen leren cursus taalles taal oefenen".split())
"""Beside one of these a language is what one learns."""
UNITS = frozenset("wk weken week dagen dag km kilometer uur minuten euro keer maanden mnd".split())
"""Behind one of these a number is no age."""
STREET_END = re.compile(r"(?:straat|laan|weg|plein|kade|gracht|dijk|pad|hof|groep|gein|plan)$")
POSTCODE = re.compile(r"\b([1-9]\d{3})(?:\s?[A-Z]{2}|[a-z]{2})?\b")
LONGEST_NAME = 6
"""The name of a provider is sought in so many words at most."""
BARE_AGE = re.compile(r"[1-9][0-9]?")
JOINED_BEFORE, JOINED_BEHIND = re.compile(r"(?:€\s*|[-+.,:/])$"), re.compile(r"[-.,:/]\w")
SHORTEST_SLIP = 4
MOST_MENDED = 8
"""So many words are compared with all that the directory knows; it costs work."""
HIGHEST_GROUP = 8
OLDEST_YOUTH = 23


@dataclass(frozen=True)
class Understood:
    """What a text asks: chips, and the text that is left, without slips."""

    chips: tuple[Chip, ...]
    text: str
    corrections: tuple[Correction, ...] = ()


@dataclass
class _Piece:
    """A word where it stands in the text; `word` is folded and without slip."""

    start: int
    end: int
    word: str
    is_used: bool = False
    """Is it part of a chip?"""
    is_text: bool = False
    """Does the reader want it as text?"""


def understand(
    text: str,
    vocabulary: Vocabulary,
    lexicon: Lexicon,
    *,
    literal: Iterable[str] = (),
    taken: Container[str] = (),
    postcodes: Container[str] = (),
) -> Understood:
    """Understand a text; phrases in `literal`, and what sets a parameter in `taken`, stay text.

    `postcodes` are the four digits that are one here; any other number is none.
    """
    reading = _Reading(text, vocabulary, lexicon, {pieces(one) for one in literal}, taken)
    reading.read_postcodes(postcodes)
    return reading.understood()


class _Reading:
    """A text being read."""

    def __init__(
        self,
        text: str,
        vocabulary: Vocabulary,
        lexicon: Lexicon,
        literal: set[tuple[str, ...]],
        taken: Container[str],
    ) -> None:
        self._text, self._vocabulary, self._lexicon = text, vocabulary, lexicon
        self._taken = taken
        self._pieces = [
            _Piece(found.start(), found.end(), folded(found.group()))
            for found in PIECE.finditer(text)
        ]
        self._is_whole_name = False
        self._spans: list[tuple[int, Chip]] = []
        for phrase in literal:
            self._leave(phrase)

    def _leave(self, phrase: tuple[str, ...]) -> None:
        """Keep a phrase as text wherever it stands."""
        for first in range(len(self._pieces) - len(phrase) + 1):
            run = self._pieces[first : first + len(phrase)]
            if phrase and tuple(piece.word for piece in run) == phrase:
                for piece in run:
                    piece.is_text = True

    def understood(self) -> Understood:
        corrections = tuple(self._corrected())
        self._is_whole_name = self._names_something()
        if not self._is_whole_name:
            self._read_ages()
            self._read_providers()
        self._read_phrases()
        if not self._is_whole_name:
            self._read_bare_ages()
        chips = tuple(chip for _, chip in sorted(self._spans, key=lambda span: span[0]))
        return Understood(chips, self._rest(), corrections)

    def _names_something(self) -> bool:
        """Is the whole text the name of something, such as Op naar de brugklas?"""
        words = [piece.word for piece in self._pieces]
        return len(words) > 1 and self._lexicon.is_name(words)

    def read_postcodes(self, known: Container[str]) -> None:
        """The letters of a postcode tell nothing that we know, and go with it."""
        for found in POSTCODE.finditer(self._text):
            digits = found.group(1)
            if digits in known:
                meaning = Meaning((("bij", digits),), f"postcode {digits}")
                self._take(found.start(), found.end(), meaning)

    # Slips

    def _corrected(self) -> Iterator[Correction]:
        slips = (at for at in range(len(self._pieces)) if self._is_slip(at))
        for at in islice(slips, MOST_MENDED):
            piece = self._pieces[at]
            used = self._lexicon.nearest(piece.word, self._vocabulary.words)
            if used is not None and used != piece.word:
                yield Correction(self._text[piece.start : piece.end], used)
                piece.word = used

    def _is_slip(self, at: int) -> bool:
        word = self._pieces[at].word
        if len(word) < SHORTEST_SLIP or not word.isalpha() or self._pieces[at].is_text:
            return False
        if word in STOPWORDS or word in self._vocabulary.words:
            return False
        around = self._joined(at, at + 1)
        return not self._lexicon.knows(word) and not any(map(self._lexicon.holds, around))

    # Ages

    def _read_ages(self) -> None:
        if "leeftijd" in self._taken:
            return
        for pattern, read in AGES:
            for found in re.finditer(pattern, self._text, re.IGNORECASE):
                age = read(found)
                if age is not None:
                    value, shown = age
                    self._take(found.start(), found.end(), Meaning((("leeftijd", value),), shown))

    def _read_bare_ages(self) -> None:
        """A number alone, as in `jongen 17 noord`: not of a house, nor of weeks or euros."""
        if "leeftijd" in self._taken or any(chip.param == "leeftijd" for _, chip in self._spans):
            return
        for at, piece in enumerate(self._pieces):
            behind = self._pieces[at + 1].word if at + 1 < len(self._pieces) else ""
            before = self._pieces[at - 1] if at else None
            is_age = BARE_AGE.fullmatch(piece.word) and not self._is_inside(piece)
            if not is_age or piece.is_used or not 1 < int(piece.word) <= OLDEST_YOUTH:
                continue
            if behind in UNITS or (
                before and not before.is_used and STREET_END.search(before.word)
            ):
                continue
            shown = f"{int(piece.word)} jaar"
            meaning = Meaning((("leeftijd", str(int(piece.word))),), shown)
            self._take(piece.start, piece.end, meaning)
            return

    def _is_inside(self, piece: _Piece) -> bool:
        """Is this number a part of something, as of a price, a time or a telephone number?"""
        before, behind = self._text[: piece.start], self._text[piece.end :]
        return bool(JOINED_BEFORE.search(before) or JOINED_BEHIND.match(behind))

    # Providers

    def _read_providers(self) -> None:
        """The longest name first, and one provider at most."""
        if "aanbieder" in self._taken:
            return
        for length in range(min(LONGEST_NAME, len(self._pieces)), 0, -1):
            for first in range(len(self._pieces) - length + 1):
                run = self._pieces[first : first + length]
                slug = self._lexicon.provider([piece.word for piece in run])
                if slug is not None:
                    start, end = run[0].start, run[-1].end
                    label = self._text[start:end]
                    self._take(start, end, Meaning((("aanbieder", slug),), label))
                    return

    # Phrases

    def _read_phrases(self) -> None:
        for length in range(self._vocabulary.longest, 0, -1):
            for first in range(len(self._pieces) - length + 1):
                self._read_phrase(first, first + length)

    def _read_phrase(self, first: int, last: int) -> None:
        run = self._pieces[first:last]
        meaning = self._vocabulary.phrases.get(tuple(piece.word for piece in run))
        if meaning is None or any(piece.is_used for piece in run) or self._is_text(first, last):
            return
        if not meaning.is_area and (self._is_whole_name or self._is_name(first, last)):
            return
        if meaning.param == "taal" and self._is_learned(first, last):
            return
        self._take(run[0].start, run[-1].end, meaning)

    def _is_text(self, first: int, last: int) -> bool:
        """Is a single word here a part of a compound that was typed in two?"""
        return last - first == 1 and any(map(self._lexicon.holds, self._joined(first, last)))

    def _joined(self, first: int, last: int) -> list[str]:
        """The word joined to the one before it and to the one behind it."""
        word = self._pieces[first].word
        around = [*self._pieces[max(first - 1, 0) : first], *self._pieces[last : last + 1]]
        beside = [one for one in around if one.word not in STOPWORDS]
        return [
            one.word + word if one.start < self._pieces[first].start else word + one.word
            for one in beside
        ]

    def _is_name(self, first: int, last: int) -> bool:
        """Is this part of the name of something, such as Spel aan huis?"""
        words = [piece.word for piece in self._pieces[first:last]]
        around = [*self._pieces[max(first - 1, 0) : first], *self._pieces[last : last + 1]]
        telling = [one.word for one in around if one.word not in STOPWORDS and not one.is_used]
        return any(self._lexicon.names([*words, word]) for word in telling)

    def _is_learned(self, first: int, last: int) -> bool:
        around = [*self._pieces[max(first - 1, 0) : first], *self._pieces[last : last + 1]]
        return any(one.word in LEARNING for one in around)

    def _take(self, start: int, end: int, meaning: Meaning) -> None:
        """Make a chip of a stretch of text, unless it is to stay text."""
        inside = [piece for piece in self._pieces if piece.start < end and piece.end > start]
        is_asked = any(name in self._taken for name, _ in meaning.settings)
        if is_asked or any(piece.is_used or piece.is_text for piece in inside):
            return
        for piece in inside:
            piece.is_used = True
        typed = self._text[start:end]
        (param, value), *more = meaning.settings
        chip = Chip(param, value, meaning.label, typed, more=tuple(more), others=meaning.others)
        self._spans.append((start, chip))

    # What is left

    def _rest(self) -> str:
        """The text without what became a chip, and with slips mended."""
        mended = {
            (one.start, one.end): one.word
            for one in self._pieces
            if not one.is_used and folded(self._text[one.start : one.end]) != one.word
        }
        taken = {(start, start + len(chip.text)): " " for start, chip in self._spans}
        parts, at = [], 0
        for (start, end), instead in sorted({**mended, **taken}.items()):
            parts += [self._text[at:start], instead]
            at = end
        parts.append(self._text[at:])
        left = " ".join("".join(parts).split())
        is_telling = any(word not in STOPWORDS for word in pieces(left))
        return left if is_telling or not self._spans else ""


def _range(found: re.Match[str]) -> tuple[str, str] | None:
    low, high = int(found.group(1)), int(found.group(2))
    return (f"{low}-{high}", f"{low}–{high} jaar") if low < high < 100 else None


def _months(found: re.Match[str]) -> tuple[str, str] | None:
    months = int(found.group(1))
    return (f"{months / 12:.2f}", f"{months} maanden") if 0 < months <= 36 else None


def _half(found: re.Match[str]) -> tuple[str, str]:
    return ("1.5", "anderhalf jaar") if found.group(1) else ("0.5", "half jaar")


def _year(found: re.Match[str]) -> tuple[str, str]:
    return found.group(1), f"{found.group(1)} jaar"


def _year_and_half(found: re.Match[str]) -> tuple[str, str]:
    return f"{found.group(1)}.5", f"{found.group(1)},5 jaar"


def _and_older(found: re.Match[str]) -> tuple[str, str] | None:
    low = int(found.group(1))
    return (f"{low}-{max(low, OLDEST_YOUTH)}", f"vanaf {low} jaar") if low < 100 else None


def _under(found: re.Match[str]) -> tuple[str, str] | None:
    high = int(found.group(1))
    return (f"0-{high - 1}", f"onder de {high} jaar") if high > 1 else None


def _group(found: re.Match[str]) -> tuple[str, str] | None:
    """Group 1 of a basisschool is for children of 4, group 8 for those of 11 and 12."""
    group = int(found.group(1))
    if not 1 <= group <= HIGHEST_GROUP:
        return None
    return f"{group + 3}-{group + 4}", f"groep {group} ({group + 3}–{group + 4} jaar)"


AGES = (
    (rf"\b(\d{{1,2}})\s*(?:-|–|/|t/m|tot en met|tot|en)\s*(\d{{1,2}}){YEARS}", _range),
    (r"(?<![\w.,-])(\d{1,2})\s*[-–]\s*(\d{1,2})(?![\w-])", _range),
    (r"\b(\d{1,2})\s*(?:maanden|maand|mnd)\b(?:\s+oude?)?", _months),
    (r"\b(ander)?half\s*jaar\b", _half),
    (rf"\b(?:onder de|onder|jonger dan)\s+(\d{{1,2}}){YEARS}", _under),
    (rf"\b(?:vanaf|boven de|ouder dan)\s+(\d{{1,2}})(?:{YEARS}|\s*$)", _and_older),
    (r"\b(\d{1,2})\+", _and_older),
    (rf"(?<![\w.,-])(\d{{1,2}})[.,]5{YEARS}", _year_and_half),
    (rf"(?<![.,])\b(\d{{1,2}}){YEARS}", _year),
    (r"\bgroep\s+(\d)\b", _group),
)
"""How ages are written, the longest first, and the value of `leeftijd` with its label."""
