"""How good answers are, by labelled questions: nDCG@10, recall@10, reciprocal rank, a right one in
the first three, none at all."""

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

AT, FIRST = 10, 3
RIGHT = 2
"""From this grade on (1 could help, 2 fits well, 3 exactly this) an answer is right."""
Grades = Mapping[str, int]


class QueriesError(ValueError):
    """A file of labelled questions that can't be read; the message is Dutch."""


@dataclass(frozen=True)
class Labelled:
    """A question with the grades of its right answers, and the part of the file it is in."""

    text: str
    part: str
    grades: Grades


@dataclass(frozen=True)
class Judged:
    """A question with what was found, best first."""

    query: Labelled
    found: Sequence[str]

    @property
    def ndcg(self) -> float:
        """Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002),
        with gain 2^grade - 1."""
        best = _gain(sorted(self.query.grades.values(), reverse=True))
        return _gain([self.query.grades.get(id, 0) for id in self.found]) / best if best else 0.0

    @property
    def right(self) -> frozenset[str]:
        """The ids of the right answers."""
        return frozenset(id for id, grade in self.query.grades.items() if grade >= RIGHT)

    @property
    def recall(self) -> float:
        """Which part of the right answers is among the first ten; of more than ten, of ten."""
        found = len(self.right.intersection(self.found[:AT]))
        return found / min(AT, len(self.right)) if self.right else 0.0

    @property
    def reciprocal_rank(self) -> float:
        """1 when the first answer is right, a half when the second is, and so on; 0 for none."""
        places = (place for place, id in enumerate(self.found, 1) if id in self.right)
        return 1 / next(places, math.inf)

    @property
    def succeeds(self) -> bool:
        """Is a right answer among the first three?"""
        return not self.right.isdisjoint(self.found[:FIRST])


def _gain(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades[:AT])))


@dataclass(frozen=True)
class Score:
    """How well a part of the questions is answered."""

    part: str
    count: int
    ndcg: float
    recall: float
    mrr: float
    success: float
    wrong: int
    """Questions without a right answer among all that was found."""
    empty: int
    """Questions with nothing found at all."""


def read_queries(path: Path) -> list[Labelled]:
    """Read a file with the columns vraag, deel and goed (`id:graad|id:graad`).

    Raises OSError, and QueriesError for what can't be read.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter=";")
        if not {"vraag", "deel", "goed"} <= set(reader.fieldnames or ()):
            raise QueriesError("de kolommen vraag, deel en goed zijn nodig")
        return [_labelled(row, number) for number, row in enumerate(reader, 2)]


def _labelled(row: dict[str, str], number: int) -> Labelled:
    try:
        grades = {id: int(grade) for id, _, grade in _marks(row["goed"])}
    except ValueError:
        raise QueriesError(f"regel {number}: schrijf goed als id:graad|id:graad") from None
    return Labelled(row["vraag"], row["deel"], grades)


def _marks(text: str) -> Iterator[tuple[str, str, str]]:
    return (mark.strip().rpartition(":") for mark in text.split("|") if mark.strip())


def judged(queries: Iterable[Labelled], ask: Callable[[str], Sequence[str]]) -> list[Judged]:
    """Ask every question; `ask` returns the ids that it finds, best first."""
    return [Judged(query, ask(query.text)) for query in queries]


def scores(answers: Sequence[Judged]) -> list[Score]:
    """A score for each part, in the order of the file."""
    parts = dict.fromkeys(answer.query.part for answer in answers)
    return [_score(part, [one for one in answers if one.query.part == part]) for part in parts]


def _score(part: str, answers: Sequence[Judged]) -> Score:
    count = len(answers)
    return Score(
        part=part,
        count=count,
        ndcg=sum(one.ndcg for one in answers) / count,
        recall=sum(one.recall for one in answers) / count,
        mrr=sum(one.reciprocal_rank for one in answers) / count,
        success=sum(one.succeeds for one in answers) / count,
        wrong=sum(not one.reciprocal_rank for one in answers),
        empty=sum(not one.found for one in answers),
    )


@dataclass(frozen=True)
class Shift:
    """A question that is answered otherwise than in the run before."""

    query: Labelled
    before: float
    now: float


def shifts(answers: Sequence[Judged], memory: Path) -> list[Shift] | None:
    """What changed since the run that `memory` holds, most first; None for the first run.

    `memory` then holds this run: the nDCG@10 of every question.
    """
    try:
        before: dict[str, float] = json.loads(memory.read_text("utf-8"))
    except (OSError, ValueError):
        before = {}
    now = {one.query.text: round(one.ndcg, 3) for one in answers}
    memory.write_text(json.dumps({**before, **now}, ensure_ascii=False, indent=1), "utf-8")
    known = [one for one in answers if one.query.text in before]
    found = [Shift(one.query, before[one.query.text], now[one.query.text]) for one in known]
    moved = [one for one in found if one.before != one.now]
    return sorted(moved, key=lambda one: -abs(one.now - one.before)) if known else None
