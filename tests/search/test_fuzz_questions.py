"""Questions that nobody thought of: known words in any order, with slips, beside any parameters.

Whatever is asked gets an answer, what was understood can be asked again by its own address with
the same result, and every part of it can be taken away. `make soak` asks many more.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from hypothesis import strategies as st
from sqlmodel import Session, select

from socialmap.app import create_app
from socialmap.config import Settings
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.models import Area, Postcode, Provider, Theme
from socialmap.models.slugs import folded
from socialmap.search.language.lexicon import Lexicon, NoLexicon
from socialmap.search.language.synonyms import SYNONYMS_FILE
from socialmap.search.question.filters import AREA_PARAMS, FACET_LABELS
from socialmap.search.question.params import LONGEST_TEXT, PLAIN_FACETS, read_query
from socialmap.search.question.query import Order, Query, Show
from socialmap.search.question.understanding import understand
from socialmap.search.question.vocabulary import PHRASES_FILE, vocabulary
from socialmap.views.asking import LISTS, Asked
from socialmap.views.chips import ShownChip, chips
from tests.conftest import settings_in
from tests.reading import plain
from tests.test_fuzz import FEW, LONG, NUMBERS, ODD, SIGNS, each

pytestmark = pytest.mark.pages

COUNTS = [FEW, pytest.param(1_000, marks=pytest.mark.soak)]
AGES = (
    "14 jaar|0-4|4 - 12|12+|18+|groep 8|groep 0|half jaar|anderhalf jaar|6 maanden|40 maanden|17|"
    "onder de 4|jonger dan 100 jaar|vanaf 12|ouder dan 99|4 tot en met 12 jaar|12 t/m 4|99+|0|007"
).split("|")
PLACES = "1031|1031AB|1031 ab|1095|1095AB|9999|0000|1011 ab|1102CX".split("|")
JOINED = (
    " ",
    " ",
    " ",
    " ",
    "  ",
    ", ",
    "-",
    "/",
    " - ",
    ". ",
    "\n",
    "'",
    " (",
    ") ",
    "\u00a0",
    "",
)
WHOLE_SIGNS = SIGNS.map(lambda text: text.encode("utf-8", "replace").decode())
"""Half a character reaches no server as such."""
ENGLISH = re.compile(r"\b(the|invalid|value|must|error|not|unknown|expected|is required)\b", re.I)
Params = dict[str, list[str]]


@dataclass(frozen=True)
class Site:
    """The whole city, and the words that mean something there."""

    app: Flask
    tree: AreaTree
    lexicon: Lexicon
    words: list[str]
    values: dict[str, list[str]]
    """For each parameter what may be asked."""

    def asked(self, params: Params) -> Asked:
        """The question with its answer, as the page has it."""
        with self.app.test_request_context("/zoeken", query_string=params) as context:
            return Asked.of(context.request.args)

    def answer(self, params: Params) -> tuple[Asked, list[ShownChip], str]:
        """The question, the chips that the page shows, and its own address."""
        with self.app.test_request_context("/zoeken", query_string=params) as context:
            asked = Asked.of(context.request.args)
            return asked, chips(asked), asked.url()

    def get(self, path: str, params: Params | None = None) -> Any:
        return self.app.test_client().get(path, query_string=params)


@pytest.fixture(scope="module")
def site(backend: str, request: pytest.FixtureRequest) -> Iterator[Site]:
    name = "full_city" if backend == "sqlite" else "full_postgresql"
    found = request.getfixturevalue(name)
    app = create_app(found if isinstance(found, Settings) else settings_in(found))
    app.testing = True  # an error of ours comes out as it is
    with Session(app.extensions["engine"]) as session:
        tree = area_tree(session)
        areas = session.exec(select(Area.name)).all()
        words = [*phrases(), *areas, *AGES, *PLACES, *session.exec(select(Postcode.pc4).limit(9))]
        values = sensible(session, tree)
    yield Site(app, tree, app.extensions["searcher"].lexicon(), words, values)
    app.extensions["engine"].dispose()


def phrases() -> Iterator[str]:
    """All that the files with phrases and synonyms know."""
    for path, columns in ((PHRASES_FILE, ["woorden"]), (SYNONYMS_FILE, ["woord", "betekent"])):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                for column in columns:
                    yield from row[column].removeprefix("thema:").split("|")


def sensible(session: Session, tree: AreaTree) -> dict[str, list[str]]:
    """Values of API.md for each parameter."""
    areas = {
        name: [text for area in tree.at_level(level) for text in (area.slug, area.code)]
        for name, level in AREA_PARAMS.items()
    }
    bij = [f"{area.level}:{area.slug}" for area in tree.at_level(AREA_PARAMS["wijk"])]
    return {
        **{name: list(FACET_LABELS[name]) for name in PLAIN_FACETS},
        **areas,
        "thema": list(session.exec(select(Theme.id)).all()),
        "zonder": list(session.exec(select(Provider.slug)).all()),
        "toon": list(Show),
        "sorteer": list(Order),
        "pagina": ["1", "2", "9999999"],
        "straal": ["0.1", "2,5", "50"],
        "leeftijd": ["0.5", "14", "4-12", "0-0", "120"],
        "bij": [*PLACES[:4], *bij, "plek:oba-van-der-pek", "Osdorp", "weesp"],
        "letterlijk": ["noord", "14 jaar", "geen wachtlijst", "nieuw west"],
        "uitleg": ["1"],
    }


# What is asked


@st.composite
def slipped(draw: st.DrawFn, word: str) -> str:
    """A word with a slip of the pen."""
    at = draw(st.integers(0, max(len(word) - 1, 0)))
    letter = draw(st.sampled_from("aeinstz-é"))
    return draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
                word.upper(),
                word.capitalize(),
            ]
        )
    )


def texts(words: list[str]) -> st.SearchStrategy[str]:
    """What may stand in the one box: mostly known words, in any order."""
    word = st.sampled_from(words)
    odd = st.sampled_from([*ODD, *LONG]) | WHOLE_SIGNS | NUMBERS
    part = word | word | word.flatmap(slipped) | odd
    known = st.lists(st.tuples(part, st.sampled_from(JOINED)), min_size=1, max_size=9)
    joined = known.map(lambda parts: "".join(text for pair in parts for text in pair))
    return joined | joined | joined | WHOLE_SIGNS


def params(site: Site) -> st.SearchStrategy[Params]:
    """A text with a few parameters, most of them sensible."""
    odd = st.sampled_from([*ODD, *site.words]) | WHOLE_SIGNS | NUMBERS

    def value(name: str) -> st.SearchStrategy[tuple[str, list[str]]]:
        good = st.sampled_from(site.values[name])
        most = 3 if name in LISTS else 1
        many = st.lists(good | good | good | odd, min_size=1, max_size=most)
        return st.tuples(st.just(name), many | many.map(lambda all: [",".join(all)]))

    name = st.sampled_from(sorted(site.values))
    chosen = st.lists(name.flatmap(value), max_size=3).map(dict)
    return st.tuples(st.none() | texts(site.words), chosen).map(
        lambda both: both[1] if both[0] is None else {"q": [both[0]], **both[1]}
    )


def params_of(url: str) -> Params:
    return parse_qs(urlsplit(url).query)


def is_long(params: Params) -> bool:
    return len(" ".join(params.get("q", ()))) > LONGEST_TEXT


def filters_of(query: Query) -> dict[str, object]:
    """What a question asks, in whatever way it was said."""
    return {
        "text": query.text,
        "near": query.near,
        "chosen": {name: set(values) for name, values in query.chosen.items()},
        "areas": {name: set(codes) for name, codes in query.areas.items()},
        "ages": {(ages.min_months, ages.max_months) for ages in query.ages},
        "rest": (query.radius_km, query.without, query.show, query.order),
    }


# What must be true


@pytest.mark.parametrize("count", COUNTS)
def test_what_is_understood_comes_from_the_text(site: Site, count: int) -> None:
    words = vocabulary(site.tree)

    def check(typed: str) -> None:
        text = typed[:LONGEST_TEXT]
        for lexicon in (site.lexicon, NoLexicon()):
            found = understand(text, words, lexicon)
            at = 0
            for chip in found.chips:
                assert chip.text
                at = text.index(chip.text, at) + len(chip.text)  # in their order, none inside
            assert all(one.typed in text and one.used != one.typed for one in found.corrections)
            longer = sum(max(len(one.used) - len(one.typed), 0) for one in found.corrections)
            assert len(found.text) <= len(text) + longer
            literal = [chip.text for chip in found.chips]
            again = understand(text, words, lexicon, literal=literal)
            assert not {chip.text for chip in again.chips} & set(literal)

    each(texts(site.words), count, check)


@pytest.mark.parametrize("count", COUNTS)
def test_what_is_understood_is_asked_without_errors(site: Site, count: int) -> None:
    """A text alone is never wrong, and what it asks stands in an answer."""

    def check(text: str) -> None:
        with Session(site.app.extensions["engine"]) as session:
            query, errors = read_query(session, site.tree, {"q": [text]}, site.lexicon)
        assert [error for error in errors if error.param != "bij"] == []
        for chip in query.chips:
            asked = {*query.chosen, *query.areas, *(["leeftijd"] if query.ages else [])}
            asked |= {"bij"} if query.near else set()
            assert {name for name, _ in chip.settings} <= asked

    each(texts(site.words), count, check)


@pytest.mark.parametrize("count", COUNTS)
def test_question_gets_an_answer(site: Site, count: int) -> None:
    """The API answers, or names in Dutch what it can't use; the page always answers, and keeps
    what was typed."""

    def check(given: Params) -> None:
        answer = site.get("/api/search", given)
        assert answer.status_code in (200, 400)
        for error in answer.json.get("errors", ()):
            assert error["param"] in (*given, "bij")
            assert not ENGLISH.search(error["message"])
            assert error["message"][0].isupper()
            assert error["message"].endswith((".", "?"))
        page = site.get("/zoeken", given)
        assert page.status_code in (200, 303)
        if page.status_code == 303:  # an address goes out of the URL
            return
        assert (answer.status_code == 400) == ("Dit begrijpen wij niet" in page.text)
        seen = plain(page.text)
        for error in answer.json.get("errors", ()):
            assert plain(escape(error["value"])) in seen
        typed = site.asked(given).query.typed
        if typed.isprintable() and not set(typed) & set("<>&"):
            assert typed in seen

    each(params(site), count, check)


@pytest.mark.parametrize("count", COUNTS)
def test_own_address_of_a_question_asks_the_same(site: Site, count: int) -> None:
    def check(given: Params) -> None:
        asked, shown, url = site.answer(given)
        if is_long(params_of(url)):  # mended it is longer than we read
            return
        again, shown_again, url_again = site.answer(params_of(url))
        if asked.found.left_out:  # its own address asks what was answered, which may read otherwise
            return
        assert filters_of(again.query) == filters_of(asked.query)
        assert bool(shown_again) == bool(shown)
        assert again.found.total == asked.found.total
        assert set(again.found.ranked.ids) == set(asked.found.ranked.ids)
        assert params_of(url_again) == params_of(url)

    each(params(site), count, check)


@pytest.mark.parametrize("count", COUNTS)
def test_every_chip_can_be_taken_away(site: Site, count: int) -> None:
    def check(given: Params) -> None:
        _, shown, _ = site.answer(given)
        for chip in shown:
            assert site.get(chip.url).status_code == 200
            asked, shown_left, _ = site.answer(params_of(chip.url))
            left = [
                (one.label, one.typed) for one in shown_left
            ]  # what was chosen may be typed as well
            is_typed_twice = chip.typed and folded(chip.typed) in folded(asked.query.typed)
            assert (chip.label, chip.typed) not in left or is_typed_twice
            if chip.as_text is not None:
                assert site.get(chip.as_text).status_code == 200
                as_text = params_of(chip.as_text)
                asked = site.asked(as_text)
                assert chip.typed in asked.query.text or is_long(as_text)
                assert chip.label not in [one.label for one in asked.query.chips]
            for other in chip.others:
                assert site.get(other.url).status_code == 200

    each(params(site), count, check)
