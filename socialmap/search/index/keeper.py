"""The keeper of the index: a thread that feeds it from the outbox and mends it when broken."""

import logging
from threading import Event, Thread

import sqlalchemy as sa

from socialmap.search.index.store import IndexStore

log = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


class Keeper:
    """Runs beside the web server; several processes may each have one, the file lock keeps them
    apart."""

    def __init__(self, store: IndexStore, engine: sa.Engine) -> None:
        self._store = store
        self._engine = engine
        self._stop = Event()
        self._thread = Thread(target=self._run, name="index-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        self._stop.set()
        self._thread.join()

    def tend(self) -> int:
        """Mend the index if it needs that, feed it what waits; returns how many listings."""
        self._store.rebuild_unless_sound(self._engine)
        return self._store.drain(self._engine)

    def _run(self) -> None:
        pause = PAUSE_SECONDS
        while not self._stop.wait(pause):
            try:
                self.tend()
                pause = PAUSE_SECONDS
            except Exception:  # the next round may succeed; a dead keeper never would
                log.exception("the index could not be brought up to date")
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
