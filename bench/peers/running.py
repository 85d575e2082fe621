"""All peers with the same listings, for as long as they are asked."""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from subprocess import SubprocessError

from bench.peers import Peer
from bench.peers.documents import Document
from bench.peers.postgresql import PostgreSQL
from bench.peers.sqlite import SQLite
from bench.peers.tantivy import Tantivy
from tests.postgresql import Cluster, running_cluster

Timed = Callable[[str], AbstractContextManager[None]]


@contextmanager
def all_peers(
    folder: Path, listings: Collection[Document], timed: Timed = lambda _name: nullcontext()
) -> Iterator[list[Peer]]:
    """SQLite FTS5, tantivy and PostgreSQL with these listings, their files in `folder`.

    `timed` is entered with the name of each while it takes the listings in.
    """
    with ExitStack() as stack:
        found: list[Peer] = []
        with timed(SQLite.name):
            found.append(SQLite(folder / "fts5.db", listings))
        with timed(Tantivy.name):
            found.append(Tantivy(folder / "tantivy", listings))
        cluster = _started(stack)
        if cluster is not None:
            with timed(PostgreSQL.name):
                found.append(PostgreSQL(cluster.create(), listings))
        yield found
        for peer in found:
            peer.close()


def _started(stack: ExitStack) -> Cluster | None:
    """A server of PostgreSQL; None, and a line that says so, where it can't run."""
    try:
        return stack.enter_context(running_cluster())
    except (ImportError, OSError, SubprocessError) as error:
        print(f"PostgreSQL is left out, it can't run here: {error}")
        return None
