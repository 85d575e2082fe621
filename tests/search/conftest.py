"""Who searches in these tests."""

import pytest
import sqlalchemy as sa

from socialmap.search.answer.engine import Searcher
from tests.searching import Seeker


@pytest.fixture
def seeker(engine: sa.Engine, searcher: Searcher) -> Seeker:
    return Seeker(engine, searcher)
