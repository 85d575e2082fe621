"""The memory and the whole pages of the serving process, measured in a process of its own.

`python -m bench.serving FOLDER` serves a directory to itself and prints what it found.
"""

import logging
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from sqlmodel import Session

from bench.directory import settings_in
from bench.questions import mixed_texts
from socialmap.app import create_app
from socialmap.geo.tree import area_tree
from socialmap.views import counting

QUESTIONS = 60
ROUNDS = 5
STATUS = Path("/proc/self/status")


def told(folder: Path) -> None:
    """Print what a fresh process finds of the directory in this folder."""
    command = [sys.executable, "-m", "bench.serving", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    print(done.stdout, end="", flush=True)


def main() -> None:
    logging.disable(logging.INFO)
    app = create_app(settings_in(Path(sys.argv[1])))
    client = app.test_client()

    def ask(address: str) -> float:
        start = time.perf_counter()
        assert client.get(address).status_code == 200, address
        return (time.perf_counter() - start) * 1000

    ask("/over")
    before = megabytes("VmRSS")
    addresses = [f"/zoeken?q={text}" for text in _texts(app)]
    for address in addresses:
        ask(address)
    print(
        f"  serving process: {before:.0f} MB with the app, {megabytes('VmRSS'):.0f} MB after "
        f"{len(addresses)} searches, {megabytes('VmHWM'):.0f} MB at most"
    )
    took = [(ask(address), ask("/over")) for address in addresses]
    search, empty = (statistics.median(times) for times in zip(*took, strict=True))
    print(f"  /zoeken {search:.1f} ms beside /over {empty:.1f} ms (median, {search / empty:.1f} x)")
    print(_counting(app, ask, addresses))
    app.extensions["engine"].dispose()


def _counting(app: Flask, ask: Callable[[str], float], addresses: Sequence[str]) -> str:
    """What counting costs a search: each question with and without it, in turn, so many rounds;
    what was counted is brought to its tables after each."""
    settings = app.extensions["settings"]
    took: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(ROUNDS):
        for at, address in enumerate(addresses):
            for counts in sorted(took, reverse=bool((at + turn) % 2)):
                app.extensions["settings"] = replace(settings, counts=counts)
                took[counts].append(ask(address))
        for name in counting.TALLIES:
            app.extensions[name].flush(app.extensions["engine"])
    app.extensions["settings"] = settings
    on, off = statistics.median(took[True]), statistics.median(took[False])
    return f"  /zoeken {on:.2f} ms with counting, {off:.2f} ms without (median, {on / off:.3f} x)"


def _texts(app: Flask) -> list[str]:
    """Typed questions as they stand in an address."""
    with Session(app.extensions["engine"]) as session:
        return [quote(text) for text in mixed_texts(area_tree(session), QUESTIONS, seed=8)]


def megabytes(field: str) -> float:
    """What the process holds in memory now (VmRSS) or has held at most (VmHWM).

    Where the system does not tell, both are the most so far.
    """
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith(field))
        return int(line.split()[1]) / 2**10
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    main()
