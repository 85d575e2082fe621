"""Listings as an Excel workbook: days are days, and what Excel would spoil is text."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from socialmap.listings.export import Cell, Row
from socialmap.listings.files import COLUMNS, disarmed

TITLE = "Vermeldingen"
TEXT, DAY = "@", "d-m-yyyy"
"""Formats of Excel; what is typed in a cell of text stays as it was typed."""
AS_TEXT = frozenset(
    "id huisnummer postcode telefoon buurt tijden contact contact_reserve alternatieven".split()
)
"""Columns in which Excel would see days and numbers: `4-12`, `020 000 0012`."""
WIDE = {"titel": 36, "samenvatting": 50, "beschrijving": 50, "id": 28, "aanbieder": 28}
USUAL_WIDTH = 16
LEFT_IN_VIEW = "D2"
"""The cell that stays left and on top while scrolling: after id, soort and titel."""


def save_workbook(path: Path, rows: Iterable[Row]) -> None:
    """Write these rows to an .xlsx file; raises OSError."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(TITLE)
    sheet.freeze_panes = LEFT_IN_VIEW
    for at, column in enumerate(COLUMNS, 1):
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width = WIDE.get(column, USUAL_WIDTH)
        if column in AS_TEXT:
            dimension.number_format = TEXT
    sheet.append([_heading(sheet, column) for column in COLUMNS])
    for row in rows:
        sheet.append([_cell(sheet, column, row[column]) for column in COLUMNS])
    book.save(path)


def _heading(sheet: Any, column: str) -> Any:
    cell = WriteOnlyCell(sheet, column)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, column: str, value: Cell) -> Any:
    if value == "" and column not in AS_TEXT:
        return None
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = DAY
    elif isinstance(value, str):
        cell = WriteOnlyCell(sheet, disarmed(value))
        cell.data_type = "s"
        if column in AS_TEXT:
            cell.number_format = TEXT
    else:
        cell = WriteOnlyCell(sheet, value)
    return cell
