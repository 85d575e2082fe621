"""The keeper of the index: a thread that feeds it from the outbox and mends it when broken."""

import logging
from collections.abc import Callable
from threading import Event, Thread

import sqlalchemy as sa

from socialmap.search.index.store import IndexStore

log = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


class Rounds:
    """A thread beside the web server that does the same work again and again, with a pause
    between; after a failure the pause grows, up to a minute."""

    def __init__(self, name: str, work: Callable[[], object], pause_seconds: float) -> None:
        self._work = work
        self._pause_seconds = pause_seconds
        self._stop = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        self._stop.set()
        self._thread.join()

    def go_round(self) -> bool:
        """Do the work once; says whether that succeeded, and never raises."""
        try:
            self._work()
        except Exception:  # the next round may succeed; a dead thread never would
            log.exception("the %s could not do its work", self._thread.name)
            return False
        return True

    def _run(self) -> None:
        pause = self._pause_seconds
        while not self._stop.wait(pause):
            longer = min(pause * 2, LONGEST_PAUSE_SECONDS)
            pause = self._pause_seconds if self.go_round() else longer


class Keeper(Rounds):
    """Keeps the index; several processes may each have one, the file lock keeps them apart."""

    def __init__(self, store: IndexStore, engine: sa.Engine) -> None:
        super().__init__("index-keeper", self.tend, PAUSE_SECONDS)
        self._store = store
        self._engine = engine

    def tend(self) -> int:
        """Mend the index if it needs that, feed it what waits; returns how many listings."""
        self._store.rebuild_unless_sound(self._engine)
        return self._store.drain(self._engine)
