"""`make bench [SIZES="2000 20000"]`: our search beside three peers, its speed and its answers."""

import os
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from bench import relevance, serving, stages
from bench.directory import generated, settings_in, timed
from bench.peers.documents import documents
from bench.peers.running import all_peers
from bench.questions import mixed_texts
from bench.speed import QUESTIONS, Ours, compare
from socialmap import db
from socialmap.config import Settings
from socialmap.search.answer.engine import Searcher

SIZES = (2_000, 20_000, 100_000)


def main() -> None:
    """Measure the speed at each size, and then how good the answers are on the real data."""
    stages.check()
    for size in [int(text) for text in sys.argv[1:]] or SIZES:
        load, cores = os.getloadavg()[0], os.cpu_count()
        print(f"\n{size} listings, with {load:.1f} other tasks on {cores} cores", flush=True)
        with TemporaryDirectory() as name:
            measure(settings_in(Path(name)), size)
    relevance.main()


def measure(settings: Settings, size: int) -> None:
    """Everything about speed and memory at one size."""
    generated(settings, size)
    serving.told(settings.instance)
    engine = db.make_engine(settings.database_url)
    with Session(engine) as session:
        listings = list(documents(session).values())

    with (
        Session(engine) as session,
        all_peers(settings.instance, listings, partial(_taken_in, size)) as peers,
    ):
        del listings

        def fresh() -> Ours:
            return Ours(Searcher(settings.index_dir, engine), session)

        print()
        compare(fresh, peers)
        print()
        ours = fresh()
        texts = mixed_texts(ours.tree, QUESTIONS, seed=5)
        stages.breakdown(lambda text: ours.find(ours.read(text)), texts)
    engine.dispose()


def _taken_in(size: int, name: str) -> object:
    return timed(f"the same in {name}", size)


if __name__ == "__main__":
    main()
