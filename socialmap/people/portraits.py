"""Portraits: from what someone uploads to a small picture of a face in which nothing else is left.

What a file is called counts for nothing, only what is in it. What it holds besides the picture
(where it was taken, by which telephone, comments, profiles of colour) never gets through: the
points are copied to a new picture.
"""

import re
from io import BytesIO
from threading import Lock

from PIL import Image, ImageOps

from socialmap.models.terms import Cut

SIZE = (480, 600)
"""Width and height in points."""
SMALL = (240, 300)
"""For a face in a list: three points for each one of the look."""
LEAST = SMALL
MOST_BYTES = 10 * 1024 * 1024
MOST_POINTS = 40_000_000
MOST_SCANS = 60
"""Layers of a progressive JPEG; each costs the work of the whole picture. Usual is about ten."""
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85
PAPER = (255, 255, 255)
"""What shows through where a picture has holes."""
ENOUGH = 2 * max(SIZE)
"""A picture is kept no larger than about this on its shortest side."""
FOCUS: dict[Cut, tuple[float, float]] = {
    Cut.UPPER: (0.5, 0.3),
    Cut.TOP: (0.5, 0.0),
    Cut.MIDDLE: (0.5, 0.5),
    Cut.BOTTOM: (0.5, 1.0),
    Cut.LEFT: (0.0, 0.3),
    Cut.RIGHT: (1.0, 0.3),
}
"""The point that stays in sight: from the left and from the top."""
MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
"""Of a JPEG; inside a layer 0xFF00 is a byte 0xFF and 0xFFD0-7 are no end of it."""
START_OF_SCAN, END_OF_IMAGE, WITHOUT_LENGTH = 0xDA, 0xD9, (0x01, 0xD8)
APPLE = re.compile(rb"....ftyp(heic|heix|hevc|mif1|msf1|heim|heis)", re.DOTALL)

Image.MAX_IMAGE_PIXELS = None  # we refuse sooner, and without a warning in the log

EMPTY = "Dit bestand is leeg. Kies de foto opnieuw."
TOO_HEAVY = "Deze foto is groter dan 10 MB. Kies een kleinere, of maak er een schermafdruk van."
TOO_LARGE = (
    "Deze foto heeft meer dan 40 miljoen beeldpunten. Kies een kleinere, of maak er een "
    "schermafdruk van."
)
TOO_SMALL = (
    f"Deze foto is te klein. Kies er een van minstens {LEAST[0]} bij {LEAST[1]} beeldpunten, "
    "waarop het gezicht goed te zien is."
)
NO_PICTURE = "Dit is geen foto die wij kunnen lezen. Kies een foto in JPEG, PNG of WebP."
FROM_APPLE = (
    "Deze foto is in HEIC, dat kunnen wij niet lezen. Maak er op uw telefoon een schermafdruk "
    "van, of bewaar hem als JPEG."
)
DAMAGED = "Deze foto is beschadigd of niet heel aangekomen. Kies hem opnieuw, of neem een andere."

_one_at_a_time = Lock()
"""A picture of 40 million points takes 160 MB while it is read, with holes in it twice that."""


class PortraitError(ValueError):
    """Says in Dutch why a file can't be a portrait, and what to do."""


def portraits_from(data: bytes, cut: Cut) -> tuple[bytes, bytes]:
    """The portrait in a file, large and small, both as JPEG. Raises PortraitError."""
    if not data:
        raise PortraitError(EMPTY)
    if len(data) > MOST_BYTES:
        raise PortraitError(TOO_HEAVY)
    with _one_at_a_time:
        image = _read(data)
        face = ImageOps.fit(image, SIZE, Image.Resampling.LANCZOS, centering=FOCUS[cut])
    face = _on_paper(face)
    return _written(face), _written(face.resize(SMALL, Image.Resampling.LANCZOS))


def is_whole(data: bytes) -> bool:
    """Can this picture be read to its last point?"""
    try:
        Image.open(BytesIO(data), formats=FORMATS).load()
    except Exception:  # a reader of damaged bytes raises whatever it likes
        return False
    return True


def _read(data: bytes) -> Image.Image:
    """The picture in a file, upright and large enough, in red, green, blue and perhaps holes."""
    opened = _opened(data)
    if opened.width * opened.height > MOST_POINTS or _scans(data) > MOST_SCANS:
        raise PortraitError(TOO_LARGE)
    try:
        opened.draft("RGB", (ENOUGH, ENOUGH))
        opened.load()
        image = _coloured(_smaller(opened))
        ImageOps.exif_transpose(image, in_place=True)
    except Exception:  # a reader of damaged bytes raises whatever it likes
        raise PortraitError(DAMAGED) from None
    if image.width < LEAST[0] or image.height < LEAST[1]:
        raise PortraitError(TOO_SMALL)
    return image


def _opened(data: bytes) -> Image.Image:
    """A picture of which only the first bytes were read: what it is, and its size."""
    try:
        return Image.open(BytesIO(data), formats=FORMATS)
    except Exception:
        raise PortraitError(FROM_APPLE if APPLE.match(data) else NO_PICTURE) from None


def _scans(data: bytes) -> int:
    """How many layers a JPEG has; 0 for what is none.

    Source: ITU-T T.81, annex B. Only the first picture counts, not one inside a segment of it.
    """
    scans, at = 0, 2
    while data.startswith(b"\xff\xd8") and (found := MARKER.search(data, at)):
        marker, at = found[1][0], found.end()
        if marker == END_OF_IMAGE:
            break
        scans += marker == START_OF_SCAN
        if marker not in WITHOUT_LENGTH:
            at += int.from_bytes(data[at : at + 2], "big")
    return scans


def _smaller(image: Image.Image) -> Image.Image:
    """The same picture, no larger than is of use: each step after this one would copy all of it."""
    factor = min(image.size) // ENOUGH
    if factor < 2:
        return image
    image = image.convert("I") if image.mode.startswith("I") else _coloured(image)
    return image.reduce(factor)


def _coloured(image: Image.Image) -> Image.Image:
    """The same picture in red, green and blue, with holes where it has them."""
    if image.mode.startswith("I"):  # 16 bits of grey, of which Pillow would keep only the lowest
        return image.convert("F").point(lambda value: value / 256 + 0).convert("RGB")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _on_paper(image: Image.Image) -> Image.Image:
    """A new picture with the same points, without holes and whatever the file said besides."""
    plain = Image.new("RGB", image.size, PAPER)
    plain.paste(image, mask=image if image.mode == "RGBA" else None)
    return plain


def _written(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
