"""Writing checked listings by the one door, many together, and counting what that did."""

import gc
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from itertools import islice

import sqlalchemy as sa
from sqlmodel import Session

from importers.report import Problem, Report
from importers.rows.listings import ListingRow
from importers.run.checks import Checked
from socialmap.geo.tree import AreaTree
from socialmap.listings.edits import Author, Editor, Saved

CHUNK = 300
"""So many listings are read and written together."""
GONE = "Staat niet meer in het bestand"
"""Why a listing ended that its file no longer holds."""
Progress = Callable[[int], None]
"""Is told how many more listings have been dealt with."""
COLUMN_OF = {name: str(one.alias) for name, one in ListingRow.model_fields.items()} | {
    "ages_known": "leeftijd_van",
    "min_age_months": "leeftijd_van",
    "max_age_months": "leeftijd_tm",
    "places": "plek",
    "ended_on": "gestopt_op",
    "closed_from": "gestopt_op",
    "closed_until": "tot",
}


class Writer:
    """Writes checked listings by the one door, and counts."""

    def __init__(self, session: Session, tree: AreaTree, author: Author, report: Report) -> None:
        self._session, self._tree, self._author = session, tree, author
        self.report = report
        self._editor = Editor(session, tree, author)
        self.has_erased = False

    def write(self, good: Sequence[Checked], known: Set[str], progress: Progress) -> None:
        """Write in two rounds, since an alternative may stand further on in the file.

        A listing with such an alternative is written without it first; one that is in the
        directory already waits for the second round, so that its history has one step.
        """
        waiting: list[Checked] = []
        incomplete: list[Checked] = []
        for chunk in _chunks(good):
            ready = []
            for one in chunk:
                if self._reduced(one) == one:
                    ready.append(one)
                elif one.values.key in known:
                    waiting.append(one)
                else:
                    ready.append(self._reduced(one))
                    incomplete.append(one)
            self._write_chunk(ready)
            progress(len(chunk))
        for chunk in _chunks(waiting):
            self._write_chunk([self._reduced(one) for one in chunk])
        for chunk in _chunks(incomplete):
            self._write_chunk([self._reduced(one) for one in chunk], is_counted=False)

    def _reduced(self, one: Checked) -> Checked:
        """A listing without the alternatives that are not written yet."""
        return Checked(one.line, self._editor.known_alternatives(one.values))

    def _write_chunk(self, chunk: Sequence[Checked], *, is_counted: bool = True) -> None:
        try:
            saved = self._save(chunk)
        except sa.exc.IntegrityError:
            saved = self._save_one_by_one(chunk)
        for one, outcome in saved:
            self._note(one, outcome, is_counted=is_counted)
        self._editor.preload(())
        gc.collect(1)  # this chunk only; see without_collector

    def _save(self, chunk: Sequence[Checked]) -> list[tuple[Checked, Saved]]:
        with self._session.begin_nested():
            saved = self._editor.save_all([one.values for one in chunk])
            self._session.flush()
        return list(zip(chunk, saved, strict=True))

    def _save_one_by_one(self, chunk: Sequence[Checked]) -> list[tuple[Checked, Saved]]:
        """Find the listings that the database refuses. A new editor forgets what was undone."""
        saved = []
        self._editor = Editor(self._session, self._tree, self._author)
        for one in chunk:
            try:
                saved += self._save([one])
            except sa.exc.IntegrityError as error:
                self._refuse(one, error)
                self._editor = Editor(self._session, self._tree, self._author)
        return saved

    def end_missing(self, key: str) -> Saved:
        """End a listing that its file no longer names, or propose that."""
        saved = self._editor.end_missing(key, GONE)
        self.has_erased |= saved.is_erasure
        return saved

    def _refuse(self, one: Checked, error: sa.exc.IntegrityError) -> None:
        reason = str(error.orig).splitlines()[0]  # PostgreSQL's next line holds the values
        message = f"de database weigert dit: {reason}"
        self.report.problems.append(Problem(one.line, "id", one.values.key, message))
        self.report.wrong += 1

    def _note(self, one: Checked, saved: Saved, *, is_counted: bool) -> None:
        self.has_erased |= saved.is_erasure
        if not is_counted:
            return
        if saved.is_new:
            self.report.created += 1
        elif saved.fields:
            self.report.changed += 1
        else:
            self.report.unchanged += 1
        if saved.proposed:
            self.report.notices.append(_proposal(one, saved))


def _proposal(one: Checked, saved: Saved) -> str:
    columns = ", ".join(sorted({COLUMN_OF.get(name, name) for name in saved.proposed}))
    return (
        f"regel {one.line}, {one.values.key}: {columns} is intussen gewijzigd, met de hand of door "
        "een ander bestand, en blijft zo; wat dit bestand zegt, is voorgesteld"
    )


@contextmanager
def without_collector() -> Iterator[None]:
    """Without the garbage collector, which would walk all rows of a file again and again and
    take half of the time. Each chunk is collected when it has been written."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _chunks(items: Sequence[Checked]) -> Iterator[list[Checked]]:
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
