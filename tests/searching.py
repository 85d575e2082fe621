"""Someone who searches, without pages."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Session

from socialmap.geo.tree import area_tree
from socialmap.listings.values import ListingValues
from socialmap.search.answer.engine import Searcher
from socialmap.search.answer.found import Found
from socialmap.search.question.params import read_query
from tests.factories import TODAY, save, titles


class Seeker:
    """Someone who searches."""

    def __init__(self, engine: sa.Engine, searcher: Searcher) -> None:
        self._engine, self._searcher = engine, searcher

    def knows(self, *listings: ListingValues) -> None:
        save(self._engine, *listings)
        self._searcher.store.drain(self._engine)

    def finds(self, today: date = TODAY, **params: str) -> Found:
        with Session(self._engine) as session:
            given = {name: [value] for name, value in params.items()}
            query, errors = read_query(session, area_tree(session), given, self._searcher.lexicon())
            assert errors == []
            return self._searcher.find(session, query, today)

    def sees(self, today: date = TODAY, **params: str) -> list[str]:
        with Session(self._engine) as session:
            return titles(session, [hit.listing_id for hit in self.finds(today, **params).hits])
