"""Excel workbooks: bytes to records, with each cell as the text that a CSV file would hold."""

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from importers.report import Problem
from importers.rows.records import (
    HEADER_WITHIN,
    Record,
    Records,
    header_at,
    known_names,
    unreadable,
)
from socialmap.labels import listed

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""A stream of a workbook with a password (MS-OFFCRYPTO 1.3.2)."""
LARGEST_UNPACKED = 100 * 1024 * 1024
LAST_ROW, LAST_COLUMN = 1_048_576, 100
"""Excel has no row beyond this one, and no file of ours a column."""
FORMULA, TEXT = "f", "str"
"""Types of cells; a formula whose outcome is text may well come to nothing."""
MIDNIGHT = time()
Row = tuple[int, Sequence[Any]]
"""The number of a row, and its cells."""
SAVE_AS = "Kies in Excel: Opslaan als, Excel-werkmap (.xlsx)"
DAMAGED = "deze werkmap is beschadigd en niet te lezen. Open haar in Excel en bewaar haar opnieuw"
NO_RESULT = (
    "hier staat een formule zonder uitkomst. Open het bestand in Excel en bewaar het opnieuw, of "
    "typ hier zelf de waarde"
)
KINDS = {
    "xl/workbook.xml": "",
    "xl/workbook.bin": f"dit is een binaire werkmap (.xlsb). {SAVE_AS}",
    "content.xml": f"dit is een bestand van LibreOffice (.ods). {SAVE_AS}",
    "word/document.xml": "dit is een document van Word. Zet de vermeldingen in een werkmap",
    "Index/Document.iwa": "dit is een bestand van Numbers. Kies: Exporteer, Excel",
}
"""What a packed file is, by a part that it holds; nothing is wrong with the first."""
MACROS = ("xl/vbaProject.bin", "xl/macrosheets/")


def is_workbook(data: bytes) -> bool:
    """Is this a packed or an old Office file, readable or not?"""
    return data.startswith((ZIP, OLE))


def read_workbook(data: bytes, columns: Sequence[str]) -> Records:
    """The records of the first sheet with these columns; formulas by their last outcome."""
    if message := _refusal(data):
        return unreadable(message)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of looks that are not read here
        try:
            return _read(data, set(columns))
        except Exception:  # whatever the damage leads the library to
            return unreadable(DAMAGED)


def _refusal(data: bytes) -> str:
    """Why a file is not unpacked at all, or nothing."""
    if data.startswith(OLE):
        if ENCRYPTED in data:
            return "deze werkmap heeft een wachtwoord. Haal het weg: Bestand, Info, Beveiligen"
        return f"dit is een oud Excel-bestand (.xls). {SAVE_AS}"
    try:
        parts = ZipFile(BytesIO(data)).infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return DAMAGED
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        return "dit bestand heeft een wachtwoord. Bewaar het zonder wachtwoord"
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        return (
            f"uitgepakt is dit bestand groter dan {LARGEST_UNPACKED // 1024**2} MB; dat is geen "
            "gewone werkmap. Bewaar de vermeldingen als CSV UTF-8"
        )
    if any(name.startswith(MACROS) for name in names):
        return f"deze werkmap bevat macro's en wordt daarom niet geopend. {SAVE_AS}, zonder macro's"
    other = f"dit is een ingepakt bestand (zip), geen werkmap. {SAVE_AS}"
    return next((message for name, message in KINDS.items() if name in names), other)


def _read(data: bytes, columns: set[str]) -> Records:
    sheets = _open(data, data_only=False).worksheets
    starts = [(list(_rows(sheet, HEADER_WITHIN)), sheet) for sheet in sheets]
    starts = [(start, sheet) for start, sheet in starts if start]
    if not starts:
        return unreadable("deze werkmap is leeg")
    known = [_known(start, columns) for start, _ in starts]
    start, sheet = starts[known.index(max(known))]
    first = start[header_at([_texts(row) for _, row in start], columns)][0]
    rows = [(line, row) for line, row in _rows(sheet) if line >= first]
    found = _settled(rows, _outcomes(data, str(sheet.title), rows))
    others = [f'"{one.title}"' for _, one in starts if one is not sheet]
    if others:
        found.notices.append(f'gelezen is blad "{sheet.title}"; niet gelezen: {listed(others)}')
    return found


def _known(start: list[Row], columns: set[str]) -> int:
    """How many of our columns a sheet names in one of its first rows."""
    return max(known_names(_texts(row), columns) for _, row in start)


def _open(data: bytes, *, data_only: bool) -> Any:
    return load_workbook(BytesIO(data), read_only=True, data_only=data_only, keep_links=False)


def _rows(sheet: Any, last: int = LAST_ROW) -> Iterator[Row]:
    """The rows that are not empty, with their numbers."""
    empty: Sequence[Any] | None = None
    rows = sheet.iter_rows(min_row=1, max_row=last, max_col=LAST_COLUMN)
    for line, row in enumerate(rows, 1):
        if row is empty:
            continue  # rows that are left out of the file are all one and the same
        if all(cell.value is None for cell in row):
            empty = row
        else:
            yield line, row


def _outcomes(data: bytes, title: str, rows: list[Row]) -> dict[int, Sequence[Any]]:
    """The rows that hold formulas, with what these came to when the file was saved."""
    lines = {line for line, row in rows if any(cell.data_type == FORMULA for cell in row)}
    if not lines:
        return {}
    sheet = _open(data, data_only=True)[title]
    every = sheet.iter_rows(min_row=1, max_row=max(lines), max_col=LAST_COLUMN)
    return {line: row for line, row in enumerate(every, 1) if line in lines}


def _settled(rows: list[Row], outcomes: dict[int, Sequence[Any]]) -> Records:
    """The rows as text, without those of which a formula has no outcome."""
    found = Records()
    names = _texts(rows[0][1])
    for line, row in rows:
        settled = outcomes.get(line, row)
        problems = [
            Problem(line, names[at] or get_column_letter(at + 1), str(cell.value), NO_RESULT)
            for at, (cell, outcome) in enumerate(zip(row, settled, strict=True))
            if cell.data_type == FORMULA and outcome.value is None and outcome.data_type != TEXT
        ]
        if problems:
            found.problems += problems
            found.broken += 1
        else:
            found.records.append(Record(line, _texts(settled)))
    return found


def _texts(row: Sequence[Any]) -> list[str]:
    return [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """What a cell says, as a CSV file would say it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        at = value.time()
        return f"{value:%Y-%m-%d}" if at == MIDNIGHT else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value).replace("_x000D_", "")  # how Excel writes half of a line end
