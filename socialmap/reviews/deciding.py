"""Deciding on what waits: approve it, perhaps adjusted, or return it with a reason; and taking
back what one proposed. What is to be mailed is returned; the page sends it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import ValidationError
from sqlmodel import Session, col, select

from socialmap.accounts.permissions import can_decide
from socialmap.geo.tree import AreaTree
from socialmap.labels import label
from socialmap.listings.edits import Author, Editor
from socialmap.listings.sources import NOUN
from socialmap.listings.undo import impossible, with_companions
from socialmap.listings.values import ListingValues
from socialmap.models import Account, Change, Edit, ImportRun, Listing
from socialmap.models.terms import ChangeState, Door, EditState, Status
from socialmap.reviews.queue import Proposal, Waiting, waiting_edits, waiting_imports
from socialmap.reviews.saving import NOBODY, close_edit, signature

AS_PROPOSED: Mapping[str, Any] = MappingProxyType({})
NO_LONGER = "Dit kan niet meer zo worden doorgevoerd. U kunt het alleen teruggeven."
NO_WORDS = "Schrijf waarom u dit teruggeeft."
GONE = "Hier wacht niets meer op een beslissing."


class DecisionError(ValueError):
    """Says in Dutch why a decision can't be; `field` is the one that is wrong, if it is one."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class TooLateError(DecisionError):
    """Somebody decided already, or there is something newer."""


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes."""

    name: str
    mail: str


@dataclass(frozen=True)
class Decision:
    """What was decided, and who is to be told."""

    state: EditState
    listing_id: UUID
    slug: str
    title: str
    fields: frozenset[str]
    """Of which something was proposed."""
    by: str
    to: Addressee | None = None
    adjusted: tuple[Proposal, ...] = ()
    """Where who decided wrote something else than what was proposed, which `here` holds."""
    words: str = ""
    is_new: bool = False
    is_erasure: bool = False
    """An address may no longer be kept: scrub the files of the database after the commit."""


def approve(
    session: Session,
    tree: AreaTree,
    checker: Account,
    edit: Edit,
    now: datetime,
    adjusted: Mapping[str, Any] = AS_PROPOSED,
    words: str = "",
) -> Decision:
    """Let what waits of an edit become true; of the fields in `adjusted` what stands there.

    Raises TooLateError, and DecisionError for what can't be. It flushes; the caller commits, or
    rolls back after an error.
    """
    return _Deciding(session, tree, checker, edit, now).approve(adjusted, words.strip())


def return_edit(
    session: Session, tree: AreaTree, checker: Account, edit: Edit, now: datetime, words: str
) -> Decision:
    """Give what waits of an edit back to who proposed it, with the reason.

    Raises TooLateError, and DecisionError without a reason.
    """
    return _Deciding(session, tree, checker, edit, now).give_back(words.strip())


def impossible_fields(session: Session, tree: AreaTree, waiting: Waiting) -> frozenset[str]:
    """The fields for which what is proposed can no longer be: a person who left, an area that is
    not known, an address that was erased."""
    editor = Editor(session, tree, Author("", Door.FORM, waiting.at))
    proposed = {} if waiting.is_new else {one.field: one.proposed for one in waiting.proposals}
    found = impossible(editor, tree, proposed)
    return frozenset(name for names in found.values() for name in names)


def withdraw(session: Session, account: Account, edit: Edit, now: datetime) -> None:
    """Take back what one proposed oneself. Raises TooLateError when that was decided on."""
    if edit.account_id != account.id:
        raise PermissionError("only who proposed it takes it back")
    _require_waiting(edit)
    _close_proposals(session, edit, ChangeState.OVERTAKEN)
    close_edit(session, edit, EditState.OVERTAKEN, now, signature(account))


def decided(edit: Edit) -> str:
    """What came of an edit, as a sentence."""
    words = label(edit.state)
    if edit.state == EditState.OVERTAKEN:
        return "Dit is vervallen: het is ingetrokken, of er kwam iets nieuwers voor in de plaats."
    return f"{edit.decided_by or NOBODY.capitalize()} heeft dit al {words}."


def _require_waiting(edit: Edit) -> None:
    if edit.state != EditState.WAITING:
        raise TooLateError(decided(edit))


def _close_proposals(session: Session, edit: Edit, state: ChangeState) -> None:
    query = select(Change).where(Change.edit_id == edit.id, Change.state == ChangeState.PROPOSED)
    for change in session.exec(query):
        change.state = state
    session.flush()


class _Deciding:
    """One decision on one edit."""

    def __init__(
        self, session: Session, tree: AreaTree, checker: Account, edit: Edit, now: datetime
    ) -> None:
        _require_waiting(edit)
        found = waiting_edits(session, tree, [edit.id])
        if not found:
            raise TooLateError(GONE)
        if not can_decide(checker, tree, found[0].areas, edit.account_id):
            raise PermissionError("this is for others to decide")
        self._session, self._tree, self._now = session, tree, now
        self._edit, self._waiting, self._by = edit, found[0], signature(checker)
        self._checker = checker

    def approve(self, adjusted: Mapping[str, Any], words: str) -> Decision:
        is_new = self._waiting.is_new
        proposed = {} if is_new else {one.field: one.proposed for one in self._waiting.proposals}
        if is_new:
            adjusted = {"status": Status.LIVE, "confirmed_on": self._now.date()} | dict(adjusted)
        writing = Approval(self._session, self._tree, self._waiting, self._now)
        is_erasure = writing.write(proposed, adjusted, self._edit.id, self._by)
        _close_proposals(self._session, self._edit, ChangeState.APPROVED)
        adjustments = () if is_new else self._adjustments(proposed, writing.written, adjusted)
        return self._decision(EditState.APPROVED, words, adjustments, is_erasure=is_erasure)

    def give_back(self, words: str) -> Decision:
        if not words:
            raise DecisionError(NO_WORDS, "words")
        _close_proposals(self._session, self._edit, ChangeState.RETURNED)
        return self._decision(EditState.RETURNED, words)

    def _adjustments(
        self, proposed: Mapping[str, Any], written: ListingValues, names: Collection[str]
    ) -> tuple[Proposal, ...]:
        after = written.as_json()
        found = (Proposal(name, proposed.get(name), after[name]) for name in names)
        return tuple(one for one in found if one.here != one.proposed)

    def _decision(
        self,
        state: EditState,
        words: str,
        adjusted: tuple[Proposal, ...] = (),
        *,
        is_erasure: bool = False,
    ) -> Decision:
        close_edit(self._session, self._edit, state, self._now, self._by, words)
        listing = self._session.get_one(Listing, self._waiting.listing_id)
        return Decision(
            state=state,
            listing_id=listing.id,
            slug=listing.slug,
            title=listing.title,
            fields=self._waiting.fields,
            by=self._by,
            to=self._addressee(),
            adjusted=adjusted,
            words=words,
            is_new=self._waiting.is_new,
            is_erasure=is_erasure,
        )

    def _addressee(self) -> Addressee | None:
        """Who proposed it, unless that is who decides or has no account any more."""
        id = self._edit.account_id
        account = self._session.get(Account, id) if id and id != self._checker.id else None
        if account is None or account.ended_on is not None:
            return None
        return Addressee(account.name, account.mail)


class Approval:
    """The writing of what was approved: by who proposed it, adjustments by who decides."""

    written: ListingValues

    def __init__(self, session: Session, tree: AreaTree, waiting: Waiting, now: datetime) -> None:
        self._session, self._tree, self._waiting, self._now = session, tree, waiting, now

    def write(
        self, proposed: Mapping[str, Any], adjusted: Mapping[str, Any], edit_id: UUID, by: str
    ) -> bool:
        """Write it under an edit; returns whether an address may no longer be kept."""
        editor = self._editor(self._waiting.by, edit_id)
        here = editor.current(self._key())
        wanted = {name: value for name, value in proposed.items() if name not in adjusted}
        self._require_possible(editor, wanted)
        self.written = after = _merged(here, wanted, adjusted)
        asked = after.as_json()
        self._require_possible(editor, {name: asked[name] for name in adjusted})
        changed = here.differing(after)
        others = {name for name in adjusted if asked[name] != proposed.get(name, asked)}
        by_checker = with_companions(others & changed, changed)
        kept = {name: getattr(here, name) for name in by_checker}
        try:
            with self._session.begin_nested():
                first = editor.save(after.model_copy(update=kept))
                if not by_checker:
                    return first.is_erasure
                self._session.flush()
                second = self._editor(by, edit_id).save(after)
                return first.is_erasure or second.is_erasure
        except sa.exc.IntegrityError:
            raise DecisionError(NO_LONGER) from None

    def _editor(self, by: str, edit_id: UUID) -> Editor:
        return Editor(self._session, self._tree, Author(by, Door.FORM, self._now, edit_id=edit_id))

    def _key(self) -> str:
        return self._session.get_one(Listing, self._waiting.listing_id).key

    def _require_possible(self, editor: Editor, fields: Mapping[str, Any]) -> None:
        found = impossible(editor, self._tree, dict(fields))
        if found:
            name = min(name for names in found.values() for name in names)
            raise DecisionError(NO_LONGER, name)


def _merged(
    here: ListingValues, wanted: Mapping[str, Any], adjusted: Mapping[str, Any]
) -> ListingValues:
    try:
        return ListingValues.model_validate(dict(here) | dict(wanted) | dict(adjusted))
    except ValidationError as error:
        name = str(next(iter(error.errors()[0]["loc"]), ""))
        raise DecisionError(NO_LONGER if name not in adjusted else "Dit kan niet.", name) from None


# What imports propose


def decide_import(
    session: Session,
    tree: AreaTree,
    checker: Account,
    listing_id: UUID,
    run: int,
    taken: Collection[str],
    now: datetime,
) -> Decision:
    """Take over these fields of what an import proposes for a listing, and leave the others.

    Raises TooLateError, and DecisionError for what can't be.
    """
    found = [one for one in waiting_imports(session, tree, listing_id) if one.run == run]
    if not found:
        raise TooLateError(GONE)
    one = found[0]
    if not can_decide(checker, tree, one.areas, None):
        raise PermissionError("this is for others to decide")
    proposed = {told.field: told.proposed for told in one.proposals if told.field in taken}
    by = signature(checker)
    edit = _edit_of_import(session, one, checker, now, is_taken=bool(proposed))
    is_erasure = False
    if proposed:
        is_erasure = Approval(session, tree, one, now).write({}, proposed, edit.id, by)
    _close_import(session, one, edit, proposed)
    listing = session.get_one(Listing, listing_id)
    named = (listing.id, listing.slug, listing.title)
    return Decision(edit.state, *named, frozenset(proposed), by, is_erasure=is_erasure)


def _edit_of_import(
    session: Session, one: Waiting, checker: Account, now: datetime, *, is_taken: bool
) -> Edit:
    """What keeps who decided on what an import proposes."""
    edit = Edit(
        listing_id=one.listing_id,
        account_id=checker.id,
        at=now,
        state=EditState.APPROVED if is_taken else EditState.RETURNED,
        note=f"Voorstel uit import {one.run} ({one.file_name})",
        decided_at=now,
        decided_by=signature(checker),
    )
    session.add(edit)
    session.flush()
    return edit


def _close_import(session: Session, one: Waiting, edit: Edit, taken: Collection[str]) -> None:
    """Say what came of what this import proposed; older proposals for the same are overtaken."""
    query = (
        select(Change, ImportRun.number)
        .join(ImportRun, col(ImportRun.id) == Change.import_run_id)
        .where(Change.noun == NOUN, Change.record_id == one.listing_id)
        .where(Change.state == ChangeState.PROPOSED, col(Change.edit_id).is_(None))
        .where(col(Change.field).in_(one.fields))
    )
    for change, number in session.exec(query).all():
        is_newest = number == one.run
        change.edit_id = edit.id if is_newest else None
        is_taken = change.field in taken
        decided = ChangeState.APPROVED if is_taken else ChangeState.RETURNED
        change.state = decided if is_newest else ChangeState.OVERTAKEN
    session.flush()
