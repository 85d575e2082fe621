"""Text files with a separator: bytes to records, with encoding and separator recognised."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from importers.report import Problem
from importers.rows.records import (
    HEADER_WITHIN,
    Record,
    Records,
    header_at,
    known_names,
    unreadable,
)

SEPARATORS = ";,\t"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ODD_QUOTE = (
    "deze regel is niet te lezen: er staat een aanhalingsteken te veel of te weinig. Zet tekst met "
    "een aanhalingsteken tussen aanhalingstekens en verdubbel het teken. De regels hierna zijn "
    "niet gelezen"
)


def read_delimited(data: bytes, columns: Sequence[str]) -> Records:
    """The records of a text file with one of three separators."""
    text, problems = _decoded(data)
    if problems:
        return Records(problems=problems)
    source = _Reader(text, set(columns))
    records = list(source)
    found = Records(records[header_at([record.cells for record in records], set(columns)) :])
    if source.failure:
        found.problems.append(source.failure)
        found.broken = 1
    return found


class _Reader:
    """The records of a text one by one, with the line at which each began."""

    def __init__(self, text: str, columns: set[str]) -> None:
        told = re.match(r"sep=(.)\r?\n", text)
        self._skipped = 1 if told else 0
        text = text[told.end() :] if told else text
        separator = told.group(1) if told else _separator(text, columns)
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        self.failure: Problem | None = None

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        line = self._reader.line_num + 1 + self._skipped
        try:
            return Record(line, next(self._reader))
        except csv.Error:
            self.failure = Problem(line, "", "", ODD_QUOTE)
            raise StopIteration from None


def _decoded(data: bytes) -> tuple[str, list[Problem]]:
    """The text of a file, or what makes it unreadable."""
    if data.startswith(UTF_16):
        message = "dit bestand is bewaard als UTF-16. Bewaar het als CSV UTF-8"
        return "", unreadable(message).problems
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        message = (
            "dit is een webpagina of XML, ook al heet het misschien .xls of .csv. Open het in "
            "Excel en kies: Opslaan als, Excel-werkmap (.xlsx)"
        )
        return "", unreadable(message).problems
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


def _separator(text: str, columns: set[str]) -> str:
    """The separator that finds most of the columns in one of the first lines."""
    lines = text.replace('"', "").split("\n", HEADER_WITHIN)[:HEADER_WITHIN]

    def found(separator: str) -> int:
        return max(known_names(line.split(separator), columns) for line in lines)

    return max(SEPARATORS, key=found)
