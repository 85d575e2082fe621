"""The engine: one question in, one answer out; behind the page, the JSON and the maps."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlmodel import Session

from socialmap.geo.tree import AreaTree, area_tree
from socialmap.models.terms import ListingKind
from socialmap.search.answer import ranking, wider
from socialmap.search.answer.counts import counts
from socialmap.search.answer.evaluation import Answer, Texts, evaluated
from socialmap.search.answer.found import Found, Hit, Note, Ranked
from socialmap.search.answer.notes import PLACING, Leeway, notes
from socialmap.search.answer.reasons import hits
from socialmap.search.answer.subjects import subjects, theme_names
from socialmap.search.index.lexicon import SnapshotLexicon
from socialmap.search.index.snapshot import SegmentCache, Snapshot, Stamp
from socialmap.search.index.store import IndexStore
from socialmap.search.language.lexicon import Lexicon, NoLexicon
from socialmap.search.question.danger import is_dangerous
from socialmap.search.question.query import Query, Show
from socialmap.search.question.where import near_area

log = logging.getLogger(__name__)
PAGE_SIZE = 20
MOST_IDS = 5_000
NEEDS = frozenset({"thema", "aanbieder"})
"""Parameters that say what is sought, as words do."""
MOST_PLACES, NEARBY_M = 5, 3_000
MEND_SECONDS = 20.0


class Searcher:
    """Answers questions from a snapshot of the index, renewed when the index has changed."""

    def __init__(self, folder: Path, engine: sa.Engine) -> None:
        self.store = IndexStore(folder)
        self._engine = engine
        self._cache = SegmentCache()
        self._snapshot: Snapshot | None = None
        self._index: Any = None
        self._building = Lock()
        self._mending = Lock()

    def find(self, session: Session, query: Query, today: date) -> Found:
        """Return what the directory holds for this question, seen from `today`.

        A missing or damaged index is built again; when that takes long, the answer is empty and
        says so.
        """
        for _attempt in range(2):
            try:
                snapshot = self.snapshot()
                return _answered(snapshot, session, query, today)
            except Exception as error:  # a damaged index may raise anything
                if self.store.is_sound() and self._snapshot is not None:
                    raise
                log.warning("search index is being rebuilt: %s", type(error).__name__)
                self._mend()
        return _not_now(query)

    def count(self, session: Session, query: Query, today: date) -> int:
        """Return how many listings fit this question; 0 while there is no index."""
        try:
            snapshot = self.snapshot()
        except Exception as error:  # the next search mends it
            log.warning("nothing to count in: %s", type(error).__name__)
            return 0
        texts = Texts.of(snapshot, query.text)
        return int(evaluated(snapshot, area_tree(session), query, today, texts).docs.sum())

    def hits(self, session: Session, query: Query, today: date) -> tuple[Hit, ...]:
        """Return the first page of what fits this question and nothing about it: for a page of
        its own that wants a few. None while there is no index."""
        try:
            snapshot = self.snapshot()
        except Exception as error:  # the next search mends it
            log.warning("nothing to look in: %s", type(error).__name__)
            return ()
        tree, names = area_tree(session), theme_names(session).names
        answer = evaluated(snapshot, tree, query, today, Texts.of(snapshot, query.text))
        docs = _in_order(snapshot, query, answer)[:PAGE_SIZE]
        return hits(snapshot, tree, query, answer, docs, names)

    def lexicon(self) -> Lexicon:
        """The words of the directory; none while there is no index."""
        try:
            return SnapshotLexicon(self.snapshot())
        except Exception as error:  # the search that follows mends it
            log.warning("no words to compare with: %s", type(error).__name__)
            return NoLexicon()

    def snapshot(self) -> Snapshot:
        """The newest snapshot; while one thread makes it, the others go on with the last."""
        known, stamp = self._snapshot, self._stamp()
        if known is not None and known.stamp == stamp:
            return known
        if not self._building.acquire(blocking=known is None) and known is not None:
            return known
        try:
            if self._snapshot is None or self._snapshot.stamp != stamp:
                self._snapshot = self._read()
            return self._snapshot
        finally:
            self._building.release()

    def _stamp(self) -> Stamp:
        """What stands on disk; raises when there is no index of our format."""
        edition = self.store.edition()
        index = self._index  # another thread may forget it meanwhile
        if index is None and edition is not None:
            index = self._index = self.store.open()
        generation = -1 if edition is None else index.latest_generation()
        if edition is None or generation < 0:
            raise FileNotFoundError("there is no index")
        return edition, generation

    def _read(self) -> Snapshot:
        edition, _ = self._stamp()
        reader = self.store.open().reader()
        return Snapshot(reader, (edition, reader.generation()), self._cache)

    def _mend(self) -> None:
        """Rebuild in a thread of its own, and wait a while for it."""
        with self._mending:
            self._index, self._snapshot = None, None
            self._cache = SegmentCache()
            if self.store.is_sound():
                return
            work = Thread(target=self.store.rebuild_unless_sound, args=[self._engine], daemon=True)
            work.start()
            work.join(MEND_SECONDS)


def _not_now(query: Query) -> Found:
    note = Note(
        "index_rebuilding",
        "Het zoekregister wordt nu opnieuw gemaakt. Probeer het over een minuut nog eens.",
    )
    return Found(0, query.page, 0, query.text, (), {}, notes=(note,))


def _answered(snapshot: Snapshot, session: Session, asked: Query, today: date) -> Found:
    tree, themes = area_tree(session), theme_names(session)
    texts = Texts.of(snapshot, asked.text)
    query, answer, leeway = _with_leeway(snapshot, tree, asked, today, texts)
    docs = _in_order(snapshot, query, answer)
    about = subjects(themes, asked, texts.meant)
    start = (asked.page - 1) * PAGE_SIZE
    fitting = len(docs) if leeway == Leeway.NONE else 0
    is_loose = leeway == Leeway.LOOSELY
    ways = () if is_loose else wider.ways(snapshot, tree, asked, today, texts, fitting)
    told = notes(snapshot, tree, asked, texts.meant, answer.docs, leeway, leads_on=bool(ways))
    return Found(
        total=len(docs),
        page=asked.page,
        pages=-(-len(docs) // PAGE_SIZE),
        text=asked.text,
        hits=hits(snapshot, tree, query, answer, docs[start : start + PAGE_SIZE], themes.names),
        facets=counts(snapshot, tree, asked, answer, today, themes.names),
        chips=asked.chips,
        corrections=asked.corrections,
        wider=ways,
        notes=tuple(told),
        choices=asked.near_choices,
        named_places=_named_places(snapshot, answer),
        themes=about,
        left_out=tuple(asked.understood - set(PLACING)) if is_loose else (),
        ranked=Ranked(snapshot.keys, docs[:MOST_IDS]),
        is_danger=is_dangerous(asked.text, about, themes.danger),
    )


def _in_order(snapshot: Snapshot, query: Query, answer: Answer) -> NDArray[np.int64]:
    """The numbers of the documents that fit, in the order that was asked."""
    return ranking.ordered(
        snapshot, answer.numbers, query, answer.scores, answer.asked, answer.distances
    )


def _with_leeway(
    snapshot: Snapshot, tree: AreaTree, asked: Query, today: date, texts: Texts
) -> tuple[Query, Answer, Leeway]:
    """The answer to a question; where nothing fits a need, to the nearest question that finds
    something: with what has ended, or else what is nearest to the areas that were asked (R6, R9).
    """
    answer = evaluated(snapshot, tree, asked, today, texts)
    if answer.docs.any() or not (asked.text or NEEDS & asked.chosen.keys()):
        return asked, answer, Leeway.NONE
    for leeway, query in _nearest_questions(tree, asked):
        found = evaluated(snapshot, tree, query, today, texts)
        if found.docs.any():
            return query, found, leeway
    return asked, answer, Leeway.NONE


def _nearest_questions(tree: AreaTree, asked: Query) -> Iterator[tuple[Leeway, Query]]:
    if Show.ENDED not in asked.show:
        yield Leeway.ENDED, asked.but(show=asked.show | {Show.ENDED})
    codes = [code for codes in asked.areas.values() for code in codes]
    if codes:
        near = asked.near or near_area(tree.get(codes[0]))
        yield Leeway.ELSEWHERE, asked.but(areas={}, near=near)
    if left_out := asked.understood - set(PLACING):
        chosen = {name: v for name, v in asked.chosen.items() if name not in left_out}
        ages = () if "leeftijd" in left_out else asked.ages
        loose = asked.but(chosen=chosen, ages=ages)
        yield Leeway.LOOSELY, loose


def _named_places(snapshot: Snapshot, answer: Answer) -> tuple[UUID, ...]:
    """The places that were asked for by name, best first: they stand below all offers else."""
    is_place = snapshot.codes["kind"].any_of([ListingKind.PLACE])
    is_here = answer.distances.metres < NEARBY_M if answer.distances else True
    docs = np.flatnonzero(answer.docs & answer.is_named & is_place & is_here)
    best = docs[np.argsort(-answer.scores[docs], kind="stable")][:MOST_PLACES]
    return tuple(snapshot.keys[doc] for doc in best.tolist())
