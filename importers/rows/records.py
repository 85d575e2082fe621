"""What a file holds before its columns have a meaning: lines of cells, from any format."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from importers.report import Problem

HEADER_WITHIN = 20
"""The header is one of the first lines; above it there may be a title."""


class Record(NamedTuple):
    """One line of a file: where it starts (1 is the first, as an editor counts) and its cells."""

    line: int
    cells: list[str]


@dataclass
class Records:
    """The lines of a file, the header first, and what is wrong with the others."""

    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    broken: int = 0
    """How many lines could not be read."""
    notices: list[str] = field(default_factory=list)


def unreadable(message: str) -> Records:
    """A file that can't be read at all, and why."""
    return Records(problems=[Problem(0, "", "", message)])


def header_at(lines: Sequence[Sequence[str]], columns: Set[str]) -> int:
    """Which of these lines is the header: the one that names most of the columns; the first
    when none names a third of them."""
    known = [known_names(cells, columns) for cells in lines[:HEADER_WITHIN]]
    best = max(known, default=0)
    return known.index(best) if best * 3 >= len(columns) else 0


def known_names(cells: Sequence[str], columns: Set[str]) -> int:
    """How many of the columns these cells name."""
    return len({name_of(cell) for cell in cells} & columns)


def name_of(cell: str) -> str:
    """The name of a column as it stands in a header."""
    return " ".join(cell.strip("\ufeff").split()).casefold()
