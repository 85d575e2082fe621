"""A database of one's own for each import: areas, themes, people and teams, but no listings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from importers.cli import areas_group, import_group
from importers.export import export_group
from socialmap import db
from socialmap.config import settings_from_env
from tests.conftest import settings_in
from tests.sharing import share_areas, share_statements


@pytest.fixture
def database(folder: Path) -> Path:
    """The file of a database of one's own, on SQLite."""
    return folder / "socialmap.db"


@pytest.fixture
def engine(folder: Path, database_url: str) -> Iterator[sa.Engine]:
    engine = db.make_engine(settings_in(folder, database_url).database_url)
    share_areas(engine)
    share_statements(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def runner(engine: sa.Engine, tmp_path: Path) -> FlaskCliRunner:
    """Someone who types commands."""
    app = Flask("test")
    for group in (import_group, areas_group, export_group):
        app.cli.add_command(group)
    app.extensions["settings"] = settings_from_env(
        {
            "SOCIALMAP_INSTANCE": str(tmp_path),
            "SOCIALMAP_SECRET_KEY": "test",
            "SOCIALMAP_TODAY": "2026-11-23",
        }
    )
    db.init_app(app, engine)
    return app.test_cli_runner()
