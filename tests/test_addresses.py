"""A reader types an address: it becomes a buurt, or a clear message; it stays nowhere."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from socialmap.app import create_app
from tests.conftest import settings_in
from tests.factories import listing, save
from tests.services import NOTHING, Answer, Service, found, running_service

pytestmark = pytest.mark.sqlite
ADDRESS = "Gentiaanstraat 1-hs"
BUURT = "buurt:van-der-pekbuurt"


@contextmanager
def reader(folder: Path, geocoder_url: str) -> Iterator[FlaskClient]:
    """A reader of a city with a geocoder at this address."""
    app = create_app(replace(settings_in(folder), geocoder_url=geocoder_url))
    save(app.extensions["engine"], listing("kop-op"))
    app.extensions["searcher"].store.drain(app.extensions["engine"])
    yield app.test_client()
    app.extensions["engine"].dispose()


@contextmanager
def asking(folder: Path, answer: Callable[[str], Answer]) -> Iterator[tuple[FlaskClient, Service]]:
    with (
        running_service(answer) as service,
        reader(folder, f"{service.url}/free") as client,
    ):
        yield client, service


def led_to(client: FlaskClient, **params: str) -> dict[str, list[str]]:
    """The parameters of the page that the reader is led to."""
    answer = client.get("/zoeken", query_string=params)
    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "no-store"
    target = urlsplit(answer.location)
    assert (target.netloc, target.path) == ("", "/zoeken")
    assert "entiaan" not in answer.location
    assert "entiaan" not in answer.text
    return parse_qs(target.query)


def test_address_becomes_its_buurt_and_the_rest_stays(folder: Path) -> None:
    with asking(folder, lambda path: found()) as (client, service):
        led = led_to(client, q="faalangst", bij=ADDRESS, straal="2", vorm="groep", _external="1")
        assert led == {"q": ["faalangst"], "bij": [BUURT], "straal": ["2"], "vorm": ["groep"]}
        page = client.get("/zoeken", query_string={"q": "faalangst", "bij": BUURT}).text
        assert "bij Van der Pekbuurt" in page
        assert "Kop op" in page
        assert len(service.paths) == 1


def test_address_in_the_one_box_is_understood_too(folder: Path) -> None:
    with asking(folder, lambda path: found()) as (client, _):
        assert led_to(client, q=f"{ADDRESS}, 1031 AE Amsterdam") == {"bij": [BUURT]}
        assert led_to(client, q="1031AE 1") == {"bij": [BUURT]}


@pytest.mark.parametrize(
    "params",
    [
        {"q": "faalangst 14"},
        {"q": "faalangst 14 noord turks gratis"},
        {"q": "groep 8"},
        {"bij": "1031"},
        {"bij": "1031 AE"},
        {"bij": "wijk:NK"},
        {"bij": "Volewijck"},
        {"bij": "Gein 1"},
        {"bij": "OBA Van der Pek"},
        {"bij": "Naardermeer"},
    ],
)
def test_what_is_no_address_is_never_sent_away(folder: Path, params: dict[str, str]) -> None:
    with asking(folder, lambda path: found()) as (client, service):
        assert client.get("/zoeken", query_string=params).status_code == 200
        assert service.paths == []


@pytest.mark.parametrize("name", ["bij", "q"])
def test_without_geocoder_a_postcode_is_asked(client: FlaskClient, name: str) -> None:
    led = led_to(client, **{name: ADDRESS, "vorm": "groep"})
    assert led == {"vorm": ["groep"], "adres": ["uit"]}
    page = client.get("/zoeken?vorm=groep&adres=uit").text
    assert "Vul alleen de postcode in" in page
    assert 'aria-invalid="true"' in page
    assert "adres=" not in page  # the message does not travel on


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        (NOTHING, "onbekend", "Dit adres vonden wij niet in Amsterdam of Weesp"),
        (found(straatnaam="Overtoom"), "onbekend", "vonden wij niet"),
        (found(gemeentecode="0344"), "onbekend", "vonden wij niet"),
        (Answer(b"{"), "stil", "Wij kunnen nu geen adressen opzoeken"),
        (Answer(status=500), "stil", "zonder uw adres gezocht"),
        (Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}), "stil", "postcode"),
    ],
)
def test_search_goes_on_without_an_address_and_says_so(
    folder: Path, answer: Answer, outcome: str, said: str
) -> None:
    with asking(folder, lambda path: answer) as (client, _):
        led = led_to(client, q="faalangst", bij=ADDRESS)
        assert led == {"q": ["faalangst"], "adres": [outcome]}
        page = client.get("/zoeken", query_string={"q": "faalangst", "adres": outcome}).text
        assert said in page
        assert "Kop op" in page


def test_slow_geocoder_holds_nobody_up(folder: Path) -> None:
    with asking(folder, lambda path: Answer(pause=10)) as (client, service):
        start = perf_counter()
        assert led_to(client, bij=ADDRESS) == {"adres": ["stil"]}
        assert perf_counter() - start < 2.5
        service.answer = lambda path: Answer(status=500)
        led_to(client, bij=ADDRESS)
        led_to(client, bij=ADDRESS)
        start = perf_counter()
        led_to(client, bij=ADDRESS)
        assert perf_counter() - start < 0.5
        assert len(service.paths) == 3


def test_unknown_outcome_says_nothing(client: FlaskClient) -> None:
    assert "adres" not in client.get("/zoeken?adres=<b>x").text.split("<footer")[0]


def test_programs_get_the_buurt_at_once(folder: Path) -> None:
    with asking(folder, lambda path: found()) as (client, service):
        told = client.get("/api/search", query_string={"bij": ADDRESS}).get_json()
        assert told["contact"]["area"] == "Volewijck"
        assert "Gentiaanstraat 1-hs" not in str(told)
        service.answer = lambda path: NOTHING
        unknown = client.get("/api/search", query_string={"bij": ADDRESS})
        assert unknown.status_code == 400
        assert unknown.get_json()["errors"][0]["param"] == "bij"
        service.answer = lambda path: Answer(status=500)
        silent = client.get("/api/search", query_string={"bij": ADDRESS})
        assert silent.status_code == 200
        assert "geocoder_silent" in [note["code"] for note in silent.get_json()["notes"]]


def test_address_is_in_no_log_and_no_file(
    folder: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with asking(folder, lambda path: found()) as (client, service):
        led_to(client, bij="Gentiaanstraat 1")
        service.answer = lambda path: Answer(b'{"fout": "Gentiaanstraat 1"}', status=400)
        led_to(client, bij="Gentiaanstraat 1")
        service.answer = lambda path: Answer(b"Gentiaanstraat 1")
        led_to(client, bij="Gentiaanstraat 1")
    ours = [record for record in caplog.records if not record.name.startswith("asyncio")]
    assert not [record for record in ours if "entiaanstraat 1" in record.getMessage()]
    assert "entiaanstraat 1" not in "".join(capfd.readouterr())
    for path in folder.rglob("*"):
        if path.is_file():
            assert b'Gentiaanstraat 1"' not in path.read_bytes(), path
