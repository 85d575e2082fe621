"""The engine: one question in, one answer out; behind the page, the JSON and the maps."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlmodel import Session, select

from socialmap.geo.tree import AreaTree, area_tree
from socialmap.labels import listed
from socialmap.models import Theme
from socialmap.models.terms import Status
from socialmap.search import facets, ranking, wider
from socialmap.search.danger import is_dangerous
from socialmap.search.facets import Match
from socialmap.search.found import Chip, Found, Note, Option
from socialmap.search.index import IndexStore
from socialmap.search.query import Query, Show
from socialmap.search.ranking import Distances
from socialmap.search.reasons import hits
from socialmap.search.scoring import concepts, text_scores
from socialmap.search.snapshot import Mask, SegmentCache, Snapshot, Stamp

log = logging.getLogger(__name__)
PAGE_SIZE = 20
MOST_IDS = 5_000
MEND_SECONDS = 20.0
PUBLIC = [Status.LIVE, Status.UNCERTAIN, Status.CLOSED]


@dataclass(frozen=True)
class ThemeNames:
    """The themes as a search needs them."""

    names: Mapping[str, str]
    danger: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """The numbers behind one answer: which documents fit, how well and how far."""

    docs: Mask
    asked: dict[str, Match]
    scores: NDArray[np.float64]
    distances: Distances | None


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
        if self._index is None and edition is not None:
            self._index = self.store.open()
        generation = -1 if edition is None else self._index.latest_generation()
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


def _answered(snapshot: Snapshot, session: Session, query: Query, today: date) -> Found:
    tree, themes = area_tree(session), _themes(session)
    answer = evaluated(snapshot, tree, query, today)
    docs = ranking.ordered(
        snapshot, np.flatnonzero(answer.docs), query, answer.scores, answer.asked, answer.distances
    )
    start = (query.page - 1) * PAGE_SIZE
    ways = wider.ways(snapshot, tree, query, today, len(docs), evaluated)
    return Found(
        total=len(docs),
        page=query.page,
        pages=-(-len(docs) // PAGE_SIZE),
        text=query.text,
        hits=hits(snapshot, tree, query, answer, docs[start : start + PAGE_SIZE], themes.names),
        facets=_facets(snapshot, tree, query, answer, today, themes.names),
        chips=_chips(query),
        wider=ways,
        notes=_notes(tree, query, len(docs), bool(ways)),
        choices=query.near_choices,
        all_ids=tuple(snapshot.keys[doc] for doc in docs[:MOST_IDS]),
        is_danger=is_dangerous(query.text, query.chosen.get("thema", ()), themes.danger),
    )


def evaluated(snapshot: Snapshot, tree: AreaTree, query: Query, today: date) -> Answer:
    """Match, measure and score every document."""
    day = today.toordinal()
    asked = facets.matches(snapshot, tree, query, day)
    base = _base(snapshot, query, day)
    scores = ranking.quality(snapshot, day)
    if query.text:
        texts = text_scores(snapshot, concepts(query.text))
        base &= texts > 0
        scores = scores * texts
    found = None
    if query.near:
        found = ranking.distances(snapshot, tree, query.near)
        scores = scores * ranking.nearness(found)
        if query.radius_km is not None:
            base &= ranking.within_radius(found, query.radius_km)
    for codes in query.areas.values():
        inside = ranking.located_in(snapshot, tree, codes)
        scores = scores * np.where(inside, 1.0, ranking.COVERS_FROM_ELSEWHERE)
    asked_all = {**asked, "": Match(base, np.zeros(snapshot.size, dtype=bool))}
    return Answer(_all_of(asked_all), asked_all, scores, found)


def _base(snapshot: Snapshot, query: Query, today: int) -> Mask:
    """What a visitor may find at all: live, not lapsed, unless asked for."""
    status = snapshot.codes["status"]
    base = snapshot.live & status.any_of(PUBLIC)
    if Show.ENDED in query.show:
        base |= snapshot.live & status.any_of([Status.ENDED])
    else:  # an end that is announced is not yet true
        is_later = snapshot.numbers["ended_day"] > today
        base |= snapshot.live & status.any_of([Status.ENDED]) & is_later
    if Show.STALE not in query.show:
        base &= ~ranking.is_lapsed(snapshot, today)
    if query.without:
        base &= ~snapshot.codes["provider"].any_of(query.without)
    return base


def _all_of(asked: Mapping[str, Match], but: str | None = None) -> Mask:
    """Documents kept by every match, or by every match but one."""
    kept = [match.kept for name, match in asked.items() if name != but]
    found: Mask = np.logical_and.reduce(kept)
    return found


def _facets(
    snapshot: Snapshot,
    tree: AreaTree,
    query: Query,
    answer: Answer,
    today: date,
    theme_names: Mapping[str, str],
) -> dict[str, tuple[Option, ...]]:
    """Counts per value; each facet leaves its own filter out."""
    found = {}
    readings = facets.readings(tree)
    for name, (column, reading) in readings.items():
        docs = _all_of(answer.asked, but=name) if name in answer.asked else answer.docs
        counts = snapshot.codes[column].counts((name, tree), reading, docs)
        found[name] = _options(name, counts, query, tree, theme_names)
    docs = _all_of(answer.asked, but="doelgroep")
    counts = facets.audience_counts(snapshot, docs)
    found["doelgroep"] = _options("doelgroep", counts, query, tree, theme_names)
    docs = _all_of(answer.asked, but="beschikbaar")
    counts = facets.availability_counts(snapshot, docs, today.toordinal())
    found["beschikbaar"] = _options("beschikbaar", counts, query, tree, theme_names)
    return found


def _options(
    name: str,
    counts: Mapping[str, int],
    query: Query,
    tree: AreaTree,
    theme_names: Mapping[str, str],
) -> tuple[Option, ...]:
    """Values with a count or selected, in the order of their list."""
    if name in facets.AREA_PARAMS:
        areas = {area.code: area for area in tree.at_level(facets.AREA_PARAMS[name])}
        chosen = query.areas.get(name, ())
        return tuple(
            Option(area.slug, area.name, counts.get(code, 0), code in chosen)
            for code, area in areas.items()
            if counts.get(code) or code in chosen
        )
    words = theme_names if name == "thema" else facets.FACET_LABELS[name]
    chosen = query.chosen.get(name, ())
    return tuple(
        Option(value, word, counts.get(value, 0), value in chosen)
        for value, word in words.items()
        if counts.get(value) or value in chosen
    )


def _chips(query: Query) -> tuple[Chip, ...]:
    """What was understood from the text: for now a postcode typed into the one box."""
    if query.near and query.near_text and not query.text:
        return (Chip("bij", query.near.param, f"bij {query.near.label}", query.near_text, "q"),)
    return ()


def _notes(tree: AreaTree, query: Query, total: int, leads_on: bool) -> tuple[Note, ...]:
    names = [tree.get(code).name for codes in query.areas.values() for code in codes]
    if total or not names:
        return ()
    text = f"Voor {listed(names)} vonden wij dit niet."
    further = " Hieronder staat wat er verderop is." if leads_on else ""
    return (Note("no_coverage", text + further),)


def _themes(session: Session) -> ThemeNames:
    rows = session.exec(
        select(Theme.id, Theme.name, Theme.is_danger).order_by(Theme.position)  # type: ignore[arg-type]
    ).all()
    return ThemeNames(
        names={id: name for id, name, _ in rows},
        danger=frozenset(id for id, _, is_danger in rows if is_danger),
    )
