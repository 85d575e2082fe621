"""Directories to measure on: one with generated listings, and the real one of `data/`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from shutil import copytree
from tempfile import TemporaryDirectory
from unittest.mock import patch

import sqlalchemy as sa

from bench.generate import TODAY, Generator
from importers.run import load_folder
from socialmap import db
from socialmap.config import DATA, Settings, settings_from_env
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.models.terms import Door
from socialmap.search.answer.engine import Searcher

CHUNK = 300
SEED = 1
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Print how long something took, and how many a second."""
    start = time.perf_counter()
    yield
    took = time.perf_counter() - start
    print(f"  {what:<34} {took:8.1f} s   {count / took:8.0f} a second", flush=True)


def settings_in(folder: Path) -> Settings:
    """Settings of a directory in `folder`, on the day of the measurements."""
    env = {"SOCIALMAP_INSTANCE": str(folder), "SOCIALMAP_SECRET_KEY": "bench"}
    return replace(settings_from_env(env), today=TODAY.isoformat())


def generated(settings: Settings, size: int) -> Searcher:
    """A directory with `size` generated listings, and its index."""
    engine = db.make_engine(settings.database_url)
    db.migrate(engine)
    with TemporaryDirectory() as basics:
        copytree(DATA, basics, dirs_exist_ok=True)
        header = (DATA / "providers.csv").read_text("utf-8-sig").splitlines()[0]
        (Path(basics) / "providers.csv").write_text(header + "\n", "utf-8-sig")
        load_folder(engine, Path(basics), NOW)
    with timed("saved through the one door", size), db.writing(engine) as session:
        editor = Editor(session, area_tree(session), Author("bench", Door.COMMAND, NOW))
        listings = Generator().listings(size)
        while chunk := list(islice(listings, CHUNK)):
            editor.save_all(chunk)
    searcher = Searcher(settings.index_dir, engine)
    with timed("index built", size):
        searcher.store.rebuild(engine)
    with timed("first snapshot", size):
        searcher.snapshot()
    return searcher


def real(settings: Settings) -> sa.Engine:
    """The tables of `data/`, as `flask setup` loads them, and their index.

    Listings get the same ids in every run: they decide between those that score the same.
    """
    engine = db.make_engine(settings.database_url)
    db.migrate(engine)
    with patch("os.urandom", Random(SEED).randbytes):
        loaded = load_folder(engine, DATA, NOW)
    assert loaded.is_whole, "the files of data/ have problems: run `flask setup` to see them"
    Searcher(settings.index_dir, engine).store.rebuild(engine)
    return engine
