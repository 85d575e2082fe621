"""The work of one question has a limit, whatever is typed: counted, so that no clock decides."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session

from socialmap.geo.tree import area_tree
from socialmap.search.answer import engine, wider
from socialmap.search.index.lexicon import SnapshotLexicon
from socialmap.search.index.snapshot import SegmentCache, Snapshot
from socialmap.search.language.analysis import pieces
from socialmap.search.language.compounds import Splitter, read_parts, splitter
from socialmap.search.language.meaning import MOST_WORDS, meant
from socialmap.search.language.synonyms import synonyms
from socialmap.search.question.params import LONGEST_TEXT, read_query
from tests.search.test_fuzz_questions import phrases

MOST_WAYS, MOST_TERMS = 200, 250
"""In which a listing may say what was typed, and the terms of those."""
MOST_MENDED = 8
"""Words that are compared with every word of the directory."""
MOST_LOOK_UPS = 25_000
"""Of parts, to take one word apart."""
MOST_POSTINGS, MOST_POSTINGS_WITH_FILTERS = 2_500, 5_000
"""Lists of documents that are read to answer."""
MOST_ANSWERS = 24
"""Times that all documents are matched: for the answer, and for each way to look wider."""


def filled(words: Iterable[str]) -> str:
    """A text of these words, as long as is read."""
    text = ""
    for word in words:
        if len(text) + len(word) >= LONGEST_TEXT:
            break
        text = f"{text} {word}".strip()
    return text


def unknown(letters: str, length: int) -> Iterator[str]:
    """Words that nobody knows."""
    return ("".join(signs) for signs in product(letters, repeat=length))


def with_other_words() -> list[str]:
    """The phrases with the most other words for their length."""

    def others(phrase: str) -> float:
        said = synonyms().said(pieces(phrase))
        return sum(len(one.others) for one in said) / len(phrase)

    return sorted({phrase.lower() for phrase in phrases()}, key=lambda one: (-others(one), one))


def with_slips() -> Iterator[str]:
    for word in sorted(synonyms().words):
        if word.isalpha() and 5 <= len(word) <= 6 and word[2] != word[3]:
            yield word[:2] + word[3] + word[2] + word[4:]


TEXTS = {
    "shortest words": filled(unknown("abcdefgh", 2)),
    "unknown words": filled(unknown("qxzjv", 4)),
    "long unknown words": filled(unknown("qxzjv", 9)),
    "slips": filled(with_slips()),
    "words with other words": filled(with_other_words()),
    "compounds": filled(f"{part}groep" for part in sorted(read_parts(), key=len)),
    "areas": filled(["noord", "zuid", "west", "oost"] * 20),
    "ages": filled(f"{age} jaar" for age in range(5, 90)),
}
FILTERS = {
    "niveau": "stad",
    "soort": "informeel",
    "vorm": "inloop",
    "route": "huisarts",
    "taal": "pap",
    "dag": "zo",
    "dagdeel": "avond",
    "doelgroep": "vrouwen",
    "kosten": "vergoed",
    "waar": "online",
    "beschikbaar": "nu",
    "thema": "faalangst",
    "wijk": "volewijck",
    "gebied": "osdorp",
    "stadsdeel": "weesp",
    "leeftijd": "4",
    "bij": "1031",
    "straal": "0.1",
}
"""All at once nothing fits, so that every way to look wider is tried."""
texts = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
Asks = Callable[..., Counter[str]]


@pytest.fixture
def asks(full_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Asks:
    """Asks a question on the page; returns how often was done what costs work."""
    done: Counter[str] = Counter()

    def count(owner: object, name: str) -> None:
        known = getattr(owner, name)

        def counted(*args: Any, **options: Any) -> Any:
            done[name] += 1
            return known(*args, **options)

        monkeypatch.setattr(owner, name, counted)

    count(Snapshot, "postings")
    count(SnapshotLexicon, "nearest")
    count(engine, "evaluated")
    count(wider, "evaluated")

    def ask(text: str, **filters: str) -> Counter[str]:
        done.clear()
        asked = full_app.test_client().get("/zoeken", query_string={"q": text, **filters})
        assert asked.status_code == 200
        assert done["evaluated"]
        return done

    return ask


@texts
def test_a_question_means_no_more_than_so_many_terms(full_app: Flask, text: str) -> None:
    lexicon = full_app.extensions["searcher"].lexicon()
    with Session(full_app.extensions["engine"]) as session:
        query, _ = read_query(session, area_tree(session), {"q": [text]}, lexicon)
    concepts = meant(query.text, synonyms()).concepts
    ways = [way for concept in concepts for way in concept.ways]
    assert len(concepts) <= MOST_WORDS
    assert len(ways) <= MOST_WAYS
    assert sum(len(way.terms) for way in ways) <= MOST_TERMS


@texts
def test_a_question_reads_no_more_than_so_many_lists(asks: Asks, text: str) -> None:
    assert asks(text)["postings"] <= MOST_POSTINGS


@texts
def test_looking_wider_reads_hardly_more(asks: Asks, text: str) -> None:
    assert asks(text, **FILTERS)["postings"] <= MOST_POSTINGS_WITH_FILTERS


@texts
def test_few_words_are_compared_with_all(asks: Asks, text: str) -> None:
    assert asks(text)["nearest"] <= MOST_MENDED


def test_few_ways_to_look_wider_are_tried(asks: Asks) -> None:
    assert asks("faalangst", **FILTERS)["evaluated"] <= MOST_ANSWERS


def test_a_question_asked_again_reads_nothing_from_disk(
    asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = TEXTS["words with other words"]
    asks(text)

    def read(*_: object) -> None:
        raise AssertionError("read once more")

    monkeypatch.setattr("socialmap.search.index.snapshot._read_postings", read)
    monkeypatch.setattr(SegmentCache, "segments", read)
    assert asks(text)["postings"]


class Parts(frozenset[str]):
    """Known parts, that stop who looks too often."""

    looks = 0

    def __contains__(self, part: object) -> bool:
        self.looks += 1
        assert self.looks <= MOST_LOOK_UPS
        return super().__contains__(part)


@pytest.mark.parametrize("tail", ["", "x", "enx"])
def test_a_word_is_taken_apart_in_few_steps(tail: str) -> None:
    parts = read_parts()
    for part in parts:
        known = Splitter(parts)
        known._parts = Parts(known._parts)
        known.split(part * (LONGEST_TEXT // len(part)) + tail)


def test_words_that_were_taken_apart_are_not_kept_for_ever() -> None:
    assert splitter().split.cache_info().maxsize
