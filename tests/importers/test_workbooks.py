"""Excel workbooks: read by what is in them, and refused with a reason that says what to do."""

import random
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import DEFUSEDXML, Workbook

from importers.rows.listings import COLUMNS, read_listings
from importers.rows.tables import Table, read_table
from tests.importers.rows import HEADER, row, write
from tests.importers.workbooks import changed_book, packed, repacked, save_book

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path) -> Table:
    return read_table(path, COLUMNS)


def cells(path: Path) -> dict[str, str]:
    """The cells of the only line of a file that has no problems."""
    table = read(path)
    assert table.problems == []
    (line,) = table.lines
    return line.cells


def refusal(path: Path) -> str:
    """Why a file is not read at all."""
    table = read(path)
    (problem,) = table.problems
    assert (table.lines, problem.line) == ([], 0)
    return problem.message


def test_a_workbook_says_what_the_same_csv_says(tmp_path: Path) -> None:
    book = save_book(tmp_path / "a.xlsx", [row()])
    assert cells(book) == cells(write(tmp_path / "a.csv", [row()]))


def test_a_workbook_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    book = save_book(tmp_path / "a.xlsx", [row()])
    assert cells(book.rename(tmp_path / "a.csv"))["titel"] == "Kop op"


@pytest.mark.parametrize(
    ("column", "typed", "text"),
    [
        ("gecontroleerd_op", datetime(2026, 11, 3), "2026-11-03"),  # noqa: DTZ001
        ("gecontroleerd_op", date(2026, 11, 3), "2026-11-03"),
        ("gecontroleerd_op", datetime(2026, 11, 3, 9, 30), "2026-11-03 09:30"),  # noqa: DTZ001
        ("tijden", time(9, 30), "09:30"),
        ("leeftijd_van", 12, "12"),
        ("leeftijd_van", 12.0, "12"),
        ("leeftijd_van", 0.5, "0.5"),
        ("lat", 52.39094, "52.39094"),
        ("huisnummer", 1, "1"),
        ("voorbeeld", True, "WAAR"),
        ("voorbeeld", False, "ONWAAR"),
        ("titel", "  Kop op ", "Kop op"),
        ("titel", None, ""),
        ("beschrijving", "een\n\ntwee", "een\n\ntwee"),
    ],
)
def test_typed_cells_become_what_a_csv_would_say(
    tmp_path: Path, column: str, typed: object, text: str
) -> None:
    assert cells(save_book(tmp_path / "a.xlsx", [{**row(), column: typed}]))[column] == text


def test_dates_numbers_and_ticks_of_excel_are_understood(tmp_path: Path) -> None:
    typed: dict[str, Any] = {
        **row(),
        "lat": 52.39094,
        "lon": 4.9118,
        "huisnummer": 1,
        "leeftijd_van": 0.5,
        "leeftijd_tm": 4,
        "gecontroleerd_op": datetime(2026, 11, 16, 10, 15),  # noqa: DTZ001
        "van": date(2027, 1, 13),
        "ritme_maanden": 3.0,
        "aanbieder_informeel": False,
        "voorbeeld": True,
    }
    (entry,) = read_listings(read(save_book(tmp_path / "a.xlsx", [typed])))
    assert entry.problems == []
    found = entry.row
    assert found is not None
    assert (found.min_age.first_month, found.max_age.last_month) == (6, 59)
    assert (found.confirmed_on, found.from_on) == (date(2026, 11, 16), date(2027, 1, 13))
    assert (found.review_months, found.provider_is_informal, found.is_example) == (3, False, True)
    assert (entry.places[0][1].lat, entry.places[0][1].house_number) == (52.39094, "1")


# Layout


def test_the_sheet_with_our_columns_is_read_wherever_it_is(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Uitleg"
    book["Uitleg"].append(["id", "eigen kenmerk van het aanbod"])
    book.create_sheet("Leeg")
    page = book.create_sheet("Aanbod")
    page.append(HEADER)
    page.append([row()[column] for column in HEADER])
    book.save(tmp_path / "a.xlsx")
    table = read(tmp_path / "a.xlsx")
    assert [line.cells["id"] for line in table.lines] == ["kop-op"]
    assert table.notices == ['gelezen is blad "Aanbod"; niet gelezen: "Uitleg"']


def test_a_title_may_stand_above_the_header(tmp_path: Path) -> None:
    def add_title(sheet: Any) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "Aanbod in Noord, stand november"
        sheet.merge_cells("A1:F1")

    path = changed_book(save_book(tmp_path / "a.xlsx", [row()]), add_title)
    table = read(path)
    assert [(line.number, line.cells["id"]) for line in table.lines] == [(4, "kop-op")]


def test_empty_rows_and_columns_at_the_end_do_not_matter(tmp_path: Path) -> None:
    def add_looks(sheet: Any) -> None:
        sheet.cell(1_000_000, 3).number_format = "@"
        sheet.cell(5, 60, " ")
        sheet.cell(1, 58, "  ")

    path = changed_book(save_book(tmp_path / "a.xlsx", [row()]), add_looks)
    assert cells(path)["id"] == "kop-op"


def test_a_column_without_cells_or_name_does_not_matter(tmp_path: Path) -> None:
    path = changed_book(save_book(tmp_path / "a.xlsx", [row()]), lambda sheet: sheet.insert_cols(3))
    assert cells(path)["titel"] == "Kop op"


def test_merged_cells_in_the_header_are_named(tmp_path: Path) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("AA1:AB1")  # straat and huisnummer

    table = read(changed_book(save_book(tmp_path / "a.xlsx", [row()]), merge))
    (problem,) = table.problems
    assert (problem.line, problem.column) == (1, "AB")
    assert "cellen samengevoegd? Splits ze" in problem.message


def test_what_stands_beside_the_table_is_named(tmp_path: Path) -> None:
    def note(sheet: Any) -> None:
        sheet.cell(2, len(HEADER) + 2, "nog bellen!")

    table = read(changed_book(save_book(tmp_path / "a.xlsx", [row()]), note))
    assert "er staan 55 cellen op deze regel, het moeten er 53 zijn" in table.problems[0].message


def test_a_sheet_without_our_columns_says_how_the_header_begins(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Naam", "Adres"])
    book.active.append(["Kop op", "Gentiaanstraat 1"])
    book.save(tmp_path / "a.xlsx")
    (problem,) = read(tmp_path / "a.xlsx").problems
    assert str(problem) == (
        'regel 1, "naam;adres": dit is geen kop met onze kolommen. De eerste regel moet beginnen '
        "met id;soort;titel;aanbieder…"
    )


def test_a_table_in_one_column_is_named(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append([";".join(HEADER)])
    book.active.append([";".join(row().values())])
    book.save(tmp_path / "a.xlsx")
    (problem,) = read(tmp_path / "a.xlsx").problems
    assert "alle kolommen staan samen in één kolom" in problem.message
    assert "Uit tekst/CSV" in problem.message


def test_an_empty_workbook_is_named(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx") == "deze werkmap is leeg"


# Formulas


def set_formula(sheet: Any) -> None:
    sheet.cell(2, HEADER.index("titel") + 1, '=CONCATENATE("Kop"," op")')


def test_a_formula_without_an_outcome_is_named(tmp_path: Path) -> None:
    path = changed_book(save_book(tmp_path / "a.xlsx", [row(), row("twee")]), set_formula)
    table = read(path)
    assert [line.cells["id"] for line in table.lines] == ["twee"]
    (problem,) = table.problems
    assert (problem.line, problem.column) == (2, "titel")
    assert problem.value == '=CONCATENATE("Kop"," op")'
    assert "formule zonder uitkomst. Open het bestand in Excel" in problem.message
    assert table.broken == 1


@pytest.mark.parametrize(
    ("outcome", "text"),
    [('t="str"><f>A1</f><v>Kop erbij</v>', "Kop erbij"), ('t="str"><f>A1</f><v></v>', "")],
)
def test_a_formula_counts_by_its_outcome(tmp_path: Path, outcome: str, text: str) -> None:
    path = changed_book(save_book(tmp_path / "a.xlsx", [row()]), set_formula)

    def save_outcome(parts: dict[str, bytes]) -> None:
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        start = sheet.index('<c r="C2"')
        end = sheet.index("</c>", start)
        parts["xl/worksheets/sheet1.xml"] = (
            f'{sheet[:start]}<c r="C2" {outcome}{sheet[end:]}'.encode()
        )

    assert cells(repacked(path, save_outcome))["titel"] == text


# Files that are not opened


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500)
    assert "deze werkmap heeft een wachtwoord. Haal het weg" in refusal(path)


def test_an_old_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(OLE + b"\0" * 1000)
    assert refusal(path) == (
        "dit is een oud Excel-bestand (.xls). Kies in Excel: Opslaan als, Excel-werkmap (.xlsx)"
    )


def test_a_page_that_is_called_xls_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("<html><table><tr><td>id</td></tr></table></html>", "utf-8")
    assert "dit is een webpagina of XML" in refusal(path)


def test_a_workbook_with_macros_is_refused(tmp_path: Path) -> None:
    path = save_book(tmp_path / "a.xlsm", [row()])
    repacked(path, lambda parts: parts.update({"xl/vbaProject.bin": b"Sub Auto_Open()"}))
    assert "bevat macro's en wordt daarom niet geopend" in refusal(path)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("xl/workbook.bin", "binaire werkmap (.xlsb)"),
        ("content.xml", "LibreOffice (.ods)"),
        ("word/document.xml", "document van Word"),
        ("Index/Document.iwa", "bestand van Numbers"),
        ("foto.jpg", "ingepakt bestand (zip), geen werkmap"),
    ],
)
def test_other_packed_files_are_called_by_their_name(
    tmp_path: Path, part: str, message: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed({part: b"x"}))
    assert message in refusal(path)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = save_book(tmp_path / "a.xlsx", [row()])
    repacked(path, lambda parts: parts.update({"xl/media/image1.png": b"\0" * (101 * 1024**2)}))
    assert path.stat().st_size < 1_000_000
    assert "uitgepakt is dit bestand groter dan 100 MB" in refusal(path)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    def laugh(parts: dict[str, bytes]) -> None:
        lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
        start = f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY l0 "lol">{lines}]>'
        name = "xl/worksheets/sheet1.xml"
        sheet = parts[name].decode()
        parts[name] = (
            start + sheet[sheet.index("<worksheet") :].replace("Kop op", "&l8;")
        ).encode()

    path = repacked(save_book(tmp_path / "a.xlsx", [row()]), laugh)
    assert refusal(path).startswith("deze werkmap is beschadigd")
    assert DEFUSEDXML, "the package that refuses entities is not installed"


def test_cells_far_away_cost_nothing(tmp_path: Path) -> None:
    def scatter(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        far = b'<row r="999999999"><c r="ZZZ999999999"><v>1</v></c></row></sheetData>'
        parts[name] = parts[name].replace(b"</sheetData>", far)

    path = repacked(save_book(tmp_path / "a.xlsx", [row()]), scatter)
    assert cells(path)["id"] == "kop-op"


def test_any_damage_gives_the_table_or_a_message(tmp_path: Path) -> None:
    """Bytes of a workbook, packed and unpacked, are turned at random: never an exception."""
    dice = random.Random(3)
    whole = save_book(tmp_path / "a.xlsx", [row(), row("twee")]).read_bytes()
    path = tmp_path / "b.xlsx"
    for _ in range(300):
        if dice.random() < 0.5:
            data = bytearray(whole)
            for _ in range(dice.randint(1, 20)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            path.write_bytes(data[: dice.choice((len(data), dice.randrange(len(data))))])
        else:
            path.write_bytes(whole)
            repacked(path, lambda parts: spoil(parts, dice))
        table = read(path)
        read_listings(table)
        assert table.lines or table.problems
        assert all(problem.message for problem in table.problems)


def spoil(parts: dict[str, bytes], dice: random.Random) -> None:
    name = dice.choice(sorted(parts))
    data = bytearray(parts[name])
    for _ in range(dice.randint(1, 5)):
        data[dice.randrange(len(data))] = dice.choice(b"<>/&\"='0aZ\0\xff")
    parts[name] = bytes(data)
