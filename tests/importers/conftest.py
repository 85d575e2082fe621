"""A database of one's own for each import: areas, themes, people and teams, but no listings."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from importers.run import load_folder
from socialmap import db
from socialmap.config import DATA
from tests.factories import NOW


@pytest.fixture(scope="session")
def city_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file of a city without listings. Read only."""
    folder = tmp_path_factory.mktemp("city")
    files = Path(shutil.copytree(DATA, folder / "data"))
    header = (DATA / "providers.csv").read_text("utf-8-sig").splitlines()[0]
    (files / "providers.csv").write_text(header + "\n", "utf-8-sig")
    path = folder / "city.db"
    engine = db.make_engine(f"sqlite:///{path}")
    db.migrate(engine)
    loaded = load_folder(engine, files, NOW)
    assert loaded.is_whole, [report.problems for report in loaded.reports]
    db.scrub(engine)
    engine.dispose()
    return path


@pytest.fixture
def database(city_file: Path, tmp_path: Path) -> Path:
    """The file of a database of one's own."""
    return Path(shutil.copy(city_file, tmp_path / "city.db"))


@pytest.fixture
def engine(database: Path) -> Iterator[sa.Engine]:
    engine = db.make_engine(f"sqlite:///{database}")
    yield engine
    engine.dispose()
