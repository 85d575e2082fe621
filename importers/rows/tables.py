"""Tables in files, CSV or Excel: bytes to lines of named cells, with every loss named."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.utils import get_column_letter

from importers.report import Problem, did_you_mean
from importers.rows.damage import CURLY, lost_text
from importers.rows.delimited import SEPARATORS, read_delimited
from importers.rows.records import Record, Records, known_names, name_of, unreadable
from importers.rows.workbooks import is_workbook, read_workbook
from socialmap.listings.files import as_meant

LONGEST_CELL = 20_000
NO_NAME = (
    "deze kolom heeft geen naam. Zijn er in de kop cellen samengevoegd? Splits ze en geef elke "
    "kolom haar eigen naam"
)
ONE_COLUMN = (
    "alle kolommen staan samen in één kolom. Open het bestand in Excel met Gegevens, Uit "
    "tekst/CSV, kies het scheidingsteken (puntkomma of komma) en bewaar het opnieuw"
)


@dataclass(frozen=True)
class Line:
    """One line of a table: where it starts in the file, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass
class Table:
    """The lines of a file that are whole, and what is wrong with the others."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    broken: int = 0
    """How many lines could not be read at all."""
    notices: list[str] = field(default_factory=list)


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Read a file that must have exactly these columns, in any order.

    With a wrong header or an unreadable file there are no lines, only problems.
    """
    found = _records(path.read_bytes(), columns)
    if not found.records:
        return Table(problems=found.problems, broken=found.broken)
    header, *rows = found.records
    names, problems = _named(header, rows)
    problems = problems or _header_problems(header, [name for _, name in names], columns)
    if problems:
        return Table(problems=problems)
    table = Table(problems=found.problems, broken=found.broken, notices=found.notices)
    for row in rows:
        if any(cell.strip() for cell in row.cells):
            _add(table, names, row)
    return table


def _records(data: bytes, columns: Sequence[str]) -> Records:
    if not data.strip(b"\xef\xbb\xbf \r\n\t"):
        return unreadable("het bestand is leeg")
    read = read_workbook if is_workbook(data) else read_delimited
    return read(data, columns)


# The header

Names = list[tuple[int, str]]
"""Where the columns stand, and their names."""


def _named(header: Record, rows: Sequence[Record]) -> tuple[Names, list[Problem]]:
    """The columns with a name; those without are left out when they are empty."""
    names = list(enumerate(map(name_of, header.cells)))
    while names and not names[-1][1]:
        names.pop()
    problems = [
        Problem(header.line, get_column_letter(at + 1), "", NO_NAME)
        for at, name in names
        if not name and any("".join(row.cells[at : at + 1]).strip() for row in rows)
    ]
    return [(at, name) for at, name in names if name], problems


def _header_problems(header: Record, names: Sequence[str], columns: Sequence[str]) -> list[Problem]:
    """What is wrong with the names of the columns: doubled, unknown, missing."""
    if len(names) == 1 < len(columns) and _is_whole_header(names[0], columns):
        return [Problem(header.line, "", names[0], ONE_COLUMN)]
    if not known_names(list(names), set(columns)):
        message = (
            "dit is geen kop met onze kolommen. De eerste regel moet beginnen met "
            f"{';'.join(columns[:4])}…"
        )
        return [Problem(header.line, "", ";".join(names), message)]
    missing = [name for name in columns if name not in names]
    doubled = [name for name, times in Counter(names).items() if times > 1]
    unknown = [name for name in dict.fromkeys(names) if name not in columns]
    found = [
        Problem(header.line, name, "", "deze kolom staat er meer dan één keer; laat er één staan")
        for name in doubled
    ]
    for name in unknown:
        hint = did_you_mean(name, missing) if missing else "verwijder deze kolom"
        found.append(Problem(header.line, name, "", f"onbekende kolom; {hint}"))
    message = "deze kolom ontbreekt; voeg haar toe, zo nodig leeg"
    return found + [Problem(header.line, name, "", message) for name in missing]


def _is_whole_header(cell: str, columns: Sequence[str]) -> bool:
    """Does one cell hold several names of columns, with their separators?"""
    return any(known_names(cell.split(sign), set(columns)) > 1 for sign in SEPARATORS)


# The lines


def _add(table: Table, names: Names, row: Record) -> None:
    problems = _line_problems(names, row)
    table.problems += problems
    if problems:
        table.broken += 1
    else:
        cells = {name: as_meant(row.cells[at].strip()) for at, name in names}
        table.lines.append(Line(row.line, cells))


def _line_problems(names: Names, row: Record) -> list[Problem]:
    width = names[-1][0] + 1
    beyond = [at for at, cell in enumerate(row.cells) if at >= width and cell.strip()]
    if len(row.cells) < width or beyond:
        first = row.cells[0] if row.cells else ""
        count = beyond[-1] + 1 if beyond else len(row.cells)
        return [Problem(row.line, "", first, _wrong_count(row, count, width))]
    return [
        Problem(row.line, name, row.cells[at], message)
        for at, name in names
        if (message := _cell_problem(row.cells[at]))
    ]


def _wrong_count(row: Record, count: int, width: int) -> str:
    """Why a line may have so many cells."""
    if count == 1 and any(row.cells[0].count(sign) > 1 for sign in SEPARATORS):
        return f"deze hele regel staat in één cel: {ONE_COLUMN}"
    told = f"er staan {count} cellen op deze regel, het moeten er {width} zijn. "
    if any(CURLY.search(cell) for cell in row.cells):
        return told + (
            "Er staan gekrulde aanhalingstekens (“ ”) in; zet om een tekst met een scheidingsteken "
            'rechte aanhalingstekens (")'
        )
    return told + (
        "Staat er een scheidingsteken in een tekst? Zet die tekst dan tussen aanhalingstekens"
    )


def _cell_problem(cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        return (
            f"deze cel heeft {len(cell)} tekens, hoogstens {LONGEST_CELL} mag. "
            "Ontbreekt er een aanhalingsteken?"
        )
    return lost_text(cell.strip())
