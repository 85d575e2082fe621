"""Tiles: of the city only, pictures only, and never more than the disk may hold."""

import os
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

import pytest

from socialmap.geo.fetching import Breaker
from socialmap.geo.tiles import AT_ONCE, MOST_BYTES, TileAt, TileStore
from tests.services import PNG, Answer, Service, running_service

CITY = (4.728, 52.278, 5.108, 52.431)
DAM = TileAt(14, 8414, 5384)
PICTURE = Answer(PNG, "image/png")


def store_of(
    service: Service, folder: Path, most_bytes: int = 10**6, **others: object
) -> TileStore:
    url = f"{service.url}/kaart/{{z}}/{{x}}/{{y}}.png"
    return TileStore(url, folder / "tiles", most_bytes=most_bytes, **others)  # type: ignore[arg-type]


def files(folder: Path) -> list[str]:
    tiles = folder / "tiles"
    return sorted(p.relative_to(tiles).as_posix() for p in tiles.rglob("*") if p.is_file())


def test_tile_knows_what_it_shows() -> None:
    west, south, east, north = DAM.box
    assert west < 4.8936 < east
    assert south < 52.3731 < north


@pytest.mark.parametrize(
    ("at", "is_ours"),
    [
        (DAM, True),
        (TileAt(10, 525, 336), True),
        (TileAt(9, 262, 168), False),
        (TileAt(18, 8414 * 16, 5384 * 16), False),
        (TileAt(14, 8424, 5437), False),
        (TileAt(14, 0, 0), False),
        (TileAt(14, 2**14, 5384), False),
        (TileAt(14, 10**30, 5384), False),
        (TileAt(10**9, 1, 1), False),
    ],
    ids=[
        "Dam",
        "whole city",
        "too far",
        "too near",
        "Utrecht",
        "ocean",
        "off",
        "far off",
        "absurd",
    ],
)
def test_only_the_city_and_its_zoom_levels(at: TileAt, is_ours: bool) -> None:
    assert at.is_in(CITY) == is_ours


def test_tile_is_fetched_once_and_kept(tmp_path: Path) -> None:
    with running_service(lambda path: PICTURE) as service:
        store = store_of(service, tmp_path)
        for _ in range(3):
            tile = store.find(DAM)
            assert tile is not None
            assert (tile.mimetype, tile.body) == ("image/png", PNG)
        assert service.paths == ["/kaart/14/8414/5384.png"]
        assert files(tmp_path) == ["14/8414/5384.png"]
    again = store_of(service, tmp_path).find(DAM)  # the service is gone
    assert again is not None


@pytest.mark.parametrize(
    ("kind", "body", "name"),
    [
        ("image/jpeg", b"\xff\xd8\xff\xe0 picture", "5384.jpg"),
        ("image/webp", b"RIFF\x10\x00\x00\x00WEBPVP8 ", "5384.webp"),
    ],
)
def test_other_pictures_are_known_by_their_first_bytes(
    tmp_path: Path, kind: str, body: bytes, name: str
) -> None:
    with running_service(lambda path: Answer(body, kind)) as service:
        tile = store_of(service, tmp_path).find(DAM)
        assert tile is not None
        assert tile.mimetype == kind
        assert files(tmp_path) == [f"14/8414/{name}"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<svg onload=alert(1)>", "image/svg+xml"),
        Answer(b"<html>inloggen</html>", "image/png"),
        Answer(PNG, "text/html"),
        Answer(b"", "image/png"),
        Answer(PNG + b"x" * MOST_BYTES, "image/png"),
        Answer(status=500),
        Answer(status=404),
        Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}),
    ],
    ids=["svg", "page", "wrong type", "empty", "too large", "error", "missing", "redirect"],
)
def test_what_is_no_picture_is_not_kept_and_not_asked_again_soon(
    tmp_path: Path, answer: Answer
) -> None:
    now = [0.0]
    with running_service(lambda path: answer) as service:
        store = store_of(service, tmp_path, clock=lambda: now[0])
        assert store.find(DAM) is None
        assert store.find(DAM) is None
        assert len(service.paths) == 1
        assert files(tmp_path) == []
        now[0] = 61.0
        service.answer = lambda path: PICTURE
        assert store.find(DAM) is not None


def test_service_that_keeps_failing_is_left_alone_but_kept_tiles_stay(tmp_path: Path) -> None:
    with running_service(lambda path: PICTURE) as service:
        store = store_of(service, tmp_path, breaker=Breaker(clock=lambda: 0.0))
        store.find(DAM)
        service.answer = lambda path: Answer(status=503)
        for x in range(10):
            assert store.find(TileAt(14, 8415 + x, 5384)) is None
        assert len(service.paths) == 4
        assert store.find(DAM) is not None


def test_missing_tiles_are_no_failure_of_the_service(tmp_path: Path) -> None:
    with running_service(lambda path: Answer(status=404)) as service:
        store = store_of(service, tmp_path)
        for x in range(10):
            assert store.find(TileAt(14, 8414 + x, 5384)) is None
        assert len(service.paths) == 10


def test_oldest_tiles_leave_when_the_limit_is_passed(tmp_path: Path) -> None:
    with running_service(lambda path: PICTURE) as service:
        store = store_of(service, tmp_path, most_bytes=len(PNG) * 10)
        for x in range(25):
            store.find(TileAt(14, 8400 + x, 5384))
            newest = tmp_path / "tiles" / "14" / str(8400 + x) / "5384.png"
            os.utime(newest, (x, x))
            assert len(files(tmp_path)) <= 10
        assert "14/8424/5384.png" in files(tmp_path)
        assert "14/8400/5384.png" not in files(tmp_path)
        second = store_of(service, tmp_path, most_bytes=len(PNG) * 10)
        second.find(TileAt(14, 8500, 5384))
        assert len(files(tmp_path)) <= 10


def test_damaged_tile_on_disk_is_fetched_again(tmp_path: Path) -> None:
    with running_service(lambda path: PICTURE) as service:
        store = store_of(service, tmp_path)
        store.find(DAM)
        path = tmp_path / "tiles" / "14" / "8414" / "5384.png"
        path.write_bytes(b"")
        tile = store.find(DAM)
        assert tile is not None
        assert path.read_bytes() == PNG


def test_full_disk_is_no_reason_to_show_no_map(tmp_path: Path) -> None:
    (tmp_path / "tiles").write_text("a file where the folder should be")
    with running_service(lambda path: PICTURE) as service:
        assert store_of(service, tmp_path).find(DAM) is not None


def test_slow_service_holds_up_only_a_few_threads(tmp_path: Path) -> None:
    go_on = Event()

    def slow(path: str) -> Answer:
        go_on.wait(3)
        return PICTURE

    with running_service(slow) as service:
        store = store_of(service, tmp_path)
        threads = [
            Thread(target=store.find, args=[TileAt(14, 8414 + x, 5384)]) for x in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        while len(service.paths) < AT_ONCE:
            go_on.wait(0.01)
        start = perf_counter()
        assert store.find(TileAt(14, 8420, 5384)) is None
        assert perf_counter() - start < 1.0
        go_on.set()
        for thread in threads:
            thread.join()
    assert len(files(tmp_path)) == AT_ONCE
