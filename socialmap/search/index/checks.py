"""Is the search index still a true copy of the tables?"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID
from zlib import crc32

import numpy as np
from sqlmodel import Session, select
from whoosh.filedb.filestore import RamStorage

from socialmap.models import Listing, Outbox
from socialmap.search.index.schema import CODE_COLUMNS, NUMBER_COLUMNS, TEXT_FIELDS, make_schema
from socialmap.search.index.snapshot import SegmentCache, Snapshot
from socialmap.search.index.store import IndexStore, add_all

NO_INDEX = "Het zoekregister ontbreekt of is beschadigd. Maak het opnieuw: flask reindex"
Prints = dict[UUID, tuple[object, ...]]


def index_faults(session: Session, store: IndexStore) -> Iterator[str]:
    """A line in Dutch for each listing that the index has wrong; what still waits is no fault.

    Makes the index again in memory and compares all that it holds of each listing.
    """
    if not store.is_sound():
        yield NO_INDEX
        return
    keys = dict(session.exec(select(Listing.id, Listing.key)).all())
    waiting = set(session.exec(select(Outbox.listing_id)).all())
    kept = fingerprints(store.open().reader())
    true = fresh_fingerprints(session)
    for id in sorted((kept.keys() | true.keys()) - waiting, key=lambda id: keys.get(id, "")):
        if id not in true:
            yield f"zoekregister: {id} staat er nog in, maar niet meer in de tabellen"
        elif id not in kept:
            yield f"zoekregister: aanbod {keys[id]} ontbreekt; maak het opnieuw: flask reindex"
        elif kept[id] != true[id]:
            yield f"zoekregister: aanbod {keys[id]} is verouderd; maak het opnieuw: flask reindex"


def fresh_fingerprints(session: Session) -> Prints:
    """What the index should hold of each listing."""
    index = RamStorage().create_index(make_schema())
    writer = index.writer()
    add_all(session, writer)
    writer.commit()
    return fingerprints(index.reader())


def fingerprints(reader: Any) -> Prints:
    """Per listing its codes, numbers, points and closures, and a sum over its words, equal for
    equal text.

    Closes the reader.
    """
    snapshot = Snapshot(reader, ("", 0), SegmentCache())
    sums = _word_sums(reader, snapshot)
    points: dict[int, list[object]] = {}
    held = snapshot.points
    for at, doc in enumerate(held.docs.tolist()):
        place = held.lats[at], held.lons[at], held.is_exact[at], held.areas[at]
        points.setdefault(doc, []).append(place)
    closures: dict[int, list[object]] = {}
    shut = snapshot.closures
    for doc, *days in np.stack((shut.docs, shut.begins, shut.until), axis=1).tolist():
        closures.setdefault(doc, []).append(tuple(days))
    return {
        snapshot.keys[doc]: (
            *(snapshot.codes[name].of(doc) for name in CODE_COLUMNS),
            *(int(snapshot.numbers[name][doc]) for name in NUMBER_COLUMNS),
            points.get(doc),
            tuple(closures.get(doc, ())),
            *sums[:, doc].tolist(),
        )
        for doc in np.flatnonzero(snapshot.live).tolist()
    }


def _word_sums(reader: Any, snapshot: Snapshot) -> np.ndarray:
    """Per text field and document the sum of a number per word, times how often it stands there."""
    fields = {name: at for at, name in enumerate(TEXT_FIELDS)}
    sums = np.zeros((len(fields), snapshot.size), dtype=np.int64)
    for field, term in reader.all_terms():
        if field in fields:
            found = snapshot.postings(field, term.decode())
            counts = np.rint(found.counts).astype(np.int64)
            sums[fields[field], found.docs] += crc32(term) * counts
    return sums
