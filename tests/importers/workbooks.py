"""Workbooks to import: as people's Excel has them, whole or damaged."""

import zipfile
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.importers.rows import HEADER

Cells = Mapping[str, Any]


def save_book(path: Path, rows: Iterable[Cells], *, sheet: str = "Blad1") -> Path:
    """Write rows of typed cells to a workbook with our header; an empty text is no cell."""
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append(HEADER)
    for row in rows:
        page.append([row.get(column, "") if row.get(column) != "" else None for column in HEADER])
    book.save(path)
    return path


def changed_book(path: Path, change: Callable[[Any], None]) -> Path:
    """Change the first sheet of a workbook as somebody would, and keep it."""
    book = load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def cell_of(sheet: Any, key: str, column: str) -> Any:
    """The cell of a listing in a column, by the id of its first row."""
    names = [cell.value for cell in sheet[1]]
    line = next(row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value == key)
    return sheet.cell(line, names.index(column) + 1)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip file of these parts."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def repacked(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Change the parts of a packed file."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    path.write_bytes(packed(parts))
    return path
