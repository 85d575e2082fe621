"""Undoing an import as a whole: what it made goes, what it changed goes back, and what somebody
changed since stays and is named."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.listings.edits import Editor
from socialmap.listings.history import ERASED, PROVIDER_NOUN, Author
from socialmap.listings.sources import NOUN, Json, forget_run, named_elsewhere
from socialmap.listings.summaries import NOUN as SUMMARY_NOUN
from socialmap.listings.values import ListingValues, ProviderValues
from socialmap.models import Alternative, Change, ImportRun, Listing, Provider
from socialmap.models.terms import ChangeState, Door, Reach, Status

T = TypeVar("T")
CHUNK = 300
TOGETHER: tuple[frozenset[str], ...] = (
    frozenset({"status", "ended_on", "closed_from", "closed_until", "reason"}),
    frozenset({"room", "weeks", "reported_on"}),
    frozenset({"ages_known", "min_age_months", "max_age_months"}),
    frozenset({"contact", "backup"}),
)
"""Fields that mean something together: they go back together or not at all."""
REACHES = frozenset(map(str, Reach))


class WhyKept(Enum):
    """Why something of an import stays."""

    CHANGED_SINCE = 1
    NAMED_SINCE = 2
    """A later file names it too."""
    ERASED = 3
    """An address that may no longer be kept."""
    GONE = 4
    """It would point to something that is no longer there."""
    POINTED_TO = 5
    """Another listing has it as an alternative: withdrawn, not removed."""


class Later(NamedTuple):
    """A change after the import: by whom and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Kept:
    """Something of an import that stays: these fields, or without any the whole."""

    name: str
    """The key of a listing, or the name of a provider."""
    why: WhyKept
    fields: frozenset[str] = frozenset()
    later: Later | None = None


@dataclass
class Undone:
    """What undoing an import did."""

    removed: list[str] = field(default_factory=list)
    """Keys of listings that the import had made."""
    withdrawn: list[str] = field(default_factory=list)
    restored: dict[str, frozenset[str]] = field(default_factory=dict)
    """Fields that went back, by the key of the listing or the name of the provider."""
    kept: list[Kept] = field(default_factory=list)
    has_erased: bool = False
    """An address may no longer be kept: scrub the files of the database after the commit."""


class Edit(NamedTuple):
    """What an import did to one field."""

    before: Any
    after: Any


Edits = dict[UUID, dict[str, Edit]]
"""What an import did, by record and field."""


def undo_import(session: Session, tree: AreaTree, run: ImportRun, author: Author) -> Undone:
    """Undo an import; its history stays and says that it was undone. It flushes; the caller
    commits. Raises ValueError when that was done before."""
    if run.undone_at:
        raise ValueError(f"import {run.number} was undone before")
    return _Undoing(session, tree, run, author).undo()


class _Undoing:
    """The undoing of one import."""

    def __init__(self, session: Session, tree: AreaTree, run: ImportRun, author: Author) -> None:
        self._session, self._tree, self._run, self._author = session, tree, run, author
        self._editor = Editor(session, tree, author)
        self._done = Undone()
        self._last = 0
        """The last change of the import; what has a higher id came after it."""

    def undo(self) -> Undone:
        births, edits = self._changes()
        self._restore_providers(edits.get(PROVIDER_NOUN, {}))
        self._restore_listings(edits.get(NOUN, {}))
        touched = self._remove(births)
        self._session.exec(
            sa.delete(Change).where(self._is_of_run(), col(Change.state) == ChangeState.PROPOSED)
        )
        forget_run(self._session, self._run, but=touched)
        self._run.undone_at, self._run.undone_by = self._author.now, self._author.name
        self._session.flush()
        return self._done

    def _is_of_run(self) -> Any:
        """Is a change made by the import itself, not by its undoing?"""
        return sa.and_(col(Change.import_run_id) == self._run.id, col(Change.door) == Door.IMPORT)

    def _changes(self) -> tuple[list[UUID], dict[str, Edits]]:
        """What the import made; and what it changed by noun, record and field."""
        births: dict[UUID, None] = {}
        edits: dict[str, Edits] = {}
        query = select(Change).where(self._is_of_run(), Change.state == ChangeState.APPLIED)
        for change in self._session.exec(query.order_by(col(Change.id))):
            self._last = change.id or 0
            if change.field == "":
                births[change.record_id] = None
            elif change.record_id not in births:
                fields = edits.setdefault(change.noun, {}).setdefault(change.record_id, {})
                first = fields.get(change.field)
                before = first.before if first else change.before
                fields[change.field] = Edit(before, change.after)
        return list(births), edits

    # What it changed

    def _restore_providers(self, edits: Edits) -> None:
        for id, fields in edits.items():
            provider = self._session.get(Provider, id)
            if provider is None:
                continue
            now = ProviderValues.of(provider)
            stay = {name for name, edit in fields.items() if getattr(now, name) != edit.after}
            if stay:
                self._keep_changed(now.name, id, stay, PROVIDER_NOUN)
            back = {name: edit.before for name, edit in fields.items() if name not in stay}
            if back:
                self._editor.change_provider(now.model_copy(update=back))
                self._done.restored[now.name] = frozenset(back)

    def _restore_listings(self, edits: Edits) -> None:
        keys = self._keys(edits)
        for chunk in _chunks(list(keys)):
            self._editor.preload([keys[id] for id in chunk])
            for id in chunk:
                self._restore(id, self._editor.current(keys[id]), edits[id])
            self._session.flush()

    def _restore(self, id: UUID, now: ListingValues, edits: Mapping[str, Edit]) -> None:
        here = now.as_json()
        told = {
            name: edit
            for name, edit in edits.items()
            if not is_shared(name, edit.before, edit.after)
        }
        changed = with_companions(
            {name for name, edit in told.items() if not _is_still(name, here, edit)}, told
        )
        if changed:
            self._keep_changed(now.key, id, changed)
        back = {name: edit.before for name, edit in told.items() if name not in changed}
        for why, names in impossible(self._editor, self._tree, back).items():
            names = with_companions(names, back)
            self._done.kept.append(Kept(now.key, why, frozenset(names)))
            back = {name: value for name, value in back.items() if name not in names}
        if back:
            self._save(ListingValues.model_validate(here | self._as_now(back)), back)

    def _save(self, values: ListingValues, back: Collection[str]) -> None:
        saved = self._editor.save(values)
        self._done.has_erased |= saved.is_erasure
        self._done.restored[values.key] = frozenset(back)

    def _as_now(self, back: Json) -> Json:
        """A provider that a listing goes back to is taken as it is now."""
        if not back.get("provider"):
            return back
        now = self._editor.providers.find(back["provider"]["name"])
        return back | ({"provider": now.model_dump()} if now else {})

    def _keep_changed(self, name: str, id: UUID, fields: Collection[str], noun: str = NOUN) -> None:
        """Name fields that somebody changed after the import, and who did so last."""
        later = self._later(id, noun, fields)
        self._done.kept.append(Kept(name, WhyKept.CHANGED_SINCE, frozenset(fields), later))

    def _later(self, id: UUID, noun: str, fields: Collection[str] = ()) -> Later | None:
        query = select(Change).where(
            Change.noun == noun,
            Change.record_id == id,
            Change.state == ChangeState.APPLIED,
            self._came_after(),
        )
        if fields:
            query = query.where(col(Change.field).in_(fields))
        change = self._session.exec(query.order_by(col(Change.id).desc()).limit(1)).first()
        return Later(change.by, change.at) if change else None

    def _came_after(self) -> Any:
        """Was a change made after the import, and not to undo it?"""
        is_of_run = col(Change.import_run_id).is_not_distinct_from(self._run.id)
        return sa.and_(col(Change.id) > self._last, sa.not_(is_of_run))

    # What it made

    def _remove(self, births: Sequence[UUID]) -> set[UUID]:
        """Remove what the import made; returns what stays since somebody dealt with it since."""
        loose, touched = self._keys(births), set[UUID]()
        for chunk in _chunks(list(loose)):
            touched |= self._touched({id: loose[id] for id in chunk})
        loose = {id: key for id, key in loose.items() if id not in touched}
        for id in self._pointed_to(loose):
            self._withdraw(loose.pop(id))
        for keys in _chunks(list(loose.values())):
            self._editor.remove(keys)
        self._done.removed = sorted(loose.values())
        return touched

    def _withdraw(self, key: str) -> None:
        """Withdraw what can't be removed without changing another listing."""
        withdrawn = self._editor.current(key).model_copy(update={"status": Status.WITHDRAWN})
        self._editor.save(withdrawn)
        self._done.withdrawn.append(key)
        self._done.kept.append(Kept(key, WhyKept.POINTED_TO))

    def _touched(self, keys: Mapping[UUID, str]) -> set[UUID]:
        """Which of these listings somebody dealt with after the import; they are named."""
        of_others = select(Change.record_id).where(
            col(Change.noun).in_((NOUN, SUMMARY_NOUN)),
            col(Change.record_id).in_(keys),
            self._came_after(),
        )
        changed = set(self._session.exec(of_others).all())
        named = named_elsewhere(self._session, self._run, keys) - changed
        for id in sorted(changed, key=lambda id: keys[id]):
            later = self._later(id, NOUN) or self._later(id, SUMMARY_NOUN)
            self._done.kept.append(Kept(keys[id], WhyKept.CHANGED_SINCE, later=later))
        self._done.kept += [
            Kept(keys[id], WhyKept.NAMED_SINCE) for id in sorted(named, key=lambda id: keys[id])
        ]
        return changed | named

    def _pointed_to(self, loose: Mapping[UUID, str]) -> set[UUID]:
        """Which of these listings are an alternative of one that stays."""
        every = select(Alternative.listing_id, Alternative.alternative_id)
        links = [(of, to) for of, to in self._session.exec(every) if to in loose]
        staying: set[UUID] = set()
        while fresh := {
            to for of, to in links if to not in staying and (of not in loose or of in staying)
        }:
            staying |= fresh
        return staying

    def _keys(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """The keys of these listings, as far as they are still there."""
        keys: dict[UUID, str] = {}
        for chunk in _chunks(list(ids)):
            query = select(Listing.id, Listing.key).where(col(Listing.id).in_(chunk))
            keys |= dict(self._session.exec(query).all())
        return dict(sorted(keys.items(), key=lambda item: item[1]))


def is_shared(name: str, before: Any, after: Any) -> bool:
    """Did only the provider itself change, for all its listings?"""
    return name == "provider" and _name(before) == _name(after) is not None


def impossible(editor: Editor, tree: AreaTree, fields: Json) -> dict[WhyKept, set[str]]:
    """Of the values of these fields, the ones that a listing can't be given, by why not."""
    found: dict[WhyKept, set[str]] = {}
    for name, value in fields.items():
        if name == "places" and any(place["visibility"] == ERASED for place in value):
            found.setdefault(WhyKept.ERASED, set()).add(name)
        elif not _is_there(editor, tree, name, value):
            found.setdefault(WhyKept.GONE, set()).add(name)
    return found


def _is_there(editor: Editor, tree: AreaTree, name: str, value: Any) -> bool:
    """Are the people, listings and areas that a value names still in the directory?"""
    if name in ("contact", "backup"):
        return value is None or editor.knows_person(value)
    if name == "moves":
        return all(editor.knows_place(one["place"]) for one in value if one["place"])
    if name == "alternatives":
        return all(editor.knows(key) for key in value)
    if name == "coverage":
        return all(code in REACHES or tree.find(code) for code in value)
    if name == "places":
        return all(not place.get("area_code") or tree.find(place["area_code"]) for place in value)
    return True


def _is_still(name: str, here: Json, edit: Edit) -> bool:
    """Is a field as the import left it?"""
    if name == "provider":
        return _name(here[name]) == _name(edit.after)
    return bool(here[name] == edit.after)


def _name(provider: Json | None) -> str | None:
    return provider["name"] if provider else None


def with_companions(names: set[str], all_names: Collection[str]) -> set[str]:
    """These fields and, of the others, those that mean something only together with them."""
    groups = (group for group in TOGETHER if group & names)
    return names.union(*(group.intersection(all_names) for group in groups))


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
