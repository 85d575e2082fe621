"""Someone who opens everything that can be opened, and goes where every page leads."""

import re
from collections import Counter, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.marked import TAG, Marker, markers_in, plain, text_of

LINK = re.compile(r"""(?:href|src|action|data-[a-z-]+)="([^"]+)"|"url": ?"([^"]+)"|<loc>([^<]+)<""")
HOME = re.compile(r"localhost(:\d+)?")


@dataclass(frozen=True)
class Page:
    """One answer."""

    address: str
    endpoint: str
    status: int
    text: str
    markers: frozenset[Marker]
    asked: frozenset[Marker]
    """Those in the address itself."""

    @cached_property
    def words(self) -> str:
        """The text without markup, in small letters."""
        return " ".join(TAG.sub("", plain(self.text)).split())


class Crawl:
    """What somebody gets to see: all of what is named, and so many of each route besides."""

    def __init__(
        self, app: Flask, client: FlaskClient, most: int, routes: Collection[str] = ()
    ) -> None:
        """`routes` are the only ones where links are followed to; empty is all of them."""
        self._address = app.url_map.bind("localhost")
        self._client, self._most, self._routes = client, most, routes
        self._taken: Counter[str] = Counter()
        self._seen: set[str] = set()
        self._queue: deque[str] = deque()
        self.pages: list[Page] = []

    def reads(self, named: Iterable[str]) -> "Crawl":
        """Open all of these, and what they lead to."""
        self._queue.extend(named)
        self._seen.update(self._queue)
        while self._queue:
            self._go_on(self._open(self._queue.popleft()))
        return self

    def _open(self, address: str) -> Page:
        answer = self._client.get(address)
        text = "\n".join([text_of(answer), f'href="{answer.headers.get("Location", "")}"'])
        answer.close()
        page = Page(
            address,
            self._endpoint(address) or "",
            answer.status_code,
            text,
            frozenset(markers_in(text)),
            frozenset(markers_in(address.replace("+", " "))),
        )
        self.pages.append(page)
        return page

    def _go_on(self, page: Page) -> None:
        for groups in LINK.findall(page.text):
            self._take(urljoin(page.address, unescape(next(filter(None, groups)))))

    def _take(self, link: str) -> None:
        """Queue an address of ours, unless enough of its route were taken."""
        parts = urlsplit(link)
        if parts.netloc and not HOME.fullmatch(parts.netloc):
            return
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        if address in self._seen:
            return
        self._seen.add(address)
        endpoint = self._endpoint(address)
        if endpoint is None or self._taken[endpoint] >= self._most:
            return
        if self._routes and endpoint not in self._routes:
            return
        self._taken[endpoint] += 1
        self._queue.append(address)

    def _endpoint(self, address: str) -> str | None:
        """The name of the route that answers to an address; None where there is none."""
        try:
            found: str = self._address.match(urlsplit(address).path, method="GET")[0]
        except HTTPException:
            return None
        return found

    def page(self, address: str) -> Page:
        """The answer of an address that was opened."""
        return next(page for page in self.pages if page.address == address)

    def reached(self) -> set[str]:
        """The routes of which a page came."""
        return {page.endpoint for page in self.pages if page.status == 200}
