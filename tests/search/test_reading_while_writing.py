"""Readers in several processes while others write: no error, and every count that of one moment.

Each update moves a word, a price and an area from one listing to the next, lets one listing come
and another go, and adds a number to a third; all in one transaction. So most totals never change,
and the numbers tell how far the index is.
"""

import logging
import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.listings.values import ListingValues
from socialmap.models import Listing, Outbox
from socialmap.models.terms import Door
from socialmap.search.answer.engine import Searcher
from socialmap.search.answer.found import Found
from socialmap.search.index.checks import index_faults
from socialmap.search.index.keeper import Keeper
from socialmap.search.index.store import IndexStore
from socialmap.search.question.params import read_query
from tests.factories import NOW, TODAY, listing, save
from tests.processes import PROCESSES

LASTING, GUESTS = 24, 4
THREADS = (1, 2, 2)
"""Per process that reads, as a web server has them; one thread alone never sees an old index."""
EAGERNESS = 2
"""So many updates ahead of the index the readers may be, so that they read while it is written."""
PATIENCE_SECONDS = 120.0
Params = dict[str, list[str]]


@dataclass(frozen=True)
class Run:
    """How much is asked, and what happens meanwhile."""

    searches: int
    updates: int
    rebuilds: int
    readers: int

    def asked_by(self, update: int) -> int:
        """How many searches belong before this update."""
        return update * self.searches // self.updates


@dataclass(frozen=True)
class City:
    """Where a process finds the directory, and how far the others are."""

    url: str
    folder: str
    run: Run
    start: Any
    """Where all wait for the last that gets ready."""
    begun: Any = field(default_factory=lambda: PROCESSES.Value("i", 0))
    committed: Any = field(default_factory=lambda: PROCESSES.Value("i", 0))
    indexed: Any = field(default_factory=lambda: PROCESSES.Value("i", 0))
    """The last update that is being written, that is in the tables, that is in the index."""
    asked: Any = field(default_factory=lambda: PROCESSES.Value("i", 0))
    has_failed: Any = field(default_factory=PROCESSES.Event)


@dataclass(frozen=True)
class Report:
    """What one process has read."""

    asked: int
    wrong: list[str]
    moments: set[tuple[str, int]]
    """The generations of the index that it has seen."""


_here: City
"""In a process of the pool: what it was given."""


def given(city: City) -> None:
    global _here
    _here = city


# Writing


def lasting(number: int, update: int) -> ListingValues:
    """One of the listings that stay; after each update another one holds what moves."""
    holds = number == update % LASTING
    return listing(
        f"blijft-{number}",
        description="Samen een zeppelin bouwen." if holds else "Samen iets bouwen.",
        cost="vergoed" if holds else "gratis",
        coverage=["K"] if holds else ["N"],
    )


def guest(number: int) -> ListingValues:
    return listing(f"gast-{number}", description="Een pannenkoek bakken.")


def counter(update: int) -> ListingValues:
    rounds = " ".join(f"ronde{number}" for number in range(update + 1))
    return listing("teller", description=rounds)


def furnish(engine: sa.Engine) -> None:
    many = [lasting(number, 0) for number in range(LASTING)]
    save(engine, *many, *map(guest, range(GUESTS)), counter(0))


def write() -> None:
    """Make all updates, each when its part of the searches has been asked."""
    engine = db.make_engine(_here.url)
    _here.start.wait(PATIENCE_SECONDS)
    for update in range(1, _here.run.updates + 1):
        wait_for_readers(update - 1)
        _here.begun.value = update
        with db.writing(engine) as session:
            editor = Editor(session, area_tree(session), Author("test", Door.FORM, NOW))
            editor.save(lasting((update - 1) % LASTING, update))
            editor.save(lasting(update % LASTING, update))
            editor.save(counter(update))
            editor.save(guest(update + GUESTS - 1))
            editor.remove([guest(update - 1).key])
        _here.committed.value = update
    engine.dispose()


def wait_for_readers(update: int) -> None:
    """Until what belongs before this update has been asked."""
    end = time.monotonic() + PATIENCE_SECONDS
    while _here.asked.value < _here.run.asked_by(update):
        assert time.monotonic() < end, "the readers have stopped"
        time.sleep(0.002)


def keep(city: City, store: IndexStore, engine: sa.Engine, writer: Future[None]) -> None:
    """Bring the updates to the index as they come, and make it again now and then."""
    run, keeper = city.run, Keeper(store, engine)
    rebuilds = [(at + 1) * run.updates // (run.rebuilds + 1) for at in range(run.rebuilds)]
    while city.indexed.value < run.updates:
        if writer.done() and writer.exception():
            city.has_failed.set()
            return
        committed = city.committed.value
        if rebuilds and committed >= rebuilds[0]:
            rebuilds.pop(0)
            store.rebuild(engine)
        keeper.tend()
        city.indexed.value = committed
        time.sleep(0.002)


# Reading


def read(number: int) -> Report:
    """Ask questions in a thread or more until all is asked and written; returns what was seen."""
    engine = db.make_engine(_here.url)
    searcher = Searcher(Path(_here.folder), engine)
    log = Complaints()
    logging.getLogger("socialmap").addHandler(log)
    Reader(searcher, engine).find(q="zeppelin")
    _here.start.wait(PATIENCE_SECONDS)
    threads = THREADS[number]
    with ThreadPoolExecutor(threads) as pool:
        reports = list(pool.map(lambda at: read_on(searcher, engine, (number, at)), range(threads)))
    last = Reader(searcher, engine).find(q=f"ronde{_here.run.updates}")
    engine.dispose()
    return Report(
        asked=sum(report.asked for report in reports),
        wrong=[
            *log.said,
            *(line for report in reports for line in report.wrong),
            *wrong("the last update", last, 1),
        ],
        moments=set().union(*(report.moments for report in reports)),
    )


class Complaints(logging.Handler):
    """What is logged as wrong: a search mends an index that it cannot read, and says so."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def read_on(searcher: Searcher, engine: sa.Engine, at: tuple[int, int]) -> Report:
    chance, report = random.Random(str(at)), Report(0, [], set())
    reader = Reader(searcher, engine, is_alone=THREADS[at[0]] == 1)
    questions = [moving, moving_with_slip, everything, in_the_area, fresh, not_yet, guests, near]
    count = 0
    while not is_over():
        if not may_ask():
            time.sleep(0.001)
            continue
        question = chance.choice(questions)
        with _here.asked.get_lock():
            _here.asked.value += 1
        try:
            report.wrong.extend(question(reader))
        except Exception as error:  # each is a page that failed
            report.wrong.append(f"{question.__name__}: {type(error).__name__}: {error}")
        report.moments.add(searcher.snapshot().stamp)
        count += 1
    return Report(count, report.wrong, report.moments)


def is_over() -> bool:
    """Is all written, and enough asked, also of the last that was written?"""
    if _here.has_failed.is_set():
        return True
    is_written = _here.indexed.value == _here.run.updates
    return is_written and _here.asked.value >= _here.run.asked_by(_here.run.updates + 1)


def may_ask() -> bool:
    """The readers keep pace with the index, a little ahead of it."""
    return _here.asked.value < _here.run.asked_by(_here.indexed.value + EAGERNESS)


@dataclass
class Reader:
    """Someone who searches."""

    searcher: Searcher
    engine: sa.Engine
    is_alone: bool = True
    """No other thread that makes a snapshot, while this one goes on with the last."""
    seen: int = 0
    """The last update that was found."""

    def find(self, **params: str) -> Found:
        asked = {name: [value] for name, value in params.items()}
        with Session(self.engine) as session:
            found, errors = answer(self.searcher, session, asked)
        assert not errors
        return found


def answer(searcher: Searcher, session: Session, asked: Params) -> tuple[Found, list[Any]]:
    query, errors = read_query(session, area_tree(session), asked, searcher.lexicon())
    return searcher.find(session, query, TODAY), errors


ALL = LASTING + GUESTS + 1


def moving(reader: Reader) -> Iterator[str]:
    yield from wrong("the word that moves", reader.find(q="zeppelin"), 1)


def moving_with_slip(reader: Reader) -> Iterator[str]:
    found = reader.find(q="zepelin")
    yield from wrong("the word that moves, with a slip", found, 1)
    if [one.used for one in found.corrections] != ["zeppelin"]:
        yield f"the slip was not mended: {found.corrections}"


def everything(reader: Reader) -> Iterator[str]:
    found = reader.find(pagina="2")
    yield from wrong("everything", found, ALL)
    for name, value, expected in (
        ("kosten", "vergoed", 1),
        ("kosten", "gratis", ALL - 1),
        ("stadsdeel", "zuid", 1),
        ("stadsdeel", "noord", ALL - 1),
    ):
        count = next((one.count for one in found.facets[name] if one.value == value), 0)
        if count != expected:
            yield f"{name} {value}: counted {count} of {expected}"


def in_the_area(reader: Reader) -> Iterator[str]:
    yield from wrong("the area that moves", reader.find(q="bouwen zuid", kosten="vergoed"), 1)


def guests(reader: Reader) -> Iterator[str]:
    yield from wrong("those that come and go", reader.find(q="pannenkoeken gratis"), GUESTS)


def near(reader: Reader) -> Iterator[str]:
    yield from wrong("all that is near", reader.find(bij="wijk:NK", straal="5"), ALL)


def fresh(reader: Reader) -> Iterator[str]:
    """What is in the index is found; beside other threads a moment later, but never lost again."""
    indexed = _here.indexed.value
    found = reader.find(q=f"ronde{indexed}")
    if reader.is_alone or indexed <= reader.seen:
        yield from wrong(f"update {indexed}", found, 1)
    if found.total:
        reader.seen = max(reader.seen, indexed)
    yield from wrong(f"update {reader.seen} once more", reader.find(q=f"ronde{reader.seen}"), 1)


def not_yet(reader: Reader) -> Iterator[str]:
    later = _here.begun.value + EAGERNESS
    found = reader.find(q=f"ronde{later}")
    if _here.begun.value < later:
        yield from wrong(f"update {later} before its time", found, 0)


def wrong(what: str, found: Found, total: int) -> Iterator[str]:
    """A line for each number in an answer that does not fit the total, or the others."""
    if found.total != total:
        yield f"{what}: found {found.total} of {total}"
    ids = found.ranked.ids
    if not len(ids) == len(set(ids)) == found.total:
        yield f"{what}: {len(ids)} ids, of which {len(set(ids))} different"
    shown = min(max(found.total - 20 * (found.page - 1), 0), 20)
    if len(found.hits) != shown:
        yield f"{what}: {len(found.hits)} of {shown} shown"


# Together


def read_while_writing(engine: sa.Engine, store: IndexStore, run: Run) -> list[Report]:
    """Let all run at once; returns what the readers saw."""
    furnish(engine)
    store.rebuild(engine)
    url = engine.url.render_as_string(hide_password=False)
    city = City(url, str(store.folder), run, PROCESSES.Barrier(run.readers + 1))
    with ProcessPoolExecutor(
        run.readers + 1, mp_context=PROCESSES, initializer=given, initargs=(city,)
    ) as pool:
        writer = pool.submit(write)
        readers: list[Future[Report]] = [pool.submit(read, number) for number in range(run.readers)]
        keep(city, store, engine, writer)
        writer.result()
        return [reader.result() for reader in readers]


def assert_true_copy(engine: sa.Engine, store: IndexStore, fresh: IndexStore) -> None:
    """The index holds what the tables hold, and answers as one that is made anew."""
    fresh.rebuild(engine)
    with Session(engine) as session:
        assert session.exec(select(Outbox)).all() == []
        assert list(index_faults(session, store)) == []
        listings = session.exec(select(Listing.id)).all()
        kept, new = Searcher(store.folder, engine), Searcher(fresh.folder, engine)
        for asked in ({}, {"q": ["zeppelin"]}, {"q": ["bouwen noord"]}, {"bij": ["1031"]}):
            one, other = (answer(searcher, session, asked)[0] for searcher in (kept, new))
            assert (one.total, one.facets) == (other.total, other.facets)
            assert set(one.ranked.ids) == set(other.ranked.ids) <= set(listings)
            assert asked or one.total == len(listings) == ALL


def assert_all_was_right(run: Run, reports: list[Report]) -> None:
    assert [line for report in reports for line in report.wrong] == []
    assert sum(report.asked for report in reports) >= run.searches
    assert all(report.asked for report in reports)
    moments = set().union(*(report.moments for report in reports))
    assert len(moments) > run.updates / 4, "the readers have seen the index change"
    editions = {edition for edition, _ in moments}
    assert len(editions) == run.rebuilds + 1, "and made again"


@pytest.mark.sqlite
def test_searches_are_right_during_updates_and_a_rebuild(
    engine: sa.Engine, searcher: Searcher, tmp_path: Path
) -> None:
    run = Run(searches=160, updates=12, rebuilds=1, readers=2)
    assert_all_was_right(run, read_while_writing(engine, searcher.store, run))
    assert_true_copy(engine, searcher.store, IndexStore(tmp_path / "fresh"))


@pytest.mark.soak
def test_2000_searches_are_right_during_200_updates_and_2_rebuilds(
    engine: sa.Engine, searcher: Searcher, tmp_path: Path
) -> None:
    run = Run(searches=2_000, updates=200, rebuilds=2, readers=3)
    assert_all_was_right(run, read_while_writing(engine, searcher.store, run))
    assert_true_copy(engine, searcher.store, IndexStore(tmp_path / "fresh"))
