"""The history of a listing, as people read it."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import db, reviews
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Author
from socialmap.listings.runs import find_import
from socialmap.listings.undo import undo_import
from socialmap.models import Account, Listing
from socialmap.models.terms import Door
from socialmap.reviews import Entry
from tests.checking import BAS, FATMA, JOOST, NOOR, YARA, Bureau
from tests.factories import DRAAD, NOW, listing, save


@pytest.fixture
def bureau(engine: sa.Engine) -> Bureau:
    return Bureau(engine)


def history(bureau: Bureau, key: str = "kop-op") -> list[Entry]:
    def act(session: Session, _tree: Any, _account: Account) -> list[Entry]:
        one = session.exec(select(Listing).where(Listing.key == key)).one()
        return reviews.history_of(session, one)

    return bureau.doing(FATMA, act)


def steps(entry: Entry) -> set[tuple[str, ...]]:
    return {
        (one.field, str(one.before), str(one.after), str(one.state), one.by) for one in entry.steps
    }


def test_the_newest_is_on_top_and_the_birth_below(bureau: Bureau) -> None:
    bureau.put(FATMA, phone="020 000 0012")
    bureau.put(JOOST, mail="kop@noordlicht.example", website="https://kop.example")
    joost, fatma, birth = history(bureau)
    assert (joost.by, joost.at, joost.door, joost.state) == ("Joost", NOW, "form", "done")
    assert steps(joost) == {
        ("mail", "None", "kop@noordlicht.example", "applied", "Joost"),
        ("website", "None", "https://kop.example", "applied", "Joost"),
    }
    assert steps(fatma) == {("phone", "020 000 0077", "020 000 0012", "applied", "Fatma")}
    assert (birth.is_birth, birth.steps, birth.by) == (True, (), "test")


def test_what_waits_is_told_apart(bureau: Bureau) -> None:
    bureau.put(FATMA, title="Durf", phone="020 000 0012", note="Nieuwe naam.")
    entry = history(bureau)[0]
    assert (entry.state, entry.edit and entry.edit.note) == ("waiting", "Nieuwe naam.")
    assert {(one.field, one.state) for one in entry.steps} == {
        ("phone", "applied"),
        ("title", "proposed"),
    }
    assert [one.field for one in entry.applied] == ["phone"]


def test_a_decision_stands_with_what_it_is_about(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf!", coverage=["NK"])
    bureau.approve(NOOR, id, title="Durf")
    entry, _ = history(bureau)
    assert (entry.by, entry.state) == ("Fatma", "approved")
    assert entry.edit is not None
    assert entry.edit.decided_by == "Noor"
    assert steps(entry) == {
        ("title", "Kop op", "Durf!", "approved", "Fatma"),
        ("title", "Kop op", "Durf", "applied", "Noor"),
        ("coverage", "['N']", "['NK']", "applied", "Fatma"),
    }


def test_an_import_and_its_undoing_are_entries(bureau: Bureau) -> None:
    number = bureau.imported(phone="020 000 0012")
    with db.writing(bureau.engine) as session:
        run = find_import(session, number)
        assert run is not None
        undo_import(session, area_tree(session), run, Author("Yara", Door.FORM, NOW, run.id))
    undone, imported, _ = history(bureau)
    assert (imported.by, imported.door, imported.undoes) == ("Bo", "import", "")
    assert imported.run is not None
    assert imported.run.file_name == "aanbod.csv"
    assert (undone.by, undone.door, undone.undoes) == ("Yara", "form", f"import {number}")


def test_commands_of_one_moment_are_one_entry(bureau: Bureau) -> None:
    now = bureau.values()
    save(bureau.engine, now.model_copy(update={"phone": "020 000 0012", "weeks": 3}), by="Op")
    newest, _ = history(bureau)
    assert ({one.field for one in newest.steps}, newest.by) == ({"phone", "weeks"}, "Op")


# What changed lately


def lately(bureau: Bureau, who: str) -> list[tuple[str, str]]:
    def act(session: Session, tree: Any, account: Account) -> list[tuple[str, str]]:
        return [(one.title, one.entry.by) for one in reviews.recent(session, tree, account, NOW)]

    return bureau.doing(who, act)


def test_everyone_sees_what_changed_of_their_own(bureau: Bureau) -> None:
    elsewhere: dict[str, Any] = {"places": [], "coverage": ["AB"], "provider": DRAAD}
    save(bureau.engine, listing("breien", **elsewhere))
    bureau.put(FATMA, phone="020 000 0012")
    assert lately(bureau, YARA) == [("Kop op", "Fatma"), ("Breien", "test"), ("Kop op", "test")]
    for who in (FATMA, JOOST, NOOR):
        assert lately(bureau, who) == [("Kop op", "Fatma"), ("Kop op", "test")]
    assert lately(bureau, BAS) == [("Breien", "test")]


def test_lately_is_the_last_twenty(bureau: Bureau) -> None:
    for number in range(22):
        bureau.put(FATMA, now=NOW + timedelta(minutes=number), phone=f"020 000 00{number + 10}")
    assert len(lately(bureau, FATMA)) == 20


def test_someone_without_a_role_sees_nothing(bureau: Bureau) -> None:
    with db.writing(bureau.engine) as session:
        session.exec(sa.text("DELETE FROM account_role"))
    assert lately(bureau, BAS) == []


def test_an_editor_sees_the_own_listings(bureau: Bureau) -> None:
    save(bureau.engine, listing("breien", provider=DRAAD), listing("aikido"))

    def own(session: Session, _tree: Any, account: Account) -> list[str]:
        return [one.title for one in reviews.own_listings(session, account, NOW)]

    assert bureau.doing(FATMA, own) == ["Aikido", "Kop op"]
    assert bureau.doing(NOOR, own) == []
