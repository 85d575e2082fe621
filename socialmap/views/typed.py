"""What stands in an address, made safe to read: always text, without control signs.

No database keeps NUL, and a query string may hold bytes that are no UTF-8.
"""

import unicodedata
from functools import cached_property
from urllib.parse import parse_qsl

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

CONTROL = {number: " " for number in range(0xA0) if unicodedata.category(chr(number)) == "Cc"}


class TypedRequest(Request):
    """A request whose parameters can always be read."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The parameters; a control sign is a space, and what is no text becomes U+FFFD."""
        text = self.query_string.decode("utf-8", "replace")
        pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
        return ImmutableMultiDict((plain(name), plain(value)) for name, value in pairs)


def plain(text: str) -> str:
    """The same text with spaces for control signs."""
    return text if text.isprintable() else text.translate(CONTROL)


def plain_lines(text: str) -> str:
    """What someone wrote in a large field, without space around it; only lines are kept apart."""
    return "\n".join(plain(line).rstrip() for line in text.splitlines()).strip()


def init_app(app: Flask) -> None:
    """Read every request to `app` this way; no address of ours holds a control sign."""
    app.request_class = TypedRequest
    app.before_request(refuse_control_signs)


def refuse_control_signs() -> None:
    """Answer that there is no such address."""
    if plain(request.path) != request.path:
        abort(404)
