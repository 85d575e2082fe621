"""What Excel does to cells by itself: each kind is named, with what to do about it."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from importers.report import Problem
from importers.rows.damage import as_typed, day_of_number
from importers.rows.listings import COLUMNS, Entry, read_listings
from importers.rows.tables import read_table
from tests.importers.rows import HEADER, contents, load, row, write
from tests.importers.workbooks import save_book

AGAIN = "maak de cel tekst en typ {} weer"
HOUSE, AGE = AGAIN.format("het huisnummer"), "zet de laagste leeftijd in leeftijd_van en de hoogste"
DAMAGE = [
    # what the cell holds, its column, what the message must say
    ("4-dec", "huisnummer", "stond er 4-12?"),
    ("04-Dec", "huisnummer", HOUSE),
    ("4-dec-26", "huisnummer", "stond er 4-12?"),
    ("4-dec.-2026", "huisnummer", HOUSE),
    ("dec-26", "huisnummer", "stond er 12-26?"),
    ("mrt-16", "huisnummer", "stond er 3-16?"),
    ("4-12-2026", "huisnummer", "stond er 4-12?"),
    ("2026-12-04", "huisnummer", "stond er 4-12?"),
    ("2026-12-01", "huisnummer", "stond er 1-12 of 12-26?"),
    ("4-dec", "leeftijd_van", f"stond er 4-12?); {AGE}"),
    ("4-dec-26", "leeftijd_tm", AGE),
    ("2026-12-04", "leeftijd_van", "stond er 4-12?"),
    ("4-12", "leeftijd_van", f"dit zijn er twee; {AGE}"),
    ("4-dec", "lat", AGAIN.format("het getal")),
    ("20 000 0012", "telefoon", "de nul vooraan ontbreekt"),
    ("200000012", "telefoon", AGAIN.format("het nummer")),
    ("20-0000012", "telefoon", "de nul vooraan ontbreekt"),
    ("612345678", "telefoon", "de nul vooraan ontbreekt"),
    ("8000432", "telefoon", "de nul vooraan ontbreekt"),
    ("31200000012", "telefoon", "de + vooraan ontbreekt"),
    ("6,1E+08", "telefoon", "Excel maakte hier een getal van"),
    ("6.12E+8", "telefoon", AGAIN.format("het nummer")),
    ("1031", "postcode", "de letters van de postcode ontbreken; zet cijfers en letters in één"),
    ("AE", "postcode", "de cijfers van de postcode ontbreken"),
    ("1,2E+12", "id", "Excel maakte hier een getal van"),
    ("3-apr", "id", "Excel maakte hier een datum van (stond er 3-4?)"),
    ("2026-04-03", "id", AGAIN.format("het id")),
    ("4-12-2026 00:00", "id", "stond er 4-12?"),
    ("46329", "gecontroleerd_op", "van (3 november 2026?); geef de cel de opmaak Datum"),
    ("3-11-26", "gecontroleerd_op", "schrijf het jaar met vier cijfers"),
    ("3-nov", "gecontroleerd_op", "schrijf de datum als 2026-11-03"),
    ("11/3/2026", "gecontroleerd_op", "schrijf een datum als 2026-11-03"),
    ("5239094", "lat", "Excel liet de komma weg"),
    ("49118", "lon", "Excel liet de komma weg"),
    ("########", "gemeld_op", "Maak de kolom breder"),
    ("##", "samenvatting", "Excel toonde alleen hekjes"),
    ("#N/B", "titel", "Excel kon deze cel niet uitrekenen; typ hier zelf de waarde"),
    ("#NAAM?", "beschrijving", "niet uitrekenen"),
    ("#VERW!", "contact", "niet uitrekenen"),
    ("#REF!", "contact", "niet uitrekenen"),
    ("Err:502", "wachtweken", "niet uitrekenen"),
    ("“kop-op”", "id", "gekrulde aanhalingstekens"),
    ("„gratis”", "kosten", "gekrulde aanhalingstekens (“ ” of ‘ ’); haal ze weg"),
    ("CafÃ© Overstag", "aanbieder", "letters met accenten zijn hier beschadigd"),
]


def entry_of(tmp_path: Path, **cells: str) -> tuple[Entry | None, list[Problem]]:
    """A good row but for these cells, and all its problems."""
    table = read_table(write(tmp_path / "a.csv", [{**row(), **cells}]), COLUMNS)
    entries = read_listings(table)
    found = [problem for entry in entries for problem in entry.problems]
    return (entries[0] if entries else None), [*table.problems, *found]


@pytest.mark.parametrize(("cell", "column", "message"), DAMAGE)
def test_damage_is_named_with_what_to_do(
    tmp_path: Path, cell: str, column: str, message: str
) -> None:
    _, problems = entry_of(tmp_path, **{column: cell})
    assert [(problem.line, problem.column, problem.value) for problem in problems] == [
        (2, column, cell)
    ]
    assert message in problems[0].message


def test_all_damage_together_is_named_and_nothing_changes(
    engine: sa.Engine, tmp_path: Path
) -> None:
    rows = [row(f"regel-{at}") | {column: cell} for at, (cell, column, _) in enumerate(DAMAGE)]
    before = contents(engine)
    report = load(engine, write(tmp_path / "a.csv", rows))
    named = {(problem.line, problem.column) for problem in report.problems}
    assert named >= {(at, column) for at, (_, column, _) in enumerate(DAMAGE, 2)}
    assert (report.created, report.wrong, report.is_saved) == (0, len(DAMAGE), False)
    assert contents(engine) == before


@pytest.mark.parametrize(
    ("column", "typed", "message"),
    [
        ("huisnummer", datetime(2026, 12, 4), "stond er 4-12?"),  # noqa: DTZ001
        ("leeftijd_van", date(2026, 12, 4), "stond er 4-12?"),
        ("id", date(2026, 4, 3), "stond er 3-4?"),
        ("telefoon", 200000012, "de nul vooraan ontbreekt"),
        ("telefoon", 6.12345678e8, "de nul vooraan ontbreekt"),
        ("telefoon", 31200000012, "de + vooraan ontbreekt"),
        ("postcode", 1031, "de letters van de postcode ontbreken"),
        ("gecontroleerd_op", 46329, "3 november 2026?"),
        ("lat", 5239094, "Excel liet de komma weg"),
        ("titel", "#N/A", "niet uitrekenen"),
    ],
)
def test_damage_in_a_workbook_is_named_as_well(
    tmp_path: Path, column: str, typed: object, message: str
) -> None:
    table = read_table(save_book(tmp_path / "a.xlsx", [{**row(), column: typed}]), COLUMNS)
    problems = [*table.problems, *(one for entry in read_listings(table) for one in entry.problems)]
    assert [(problem.line, problem.column) for problem in problems] == [(2, column)]
    assert message in problems[0].message


WHOLE = [
    ("huisnummer", "4-12", "4-12"),
    ("huisnummer", "36-2-2", "36-2-2"),
    ("huisnummer", "58-H", "58-H"),
    ("huisnummer", "546A-1", "546A-1"),
    ("plek", "Huis\u00a0van de  Wijk", "Huis van de Wijk"),
    ("postcode", "1031\u00a0AE", "1031AE"),
    ("postcode", "1031 ae", "1031AE"),
    ("lat", "52,39094", 52.39094),
]


@pytest.mark.parametrize(("column", "cell", "meant"), WHOLE)
def test_what_is_whole_stays(tmp_path: Path, column: str, cell: str, meant: object) -> None:
    entry, problems = entry_of(tmp_path, **{column: cell})
    assert problems == []
    assert entry is not None
    told = entry.places[0][1].model_dump(by_alias=True)
    assert told[column] == meant


@pytest.mark.parametrize(
    ("column", "cell", "meant"),
    [
        ("telefoon", "020\u00a0000\u202f0011", "020 000 0011"),
        ("telefoon", "\u202a+31 20 000 0011\u202c", "+31 20 000 0011"),
        ("telefoon", "14 020", "14 020"),
        ("telefoon", "0800-2000", "0800-2000"),
        ("mail", "training@overstag.example\u200b", "training@overstag.example"),
        ("titel", "Kop\u00a0op", "Kop op"),
        ("titel", "Kid’s “Corner”", "Kid’s “Corner”"),
        ("aanbieder", "'t Hoekje", "'t Hoekje"),
        ("samenvatting", "Met\u00a0“dubbele” ’s", "Met\u00a0“dubbele” ’s"),
        ("gecontroleerd_op", "3-11-2026", date(2026, 11, 3)),
        ("gecontroleerd_op", "03-11-2026 0:00", date(2026, 11, 3)),
        ("gecontroleerd_op", "2026-11-03", date(2026, 11, 3)),
        ("aanbieder_informeel", "ONWAAR", False),
        ("voorbeeld", "WAAR", True),
        ("voorbeeld", "TRUE", True),
        ("voorbeeld", "Ja", True),
        ("id", "kop-op\u00a0", "kop-op"),
    ],
)
def test_what_is_clear_is_read_as_meant(
    tmp_path: Path, column: str, cell: str, meant: object
) -> None:
    entry, problems = entry_of(tmp_path, **{column: cell})
    assert problems == []
    assert entry is not None
    assert entry.row is not None
    assert entry.row.model_dump(by_alias=True)[column] == meant


def test_one_name_with_two_kinds_of_spaces_is_one_provider(
    engine: sa.Engine, tmp_path: Path
) -> None:
    rows = [row(), row("twee", aanbieder="Praktijk\u00a0Overstag ", titel="Iets anders")]
    report = load(engine, write(tmp_path / "a.csv", rows))
    assert (report.problems, report.notices) == ([], [])


def test_a_file_saved_in_one_column_is_named(tmp_path: Path) -> None:
    """As Excel saves a CSV file that it opened with the wrong separator."""
    lines = [";".join(HEADER), ";".join(row().values())]
    path = tmp_path / "a.csv"
    path.write_text("".join(f'"{line}"\n' for line in lines), "utf-8")
    (problem,) = read_table(path, COLUMNS).problems
    assert problem.line == 1
    assert "alle kolommen staan samen in één kolom" in problem.message
    assert "kies het scheidingsteken (puntkomma of komma)" in problem.message


def test_a_line_saved_in_one_cell_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row()])
    quoted = ";".join(row("twee").values())
    path.write_text(path.read_text("utf-8-sig") + f'"{quoted}"\n', "utf-8")
    (problem,) = read_table(path, COLUMNS).problems
    assert (problem.line, "deze hele regel staat in één cel" in problem.message) == (3, True)


def test_curly_quotes_around_a_text_with_a_separator_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row()])
    text = path.read_text("utf-8-sig").replace("Oefenen met durven", "“Oefenen; durven”")
    path.write_text(text, "utf-8")
    (problem,) = read_table(path, COLUMNS).problems
    assert "gekrulde aanhalingstekens (“ ”) in; zet om een tekst" in problem.message


@pytest.mark.parametrize("cell", ["groep 4", "4 dagen", "a-12", "1-1", "31", "xyz-26", "36-2-2"])
def test_what_no_spreadsheet_makes_is_no_date(cell: str) -> None:
    assert as_typed(cell) == ""


def test_days_are_counted_as_excel_does() -> None:
    assert day_of_number("46329") == date(2026, 11, 3)
    assert day_of_number("12345") is None


def test_a_good_row_has_no_problems(tmp_path: Path) -> None:
    found: Any = entry_of(tmp_path)[1]
    assert found == []
