"""Pictures of nobody, as people send them: good, large, turned, damaged, and no pictures at all."""

import struct
import zlib
from io import BytesIO

from PIL import Image

RED, GREEN, BLUE = (200, 30, 30), (30, 160, 60), (30, 60, 200)


def striped(size: tuple[int, int] = (900, 1200)) -> Image.Image:
    """A picture in three bands: red above, green in the middle, blue below."""
    picture = Image.new("RGB", size, GREEN)
    third = size[1] // 3
    picture.paste(RED, (0, 0, size[0], third))
    picture.paste(BLUE, (0, size[1] - third, size[0], size[1]))
    return picture


def written(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """A picture as a file."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def with_secrets() -> bytes:
    """A JPEG that tells where it was taken, by what, and more."""
    exif = Image.Exif()
    exif[0x010F] = "Telefoon van Fatma"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (52.0, 23.0, 14.0), "E", (4.0, 54.0, 39.0)
    secrets: dict[str, object] = {"exif": exif, "comment": b"thuis bij Fatma"}
    secrets |= {"icc_profile": b"profiel van Fatma" * 20, "xmp": b"<x>Fatma</x>", "dpi": (300, 300)}
    return written(striped(), **secrets)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, data: bytes = b"", *others: bytes) -> bytes:
    """A PNG that says it is so large, with little in it. Source: https://www.w3.org/TR/png-3/"""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    parts = header + b"".join(others) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def layered(layers: int) -> bytes:
    """A JPEG that says the same in so many layers."""
    data = written(striped((600, 750)), progressive=True)
    at = data.rindex(b"\xff\xda")
    end = data.rindex(b"\xff\xd9")
    return data[:at] + data[at:end] * layers + data[end:]
