"""`make bench-relevance`: how good our answers are, step by step, beside three peers.

The questions with labels of `tests/relevance/` are asked on the real `data/`. The peers hold the
same text of the same listings as our index: title, themes and forms, and all that is said.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, select

from bench.ablation import built_up, everything
from bench.directory import real, settings_in
from bench.generate import TODAY
from bench.peers.documents import Document, documents
from bench.peers.running import all_peers
from bench.peers.sqlite import SQLite
from bench.table import print_table
from socialmap.config import ROOT, Settings
from socialmap.geo.tree import area_tree
from socialmap.models import Listing
from socialmap.search.answer.engine import Searcher
from socialmap.search.answer.evaluation import Texts, evaluated
from socialmap.search.answer.relevance import Judged, Labelled, judged, read_queries, scores
from socialmap.search.question.query import Query

LABELS = ROOT / "tests" / "relevance"
WHOLE = "+ ranking and understanding"
HEADER = ["", "nDCG@10", "recall@10", "MRR", "first three", "nothing", "nDCG@10, listings"]
NOTE = """\
Right is a label of 2 or 3. "first three": a right answer is among the first three. "nothing": so
many questions find nothing at all. Labels also name people, teams and pages, which only our whole
engine can return; "nDCG@10, listings" leaves them out of the labels and of the answers, and with
them the questions that no listing answers. What scores the same stands in the order of ids: drawn
anew, they move the nDCG of the whole engine by 0.003 and its MRR by 0.01."""


@dataclass(frozen=True)
class Line:
    """One engine or step with its answers to all questions."""

    name: str
    answers: list[Judged]


def main() -> None:
    """Ask everybody everything and print a table for each part of each file."""
    logging.disable(logging.WARNING)
    with TemporaryDirectory() as name:
        folder = Path(name)
        settings = settings_in(folder)
        engine = real(settings)
        files = {path: read_queries(path) for path in sorted(LABELS.glob("*.csv"))}
        lines = _asked(settings, engine, [one for found in files.values() for one in found])
        engine.dispose()
    for path, queries in files.items():
        for part in dict.fromkeys(query.part for query in queries):
            asked = [query for query in queries if query.part == part]
            print(f"\n{path.name}, part `{part}`: {len(asked)} questions\n")
            print_table(HEADER, [_row(line, asked) for line in lines])
    print(f"\n{NOTE}", flush=True)


def _asked(settings: Settings, engine: sa.Engine, queries: Sequence[Labelled]) -> list[Line]:
    """The answers of every step of ours, and of every peer."""
    with Session(engine) as session:
        keys = dict(session.exec(select(Listing.id, Listing.key)).all())
    lines = []
    steps = [*built_up(engine, keys, settings.instance), (WHOLE, everything(settings))]
    for name, running in steps:
        with running as ask:
            lines.append(Line(name, judged(queries, ask)))
    findable = _findable(settings, engine)
    with all_peers(settings.instance, findable) as peers:
        prefixes = SQLite(settings.instance / "prefixes.db", findable, prefixes=True)
        for peer in (prefixes, *peers):
            lines.append(Line(peer.name, judged(queries, peer.text)))
    return lines


def _findable(settings: Settings, engine: sa.Engine) -> list[Document]:
    """The listings that a visitor of ours may find, by key: none that ended or lapsed."""
    searcher = Searcher(settings.index_dir, engine)
    with Session(engine) as session:
        snapshot = searcher.snapshot()
        texts = Texts.of(snapshot, "")
        shown = evaluated(snapshot, area_tree(session), Query(), TODAY, texts).docs
        held = documents(session)
    found = [held[snapshot.keys[doc]] for doc in np.flatnonzero(shown).tolist()]
    return sorted(found, key=attrgetter("key"))


def _row(line: Line, queries: Sequence[Labelled]) -> list[str]:
    asked = {id(query) for query in queries}
    answers = [answer for answer in line.answers if id(answer.query) in asked]
    (score,) = scores(answers)
    (listings,) = scores([_of_listings(one) for one in answers if _has_listing(one)])
    return [
        line.name,
        f"{score.ndcg:.3f}",
        f"{score.recall:.3f}",
        f"{score.mrr:.3f}",
        f"{score.success:.1%}",
        str(score.empty),
        f"{listings.ndcg:.3f}",
    ]


def _is_listing(key: str) -> bool:
    return ":" not in key


def _has_listing(answer: Judged) -> bool:
    return any(map(_is_listing, answer.query.grades))


def _of_listings(answer: Judged) -> Judged:
    """The same answer without people, teams and pages."""
    grades = {key: grade for key, grade in answer.query.grades.items() if _is_listing(key)}
    return Judged(replace(answer.query, grades=grades), [*filter(_is_listing, answer.found)])


if __name__ == "__main__":
    main()
