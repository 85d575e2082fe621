"""Where the time of a typed question goes: timers around the functions of the search.

The stages are named here, not in `socialmap`. A stage inside another is taken out of the time of
the outer one, but the widening is one whole: it asks the engine again. Times are of the processor,
which other tasks on the machine do not lengthen much.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np

from bench.replacing import located, replaced
from bench.table import print_table

SEARCH = "socialmap.search"
STAGES = {
    "reading the question": (f"{SEARCH}.question.params:read_query",),
    "… its slips: is a word known, what is nearest": (
        f"{SEARCH}.index.lexicon:SnapshotLexicon.knows",
        f"{SEARCH}.index.lexicon:SnapshotLexicon.nearest",
    ),
    "other words (synonyms, splitting, joining)": (f"{SEARCH}.language.meaning:meant",),
    "matching filters": (f"{SEARCH}.answer.facets:matches",),
    "text scores and names": (
        f"{SEARCH}.answer.scoring:text_scores",
        f"{SEARCH}.answer.scoring:named",
    ),
    "the other factors, and which documents fit": (f"{SEARCH}.answer.evaluation:evaluated",),
    "order": (f"{SEARCH}.answer.ranking:ordered",),
    "counts": (f"{SEARCH}.answer.counts:counts",),
    "reasons": (f"{SEARCH}.answer.reasons:hits",),
    "widening": (f"{SEARCH}.answer.wider:ways",),
    "areas and themes from the tables": (
        "socialmap.geo.tree:area_tree",
        f"{SEARCH}.answer.subjects:theme_names",
    ),
}
"""Stage -> functions; `…` is a part of the stage above it."""
WHOLE = ("widening",)
"""Stages that keep the time of the stages inside them."""
REST = "the rest: notes, named places, ids"


def check() -> None:
    """Raise GoneError when a function of a stage has another name by now."""
    for names in STAGES.values():
        for name in names:
            located(name, __file__)


class Clock:
    """Milliseconds of the processor per stage of one question after another."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._since = 0.0
        self._spent: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What happens inside counts for this stage."""
        if any(one in WHOLE for one in self._open):
            yield
            return
        self._settle()
        self._open.append(name)
        try:
            yield
        finally:
            self._settle()
            self._open.pop()

    def _settle(self) -> None:
        """Write the time since the last change to the stage that was going on."""
        now = time.process_time()
        if self._open:
            name = self._open[-1]
            self._spent[name] = self._spent.get(name, 0.0) + (now - self._since) * 1000
        self._since = now

    def told(self, ask: Callable[[], object]) -> dict[str, float]:
        """Milliseconds per stage of one question."""
        self._spent = {}
        with self.stage(REST):
            ask()
        return self._spent

    def around(self, name: str) -> Callable[[Any], Any]:
        """What puts a timer around a function."""

        def wrap(function: Any) -> Any:
            def timed(*args: Any, **kwargs: Any) -> Any:
                with self.stage(name):
                    return function(*args, **kwargs)

            return timed

        return wrap


def breakdown(ask: Callable[[Any], object], questions: Sequence[Any]) -> None:
    """Print how much of a question goes to each stage, warm: mean, p95 and share."""
    clock = Clock()
    with ExitStack() as stack:
        for stage, names in STAGES.items():
            for name in names:
                stack.enter_context(replaced(name, clock.around(stage), __file__))
        for question in questions:
            ask(question)
        spent = [clock.told(lambda one=question: ask(one)) for question in questions]
    totals = [sum(one.values()) for one in spent]
    rows = [
        _row(stage, [one.get(stage, 0.0) for one in spent], totals) for stage in (*STAGES, REST)
    ]
    print_table(
        ["where the time of a typed question goes", "mean CPU ms", "p95", "share"],
        [*rows, _row("all", totals, totals)],
    )


def _row(name: str, times: Sequence[float], totals: Sequence[float]) -> list[str]:
    share = sum(times) / sum(totals)
    return [name, f"{np.mean(times):.2f}", f"{np.percentile(times, 95):.2f}", f"{share:.0%}"]
