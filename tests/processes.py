"""Others who work at the same time: processes that start at once, and threads in a hurry."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from threading import Event, Thread

PROCESSES = get_context("forkserver")
"""Each is forked from one that has everything imported."""
PROCESSES.set_forkserver_preload(
    ["socialmap.search.answer.engine", "socialmap.search.index.keeper", "tests.factories"]
)


@contextmanager
def hasty_threads() -> Iterator[None]:
    """Threads take turns after every few instructions, so that what can go wrong does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Do this again and again in another thread."""
    stop = Event()

    def repeat() -> None:
        while not stop.is_set():
            work()

    thread = Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
