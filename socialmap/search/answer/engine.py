"""The engine: one question in, one answer out; behind the page, the JSON and the maps."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
from socialmap.models.terms import ListingKind, Status
from socialmap.search.answer import facets, ranking, wider
from socialmap.search.answer.facets import Match
from socialmap.search.answer.found import Found, Note, Option
from socialmap.search.answer.notes import Leeway, notes
from socialmap.search.answer.ranking import Distances
from socialmap.search.answer.reasons import hits
from socialmap.search.answer.scoring import named, text_scores
from socialmap.search.answer.subjects import subjects, theme_names
from socialmap.search.index.lexicon import SnapshotLexicon
from socialmap.search.index.snapshot import Mask, SegmentCache, Snapshot, Stamp
from socialmap.search.index.store import IndexStore
from socialmap.search.language.lexicon import Lexicon, NoLexicon
from socialmap.search.language.meaning import Meant, meant
from socialmap.search.language.synonyms import synonyms
from socialmap.search.question.danger import is_dangerous
from socialmap.search.question.filters import AREA_PARAMS, FACET_LABELS
from socialmap.search.question.query import Query, Show
from socialmap.search.question.where import near_area

log = logging.getLogger(__name__)
PAGE_SIZE = 20
MOST_IDS = 5_000
MOST_PLACES = 5
MEND_SECONDS = 20.0
PUBLIC = [Status.LIVE, Status.UNCERTAIN, Status.CLOSED]


@dataclass(frozen=True)
class Answer:
    """The numbers behind one answer: which documents fit, how well and how far."""

    docs: Mask
    asked: dict[str, Match]
    meant: Meant
    factors: dict[str, NDArray[np.float64]]
    """What the score is the product of, by name."""
    distances: Distances | None
    is_named: Mask
    """What was asked for by its name."""

    @property
    def scores(self) -> NDArray[np.float64]:
        """How well each document fits."""
        found: NDArray[np.float64] = np.multiply.reduce(list(self.factors.values()))
        return found


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


def _answered(snapshot: Snapshot, session: Session, asked: Query, today: date) -> Found:
    tree, themes = area_tree(session), theme_names(session)
    query, answer, leeway = _with_leeway(snapshot, tree, asked, today)
    docs = ranking.ordered(
        snapshot,
        np.flatnonzero(answer.docs),
        query,
        answer.scores,
        answer.asked,
        answer.distances,
    )
    about = subjects(themes, asked, answer.meant)
    start = (asked.page - 1) * PAGE_SIZE
    fitting = len(docs) if leeway == Leeway.NONE else 0
    ways = wider.ways(snapshot, tree, asked, today, fitting, evaluated)
    told = notes(snapshot, tree, asked, answer.meant, answer.docs, leeway, leads_on=bool(ways))
    return Found(
        total=len(docs),
        page=asked.page,
        pages=-(-len(docs) // PAGE_SIZE),
        text=asked.text,
        hits=hits(snapshot, tree, query, answer, docs[start : start + PAGE_SIZE], themes.names),
        facets=_facets(snapshot, tree, asked, answer, today, themes.names),
        chips=asked.chips,
        corrections=asked.corrections,
        wider=ways,
        notes=tuple(told),
        choices=asked.near_choices,
        named_places=_named_places(snapshot, answer),
        themes=about,
        all_ids=tuple(snapshot.keys[doc] for doc in docs[:MOST_IDS]),
        is_danger=is_dangerous(asked.text, about, themes.danger),
    )


def _with_leeway(
    snapshot: Snapshot, tree: AreaTree, asked: Query, today: date
) -> tuple[Query, Answer, Leeway]:
    """The answer to a question; where nothing fits a need, to the nearest question that finds
    something: with what has ended, or else what is nearest to the areas that were asked (R6, R9).
    """
    answer = evaluated(snapshot, tree, asked, today)
    if answer.docs.any() or not (asked.text or "thema" in asked.chosen):
        return asked, answer, Leeway.NONE
    for leeway, query in _nearest_questions(tree, asked):
        found = evaluated(snapshot, tree, query, today)
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


def _named_places(snapshot: Snapshot, answer: Answer) -> tuple[UUID, ...]:
    """The places that were asked for by name, best first: they stand below all offers else."""
    is_place = snapshot.codes["kind"].any_of([ListingKind.PLACE])
    docs = np.flatnonzero(answer.docs & answer.is_named & is_place)
    best = docs[np.argsort(-answer.scores[docs], kind="stable")][:MOST_PLACES]
    return tuple(snapshot.keys[doc] for doc in best.tolist())


def evaluated(snapshot: Snapshot, tree: AreaTree, query: Query, today: date) -> Answer:
    """Match, measure and score every document."""
    day = today.toordinal()
    asked = facets.matches(snapshot, tree, query, day)
    words = meant(query.text, synonyms())
    is_named = named(snapshot, words.concepts)
    base = _base(snapshot, query, day, is_named)
    factors = {"kwaliteit": ranking.quality(snapshot, day)}
    if query.text:
        texts = text_scores(snapshot, words.concepts)
        factors["tekst"] = texts.scores
        factors["naam"] = np.where(is_named, ranking.NAMED, 1.0)
        base &= texts.enough(base & _all_of(asked)) if asked else texts.enough(base)
    if query.understood:
        factors["onbekend"] = ranking.knownness(asked, query.understood, snapshot.size)
    if query.ages:
        factors["leeftijd"] = ranking.aptness(snapshot)
    if words.is_consult:
        factors["overleg"] = ranking.consult_first(snapshot)
    found = None
    if query.near:
        found = ranking.distances(snapshot, tree, query.near)
        factors["nabijheid"] = ranking.nearness(found)
        if query.radius_km is not None:
            base &= ranking.within_radius(found, query.radius_km)
    for name, codes in query.areas.items():
        inside = ranking.located_in(snapshot, tree, codes)
        factors[name] = np.where(inside, 1.0, ranking.COVERS_FROM_ELSEWHERE)
    asked_all = {**asked, "": Match(base, np.zeros(snapshot.size, dtype=bool))}
    return Answer(_all_of(asked_all), asked_all, words, factors, found, is_named)


def _base(snapshot: Snapshot, query: Query, today: int, is_named: Mask) -> Mask:
    """What a visitor may find at all: live and not lapsed, unless asked for, also by name."""
    status = snapshot.codes["status"]
    is_ended = snapshot.live & status.any_of([Status.ENDED])
    base = snapshot.live & status.any_of(PUBLIC)
    base |= is_ended & (snapshot.numbers["ended_day"] > today)  # announced, not yet true
    if Show.STALE not in query.show:
        base &= ~ranking.is_lapsed(snapshot, today) | is_named
    base |= is_ended if Show.ENDED in query.show else is_ended & is_named
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
    if name in AREA_PARAMS:
        areas = {area.code: area for area in tree.at_level(AREA_PARAMS[name])}
        chosen = query.areas.get(name, ())
        return tuple(
            Option(area.slug, area.name, counts.get(code, 0), code in chosen)
            for code, area in areas.items()
            if counts.get(code) or code in chosen
        )
    words = theme_names if name == "thema" else FACET_LABELS[name]
    chosen = query.chosen.get(name, ())
    return tuple(
        Option(value, word, counts.get(value, 0), value in chosen)
        for value, word in words.items()
        if counts.get(value) or value in chosen
    )
