"""Odd input on every address and every parameter: never a failure of ours, always a way on.

Some hundred requests each time, always the same ones; `make soak` asks 20,000 that nobody chose.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote_from_bytes, unquote_to_bytes

import pytest
from flask import Flask, Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder

from socialmap.app import create_app
from socialmap.config import Settings
from socialmap.models import Area, Listing, Person, Provider, Team, Theme
from socialmap.views.asking import LISTS, SINGLE
from tests.conftest import settings_in

pytestmark = pytest.mark.pages

FEW, MANY = 50, 5_000
"""Requests for each of two tests on two databases."""
COUNTS = [FEW, pytest.param(MANY, marks=pytest.mark.soak)]
PARAMS = (*SINGLE, *LISTS, "pagina", "aanbod", "", "onbekend", "q[]", "__proto__")
PAGES = (
    *(b"/zoeken", b"/api/search", b"/api/suggest", b"/vergelijk"),
    *(b"/kaart/noord.geojson", b"/kaart/amsterdam.geojson", b"/a-z"),
)
"""Those that take parameters."""
ENGLISH = ("The requested URL", "Not Found", "Bad Request", "Method Not Allowed", "Werkzeug")
ODD = (
    "\0 a\0b %00 %2500 \x01\x02\x1b[31m \x7f \x85 \u2028 \ufeff \u202egnp \ufffd \U0010ffff "
    "nan inf -inf 1e309 -1 -0 0 00 1e3 0x10 1_000 ١٤ ½ ² １４ Ⅻ 14-4 4-12-18 0.1.2 ,5 99999999999 "
    "../../etc/passwd ..%2f..%2f \\..\\ //example.com /%2e%2e/ ; .. . ~ * ? # & = + % %zz "
    "<script>alert(1)</script> '--1=1 \"' ${7*7} {{7*7}} {0} %s $ ` "
    "wijk: wijk:: buurt:\0 plek: plek:.. stadsdeel:stadsdeel:noord gebied:* : 1031 1031AB 0000AA "
    "1O31 AND OR NOT (( )) [1~2] q:q a^9 \"a 'a a* ** -- a-b-c- (v)echt (v)(v)(v) 12+ ++ "
    "İ ı ß ǅ ﬁ é e\u0301\u0301\u0301 👩\u200d👩\u200d👧 ـ 中文 עברית"
).split(" ")
LONG = ("a" * 5_000, "é" * 3_000, "a," * 2_000, "(" * 2_000, "-" * 3_000, "9" * 4_500, "a b " * 900)
WORST = (
    b"\0",
    b"a\0b",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"../..",
    b"9" * 4_500,
    b"",
    b" ",
    b"'",
    b"\n",
)
"""What breaks programs most often; these go everywhere, every time."""
SIGNS = st.text(max_size=40) | st.text(
    st.characters(categories=["Cc", "Cf", "Cs", "Zs"]), max_size=9
)
NUMBERS = st.integers().map(str) | st.floats().map(str)
T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """One request as a server receives it: the path and query still as bytes."""

    path: bytes
    query: bytes = b""
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """The whole city, its addresses, and values that mean something there."""

    app: Flask
    rules: list[Rule]
    known: list[str]

    def answers(self, asked: Asked) -> Response:
        environ = EnvironBuilder(method=asked.method, headers=asked.headers).get_environ()
        environ["PATH_INFO"] = unquote_to_bytes(asked.path).decode("latin-1")
        environ["QUERY_STRING"] = asked.query.decode("latin-1")
        response: Response = Response.from_app(self.app, environ, buffered=True)
        return response


@pytest.fixture(scope="module")
def site(backend: str, request: pytest.FixtureRequest) -> Iterator[Site]:
    name = "full_city" if backend == "sqlite" else "full_postgresql"
    found = request.getfixturevalue(name)
    app = create_app(found if isinstance(found, Settings) else settings_in(found))
    app.testing = True  # an error of ours comes out as it is
    with Session(app.extensions["engine"]) as session:
        slugs = [session.exec(select(noun.slug).limit(20)).all() for noun in NOUNS]
        themes = session.exec(select(Theme.id)).all()
    rules = list(app.url_map.iter_rules())
    yield Site(app, rules, [*themes, *(slug for some in slugs for slug in some)])
    app.extensions["engine"].dispose()


NOUNS: tuple[Any, ...] = (Area, Listing, Person, Provider, Team)


def as_bytes(text: str) -> bytes:
    """The bytes of a text; half a character becomes bytes that are no UTF-8."""
    return text.encode("utf-8", "surrogatepass")


def values(known: list[str]) -> st.SearchStrategy[bytes]:
    """What somebody, or something, may put where a value belongs."""
    meant = st.sampled_from(known)
    odd = st.sampled_from([*ODD, *LONG]) | SIGNS | NUMBERS
    mixed = st.tuples(meant, odd).map("".join) | st.tuples(odd, meant).map("".join)
    return (meant | odd | mixed | meant.map(str.upper)).map(as_bytes) | st.binary(max_size=20)


def queries(known: list[str]) -> st.SearchStrategy[bytes]:
    """Query strings: few or many pairs, repeated, with and without escapes."""
    names = st.sampled_from(PARAMS).map(as_bytes) | SIGNS.map(as_bytes)
    pairs = st.tuples(names, values(known))
    escaped = st.lists(pairs, max_size=7).map(joined)
    crowd = st.tuples(pairs, st.integers(50, 400)).map(lambda many: joined([many[0]] * many[1]))
    return escaped | crowd | st.binary(max_size=60) | values(known)


def joined(pairs: list[tuple[bytes, bytes]]) -> bytes:
    return "&".join("=".join(map(quote_from_bytes, pair)) for pair in pairs).encode()


def paths(site: Site) -> st.SearchStrategy[bytes]:
    """Every address of the URL map with odd values in its gaps, and addresses nobody has."""
    some = values(site.known)

    def filled(rule: Rule) -> st.SearchStrategy[bytes]:
        parts = [
            some.map(quote_from_bytes) if is_gap else st.just(text) for is_gap, text in rule._trace
        ]
        return st.tuples(*parts).map(lambda found: "".join(found).partition("|")[2].encode())

    ours = st.sampled_from(site.rules).flatmap(filled)
    tails = st.sampled_from([b"", b"", b"", b"/", b"//", b"/..", b"%00", b".", b"?", b"%ff"])
    return st.tuples(ours, tails).map(b"".join) | some.map(lambda odd: b"/" + odd)


METHODS = st.sampled_from(["GET"] * 9 + ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"])
HEADERS = st.dictionaries(
    st.sampled_from(
        "Accept Accept-Encoding Accept-Language Content-Type Cookie Host If-Modified-Since "
        "If-None-Match If-Range Origin Range Referer X-Forwarded-For".split()
    ),
    st.sampled_from(["", "*", "x", "bytes=9-1,-5", "gzip;q=x", '"', "a=b; =;", "é", "0", "a:b:c"]),
    max_size=3,
)


def each(strategy: st.SearchStrategy[T], count: int, test: Callable[[T], None]) -> None:
    """Try so many examples: a few are always the same, many are others each time."""

    @settings(
        max_examples=count,
        derandomize=count == FEW,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def tried(example: T) -> None:
        test(example)

    tried()


def assert_leads_on(asked: Asked, response: Response) -> None:
    """It is no failure of ours, and what is refused is refused in Dutch, with a way on."""
    status, text = response.status_code, response.get_data(as_text=True)
    assert status < 500
    if 300 <= status < 400 and status != 304:
        place = response.headers["Location"]
        assert place.startswith("/")
        assert not place.startswith(("//", "/\\")), "never to another site"
    if status < 400 or asked.method == "HEAD":
        return
    assert not any(words in text for words in ENGLISH)
    if response.mimetype == "application/json":
        errors = json.loads(text)["errors"]
        assert errors
        assert all(len(error["message"].split()) > 2 for error in errors)
    else:
        assert response.mimetype == "text/html"
        assert '<html lang="nl"' in text
        assert 'href="/' in text
        assert "<h1" in text


def test_the_worst_goes_everywhere(site: Site) -> None:
    for value in WORST:
        for rule in filter(lambda rule: rule.arguments, site.rules):
            parts = (quote_from_bytes(value) if is_gap else text for is_gap, text in rule._trace)
            asked = Asked("".join(parts).partition("|")[2].encode())
            assert_leads_on(asked, site.answers(asked))
        for page in PAGES:
            for query in (joined([(name.encode(), value) for name in PARAMS]), b"q=" + value):
                asked = Asked(page, query)
                assert_leads_on(asked, site.answers(asked))


@pytest.mark.parametrize("count", COUNTS)
def test_odd_addresses_get_an_answer(site: Site, count: int) -> None:
    asked = st.builds(Asked, paths(site), queries(site.known), METHODS, HEADERS)
    each(asked, count, lambda one: assert_leads_on(one, site.answers(one)))


@pytest.mark.parametrize("count", COUNTS)
def test_odd_questions_get_an_answer(site: Site, count: int) -> None:
    """The pages that take parameters; and the API names each value that it can't use."""

    def check(asked: Asked) -> None:
        response = site.answers(asked)
        assert_leads_on(asked, response)
        if asked.path == b"/zoeken":
            assert response.status_code in (200, 302, 303)
        if asked.path == b"/api/search":
            assert response.status_code in (200, 302, 303, 400)

    each(st.builds(Asked, st.sampled_from(PAGES), queries(site.known)), count, check)
