"""What every test may use: an empty directory of Amsterdam, and the whole one of `data/`."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from importers.run import load_folder
from socialmap import db
from socialmap.app import create_app
from socialmap.config import DATA, Settings, settings_from_env
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.search.engine import Searcher
from tests.factories import NOW, TODAY

HEADER_ONLY = "providers.csv"


def settings_in(folder: Path) -> Settings:
    """Settings of a directory in `folder`, on the day of the tests."""
    env = {"SOCIALMAP_INSTANCE": str(folder), "SOCIALMAP_SECRET_KEY": "not-secret"}
    return replace(settings_from_env(env), today=TODAY.isoformat())


@pytest.fixture(scope="session")
def empty_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that knows areas, themes, people and teams, but no listings."""
    files, folder = tmp_path_factory.mktemp("basics"), tmp_path_factory.mktemp("empty")
    shutil.copytree(DATA, files, dirs_exist_ok=True)
    header = (DATA / HEADER_ONLY).read_text("utf-8-sig").splitlines()[0]
    (files / HEADER_ONLY).write_text(header + "\n", "utf-8-sig")
    _fill(settings_in(folder), files)
    return folder


@pytest.fixture(scope="session")
def full_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all of `data/` and its index. Read only."""
    folder = tmp_path_factory.mktemp("full")
    _fill(settings_in(folder), DATA)
    return folder


def _fill(settings: Settings, files: Path) -> None:
    engine = db.make_engine(settings.database_url)
    db.migrate(engine)
    load_folder(engine, files, NOW)
    Searcher(settings.index_dir, engine).store.rebuild(engine)
    db.scrub(engine)
    engine.dispose()


@pytest.fixture
def folder(empty_city: Path, tmp_path: Path) -> Path:
    """A directory of one's own, without listings."""
    return Path(shutil.copytree(empty_city, tmp_path / "instance"))


@pytest.fixture
def app(folder: Path) -> Iterator[Flask]:
    """The application on an empty city of one's own."""
    app = create_app(settings_in(folder))
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    """The database of one's own city."""
    found: sa.Engine = app.extensions["engine"]
    return found


@pytest.fixture
def searcher(app: Flask) -> Searcher:
    """The searcher of one's own city."""
    found: Searcher = app.extensions["searcher"]
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor of one's own city."""
    return app.test_client()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def tree(session: Session) -> AreaTree:
    return area_tree(session)


@pytest.fixture(scope="session")
def full_app(full_city: Path) -> Iterator[Flask]:
    """The application on all of `data/`. Read only."""
    app = create_app(settings_in(full_city))
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def full_client(full_app: Flask) -> FlaskClient:
    """A visitor of the city with all of `data/`."""
    return full_app.test_client()
