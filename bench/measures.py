"""Recall and reciprocal rank of answers, until `Judged` and `Score` of `relevance` have them."""

from collections.abc import Sequence
from statistics import mean

from socialmap.search.answer.relevance import AT, RIGHT, Judged


def recall(answers: Sequence[Judged]) -> float:
    """Which part of the right answers is among the first ten, on average."""
    return mean(map(_recall, answers))


def mean_reciprocal_rank(answers: Sequence[Judged]) -> float:
    """1 when the first answer is right, a half when the second is, and so on; on average."""
    return mean(map(_reciprocal_rank, answers))


def _recall(answer: Judged) -> float:
    right = {id for id, grade in answer.query.grades.items() if grade >= RIGHT}
    return len(right.intersection(answer.found[:AT])) / len(right) if right else 0.0


def _reciprocal_rank(answer: Judged) -> float:
    grades = answer.query.grades
    places = (at for at, id in enumerate(answer.found, 1) if grades.get(id, 0) >= RIGHT)
    return 1 / next(places, float("inf"))
