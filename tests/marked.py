"""Finding markers back in whatever is sent: pages, JSON, calendars, tables, workbooks, PDF."""

import gzip
import html
import re
import zipfile
from io import BytesIO
from urllib.parse import unquote

from werkzeug.test import TestResponse

from socialmap.models.terms import DetailKind
from tests.agreed import Somebody

Marker = tuple[str, int]
"""What it is, and the number of whose it is."""
FIRST, LAST, OTHER = "first name", "last name", "other"
LETTERS = {
    "a": FIRST,
    "b": LAST,
    "m": DetailKind.MAIL,
    "e": DetailKind.FORMER_EMPLOYER,
    "w": OTHER,
}
NUMBERS = {"61": DetailKind.MOBILE, "62": DetailKind.WHATSAPP, "23": DetailKind.PHONE}
"""What a number is of, by its first digit and the first one after the zeros."""
WORD = re.compile(r"zq([abmew])(\d{3})")
GAP = r"[\s().\-/\u00ad\u00a0\u2011]*"
"""What people and programs write between digits."""
NUMBER = re.compile(GAP.join([r"([26])", *"0000", r"([123])", r"(\d)", r"(\d)", r"(\d)"]))
PHOTO = re.compile(r"c0ffee(\d{26})")
TAG = re.compile(r"<[^>]*>")
FOLD = re.compile(r"\r?\n[ \t]")
"""Where a calendar goes on with a line."""
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def marker(one: Somebody, kind: DetailKind) -> Marker:
    return kind, one.number


def names(one: Somebody) -> set[Marker]:
    return {(FIRST, one.number), (LAST, one.number)}


def text_of(answer: TestResponse) -> str:
    """All text in an answer, whatever it is packed in; empty for pictures."""
    data = answer.data
    if answer.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    if data.startswith(b"%PDF"):
        return _of_pdf(data)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(data)) as packed:
            return "\n".join(
                packed.read(name).decode("utf-8", "replace") for name in packed.namelist()
            )
    return "" if answer.mimetype.startswith("image/") else data.decode("utf-8", "replace")


def _of_pdf(data: bytes) -> str:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data))
    told = [page.extract_text() for page in reader.pages]
    for page in reader.pages:
        for note in page.annotations or ():
            action = note.get_object().get("/A")
            told.append(str(action.get_object().get("/URI", "")) if action else "")
    return "\n".join([*told, *map(str, (reader.metadata or {}).values())])


def plain(text: str) -> str:
    """The same without tags, escapes and folds, in small letters."""
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), FOLD.sub("", text))
    return unquote(html.unescape(text)).lower()


def markers_in(text: str) -> set[Marker]:
    """Every marker in a text, with its markup and without."""
    found: set[Marker] = set()
    whole = plain(text)
    for told in (whole, TAG.sub("", whole)):
        found |= {(LETTERS[letter], int(number)) for letter, number in WORD.findall(told)}
        found |= {(DetailKind.PHOTO, int(number)) for number in PHOTO.findall(told)}
        for first, after, *digits in NUMBER.findall(told):
            if kind := NUMBERS.get(first + after):
                found.add((kind, int("".join(digits))))
    return found
