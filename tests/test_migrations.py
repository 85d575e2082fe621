"""The tables: the same from migrations as from the models, on both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import socialmap.models
from socialmap import db
from socialmap.db.migrating import foreign_keys_at_the_end, known_revisions
from tests.postgresql import Cluster

assert socialmap.models, "the import fills the metadata"
Shape = dict[str, object]


@pytest.fixture
def bare(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    """A database without any table."""
    url = f"sqlite:///{tmp_path / 'bare.db'}"
    if backend == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        url = cluster.create()
    engine = db.make_engine(url)
    yield engine
    engine.dispose()
    if backend == "postgresql":
        cluster.drop(url)


def shape(engine: sa.Engine) -> Shape:
    """Columns, keys, rules and indexes of every table."""
    with engine.connect() as connection:
        found = sa.inspect(connection)
        return {
            name: (
                [(column["name"], str(column["type"])) for column in found.get_columns(name)],
                found.get_pk_constraint(name),
                sorted(map(str, found.get_foreign_keys(name))),
                sorted(map(str, found.get_unique_constraints(name))),
                sorted(map(str, found.get_check_constraints(name))),
                sorted(map(index_shape, found.get_indexes(name))),
            )
            for name in found.get_table_names()
        }


def index_shape(index: Any) -> str:
    """An index with the condition of a partial one, whose object would never be the same."""
    conditions = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['column_names']} {index['unique']} {conditions}"


def test_up_down_and_up_again_gives_the_same_tables(bare: sa.Engine) -> None:
    assert db.revision_of(bare) is None
    db.migrate(bare)
    first = shape(bare)
    assert set(first) == set(SQLModel.metadata.tables) | {"alembic_version"}
    assert db.revision_of(bare) == known_revisions()[0]
    db.migrate(bare, "base")
    assert set(shape(bare)) == {"alembic_version"}
    assert db.revision_of(bare) is None
    db.migrate(bare)
    assert shape(bare) == first


def test_migrating_twice_changes_nothing(bare: sa.Engine) -> None:
    db.migrate(bare)
    first = shape(bare)
    db.migrate(bare)
    assert shape(bare) == first


def test_autogenerate_finds_nothing_to_do(bare: sa.Engine) -> None:
    db.migrate(bare)
    with bare.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_rules_are_those_of_the_models(bare: sa.Engine) -> None:
    """Alembic does not compare rules, so a new one could be forgotten in the migrations."""
    db.migrate(bare)
    migrated = rules(bare)
    SQLModel.metadata.drop_all(bare)
    SQLModel.metadata.create_all(bare)
    assert migrated == rules(bare)


def rules(engine: sa.Engine) -> dict[str, object]:
    """Name and text of every CHECK, by table."""
    with engine.connect() as connection:
        found = sa.inspect(connection)
        return {
            name: {str(rule["name"]): rule["sqltext"] for rule in found.get_check_constraints(name)}
            for name in SQLModel.metadata.tables
        }


def test_rows_survive_the_way_down_and_up(furnished: sa.Engine) -> None:
    """Step by step, since SQLite makes a table again to change it: nothing may go along."""
    before = row_counts(furnished)
    for revision in known_revisions()[1:]:
        db.migrate(furnished, revision)
        assert db.revision_of(furnished) == revision
        assert db.faults(furnished) == []
    oldest = row_counts(furnished)
    db.migrate(furnished)
    after = row_counts(furnished)
    assert oldest == {name: before[name] for name in oldest}
    assert {name: after[name] for name in oldest} == oldest


def row_counts(engine: sa.Engine) -> dict[str, int]:
    """How many rows each table has."""
    with engine.connect() as connection:
        return {
            name: connection.execute(sa.text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name in sa.inspect(connection).get_table_names()
        }


def test_a_migration_that_leaves_rows_loose_is_undone(furnished: sa.Engine) -> None:
    before = row_counts(furnished)
    with (
        pytest.raises(sa.exc.IntegrityError),
        furnished.execution_options(is_write=True).connect() as connection,
        foreign_keys_at_the_end(connection),
    ):
        connection.exec_driver_sql("DELETE FROM theme")
    assert row_counts(furnished) == before
    with pytest.raises(sa.exc.IntegrityError), furnished.begin() as connection:
        connection.exec_driver_sql("DELETE FROM theme")
