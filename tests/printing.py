"""A PDF as somebody reads it, and as a screen reader finds it."""

import re
from functools import cached_property
from io import BytesIO

from flask.testing import FlaskClient
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

FILES = frozenset({"/FontFile", "/FontFile2", "/FontFile3"})
FULL_LINE = 120
"""About so many signs fit between the margins of A4."""
DOTS = re.compile(r"(?: \.){3,}")
BROKEN = re.compile(r"\u00ad\s*|(?<=[a-zà-ž])-\n(?=[a-zà-ž])")


class Paper:
    """What stands on the pages of a PDF, and how it is tagged."""

    def __init__(self, data: bytes) -> None:
        self._reader = PdfReader(BytesIO(data))
        self.root = self._reader.trailer["/Root"]

    @property
    def size(self) -> int:
        """How many pages it has."""
        return len(self._reader.pages)

    @property
    def title(self) -> str:
        return str(self._reader.metadata.title)

    @cached_property
    def _pages(self) -> list[str]:
        return [page.extract_text() for page in self._reader.pages]

    @cached_property
    def text(self) -> str:
        """All of it on one line; a word that was broken is whole again."""
        whole = BROKEN.sub("", "\n".join(self._pages).replace("\u200b", ""))
        return " ".join(DOTS.sub(" … ", whole).split())

    @property
    def bookmarks(self) -> list[str]:
        """The chapters, not what is below them."""
        found = self._reader.outline
        return [str(mark.title) for mark in found if not isinstance(mark, list)]

    def page_of(self, words: str) -> int:
        """The first page, from 1, with these words as a whole line."""
        for number, page in enumerate(self._pages, 1):
            if words in page.splitlines():
                return number
        raise AssertionError(f"{words!r} is on no page")

    @property
    def longest_line(self) -> int:
        """The most signs on a line, dots left out; more than `FULL_LINE` would not fit."""
        lines = "\n".join(self._pages).splitlines()
        return max(len(DOTS.sub("", line)) for line in lines)

    @property
    def loose_fonts(self) -> set[str]:
        """Fonts that are not in the file."""
        return {name for name, is_there in self._fonts() if not is_there}

    @property
    def fonts(self) -> set[str]:
        return {name for name, _ in self._fonts()}

    def _fonts(self):  # type: ignore[no-untyped-def]
        for page in self._reader.pages:
            for held in page["/Resources"].get("/Font", {}).values():
                font = held.get_object()
                inner = font.get("/DescendantFonts", [font])[0].get_object()
                files = FILES & set(inner["/FontDescriptor"].get_object())
                yield font["/BaseFont"], bool(files)

    @cached_property
    def tags(self) -> list[tuple[str, str]]:
        """(kind, what it is called instead) of every tag, in reading order."""
        found: list[tuple[str, str]] = []
        below(self.root["/StructTreeRoot"], found)
        return found

    @property
    def pictures(self) -> list[str]:
        """What is said instead of each picture."""
        return [instead for kind, instead in self.tags if kind == "/Figure"]


def below(tag: DictionaryObject, found: list[tuple[str, str]]) -> None:
    """Add every tag under this one."""
    children = tag.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        held = child.get_object()
        if isinstance(held, DictionaryObject) and "/S" in held:
            found.append((str(held["/S"]), str(held.get("/Alt", ""))))
            below(held, found)


def printed(client: FlaskClient, address: str) -> Paper:
    """The PDF at this address."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert answer.mimetype == "application/pdf"
    return Paper(answer.data)
