"""A service on this machine that answers what a test tells it to, well or badly."""

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

SIDE = 256


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def picture() -> bytes:
    """A PNG as large as a tile: grey, with a grid. Source: https://www.w3.org/TR/png-3/"""
    lines = [bytes(200 if 0 in (x % 64, y % 64) else 235 for x in range(SIDE)) for y in range(SIDE)]
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + line for line in lines))
    parts = _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


PNG = picture()


@dataclass(frozen=True)
class Answer:
    """One answer: after how long, and in how many pieces with that pause before each."""

    body: bytes = b""
    content_type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    pieces: int = 1


@dataclass
class Service:
    """The running service: what it answers, and what it was asked."""

    url: str
    answer: Callable[[str], Answer]
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    closing: Event = field(default_factory=Event)

    @property
    def questions(self) -> list[dict[str, list[str]]]:
        """The parameters of every call."""
        return [parse_qs(urlsplit(path).query) for path in self.paths]


@contextmanager
def running_service(answer: Callable[[str], Answer]) -> Iterator[Service]:
    """A service at 127.0.0.1 that answers each path as `answer` says."""
    service = Service("", answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            service.paths.append(self.path)
            service.headers.append(dict(self.headers))
            with suppress(OSError):  # nobody may wait any more
                self._send(service.answer(self.path))

        def _send(self, told: Answer) -> None:
            if told.pause and told.pieces == 1:
                service.closing.wait(told.pause)
            self.send_response(told.status)
            self.send_header("Content-Type", told.content_type)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            size = -(-len(told.body) // told.pieces) or 1
            for start in range(0, len(told.body), size):
                if told.pieces > 1:
                    service.closing.wait(told.pause)
                self.wfile.write(told.body[start : start + size])
                self.wfile.flush()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def as_json(document: Any) -> Answer:
    """A good answer with this in it."""
    return Answer(json.dumps(document).encode())


def found(**doc: Any) -> Answer:
    """What the Locatieserver says of Gentiaanstraat 1, but for what `doc` says otherwise."""
    usual = {
        "type": "adres",
        "weergavenaam": "Gentiaanstraat 1, 1031AE Amsterdam",
        "straatnaam": "Gentiaanstraat",
        "huisnummer": 1,
        "postcode": "1031AE",
        "woonplaatsnaam": "Amsterdam",
        "gemeentecode": "0363",
        "wijkcode": "WK0363NK",
        "wijknaam": "Volewijck",
        "buurtcode": "BU0363NK03",
        "centroide_ll": "POINT(4.91080000 52.38720000)",
    }
    return as_json({"response": {"numFound": 1, "docs": [{**usual, **doc}]}})


NOTHING = as_json({"response": {"numFound": 0, "docs": []}})
