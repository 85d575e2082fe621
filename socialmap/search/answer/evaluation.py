"""Which documents fit a question, how well, and how far they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from socialmap.geo.tree import AreaTree
from socialmap.models.terms import PUBLIC_STATUSES, Status
from socialmap.search.answer import facets, ranking
from socialmap.search.answer.facets import Match
from socialmap.search.answer.ranking import Distances
from socialmap.search.answer.scoring import TextScores, named, text_scores
from socialmap.search.index.snapshot import Mask, Snapshot
from socialmap.search.language.meaning import Meant, meant
from socialmap.search.language.synonyms import synonyms
from socialmap.search.question.query import Query, Show


@dataclass(frozen=True)
class Texts:
    """What the words of a question mean, and how well each document says it."""

    meant: Meant
    scores: TextScores | None
    """None where there are no words."""
    is_named: Mask
    """What is asked for by its name."""

    @classmethod
    def of(cls, snapshot: Snapshot, text: str) -> Self:
        """Weigh every document by these words."""
        words = meant(text, synonyms())
        scores = text_scores(snapshot, words.concepts) if text else None
        return cls(words, scores, named(snapshot, words.concepts))


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

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The numbers of the documents that fit."""
        return np.flatnonzero(self.docs)

    def but(self, name: str) -> NDArray[np.int64]:
        """The numbers of what fits all that is asked but one parameter."""
        return np.flatnonzero(all_of(self.asked, name)) if name in self.asked else self.numbers


def evaluated(
    snapshot: Snapshot, tree: AreaTree, query: Query, today: date, texts: Texts
) -> Answer:
    """Match, measure and score every document; `texts` are those of the text of the question."""
    day = today.toordinal()
    asked = facets.matches(snapshot, tree, query, day)
    base = _base(snapshot, query, day, texts.is_named)
    if texts.scores:
        base &= texts.scores.enough(base & all_of(asked) if asked else base)
    distances = ranking.distances(snapshot, tree, query.near) if query.near else None
    if distances and query.radius_km is not None:
        base &= ranking.within_radius(distances, query.radius_km)
    asked[""] = Match(base, np.zeros(snapshot.size, dtype=bool))
    factors = _factors(snapshot, tree, query, day, texts, asked)
    if distances:
        factors["nabijheid"] = ranking.nearness(distances)
    return Answer(all_of(asked), asked, texts.meant, factors, distances, texts.is_named)


def _factors(
    snapshot: Snapshot,
    tree: AreaTree,
    query: Query,
    day: int,
    texts: Texts,
    asked: Mapping[str, Match],
) -> dict[str, NDArray[np.float64]]:
    """What the score is the product of, by name, besides the distance."""
    factors = {"kwaliteit": ranking.quality(snapshot, day)}
    if texts.scores:
        factors["tekst"] = texts.scores.scores
        factors["naam"] = np.where(texts.is_named, ranking.NAMED, 1.0)
    if query.understood:
        factors["onbekend"] = ranking.knownness(asked, query.understood, snapshot.size)
    if query.ages:
        factors["leeftijd"] = ranking.aptness(snapshot)
    if texts.meant.is_consult:
        factors["overleg"] = ranking.consult_first(snapshot)
    for name, codes in query.areas.items():
        inside = ranking.located_in(snapshot, tree, codes)
        factors[name] = np.where(inside, 1.0, ranking.COVERS_FROM_ELSEWHERE)
    return factors


def _base(snapshot: Snapshot, query: Query, today: int, is_named: Mask) -> Mask:
    """What a visitor may find at all: live and not lapsed, unless asked for, also by name."""
    status = snapshot.codes["status"]
    is_ended = snapshot.live & status.any_of([Status.ENDED])
    base = snapshot.live & status.any_of(PUBLIC_STATUSES - {Status.ENDED})
    base |= is_ended & (snapshot.numbers["ended_day"] > today)  # announced, not yet true
    if Show.STALE not in query.show:
        base &= ~ranking.is_lapsed(snapshot, today) | is_named
    base |= is_ended if Show.ENDED in query.show else is_ended & is_named
    if query.without:
        base &= ~snapshot.codes["provider"].any_of(query.without)
    return base


def all_of(asked: Mapping[str, Match], but: str | None = None) -> Mask:
    """Documents kept by every match, or by every match but one."""
    kept = [match.kept for name, match in asked.items() if name != but]
    found: Mask = np.logical_and.reduce(kept)
    return found
