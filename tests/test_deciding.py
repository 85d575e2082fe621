"""What waits for a decision, who may take it, and what comes of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import accounts, db, reviews
from socialmap.listings.values import PlaceValues
from socialmap.models import Account, Change, Listing, Person
from socialmap.models.terms import ChangeState, EditState, Role
from socialmap.reviews import DecisionError, TooLateError
from tests.checking import BAS, FATMA, JOOST, NOOR, WHY, YARA, Bureau
from tests.factories import NOW, SECRET, TODAY

IN_THE_JORDAAN = PlaceValues(
    street="Lindengracht", house_number="1", postcode="1015KB", area_code="AB03"
)


@pytest.fixture
def bureau(engine: sa.Engine) -> Bureau:
    return Bureau(engine)


def person_keys(bureau: Bureau) -> list[str]:
    with Session(bureau.engine) as session:
        return list(session.exec(select(Person.key).order_by(Person.key).limit(2)).all())


# What waits, and for whom


def test_who_checks_the_area_sees_what_waits(bureau: Bureau) -> None:
    bureau.put(FATMA, title="Durf", note="Zo heet het nu.")
    for who in (YARA, NOOR):
        [one] = bureau.queue(who)
        assert (one.title, one.provider, one.by) == ("Kop op", "Jongerenwerk Noordlicht", "Fatma")
        assert (one.at, one.note) == (NOW, "Zo heet het nu.")
        told = [(change.field, change.here, change.proposed) for change in one.proposals]
        assert told == [("title", "Kop op", "Durf")]
    for who in (BAS, FATMA, JOOST):
        assert bureau.queue(who) == []


def test_who_checks_the_new_area_sees_it_too(bureau: Bureau) -> None:
    bureau.put(FATMA, places=[IN_THE_JORDAAN])
    for who in (NOOR, BAS):
        assert [one.fields for one in bureau.queue(who)] == [{"places"}]


def test_a_whole_city_is_for_the_redactie(bureau: Bureau) -> None:
    bureau.put(YARA, may_check=True, places=[], coverage=["stad"])
    bureau.put(FATMA, title="Durf")
    assert len(bureau.queue(YARA)) == 1
    assert bureau.queue(NOOR) == []


def test_nobody_checks_what_was_proposed_by_oneself(bureau: Bureau) -> None:
    id = bureau.put(NOOR, title="Durf").edit.id
    assert bureau.queue(NOOR) == []
    with pytest.raises(PermissionError):
        bureau.approve(NOOR, id)
    other = bureau.put(YARA, title="Lef").edit.id
    assert [one.edit_id for one in bureau.queue(YARA)] == [other]


def test_the_oldest_comes_first(bureau: Bureau) -> None:
    bureau.put(FATMA, now=NOW, title="Durf")
    bureau.put(FATMA, now=NOW - timedelta(days=1), coverage=["NK"])
    assert [one.fields for one in bureau.queue(YARA)] == [{"coverage"}, {"title"}]


def test_who_is_told_is_the_nearest_first(bureau: Bureau) -> None:
    with db.writing(bureau.engine) as session:
        scope = {"area": "N", "name": "Dirk"}
        accounts.add_role(session, "dirk@noord.example", Role.WIJK_CONTACT, TODAY, **scope)

    def told(who: str, but: bool = False) -> list[str]:
        def act(session: Session, tree: Any, account: Account) -> list[str]:
            one = session.exec(select(Listing)).one()
            found = reviews.checkers_of(session, tree, one, account.id if but else None)
            return [account.name for account in found]

        return bureau.doing(who, act)

    assert told(FATMA) == ["Noor", "Dirk"]
    assert told(NOOR, but=True) == ["Dirk"]
    bureau.put(YARA, may_check=True, places=[], coverage=["stad"])
    assert told(FATMA) == ["Yara"]


# Approving


def test_what_is_approved_becomes_true(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf", summary="Durven leer je samen.")
    assert bureau.values().title == "Kop op"
    decision = bureau.approve(NOOR, id)
    assert bureau.values().title == "Durf"
    edit = bureau.edit(id)
    assert (edit.state, edit.decided_by, edit.decided_at) == (EditState.APPROVED, "Noor", NOW)
    assert ("title", "Durf", "approved", "Fatma") in bureau.told(id)
    assert ("title", "Durf", "applied", "Fatma") in bureau.told(id)
    assert (decision.state, decision.slug, decision.title) == (EditState.APPROVED, "durf", "Durf")
    assert decision.to is not None
    assert (decision.to.name, decision.to.mail) == ("Fatma", FATMA)
    assert (decision.by, decision.adjusted) == ("Noor", ())
    assert bureau.queue(YARA) == []


def test_what_is_adjusted_is_of_who_checks(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf!", coverage=["NK"])
    decision = bureau.approve(NOOR, id, "Zonder uitroepteken.", title="Durf")
    assert (bureau.values().title, bureau.values().coverage) == ("Durf", ["NK"])
    assert bureau.told(id) == {
        ("title", "Durf!", "approved", "Fatma"),
        ("coverage", "['NK']", "approved", "Fatma"),
        ("coverage", "['NK']", "applied", "Fatma"),
        ("title", "Durf", "applied", "Noor"),
    }
    [adjusted] = decision.adjusted
    assert (adjusted.field, adjusted.here, adjusted.proposed) == ("title", "Durf!", "Durf")
    assert decision.words == "Zonder uitroepteken."


def test_the_same_words_are_no_adjustment(bureau: Bureau) -> None:
    decision = bureau.approve(NOOR, bureau.proposed(title="Durf"), title="Durf")
    assert decision.adjusted == ()


def test_stopping_goes_as_a_whole_when_adjusted(bureau: Bureau) -> None:
    id = bureau.proposed(status="ended", ended_on=TODAY, reason="geen geld")
    bureau.approve(YARA, id, reason="De subsidie stopt.")
    values = bureau.values()
    assert (values.status, values.ended_on) == ("ended", TODAY)
    assert values.reason == "De subsidie stopt."


def test_who_checks_may_hide_an_address_and_nothing_of_it_is_kept(bureau: Bureau) -> None:
    decision = bureau.approve(YARA, bureau.proposed(title="Durf"), places=[SECRET])
    assert decision.is_erasure
    with Session(bureau.engine) as session:
        kept = [f"{row.before}{row.after}" for row in session.exec(select(Change))]
    assert not any("Gentiaan" in text for text in kept)


def test_an_adjustment_that_cannot_be_says_where(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf")
    with pytest.raises(DecisionError) as refused:
        bureau.approve(NOOR, id, title="")
    assert refused.value.field == "title"
    assert bureau.edit(id).state == EditState.WAITING


def test_who_may_not_check_cannot_decide(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf")
    for who in (BAS, JOOST, FATMA):
        with pytest.raises(PermissionError):
            bureau.approve(who, id)
        with pytest.raises(PermissionError):
            bureau.give_back(who, id)
    assert bureau.values().title == "Kop op"


# What can no longer be


def test_a_person_who_left_can_only_be_returned(bureau: Bureau) -> None:
    contact, _ = person_keys(bureau)
    id = bureau.proposed(contact=contact)
    with db.writing(bureau.engine) as session:
        session.exec(select(Person).where(Person.key == contact)).one().key = "weg"
    with pytest.raises(DecisionError, match="alleen teruggeven") as refused:
        bureau.approve(YARA, id)
    assert refused.value.field == "contact"
    assert bureau.values().contact is None
    assert bureau.give_back(YARA, id).state == EditState.RETURNED


def test_an_erased_address_can_only_be_returned(bureau: Bureau) -> None:
    id = bureau.proposed(places=[IN_THE_JORDAAN])
    with db.writing(bureau.engine) as session:
        change = session.exec(select(Change).where(Change.edit_id == id)).one()
        change.after = [{"visibility": "erased"}]
    assert len(bureau.queue(YARA)) == 1
    with pytest.raises(DecisionError, match="alleen teruggeven"):
        bureau.approve(YARA, id)
    bureau.give_back(YARA, id)


def test_what_does_not_fit_any_more_changes_nothing(bureau: Bureau) -> None:
    id = bureau.proposed(status="ended", ended_on=TODAY)
    with db.writing(bureau.engine) as session:
        of_edit = select(Change).where(Change.edit_id == id, Change.field == "ended_on")
        session.delete(session.exec(of_edit).one())
    with pytest.raises(DecisionError, match="alleen teruggeven"):
        bureau.approve(YARA, id)
    assert bureau.values().status == "live"


# Returning and taking back


def test_what_is_returned_stays_as_it_was(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf")
    decision = bureau.give_back(NOOR, id)
    assert bureau.values().title == "Kop op"
    edit = bureau.edit(id)
    assert (edit.state, edit.decision, edit.decided_by) == (EditState.RETURNED, WHY, "Noor")
    assert bureau.told(id) == {("title", "Durf", "returned", "Fatma")}
    assert (decision.words, decision.to and decision.to.mail) == (WHY, FATMA)


def test_nothing_is_returned_without_a_reason(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf")
    with pytest.raises(DecisionError, match="Schrijf waarom") as refused:
        bureau.give_back(NOOR, id, "  ")
    assert refused.value.field == "words"
    assert bureau.edit(id).state == EditState.WAITING


def test_who_proposed_it_takes_it_back(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf")

    def take_back(session: Session, _tree: Any, account: Account) -> None:
        edit = reviews.find_edit(session, id)
        assert edit is not None
        reviews.withdraw(session, account, edit, NOW)

    with pytest.raises(PermissionError):
        bureau.doing(JOOST, take_back)
    bureau.doing(FATMA, take_back)
    assert bureau.edit(id).state == EditState.OVERTAKEN
    assert bureau.queue(YARA) == []
    with pytest.raises(TooLateError, match="vervallen"):
        bureau.approve(YARA, id)


def test_who_decides_later_hears_who_did(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf")
    bureau.approve(NOOR, id)
    for late in (lambda: bureau.approve(YARA, id), lambda: bureau.give_back(YARA, id)):
        with pytest.raises(TooLateError, match="Noor heeft dit al goedgekeurd"):
            late()


def test_of_many_who_decide_at_once_one_does(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf")

    def approve(who: str) -> bool:
        try:
            bureau.approve(who, id)
        except TooLateError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(approve, [YARA, NOOR, YARA, NOOR])) == [False, False, False, True]
    assert len([row for row in bureau.told(id) if row[2] == "applied"]) == 1


def test_who_has_no_account_any_more_is_not_told(bureau: Bureau) -> None:
    id = bureau.proposed(title="Durf")
    with db.writing(bureau.engine) as session:
        session.exec(select(Account).where(Account.mail == FATMA)).one().ended_on = TODAY
    assert bureau.approve(YARA, id).to is None
    own = bureau.put(YARA, title="Lef").edit.id
    assert bureau.approve(YARA, own).to is None


# New offers


def test_a_new_offer_waits_and_is_shown_once_approved(bureau: Bureau) -> None:
    id = bureau.offered(summary="Samen een broek maken.")
    [one] = bureau.queue(NOOR)
    assert (one.is_new, one.title) == (True, "Naailes")
    told = {change.field: change.proposed for change in one.proposals}
    assert told["summary"] == "Samen een broek maken."
    assert "not_for" not in told
    decision = bureau.approve(NOOR, id)
    assert (decision.is_new, decision.to and decision.to.mail) == (True, FATMA)
    assert bureau.values("naailes").status == "live"
    assert bureau.values("naailes").confirmed_on == TODAY
    assert bureau.queue(NOOR) == []


def test_a_returned_offer_stays_a_draft(bureau: Bureau) -> None:
    bureau.give_back(NOOR, bureau.offered())
    assert bureau.values("naailes").status == "draft"
    assert bureau.queue(NOOR) == []


def test_nobody_shows_a_draft_past_the_queue(bureau: Bureau) -> None:
    with db.writing(bureau.engine) as session:
        session.exec(select(Listing)).one().status = "draft"
    assert bureau.put(FATMA, status="live").waiting == {"status"}


# What imports propose


def test_an_import_proposes_what_somebody_changed(bureau: Bureau) -> None:
    bureau.imported()
    bureau.put(FATMA, phone="020 000 0012", summary="Durven leer je samen.")
    second = bureau.imported(phone="020 000 0013", summary="Durven, dat leer je.")
    assert bureau.queue(BAS) == []
    [one] = bureau.queue(NOOR)
    assert (one.run, one.by, one.file_name) == (second, "Bo", "aanbod.csv")
    told = [(change.field, change.here, change.proposed) for change in one.proposals]
    assert told == [
        ("summary", "Durven leer je samen.", "Durven, dat leer je."),
        ("phone", "020 000 0012", "020 000 0013"),
    ]


def taken(bureau: Bureau, who: str, run: int, *fields: str) -> reviews.Decision:
    def act(session: Session, tree: Any, account: Account) -> reviews.Decision:
        one = session.exec(select(Listing.id)).one()
        return reviews.decide_import(session, tree, account, one, run, fields, NOW)

    return bureau.doing(who, act)


def test_some_of_an_import_is_taken_over(bureau: Bureau) -> None:
    bureau.imported()
    bureau.put(FATMA, phone="020 000 0012", summary="Durven leer je samen.")
    older = bureau.imported(phone="020 000 0014")
    newest = bureau.imported(phone="020 000 0013", summary="Durven, dat leer je.")
    assert [one.run for one in bureau.queue(YARA)] == [newest]
    with pytest.raises(PermissionError):
        taken(bureau, BAS, newest, "phone")
    with pytest.raises(TooLateError):
        taken(bureau, YARA, older, "phone")
    assert taken(bureau, NOOR, newest, "phone").state == EditState.APPROVED
    values = bureau.values()
    assert (values.phone, values.summary) == ("020 000 0013", "Durven leer je samen.")
    with Session(bureau.engine) as session:
        proposed = select(Change).where(Change.import_run_id != None).order_by(Change.id)  # noqa: E711
        states = [(row.after, row.state) for row in session.exec(proposed) if row.field]
    assert states == [
        ("020 000 0014", ChangeState.OVERTAKEN),
        ("020 000 0013", ChangeState.APPROVED),
        ("Durven, dat leer je.", ChangeState.RETURNED),
    ]
    assert bureau.queue(YARA) == []
    bureau.imported(phone="020 000 0013", summary="Durven, dat leer je.")
    assert bureau.queue(YARA) == [], "the same is not proposed again"


def test_nothing_of_an_import_is_taken_over(bureau: Bureau) -> None:
    bureau.imported()
    bureau.put(FATMA, phone="020 000 0012")
    run = bureau.imported(phone="020 000 0013")
    assert taken(bureau, YARA, run).state == EditState.RETURNED
    assert bureau.values().phone == "020 000 0012"
    with pytest.raises(TooLateError, match="wacht niets meer"):
        taken(bureau, YARA, run, "phone")
