"""Tables that read well in a terminal and can be pasted in a note (Markdown)."""

from collections.abc import Sequence


class Table:
    """A table whose rows are printed one by one, as they come."""

    def __init__(self, header: Sequence[str], first: int = 34, others: int = 12) -> None:
        """`first` and `others` are the least widths of the first column and of the others."""
        self._widths = [max(first, len(header[0]))]
        self._widths += [max(others, len(name)) for name in header[1:]]
        self.row(header)
        rules = ["-" * self._widths[0], *("-" * (width - 1) + ":" for width in self._widths[1:])]
        self.row(rules)

    def row(self, cells: Sequence[str]) -> None:
        """Print a row: the first cell to the left, the others to the right."""
        first, *others = zip(cells, self._widths, strict=True)
        parts = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        print(f"| {' | '.join(parts)} |", flush=True)


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a whole table, as narrow as it can be."""
    table = Table(header, first=max(len(row[0]) for row in rows), others=5)
    for row in rows:
        table.row(row)
