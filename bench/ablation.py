"""Our engine built up step by step, to see what each step does for the answers.

Nothing in `socialmap` knows of these steps: functions are replaced while a step is measured, and
the index is made again where the analysis differs. In all steps but the last a text goes through
the engine without being understood, and listings stand in the order of their text score alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session

from bench.generate import TODAY
from bench.replacing import replaced
from socialmap.cli.searching import found_ids
from socialmap.config import Settings
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.search.answer.engine import PAGE_SIZE, Searcher
from socialmap.search.answer.evaluation import Texts, evaluated
from socialmap.search.language.compounds import Splitter
from socialmap.search.language.synonyms import Synonyms
from socialmap.search.question.query import Query
from socialmap.search.question.understanding import understand
from socialmap.search.question.vocabulary import vocabulary

Ask = Callable[[str], Sequence[str]]
"""From a text to the keys of what is found, best first."""
LANGUAGE = "socialmap.search.language"
Change = tuple[str, Callable[[Any], Any]]

NO_STEMS: Change = (f"{LANGUAGE}.analysis:stem", lambda _stem: lambda word: word)
"""Every word is its own stem: `kind` does not find `kinderen`."""
NO_SPLITS: Change = (f"{LANGUAGE}.compounds:splitter", lambda _splitter: lambda: Splitter(()))
"""No compound is taken apart, in listings nor in questions …"""
NO_JOINS: Change = (f"{LANGUAGE}.meaning:pairwise", lambda _pairwise: lambda _words: ())
"""… and no two words are joined to one."""
NO_SYNONYMS: Change = (
    f"{LANGUAGE}.synonyms:synonyms",
    lambda _synonyms: lambda *_path: Synonyms(()),
)
"""Nothing has another name, and no word means a theme."""


@dataclass(frozen=True)
class Step:
    """One step: what is still left out of the engine, and whether slips are mended."""

    name: str
    left_out: tuple[Change, ...]
    mends: bool = False


STEPS = (
    Step("plain words", (NO_STEMS, NO_SPLITS, NO_JOINS, NO_SYNONYMS)),
    Step("+ stem", (NO_SPLITS, NO_JOINS, NO_SYNONYMS)),
    Step("+ splitting", (NO_SYNONYMS,)),
    Step("+ synonyms", ()),
    Step("+ slips", (), mends=True),
)
"""All but the last, which is the whole engine."""


class _Everything:
    """Holds whatever is asked: no word may set a filter."""

    def __contains__(self, _name: object) -> bool:
        return True


def built_up(
    engine: sa.Engine, keys: Mapping[UUID, str], folder: Path
) -> Iterator[tuple[str, AbstractContextManager[Ask]]]:
    """Each step but the last with what asks it; its indexes come in `folder`."""
    for number, step in enumerate(STEPS):
        yield step.name, _step(step, engine, keys, folder / f"step-{number}" / "index")


@contextmanager
def _step(step: Step, engine: sa.Engine, keys: Mapping[UUID, str], folder: Path) -> Iterator[Ask]:
    """The engine as far as this step goes, with an index of its own."""
    with ExitStack() as stack:
        for name, make in step.left_out:
            stack.enter_context(replaced(name, make, "bench/ablation.py"))
        session = stack.enter_context(Session(engine))
        searcher = Searcher(folder, engine)
        searcher.store.rebuild(engine)
        tree = area_tree(session)

        def ask(text: str) -> list[str]:
            mended = _mended(text, tree, searcher) if step.mends else text
            return _by_text(searcher, tree, mended, keys)

        yield ask


def _mended(text: str, tree: AreaTree, searcher: Searcher) -> str:
    """The text without slips, and with nothing taken out as a filter."""
    return understand(text, vocabulary(tree), searcher.lexicon(), taken=_Everything()).text


def _by_text(searcher: Searcher, tree: AreaTree, text: str, keys: Mapping[UUID, str]) -> list[str]:
    """The first page for a text by its text score only; what scores the same, by its key."""
    snapshot = searcher.snapshot()
    texts = Texts.of(snapshot, text)
    answer = evaluated(snapshot, tree, Query(text=text), TODAY, texts)
    scores = answer.factors["tekst"]
    found = [
        (-scores[doc], keys[snapshot.keys[doc]])
        for doc in np.flatnonzero(answer.docs & (scores > 0)).tolist()
    ]
    return [key for _, key in sorted(found)[:PAGE_SIZE]]


@contextmanager
def everything(settings: Settings) -> Iterator[Ask]:
    """The whole engine, asked through `/api/search` as `flask search evaluate` does."""
    from socialmap.app import create_app

    app = create_app(settings)
    with app.app_context():
        yield found_ids()
    app.extensions["engine"].dispose()
