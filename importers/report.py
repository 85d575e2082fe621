"""What an import found and did: problems with line, column, value and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

LONGEST_VALUE = 60
LONGEST_LIST = 30
LARGEST_SEARCH = 5000


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong. `line` counts from 1 as an editor does; 0 is the file as a whole."""

    line: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        """`regel 12, kolom vormen, "groepp": …`, without signs that upset a terminal."""
        where = f"regel {self.line}" if self.line else "bestand"
        if self.column:
            where += f", kolom {self.column}"
        if self.value:
            where += f', "{_shown(self.value)}"'
        return f"{where}: {self.message}"


@dataclass
class Report:
    """The outcome of one import, saved or not."""

    file_name: str
    is_saved: bool = False
    created: int = 0
    changed: int = 0
    ended: int = 0
    """Not in the file any more."""
    unchanged: int = 0
    wrong: int = 0
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    number: int | None = None
    """By which a saved import can be undone; None when there is nothing to undo."""

    def summary(self) -> str:
        """One line: `3 nieuw, 1 gewijzigd, 532 ongewijzigd, 0 fout.`, and whether it was saved."""
        ended = f"{self.ended} gestopt, " if self.ended else ""
        counts = (
            f"{self.file_name}: {self.created} nieuw, {self.changed} gewijzigd, {ended}"
            f"{self.unchanged} ongewijzigd, {self.wrong} fout."
        )
        if self.number:
            return f"{counts} Bewaard als import {self.number}."
        if self.is_saved:
            return f"{counts} Bewaard."
        return f"{counts} Er is niets bewaard."


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """What would be right: the nearest known word and, where the list is short, the whole list."""
    words = list(known)
    near = _nearest(value, words)
    said = f'bedoelt u "{near}"?' if near else ""
    if len(words) > LONGEST_LIST:
        return said or "controleer hoe het geschreven wordt"
    return f"{said} Mogelijk: {', '.join(words)}".strip()


def _nearest(value: str, words: list[str]) -> str | None:
    """The word most like `value`, whatever its capitals; a very long list is not searched."""
    if len(words) > LARGEST_SEARCH:
        return None
    by_folded = {word.casefold(): word for word in words}
    near = get_close_matches(value.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def _shown(value: str) -> str:
    """A value short enough for one line, with unprintable signs written out."""
    plain = "".join(sign if sign.isprintable() else " " for sign in value)
    return plain if len(plain) <= LONGEST_VALUE else plain[: LONGEST_VALUE - 1] + "…"
