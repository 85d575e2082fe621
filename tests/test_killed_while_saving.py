"""Killed in the middle of an edit or an import: each change is there whole or not at all, and
history, cards and index agree with the listings.

The writer is a process of its own; it is killed at a random moment of its work.
"""

import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap import accounts, db, reviews
from socialmap.geo.tree import area_tree
from socialmap.listings.cards import card_of
from socialmap.listings.edits import Author, Editor
from socialmap.listings.runs import begin_import, finish_import
from socialmap.listings.sources import NOUN
from socialmap.models import Account, Change, Edit, Listing, Provider
from socialmap.models.terms import ChangeState, Door, EditState, Role
from socialmap.reviews import Typed
from socialmap.search.answer.engine import Searcher
from socialmap.search.index.checks import index_faults
from tests.factories import NOW, TODAY, listing, save
from tests.processes import PROCESSES

Work = Callable[[sa.Engine, int], None]
FATMA = "fatma@noordlicht.example"
KEYS = ("kop-op", "durf", "lef")
EDITED = {"phone", "mail", "summary"}
ROUNDS = 4
"""Edits or imports that a process does before it ends by itself."""
FEW, MANY = 3, 200
"""Kills of each kind of work."""
BEGUN = "begun"


def values(number: int) -> dict[str, Any]:
    """What one edit or import says; no two say the same."""
    told = f"{number:06d}"
    return {
        "phone": f"020 000 {told[-4:]}",
        "mail": f"nr{told}@noordlicht.example",
        "summary": f"Voor de {told}e keer vliegeren.",
    }


def edit(engine: sa.Engine, number: int) -> None:
    """Three fields that are live at once, and a name that waits."""
    with db.writing(engine) as session:
        account = session.exec(select(Account).where(Account.mail == FATMA)).one()
        found = session.exec(select(Listing).where(Listing.key == KEYS[number % 3])).one()
        seen = reviews.last_change(session, found.id)
        typed = Typed(values(number) | {"title": f"Naam {number}"}, seen)
        at = NOW + timedelta(seconds=number)
        tree = area_tree(session)
        reviews.save(session, tree, account, found, typed, at, may_check=False)


def bring(engine: sa.Engine, number: int) -> None:
    """An import of every listing."""
    with db.writing(engine) as session:
        now = NOW + timedelta(seconds=number)
        run = begin_import(session, by="test", file_name="lijst.csv", now=now)
        editor = Editor(session, area_tree(session), Author("test", Door.IMPORT, now, run.id))
        editor.save_all([editor.current(key).model_copy(update=values(number)) for key in KEYS])
        finish_import(session, run, created=0, changed=len(KEYS))


def work_on(url: str, work: Work, first: int, pipe: Connection) -> None:
    """In a process of its own: say that it begins, and work until it is killed."""
    engine = db.make_engine(url)
    with Session(engine) as session:
        area_tree(session)
    pipe.send(BEGUN)
    for number in range(first, first + ROUNDS):
        work(engine, number)
    pipe.send(ROUNDS)


@dataclass
class City:
    """A directory whose writer is killed."""

    engine: sa.Engine
    searcher: Searcher
    chance: random.Random
    next: int = 1
    took: float = 0.0

    def is_killed_during(self, work: Work) -> bool:
        """Let a process work, and kill it at a random moment; False when it had ended before."""
        url = self.engine.url.render_as_string(hide_password=False)
        ours, theirs = PROCESSES.Pipe()
        process = PROCESSES.Process(target=work_on, args=(url, work, self.next, theirs))
        process.start()
        theirs.close()
        self.next += ROUNDS
        assert ours.recv() == BEGUN
        start = time.monotonic()
        if self.took:
            time.sleep(self.chance.uniform(0, self.took))
            process.kill()
        has_ended = False
        with suppress(EOFError):
            has_ended = ours.recv() == ROUNDS
            self.took = self.took or time.monotonic() - start
        ours.close()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        return not has_ended

    def assert_whole(self) -> None:
        """Nothing is half, and all that is kept twice says the same."""
        self.searcher.store.drain(self.engine)
        with Session(self.engine) as session:
            assert db.faults(self.engine) == []
            assert list(index_faults(session, self.searcher.store)) == []
            for found in session.exec(select(Listing).options(*Listing.everything())):
                assert_agrees(session, found)
            for one in session.exec(select(Edit)):
                assert_whole_edit(session, one)


def assert_agrees(session: Session, found: Listing) -> None:
    """A listing is as its history and its card tell."""
    assert found.card is not None
    assert found.card.data == card_of(found, {}).model_dump(mode="json")
    here = reviews.values_of(session, found).as_json()
    if here["mail"] is not None:
        number = int(here["mail"][2:8])
        assert {name: here[name] for name in EDITED} == values(number), "of one edit"
    changes = select(Change).where(
        Change.noun == NOUN, Change.record_id == found.id, Change.state == ChangeState.APPLIED
    )
    told: dict[str, Any] = {}
    for change in session.exec(changes.order_by(col(Change.id))):
        assert change.field == "" or change.before == told[change.field]
        told |= change.after if change.field == "" else {change.field: change.after}
    assert told == here


def assert_whole_edit(session: Session, one: Edit) -> None:
    """All of an edit is there: what is live and what waits."""
    changes = session.exec(select(Change).where(Change.edit_id == one.id)).all()
    assert {row.field for row in changes if row.state == ChangeState.APPLIED} == EDITED
    [name] = [row for row in changes if row.state != ChangeState.APPLIED]
    assert (one.state, name.state) in (
        (EditState.WAITING, ChangeState.PROPOSED),
        (EditState.OVERTAKEN, ChangeState.OVERTAKEN),
    )


@pytest.fixture
def city(engine: sa.Engine, searcher: Searcher) -> City:
    save(engine, *(listing(key, mail=None) for key in KEYS))
    with db.writing(engine) as session:
        slug = session.exec(select(Provider.slug)).one()
        accounts.add_role(session, FATMA, Role.EDITOR, TODAY, provider=slug, name="Fatma")
    return City(engine, searcher, random.Random(1))


def kill_at_any_moment(city: City, kills: int) -> None:
    for work in (edit, bring):
        city.took = 0.0
        assert not city.is_killed_during(work)
        city.assert_whole()
        left = kills
        while left:
            left -= city.is_killed_during(work)
            city.assert_whole()


def test_each_change_is_whole_or_absent_after_a_kill(city: City) -> None:
    kill_at_any_moment(city, FEW)


@pytest.mark.soak
def test_each_change_is_whole_or_absent_after_many_kills(city: City) -> None:
    kill_at_any_moment(city, MANY)
