"""Killed in the middle of a write: after a restart the index is whole, free and true.

A power cut or the system's memory killer asks nobody. The writer here is a process of its own that
says when it begins; it is killed at a random moment, or at each step that it takes with a file.
"""

import os
import random
import re
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.models import Outbox
from socialmap.search.answer.engine import Searcher
from socialmap.search.index.checks import index_faults
from socialmap.search.index.keeper import Keeper
from socialmap.search.index.store import IndexStore
from socialmap.search.question.query import Query
from tests.factories import TODAY, listing, save
from tests.processes import PROCESSES

Work = Callable[[IndexStore, sa.Engine], object]
LISTINGS = 12
EVERY = range(LISTINGS)
FEW, MANY = 2, 50
"""Kills of each kind of work."""
STEPS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"}
"""What Python tells of every dealing with a file (audit events)."""
BEGUN, ENDED = "begun", "ended"
FILES = re.compile(
    r"_MAIN_\d+\.toc|MAIN_[0-9a-z]+\.seg|MAIN_WRITELOCK|format\.json"
    r"|_MAIN_\d+\.toc\.[\d.]+|format\.new"
)
"""What an index is made of; and what a killed writer may leave for good, without any text."""


def make_anew(store: IndexStore, engine: sa.Engine) -> None:
    """As after an update of the program that changes the format."""
    (store.folder / "format.json").unlink(missing_ok=True)
    store.rebuild(engine)


WORKS: list[Work] = [IndexStore.drain, IndexStore.rebuild]


def write(url: str, folder: Path, work: Work, pipe: Connection, step: int) -> None:
    """In a process of its own: say that it begins, write, say that it has ended, and wait.

    Kills itself before the given step; 0 is never.
    """
    engine = db.make_engine(url)
    store = IndexStore(folder)
    with Session(engine) as session:
        area_tree(session)
    steps = count(1)

    def die(event: str, _: object) -> None:
        if event in STEPS and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    pipe.send(BEGUN)
    if step:
        sys.addaudithook(die)
    work(store, engine)
    pipe.send(ENDED)
    with suppress(EOFError):
        pipe.recv()


@dataclass
class City:
    """A directory whose writer is killed; one listing of all holds the word that moves."""

    engine: sa.Engine
    store: IndexStore
    chance: random.Random
    moves: int = 0
    took: float = 0.0
    """Seconds that a write lasts."""

    def move(self) -> None:
        """Save every listing; another one holds the word."""
        self.moves += 1
        holder = self.moves % LISTINGS
        for_all = f"Voor de {self.moves}e keer"
        texts = [f"{for_all} {'vliegeren' if at == holder else 'wandelen'}." for at in EVERY]
        save(self.engine, *(listing(f"nr-{at}", description=texts[at]) for at in EVERY))

    def writes(self, work: Work, step: int = 0, *, is_killed: bool = False) -> bool:
        """Let a process write, and kill it at a random moment; returns whether it has ended."""
        url = self.engine.url.render_as_string(hide_password=False)
        ours, theirs = PROCESSES.Pipe()
        args = (url, self.store.folder, work, theirs, step)
        process = PROCESSES.Process(target=write, args=args)
        process.start()
        theirs.close()
        assert ours.recv() == BEGUN
        start = time.monotonic()
        if is_killed:
            time.sleep(self.chance.uniform(0, self.took))
            process.kill()
        has_ended = False
        with suppress(EOFError):
            has_ended = ours.recv() == ENDED
            self.took = time.monotonic() - start
        ours.close()
        process.join()
        assert process.exitcode == (0 if has_ended and not is_killed else -signal.SIGKILL)
        return has_ended

    def found(self) -> int:
        """How many listings hold the word, for one who has just started."""
        with Session(self.engine) as session:
            searcher = Searcher(self.store.folder, self.engine)
            return searcher.find(session, Query(text="vliegeren"), TODAY).total

    def assert_fit(self, work: Work) -> None:
        """What the next process meets: nothing to mend, before and after it goes on."""
        with self.store.lock(timeout=0):
            assert self.store.is_sound() or work is make_anew
        assert self.found() == 1
        assert Keeper(self.store, self.engine).tend() in (0, LISTINGS)
        self.assert_true()
        self.move()
        assert Keeper(self.store, self.engine).tend() == LISTINGS
        self.assert_true()
        names = [file.name for file in self.store.folder.iterdir()]
        assert [name for name in names if not FILES.fullmatch(name)] == []
        assert sum(name.endswith(".toc") for name in names) == 1

    def assert_true(self) -> None:
        assert self.found() == 1
        with Session(self.engine) as session:
            assert session.exec(select(Outbox)).all() == []
            assert list(index_faults(session, self.store)) == []


@pytest.fixture
def city(engine: sa.Engine, searcher: Searcher) -> City:
    city = City(engine, searcher.store, random.Random(1))
    city.move()
    searcher.store.rebuild(engine)
    return city


def kill_at_any_moment(city: City, work: Work, kills: int) -> None:
    """Until so many were killed before they had ended, the index each time whole."""
    city.move()
    assert city.writes(work)
    while kills:
        city.move()
        has_ended = city.writes(work, is_killed=True)
        kills -= not has_ended
        city.assert_fit(work)


@pytest.mark.sqlite
@pytest.mark.parametrize("work", WORKS)
def test_index_is_whole_after_a_kill(city: City, work: Work) -> None:
    kill_at_any_moment(city, work, FEW)


@pytest.mark.soak
@pytest.mark.parametrize("work", WORKS)
def test_index_is_whole_after_a_kill_at_any_moment(city: City, work: Work) -> None:
    kill_at_any_moment(city, work, MANY)


@pytest.mark.soak
@pytest.mark.sqlite
@pytest.mark.parametrize("work", [*WORKS, make_anew])
def test_index_is_whole_after_a_kill_at_each_step(city: City, work: Work) -> None:
    city.move()
    for step in count(1):
        if city.writes(work, step):
            break
        city.assert_fit(work)
        city.move()
    assert step > 20
