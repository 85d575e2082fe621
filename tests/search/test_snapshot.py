"""The index in memory: what several threads read at once, while others write, is whole."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from socialmap.search.answer.engine import Searcher
from socialmap.search.index.schema import TEXT_FIELDS
from socialmap.search.index.snapshot import SegmentCache, Snapshot
from socialmap.search.index.store import IndexStore
from tests.conftest import settings_in
from tests.factories import listing, save
from tests.processes import hasty_threads

THREADS = 8
pytestmark = pytest.mark.sqlite


def snapshot_of(store: IndexStore, cache: SegmentCache | None = None) -> Snapshot:
    return Snapshot(store.open().reader(), ("", 0), cache or SegmentCache())


def test_threads_that_read_one_snapshot_read_the_same(full_city: Path) -> None:
    store = IndexStore(settings_in(full_city).index_dir)
    alone = snapshot_of(store)
    terms = sorted(alone.surface)[::40]

    def read(snapshot: Snapshot, number: int) -> object:
        if number % 2:
            return snapshot.surface
        pairs = ((field, term) for term in terms for field in TEXT_FIELDS)
        return [snapshot.postings(*pair).docs.tolist() for pair in pairs]

    expected = [read(alone, number) for number in range(2)]
    with hasty_threads(), ThreadPoolExecutor(THREADS) as pool:
        for _round in range(2):
            shared = snapshot_of(store)
            found = list(pool.map(lambda number, one=shared: read(one, number), range(THREADS)))
            assert found == expected * (THREADS // 2)


def test_snapshot_keeps_what_a_newer_one_has_lost(engine: sa.Engine, searcher: Searcher) -> None:
    """A thread that goes on with the last snapshot finds what was true then."""
    store, cache = searcher.store, SegmentCache()
    save(engine, listing("een", description="Vliegeren."), listing("twee"), listing("drie"))
    store.rebuild(engine)
    old = snapshot_of(store, cache)
    save(engine, listing("een", description="Wandelen."))
    store.drain(engine)
    new = snapshot_of(store, cache)
    assert [len(one.postings("body", "vlieger").docs) for one in (new, old)] == [0, 1]
