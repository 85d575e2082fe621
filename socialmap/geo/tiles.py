"""Map tiles, fetched by us for readers: of the city only, kept on disk up to a limit."""

import math
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import BoundedSemaphore, Lock
from time import monotonic

from socialmap.geo.fetching import Breaker, FetchError, fetch

MIN_ZOOM, MAX_ZOOM = 10, 17
SECONDS = 4.0
MOST_BYTES = 1_000_000
AT_ONCE = 4
"""So many tiles are fetched at the same time: the other threads go on serving pages."""
PATIENCE = 0.5
"""Seconds to wait for a turn."""
MISSING_SECONDS = 60.0
MOST_MISSING = 2000
LEEWAY = 0.9
"""The cache is emptied to this part of its limit, so that not every tile has to make room."""
KINDS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class TileAt:
    """The place of a tile in the usual scheme (slippy map, Web Mercator)."""

    zoom: int
    x: int
    y: int

    @property
    def box(self) -> Box:
        """What the tile shows. Source: https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames"""
        return (
            _longitude(self.x, self.zoom),
            _latitude(self.y + 1, self.zoom),
            _longitude(self.x + 1, self.zoom),
            _latitude(self.y, self.zoom),
        )

    def is_in(self, city: Box) -> bool:
        """Is this a zoom level of ours, and does the tile show a part of the city's box?"""
        if not MIN_ZOOM <= self.zoom <= MAX_ZOOM or max(self.x, self.y) >= 2**self.zoom:
            return False
        west, south, east, north = self.box
        return west < city[2] and east > city[0] and south < city[3] and north > city[1]


def _longitude(x: int, zoom: int) -> float:
    return x / float(2**zoom) * 360 - 180


def _latitude(y: int, zoom: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / float(2**zoom)))))


@dataclass(frozen=True)
class Tile:
    """A picture, and what kind of picture it is."""

    mimetype: str
    body: bytes


def kind_of(body: bytes) -> str | None:
    """The kind of picture, by its first bytes; None for anything else."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return None


class TileStore:
    """The tiles of one service: on disk those that were fetched, in memory those that failed."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        most_bytes: int,
        breaker: Breaker | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._url = url
        self._shelf = Shelf(folder, most_bytes)
        self._breaker = breaker or Breaker(clock=clock)
        self._clock = clock
        self._missing: OrderedDict[TileAt, float] = OrderedDict()
        self._lock = Lock()
        self._turns = BoundedSemaphore(AT_ONCE)

    def find(self, at: TileAt) -> Tile | None:
        """The tile at a place, or None when there is none now."""
        kept = self._shelf.find(at)
        if kept is not None or self._is_missing(at) or self._breaker.is_open():
            return kept
        if not self._turns.acquire(timeout=PATIENCE):
            return None
        try:
            return self._fetched(at)
        finally:
            self._turns.release()

    def _fetched(self, at: TileAt) -> Tile | None:
        try:
            tile = self._fetch(at)
        except FetchError as error:
            self._note_missing(at)
            if not error.is_missing:
                self._breaker.failed()
            return None
        self._breaker.worked()
        self._shelf.keep(at, tile)
        return tile

    def _fetch(self, at: TileAt) -> Tile:
        url = self._url
        for name, value in (("{z}", at.zoom), ("{x}", at.x), ("{y}", at.y)):
            url = url.replace(name, str(value))
        answer = fetch(url, seconds=SECONDS, most_bytes=MOST_BYTES)
        kind = kind_of(answer.body)
        if kind is None or answer.content_type != kind:
            raise FetchError("not a picture")
        return Tile(kind, answer.body)

    def _is_missing(self, at: TileAt) -> bool:
        """Did this tile fail a short while ago?"""
        with self._lock:
            return self._missing.get(at, 0.0) > self._clock()

    def _note_missing(self, at: TileAt) -> None:
        with self._lock:
            self._missing[at] = self._clock() + MISSING_SECONDS
            self._missing.move_to_end(at)
            if len(self._missing) > MOST_MISSING:
                self._missing.popitem(last=False)


class Shelf:
    """Tiles in a folder, together never more than a limit: the oldest leave first."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes
        self._used: int | None = None
        """Bytes on the shelf as far as this process knows; None before it looked."""
        self._lock = Lock()

    def find(self, at: TileAt) -> Tile | None:
        """A tile that is kept."""
        for kind in KINDS:
            with suppress(OSError):
                body = self._path(at, kind).read_bytes()
                if kind_of(body) == kind:
                    return Tile(kind, body)
        return None

    def keep(self, at: TileAt, tile: Tile) -> None:
        """Keep a tile, whole or not at all; a full disk is no reason to show no map."""
        path = self._path(at, tile.mimetype)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, suffix=".new", delete=False) as file:
                file.write(tile.body)
            Path(file.name).replace(path)
            self._make_room(len(tile.body))

    def _path(self, at: TileAt, kind: str) -> Path:
        return self._folder / str(at.zoom) / str(at.x) / f"{at.y}{KINDS[kind]}"

    def _make_room(self, added: int) -> None:
        """Remove the oldest when the limit is passed. Other processes may have added as well, so
        the folder is counted again before anything goes."""
        with self._lock:
            if self._used is not None and self._used + added <= self._most:
                self._used += added
                return
            files = self._files()
            self._used = sum(size for _, size, _ in files)
            if self._used <= self._most:
                return
            for _, size, path in files:
                with suppress(FileNotFoundError):
                    path.unlink()
                self._used -= size
                if self._used <= self._most * LEEWAY:
                    return

    def _files(self) -> list[tuple[float, int, Path]]:
        """When each file was written, its size and its path; the oldest first. What a process
        left half written counts too, and so leaves in its turn."""
        found = []
        for path in self._folder.rglob("*.*"):
            with suppress(FileNotFoundError):
                told = path.stat()
                found.append((told.st_mtime, told.st_size, path))
        return sorted(found)
