"""How text becomes terms: folded, split into words, stemmed in Dutch (SEARCH.md, Relevance)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from whoosh.analysis import Token, Tokenizer
from whoosh.lang.snowball.dutch import DutchStemmer

from socialmap.models.slugs import folded

WORD = re.compile(r"\d+\+|[^\W_]+(?:['’\-–][^\W_]+)*", re.UNICODE)
"""Words with their inner hyphens and apostrophes, and `12+`."""
PIECE = re.compile(r"\d+\+|[^\W_]+")
OPTIONAL_LETTER = re.compile(r"\((\w{1,3})\)(?=\w)")
"""The bracket of (v)echtscheiding."""
INNER_MARK = re.compile(r"['’\-–]")
IRREGULAR = {
    "kinder": "kind",
    "kinderen": "kind",
    "baby's": "baby",
    "babys": "baby",
    "ouders": "ouder",
    "opa's": "opa",
    "oma's": "oma",
    "boos": "boos",
    "boze": "boos",
    "bozer": "boos",
    "baan": "baan",
    "banen": "baan",
    "kies": "kies",
}
STOPWORDS = frozenset(
    "aan al als altijd bij dan dat de der deze die dit doe door een en er erg ga geen haar had "
    "heb hebben heeft hem het hier hij hoe hun ik in is ja je jij jouw kan kom kunnen maar me "
    "meer met mij mijn moet na naar niet nog nu of om onder ons ook op over te tegen toch toen "
    "tot u uit uw van veel voor want waren was wat we wel werd wie wij wil wilt word wordt ze "
    "zich zij zijn zo zoek zoeken zou graag iets iemand doet betekent betekenis verschil spreekt "
    "sprekend sprekende alles steeds vaak soms heel beetje krijg krijgt krijgen gaat gaan komt "
    "staat zit zitten bel bellen nummer telefoonnummer".split()
) | frozenset(
    # English, Turkish, Moroccan Arabic, Papiamento and Sranan: what is said around a need
    "a an and are at can child children does find for from get have help her here his how i is "
    "just kid looking me my need no not of on or our she son daughter speak speaks that the there "
    "they to want we where who with you your bir bu ben benim bana icin ile nerede nasil var yok "
    "oglum kizim yardim istiyorum dyal dyali kayn wach wldi bnti wladi 3ndi mi tin di ku yu un "
    "mester yudansa yuda nanga fu wani abi yepi wan".split()
)
"""Words around a need, so common that they tell nothing."""
DOUBLED = re.compile(r"([bcdfgklmnpqrstvwxz])\1$")
SHORTEST_ING = 6

Words = tuple[str, ...]

_porter = DutchStemmer()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word: Snowball's Dutch Porter, and what it leaves apart joined again.

    kinderen = kind, gezinnen = gezin, huizen = huis, brieven = brief, trainingen = training.
    """
    if word in IRREGULAR:
        return IRREGULAR[word]
    if not word.isalpha() or len(word) < 4:
        return word
    if word.endswith("jes"):
        word = word[:-1]
    found: str = DOUBLED.sub(r"\1", _porter.stem(word))
    if len(found) > SHORTEST_ING and found.endswith("ing"):
        found = DOUBLED.sub(r"\1", found[:-3])
    if found.endswith("v"):
        return found[:-1] + "f"
    if found.endswith("z"):
        return found[:-1] + "s"
    return found


def words(text: str) -> Iterator[str]:
    """The folded words of a text; a hyphenated word both joined and split, (v)echt both ways."""
    plain = folded(text)
    for word in WORD.findall(OPTIONAL_LETTER.sub("", plain)):
        if word.isalnum():
            yield word
        else:
            yield from _with_parts(word)
    for match in OPTIONAL_LETTER.finditer(plain):
        rest = WORD.match(plain, match.end())
        if rest:
            yield match.group(1) + rest.group()


def pieces(text: str) -> Words:
    """The folded words of a text, split at hyphens and apostrophes: `Nieuw-West` is two."""
    return tuple(map(folded, PIECE.findall(text)))


def _with_parts(word: str) -> Iterator[str]:
    parts = INNER_MARK.split(word)
    if len(parts) == 1:
        yield word
        return
    yield "".join(parts)
    yield from (part for part in parts if len(part) > 1)


def terms(text: str) -> list[str]:
    """The stems of a text, in order, with repeats."""
    return [stem(word) for word in words(text)]


def query_words(text: str) -> list[str]:
    """The words to look for: without stopwords, unless nothing else was typed; no repeats."""
    found = list(words(text))
    telling = [word for word in found if word not in STOPWORDS]
    return list({stem(word): word for word in telling or found}.values())


def query_terms(text: str) -> list[str]:
    """The stems of the words to look for."""
    return [stem(word) for word in query_words(text)]


class SurfaceTokenizer(Tokenizer):  # type: ignore[misc]
    """The folded words as they stand in a text: what slips are compared with."""

    def __call__(self, value: str, **_: object) -> Iterator[Token]:
        token = Token(positions=False)
        for word in words(value):
            token.text, token.boost, token.stopped = word, 1.0, False
            yield token


class DutchTokenizer(Tokenizer):  # type: ignore[misc]
    """Our analysis in the shape that Whoosh asks for."""

    def __call__(self, value: str, positions: bool = False, **_: object) -> Iterator[Token]:
        token = Token(positions=positions)
        for position, term in enumerate(terms(value)):
            token.text = term
            token.boost = 1.0
            token.stopped = False
            if positions:
                token.pos = position
            yield token
