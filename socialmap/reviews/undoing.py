"""Taking back what was changed of a listing: a field, or all of an edit. What somebody changed
since stays and is named, and what may no longer be or is no longer there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.labels import day
from socialmap.listings.edits import Author, Editor
from socialmap.listings.sources import NOUN, Json
from socialmap.listings.undo import (
    TOGETHER,
    Later,
    WhyKept,
    impossible,
    is_shared,
    with_companions,
)
from socialmap.listings.values import ListingValues
from socialmap.models import Account, Change, Listing
from socialmap.models.terms import ChangeState, Door
from socialmap.reviews.parts import OWN, risky_fields
from socialmap.reviews.saving import NOBODY, Outcome, Typed, last_change, save, signature

NEVER = datetime.min.replace(tzinfo=UTC)
"""The moment of what is not written."""


class Why(Enum):
    """Why a field stays as it is."""

    CHANGED_SINCE = "changed_since"
    ERASED = "erased"
    GONE = "gone"
    FOR_CHECKERS = "for_checkers"


@dataclass(frozen=True)
class Staying:
    """Fields that stay, and why; `later` says who changed them since."""

    fields: frozenset[str]
    why: Why
    later: Later | None = None


@dataclass(frozen=True)
class Return:
    """What taking back would do."""

    back: Json
    """The fields that go back, with what they go back to."""
    here: Json
    """All fields as they are now."""
    staying: tuple[Staying, ...] = ()
    risky: frozenset[str] = frozenset()
    """Of what goes back, what will wait for a check."""


@dataclass(frozen=True)
class TakenBack:
    """What became of it."""

    outcome: Outcome
    staying: tuple[Staying, ...] = ()


class UndoError(ValueError):
    """Says in Dutch why something can't be taken back."""


def changes_of(session: Session, listing: Listing, ids: Collection[int]) -> list[Change]:
    """Of these changes the ones that made a listing what it is, in their order."""
    query = select(Change).where(
        Change.noun == NOUN,
        Change.record_id == listing.id,
        Change.state == ChangeState.APPLIED,
        Change.field != "",
        col(Change.id).in_(ids),
    )
    return list(session.exec(query.order_by(col(Change.id))).all())


def plan_undo(
    session: Session,
    tree: AreaTree,
    account: Account,
    listing: Listing,
    changes: Iterable[Change],
    *,
    may_check: bool,
) -> Return:
    """What taking back these changes of a listing would do; changes nothing."""
    editor = Editor(session, tree, Author(signature(account), Door.FORM, NEVER))
    return _Undoing(session, tree, editor, listing, may_check=may_check).plan(list(changes))


def undo(
    session: Session,
    tree: AreaTree,
    account: Account,
    listing: Listing,
    changes: Iterable[Change],
    now: datetime,
    *,
    may_check: bool,
) -> TakenBack:
    """Take back changes of a listing, by the rules of any other edit: what is risky waits unless
    the account `may_check`. Raises UndoError when the rest does not fit any more.

    It flushes; the caller commits, or rolls back after an error.
    """
    taken = list(changes)
    plan = plan_undo(session, tree, account, listing, taken, may_check=may_check)
    if not plan.back:
        return TakenBack(Outcome(), plan.staying)
    seen = last_change(session, listing.id)
    typed = Typed(values=plan.back, seen=seen, undoes=_told(taken))
    try:
        with session.begin_nested():
            outcome = save(session, tree, account, listing, typed, now, may_check=may_check)
            session.flush()
    except (ValidationError, sa.exc.IntegrityError):
        raise UndoError("Dit past niet meer bij wat er nu staat.") from None
    return TakenBack(outcome, plan.staying)


def _told(changes: list[Change]) -> str:
    """`wijziging van Fatma op 23 november 2026`."""
    first = changes[0]
    return f"wijziging van {first.by or NOBODY} op {day(first.at.date())}"


@dataclass
class _Move:
    """What was done to a field."""

    before: Any
    after: Any


class _Undoing:
    """The taking back of some changes of one listing."""

    def __init__(
        self, session: Session, tree: AreaTree, editor: Editor, listing: Listing, *, may_check: bool
    ) -> None:
        self._session, self._tree, self._editor = session, tree, editor
        self._id, self._may_check = listing.id, may_check
        self._now = editor.current(listing.key)
        self._here = self._now.as_json()

    def plan(self, changes: list[Change]) -> Return:
        moves = self._moves(changes)
        last = max((change.id or 0 for change in changes), default=0)
        staying = [*self._not_theirs(moves), *self._changed_since(moves, last)]
        kept = {name for one in staying for name in one.fields}
        back = {name: one.before for name, one in moves.items() if name not in kept}
        for why, names in impossible(self._editor, self._tree, back).items():
            names = with_companions(names, back)
            reason = Why.ERASED if why == WhyKept.ERASED else Why.GONE
            staying.append(Staying(frozenset(names), reason))
            back = {name: value for name, value in back.items() if name not in names}
        back = self._with_provider_as_now(back)
        return Return(back, self._here, tuple(staying), self._risky(back))

    def _moves(self, changes: list[Change]) -> dict[str, _Move]:
        """What the changes did, but for what is back already and what is of the provider."""
        moves: dict[str, _Move] = {}
        for change in changes:
            before = moves[change.field].before if change.field in moves else change.before
            moves[change.field] = _Move(before, change.after)
        return {
            name: one
            for name, one in moves.items()
            if one.before != self._here[name] and not is_shared(name, one.before, one.after)
        }

    def _not_theirs(self, moves: dict[str, _Move]) -> list[Staying]:
        others = frozenset(moves) - OWN
        return [Staying(others, Why.FOR_CHECKERS)] if others and not self._may_check else []

    def _changed_since(self, moves: dict[str, _Move], last: int) -> list[Staying]:
        """Where somebody changed a field since, or one that it means something together with."""
        groups = {with_group(name) for name in moves}
        found = []
        for group in sorted(groups, key=sorted):
            changed = [name for name in group if self._is_changed(name, moves.get(name), last)]
            if changed:
                later = self._later(changed, last)
                found.append(Staying(group & moves.keys(), Why.CHANGED_SINCE, later))
        return found

    def _is_changed(self, name: str, move: _Move | None, last: int) -> bool:
        here = self._here[name]
        if move is not None:
            return bool(here != move.after)
        first = self._after(last, [name]).order_by(col(Change.id)).limit(1)
        change = self._session.exec(first).first()
        return change is not None and bool(change.before != here)

    def _later(self, names: Collection[str], last: int) -> Later | None:
        query = self._after(last, names).order_by(col(Change.id).desc()).limit(1)
        change = self._session.exec(query).first()
        return Later(change.by or NOBODY, change.at) if change else None

    def _after(self, last: int, names: Collection[str]) -> Any:
        return select(Change).where(
            Change.noun == NOUN,
            Change.record_id == self._id,
            Change.state == ChangeState.APPLIED,
            col(Change.id) > last,
            col(Change.field).in_(names),
        )

    def _with_provider_as_now(self, back: Json) -> Json:
        """A provider that a listing goes back to is taken as it is now."""
        if not back.get("provider"):
            return back
        found = self._editor.providers.find(back["provider"]["name"])
        return back | ({"provider": found.model_dump()} if found else {})

    def _risky(self, back: Json) -> frozenset[str]:
        if self._may_check:
            return frozenset()
        try:
            after = ListingValues.model_validate(dict(self._now) | back)
        except ValidationError:
            return frozenset()
        return risky_fields(self._now, after)


def with_group(name: str) -> frozenset[str]:
    """A field with those that mean something only together with it."""
    return next((group for group in TOGETHER if name in group), frozenset({name}))
