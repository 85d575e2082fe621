"""The pages on which people decide, look back and take back."""

import email
import re
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import db, reviews
from socialmap.geo.tree import area_tree
from socialmap.listings.values import PlaceValues
from socialmap.models import Account, Change, Listing
from socialmap.models.terms import EditState, Role
from socialmap.views import letters
from tests.checking import BAS, FATMA, JOOST, NOOR, WHY, YARA, Bureau
from tests.entering import OWN, enter, post, proof
from tests.factories import DRAAD, NOW, listing, save
from tests.reading import plain

pytestmark = pytest.mark.pages

ROLES = {YARA: Role.REDACTEUR, NOOR: Role.WIJK_CONTACT, BAS: Role.WIJK_CONTACT}
AREAS = {NOOR: "NK", BAS: "AB"}
PROVIDER = "jongerenwerk-noordlicht"


@pytest.fixture
def bureau(engine: sa.Engine) -> Bureau:
    return Bureau(engine)


class People:
    """Browsers in which people are signed in."""

    def __init__(self, app: Flask, engine: sa.Engine) -> None:
        self._app, self._engine = app, engine
        self._known: dict[str, FlaskClient] = {}

    def __getitem__(self, mail: str) -> FlaskClient:
        if mail not in self._known:
            role = ROLES.get(mail, Role.EDITOR)
            scope = {"area": AREAS.get(mail, "")}
            scope |= {"provider": PROVIDER} if role == Role.EDITOR else {}
            self._known[mail] = enter(self._app, self._engine, mail, role, **scope)
        return self._known[mail]

    def reads(self, mail: str, path: str) -> str:
        answer = self[mail].get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return plain(answer.text)


@pytest.fixture
def people(app: Flask, engine: sa.Engine, bureau: Bureau) -> People:
    return People(app, engine)


def mails(folder: Path) -> list[EmailMessage]:
    paths = sorted((folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def words(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def part(page: str, heading: str) -> str:
    """The section of a page under a heading."""
    parts = re.split(r"(?=<section)", page)
    return plain(next((one for one in parts if re.search(rf"<h2[^>]*>{heading}", one)), ""))


# The desk


def test_the_desk_says_what_waits(bureau: Bureau, people: People) -> None:
    for number in range(7):
        save(bureau.engine, listing(f"les-{number}"))
        with db.writing(bureau.engine) as session:
            one = session.exec(select(Listing).where(Listing.key == f"les-{number}")).one()
            account = session.exec(select(Account).where(Account.mail == FATMA)).one()
            propose(session, one, account)
    page = people[NOOR].get("/bureau").text
    assert "Wacht op u: 7" in page
    assert page.count('href="/bureau/keuren/') == 5
    assert "Kijk alle 7 na" in page
    assert "Wacht op u" not in people.reads(FATMA, "/bureau")
    assert "Er wacht niets op uw beslissing." in people.reads(BAS, "/bureau")


def propose(session: Session, one: Listing, account: Account) -> None:
    typed = reviews.Typed({"title": "Durf"}, reviews.last_change(session, one.id))
    reviews.save(session, area_tree(session), account, one, typed, NOW, may_check=False)


def test_an_editor_finds_the_own_listings(bureau: Bureau, people: People) -> None:
    save(bureau.engine, listing("breien", provider=DRAAD))
    page = people[FATMA].get("/bureau").text
    assert "Kop op" in part(page, "Uw aanbod")
    assert "Breien" not in page
    assert 'href="/bijwerken/kop-op"' in page
    assert 'href="/bijwerken/kop-op/geschiedenis"' in page
    assert "Imports" not in page
    assert part(people[NOOR].get("/bureau").text, "Uw aanbod") == ""


def test_the_desk_says_what_changed_lately(bureau: Bureau, people: People) -> None:
    bureau.put(FATMA, phone="020 000 0012", title="Durf")
    told = part(people[NOOR].get("/bureau").text, "Laatst veranderd")
    assert "Kop op Naam en Telefoon Fatma · 23 november 2026 · wacht op controle" in told
    assert part(people[BAS].get("/bureau").text, "Laatst veranderd") == ""


# Checking


def test_the_queue_leads_to_each_case(bureau: Bureau, people: People) -> None:
    id = bureau.proposed(title="Durf", coverage=["NK"])
    page = people[NOOR].get("/bureau/keuren").text
    assert f'href="/bureau/keuren/{id}"' in page
    assert "Naam en Werkgebied" in plain(page)
    assert "Eén voorstel wacht" in plain(page)
    assert "Er wacht niets op u." in people.reads(BAS, "/bureau/keuren")


def test_a_case_shows_what_goes_and_what_comes(bureau: Bureau, people: People) -> None:
    bureau.put(FATMA, title="Kop omhoog", coverage=["NK"], note="Zo heet het <nu>.")
    [case] = bureau.queue(NOOR)
    page = people[NOOR].get(f"/bureau/keuren/{case.edit_id}").text
    assert "Zo heet het &lt;nu&gt;." in page
    assert re.search(r"Kop <del><span[^>]*>weg: </span>op<", page)
    assert re.search(r"<ins><span[^>]*>erbij: </span>omhoog<", page)
    assert "weg: Noord; erbij: Volewijck;" in plain(page)


def test_after_approval_the_next_case_follows(bureau: Bureau, people: People, folder: Path) -> None:
    first = bureau.proposed(title="Durf")
    new = bureau.offered()
    page = f"/bureau/keuren/{first}"
    status, to = post(people[NOOR], page, f"{page}/goedkeuren", title="Durf", uitleg="")
    assert (status, to) == (303, f"/bureau/keuren/{new}?klaar=approved")
    assert "Goedgekeurd." in people.reads(NOOR, to)
    assert bureau.values().title == "Durf"
    [letter] = mails(folder)
    assert letter["To"] == FATMA
    assert letter["Subject"] == "Uw wijziging staat in de gids: Durf"
    assert "Uw wijziging van ‘Durf’ (naam) is nagekeken en staat nu in de gids." in words(letter)
    assert "paste nog iets aan" not in words(letter)
    assert "http://localhost:8000/aanbod/durf" in words(letter)
    assert "http://localhost:8000/bijwerken/durf" in words(letter)


def test_an_adjustment_is_told_with_its_reason(
    bureau: Bureau, people: People, folder: Path
) -> None:
    page = f"/bureau/keuren/{bureau.proposed(title='Durf!')}"
    fields = {"title": "Durf", "uitleg": "Zonder uitroepteken."}
    status, to = post(people[NOOR], page, f"{page}/goedkeuren", **fields)
    assert (status, to) == (303, "/bureau/keuren?klaar=approved")
    assert bureau.values().title == "Durf"
    [letter] = mails(folder)
    assert "Noor paste nog iets aan. Er staat nu: - Naam: Durf" in words(letter)
    assert "Noor schrijft erbij: Zonder uitroepteken." in words(letter)


def test_an_empty_name_is_told_at_the_box(bureau: Bureau, people: People) -> None:
    id = bureau.proposed(title="Durf", coverage=["NK"])
    page = f"/bureau/keuren/{id}"
    status, text = post(people[NOOR], page, f"{page}/goedkeuren", title=" ", uitleg="Omdat.")
    assert status == 422
    assert "<title>Fout: " in text
    assert '<a href="#f-title">Vul een naam in.</a>' in text
    assert 'id="f-title" name="title" value=" "' in text
    assert "Omdat.</textarea>" in text
    assert bureau.edit(id).state == EditState.WAITING


def test_what_is_returned_is_told_with_the_reason(
    bureau: Bureau, people: People, folder: Path
) -> None:
    id = bureau.proposed(title="Durf")
    page = f"/bureau/keuren/{id}"
    status, text = post(people[NOOR], page, f"{page}/teruggeven", words=" ")
    assert status == 422
    assert '<a href="#f-words">Schrijf waarom u dit teruggeeft.</a>' in text
    assert mails(folder) == []
    status, to = post(people[NOOR], page, f"{page}/teruggeven", words=WHY)
    assert (status, to) == (303, "/bureau/keuren?klaar=returned")
    assert "Teruggegeven." in people.reads(NOOR, to)
    [letter] = mails(folder)
    assert f"Noor schrijft waarom: {WHY}" in words(letter)
    assert "http://localhost:8000/bijwerken/kop-op" in words(letter)


def test_a_mail_that_fails_loses_no_decision(
    bureau: Bureau, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise letters.MailError

    monkeypatch.setattr(letters.Mailer, "send", refuse)
    page = f"/bureau/keuren/{bureau.proposed(title='Durf')}"
    _, to = post(people[NOOR], page, f"{page}/goedkeuren", title="Durf")
    assert "de mail aan de indiener kon niet worden verstuurd" in people.reads(NOOR, to)
    assert bureau.values().title == "Durf"


def test_who_comes_a_second_late_reads_who_decided(
    bureau: Bureau, people: People, folder: Path
) -> None:
    id = bureau.proposed(title="Durf")
    page = f"/bureau/keuren/{id}"
    token = proof(people[YARA].get(page).text)
    bureau.approve(NOOR, id)
    for act in ("goedkeuren", "teruggeven"):
        data = {"bewijs": token, "words": WHY, "title": "Lef"}
        answer = people[YARA].post(f"{page}/{act}", data=data, headers=OWN)
        assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert "Noor heeft dit al goedgekeurd." in people.reads(YARA, page)
    assert bureau.values().title == "Durf"
    assert mails(folder) == []


def test_what_can_no_longer_be_has_no_button(bureau: Bureau, people: People) -> None:
    elsewhere = PlaceValues(street="Heimansweg", house_number="33", area_code="NK03")
    id = bureau.proposed(places=[elsewhere])
    page = people[NOOR].get(f"/bureau/keuren/{id}").text
    assert "Keur goed" in page
    erase(bureau, id)
    page = people[NOOR].get(f"/bureau/keuren/{id}").text
    assert "Dit kan niet meer zo worden doorgevoerd: adres." in plain(page)
    assert "Keur goed" not in page
    assert "Geef terug" in page


def erase(bureau: Bureau, id: Any) -> None:
    with db.writing(bureau.engine) as session:
        waits = select(Change).where(Change.edit_id == id, Change.state == "proposed")
        session.exec(waits).one().after = [{"visibility": "erased"}]


def test_a_new_offer_is_read_as_a_whole(bureau: Bureau, people: People, folder: Path) -> None:
    id = bureau.offered(summary="Samen een broek maken.")
    page = f"/bureau/keuren/{id}"
    text = people.reads(NOOR, page)
    assert "Nieuw aanbod nakijken Naailes" in text
    assert "Samenvatting Samen een broek maken." in text
    assert "Leeftijd 12–16 jaar" in text
    assert "weg:" not in text
    assert post(people[NOOR], page, f"{page}/goedkeuren")[0] == 303
    assert people[NOOR].get("/aanbod/naailes").status_code == 200
    assert "is nagekeken en staat nu in de gids" in words(mails(folder)[0])


def test_an_import_is_taken_over_as_far_as_ticked(
    bureau: Bureau, people: People, folder: Path
) -> None:
    bureau.imported()
    bureau.put(FATMA, phone="020 000 0012", max_age_months=215)
    run = bureau.imported(phone="020 000 0013", max_age_months=191)
    page = f"/bureau/keuren/import/{run}/kop-op"
    assert page in people[NOOR].get("/bureau/keuren").text
    assert people[BAS].get(page).status_code == 404
    text = people.reads(NOOR, page)
    assert "Een import zegt iets anders" in text
    assert "weg: 020 000 0012; erbij: 020 000 0013;" in text
    status, to = post(people[NOOR], page, neem="phone", over="ja")
    assert (status, to) == (303, "/bureau/keuren?klaar=approved")
    values = bureau.values()
    assert (values.phone, values.max_age_months) == ("020 000 0013", 215)
    assert people[NOOR].get(page).status_code == 404
    assert mails(folder) == []
    history = people.reads(FATMA, "/bijwerken/kop-op/geschiedenis")
    assert f"Voorstel uit import {run} (aanbod.csv)" in history
    assert "Goedgekeurd door Noor" in history


# Who may come where


@pytest.mark.parametrize("path", ["/bureau/keuren", "/bureau/keuren/{id}"])
def test_the_queue_is_for_who_checks(bureau: Bureau, people: People, app: Flask, path: str) -> None:
    path = path.format(id=bureau.proposed(title="Durf"))
    assert people[FATMA].get(path).status_code == 403
    led = app.test_client().get(path)
    assert led.headers["Location"].startswith("/inloggen?naar=")
    answer = people[NOOR].get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'content="noindex"' in answer.text


def test_a_decision_elsewhere_is_refused(bureau: Bureau, people: People) -> None:
    id = bureau.proposed(title="Durf")
    own = bureau.put(NOOR, coverage=["NK"]).edit.id
    for who, edit in ((BAS, id), (FATMA, id), (NOOR, own)):
        token = proof(people[who].get("/bureau").text)
        for act in ("goedkeuren", "teruggeven"):
            data = {"bewijs": token, "words": WHY}
            answer = people[who].post(f"/bureau/keuren/{edit}/{act}", data=data, headers=OWN)
            assert answer.status_code == 403, (who, act)
    assert people[NOOR].get(f"/bureau/keuren/{bureau.offered()}x").status_code == 404
    assert (
        people[NOOR].get("/bureau/keuren/00000000-0000-0000-0000-000000000000").status_code == 404
    )
    assert bureau.values().title == "Kop op"


def test_history_is_for_who_edits_or_checks(bureau: Bureau, people: People, app: Flask) -> None:
    page = "/bijwerken/kop-op/geschiedenis"
    for who in (FATMA, JOOST, NOOR, YARA):
        assert people[who].get(page).status_code == 200
    assert people[BAS].get(page).status_code == 403
    assert app.test_client().get(page).status_code == 303
    assert people[FATMA].get("/bijwerken/niets/geschiedenis").status_code == 404


def test_imports_are_for_the_redactie(bureau: Bureau, people: People) -> None:
    run = bureau.imported(phone="020 000 0012")
    for path in ("/bureau/imports", f"/bureau/imports/{run}/ongedaan"):
        assert people[YARA].get(path).status_code == 200
        for who in (FATMA, NOOR):
            assert people[who].get(path).status_code == 403
    token = proof(people[NOOR].get("/bureau").text)
    path = f"/bureau/imports/{run}/ongedaan"
    assert people[NOOR].post(path, data={"bewijs": token}, headers=OWN).status_code == 403
    assert bureau.values().phone == "020 000 0012"


def test_a_form_without_its_token_is_refused(bureau: Bureau, people: People) -> None:
    id, run = bureau.proposed(title="Durf"), bureau.imported(phone="020 000 0012")
    for path in (
        f"/bureau/keuren/{id}/goedkeuren",
        f"/bureau/keuren/{id}/teruggeven",
        f"/bureau/keuren/import/{run}/kop-op",
        f"/bureau/imports/{run}/ongedaan",
        "/bijwerken/kop-op/geschiedenis/terug",
        f"/bijwerken/kop-op/geschiedenis/{id}/intrekken",
    ):
        data = {"bewijs": "a.b", "words": WHY, "wijziging": "1"}
        assert people[YARA].post(path, data=data, headers=OWN).status_code == 403, path


# Looking back and taking back


def undo_fields(page: str) -> list[str]:
    """The changes that the buttons of a page take back."""
    return re.findall(r'name="wijziging" value="([\d,]+)"', page)


def test_a_field_is_taken_back_from_its_history(bureau: Bureau, people: People) -> None:
    bureau.put(FATMA, phone="020 000 0012", routes=["huisarts"])
    page = "/bijwerken/kop-op/geschiedenis"
    text = people[JOOST].get(page).text
    assert "Fatma, via een formulier" in plain(text)
    assert "Toegevoegd aan de gids." in text
    _, phone = undo_fields(text)
    status, to = post(people[JOOST], page, f"{page}/terug", wijziging=phone)
    assert status == 303
    told = people.reads(JOOST, to)
    assert "Teruggedraaid: telefoon." in told
    assert "Teruggedraaid: wijziging van Fatma op 23 november 2026" in told
    values = bureau.values()
    assert (values.phone, values.routes) == ("020 000 0077", ["huisarts"])
    again = post(people[JOOST], page, f"{page}/terug", wijziging=phone)[1]
    assert "Er is niets veranderd: dit stond al terug." in people.reads(JOOST, again)


def test_an_edit_is_taken_back_after_a_question(bureau: Bureau, people: People) -> None:
    bureau.put(FATMA, phone="020 000 0012", routes=["huisarts"])
    bureau.put(JOOST, phone="020 000 0013")
    history = "/bijwerken/kop-op/geschiedenis"
    bureau.put(FATMA, mail="a@noordlicht.example", website="https://kop.example")
    [link] = re.findall(r'href="([^"]+/terug\?[^"]+)"', people[YARA].get(history).text)
    text = people.reads(YARA, link)
    assert "Dit terugdraaien?" in text
    assert "De wijziging van Fatma op 23 november 2026." in text
    assert "Mail weg: a@noordlicht.example;" in text
    status, to = post(people[YARA], link, f"{history}/terug", wijziging=link.rpartition("=")[2])
    assert status == 303
    assert "Teruggedraaid: mail en website." in people.reads(YARA, to.replace("%2C", ","))
    values = bureau.values()
    assert (values.mail, values.website, values.phone) == (None, None, "020 000 0013")


def test_what_stays_is_named_before_and_after(bureau: Bureau, people: People) -> None:
    bureau.put(FATMA, phone="020 000 0012")
    history = "/bijwerken/kop-op/geschiedenis"
    [old] = undo_fields(people[YARA].get(history).text)
    bureau.put(JOOST, phone="020 000 0013")
    text = people.reads(YARA, f"{history}/terug?wijziging={old}")
    assert "Er is niets terug te draaien" in text
    assert "Telefoon: is daarna gewijzigd door Joost op 23 november 2026." in text
    status, text = post(people[YARA], history, f"{history}/terug", wijziging=old)
    assert status == 409
    assert "Dit kan niet terug." in text
    assert bureau.values().phone == "020 000 0013"


def test_a_risky_field_that_goes_back_waits_and_is_told(
    bureau: Bureau, people: People, folder: Path
) -> None:
    bureau.approve(NOOR, bureau.proposed(title="Durf"))
    history = "/bijwerken/durf/geschiedenis"
    [title] = undo_fields(people[FATMA].get(history).text)
    asked = people.reads(FATMA, f"{history}/terug?wijziging={title}")
    assert "Wacht eerst op controle." in asked
    _, to = post(people[FATMA], history, f"{history}/terug", wijziging=title)
    assert "Dit wacht eerst op controle: naam." in people.reads(FATMA, to)
    assert bureau.values().title == "Durf"
    [letter] = mails(folder)
    assert letter["To"] == NOOR
    assert letter["Subject"] == "Wilt u dit nakijken? Durf"
    [case] = bureau.queue(NOOR)
    assert f"http://localhost:8000/bureau/keuren/{case.edit_id}" in words(letter)


def test_who_proposed_it_takes_it_back(bureau: Bureau, people: People) -> None:
    id = bureau.proposed(title="Durf")
    page = "/bijwerken/kop-op/geschiedenis"
    act = f"{page}/{id}/intrekken"
    assert act in people[FATMA].get(page).text
    assert act not in people[JOOST].get(page).text
    assert post(people[JOOST], "/bureau", act)[0] == 404
    _, to = post(people[FATMA], "/bureau", act)
    assert "Ingetrokken." in people.reads(FATMA, to)
    assert bureau.edit(id).state == EditState.OVERTAKEN
    assert "Intrekken kan niet meer" in people.reads(FATMA, post(people[FATMA], "/bureau", act)[1])


def test_a_renamed_listing_is_found_by_its_old_address(bureau: Bureau, people: People) -> None:
    bureau.put(YARA, may_check=True, title="Durf")
    led = people[FATMA].get("/bijwerken/kop-op/geschiedenis")
    assert led.headers["Location"] == "/bijwerken/durf/geschiedenis"


@pytest.mark.parametrize("asked", ["", "x", "99999999999999999999999", "1", "-1", "½"])
def test_guessed_changes_are_not_found(bureau: Bureau, people: People, asked: str) -> None:
    page = "/bijwerken/kop-op/geschiedenis"
    assert people[YARA].get(f"{page}/terug", query_string={"wijziging": asked}).status_code == 404
    assert post(people[YARA], "/bureau", f"{page}/terug", wijziging=asked)[0] == 404


def test_a_long_history_has_pages(bureau: Bureau, people: People) -> None:
    for number in range(30):
        bureau.put(FATMA, phone=f"020 000 00{number + 10}")
    page = people[FATMA].get("/bijwerken/kop-op/geschiedenis").text
    assert page.count('<li class="flow">') == 25
    older = people[FATMA].get("/bijwerken/kop-op/geschiedenis?pagina=2").text
    assert older.count('<li class="flow">') == 6
    assert "Toegevoegd aan de gids." in older


# Imports


def test_an_import_is_taken_back_after_a_question(bureau: Bureau, people: People) -> None:
    run = bureau.imported(phone="020 000 0012", summary="Durven leer je samen.")
    bureau.put(FATMA, summary="Samen durven.")
    assert "Import 1: aanbod.csv 0 nieuw, 1 gewijzigd" in people.reads(YARA, "/bureau")
    page = f"/bureau/imports/{run}/ongedaan"
    text = people.reads(YARA, page)
    assert "Er is nog niets veranderd." in text
    assert "Gaat terug: 1" in text
    assert "Kop op: telefoon" in text
    assert "Kop op: samenvatting is daarna gewijzigd, door Fatma op 23 november 2026" in text
    assert bureau.values().phone == "020 000 0012"
    status, to = post(people[YARA], page)
    assert (status, to) == (303, f"/bureau/imports?klaar={run}")
    told = people.reads(YARA, to)
    assert "De import is ongedaan gemaakt." in told
    assert "Ongedaan gemaakt door Yara, 23 november 2026" in told
    values = bureau.values()
    assert (values.phone, values.summary) == ("020 000 0077", "Samen durven.")
    assert people[YARA].get(page).headers["Location"] == "/bureau/imports?klaar=al"
    history = people.reads(FATMA, "/bijwerken/kop-op/geschiedenis")
    assert f"Teruggedraaid: import {run}" in history


def test_an_import_that_made_a_listing_says_so(bureau: Bureau, people: People) -> None:
    run = bureau.imported(key="naailes")
    text = people.reads(YARA, f"/bureau/imports/{run}/ongedaan")
    assert "Verdwijnt: 1" in text
    assert "Naailes" in text
    for guess in ("99", "x", "½", "-1", "9" * 30):
        assert people[YARA].get(f"/bureau/imports/{guess}/ongedaan").status_code == 404
