"""How long each kind of question takes us and the peers, asked in turn in one run."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlmodel import Session

from bench.generate import TODAY, Generator
from bench.peers import LIGHT, Peer
from bench.questions import Question, typed_texts, wanted_of
from bench.table import Table
from socialmap.geo.tree import area_tree
from socialmap.search.answer import ranking
from socialmap.search.answer.engine import PAGE_SIZE, Searcher
from socialmap.search.answer.evaluation import Texts, evaluated
from socialmap.search.answer.found import Found
from socialmap.search.question import params
from socialmap.search.question.query import Near, Order, Query

QUESTIONS = 100
NEAR = Near(52.3868, 4.9108, "Volewijck", "NK", "wijk:volewijck")
NOTE = """\
  Peers are given a typed question as we understood it: its words without slips, its area, age and
  other filters. We start from the line as typed: filters, slips, other words, order, counts of 15
  kinds, reasons and wider questions are all in our time. "cold": nothing asked before."""


@dataclass(frozen=True)
class Kind:
    """A kind of question: how we are asked, how a peer is, and the questions."""

    name: str
    ours: Callable[["Ours", Any], object]
    theirs: Callable[[Peer, Any], object]
    asked: Sequence[Any]


class Ours:
    """Our engine, to be asked as `socialmap.views` does."""

    def __init__(self, searcher: Searcher, session: Session) -> None:
        self.searcher, self.session, self.tree = searcher, session, area_tree(session)
        self.searcher.snapshot()

    def read(self, typed: str) -> Query:
        """What a typed line asks."""
        lexicon = self.searcher.lexicon()
        query, _errors = params.read_query(self.session, self.tree, {"q": [typed]}, lexicon)
        return query

    def typed(self, question: Question) -> Found:
        """The whole way from a typed line to an answer."""
        return self.find(self.read(question.typed))

    def find(self, query: Query) -> Found:
        """Everything: matches, order, counts, reasons, wider questions."""
        return self.searcher.find(self.session, query, TODAY)

    def first_page(self, query: Query) -> int:
        """Match, score and order, without counts: what a peer's plain query does."""
        snapshot = self.searcher.snapshot()
        texts = Texts.of(snapshot, query.text)
        answer = evaluated(snapshot, self.tree, query, TODAY, texts)
        docs = np.flatnonzero(answer.docs)
        scores, asked, far = answer.scores, answer.asked, answer.distances
        return len(ranking.ordered(snapshot, docs, query, scores, asked, far)[:PAGE_SIZE])


def kinds(ours: Ours) -> list[Kind]:
    """Every kind of question that is measured."""
    texts = Generator(seed=2).queries(QUESTIONS)
    light = {"niveau": LIGHT["level"]}
    near = Query(near=NEAR, order=Order.DISTANCE)
    return [
        Kind(
            "text",
            lambda us, text: us.first_page(Query(text=text)),
            lambda peer, text: peer.text(text),
            texts,
        ),
        Kind(
            "text + filters",
            lambda us, text: us.first_page(Query(text=text, chosen=light)),
            lambda peer, text: peer.filtered(text),
            texts,
        ),
        Kind(
            "text + counts, the whole search",
            lambda us, text: us.find(Query(text=text)),
            lambda peer, text: peer.counted(text),
            texts,
        ),
        Kind(
            "text by distance",
            lambda us, text: us.first_page(near.but(text=text)),
            lambda peer, text: peer.nearest(text, NEAR.lat, NEAR.lon),
            texts,
        ),
        Kind(
            "browse all + counts",
            lambda us, _: us.find(Query()),
            lambda peer, _: peer.browsed(),
            texts[:20],
        ),
        _typed("typed, everything on", ours, slips=False),
        _typed("typed with a slip, everything on", ours, slips=True),
    ]


def _typed(name: str, ours: Ours, *, slips: bool) -> Kind:
    questions = [
        Question(text, wanted_of(ours.read(text), ours.tree))
        for text in typed_texts(ours.tree, QUESTIONS, seed=5 + slips, slips=slips)
    ]
    return Kind(
        name, Ours.typed, lambda peer, question: peer.understood(question.wanted), questions
    )


def compare(fresh: Callable[[], Ours], peers: Sequence[Peer]) -> None:
    """Print p50 and p95 of us and every peer per kind of question, and our p50 as part of theirs.

    `fresh` gives our engine with nothing in its memory but the snapshot.
    """
    names = [peer.name for peer in peers]
    head = ["p50 / p95 in ms", "ours", *names, *(f"÷ {name}" for name in names)]
    table = Table(head, first=38, others=13)
    for kind in kinds(fresh()):
        ours = fresh()
        for state in ("cold", "warm"):
            table.row([f"{kind.name}, {state}", *_cells(kind, ours, peers)])
    print(NOTE, flush=True)


def _cells(kind: Kind, ours: Ours, peers: Sequence[Peer]) -> list[str]:
    took = _measured(kind, ours, peers)
    middles = [float(np.percentile(times, 50)) for times in took]
    times = [
        f"{middle:.2f} / {np.percentile(all_times, 95):.2f}"
        for middle, all_times in zip(middles, took, strict=True)
    ]
    return [*times, *(f"{middles[0] / middle:.2f}" for middle in middles[1:])]


def _measured(kind: Kind, ours: Ours, peers: Sequence[Peer]) -> list[list[float]]:
    """Milliseconds per question of us and of every peer, each question asked of all in turn."""
    took: list[list[float]] = [[] for _ in range(1 + len(peers))]
    gc.collect()
    for question in kind.asked:
        took[0].append(_milliseconds(lambda one=question: kind.ours(ours, one)))
        for at, peer in enumerate(peers, 1):
            took[at].append(_milliseconds(lambda one=question, it=peer: kind.theirs(it, one)))
    return took


def _milliseconds(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000
