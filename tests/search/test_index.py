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
from socialmap.search.index.checks import index_faults
from socialmap.search.index.keeper import Keeper
from socialmap.search.index.store import IndexStore
from socialmap.search.question.query import Query
from tests.factories import SOMEWHERE_IN_VOLEWIJCK, TODAY, listing, save
from tests.processes import hasty_threads, meanwhile

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


@pytest.mark.parametrize("work", [IndexStore.rebuild, IndexStore.drain])
@pytest.mark.parametrize(
    "step", ["socialmap.search.index.store.document", "whoosh.index.TOC.write"]
)
def test_a_write_that_fails_leaves_the_index_as_it_was_and_free(
    engine: sa.Engine,
    searcher: Searcher,
    known: IndexStore,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[IndexStore, sa.Engine], int],
    step: str,
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    save(engine, listing("nieuw"))
    with monkeypatch.context() as broken:
        broken.setattr(step, fail)
        with pytest.raises(ZeroDivisionError) as error:
            work(known, engine)
    assert total(engine, searcher) == 1, "though nobody has let go of the error"
    assert error.value
    assert known.drain(engine) == 1
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


@pytest.mark.sqlite
def test_the_index_is_opened_while_others_write(known: IndexStore) -> None:
    """A generation that is replaced between seeing it and opening it is no damage."""
    with hasty_threads(), meanwhile(lambda: known.open().writer().commit()):
        for _ in range(200):
            known.open().reader().close()
            assert known.is_sound()


@pytest.mark.sqlite
def test_the_format_is_always_there(engine: sa.Engine, known: IndexStore) -> None:
    with hasty_threads(), meanwhile(lambda: known.rebuild(engine)):
        assert None not in [known.edition() for _ in range(3_000)]
    assert known.is_sound()


def test_each_generation_is_of_one_moment(
    engine: sa.Engine, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is saved while the index is being fed comes next time, and as a whole."""
    store = searcher.store
    before, after = ({"description": text} for text in ("Wandelen.", "Vliegeren."))
    save(engine, listing("een", **after), listing("twee", **before), listing("drie", **before))
    store.rebuild(engine)
    save(engine, listing("een", **before), listing("twee", **after))
    update = store._update

    def move_and_update(*args: object, **options: object) -> None:
        monkeypatch.undo()
        save(engine, listing("twee", **before), listing("drie", **after))
        update(*args, **options)  # type: ignore[arg-type]
        assert total(engine, searcher, "vliegeren") == 1

    monkeypatch.setattr(store, "_update", move_and_update)
    assert store.drain(engine) == 4
    with Session(engine) as session:
        assert list(index_faults(session, store)) == []
