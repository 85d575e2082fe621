"""A link as a QR code, to scan from paper or from another screen."""

import segno
from markupsafe import Markup


def drawing(link: str, error: str = "m") -> str:
    """The code as SVG. `error` is the least correction; a long link is easier to scan with less of
    it (`l`)."""
    made = segno.make(link, error=error, micro=False)
    drawn: str = made.svg_inline(omitsize=True, svgclass="qr", light="#fff")
    return drawn


def picture(link: str, error: str = "m") -> Markup:
    """The same for on a page: lines of numbers, in which no text of people can stand."""
    return Markup(drawing(link, error))  # noqa: S704  segno wrote it
