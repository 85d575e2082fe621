"""Smaller answers for slow connections."""

import gzip

from flask import Flask, Response, request

TYPES = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "text/plain",
        "text/calendar",
        "application/json",
        "application/geo+json",
        "application/pdf",
        "application/xml",
        "application/atom+xml",
        "image/svg+xml",
    }
)
WORTH_IT = 1000
LEVEL = 5


def init_app(app: Flask) -> None:
    """Compress what `app` answers, for readers whose browser can take it.

    Pages of readers carry no secrets; the token of a form is another on every page, so that the
    length of what is compressed gives nothing away.
    """
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in TYPES or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) < WORTH_IT or response.status_code != 200 or "gzip" not in _accepted():
        return response
    response.set_data(gzip.compress(body, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response


def _accepted() -> set[str]:
    return {name for name, quality in request.accept_encodings if quality > 0}
