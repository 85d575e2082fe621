"""A link as a QR code, to scan from paper or from another screen."""

import segno
from markupsafe import Markup


def picture(link: str, error: str = "m") -> Markup:
    """A drawing for on the page: lines of numbers, in which no text of people can stand. `error`
    is the least correction; a long link is easier to scan with less of it (`l`)."""
    drawn = segno.make(link, error=error, micro=False)
    svg = drawn.svg_inline(omitsize=True, svgclass="qr", light="#fff")
    return Markup(svg)  # noqa: S704  segno wrote it
