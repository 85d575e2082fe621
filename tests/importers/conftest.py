"""A database of one's own for each import: areas, themes, people and teams, but no listings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from socialmap import db
from tests.conftest import settings_in


@pytest.fixture
def database(folder: Path) -> Path:
    """The file of a database of one's own, on SQLite."""
    return folder / "socialmap.db"


@pytest.fixture
def engine(folder: Path, database_url: str) -> Iterator[sa.Engine]:
    engine = db.make_engine(settings_in(folder, database_url).database_url)
    yield engine
    engine.dispose()
