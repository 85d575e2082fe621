"""Saving what someone typed: safe fields live at once, risky ones wait, no change is lost.

Two people at once: who saves second sees both versions of a field that both changed, and chooses.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.listings.edits import Author, Editor
from socialmap.listings.find import keys_of
from socialmap.listings.history import ERASED
from socialmap.listings.sources import NOUN, Json
from socialmap.listings.values import ListingValues
from socialmap.models import Account, Change, Edit, Listing, Person
from socialmap.models.terms import ChangeState, Door, EditState
from socialmap.reviews.parts import protected, risky_fields

NOBODY = "iemand"


@dataclass(frozen=True)
class Typed:
    """What someone typed in a form, and what that form had shown."""

    values: Mapping[str, Any]
    """Fields of `ListingValues`."""
    seen: int
    """The last change of the listing when the form was given out."""
    chosen: frozenset[str] = frozenset()
    """Fields of which both versions were shown, and the typed one was chosen."""
    shown: int = 0
    """The last change of the listing when both were shown."""
    note: str = ""
    """For who checks it."""
    undoes: str = ""


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else changed while it was being typed in."""

    field: str
    here: Any
    typed: Any
    by: str
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """What became of what was typed. Nothing of it was saved while there are conflicts."""

    saved: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    conflicts: tuple[Conflict, ...] = ()
    edit: Edit | None = None
    slug: str = ""
    """Where the page of the listing is now."""
    is_erasure: bool = False
    """An address may no longer be kept: scrub the files of the database after the commit."""


def last_change(session: Session, listing_id: UUID) -> int:
    """The number of the last change of a listing; 0 when there is none."""
    query = select(sa.func.max(Change.id)).where(_is_of(listing_id))
    return session.exec(query).one() or 0


def values_of(session: Session, listing: Listing) -> ListingValues:
    """The values of a listing that is loaded whole."""
    ids = [row.alternative_id for row in listing.alternatives]
    return ListingValues.of(listing, keys_of(session, ids))


def waiting_fields(session: Session, listing_id: UUID) -> dict[str, Change]:
    """What someone who is signed in proposed for a listing and waits for a check, by field."""
    query = select(Change).where(*_is_waiting(listing_id)).order_by(col(Change.id))
    return {change.field: change for change in session.exec(query)}


def slug_of_listing(session: Session, id: UUID) -> str | None:
    """Where the page of a listing is now; None when it is gone."""
    return session.exec(select(Listing.slug).where(Listing.id == id)).first()


def person_names(session: Session, values: ListingValues) -> dict[str, str]:
    """The names of the people whom a listing names, by key."""
    keys = [key for key in (values.contact, values.backup) if key]
    return dict(
        session.exec(select(Person.key, Person.name).where(col(Person.key).in_(keys))).all()
    )


def signature(account: Account) -> str:
    """How history names someone."""
    return account.name or account.mail


def save(
    session: Session,
    tree: AreaTree,
    account: Account,
    listing: Listing,
    typed: Typed,
    now: datetime,
    *,
    may_check: bool,
) -> Outcome:
    """Save what an account typed of a listing; what is risky waits unless it `may_check`.

    Raises ValueError when the values contradict each other. It flushes; the caller commits.
    """
    return _Saving(session, tree, account, listing, now, may_check=may_check).save(typed)


@dataclass
class _Later:
    """What others did to a field since the form was given out."""

    before: Any
    last: int
    """The number of the last change."""
    by: str
    at: datetime
    is_own: bool


class _Saving:
    """One save of one account."""

    def __init__(
        self,
        session: Session,
        tree: AreaTree,
        account: Account,
        listing: Listing,
        now: datetime,
        *,
        may_check: bool,
    ) -> None:
        self._session, self._tree, self._account = session, tree, account
        self._id, self._key, self._slug = listing.id, listing.key, listing.slug
        self._now, self._may_check = now, may_check
        self._edit = Edit(listing_id=self._id, account_id=account.id, at=now, state=EditState.DONE)
        author = Author(signature(account), Door.FORM, now, edit_id=self._edit.id)
        self._editor = Editor(session, tree, author)

    def save(self, typed: Typed) -> Outcome:
        here = self._editor.current(self._key)
        now, wanted = here.as_json(), _merged(here, typed.values).as_json()
        later = self._later(typed.seen, typed.values.keys())
        then = now | {name: change.before for name, change in later.items()}
        meant = {name for name in typed.values if wanted[name] not in (then[name], now[name])}
        conflicts = tuple(
            Conflict(name, getattr(here, name), typed.values[name], later[name].by, later[name].at)
            for name in sorted(meant & later.keys())
            if not (name in typed.chosen and later[name].last <= typed.shown)
            and not later[name].is_own
        )
        if conflicts:
            return Outcome(conflicts=conflicts)
        after = _merged(here, {name: typed.values[name] for name in meant})
        self._edit.note, self._edit.undoes = typed.note, typed.undoes
        return self._write(here, after)

    def _later(self, seen: int, names: Collection[str]) -> dict[str, _Later]:
        """What was changed since the form was given out: the first before, and who was last."""
        query = (
            select(Change, Edit.account_id)
            .outerjoin(Edit, col(Edit.id) == Change.edit_id)
            .where(_is_of(self._id), Change.state == ChangeState.APPLIED)
            .where(col(Change.id) > seen, col(Change.field).in_(list(names)))
        )
        later: dict[str, _Later] = {}
        for change, account_id in self._session.exec(query.order_by(col(Change.id))):
            is_own = account_id == self._account.id
            first = later.get(change.field)
            later[change.field] = _Later(
                before=first.before if first else change.before,
                last=change.id or 0,
                by=change.by or NOBODY,
                at=change.at,
                is_own=is_own and (first is None or first.is_own),
            )
        return {name: change for name, change in later.items() if not is_erased(change.before)}

    def _write(self, here: ListingValues, after: ListingValues) -> Outcome:
        risky = frozenset() if self._may_check else risky_fields(here, after)
        live = _merged(after, {name: getattr(here, name) for name in risky})
        if "places" in risky:
            live = _merged(live, {"places": protected(here.places, after.places)})
        waiting = self._new(live, after)
        if here == live and not waiting:
            return Outcome(slug=self._slug)
        self._session.add(self._edit)
        self._session.flush()
        is_erasure = self._editor.save(live).is_erasure if here != live else False
        saved = here.differing(live)
        drop_proposals(self._session, self._id, saved | waiting, self._now)
        if waiting:
            self._propose(live.as_json(), after.as_json(), waiting)
        self._session.flush()
        slug = slug_of_listing(self._session, self._id) or self._slug
        return Outcome(saved, waiting, edit=self._edit, slug=slug, is_erasure=is_erasure)

    def _new(self, live: ListingValues, after: ListingValues) -> frozenset[str]:
        """What is to wait; not what waits already with the same value (a double click)."""
        asked, wanted = live.differing(after), after.as_json()
        query = select(Change.field, Change.after).where(*_is_waiting(self._id))
        same = {name for name, value in self._session.exec(query) if wanted.get(name) == value}
        return frozenset() if asked <= same else asked

    def _propose(self, here: Json, wanted: Json, names: Collection[str]) -> None:
        self._edit.state = EditState.WAITING
        for name in sorted(names):
            self._session.add(
                Change(
                    at=self._now,
                    by=signature(self._account),
                    door=Door.FORM,
                    state=ChangeState.PROPOSED,
                    edit_id=self._edit.id,
                    noun=NOUN,
                    record_id=self._id,
                    field=name,
                    before=here[name],
                    after=wanted[name],
                )
            )


def drop_proposals(
    session: Session, listing_id: UUID, names: Collection[str], now: datetime
) -> None:
    """Let what waits for these fields of a listing make way for something newer."""
    query = select(Change).where(*_is_waiting(listing_id), col(Change.field).in_(list(names)))
    touched = set()
    for change in session.exec(query):
        change.state = ChangeState.OVERTAKEN
        touched.add(change.edit_id)
    session.flush()
    for id in touched - {None}:
        close_edit(session, session.get_one(Edit, id), EditState.OVERTAKEN, now)


def close_edit(
    session: Session, edit: Edit, state: EditState, now: datetime, by: str = "", words: str = ""
) -> None:
    """Say what came of an edit, unless something of it still waits."""
    waits = select(Change.id).where(Change.edit_id == edit.id, Change.state == ChangeState.PROPOSED)
    if session.exec(waits.limit(1)).first() is None:
        edit.state, edit.decided_at, edit.decided_by, edit.decision = state, now, by, words
        session.flush()


def _is_of(listing_id: UUID) -> Any:
    return sa.and_(col(Change.noun) == NOUN, col(Change.record_id) == listing_id)


def _is_waiting(listing_id: UUID) -> tuple[Any, ...]:
    """What someone who is signed in proposed for a listing; what imports propose stays apart."""
    return (
        _is_of(listing_id),
        col(Change.state) == ChangeState.PROPOSED,
        col(Change.edit_id).is_not(None),
    )


def _merged(values: ListingValues, changes: Mapping[str, Any]) -> ListingValues:
    """The same values but for these, validated."""
    return ListingValues.model_validate(dict(values) | dict(changes))


def is_erased(value: Any) -> bool:
    """Does a value of history hold an address that may no longer be kept?"""
    return isinstance(value, list) and any(
        isinstance(place, dict) and place.get("visibility") == ERASED for place in value
    )
