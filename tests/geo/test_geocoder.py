"""Addresses: what looks like one, and where the geocoder says it is."""

import logging
from time import perf_counter
from typing import Any

import pytest

from socialmap.geo.fetching import Breaker
from socialmap.geo.geocoder import Address, AddressFinder, SilentError
from socialmap.geo.tree import AreaTree
from tests.services import NOTHING, Answer, Service, as_json, found, running_service

pytestmark = pytest.mark.sqlite
HOME = Address("Gentiaanstraat", 1)


def find(tree: AreaTree, answer: Answer, address: Address = HOME) -> str | None:
    """The code of the buurt that is found."""
    with running_service(lambda path: answer) as service:
        spot = AddressFinder(f"{service.url}/free").find(tree, address)
    return spot.buurt.code if spot else None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Gentiaanstraat 1", Address("Gentiaanstraat", 1)),
        (
            "gentiaanstraat 1-hs, 1031 ae Amsterdam",
            Address("gentiaanstraat", 1, "hs", "1031AE", "Amsterdam"),
        ),
        ("2e Constantijn Huygensstraat 12 II", Address("2e Constantijn Huygensstraat", 12, "II")),
        ("Van der Pekstraat 10A", Address("Van der Pekstraat", 10, "A")),
        ("1031AE 1", Address("", 1, postcode="1031AE")),
        ("Dam 1, Amsterdam", Address("Dam", 1, city="Amsterdam")),
    ],
)
def test_addresses_are_read(text: str, address: Address) -> None:
    assert Address.read(text) == address


@pytest.mark.parametrize(
    "text", ["naailes", "1031", "1031AE", "12+", "buurt:nk03", "", "bel 020 12 34"]
)
def test_other_words_are_no_address(text: str) -> None:
    assert Address.read(text) is None


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("Gentiaanstraat 1", True),
        ("1031AE 1", True),
        ("faalangst 14", False),
        ("faalangst 14 1031AE", False),
        ("groep 8", False),
        ("Overtoom 12", False),
    ],
)
def test_the_one_box_takes_only_what_can_be_nothing_else(text: str, is_address: bool) -> None:
    address = Address.read(text)
    assert address is not None
    assert address.is_unmistakable == is_address


def test_question_is_that_of_the_locatieserver(tree: AreaTree) -> None:
    with running_service(lambda path: found()) as service:
        spot = AddressFinder(f"{service.url}/free").find(
            tree, Address("Gentiaanstraat", 1, "hs", "1031AE")
        )
        assert service.paths[0].startswith("/free?q=")
        assert service.questions == [
            {"q": ["Gentiaanstraat 1-hs 1031AE"], "fq": ["gemeentecode:0363"], "rows": ["1"]}
        ]
    assert spot is not None
    assert (spot.lat, spot.lon, spot.buurt.code) == (52.3872, 4.9108, "NK03")


def test_answer_with_only_the_fields_of_the_manual_will_do(tree: AreaTree) -> None:
    few = dict.fromkeys(("straatnaam", "huisnummer", "gemeentecode", "woonplaatsnaam"))
    assert find(tree, found(**few)) == "NK03"
    assert find(tree, found(**few), Address("Gentiaanstraat", 11)) is None


def test_buurt_of_another_division_is_found_by_our_shapes(tree: AreaTree) -> None:
    expected = tree.buurt_at(52.3872, 4.9108)
    assert expected is not None
    for code in ("BU03630000", "BU0363ZZ99", None, "BU0363TA01"):
        assert find(tree, found(buurtcode=code)) == expected.code


@pytest.mark.parametrize(
    "doc",
    [
        {"straatnaam": "Gentiaanplein", "huisnummer": 7},
        {"straatnaam": "Overtoom"},
        {"huisnummer": 12},
        {"type": "weg"},
        {"gemeentecode": "0344"},
        {"centroide_ll": "POINT(5.1214 52.0907)"},
    ],
    ids=[
        "other square",
        "other street",
        "other number",
        "a road",
        "Utrecht",
        "point in Utrecht",
    ],
)
def test_another_address_than_asked_is_not_found(tree: AreaTree, doc: dict[str, Any]) -> None:
    assert find(tree, found(**doc)) is None


def test_postcode_and_city_must_be_those_asked(tree: AreaTree) -> None:
    assert find(tree, found(), Address("Gentiaanstr", 1)) == "NK03"
    assert find(tree, found(), Address("Gentiaanstraat", 1, postcode="1031AE")) == "NK03"
    assert find(tree, found(), Address("Gentiaanstraat", 1, postcode="1054HH")) is None
    assert find(tree, found(), Address("Gentiaanstraat", 1, city="Amsterdam Noord")) == "NK03"
    assert find(tree, found(), Address("Gentiaanstraat", 1, city="Utrecht")) is None


def test_no_such_address_is_not_found(tree: AreaTree) -> None:
    assert find(tree, NOTHING) is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"{'response'"),
        Answer(b"<html>storing</html>", "text/html"),
        Answer(b"\xff\xfe"),
        Answer(b""),
        Answer(b"[" * 100_000),
        found(centroide_ll="POINT(999 999)"),
        as_json([]),
        as_json({"response": None}),
        as_json({"response": {"docs": "x"}}),
        as_json({"response": {"docs": [3]}}),
        found(centroide_ll="ergens"),
        Answer(b'{"error": "Gentiaanstraat"}', status=500),
        Answer(status=429),
        Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}),
        Answer(b" " * 300_000),
    ],
)
def test_bad_answer_is_silence_and_never_in_the_log(
    tree: AreaTree, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SilentError) as caught:
        find(tree, answer)
    assert caught.value.args == ()
    assert "entiaan" not in caplog.text
    assert caught.value.__cause__ is None


def test_slow_geocoder_takes_two_seconds_at_most(tree: AreaTree) -> None:
    with running_service(lambda path: Answer(b"{}", pause=10)) as service:
        finder = AddressFinder(service.url)
        start = perf_counter()
        with pytest.raises(SilentError):
            finder.find(tree, HOME)
        assert perf_counter() - start < 2.3


def test_geocoder_that_keeps_failing_is_left_alone(tree: AreaTree) -> None:
    with running_service(lambda path: Answer(status=503)) as service:
        now = [0.0]
        finder = AddressFinder(service.url, Breaker(clock=lambda: now[0]))
        _fail(finder, tree, times=5)
        assert len(service.paths) == 3
        now[0] = 61.0
        service.answer = lambda path: found()
        assert finder.find(tree, HOME) is not None
        assert _asks(service, finder, tree) == 5


def _fail(finder: AddressFinder, tree: AreaTree, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SilentError):
            finder.find(tree, HOME)


def _asks(service: Service, finder: AddressFinder, tree: AreaTree) -> int:
    """How often the service was asked, after once more."""
    finder.find(tree, HOME)
    return len(service.paths)
