"""Taking back a field or an edit: what goes back, what stays, and what waits."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import db, reviews
from socialmap.models import Account, Change, Listing, Person
from socialmap.models.terms import EditState
from socialmap.reviews import TakenBack, Why
from tests.checking import FATMA, JOOST, NOOR, YARA, Bureau
from tests.factories import NOW, SECRET, TODAY

LATER = NOW + timedelta(days=1)


@pytest.fixture
def bureau(engine: sa.Engine) -> Bureau:
    return Bureau(engine)


def back(bureau: Bureau, who: str, *fields: str, entry: int = 0, check: bool = False) -> TakenBack:
    """Take back an entry of the history, 0 the newest; or of that only these fields."""

    def act(session: Session, tree: Any, account: Account) -> TakenBack:
        one = session.exec(select(Listing).where(Listing.key == "kop-op")).one()
        found = reviews.history_of(session, one)[entry]
        steps = [step for step in found.applied if not fields or step.field in fields]
        changes = reviews.changes_of(session, one, [id for step in steps for id in step.ids])
        return reviews.undo(session, tree, account, one, changes, LATER, may_check=check)

    return bureau.doing(who, act)


def test_a_field_goes_back_and_the_rest_stays(bureau: Bureau) -> None:
    bureau.put(FATMA, phone="020 000 0012", summary="Durven leer je samen.")
    taken = back(bureau, JOOST, "phone")
    assert taken.outcome.saved == {"phone"}
    assert taken.staying == ()
    values = bureau.values()
    assert (values.phone, values.summary) == ("020 000 0077", "Durven leer je samen.")


def test_an_edit_goes_back_as_a_whole(bureau: Bureau) -> None:
    before = bureau.values()
    bureau.put(FATMA, phone="020 000 0012", routes=["huisarts"], room="vol", reported_on=TODAY)
    assert back(bureau, FATMA).outcome.saved == {"phone", "routes", "room", "reported_on"}
    assert bureau.values() == before


def test_taking_back_is_an_edit_and_can_be_taken_back(bureau: Bureau) -> None:
    bureau.put(FATMA, phone="020 000 0012")
    edit = back(bureau, JOOST).outcome.edit
    assert edit is not None
    assert (edit.undoes, edit.at) == ("wijziging van Fatma op 23 november 2026", LATER)
    back(bureau, FATMA)
    assert bureau.values().phone == "020 000 0012"


def test_what_is_back_already_changes_nothing(bureau: Bureau) -> None:
    bureau.put(FATMA, phone="020 000 0012")
    back(bureau, FATMA)
    again = back(bureau, FATMA, entry=1)
    assert (again.outcome.saved, again.outcome.edit, again.staying) == (frozenset(), None, ())


def test_what_somebody_changed_since_stays_and_is_named(bureau: Bureau) -> None:
    bureau.put(FATMA, phone="020 000 0012", summary="Durven leer je samen.")
    bureau.put(JOOST, now=LATER, phone="020 000 0013")
    taken = back(bureau, FATMA, entry=1)
    assert taken.outcome.saved == {"summary"}
    [one] = taken.staying
    assert (one.fields, one.why) == ({"phone"}, Why.CHANGED_SINCE)
    assert one.later is not None
    assert (one.later.by, one.later.at) == ("Joost", LATER)
    assert bureau.values().phone == "020 000 0013"


def test_fields_that_belong_together_stay_together(bureau: Bureau) -> None:
    bureau.put(FATMA, min_age_months=48)
    bureau.put(JOOST, max_age_months=100)
    taken = back(bureau, FATMA, entry=1)
    assert taken.outcome.saved == frozenset()
    assert [(one.fields, one.why) for one in taken.staying] == [
        ({"min_age_months"}, Why.CHANGED_SINCE)
    ]
    assert bureau.values().min_age_months == 48


def test_a_risky_field_of_an_editor_waits(bureau: Bureau) -> None:
    bureau.approve(NOOR, bureau.proposed(title="Durf", phone="020 000 0012"))
    outcome = back(bureau, FATMA).outcome
    assert (outcome.saved, outcome.waiting) == ({"phone"}, {"title"})
    assert bureau.values().title == "Durf"
    [one] = bureau.queue(NOOR)
    bureau.approve(NOOR, one.edit_id)
    assert bureau.values().title == "Kop op"


def test_who_checks_takes_a_risky_field_back_at_once(bureau: Bureau) -> None:
    bureau.approve(NOOR, bureau.proposed(title="Durf"))
    assert back(bureau, NOOR, check=True).outcome.saved == {"title"}
    assert bureau.values().title == "Kop op"


def test_what_is_for_who_checks_stays(bureau: Bureau) -> None:
    bureau.put(YARA, may_check=True, level="flex", phone="020 000 0012")
    taken = back(bureau, FATMA)
    assert taken.outcome.saved == {"phone"}
    assert [(one.fields, one.why) for one in taken.staying] == [({"level"}, Why.FOR_CHECKERS)]
    assert back(bureau, YARA, entry=1, check=True).outcome.saved == {"level"}


def test_an_erased_address_does_not_come_back(bureau: Bureau) -> None:
    bureau.put(FATMA, places=[SECRET], phone="020 000 0012")
    taken = back(bureau, YARA, check=True)
    assert taken.outcome.saved == {"phone"}
    assert [(one.fields, one.why) for one in taken.staying] == [({"places"}, Why.ERASED)]


def test_a_person_who_is_gone_does_not_come_back(bureau: Bureau) -> None:
    with Session(bureau.engine) as session:
        first, second = session.exec(select(Person.key).order_by(Person.key).limit(2)).all()
    bureau.put(YARA, may_check=True, contact=first)
    bureau.put(YARA, may_check=True, contact=second)
    with db.writing(bureau.engine) as session:
        session.exec(select(Person).where(Person.key == first)).one().key = "weg"
    taken = back(bureau, YARA, check=True)
    assert taken.outcome.saved == frozenset()
    assert [(one.fields, one.why) for one in taken.staying] == [({"contact"}, Why.GONE)]
    assert bureau.values().contact == second


def test_what_an_import_changed_is_taken_back_per_field(bureau: Bureau) -> None:
    bureau.imported()
    bureau.imported(phone="020 000 0012", summary="Durven leer je samen.")
    assert back(bureau, FATMA, "phone").outcome.saved == {"phone"}
    assert bureau.values().summary == "Durven leer je samen."
    bureau.imported(phone="020 000 0012", summary="Durven leer je samen.")
    assert bureau.values().phone == "020 000 0077", "an import does not do it again"


def test_a_plan_changes_nothing(bureau: Bureau) -> None:
    bureau.approve(NOOR, bureau.proposed(title="Durf", phone="020 000 0012"))

    def act(session: Session, tree: Any, account: Account) -> reviews.Return:
        one = session.exec(select(Listing)).one()
        ids = session.exec(select(Change.id)).all()
        changes = reviews.changes_of(session, one, ids)
        return reviews.plan_undo(session, tree, account, one, changes, may_check=False)

    plan = bureau.doing(FATMA, act)
    assert plan.back == {"title": "Kop op", "phone": "020 000 0077"}
    assert plan.risky == {"title"}
    assert bureau.values().title == "Durf"


def test_what_is_not_of_the_listing_is_left_out(bureau: Bureau) -> None:
    bureau.offered(phone="020 000 0012")
    bureau.put(FATMA, title="Durf")

    def act(session: Session, _tree: Any, _account: Account) -> list[Change]:
        one = session.exec(select(Listing).where(Listing.key == "kop-op")).one()
        return reviews.changes_of(session, one, session.exec(select(Change.id)).all())

    assert bureau.doing(FATMA, act) == [], "a birth and a proposal can't be taken back"


def test_what_waits_makes_way_for_what_is_taken_back(bureau: Bureau) -> None:
    bureau.approve(NOOR, bureau.proposed(title="Durf"))
    waiting = bureau.proposed(title="Lef")
    back(bureau, YARA, entry=1, check=True)
    assert bureau.edit(waiting).state == EditState.OVERTAKEN
    assert bureau.values().title == "Kop op"
