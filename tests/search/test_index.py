"""The index on disk: whatever happens to it, search works again by itself."""

import json
import shutil
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import db
from socialmap.models import Outbox
from socialmap.search.answer.engine import Searcher
from socialmap.search.index.keeper import Keeper
from socialmap.search.index.store import IndexStore
from socialmap.search.question.query import Query
from tests.factories import SOMEWHERE_IN_VOLEWIJCK, TODAY, listing, save

Damage = Callable[[Path], None]


def deleted(folder: Path) -> None:
    shutil.rmtree(folder)


def emptied(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def truncated(folder: Path) -> None:
    for file in folder.iterdir():
        with file.open("r+b") as open_file:
            open_file.truncate(file.stat().st_size // 2)


def of_an_older_format(folder: Path) -> None:
    (folder / "format.json").write_text(json.dumps({"format": 0}))


def scribbled(folder: Path) -> None:
    for file in folder.glob("*.seg"):
        file.write_bytes(b"\xff" * file.stat().st_size)


pytestmark = pytest.mark.filterwarnings(
    # Whoosh leaves the file open when it meets a damaged one
    "ignore:Exception ignored in.*FileIO:pytest.PytestUnraisableExceptionWarning"
)
ALL_DAMAGE = [deleted, emptied, truncated, of_an_older_format, scribbled]


def total(engine: sa.Engine, searcher: Searcher, text: str = "durven") -> int:
    with Session(engine) as session:
        return searcher.find(session, Query(text=text), TODAY).total


@pytest.fixture
def known(engine: sa.Engine, searcher: Searcher) -> IndexStore:
    """An index that holds one listing."""
    save(engine, listing())
    searcher.store.drain(engine)
    return searcher.store


@pytest.mark.parametrize("damage", ALL_DAMAGE)
def test_a_damaged_index_is_made_again_at_start(
    engine: sa.Engine, known: IndexStore, damage: Damage
) -> None:
    damage(known.folder)
    assert total(engine, Searcher(known.folder, engine)) == 1
    assert known.is_sound()


@pytest.mark.parametrize("damage", ALL_DAMAGE)
def test_a_damaged_index_is_made_again_while_running(
    engine: sa.Engine, searcher: Searcher, known: IndexStore, damage: Damage
) -> None:
    assert total(engine, searcher) == 1
    damage(known.folder)
    assert total(engine, searcher) == 1
    Keeper(known, engine).tend()
    assert known.is_sound()
    save(engine, listing("nieuw"))
    known.drain(engine)
    assert total(engine, searcher) == 2


def test_the_outbox_is_empty_after_draining_and_draining_twice_is_harmless(
    engine: sa.Engine, searcher: Searcher, known: IndexStore
) -> None:
    with Session(engine) as session:
        assert session.exec(select(Outbox)).all() == []
    assert known.drain(engine) == 0
    assert total(engine, searcher) == 1


def test_a_rebuild_holds_what_was_saved_before_it(
    engine: sa.Engine, searcher: Searcher, known: IndexStore
) -> None:
    save(engine, listing("nieuw"))
    assert known.rebuild(engine) == 2
    assert total(engine, searcher) == 2


def write_many(url: str, folder: str, name: str, count: int) -> None:
    """In a process of its own: save listings, draining after each."""
    engine = db.make_engine(url)
    store = IndexStore(Path(folder))
    for number in range(count):
        save(engine, listing(f"{name}-{number}"))
        store.drain(engine)


def test_two_processes_that_write_at_once_lose_nothing(
    engine: sa.Engine, searcher: Searcher, known: IndexStore
) -> None:
    fork = get_context("spawn")
    url = engine.url.render_as_string(hide_password=False)
    writers = [
        fork.Process(target=write_many, args=(url, str(known.folder), name, 8))
        for name in ("een", "twee")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0]
    known.drain(engine)
    assert total(engine, searcher) == 17


def test_an_erased_address_is_in_no_index_file(
    engine: sa.Engine, searcher: Searcher, known: IndexStore
) -> None:
    before = b"".join(file.read_bytes() for file in known.folder.iterdir())
    assert b"52.38720,4.91080" in before
    save(engine, listing(places=[SOMEWHERE_IN_VOLEWIJCK]))
    known.drain(engine)
    after = b"".join(file.read_bytes() for file in known.folder.iterdir())
    assert b"52.38720,4.91080" not in after
    assert total(engine, searcher) == 1
