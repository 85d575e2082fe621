"""What pages on paper share: words of components without markup, QR codes, how a PDF is sent."""

from typing import Any

from flask import Response, get_template_attribute, request

from socialmap.views.hyphens import SOFT_HYPHEN
from socialmap.views.printed import Sheet

PDF = "application/pdf"


def told(component: str, macro: str, *values: Any) -> str:
    """What a component says on a page, as plain text: paper and page can't say different things."""
    said = get_template_attribute(f"components/{component}.html", macro)(*values)
    text: str = said.striptags()
    return text.replace(SOFT_HYPHEN, "")


def sent(sheet: Sheet, name: str) -> Response:
    """A PDF as a file with this name. A browser may keep it, and asks each time whether it still
    holds; what it has already is not made again."""
    response = Response(mimetype=PDF)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(sheet.digest)
    if not request.if_none_match.contains_weak(sheet.digest):
        response.set_data(sheet.pdf())
    response.make_conditional(request)
    return response
