"""Likely duplicates are named and never merged; what only resembles each other is left alone."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.importers.rows import counts, load, row, write

ELSEWHERE = {
    "plek": "OBA Banne",
    "straat": "Bezaanjachtplein",
    "huisnummer": "249",
    "postcode": "1034CR",
    "buurt": "",
    "lat": "52.40871",
    "lon": "4.92174",
}


def told(engine: sa.Engine, tmp_path: Path, *rows: dict[str, str]) -> list[str]:
    """The notices of a trial with these rows, after one listing was imported."""
    load(engine, write(tmp_path / "a.csv", [row()]))
    report = load(engine, write(tmp_path / "b.csv", rows), save=False)
    assert counts(report) == (len(rows), 0, 0, 0)
    return report.notices


@pytest.mark.parametrize("title", ["Kop op", "KOP OP!", "Kop  óp", "Kopop"])
def test_the_same_name_at_the_same_postcode_is_named(
    engine: sa.Engine, tmp_path: Path, title: str
) -> None:
    other = row("andere-lijst-7", titel=title, aanbieder="De Draad", aanbieder_informeel="ja")
    [notice] = told(engine, tmp_path, other)
    assert notice.startswith(f"regel 2, andere-lijst-7: {' '.join(title.split())} lijkt op kop-op")
    assert "in de gids, met dezelfde postcode 1031AE" in notice
    assert notice.endswith("Gebruik dan één id")


def test_the_same_name_of_the_same_provider_is_named(engine: sa.Engine, tmp_path: Path) -> None:
    [notice] = told(engine, tmp_path, row("kop-op-2", **ELSEWHERE))
    assert "van dezelfde aanbieder" in notice


def test_two_in_one_file_are_named(engine: sa.Engine, tmp_path: Path) -> None:
    rows = [row("een", titel="Samen koken"), row("twee", titel="Samen kooken")]
    [notice] = told(engine, tmp_path, *rows)
    assert notice.startswith("regel 3, twee: Samen kooken lijkt op een (Samen koken) op regel 2")


@pytest.mark.parametrize(
    "cells",
    [
        {"titel": "Kop op", "aanbieder": "De Draad", **ELSEWHERE},
        {"titel": "Samen koken"},
        {"titel": "Kop op 2"},
    ],
    ids=["another provider elsewhere", "another name", "another number"],
)
def test_what_is_something_else_is_not_named(
    engine: sa.Engine, tmp_path: Path, cells: dict[str, str]
) -> None:
    assert told(engine, tmp_path, row("anders", **cells)) == []


def test_groups_with_other_numbers_are_not_named(engine: sa.Engine, tmp_path: Path) -> None:
    rows = [row("een", titel="Sterker staan groep 1"), row("twee", titel="Sterker staan groep 2")]
    assert told(engine, tmp_path, *rows) == []


def test_a_provider_with_a_slip_is_named_once(engine: sa.Engine, tmp_path: Path) -> None:
    slip = {"aanbieder": "Praktijk Overstach", **ELSEWHERE}
    rows = [row("een", titel="Samen koken", **slip), row("twee", titel="Naailes", **slip)]
    [notice] = told(engine, tmp_path, *rows)
    assert notice == (
        'regel 2, een: aanbieder "Praktijk Overstach" lijkt op "Praktijk Overstag". '
        "Is het dezelfde? Schrijf de naam dan gelijk"
    )


def test_a_listing_that_is_known_already_is_not_compared(engine: sa.Engine, tmp_path: Path) -> None:
    first = [row(), row("tweeling", titel="Kop op")]
    load(engine, write(tmp_path / "a.csv", first))
    assert load(engine, write(tmp_path / "b.csv", first), save=False).notices == []
