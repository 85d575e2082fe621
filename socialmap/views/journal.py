"""The log: a line for each request, which never says who asked or with what words."""

import logging
from time import perf_counter

from flask import Flask, Request, Response, g, request

log = logging.getLogger("socialmap.requests")
UNWRITTEN = frozenset({"counting.called"})
"""When somebody called is kept nowhere."""
FORMAT = "%(asctime)s %(levelname)s %(message)s"


def init_app(app: Flask) -> None:
    """Write a line for every request to `app`; on the screen when nobody else arranged a log."""
    own = logging.getLogger("socialmap")
    own.setLevel(logging.INFO)
    if not own.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter(FORMAT))
        own.addHandler(handler)
    app.before_request(_start)
    app.after_request(_write)


def rule_of(asked: Request) -> str:
    """The pattern of an address: `/aanbod/<slug>`, or `-` for one that we do not have."""
    return asked.url_rule.rule if asked.url_rule else "-"


def _start() -> None:
    g.started = perf_counter()


def _write(response: Response) -> Response:
    if request.endpoint in UNWRITTEN:
        return response
    milliseconds = (perf_counter() - g.get("started", perf_counter())) * 1000
    log.info(
        "%s %s %s %.0f ms", request.method, rule_of(request), response.status_code, milliseconds
    )
    return response
