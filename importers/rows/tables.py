"""Tables in files: bytes to lines of named cells, with the encoding and separator recognised."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from importers.report import Problem, did_you_mean

LONGEST_CELL = 20_000
SEPARATORS = ";,\t"
ZIP, OLD_OFFICE, UTF_16 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", (b"\xff\xfe", b"\xfe\xff")
GARBLED = re.compile("Ã[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|â€|\ufffd")
"""UTF-8 read as Windows-1252 ("Ã©" for "é"), or a sign that was lost."""


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


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Read a file that must have exactly these columns, in any order.

    With a wrong header or an unreadable file there are no lines, only problems.
    """
    text, problems = _decoded(path.read_bytes())
    if problems:
        return Table(problems=problems)
    records = _Records(text, columns)
    header = [name.strip().casefold() for name in next(records, [])]
    problems = _header_problems(header, columns, records.line)
    if problems:
        return Table(problems=problems)
    table = Table()
    for cells in records:
        if any(cell.strip() for cell in cells):
            _add(table, records.line, header, cells)
    if records.failure:
        table.problems.append(records.failure)
        table.broken += 1
    return table


class _Records:
    """The records of a text one by one, with the line at which the last one began."""

    def __init__(self, text: str, columns: Sequence[str]) -> None:
        told = re.match(r"sep=(.)\r?\n", text)
        self._skipped = 1 if told else 0
        text = text[told.end() :] if told else text
        separator = told.group(1) if told else _separator(text, columns)
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        self.line = 1
        self.failure: Problem | None = None

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self.line = self._reader.line_num + 1 + self._skipped
        try:
            return next(self._reader)
        except csv.Error:
            self.failure = Problem(
                self.line,
                "",
                "",
                "deze regel is niet te lezen: er staat een aanhalingsteken te veel of te weinig. "
                "Zet tekst met een aanhalingsteken tussen aanhalingstekens en verdubbel het "
                "teken. De regels hierna zijn niet gelezen",
            )
            raise StopIteration from None


def _add(table: Table, line: int, header: list[str], cells: list[str]) -> None:
    problems = _line_problems(line, header, cells)
    table.problems += problems
    if problems:
        table.broken += 1
    else:
        table.lines.append(Line(line, dict(zip(header, map(str.strip, cells), strict=True))))


def _line_problems(line: int, header: list[str], cells: list[str]) -> list[Problem]:
    if len(cells) != len(header):
        message = (
            f"er staan {len(cells)} cellen op deze regel, het moeten er {len(header)} zijn. "
            "Staat er een scheidingsteken in een tekst? Zet die tekst dan tussen aanhalingstekens"
        )
        return [Problem(line, "", cells[0] if cells else "", message)]
    return [
        Problem(line, column, cell, message)
        for column, cell in zip(header, cells, strict=True)
        if (message := _cell_problem(cell))
    ]


def _cell_problem(cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        return (
            f"deze cel heeft {len(cell)} tekens, hoogstens {LONGEST_CELL} mag. "
            "Ontbreekt er een aanhalingsteken?"
        )
    if GARBLED.search(cell):
        return (
            "letters met accenten zijn hier beschadigd. Bewaar het bestand opnieuw als "
            "CSV UTF-8 en kijk deze tekst na"
        )
    return ""


def _decoded(data: bytes) -> tuple[str, list[Problem]]:
    """The text of a file, or what makes it unreadable."""
    if message := _not_a_table(data):
        return "", [Problem(0, "", "", message)]
    if b"\x00" in data:
        return "", [
            Problem(number, "", "", "hier staat een NUL-teken; dat is geen tekst. Verwijder het")
            for number, line in enumerate(data.split(b"\n"), 1)
            if b"\x00" in line
        ]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        if data.startswith(b"\xef\xbb\xbf"):
            return "", [_undecodable(data, error, "UTF-8")]
    try:
        return data.decode("cp1252"), []
    except UnicodeDecodeError as error:
        return "", [_undecodable(data, error, "UTF-8 of Windows-1252")]


def _undecodable(data: bytes, error: UnicodeDecodeError, name: str) -> Problem:
    line = data.count(b"\n", 0, error.start) + 1
    message = f"hier staat een teken dat geen {name} is. Bewaar het bestand opnieuw als CSV UTF-8"
    return Problem(line, "", "", message)


def _not_a_table(data: bytes) -> str:
    if not data.strip(b"\xef\xbb\xbf \r\n\t"):
        return "het bestand is leeg"
    if data.startswith((ZIP, OLD_OFFICE)):
        return "dit is een Excel-bestand. Kies in Excel: Opslaan als, CSV UTF-8"
    if data.startswith(UTF_16):
        return "dit bestand is bewaard als UTF-16. Bewaar het als CSV UTF-8"
    return ""


def _separator(text: str, columns: Sequence[str]) -> str:
    """The separator that finds most of the columns in the first line."""
    first = text.split("\n", 1)[0].casefold()
    known = set(columns)

    def found(separator: str) -> int:
        return len({name.strip(' "\r') for name in first.split(separator)} & known)

    return max(SEPARATORS, key=found)


def _header_problems(header: list[str], columns: Sequence[str], line: int) -> list[Problem]:
    """What is wrong with the names of the columns: doubled, unknown, missing."""
    missing = [name for name in columns if name not in header]
    doubled = [name for name, times in Counter(header).items() if times > 1]
    unknown = [name for name in dict.fromkeys(header) if name not in columns]
    found = [
        Problem(line, name, "", "deze kolom staat er meer dan één keer; laat er één staan")
        for name in doubled
    ]
    for name in unknown:
        hint = did_you_mean(name, missing) if missing else "verwijder deze kolom"
        found.append(Problem(line, name, "", f"onbekende kolom; {hint}"))
    message = "deze kolom ontbreekt; voeg haar toe, zo nodig leeg"
    return found + [Problem(line, name, "", message) for name in missing]
