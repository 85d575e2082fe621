"""The Whoosh index on disk: made from the tables, fed from the outbox, thrown away when broken."""

import json
import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlmodel import Session, col, delete, select
from whoosh import writing
from whoosh.filedb.filestore import FileStorage

from socialmap.geo.tree import area_tree
from socialmap.models import Listing, Outbox, Theme
from socialmap.search.index.document import Themes, document
from socialmap.search.index.schema import FORMAT, make_schema

log = logging.getLogger(__name__)
BATCH = 500
LOCK_SECONDS = 120.0
OPENING_ATTEMPTS = 20
MEGABYTES = 128


class IndexStore:
    """The folder with the index. One process writes at a time, held by a file lock; a second
    Whoosh writer would fail (SEARCH.md)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._format_file = folder / "format.json"
        self._lock_file = folder.parent / f"{folder.name}.lock"

    def lock(self, timeout: float = LOCK_SECONDS) -> FileLock:
        self._lock_file.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self._lock_file, timeout=timeout)

    def is_sound(self) -> bool:
        """Is there an index of our format whose files are all there and can be read?"""
        if self.edition() is None:
            return False
        try:
            with self.open().reader() as reader:
                return all(_is_readable(leaf) for leaf, _ in reader.leaf_readers())
        except Exception as error:  # a damaged index may raise anything
            log.warning("search index cannot be read: %s", type(error).__name__)
            return False

    def edition(self) -> str | None:
        """Another one after every rebuild; None when there is no index of our format."""
        try:
            found = json.loads(self._format_file.read_text())
        except (OSError, ValueError):
            return None
        is_ours = isinstance(found, dict) and found.get("format") == FORMAT
        return str(found.get("edition")) if is_ours else None

    def open(self) -> Any:
        """The Whoosh index. Files are read, not memory-mapped: a truncated file then raises an
        error that we can mend, where a mapped one would end the process."""
        storage = FileStorage(str(self.folder), supports_mmap=False)
        for _attempt in range(OPENING_ATTEMPTS):
            try:
                return storage.open_index()
            except FileNotFoundError:  # a writer has just replaced the generation that was there
                continue
        return storage.open_index()

    def rebuild(self, engine: sa.Engine) -> int:
        """Make the whole index again from the tables; returns the number of listings in it."""
        with self.lock():
            return self._rebuild(engine)

    def rebuild_unless_sound(self, engine: sa.Engine) -> bool:
        """Rebuild when missing, damaged or of another format; another process may just have."""
        if self.is_sound():
            return False
        with self.lock():
            if self.is_sound():
                return False
            self._rebuild(engine)
            return True

    def _rebuild(self, engine: sa.Engine) -> int:
        with Session(engine) as session:
            newest = session.exec(select(sa.func.max(Outbox.id))).one() or 0
            with _committed(self._fresh_writer(), mergetype=writing.CLEAR) as writer:
                count = add_all(session, writer)
        self._begin_edition()
        _forget(engine, newest)
        return count

    def _begin_edition(self) -> None:
        """Say that the index has been made again, at one stroke: others may be reading."""
        new = self._format_file.with_suffix(".new")
        new.write_text(json.dumps({"format": FORMAT, "edition": uuid4().hex}))
        new.replace(self._format_file)

    def _fresh_writer(self) -> Any:
        """A writer on the present index when it is sound, so that readers go on; else on a new
        one."""
        if not self.is_sound():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            storage = FileStorage(str(self.folder), supports_mmap=False)
            return storage.create_index(make_schema()).writer(limitmb=MEGABYTES)
        return self.open().writer(limitmb=MEGABYTES)

    def drain(self, engine: sa.Engine) -> int:
        """Bring what waits in the outbox to the index; returns how many listings.

        Does nothing while another process holds the lock: that one sees our rows too.
        """
        try:
            with self.lock(timeout=0):
                return self._drain(engine)
        except Timeout:
            return 0

    def _drain(self, engine: sa.Engine) -> int:
        done = 0
        while True:
            # a session sees one moment: a change of several listings comes as a whole
            with Session(engine) as session:
                rows = _waiting(session)
                if not rows:
                    return done
                ids = list(dict.fromkeys(row.listing_id for row in rows))
                newest = max(row.id or 0 for row in rows)
                self._update(session, ids, purge=any(row.is_erasure for row in rows))
            _forget(engine, newest)
            done += len(ids)

    def _update(self, session: Session, ids: Sequence[UUID], *, purge: bool) -> None:
        """Write these listings; with `purge` nothing of their former copies stays in any file."""
        tree, themes = area_tree(session), _themes(session)
        with _committed(self.open().writer(limitmb=MEGABYTES), optimize=purge) as writer:
            for id in ids:
                writer.delete_by_term("key", id.hex)
            for listing in _load(session, ids):
                writer.add_document(**document(listing, tree, themes))


@contextmanager
def _committed(writer: Any, **options: object) -> Iterator[Any]:
    """Commit what was written; after an error the index is as it was, and free for the next."""
    try:
        yield writer
        writer.commit(**options)
    except BaseException:
        if not writer.is_closed:  # a commit that fails closes it itself
            writer.cancel()
        raise


def _is_readable(leaf: Any) -> bool:
    """Read a little of every part: terms, postings and columns."""
    for name in make_schema().names():
        if leaf.has_column(name):
            list(leaf.column_reader(name))
    for field in leaf.indexed_field_names():
        for term in leaf.lexicon(field):
            list(leaf.postings(field, term).all_ids())
            break
    return True


def _waiting(session: Session) -> list[Outbox]:
    return list(session.exec(select(Outbox).order_by(col(Outbox.id)).limit(BATCH)).all())


def _forget(engine: sa.Engine, newest: int) -> None:
    """Delete the outbox rows that an index commit now holds."""
    with Session(engine.execution_options(is_write=True)) as session, session.begin():
        session.exec(delete(Outbox).where(col(Outbox.id) <= newest))


def add_all(session: Session, writer: Any) -> int:
    """Add every listing to an index; returns how many."""
    tree, themes = area_tree(session), _themes(session)
    count = 0
    for listing in _all_listings(session):
        writer.add_document(**document(listing, tree, themes))
        count += 1
    return count


def _themes(session: Session) -> Themes:
    return {theme.id: theme for theme in session.exec(select(Theme))}


def _load(session: Session, ids: Sequence[UUID]) -> list[Listing]:
    query = select(Listing).where(col(Listing.id).in_(ids)).options(*Listing.for_search())
    return list(session.exec(query).all())


def _all_listings(session: Session) -> Iterator[Listing]:
    ids = session.exec(select(Listing.id).order_by(col(Listing.key))).all()
    for start in range(0, len(ids), BATCH):
        yield from _load(session, ids[start : start + BATCH])
        session.expunge_all()
