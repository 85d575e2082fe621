"""How good answers are, by labelled questions: nDCG@10, a right one in the first three, nothing."""

import csv
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
    def succeeds(self) -> bool:
        """Is a right answer among the first three?"""
        return any(self.query.grades.get(id, 0) >= RIGHT for id in self.found[:FIRST])


def _gain(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades[:AT])))


@dataclass(frozen=True)
class Score:
    """How well a part of the questions is answered."""

    part: str
    count: int
    ndcg: float
    success: float
    empty: int


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
        success=sum(one.succeeds for one in answers) / count,
        empty=sum(not one.found for one in answers),
    )
