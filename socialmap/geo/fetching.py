"""Asking the few services that an operator switched on: with a deadline, a limit, and patience."""

from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from threading import Lock, Thread
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

USER_AGENT = "gouden-gids-amsterdam/1"
PIECE = 16 * 1024


class FetchError(Exception):
    """A service that gave no answer we can use. The message never holds the question."""

    def __init__(self, message: str, *, is_missing: bool = False) -> None:
        super().__init__(message)
        self.is_missing = is_missing
        """The service works, and says that there is no such thing."""


@dataclass(frozen=True)
class Fetched:
    """What a service answered."""

    content_type: str
    """In small letters, without its parameters."""
    body: bytes


class _NoRedirects(HTTPRedirectHandler):
    """A service stays where the operator said it is."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def fetch(url: str, *, seconds: float, most_bytes: int) -> Fetched:
    """What stands at `url`, within `seconds` in all, whatever the service does meanwhile.

    Sends nothing of a reader but the address itself. Raises FetchError.
    """
    outcome: list[Fetched | FetchError] = []
    worker = Thread(target=_work, args=(url, seconds, most_bytes, outcome), daemon=True)
    worker.start()
    worker.join(seconds)
    if not outcome:
        raise FetchError("no answer in time")
    if isinstance(outcome[0], FetchError):
        raise outcome[0]
    return outcome[0]


def _work(url: str, seconds: float, most: int, outcome: list[Fetched | FetchError]) -> None:
    """A timeout of a socket holds per packet; a thread of its own can be left behind."""
    try:
        outcome.append(_read(url, seconds, most))
    except FetchError as error:
        outcome.append(error)
    except HTTPError as error:
        error.close()
        outcome.append(FetchError(f"status {error.code}", is_missing=error.code in (404, 410)))
    except (OSError, HTTPException, ValueError) as error:
        outcome.append(FetchError(type(error).__name__))


def _read(url: str, seconds: float, most: int) -> Fetched:
    until = monotonic() + seconds
    request = Request(url, headers={"User-Agent": USER_AGENT})  # noqa: S310 the operator's own
    with _opener().open(request, timeout=seconds) as answer:
        body = bytearray()
        while piece := answer.read1(PIECE):
            body += piece
            if len(body) > most:
                raise FetchError("the answer is too long")
            if monotonic() > until:
                raise FetchError("no answer in time")
        return Fetched(answer.headers.get_content_type(), bytes(body))


def _opener() -> OpenerDirector:
    return build_opener(_NoRedirects)


class Breaker:
    """Leaves a service alone that keeps failing, so that nobody waits for it.

    After `most` failures in a row no call for `pause` seconds; then one may try again.
    """

    def __init__(
        self, *, most: int = 3, pause: float = 60.0, clock: Callable[[], float] = monotonic
    ) -> None:
        self._most, self._pause, self._clock = most, pause, clock
        self._failures = 0
        self._until = 0.0
        self._lock = Lock()

    def is_open(self) -> bool:
        """Should nobody call now?"""
        with self._lock:
            return self._failures >= self._most and self._clock() < self._until

    def failed(self) -> None:
        """Note that a call failed."""
        with self._lock:
            self._failures += 1
            self._until = self._clock() + self._pause

    def worked(self) -> None:
        """Note that a call succeeded."""
        with self._lock:
            self._failures = 0
