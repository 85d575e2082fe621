"""Exporting: the directory as CSV or Excel, so that importing it again changes nothing."""

import csv
import io
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlmodel import Session, select

from importers.rows.listings import COLUMNS as READ
from importers.rows.tables import read_table
from socialmap.config import DATA
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.listings.export import as_csv, first_age, last_age, rows
from socialmap.listings.files import COLUMNS, as_meant, disarmed
from socialmap.listings.find import all_values
from socialmap.listings.values import ListingValues
from socialmap.listings.workbook import save_workbook
from socialmap.models import Change, Listing, Outbox
from socialmap.models.terms import Status
from tests.factories import SECRET, SOMEWHERE_IN_VOLEWIJCK, VAN_DER_PEK, listing, save
from tests.importers.rows import HEADER, contents, counts, load
from tests.importers.workbooks import cell_of, changed_book

pytestmark = pytest.mark.pages

HOSTILE = ("=1+1", "+31 20", "-punt", "@naam", "\ttab", "\rregel", "'=1", "''@")
HARMLESS = ("'s Gravenhekje", "'t Schaffie", "1+1", "a=b", "", "'", "''")


@pytest.fixture
def tree(engine: sa.Engine) -> AreaTree:
    with Session(engine) as session:
        return area_tree(session)


def exported(engine: sa.Engine, path: Path) -> Path:
    """The whole directory in a file; a name that ends in .xlsx makes it a workbook."""
    with Session(engine) as session:
        lines = rows(list(all_values(session)), area_tree(session))
        if path.suffix == ".xlsx":
            save_workbook(path, lines)
        else:
            path.write_bytes("".join(as_csv(lines)).encode())
    return path


def cells_of(values: ListingValues, tree: AreaTree) -> list[dict[str, str]]:
    """The lines of a CSV file with one listing, as another program reads them."""
    text = "".join(as_csv(rows([values], tree))).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


# Columns and cells


def test_the_columns_are_those_that_are_read() -> None:
    assert COLUMNS == HEADER
    assert sorted(COLUMNS) == sorted(READ)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_that_runs_is_disarmed(text: str) -> None:
    assert disarmed(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert (disarmed(text), as_meant(text)) == (text, text)


@given(st.text(st.sampled_from("'=+-@\t\rab ")))
def test_importing_strips_exactly_what_exporting_added(text: str) -> None:
    assert as_meant(disarmed(text)) == text


@pytest.mark.parametrize("months", [None, *range(300)])
def test_every_age_is_read_as_it_was(months: int | None) -> None:
    from importers.rows.cells import age

    def written(cell: object) -> str:
        return "" if cell is None else str(cell).replace(".", ",")

    assert age(written(first_age(months))).first_month == months
    assert age(written(last_age(months))).last_month == months


def test_numbers_have_a_decimal_comma_and_days_a_year_first(tree: AreaTree) -> None:
    values = listing(min_age_months=6, weeks=3, room="vol", reported_on=date(2026, 11, 2))
    (cells,) = cells_of(values, tree)
    assert (cells["lat"], cells["lon"]) == ("52,3872", "4,9108")
    assert (cells["leeftijd_van"], cells["leeftijd_tm"], cells["wachtweken"]) == ("0,5", "16", "3")
    assert (cells["gemeld_op"], cells["gecontroleerd_op"]) == ("2026-11-02", "2026-11-03")
    assert cells["werkgebied"] == "stadsdeel:N"


def test_a_further_place_is_a_row_with_only_its_id_and_place(tree: AreaTree) -> None:
    values = listing(places=[VAN_DER_PEK, SOMEWHERE_IN_VOLEWIJCK])
    first, second = cells_of(values, tree)
    assert (first["plek"], first["zichtbaarheid"]) == ("OBA Van der Pek", "exact")
    told = {column: cell for column, cell in second.items() if cell}
    assert told == {"id": "kop-op", "buurt": "NK", "zichtbaarheid": "gebied"}


def test_a_protected_place_has_no_details(tree: AreaTree) -> None:
    (cells,) = cells_of(listing(places=[SECRET]), tree)
    told = {name: cells[name] for name in COLUMNS[COLUMNS.index("plek") :][:8]}
    assert {name for name, cell in told.items() if cell} == {"zichtbaarheid"}
    assert told["zichtbaarheid"] == "verborgen"


# Round trips


def hard_listings() -> Iterator[ListingValues]:
    """Listings with what is hard to say in a file."""
    morning, evening = {"weekday": "ma", "part": "ochtend"}, {"weekday": "wo", "part": "avond"}
    spring = {"from_on": date(2027, 1, 4), "until_on": date(2027, 4, 5)}
    autumn = {"from_on": date(2027, 9, 6)}
    clock = {"starts_at": time(9, 5), "ends_at": time(11, 0)}
    yield listing("met-tijden", sessions=[{**morning, **clock, **spring}, {**evening, **spring}])
    yield listing("eigen-dagen", sessions=[{**morning, **clock, **spring}, {**evening, **autumn}])
    yield listing("een-begin", sessions=[{**evening, "starts_at": time(19, 30)}, {**morning}])
    shut = {"status": "closed", "closed_from": date(2026, 12, 1), "closed_until": date(2027, 1, 8)}
    yield listing("dicht", sessions=[{**morning, **autumn}], **shut)
    yield listing("dicht-met-eind", sessions=[{**morning, **spring}], **shut)
    yield listing("dicht-onbepaald", status="closed")
    yield listing("concept", status="draft", confirmed_on=None, review_months=12)
    yield listing("ingetrokken", status="withdrawn")
    yield listing("zonder-plek", places=[], coverage=["stad", "buiten", "NK", "NK01"])
    yield listing("twee-plekken", places=[VAN_DER_PEK, SOMEWHERE_IN_VOLEWIJCK])
    yield listing("geheim", places=[SECRET])
    no_ages = {"ages_known": False, "min_age_months": None, "max_age_months": None}
    yield listing("een-plek", kind="place", provider=None, **no_ages)
    yield listing("baby", min_age_months=0, max_age_months=12, ages_known=True)
    yield listing("maanden", min_age_months=7, max_age_months=31)
    yield listing(
        "vijandig",
        title="=HYPERLINK(1)",
        phone="+31 20 000 0011",
        summary="-regel één\n-regel \"twee\"; 'en' = drie",
        description="@iedereen | \u202e“krullen” \u00a0 <b>dik</b> ${x} #N/B?",
        steps="Bel ons\nKom langs",
        contact="ilse-brandsma",
        reason="+",
    )
    ended = {"status": "ended", "ended_on": date(2026, 10, 1), "reason": "Geen subsidie meer."}
    yield listing("gestopt", **ended, alternatives=["met-tijden", "zonder-plek"])


@pytest.mark.parametrize("name", ["uit.csv", "uit.xlsx"])
def test_a_round_trip_changes_nothing(engine: sa.Engine, tmp_path: Path, name: str) -> None:
    load(engine, DATA / "providers.csv")
    save(engine, *hard_listings())
    with Session(engine) as session:
        before = list(all_values(session))
        changes, waiting = (len(session.exec(select(table)).all()) for table in (Change, Outbox))
    path = exported(engine, tmp_path / name)
    report = load(engine, path)
    assert report.problems == []
    assert counts(report) == (0, 0, len(before), 0)
    with Session(engine) as session:
        assert list(all_values(session)) == before
        assert len(session.exec(select(Change)).all()) == changes
        assert len(session.exec(select(Outbox)).all()) == waiting
    same = contents(engine)
    load(engine, path)
    assert contents(engine) == same
    assert exported(engine, tmp_path / "weer.csv").read_bytes() == (
        exported(engine, tmp_path / "en-weer.csv").read_bytes()
    )


@pytest.mark.parametrize("name", ["uit.csv", "uit.xlsx"])
def test_an_export_makes_the_same_directory_elsewhere(
    engine: sa.Engine, tmp_path: Path, name: str
) -> None:
    save(engine, *hard_listings())
    path = exported(engine, tmp_path / name)
    with Session(engine) as session:
        before = list(all_values(session))
        for one in session.exec(select(Listing)):
            session.delete(one)
        session.commit()
    assert load(engine, path).created == len(before)
    with Session(engine) as session:
        assert list(all_values(session)) == before


def test_a_workbook_is_exported_edited_damaged_and_imported(
    engine: sa.Engine, tmp_path: Path
) -> None:
    load(engine, DATA / "providers.csv")
    path = exported(engine, tmp_path / "gids.xlsx")

    def edit(sheet: Any) -> None:
        cell_of(sheet, "oba-banne", "titel").value = "OBA Banne Buiksloot"
        cell_of(sheet, "oba-banne", "gecontroleerd_op").value = date(2026, 11, 20)
        cell_of(sheet, "oba-ijburg", "huisnummer").value = 81

    report = load(engine, changed_book(path, edit))
    assert (report.problems, report.changed, report.created) == ([], 2, 0)
    with Session(engine) as session:
        found = {one.key: one for one in all_values(session)}
    assert found["oba-banne"].title == "OBA Banne Buiksloot"
    assert found["oba-banne"].confirmed_on == date(2026, 11, 20)
    assert found["oba-ijburg"].places[0].house_number == "81"

    def damage(sheet: Any) -> None:
        cell_of(sheet, "oba-banne", "huisnummer").value = date(2026, 12, 4)
        cell_of(sheet, "oba-ijburg", "postcode").value = 1087
        cell_of(sheet, "oba-javaplein", "lat").value = 5236416

    before = contents(engine)
    report = load(engine, changed_book(path, damage))
    assert sorted((one.column, one.value) for one in report.problems) == [
        ("huisnummer", "2026-12-04"),
        ("lat", "5236416"),
        ("postcode", "1087"),
    ]
    assert not report.is_saved
    assert contents(engine) == before


# The workbook


def test_a_workbook_has_days_as_days_and_codes_as_text(engine: sa.Engine, tmp_path: Path) -> None:
    save(engine, listing(phone="+31 20 000 0011", title="=1+1"))
    sheet = load_workbook(exported(engine, tmp_path / "uit.xlsx")).worksheets[0]
    assert [cell.value for cell in sheet[1]] == COLUMNS
    checked = cell_of(sheet, "kop-op", "gecontroleerd_op")
    assert (checked.is_date, checked.number_format) == (True, "d-m-yyyy")
    for column in ("id", "huisnummer", "postcode", "telefoon"):
        cell = cell_of(sheet, "kop-op", column)
        assert (cell.data_type, cell.number_format) == ("s", "@")
    assert cell_of(sheet, "kop-op", "lat").value == 52.3872
    assert cell_of(sheet, "kop-op", "telefoon").value == "'+31 20 000 0011"
    assert cell_of(sheet, "kop-op", "titel").value == "'=1+1"
    assert not [cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert sheet.freeze_panes == "D2"


def test_what_is_typed_in_an_empty_row_of_a_workbook_stays_text(
    engine: sa.Engine, tmp_path: Path
) -> None:
    save(engine, listing())
    sheet = load_workbook(exported(engine, tmp_path / "uit.xlsx")).worksheets[0]
    letter = cell_of(sheet, "kop-op", "huisnummer").column_letter
    assert sheet.column_dimensions[letter].number_format == "@"


def test_every_status_is_exported(engine: sa.Engine, tmp_path: Path) -> None:
    save(engine, *hard_listings())
    table = read_table(exported(engine, tmp_path / "uit.csv"), READ)
    words = {line.cells["status"] for line in table.lines} - {""}
    assert len(words) == len(Status) - 1  # all but onzeker
