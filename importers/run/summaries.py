"""Loading summaries.csv: listings that are there, in other languages; all or nothing."""

from pathlib import Path

from sqlmodel import Session

from importers.report import Problem, Report
from importers.rows.listings import read_row
from importers.rows.summaries import SUMMARY_COLUMNS, SummaryRow
from importers.rows.tables import Line, read_table
from socialmap.listings.edits import Author
from socialmap.listings.find import listings_by_key
from socialmap.listings.summaries import Written, save_summary
from socialmap.models import Listing
from socialmap.models.terms import Language


def load_summaries(session: Session, path: Path, author: Author) -> Report:
    """Keep the summaries of a file, unless something in it is wrong. The caller commits."""
    report, rows = Report(path.name), list[SummaryRow]()
    table = read_table(path, SUMMARY_COLUMNS)
    report.problems += table.problems
    known = listings_by_key(session, [line.cells["id"] for line in table.lines])
    seen: dict[tuple[str, Language], int] = {}
    for line in table.lines:
        row, problems = read_row(SummaryRow, line)
        report.problems += problems or _unfit(line, row, known, seen)
        rows += [row] if row else []
    report.problems.sort()
    report.wrong = len({problem.line for problem in report.problems})
    if not report.problems:
        saved = [save_summary(session, known[row.key], *_told(row), author) for row in rows]
        report.created, report.unchanged = saved.count(True), saved.count(False)
        report.is_saved = True
    return report


def _told(row: SummaryRow) -> tuple[Language, Written]:
    written = Written(row.text, row.written_by, row.written_on, bool(row.is_example))
    return row.language, written


def _unfit(
    line: Line,
    row: SummaryRow | None,
    known: dict[str, Listing],
    seen: dict[tuple[str, Language], int],
) -> list[Problem]:
    """What of a row that can be read does not fit the directory, or the rows before it."""
    if row is None:
        return []
    broken = list(row.broken_rules())
    if row.key not in known:
        broken.append(("id", "dit id kennen wij niet; neem het over uit providers.csv"))
    first = seen.setdefault((row.key, row.language), line.number)
    if first != line.number:
        broken.append(("taal", f"deze taal staat voor dit id ook op regel {first}; kies er een"))
    return [Problem(line.number, column, line.cells[column], why) for column, why in broken]
