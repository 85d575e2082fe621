"""`make bench [SIZES="2000 20000"]`: import, index and search beside SQLite FTS5 in one run."""

import gc
import logging
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import numpy as np
from sqlmodel import Session

from bench.generate import TODAY, Generator
from bench.peer import Peer
from importers.run import load_folder
from socialmap import db
from socialmap.app import create_app
from socialmap.config import DATA, Settings, settings_from_env
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.models.terms import Door
from socialmap.search.answer import ranking
from socialmap.search.answer.engine import PAGE_SIZE, Searcher, evaluated
from socialmap.search.question.query import Near, Order, Query

SIZES = (2_000, 20_000, 100_000)
QUERIES = 60
CHUNK = 300
NEAR = Near(52.3868, 4.9108, "Volewijck", "NK", "wijk:volewijck")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Print how long something took, and how many a second."""
    start = time.perf_counter()
    yield
    took = time.perf_counter() - start
    print(f"  {what:<34} {took:8.1f} s   {count / took:8.0f} a second", flush=True)


def settings_in(folder: Path) -> Settings:
    env = {"SOCIALMAP_INSTANCE": str(folder), "SOCIALMAP_SECRET_KEY": "bench"}
    return replace(settings_from_env(env), today=TODAY.isoformat())


def filled(settings: Settings, size: int) -> Searcher:
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


def first_page(searcher: Searcher, tree: AreaTree, query: Query) -> int:
    """Match, score and order, without counts: what the peer's plain query does."""
    snapshot = searcher.snapshot()
    answer = evaluated(snapshot, tree, query, TODAY)
    docs = np.flatnonzero(answer.docs)
    found = ranking.ordered(snapshot, docs, query, answer.scores, answer.asked, answer.distances)
    return len(found[:PAGE_SIZE])


def measure(
    ours: Callable[[str], object], theirs: Callable[[str], object], texts: list[str]
) -> str:
    """Median and 95th percentile of both in milliseconds, taken in turn, and the ratio."""
    took: tuple[list[float], list[float]] = ([], [])
    gc.collect()
    for text in texts:
        for side, ask in enumerate((ours, theirs)):
            start = time.perf_counter()
            ask(text)
            took[side].append((time.perf_counter() - start) * 1000)
    (our50, our95), (their50, their95) = (np.percentile(times, [50, 95]) for times in took)
    return f"{our50:8.2f} /{our95:8.2f}   {their50:8.2f} /{their95:8.2f}   {our50 / their50:6.2f}"


def compare(searcher: Searcher, session: Session, peer: Peer) -> None:
    tree = area_tree(session)
    light = {"niveau": ("open", "okt")}
    near = Query(near=NEAR, order=Order.DISTANCE)
    texts = Generator(seed=2).queries(QUERIES)
    find, page = searcher.find, first_page
    rows: dict[str, tuple[Callable[[str], object], Callable[[str], object]]] = {
        "text": (lambda text: page(searcher, tree, Query(text=text)), peer.text),
        "text + filters": (
            lambda text: page(searcher, tree, Query(text=text, chosen=light)),
            peer.filtered,
        ),
        "text + counts (the whole search)": (
            lambda text: find(session, Query(text=text), TODAY),
            peer.counted,
        ),
        "text by distance": (
            lambda text: page(searcher, tree, near.but(text=text)),
            lambda text: peer.nearest(text, NEAR.lat, NEAR.lon),
        ),
        "browse all + counts": (
            lambda _: find(session, Query(), TODAY),
            lambda _: peer.browsed(),
        ),
    }
    print(f"  {'p50 / p95 in ms':<34} {'ours':>18}   {'SQLite FTS5':>18}   ours/peer")
    for state in ("cold", "warm"):
        for name, (ours, theirs) in rows.items():
            print(f"  {name + ', ' + state:<40} {measure(ours, theirs, texts)}", flush=True)


def pages(settings: Settings) -> None:
    """The whole page `/zoeken` beside the page `/over`, which asks nothing of the search."""
    app = create_app(settings)
    logging.disable(logging.INFO)
    client = app.test_client()
    texts = Generator(seed=3).queries(QUERIES)

    def ask(address: str) -> float:
        start = time.perf_counter()
        assert client.get(address).status_code == 200
        return (time.perf_counter() - start) * 1000

    ask("/over"), ask(f"/zoeken?q={texts[0]}")
    took = [(ask(f"/zoeken?q={text}"), ask("/over")) for text in texts]
    search, empty = (statistics.median(times) for times in zip(*took, strict=True))
    print(f"  /zoeken {search:.1f} ms beside /over {empty:.1f} ms (median, {search / empty:.1f} x)")
    app.extensions["engine"].dispose()


def main() -> None:
    for size in [int(text) for text in sys.argv[1:]] or SIZES:
        print(f"\n{size} listings", flush=True)
        with TemporaryDirectory() as name:
            folder = Path(name)
            settings = settings_in(folder)
            searcher = filled(settings, size)
            with timed("the same in FTS5", size):
                peer = Peer(folder / "peer.db", Generator().listings(size))
            with Session(db.make_engine(settings.database_url)) as session:
                compare(searcher, session, peer)
            pages(settings)


if __name__ == "__main__":
    main()
