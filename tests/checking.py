"""A listing in the Van der Pek with two editors, and who checks it: Yara everywhere, Noor in
Volewijck, Bas in the Jordaan."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import accounts, db, reviews
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.listings.runs import begin_import, finish_import
from socialmap.listings.values import ListingValues
from socialmap.models import Account, Change, Edit, Listing, Provider
from socialmap.models.terms import Door, EditState, Role, Status
from socialmap.reviews import Decision, Outcome, Typed, Waiting
from tests.factories import NOW, TODAY, listing, save

T = TypeVar("T")
FATMA, JOOST = "fatma@noordlicht.example", "joost@noordlicht.example"
YARA, NOOR, BAS = "yara@gids.example", "noor@wijk.example", "bas@wijk.example"
WHY = "Deze naam is van een ander aanbod."


class Bureau:
    """People who change a listing and who decide about that."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        save(engine, listing())
        with db.writing(engine) as session:
            provider = session.exec(select(Provider.slug)).one()
            for mail, role, scope in (
                (FATMA, Role.EDITOR, {"provider": provider}),
                (JOOST, Role.EDITOR, {"provider": provider}),
                (YARA, Role.REDACTEUR, {}),
                (NOOR, Role.WIJK_CONTACT, {"area": "NK"}),
                (BAS, Role.WIJK_CONTACT, {"area": "AB"}),
            ):
                name = mail.partition("@")[0].title()
                accounts.add_role(session, mail, role, TODAY, name=name, **scope)

    def doing(self, who: str, act: Callable[[Session, AreaTree, Account], T]) -> T:
        """What comes of something that one of them does in one transaction."""
        with db.writing(self.engine) as session:
            account = accounts.find_account(session, who)
            assert account is not None
            found = act(session, area_tree(session), account)
            session.flush()
            session.expunge_all()
            return found

    def put(
        self,
        who: str,
        *,
        may_check: bool = False,
        note: str = "",
        now: datetime = NOW,
        **values: Any,
    ) -> Outcome:
        """Save these values, in a form that was given out just now."""

        def act(session: Session, tree: AreaTree, account: Account) -> Outcome:
            one = session.exec(select(Listing).where(Listing.key == "kop-op")).one()
            typed = Typed(values, reviews.last_change(session, one.id), note=note)
            return reviews.save(session, tree, account, one, typed, now, may_check=may_check)

        return self.doing(who, act)

    def proposed(self, **values: Any) -> UUID:
        """The id of what Fatma proposes."""
        edit = self.put(FATMA, **values).edit
        assert edit is not None
        return edit.id

    def imported(self, *, file_name: str = "aanbod.csv", **values: Any) -> int:
        """The number of an import that says this of the listing."""
        with db.writing(self.engine) as session:
            run = begin_import(session, by="Bo", file_name=file_name, now=NOW, source="noord")
            author = Author("Bo", Door.IMPORT, NOW, run.id)
            saved = Editor(session, area_tree(session), author).save(listing(**values))
            finish_import(session, run, created=int(saved.is_new), changed=1)
            return run.number

    def offered(self, key: str = "naailes", **values: Any) -> UUID:
        """The id of an edit in which Fatma offers something new."""

        def act(session: Session, tree: AreaTree, account: Account) -> UUID:
            edit = Edit(listing_id=account.id, account_id=account.id, at=NOW, state=EditState.DONE)
            session.add(edit)
            session.flush()
            author = Author("Fatma", Door.FORM, NOW, edit_id=edit.id)
            draft = listing(key, status=Status.DRAFT, confirmed_on=None, **values)
            saved = Editor(session, tree, author).save(draft)
            edit.listing_id, edit.state = saved.listing_id, EditState.WAITING
            return edit.id

        return self.doing(FATMA, act)

    def queue(self, who: str) -> list[Waiting]:
        return self.doing(who, reviews.waiting)

    def approve(self, who: str, id: UUID, words: str = "", **adjusted: Any) -> Decision:
        def act(session: Session, tree: AreaTree, account: Account) -> Decision:
            edit = session.get_one(Edit, id)
            return reviews.approve(session, tree, account, edit, NOW, adjusted, words)

        return self.doing(who, act)

    def give_back(self, who: str, id: UUID, words: str = WHY) -> Decision:
        def act(session: Session, tree: AreaTree, account: Account) -> Decision:
            edit = session.get_one(Edit, id)
            return reviews.return_edit(session, tree, account, edit, NOW, words)

        return self.doing(who, act)

    def values(self, key: str = "kop-op") -> ListingValues:
        with Session(self.engine) as session:
            nobody = Author("", Door.FORM, NOW)
            return Editor(session, area_tree(session), nobody).current(key)

    def edit(self, id: UUID) -> Edit:
        with Session(self.engine) as session:
            return session.get_one(Edit, id)

    def told(self, id: UUID) -> set[tuple[Any, ...]]:
        """Field, value after, state and by whom, of the changes of an edit."""
        with Session(self.engine) as session:
            rows = session.exec(select(Change).where(Change.edit_id == id))
            return {(row.field, str(row.after), str(row.state), row.by) for row in rows}
