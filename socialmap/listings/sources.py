"""Sources: whose file says what of which listing, and what a file no longer names.

A source is a list that somebody keeps (`runs.source_of`). Several may name one listing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.models import ImportedRecord, ImportRun, Listing
from socialmap.models.terms import Status

NOUN = "listing"
OVER = frozenset({Status.ENDED, Status.WITHDRAWN})
"""A listing in one of these states can't disappear any more."""
Json = dict[str, Any]


class Sayings:
    """What earlier imports said of some listings, as one import needs it."""

    def __init__(self, session: Session, run: ImportRun) -> None:
        self._session, self._run = session, run
        self._own: dict[UUID, ImportedRecord] = {}
        self._others: dict[UUID, ImportedRecord] = {}

    def load(self, ids: Sequence[UUID]) -> None:
        """Read what was said of these listings."""
        if not ids:
            return
        own = _newest(ids).where(ImportRun.source == self._run.source)
        self._own |= self._read(own)
        rest = [id for id in ids if id not in self._own or not self._own[id].is_named]
        if rest:
            self._others |= self._read(_newest(rest).where(ImportedRecord.is_named))

    def forget(self) -> None:
        """Let go of what was read."""
        self._own, self._others = {}, {}

    def last(self, id: UUID) -> Json | None:
        """What the source of this import last said of a listing; if it never did, what any other
        last said; or None."""
        own = self._own.get(id)
        record = own if own and own.is_named else self._others.get(id)
        return dict(record.data) if record else None

    def remember(self, id: UUID, data: Json) -> None:
        """Keep what this import says of a listing, where that is new from its source."""
        own = self._own.get(id)
        if own and own.is_named and own.data == data:
            return
        if own and own.import_run_id == self._run.id:
            own.data = data
            return
        self._own[id] = record_of(self._run, id, data)
        self._session.add(self._own[id])

    def _read(self, newest: Any) -> dict[UUID, ImportedRecord]:
        asked = newest.group_by(ImportedRecord.record_id).subquery()
        query = (
            select(ImportedRecord)
            .join(ImportRun, col(ImportRun.id) == ImportedRecord.import_run_id)
            .join(
                asked,
                sa.and_(
                    asked.c.record_id == ImportedRecord.record_id,
                    asked.c.number == ImportRun.number,
                ),
            )
            .where(ImportedRecord.noun == NOUN)
        )
        return {row.record_id: row for row in self._session.exec(query)}


def record_of(run: ImportRun, id: UUID, data: Json, *, is_named: bool = True) -> ImportedRecord:
    """What a run says of a listing."""
    return ImportedRecord(
        noun=NOUN, record_id=id, import_run_id=run.id, data=data, is_named=is_named
    )


def _newest(ids: Sequence[UUID]) -> Any:
    """The number of the newest run that said something of each of these listings."""
    return (
        select(col(ImportedRecord.record_id), sa.func.max(ImportRun.number).label("number"))
        .join(ImportRun, col(ImportRun.id) == ImportedRecord.import_run_id)
        .where(ImportedRecord.noun == NOUN, col(ImportedRecord.record_id).in_(ids))
    )


@dataclass(frozen=True)
class Missing:
    """A listing that an earlier file of a source named and the present one does not."""

    key: str
    title: str


def missing_listings(session: Session, run: ImportRun, keys: Collection[str]) -> list[Missing]:
    """What the source of this import named earlier, that is not among `keys`, by key.

    A listing that another source still names has not disappeared: this source lets go of it.
    What has ended or was withdrawn is left out.
    """
    names = _names(session, run.source)
    query = select(Listing.id, Listing.key, Listing.title).where(
        col(Listing.id).in_(_named_by(run.source)), col(Listing.status).not_in(OVER)
    )
    gone = []
    for id, key, title in session.exec(query.order_by(col(Listing.key))):
        named = names[id]
        if key in keys or not named[run.source]:
            continue
        if any(is_named for source, is_named in named.items() if source != run.source):
            session.add(record_of(run, id, {}, is_named=False))
        else:
            gone.append(Missing(key, title))
    session.flush()
    return gone


def _named_by(source: str) -> Any:
    """The ids of all listings that a source ever named."""
    return (
        select(ImportedRecord.record_id)
        .join(ImportRun, col(ImportRun.id) == ImportedRecord.import_run_id)
        .where(ImportedRecord.noun == NOUN, ImportRun.source == source)
    )


def _names(session: Session, source: str) -> dict[UUID, dict[str, bool]]:
    """Of every listing that a source ever named: which sources named it, and whether they do in
    their newest file."""
    query = (
        select(col(ImportedRecord.record_id), col(ImportRun.source), col(ImportedRecord.is_named))
        .join(ImportRun, col(ImportRun.id) == ImportedRecord.import_run_id)
        .where(ImportedRecord.noun == NOUN)
        .where(col(ImportedRecord.record_id).in_(_named_by(source)))
        .order_by(col(ImportRun.number))
    )
    names: dict[UUID, dict[str, bool]] = {}
    for id, of, is_named in session.exec(query):
        names.setdefault(id, {})[of] = is_named
    return names


def is_known_source(session: Session, run: ImportRun) -> bool:
    """Did this source bring a file before this run?"""
    earlier = select(ImportRun.id).where(
        ImportRun.source == run.source,
        ImportRun.number < run.number,
        col(ImportRun.undone_at).is_(None),
    )
    return session.exec(earlier.limit(1)).first() is not None


def known_sources(session: Session) -> list[str]:
    """The names of all sources, by name."""
    query = select(ImportRun.source).distinct().order_by(col(ImportRun.source))
    return list(session.exec(query).all())


def erase_sayings(session: Session, id: UUID, erase: Any) -> None:
    """Put `erase(data)` in the place of all that was ever said of a listing."""
    query = select(ImportedRecord).where(
        ImportedRecord.noun == NOUN, ImportedRecord.record_id == id
    )
    for record in session.exec(query):
        record.data = erase(record.data)


def forget_run(session: Session, run: ImportRun, *, but: Collection[UUID]) -> None:
    """Forget what an import said, `but` of these listings, so that what was said before counts
    again."""
    query = select(ImportedRecord).where(ImportedRecord.import_run_id == run.id)
    for record in session.exec(query):
        if record.record_id not in but:
            session.delete(record)


def named_elsewhere(session: Session, run: ImportRun, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these listings another import has something to say of."""
    query = select(ImportedRecord.record_id).where(
        ImportedRecord.noun == NOUN,
        col(ImportedRecord.record_id).in_(list(ids)),
        col(ImportedRecord.import_run_id) != run.id,
    )
    return set(session.exec(query).all())
