"""The measure of answers, and the command that applies it."""

from pathlib import Path

import pytest
from flask import Flask

from socialmap import cli
from socialmap.search.answer.relevance import (
    Judged,
    Labelled,
    QueriesError,
    judged,
    read_queries,
    scores,
    shifts,
)

QUERIES = Path(__file__).parents[1] / "relevance" / "queries.csv"


def answer(found: list[str], **grades: int) -> Judged:
    return Judged(Labelled("vraag", "deel", grades), found)


def test_best_order_counts_one() -> None:
    assert answer(["a", "b", "c"], a=3, b=2, c=1).ndcg == pytest.approx(1.0)
    assert answer([], a=3).ndcg == 0.0
    assert answer(["x"], a=3).ndcg == 0.0


def test_lower_places_count_less() -> None:
    """One right answer on the third place: 1 / log2(4)."""
    assert answer(["x", "y", "a"], a=3).ndcg == pytest.approx(0.5)
    assert answer([*"xxxxxxxxxx", "a"], a=3).ndcg == 0.0, "beyond the tenth"


def test_success_is_a_right_answer_among_three() -> None:
    assert answer(["x", "y", "a"], a=2).succeeds
    assert not answer(["x", "y", "z", "a"], a=3).succeeds
    assert not answer(["a"], a=1).succeeds, "could help is not right"


def test_recall_counts_the_right_answers_among_ten() -> None:
    assert answer(["a", "x"], a=3, b=2, c=1).recall == 0.5, "could help is not right"
    many = {f"id{number}": 2 for number in range(20)}
    assert answer(list(many)[:10], **many).recall == 1.0, "of more than ten, ten can be found"


def test_reciprocal_rank_is_of_the_first_right_answer() -> None:
    assert answer(["x", "b", "a"], a=3, b=2).reciprocal_rank == 0.5
    assert answer(["x"], a=3).reciprocal_rank == 0.0


def test_what_changed_since_the_run_before_is_told(tmp_path: Path) -> None:
    memory = tmp_path / "gemeten.json"
    first = [answer(["a"], a=3)]
    assert shifts(first, memory) is None
    assert shifts(first, memory) == []
    [shift] = shifts([answer(["x", "a"], a=3)], memory) or []
    assert (shift.before, shift.now) == (1.0, 0.631)
    memory.write_text("kapot")
    assert shifts(first, memory) is None


def test_parts_are_scored_apart() -> None:
    queries = [Labelled("een", "p", {"a": 3}), Labelled("twee", "q", {"a": 3})]
    found = {"een": ["a"], "twee": []}
    first, second = scores(judged(queries, found.__getitem__))
    assert (first.part, first.success, first.empty) == ("p", 1.0, 0)
    assert (second.part, second.success, second.empty) == ("q", 0.0, 1)


def test_bad_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("vraag;deel\nx;y\n", "utf-8-sig")
    with pytest.raises(QueriesError, match="kolommen"):
        read_queries(path)
    path.write_text("vraag;deel;goed\nx;y;a:veel\n", "utf-8-sig")
    with pytest.raises(QueriesError, match="regel 2"):
        read_queries(path)


def test_command_tells_how_good_the_answers_are(full_app: Flask, tmp_path: Path) -> None:
    cli.init_app(full_app)
    told = full_app.test_cli_runner().invoke(args=["search", "evaluate", str(QUERIES)])
    assert told.exit_code == 0, told.output
    first, second, third = told.output.splitlines()
    assert third == "Dit is de eerste meting; de volgende zegt wat er veranderd is."
    assert first.startswith("afgesteld: 143 vragen, nDCG@10 0.")
    assert second.startswith("apart: 104 vragen")
    for line in (first, second):
        right = int(line.split("eerste drie ")[1].split("%")[0])
        assert right >= 85, "a change made the answers worse"
    again = full_app.test_cli_runner().invoke(args=["search", "evaluate", str(QUERIES)])
    assert again.output.splitlines()[2] == "Sinds de vorige meting: 0 beter, 0 slechter."
    missing = full_app.test_cli_runner().invoke(args=["search", "evaluate", str(tmp_path / "x")])
    assert missing.exit_code == 1
    assert "niet te openen" in missing.output
