"""Adding an offer: steps that stay kept, one listing however often it is sent, and who decides."""

import email
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from socialmap import accounts, db
from socialmap.geo.tree import area_tree
from socialmap.listings.values import ListingValues
from socialmap.mail import Mailer, MailError
from socialmap.models import Account, Change, Edit, Listing, OfferDraft, Person, PersonDetail
from socialmap.models.terms import EditState, Part, Role, Status
from socialmap.reviews import offers
from socialmap.reviews.offers import OfferError, Told
from socialmap.views.clock import now
from socialmap.views.edit.forms import Around
from socialmap.views.edit.reader import Typed
from socialmap.views.offer.letters import decided_letter
from socialmap.views.offer.pace import PER_NETWORK, Pace
from socialmap.views.offer.steps import STEPS, forms_with, may_be_kept
from tests.entering import OWN, enter, proof
from tests.factories import DRAAD, NOW, TODAY, listing, save
from tests.test_editing import Boxes

BEGIN = {
    "title": "Naaimiddag",
    "provider": "Naaigroep Volewijck",
    "informal": "ja",
    "mail": "Hatice@naaigroep.example",
}
FILLED: dict[str, dict[str, Any]] = {
    "tekst": {"summary": "Samen naaien op dinsdag. Voor moeders uit de buurt."},
    "wie": {"audience": ["ouder"]},
    "toegang": {"routes": ["zelf"], "cost": "gratis"},
    "wanneer": {"weekday-0": "di", "starts_at-0": "13:30"},
    "waar": {"visibility-0": "area", "area_code-0": "NK", "coverage": ["NK"]},
    "contact": {"phone": "020 000 0012"},
}
CONSENT = {
    "voor": "ander",
    "consent_name": "Hatice",
    "consent_on": "20-11-2026",
    "consent_how": "mondeling",
    "consent_told": "ja",
}
ILSE = "ilse@okt.example"


def begin(client: FlaskClient, **given: Any) -> Any:
    """Fill in the first page; returns the answer."""
    data = {"bewijs": proof(client.get("/melden").text)} | BEGIN | given
    return client.post("/melden", data=data, headers=OWN)


def begun(client: FlaskClient, **given: Any) -> str:
    """Begin an offer; returns the address that its steps stand under."""
    answer = begin(client, **given)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).rpartition("/tekst")[0]


def put(client: FlaskClient, page: str, **values: Any) -> Any:
    """Fill in these boxes of a step and press the button to go on, or `doe`."""
    form: dict[str, Any] = dict(Boxes(client.get(page).text).found)
    return client.post(page, data=form | {"doe": "verder"} | values, headers=OWN)


def fill(client: FlaskClient, offer: str, **others: dict[str, Any]) -> None:
    """Go through all steps."""
    for step, values in {**FILLED, **others}.items():
        answer = put(client, f"{offer}/{step}", **values)
        assert answer.status_code == 303, (step, answer.text)


def press_send(client: FlaskClient, offer: str) -> Any:
    stamp = proof(client.get(f"{offer}/nakijken").text)
    return client.post(f"{offer}/versturen", data={"bewijs": stamp}, headers=OWN)


def sent(client: FlaskClient, **given: Any) -> str:
    """Begin an offer, go through all steps and send it; returns its address."""
    offer = begun(client, **given)
    fill(client, offer)
    assert press_send(client, offer).headers["Location"] == offer
    return offer


def letters(folder: Path) -> list[Any]:
    paths = sorted((folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def new_listing(session: Session, title: str = "Naaimiddag") -> Listing:
    query = select(Listing).where(Listing.title == title).options(*Listing.everything())
    return session.exec(query).one()


def draft_of(session: Session, offer: str) -> OfferDraft | None:
    return offers.find_draft(session, offer.rpartition("/")[2])


@pytest.fixture
def ilse(app: Flask, engine: sa.Engine) -> FlaskClient:
    """An OKA, who is signed in."""
    return enter(app, engine, ILSE, Role.PROFESSIONAL, name="Ilse Bakker")


# How it begins


def test_the_way_to_add_something_is_on_every_page(client: FlaskClient) -> None:
    assert '<a href="/melden">Aanbod toevoegen</a>' in client.get("/").text
    assert client.get("/over").text.count('href="/melden"') == 2
    assert client.get("/zoeken?q=xyzzy").text.count('href="/melden"') == 2


def test_the_first_page_asks_no_account_and_gives_no_cookie(client: FlaskClient) -> None:
    answer = client.get("/melden")
    assert "Set-Cookie" not in answer.headers
    assert "vrijwilliger of bewoner" not in answer.text
    assert begun(client).startswith("/melden/")
    assert client.get_cookie("gids_sessie") is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"title": " "}, "Hoe heet het aanbod?"),
        ({"provider": ""}, "Wie biedt het aan?"),
        ({"informal": "misschien"}, "Kies wie het aanbiedt"),
        ({"mail": ""}, "Vul een mailadres in"),
        ({"mail": "hatice"}, "Dit is geen mailadres"),
        ({"title": "a" * 130}, "Maak het 10 tekens korter"),
    ],
)
def test_what_is_wrong_at_the_beginning_is_said(
    client: FlaskClient, engine: sa.Engine, typed: dict[str, str], told: str
) -> None:
    answer = begin(client, **typed)
    assert answer.status_code == 422
    assert "<title>Fout: " in answer.text
    assert answer.text.count(told) >= 2, "in the summary and at the box"
    kept = Boxes(answer.text).found
    assert kept["title"] == [typed.get("title", BEGIN["title"])]
    with Session(engine) as session:
        assert session.exec(select(OfferDraft)).all() == []


def test_a_form_that_is_not_ours_begins_nothing(client: FlaskClient, engine: sa.Engine) -> None:
    answer = client.post("/melden", data=BEGIN, headers=OWN)
    assert answer.status_code == 422
    assert "stond te lang open" in answer.text
    strange = client.post("/melden", data=BEGIN, headers={"Sec-Fetch-Site": "cross-site"})
    assert strange.status_code == 403
    with Session(engine) as session:
        assert session.exec(select(OfferDraft)).all() == []


def test_what_looks_like_it_is_shown_first(client: FlaskClient, engine: sa.Engine) -> None:
    save(engine, listing("naailes", title="Naaimiddag voor moeders", provider=DRAAD))
    page = begin(client).text
    assert "Staat het er al?" in page
    assert 'href="/aanbod/naaimiddag-voor-moeders">Dit is het al' in page
    with Session(engine) as session:
        assert session.exec(select(OfferDraft)).all() == []
    form = Boxes(page).found | {"doe": "anders"}
    answer = client.post("/melden", data=form, headers=OWN)
    assert re.fullmatch(r"/melden/[\w-]{43}/tekst\?mail=ja", answer.headers["Location"])


def test_the_script_is_told_what_looks_like_it(client: FlaskClient, engine: sa.Engine) -> None:
    save(engine, listing("naailes", title="Naaimiddag <b>moeders", provider=DRAAD))
    answer = client.get("/melden/lijkt-op?naam=naaimiddag")
    assert answer.json == {
        "found": [
            {
                "name": "Naaimiddag <b>moeders",
                "about": "Draad & Daad",
                "url": "/aanbod/naaimiddag-b-moeders",
            }
        ]
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/melden/lijkt-op?naam=").json == {"found": []}


def test_names_are_asked_sixty_times_a_minute(client: FlaskClient) -> None:
    answers = [client.get("/melden/lijkt-op?naam=").status_code for _ in range(3)]
    assert answers == [200, 200, 200]
    pace = Pace()
    told = [pace.is_too_fast("192.0.2.7", 30) for _ in range(PER_NETWORK + 1)]
    assert told == [False] * PER_NETWORK + [True]
    assert not pace.is_too_fast("192.0.2.8", 30)
    assert not pace.is_too_fast("192.0.2.7", 61)


def test_the_link_is_mailed_and_holds_nothing_that_was_typed(
    client: FlaskClient, folder: Path, engine: sa.Engine
) -> None:
    offer = begun(client)
    [letter] = letters(folder)
    assert letter["To"] == "hatice@naaigroep.example"
    text = letter.get_body(("plain",)).get_content()
    assert f"\nhttp://localhost:8000{offer}\n" in text
    assert "Naai" not in text + letter["Subject"]
    with Session(engine) as session:
        [draft] = session.exec(select(OfferDraft)).all()
        assert offer.rpartition("/")[2] not in str(draft), "only its hash is kept"


def test_a_mail_server_that_is_silent_loses_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise MailError

    monkeypatch.setattr(Mailer, "send", refuse)
    answer = begin(client)
    assert answer.headers["Location"].endswith("/tekst?mail=niet")
    assert "De mail met uw link kon niet weg" in client.get(answer.headers["Location"]).text


def test_an_address_begins_five_offers_an_hour(client: FlaskClient, folder: Path) -> None:
    answers = [begin(client).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    assert len(letters(folder)) == 5
    assert begin(client, mail="joost@haven.example").status_code == 303


# Its steps


def test_each_step_leads_to_the_next_and_the_last_shows_the_page(client: FlaskClient) -> None:
    offer = begun(client)
    names = [step.value for step in STEPS]
    for step, following in zip(names, [*names[1:], "nakijken"], strict=True):
        answer = put(client, f"{offer}/{step}", **FILLED[step])
        assert answer.headers["Location"] == f"{offer}/{following}"
    page = client.get(f"{offer}/nakijken").text
    for told in ("Naaimiddag", "Samen naaien op dinsdag", "020 000 0012", "Ergens in Volewijck"):
        assert told in page
    assert "Hij is nog niet verstuurd" in page
    again = put(client, f"{offer}/contact", phone="020 000 0013")
    assert again.headers["Location"] == f"{offer}/nakijken", "a change leads back at once"


def test_nothing_stays_of_looking_at_the_page(client: FlaskClient, engine: sa.Engine) -> None:
    offer = begun(client)
    fill(client, offer)
    client.get(f"{offer}/nakijken")
    with Session(engine) as session:
        assert session.exec(select(Listing)).all() == []
        assert session.exec(select(Account)).all() == []


def test_the_link_goes_on_where_one_was_on_another_device(app: Flask, client: FlaskClient) -> None:
    offer = begun(client)
    put(client, f"{offer}/tekst", **FILLED["tekst"])
    other = app.test_client()
    assert other.get(offer).headers["Location"] == f"{offer}/wie"
    kept = Boxes(other.get(f"{offer}/tekst").text).found
    assert kept["summary"] == ["Samen naaien op dinsdag. Voor moeders uit de buurt."]
    assert kept["provider"] == ["Naaigroep Volewijck"]


@pytest.mark.parametrize(
    ("step", "typed", "told"),
    [
        ("tekst", {"summary": ""}, "Schrijf in een paar zinnen"),
        ("tekst", {"summary": "Kort.", "provider": ""}, "Wie biedt het aan?"),
        ("wie", {"ages": "van-tot", "min_age": "12", "max_age": "8"}, "Draai ze om"),
        ("wanneer", {"weekday-0": "", "starts_at-0": "13:30"}, "Kies een dag"),
        ("waar", {"coverage": []}, "Dan weten wij wie dit nakijkt"),
        ("waar", {"street-0": "Nergensstraat", "house_number-0": "1"}, "Wij weten niet waar"),
        ("contact", {"phone": ""}, "Vul een telefoonnummer, een mailadres"),
        ("contact", {"phone": "bel maar"}, "Dit is geen telefoonnummer"),
        ("contact", {"contact": "yara"}, "Een van uw keuzes is er niet meer"),
    ],
)
def test_what_is_wrong_is_said_and_kept_in_any_case(
    client: FlaskClient, step: str, typed: dict[str, Any], told: str
) -> None:
    offer = begun(client)
    answer = put(client, f"{offer}/{step}", **typed)
    assert answer.status_code == 422, answer.text
    assert told in answer.text
    kept = Boxes(client.get(f"{offer}/{step}").text).found
    for name, value in typed.items():
        if isinstance(value, str) and name not in ("ages", "contact"):
            assert kept[name] == [value]


def test_going_back_keeps_what_was_typed(client: FlaskClient) -> None:
    offer = begun(client)
    answer = put(
        client, f"{offer}/wanneer", **{"weekday-0": "di", "starts_at-0": "x", "doe": "terug"}
    )
    assert answer.headers["Location"] == f"{offer}/toegang"
    assert Boxes(client.get(f"{offer}/wanneer").text).found["starts_at-0"] == ["x"]
    for step in ("tekst", "wie", "toegang"):
        put(client, f"{offer}/{step}", **FILLED[step])
    assert client.get(offer).headers["Location"] == f"{offer}/wanneer", "it is not gone through"


def test_another_row_is_kept_too(client: FlaskClient) -> None:
    offer = begun(client)
    answer = put(
        client, f"{offer}/wanneer", **{"weekday-0": "di", "starts_at-0": "9", "doe": "erbij"}
    )
    assert Boxes(answer.text).found["rijen"] == ["2"]
    assert Boxes(client.get(f"{offer}/wanneer").text).found["rijen"] == ["2"]


def test_an_address_that_may_not_be_shown_is_not_even_kept(
    client: FlaskClient, engine: sa.Engine
) -> None:
    offer = begun(client)
    street = {"street-0": "Geheimstraat", "house_number-0": "7", "postcode-0": "1031AE"}
    put(client, f"{offer}/waar", **street, **{"visibility-0": "exact", "coverage": ["NK"]})
    with Session(engine) as session:
        assert "Geheimstraat" in str(draft_of(session, offer).data)
    put(client, f"{offer}/waar", **street, **FILLED["waar"])
    with Session(engine) as session:
        data = str(draft_of(session, offer).data)
    assert "Geheimstraat" not in data
    assert "1031AE" not in data
    assert "'area_code-0': ['NK']" in data


def test_what_is_missing_is_named_before_sending(client: FlaskClient, engine: sa.Engine) -> None:
    offer = begun(client)
    put(client, f"{offer}/tekst", **FILLED["tekst"])
    page = client.get(f"{offer}/nakijken").text
    assert "Er ontbreekt nog iets" in page
    assert "Dan weten wij wie dit nakijkt" in page
    assert "Samenvatting" not in page
    stamp = {"bewijs": proof(client.get(f"{offer}/wie").text)}
    answer = client.post(f"{offer}/versturen", data=stamp, headers=OWN)
    assert answer.headers["Location"] == f"{offer}/nakijken"
    with Session(engine) as session:
        assert session.exec(select(Listing)).all() == []


def test_a_form_without_stamp_keeps_nothing(client: FlaskClient) -> None:
    offer = begun(client)
    answer = client.post(f"{offer}/tekst", data={"summary": "Stiekem."}, headers=OWN)
    assert answer.status_code == 422
    assert "stond te lang open" in answer.text
    assert Boxes(answer.text).found["summary"] == ["Stiekem."], "it stays on the page"
    assert Boxes(client.get(f"{offer}/tekst").text).found["summary"] == [""]


def test_a_link_that_nobody_has_opens_nothing(client: FlaskClient) -> None:
    offer = begun(client)
    wrong = offer[:-1] + ("A" if offer[-1] != "A" else "B")
    for path in (wrong, f"{wrong}/tekst", f"{wrong}/nakijken"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Deze link kennen wij niet" in answer.text
    stamp = {"bewijs": proof(client.get("/melden").text)}
    for path in (f"{wrong}/tekst", f"{wrong}/versturen"):
        assert client.post(path, data=stamp, headers=OWN).status_code == 404
    assert client.get(f"{offer}/stoppen").status_code == 404
    assert client.get(f"{offer}/indeling").status_code == 404


TEXTS = st.text(max_size=60) | st.sampled_from(["\0", "\ud800", "9" * 500, "<script>", "NK", "di"])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    step=st.sampled_from([step.value for step in STEPS]),
    typed=st.lists(TEXTS, min_size=6, max_size=6),
    rows=st.sampled_from(["1", "3", "x", "-1", "9" * 30]),
)
def test_odd_boxes_are_kept_and_never_break_a_step(
    full_client: FlaskClient, typed: list[str], step: str, rows: str
) -> None:
    with full_client.application.test_request_context():
        session = db.session()
        blank = offers.Start("Naam", "Groep", True, "a@b.example").values()
        part = Part(step)
        form = forms_with([])[part]
        names = sorted(form.shown(blank)) or ["phone", "mail", "website", "contact"]
        boxes = Typed({**dict(zip(names * 2, typed, strict=False)), "rijen": rows, "plekken": rows})
        assert isinstance(may_be_kept(part, boxes), dict)
        reading = form.read(
            boxes, Around(session, area_tree(session), TODAY, blank, list, lambda _: None)
        )
        assert all(isinstance(told, str) and told for told in reading.errors.values())
        assert reading.values.keys() <= ListingValues.model_fields.keys()


# Sending it


def test_it_waits_and_no_visitor_sees_it(client: FlaskClient, engine: sa.Engine) -> None:
    offer = sent(client)
    page = client.get(offer).text
    assert "Iemand die de wijk kent, kijkt het na" in page
    assert "hatice@naaigroep.example" in page
    with Session(engine) as session:
        found = new_listing(session)
        edit = offers.edit_of(session, found.id)
        account = session.get_one(Account, edit.account_id)
        assert (found.status, found.entered_by) == (Status.DRAFT, "de aanbieder zelf")
        assert found.provider is not None
        assert (found.provider.name, found.provider.is_informal) == ("Naaigroep Volewijck", True)
        assert edit.state == EditState.WAITING
        assert account.mail == "hatice@naaigroep.example"
        assert accounts.find_account(session, account.mail).roles == []
        birth = session.exec(select(Change).where(Change.record_id == found.id)).one()
        assert (birth.field, birth.edit_id, birth.by) == ("", edit.id, "de aanbieder zelf")
        draft = draft_of(session, offer)
        assert draft is not None
        assert draft.data == {}, "what was typed is now in the listing"
    assert client.get(f"/aanbod/{found.slug}").status_code == 404
    assert client.get(f"/aanbieder/{found.provider.slug}").status_code == 404
    assert "Naaigroep" not in client.get("/a-z/n").text
    assert client.get("/melden/lijkt-op?naam=naaimiddag").json == {"found": []}


def test_sent_twice_it_is_one_listing_and_the_same_answer(
    client: FlaskClient, engine: sa.Engine
) -> None:
    offer = begun(client)
    fill(client, offer)
    stamp = {"bewijs": proof(client.get(f"{offer}/nakijken").text)}
    answers = [
        client.post(f"{offer}/versturen", data=stamp, headers=OWN).headers["Location"]
        for _ in range(3)
    ]
    assert answers == [offer] * 3
    for step in ("tekst", "nakijken"):
        assert client.get(f"{offer}/{step}").headers["Location"] == offer
    late = client.post(f"{offer}/tekst", data=stamp | {"title": "Anders"}, headers=OWN)
    assert late.headers["Location"] == offer
    with Session(engine) as session:
        assert session.exec(select(Listing.title)).all() == ["Naaimiddag"]
        assert len(session.exec(select(Edit)).all()) == 1


def test_two_buttons_at_once_make_one_listing(
    app: Flask, client: FlaskClient, engine: sa.Engine
) -> None:
    offer = begun(client)
    fill(client, offer)
    stamp = {"bewijs": proof(client.get(f"{offer}/nakijken").text)}

    def press(_: int) -> str:
        answer = app.test_client().post(f"{offer}/versturen", data=stamp, headers=OWN)
        return str(answer.headers["Location"])

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(press, range(3))) == [offer] * 3
    with Session(engine) as session:
        assert session.exec(select(Listing.title)).all() == ["Naaimiddag"]


def test_a_provider_that_is_known_is_not_made_again_nor_changed(
    client: FlaskClient, engine: sa.Engine
) -> None:
    save(engine, listing("elders", provider=DRAAD))
    page = begin(client, provider="draad & daad", informal="nee").text
    form = Boxes(page).found | {"doe": "anders"}
    answer = client.post("/melden", data=form, headers=OWN)
    offer = answer.headers["Location"].rpartition("/tekst")[0]
    fill(client, offer)
    press_send(client, offer)
    with Session(engine) as session:
        found = new_listing(session)
        assert found.provider is not None
        assert (found.provider.name, found.provider.is_informal) == ("Draad & Daad", True)
        note = offers.edit_of(session, found.id).note
        assert "Er was al een aanbieder met deze naam: Draad & Daad." in note


# Deciding on it


def decide(engine: sa.Engine, how: str, words: str = "", mail: str = "yara@gids.example") -> Told:
    """Let a redacteur, or who has this mail, accept or refuse the one new offer."""
    with db.writing(engine) as session:
        if accounts.find_account(session, mail) is None:
            accounts.add_role(session, mail, Role.REDACTEUR, TODAY, name="Yara")
        checker = accounts.find_account(session, mail)
        assert checker is not None
        edit = offers.edit_of(session, new_listing(session).id)
        tree = area_tree(session)
        if how == "accept":
            return offers.accept(session, tree, checker, edit, NOW)
        return offers.refuse(session, tree, checker, edit, NOW, words)


def test_accepted_it_is_in_the_directory_and_theirs_to_keep(
    app: Flask, client: FlaskClient, engine: sa.Engine
) -> None:
    offer = sent(client)
    told = decide(engine, "accept")
    assert (told.mail, told.is_accepted, told.may_edit) == ("hatice@naaigroep.example", True, True)
    page = client.get(f"/aanbod/{told.slug}").text
    assert "Gecontroleerd 23 nov 2026" in page
    assert "Toegevoegd door: de aanbieder zelf." in page
    assert "Uw aanbod staat in de gids" in client.get(offer).text
    with Session(engine) as session:
        assert offers.edit_of(session, new_listing(session).id).state == EditState.APPROVED
        account = accounts.find_account(session, told.mail)
        assert account is not None
        assert [held.role for held in account.roles] == [Role.EDITOR]
    with app.test_request_context():
        letter = decided_letter(told)
    assert letter is not None
    assert "http://localhost:8000/aanbod/naaimiddag" in letter.text
    assert "Log in met dit mailadres" in letter.text


def test_of_a_provider_that_others_keep_one_does_not_become_an_editor(
    app: Flask, client: FlaskClient, engine: sa.Engine
) -> None:
    sent(client)
    save(engine, listing("elders", provider=DRAAD.model_copy(update={"name": BEGIN["provider"]})))
    told = decide(engine, "accept")
    assert (told.is_accepted, told.may_edit) == (True, False)
    with Session(engine) as session:
        account = accounts.find_account(session, told.mail)
        assert account is not None
        assert account.roles == []
    with app.test_request_context():
        letter = decided_letter(told)
    assert letter is not None
    assert "De aanbieder stond al in de gids" in letter.text


def test_refused_it_stays_hidden_and_the_reason_is_told(
    app: Flask, client: FlaskClient, engine: sa.Engine
) -> None:
    offer = sent(client)
    told = decide(engine, "refuse", "Dit is buiten de stad. <b>")
    assert (told.is_accepted, told.words) == (False, "Dit is buiten de stad. <b>")
    assert client.get(f"/aanbod/{told.slug}").status_code == 404
    page = client.get(offer).text
    assert "Dit komt niet in de gids" in page
    assert "Dit is buiten de stad. &lt;b&gt;" in page
    assert client.get(f"{offer}/tekst").headers["Location"] == offer, "it can't be sent again"
    with Session(engine) as session:
        assert new_listing(session).status == Status.WITHDRAWN
        account = accounts.find_account(session, told.mail)
        assert account is not None
        assert account.roles == []
    with app.test_request_context():
        letter = decided_letter(told)
    assert letter is not None
    assert "Dit is buiten de stad. <b>" in letter.text
    assert "Dit is buiten de stad. &lt;b&gt;" in letter.html


def test_one_decides_once_and_with_a_reason(client: FlaskClient, engine: sa.Engine) -> None:
    sent(client)
    with pytest.raises(OfferError, match="Schrijf waarom"):
        decide(engine, "refuse", "  ")
    decide(engine, "accept")
    for how in ("accept", "refuse"):
        with pytest.raises(OfferError, match="al beslist"):
            decide(engine, how, "Toch niet.")


def test_only_who_has_the_wijk_decides(client: FlaskClient, engine: sa.Engine) -> None:
    sent(client)
    with db.writing(engine) as session:
        accounts.add_role(session, "bo@gids.example", Role.WIJK_CONTACT, TODAY, area="NA")
        accounts.add_role(session, "ine@gids.example", Role.WIJK_CONTACT, TODAY, area="NK")
    for mail in ("bo@gids.example", "hatice@naaigroep.example"):
        with pytest.raises(PermissionError):
            decide(engine, "accept", mail=mail)
    assert decide(engine, "accept", mail="ine@gids.example").is_accepted


def test_an_account_that_ended_gets_no_letter_and_no_role(
    app: Flask, client: FlaskClient, engine: sa.Engine
) -> None:
    sent(client)
    with db.writing(engine) as session:
        accounts.end_account(session, "hatice@naaigroep.example", NOW, TODAY)
    told = decide(engine, "accept")
    assert (told.mail, told.may_edit) == ("", False)
    with app.test_request_context():
        assert decided_letter(told) is None


# Entered for somebody else


def test_an_oka_enters_one_with_the_consent_recorded(
    client: FlaskClient, ilse: FlaskClient, engine: sa.Engine
) -> None:
    assert "Ik voer dit in voor een vrijwilliger of bewoner" in ilse.get("/melden").text
    offer = begun(ilse, **CONSENT, mail="wat@dan-ook.example")
    fill(ilse, offer)
    press_send(ilse, offer)
    with Session(engine) as session:
        found = new_listing(session)
        edit = offers.edit_of(session, found.id)
        assert session.get_one(Account, edit.account_id).mail == ILSE
        assert edit.note == (
            "Ingevoerd voor een vrijwilliger of bewoner. Hatice gaf op 20 november 2026 mondeling "
            "toestemming, en weet dat die altijd kan worden ingetrokken."
        )
        assert found.entered_by == "professional, met toestemming"
    told = decide(engine, "accept")
    assert told.mail == ILSE
    page = client.get(f"/aanbod/{told.slug}").text
    assert "Toegevoegd door: professional, met toestemming." in page
    assert "Hatice" not in page
    assert "Ilse" not in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"consent_name": ""}, "Vul in wie toestemming gaf"),
        ({"consent_on": ""}, "Schrijf op welke dag"),
        ({"consent_on": "2026-11-24"}, "Deze dag moet nog komen"),
        ({"consent_how": ""}, "Kies hoe u toestemming kreeg"),
        ({"consent_told": ""}, "Vertel eerst dat de toestemming"),
    ],
)
def test_without_consent_nothing_begins(
    ilse: FlaskClient, engine: sa.Engine, typed: dict[str, str], told: str
) -> None:
    answer = begin(ilse, **CONSENT | typed)
    assert answer.status_code == 422
    assert answer.text.count(told) >= 2
    with Session(engine) as session:
        assert session.exec(select(OfferDraft)).all() == []


def test_the_contact_is_the_oka_by_name_where_she_is_in_the_directory(
    ilse: FlaskClient, engine: sa.Engine
) -> None:
    with db.writing(engine) as session:
        person = session.exec(select(Person).order_by(Person.key)).first()
        assert person is not None
        name, key = person.name, person.key
        held = session.get(PersonDetail, (person.id, "mail"))
        if held is None:
            held = PersonDetail(
                person_id=person.id, kind="mail", value="", visibility="professionals"
            )
            session.add(held)
        held.value = "Ilse@OKT.example"
    offer = begun(ilse, **CONSENT)
    page = ilse.get(f"{offer}/contact").text
    assert name in page
    assert Boxes(page).found["contact"] == [key]
    fill(ilse, offer, contact={"phone": ""})
    press_send(ilse, offer)
    with Session(engine) as session:
        [contact] = new_listing(session).contacts
        assert contact.person.key == key


def test_a_visitor_cannot_say_to_enter_for_somebody_else(
    client: FlaskClient, engine: sa.Engine
) -> None:
    begun(client, **CONSENT)
    with Session(engine) as session:
        [draft] = session.exec(select(OfferDraft)).all()
        assert (draft.account_id, draft.data["consent"]) == (None, None)


def test_what_an_oka_enters_is_for_her_alone(
    app: Flask, client: FlaskClient, ilse: FlaskClient, engine: sa.Engine
) -> None:
    offer = begun(ilse, **CONSENT)
    other = enter(app, engine, "joost@okt.example", Role.PROFESSIONAL)
    assert other.get(f"{offer}/tekst").status_code == 403
    assert client.get(f"{offer}/tekst").headers["Location"].startswith("/inloggen?naar=/melden/")
    stamp = {"bewijs": proof(client.get("/melden").text), "summary": "Van een ander."}
    lost = client.post(f"{offer}/tekst", data=stamp, headers=OWN)
    assert lost.status_code == 403
    assert "Wat u typte, is niet weg" in lost.text
    assert Boxes(ilse.get(f"{offer}/tekst").text).found["summary"] == [""]
    with db.writing(engine) as session:
        account = accounts.find_account(session, ILSE)
        assert account is not None
        account.roles = []
    assert ilse.get(f"{offer}/tekst").status_code == 403


# What is over


def test_what_nobody_sent_is_erased_after_thirty_days(
    client: FlaskClient, engine: sa.Engine
) -> None:
    old, new = begun(client), begun(client)
    with db.writing(engine) as session:
        draft = draft_of(session, old)
        assert draft is not None
        draft.made_at = draft.changed_at = now_of(client) - timedelta(days=31)
    begun(client)
    assert client.get(f"{old}/tekst").status_code == 404
    assert client.get(f"{new}/tekst").status_code == 200


def now_of(client: FlaskClient) -> Any:
    with client.application.app_context():
        return now()
