"""A visitor: reads pages as a person does, with or without their markup."""

import html
import re

import sqlalchemy as sa
from flask.testing import FlaskClient

from socialmap.listings.values import ListingValues
from socialmap.search.answer.engine import Searcher
from tests.factories import save

WIJK = "/wijk/volewijck"


BLOCKS = re.compile(r"</?(?:p|h\d|li|ul|dt|dd|div|section|article|br)\b[^>]*>")


def plain(text: str) -> str:
    """What stands on a page, without markup and soft hyphens, every space a single one."""
    inline = BLOCKS.sub(" ", text)
    words = html.unescape(re.sub(r"<[^>]+>", "", inline)).replace("\u00ad", "")
    return " ".join(words.split())


class Visitor:
    """Someone who reads pages, and can say what the directory knows."""

    def __init__(self, client: FlaskClient, engine: sa.Engine, searcher: Searcher) -> None:
        self.client, self._engine, self._searcher = client, engine, searcher

    def knows(self, *listings: ListingValues) -> None:
        save(self._engine, *listings)
        self._searcher.store.drain(self._engine)

    def reads(self, address: str = WIJK) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.text

    def text(self, address: str) -> str:
        return plain(self.reads(address))

    def section(self, heading: str, address: str = WIJK) -> str:
        """The part of a page under a heading that begins with these words; empty when absent."""
        parts = re.split(r"(?=<section)", self.reads(address))
        return next((part for part in parts if re.search(rf"<h2[^>]*>{heading}", part)), "")
