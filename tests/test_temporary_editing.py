"""Telling what is different for a while: the form, the one door, and what waits for a check."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pydantic import ValidationError
from sqlmodel import Session, select

from socialmap import db, reviews
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.models import Account, Change, Listing, ListingCard, Place, TemporaryChange
from socialmap.models.terms import Door, Role
from tests.checking import FATMA, JOOST, YARA, Bureau
from tests.entering import OWN, enter
from tests.factories import (
    NOW,
    SECRET,
    TODAY,
    TUESDAY_AFTERNOON,
    TUESDAYS_ELSEWHERE,
    listing,
    save,
)

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
SLUG = "/bijwerken/kop-op/tijdelijk"
CLOSED = {"kind": "gesloten", "from_on": "2026-12-21", "until_on": "2027-01-03", "text": "Vakantie"}
LATER = {"kind": "let-op", "from_on": "2027-02-01", "until_on": "2027-02-05", "text": "Andere deur"}


@pytest.fixture
def bureau(engine: sa.Engine) -> Bureau:
    bureau = Bureau(engine)
    save(engine, listing(sessions=[TUESDAY_AFTERNOON]))
    return bureau


@pytest.fixture
def yara(app: Flask, bureau: Bureau) -> FlaskClient:
    return enter(app, bureau.engine, YARA, Role.REDACTEUR)


@pytest.fixture
def fatma(app: Flask, bureau: Bureau) -> FlaskClient:
    return enter(app, bureau.engine, FATMA, Role.EDITOR, provider="jongerenwerk-noordlicht")


def put(client: FlaskClient, **values: Any) -> Any:
    """Save what was typed in a form that was given out just now."""
    kept = dict(HIDDEN.findall(client.get(SLUG).text))
    return client.post(SLUG, data=kept | {"doe": "opslaan", **values}, headers=OWN)


# The form


def test_a_change_is_added_and_taken_away(fatma: FlaskClient, bureau: Bureau) -> None:
    answer = put(fatma, **CLOSED)
    assert answer.headers["Location"] == "/bijwerken/kop-op?klaar=tijdelijk"
    page = fatma.get(SLUG).text
    assert "Gesloten van 21 december 2026 tot en met 3 januari 2027. Vakantie" in page
    assert "Gesloten van 21 december" in fatma.get("/bijwerken/kop-op").text
    put(fatma, **LATER)
    assert [one.text for one in bureau.values().temporary] == ["Vakantie", "Andere deur"]
    mark = page.split('name="weg" value="')[1].split('"')[0]
    put(fatma, weg=mark)
    assert [one.text for one in bureau.values().temporary] == ["Andere deur"]


def test_what_has_no_first_day_begins_today(fatma: FlaskClient, bureau: Bureau) -> None:
    put(fatma, **CLOSED | {"from_on": "", "until_on": "3-1-2027"})
    assert bureau.values().temporary[0].from_on == TODAY


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"until_on": "2026-12-01"}, "De laatste dag is eerder dan de eerste"),
        ({"from_on": "2026-10-01", "until_on": "2026-11-22"}, "De laatste dag is al voorbij"),
        ({"until_on": ""}, "tot en met welke dag"),
        ({"until_on": "morgen"}, "Dit is geen datum"),
        ({"until_on": "2028-01-03"}, "Dit duurt langer dan een jaar"),
        ({"kind": ""}, "Kies wat er anders is"),
        ({"kind": "andere-tijd", "text": ""}, "hoe laat het dan is"),
        ({"kind": "let-op", "text": ""}, "wat mensen moeten weten"),
        ({"kind": "andere-plek", "text": ""}, "Schrijf waar het dan is"),
        ({"place": "OBA Banne"}, "Kies ook ‘Het is op een andere plek’"),
        ({"session": "vr-avond"}, "Vrijdagavond staat niet bij de tijden"),
        ({"session": "<b>"}, "Deze tijd staat niet bij de tijden"),
        ({"text": "a" * 201}, "Maak het 1 tekens korter"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    fatma: FlaskClient, bureau: Bureau, typed: dict[str, str], message: str
) -> None:
    form = CLOSED | {"text": "Wij zijn weg"} | typed
    answer = put(fatma, **form)
    assert answer.status_code == 422
    assert message in answer.text
    for name in ("text", "until_on", "place"):
        assert form.get(name, "") in answer.text
    assert bureau.values().temporary == []


def test_a_whole_year_is_asked_about_once(fatma: FlaskClient, bureau: Bureau) -> None:
    long = CLOSED | {"until_on": "2028-01-03"}
    assert 'name="lang"' in put(fatma, **long).text
    assert put(fatma, lang="ja", **long).status_code == 303
    assert str(bureau.values().temporary[0].until_on) == "2028-01-03"


def test_one_time_of_the_week_can_be_chosen(fatma: FlaskClient, bureau: Bureau) -> None:
    assert "dinsdagmiddag" in fatma.get(SLUG).text
    put(fatma, session="di-middag", **CLOSED)
    [one] = bureau.values().temporary
    assert (one.weekday, one.part) == ("di", "middag")


def test_a_place_of_the_directory_is_known_by_its_name(yara: FlaskClient, bureau: Bureau) -> None:
    assert '<option value="OBA Van der Pek, Gentiaanstraat 1">' in yara.get(SLUG).text
    put(yara, **CLOSED | {"kind": "andere-plek", "place": "oba van der pek"})
    [one] = bureau.values().moves
    assert (one.place, one.text) == ("oba-van-der-pek", "Vakantie")


def test_other_words_for_a_place_stay_words(yara: FlaskClient, bureau: Bureau) -> None:
    put(yara, **CLOSED | {"kind": "andere-plek", "place": "De school ernaast"})
    [one] = bureau.values().moves
    assert (one.place, one.text) == (None, "De school ernaast. Vakantie")


def test_another_address_waits_and_a_closure_does_not(fatma: FlaskClient, bureau: Bureau) -> None:
    answer = put(fatma, **CLOSED | {"kind": "andere-plek", "place": "De school ernaast"})
    assert answer.headers["Location"] == "/bijwerken/kop-op?klaar=tijdelijk&wacht=1"
    assert bureau.values().moves == []
    put(fatma, **CLOSED)
    assert len(bureau.values().temporary) == 1
    [waiting] = bureau.queue(YARA)
    assert waiting.fields == {"moves"}, "a closure leaves what waits alone"
    assert waiting.edit_id
    bureau.approve(YARA, waiting.edit_id)
    assert bureau.values().moves[0].text == "De school ernaast. Vakantie"


def test_the_preview_shows_it_and_keeps_nothing(fatma: FlaskClient, bureau: Bureau) -> None:
    soon = CLOSED | {"from_on": "2026-11-23"}
    assert "Gesloten van 23 november" in put(fatma, doe="voorbeeld", **soon).text
    assert bureau.values().temporary == []


def test_who_may_not_edit_is_refused(app: Flask, bureau: Bureau) -> None:
    other = enter(app, bureau.engine, "bas@wijk.example", Role.WIJK_CONTACT, area="AB")
    assert other.get(SLUG).status_code == 403
    assert other.post(SLUG, data=CLOSED, headers=OWN).status_code in (400, 403)
    assert bureau.values().temporary == []


# The one door


def test_history_tells_it_in_words(yara: FlaskClient, bureau: Bureau) -> None:
    bureau.put(FATMA, temporary=[CLOSED])
    bureau.put(YARA, may_check=True, moves=[TUESDAYS_ELSEWHERE])
    page = yara.get("/bijwerken/kop-op/geschiedenis").text
    assert "Gesloten van 21 december 2026 tot en met 3 januari 2027. Vakantie" in page
    assert "Dinsdagmiddag: op een andere plek van 1 tot en met 15 december 2026" in page
    assert "OBA Van der Pek" in page


def test_it_is_taken_back_as_any_other_field(bureau: Bureau) -> None:
    bureau.put(FATMA, temporary=[CLOSED])
    assert bureau.values().temporary

    def act(session: Session, tree: Any, account: Account) -> reviews.TakenBack:
        one = session.exec(select(Listing).where(Listing.key == "kop-op")).one()
        ids = [id for step in reviews.history_of(session, one)[0].applied for id in step.ids]
        changes = reviews.changes_of(session, one, ids)
        return reviews.undo(session, tree, account, one, changes, NOW, may_check=False)

    assert bureau.doing(JOOST, act).outcome.saved == {"temporary"}
    assert bureau.values().temporary == []


def test_two_at_once_choose(bureau: Bureau) -> None:
    def act(session: Session, tree: Any, account: Account) -> reviews.Outcome:
        one = session.exec(select(Listing).where(Listing.key == "kop-op")).one()
        typed = reviews.Typed({"temporary": [LATER]}, seen)
        return reviews.save(session, tree, account, one, typed, NOW, may_check=False)

    with Session(bureau.engine) as session:
        id = session.exec(select(Listing.id).where(Listing.key == "kop-op")).one()
        seen = reviews.last_change(session, id)
    bureau.put(FATMA, temporary=[CLOSED])
    outcome = bureau.doing(JOOST, act)
    assert [one.field for one in outcome.conflicts] == ["temporary"]


def test_an_import_leaves_it_as_it_is(bureau: Bureau) -> None:
    bureau.imported(sessions=[TUESDAY_AFTERNOON])
    bureau.put(YARA, may_check=True, temporary=[CLOSED], moves=[TUESDAYS_ELSEWHERE])
    bureau.imported(sessions=[TUESDAY_AFTERNOON], summary="Iets anders.")
    values = bureau.values()
    assert values.summary == "Iets anders."
    assert len(values.temporary) == len(values.moves) == 1
    assert bureau.queue(YARA) == [], "nor does it propose that"


def test_making_an_address_safe_takes_it_out_of_every_change(bureau: Bureau) -> None:
    bureau.put(YARA, may_check=True, moves=[TUESDAYS_ELSEWHERE])
    bureau.put(FATMA, places=[SECRET])
    assert bureau.values().moves[0].place is None
    with Session(bureau.engine) as session:
        told = session.exec(select(Change).where(Change.field == "moves"))
        assert "oba-van-der-pek" not in "".join(str((row.before, row.after)) for row in told)


def test_what_was_there_before_does_not_keep_a_safe_address(
    bureau: Bureau, engine: sa.Engine
) -> None:
    over = {**TUESDAYS_ELSEWHERE.model_dump(), "from_on": "2026-10-01", "until_on": "2026-11-01"}
    save(engine, listing("ander", places=[]))
    save(engine, listing("ander", places=[], moves=[over]))
    bureau.put(YARA, may_check=True, moves=[TUESDAYS_ELSEWHERE])
    bureau.put(FATMA, places=[SECRET])
    with Session(engine) as session:
        assert session.exec(select(Place).where(Place.name == "OBA Van der Pek")).all() == []
        told = [*session.exec(select(Change.before)), *session.exec(select(Change.after))]
        told += session.exec(select(ListingCard.data))
        assert "entiaanstraat" not in str(told)
        assert "oba-van-der-pek" not in str(told)


def test_the_place_of_a_change_stays_while_it_is_told(bureau: Bureau, engine: sa.Engine) -> None:
    save(engine, listing("ander", places=[], moves=[TUESDAYS_ELSEWHERE]))
    with db.writing(engine) as session:
        Editor(session, area_tree(session), Author("", Door.FORM, NOW)).remove(["kop-op"])
    assert bureau.values("ander").moves[0].place == "oba-van-der-pek"


def test_changes_stand_in_order_and_once(engine: sa.Engine) -> None:
    save(engine, listing(temporary=[LATER, CLOSED, LATER]))
    with Session(engine) as session:
        query = select(TemporaryChange.text).order_by(TemporaryChange.id)
        assert session.exec(query).all() == ["Vakantie", "Andere deur"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"temporary": [CLOSED | {"until_on": "2026-01-01"}]},
        {"temporary": [CLOSED | {"weekday": "di"}]},
        {"temporary": [CLOSED | {"place": "oba-van-der-pek"}]},
        {"temporary": [CLOSED | {"kind": "andere-plek"}]},
        {"moves": [CLOSED]},
        {"temporary": [CLOSED | {"text": "a" * 201}]},
    ],
)
def test_what_contradicts_itself_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        listing(**wrong)
