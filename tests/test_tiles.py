"""Tiles from our own address: off unless set, the city only, nothing of the reader passed on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from socialmap.app import create_app
from socialmap.config import settings_from_env
from tests.conftest import settings_in
from tests.services import PNG, Answer, Service, running_service

pytestmark = pytest.mark.sqlite
DAM = "/tegels/14/8414/5384.png"


@contextmanager
def with_tiles(
    folder: Path, answer: Callable[[str], Answer] = lambda path: Answer(PNG, "image/png")
) -> Iterator[tuple[FlaskClient, Service]]:
    with running_service(answer) as service:
        url = f"{service.url}/{{z}}/{{x}}/{{y}}.png?key=geheim"
        app = create_app(
            replace(settings_in(folder), tiles_url=url, tiles_credit='© Kaart & "Co" <b>')
        )
        yield app.test_client(), service
        app.extensions["engine"].dispose()


def test_without_setting_there_are_no_tiles(client: FlaskClient, folder: Path) -> None:
    assert client.get(DAM).status_code == 404
    assert "data-tiles" not in client.get("/wijk/volewijck").text
    assert not (folder / "tiles").exists()


def test_tile_comes_from_us_and_the_reader_stays_unknown(folder: Path) -> None:
    with with_tiles(folder) as (client, service):
        answer = client.get(
            DAM,
            headers={
                "User-Agent": "Een telefoon",
                "Referer": "https://gids.example/zoeken?q=schulden",
                "Accept-Language": "tr",
                "X-Forwarded-For": "192.0.2.7",
            },
        )
        assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", PNG)
        assert answer.headers["Cache-Control"] == "public, max-age=604800"
        assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]
        assert service.paths == ["/14/8414/5384.png?key=geheim"]
        sent = " ".join(f"{name}: {value}" for name, value in service.headers[0].items())
        for stranger in ("telefoon", "gids.example", "tr", "192.0.2.7"):
            assert stranger not in sent.replace("gouden-gids-amsterdam", "")
        assert (folder / "tiles" / "14" / "8414" / "5384.png").read_bytes() == PNG


@pytest.mark.parametrize(
    "path",
    [
        "/tegels/9/262/168.png",
        "/tegels/18/134624/86144.png",
        "/tegels/14/8424/5437.png",
        "/tegels/14/99999999999999999999/1.png",
        "/tegels/999999999/1/1.png",
        "/tegels/14/-1/1.png",
        "/tegels/14/x/1.png",
        "/tegels/14/8414/5384.svg",
        "/tegels/14/8414/..%2f5384.png",
    ],
)
def test_outside_the_city_there_are_none(folder: Path, path: str) -> None:
    with with_tiles(folder) as (client, service):
        assert client.get(path).status_code == 404
        assert service.paths == []


def test_failure_is_an_empty_place_on_the_map_for_a_minute(folder: Path) -> None:
    with with_tiles(folder, lambda path: Answer(b"<html>", "text/html")) as (client, _):
        answer = client.get(DAM)
        assert (answer.status_code, answer.data) == (404, b"")
        assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_map_knows_where_tiles_are_and_whom_to_thank(folder: Path) -> None:
    with with_tiles(folder) as (client, service):
        page = client.get("/wijk/volewijck").text
        assert 'data-tiles="/tegels/{z}/{x}/{y}.png"' in page
        assert 'data-tiles-zoom="10 17"' in page
        assert "&lt;b&gt;" in page
        assert "geheim" not in page
        assert service.url not in page
        script = client.get(page.split('data-script="')[1].split('"')[0]).text
        assert "tileLayer" not in script  # folium writes none; ours is in map.js


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TILES_URL", "https://tegels.example/kaart.png"),
        ("TILES_URL", "file:///etc/{z}{x}{y}"),
        ("GEOCODER_URL", "api.example"),
        ("TILES_CACHE_MB", "veel"),
    ],
)
def test_wrong_setting_is_told_at_the_start(tmp_path: Path, name: str, value: str) -> None:
    env = {"SOCIALMAP_INSTANCE": str(tmp_path), f"SOCIALMAP_{name}": value}
    with pytest.raises(ValueError, match=f"SOCIALMAP_{name} must be"):
        settings_from_env(env)
