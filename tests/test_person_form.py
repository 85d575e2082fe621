"""Keeping the entry of a person: consent for each detail, taken back at once, by who may."""

import html
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, delete, select

from socialmap import db, people
from socialmap.models import Change, Person, WijkContact
from socialmap.models.terms import DetailKind, DetailVisibility, Role
from socialmap.people import Agreement, Consent, PersonValues, WijkContactValues
from socialmap.people.portraits import MOST_BYTES
from socialmap.views.person_form import LARGEST_REQUEST
from tests.entering import OWN, enter_as, hidden, send
from tests.factories import DRAAD, TODAY, listing, save
from tests.pictures import striped, with_secrets, written
from tests.reading import plain

pytestmark = pytest.mark.pages

DAY = timedelta(days=1)
ADDRESS, PAGE = "/bureau/persoon/fatma", "/wijk/volewijck"
NUMBER, MAIL = "06 0000 0161", "fatma@draad.example"
AGREED = Agreement(DetailVisibility.PUBLIC, Consent(TODAY - DAY, "Fatma"))
FATMA = PersonValues(
    "fatma",
    "Fatma",
    "naaister",
    details={DetailKind.MOBILE: NUMBER, DetailKind.MAIL: MAIL},
    agreements={
        DetailKind.MOBILE: AGREED,
        DetailKind.MAIL: Agreement(DetailVisibility.PROFESSIONALS),
    },
)
AS_IT_IS = {
    "naam": "Fatma",
    "rol": "naaister",
    "minderjarig": "nee",
    "mobiel": NUMBER,
    "mobiel-wie": "public",
    "mobiel-door": "Fatma",
    "mobiel-op": (TODAY - DAY).isoformat(),
    "mail": MAIL,
    "mail-wie": "professionals",
}
"""What the form holds before anybody changes it."""
NEW = {"naam": "Noor", "minderjarig": "nee"}


@pytest.fixture(autouse=True)
def fatma(engine: sa.Engine) -> None:
    """Fatma is the contact of the wijk Volewijck, and of a listing of Draad & Daad."""
    with db.writing(engine) as session:
        people.save_person(session, FATMA)
        session.exec(delete(WijkContact).where(WijkContact.area_code == "NK"))
        people.save_wijk_contacts(session, [WijkContactValues("NK", "fatma", TODAY)])
    save(engine, listing("naailes", provider=DRAAD, contact="fatma"), listing("judo"))


@pytest.fixture
def yara(app: Flask) -> FlaskClient:
    """A redacteur."""
    return enter_as(app, Role.REDACTEUR, "yara@gids.example")


def photo(data: bytes = b"", name: str = "IMG_1.jpg") -> tuple[BytesIO, str]:
    return BytesIO(data or with_secrets()), name


def person(engine: sa.Engine, slug: str = "fatma") -> Person:
    with Session(engine) as session:
        found = people.find_person(session, slug)
        assert found is not None
        return found


def kept(engine: sa.Engine) -> dict[str, str]:
    return {str(row.kind): row.value for row in person(engine).details}


def errors(page: str) -> dict[str, str]:
    """What the summary says of each field; each link leads to a field that says the same."""
    links = re.findall(r'<li><a href="#f-([^"]+)">[^:]+: (.*?)</a></li>', page)
    for name, message in links:
        assert f'id="f-{name}"' in page, name
        assert f'id="f-{name}-fout"' in page, name
        assert page.count(message) >= 2
    return {name: html.unescape(message) for name, message in links}


def uploads(folder: Path) -> list[Path]:
    return sorted((folder / "uploads").glob("*"))


# What is shown and kept


def test_the_form_shows_the_person_as_it_is(yara: FlaskClient) -> None:
    answer = yara.get(ADDRESS)
    text = plain(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Fatma bijwerken" in text
    assert "Mobiel nummer 06 0000 0161, voor iedereen" in text
    assert "Mail fatma@draad.example, voor professionals" in text
    assert "WhatsApp niet in de gids" in text


def test_saving_the_form_as_it_is_changes_nothing(yara: FlaskClient, engine: sa.Engine) -> None:
    before = person(engine).model_dump(), kept(engine)
    answer = send(yara, ADDRESS, **AS_IT_IS)
    assert answer.status_code == 303
    assert "Bewaard." in yara.get(answer.headers["Location"]).text
    assert (person(engine).model_dump(), kept(engine)) == before
    with Session(engine) as session:
        assert session.exec(select(Change).where(Change.noun == "person")).all() == []


def test_a_detail_with_consent_is_public_at_once(
    yara: FlaskClient, client: FlaskClient, engine: sa.Engine
) -> None:
    assert MAIL not in client.get(PAGE).text
    told = {"telefoon": "020 000 0012", "telefoon-wie": "public"}
    told |= {"mail-wie": "public", "mail-door": "Fatma", "mail-op": "20-11-2026"}
    told |= {"dagen": ["ma", "do"], "dagen-wie": "public", "mail-tot": "2027-01-31"}
    told |= {"door": "Fatma, aan de balie", "op": "2026-11-21"}
    assert send(yara, ADDRESS, **AS_IT_IS | told).status_code == 303
    page = plain(client.get(PAGE).text)
    assert f"mailto:{MAIL}" in client.get(PAGE).text
    assert "ma" in page
    consents = {
        str(row.kind): (row.consent_by, str(row.consent_on), str(row.consent_until))
        for row in person(engine).details
    }
    assert consents == {
        "telefoon": (None, "None", "None"),
        "mobiel": ("Fatma", "2026-11-22", "None"),
        "mail": ("Fatma", "2026-11-20", "2027-01-31"),
        "dagen": ("Fatma, aan de balie", "2026-11-21", "None"),
    }
    assert kept(engine)["dagen"] == "ma|do"


@pytest.mark.parametrize(
    "told", [{"mobiel-wie": "niemand"}, {"mobiel": ""}, {"mobiel-wie": "professionals"}]
)
def test_taking_consent_back_takes_the_detail_off_the_pages(
    yara: FlaskClient, client: FlaskClient, engine: sa.Engine, told: dict[str, str]
) -> None:
    assert NUMBER in client.get("/aanbod/naailes").text + client.get(PAGE).text
    assert send(yara, ADDRESS, **AS_IT_IS | told).status_code == 303
    for address in (PAGE, "/aanbod/naailes", "/persoon/fatma"):
        assert NUMBER not in client.get(address).text
    assert ("mobiel" in kept(engine)) == (told == {"mobiel-wie": "professionals"})
    with Session(engine) as session:
        [change] = session.exec(select(Change).where(Change.noun == "person")).all()
        assert (change.field, change.by, change.door) == ("mobiel", "yara", "form")
        assert NUMBER not in str(session.exec(select(Change.before, Change.after)).all())


@pytest.mark.sqlite
def test_what_was_taken_back_is_in_no_file_any_more(yara: FlaskClient, folder: Path) -> None:
    number = "06 0000 0987"
    assert send(yara, ADDRESS, **AS_IT_IS | {"mobiel": number}).status_code == 303
    files = [path for path in folder.iterdir() if path.is_file()]
    assert any(number.encode() in path.read_bytes() for path in files)
    gone = AS_IT_IS | {"mobiel-wie": "niemand"}
    assert send(yara, ADDRESS, **gone).status_code == 303
    assert not any(
        number.encode() in path.read_bytes() for path in folder.iterdir() if path.is_file()
    )


def test_text_of_people_is_never_markup(yara: FlaskClient, client: FlaskClient) -> None:
    evil = "<script>alert(1)</script>\x00\x08"
    told = {"naam": f"Fatma {evil}", "rol": evil, "toelichting": evil, "mobiel-door": evil}
    answer = send(yara, ADDRESS, **AS_IT_IS | told)
    assert answer.status_code == 303
    for page in (yara.get(answer.headers["Location"]).text, client.get(PAGE).text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


# What is wrong


WRONG = [
    ({"naam": "  "}, {"naam": "Vul een naam in"}),
    ({"naam": "F" * 101}, {"naam": "Dit is te lang"}),
    ({"toelichting": "a" * 601}, {"toelichting": "Dit is te lang"}),
    ({"minderjarig": "ja"}, {"minderjarig": "Vul een volwassene in"}),
    ({"minderjarig": ""}, {"minderjarig": "Kies of deze persoon"}),
    ({"telefoon": "bel maar", "telefoon-wie": "public"}, {"telefoon": "geen telefoonnummer"}),
    ({"telefoon": "14020", "telefoon-wie": "public"}, {}),
    ({"mobiel": "14020"}, {"mobiel": "geen telefoonnummer"}),
    ({"mail": "fatma@draad"}, {"mail": "geen mailadres"}),
    ({"mail": "a@draad.example\nBcc: b@draad.example"}, {"mail": "geen mailadres"}),
    (
        {"talen": "klingon", "talen-wie": "professionals", "door": "F", "op": "1-1-2026"},
        {"talen": ""},
    ),
    ({"whatsapp": NUMBER}, {"whatsapp-wie": "Kies wie dit mag zien"}),
    ({"whatsapp": NUMBER, "whatsapp-wie": "iedereen"}, {"whatsapp-wie": "Kies wie"}),
    ({"whatsapp": NUMBER, "whatsapp-wie": "public"}, {"whatsapp-door": "toestemming"}),
    ({"whatsapp": NUMBER, "whatsapp-wie": "professionals"}, {"whatsapp-door": "toestemming"}),
    ({"mail-wie": "public"}, {"mail-door": "toestemming"}),
    ({"mail": "nieuw@draad.example"}, {"mail-door": "toestemming"}),
    ({"mobiel-door": ""}, {"mobiel-door": "wie de toestemming gaf"}),
    ({"mobiel-op": ""}, {"mobiel-op": "op welke dag"}),
    ({"mobiel-op": "gisteren"}, {"mobiel-op": "Dit is geen dag"}),
    ({"mobiel-op": "31-02-2026"}, {"mobiel-op": "Dit is geen dag"}),
    ({"mobiel-op": "2026-11-24"}, {"mobiel-op": "nog niet geweest"}),
    ({"mobiel-tot": "2026-11-21"}, {"mobiel-tot": "vóór de dag"}),
    (
        {"mobiel-op": "2025-01-01", "mobiel-tot": "2026-11-22"},
        {"mobiel-tot": "liep tot en met 22 november 2026"},
    ),
    ({"mobiel-tot": TODAY.isoformat()}, {}),
    ({"mail-wie": "public", "door": "Fatma"}, {"op": "op welke dag"}),
    ({"foto-wie": "public"}, {"foto": "Kies een foto"}),
]


@pytest.mark.parametrize(("told", "expected"), WRONG)
def test_what_is_wrong_is_said_at_the_field_and_above_and_nothing_is_saved(
    yara: FlaskClient, engine: sa.Engine, told: dict[str, str], expected: dict[str, str]
) -> None:
    typed = AS_IT_IS | {"organisatie": "Buurtkamer De Draad"} | told
    answer = send(yara, ADDRESS, **typed)
    if not expected:
        assert answer.status_code == 303, errors(answer.text)
        return
    assert answer.status_code == 422
    assert "<title>Fout: " in answer.text
    found = errors(answer.text)
    assert set(found) == set(expected)
    assert all(words in found[name] for name, words in expected.items())
    assert 'value="Buurtkamer De Draad"' in answer.text, "what was typed stays"
    assert person(engine).organisation == ""


def test_a_consent_that_is_over_is_asked_again(yara: FlaskClient, engine: sa.Engine) -> None:
    over = Agreement(DetailVisibility.PUBLIC, Consent(TODAY - 9 * DAY, "Fatma", TODAY - DAY))
    agreements = {**FATMA.agreements, DetailKind.MOBILE: over}
    with db.writing(engine) as session:
        people.save_person(session, PersonValues(**vars(FATMA) | {"agreements": agreements}))
    dates = {"mobiel-op": "2026-11-14", "mobiel-tot": "2026-11-22"}
    assert set(errors(send(yara, ADDRESS, **AS_IT_IS | dates).text)) == {"mobiel-tot"}


# Photos


PHOTO = {"foto-wie": "public", "foto-door": "Fatma", "foto-op": "2026-11-20"}
NO_CHILD = {"foto-zonder-kind": "ja"}


def test_a_photo_is_shown_by_name_and_erased_with_the_consent(
    yara: FlaskClient, client: FlaskClient, folder: Path
) -> None:
    told = AS_IT_IS | PHOTO
    assert send(yara, ADDRESS, **told | NO_CHILD, foto=photo()).status_code == 303
    [address] = re.findall(r'<img src="(/portret/[^"]+)" [^>]*alt="Fatma"', client.get(PAGE).text)
    assert f'src="{address}"' in client.get("/aanbod/naailes").text
    assert client.get(address).status_code == 200
    assert b"Fatma" not in b"".join(path.read_bytes() for path in uploads(folder))
    name = uploads(folder)[1].name
    assert send(yara, ADDRESS, **told).status_code == 303, "the photo that is there stays"
    assert len(uploads(folder)) == 2
    assert send(yara, ADDRESS, **told | NO_CHILD, foto=photo()).status_code == 303
    assert len(uploads(folder)) == 2, "the new one took the place of the old one"
    assert name not in {path.name for path in uploads(folder)}
    assert send(yara, ADDRESS, **AS_IT_IS | {"foto-wie": "niemand"}).status_code == 303
    assert uploads(folder) == []
    assert client.get(address).status_code == 404
    assert "/portret/" not in client.get(PAGE).text


def test_a_photo_may_show_no_child_and_is_not_asked_for_twice(
    yara: FlaskClient, client: FlaskClient, folder: Path
) -> None:
    answer = send(yara, ADDRESS, **AS_IT_IS | PHOTO, foto=photo())
    assert answer.status_code == 422
    assert set(errors(answer.text)) == {"foto-zonder-kind"}
    assert "Uw nieuwe foto is binnen" in answer.text
    held = hidden(answer.text, "foto")
    assert client.get(f"/portret/{held}").status_code == 404, "nobody sees it yet"
    again = AS_IT_IS | PHOTO | NO_CHILD | {"foto": held}
    assert send(yara, ADDRESS, answer.text, **again).status_code == 303
    assert held in {path.name for path in uploads(folder)}
    assert "/portret/" in client.get(PAGE).text


REFUSED = {
    "a page": (b"<!doctype html><script>alert(1)</script>", 422, "geen foto"),
    "a drawing with a script": (b"<svg><script>alert(1)</script></svg>", 422, "geen foto"),
    "half a photo": (written(striped())[:4000], 422, "beschadigd"),
    "more than 10 MB": (written(striped()) + bytes(MOST_BYTES), 413, "10 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_told_and_all_that_was_typed_stays(
    yara: FlaskClient, engine: sa.Engine, folder: Path, name: str
) -> None:
    data, status, words = REFUSED[name]
    told = AS_IT_IS | PHOTO | NO_CHILD | {"organisatie": "Buurtkamer De Draad"}
    answer = send(yara, ADDRESS, **told, foto=photo(data))
    assert answer.status_code == status
    assert words in errors(answer.text)["foto"]
    assert 'value="Buurtkamer De Draad"' in answer.text
    assert uploads(folder) == []
    assert person(engine).organisation == ""


def test_more_than_any_photo_is_refused_unread(yara: FlaskClient) -> None:
    answer = send(yara, ADDRESS, **AS_IT_IS, foto=photo(bytes(LARGEST_REQUEST)))
    assert answer.status_code == 413
    assert "kies een kleinere foto" in answer.text


def test_other_pages_take_no_more_than_before(client: FlaskClient) -> None:
    assert client.post("/inloggen", data={"mail": "a" * 70_000}, headers=OWN).status_code == 413


def test_a_visitor_can_send_no_photo(client: FlaskClient, folder: Path) -> None:
    answer = client.post(ADDRESS, data={"foto": photo()}, headers=OWN)
    assert (answer.status_code, "niet meer ingelogd" in answer.text) == (403, True)
    assert uploads(folder) == []


def test_the_photo_of_someone_else_can_not_be_taken(
    app: Flask, yara: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    assert send(yara, ADDRESS, **AS_IT_IS | PHOTO | NO_CHILD, foto=photo()).status_code == 303
    taken = kept(engine)["foto"]
    editor = enter_as(app, Role.EDITOR, provider="draad-daad")
    told = NEW | PHOTO | NO_CHILD
    for name in (taken, "../socialmap.db", "0" * 32 + ".jpg"):
        answer = send(editor, "/bureau/persoon/nieuw?aanbod=naailes", **told | {"foto": name})
        assert answer.status_code == 422
        assert "niet meer" in errors(answer.text)["foto"]


def test_who_keeps_the_entry_sees_the_photo_that_others_do_not(
    app: Flask, client: FlaskClient, engine: sa.Engine
) -> None:
    editor = enter_as(app, Role.EDITOR, provider="draad-daad")
    other = enter_as(app, Role.EDITOR, "ada@noord.example", provider="jongerenwerk-noordlicht")
    told = AS_IT_IS | PHOTO | NO_CHILD | {"foto-wie": "professionals"}
    assert send(editor, ADDRESS, **told, foto=photo()).status_code == 303
    address = f"/portret/{kept(engine)['foto']}"
    assert f'src="{address}"' in editor.get(ADDRESS).text
    answers = [one.get(address).status_code for one in (editor, other, client)]
    assert answers == [200, 404, 404]


# Who may


def test_a_visitor_is_led_to_the_way_in(client: FlaskClient) -> None:
    for address in (ADDRESS, "/bureau/persoon/nieuw?aanbod=naailes", "/bureau/persoon/niemand"):
        answer = client.get(address)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/inloggen")
        assert "Log in op een nieuw tabblad" in client.post(address, headers=OWN).text


MAY = [
    (Role.REDACTEUR, {}, True),
    (Role.EDITOR, {"provider": "draad-daad"}, True),
    (Role.EDITOR, {"provider": "jongerenwerk-noordlicht"}, False),
    (Role.WIJK_CONTACT, {"area": "NK"}, True),
    (Role.WIJK_CONTACT, {"area": "AA"}, False),
    (Role.PROFESSIONAL, {}, False),
]


@pytest.mark.parametrize(("role", "scope", "is_allowed"), MAY)
def test_who_may_not_keep_an_entry_finds_none(
    app: Flask, engine: sa.Engine, role: Role, scope: dict[str, str], is_allowed: bool
) -> None:
    who, other = enter_as(app, role, **scope), enter_as(app, Role.REDACTEUR, "other@gids.example")
    assert who.get(ADDRESS).status_code == (200 if is_allowed else 404)
    page = who.get(ADDRESS).text if is_allowed else other.get(ADDRESS).text
    token = hidden(who.get("/bureau").text, "bewijs")
    told = AS_IT_IS | {"rol": "kleermaker", "bewijs": token, "versie": hidden(page, "versie")}
    answer = who.post(ADDRESS, data=told, headers=OWN)
    assert answer.status_code == (303 if is_allowed else 404)
    assert person(engine).role == ("kleermaker" if is_allowed else "naaister")
    added = who.get("/bureau/persoon/nieuw?aanbod=naailes").status_code
    assert added == (200 if is_allowed else 403 if role == Role.PROFESSIONAL else 404)


def test_a_form_without_its_token_changes_nothing(yara: FlaskClient, engine: sa.Engine) -> None:
    told = AS_IT_IS | {"naam": "Anders", "versie": hidden(yara.get(ADDRESS).text, "versie")}
    answer = yara.post(ADDRESS, data=told, headers=OWN)
    assert answer.status_code == 403
    assert "Er ging iets mis bij het versturen." in answer.text
    assert 'value="Anders"' in answer.text
    other_site = {"Sec-Fetch-Site": "cross-site"}
    assert yara.post(ADDRESS, data=told, headers=other_site).status_code == 403
    assert person(engine).name == "Fatma"


@pytest.mark.parametrize("address", [ADDRESS, "/bureau/persoon/nieuw?aanbod=naailes"])
def test_what_was_typed_is_not_lost_with_the_session(
    app: Flask, yara: FlaskClient, engine: sa.Engine, address: str
) -> None:
    version = hidden(yara.get(address).text, "versie")
    typed = AS_IT_IS if address == ADDRESS else NEW
    told = typed | {"naam": "Fatima", "versie": version, "bewijs": "oud"}
    photo = {"foto": (BytesIO(written(striped())), "ik.jpg")}
    out = app.test_client().post(
        address, data=told | photo, headers=OWN, content_type="multipart/form-data"
    )
    assert out.status_code == 403
    assert "Wat u typte, is niet weg" in out.text
    assert "Kies dan ook de foto opnieuw." in out.text
    action = html.unescape(re.findall(r'<form method="post" action="([^"]+)"', out.text)[-1])
    assert action == address
    boxes = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', out.text)
    kept = {name: html.unescape(value) for name, value in boxes} | {"doe": "terug"}
    back = yara.post(action, data=kept, headers=OWN)
    assert back.status_code == 403
    assert 'value="Fatima"' in back.text
    assert "Er ging iets mis" not in back.text
    assert person(engine).name == "Fatma"
    again = kept | {"bewijs": hidden(back.text, "bewijs"), "doe": ""}
    assert yara.post(action, data=again, headers=OWN).status_code == 303
    with Session(engine) as session:
        assert "Fatima" in session.exec(select(Person.name)).all()


def test_someone_who_is_not_there_is_not_found(yara: FlaskClient) -> None:
    assert yara.get("/bureau/persoon/niemand").status_code == 404


# Someone new


def test_an_editor_adds_someone_whom_nobody_sees_yet(
    app: Flask, client: FlaskClient, engine: sa.Engine
) -> None:
    save(engine, listing("naailes", provider=DRAAD, contact="fatma", status="draft"))
    editor = enter_as(app, Role.EDITOR, provider="draad-daad")
    address = "/bureau/persoon/nieuw?aanbod=naailes"
    page = editor.get(address).text
    told = NEW | {"mobiel": NUMBER, "mobiel-wie": "public", "door": "Noor", "op": "2026-11-20"}
    answers = [send(editor, address, page, **told) for _ in range(2)]
    assert [one.headers["Location"] for one in answers] == ["/bureau/persoon/noor?nieuw=1"] * 2
    shown = plain(editor.get(answers[0].headers["Location"]).text)
    assert "Niemand ziet Noor nog. Kies Noor nu als contactpersoon" in shown
    assert client.get("/persoon/noor").status_code == 404
    with Session(engine) as session:
        named = session.exec(select(Person).where(Person.name == "Noor")).all()
        assert len(named) == 1, "a form that is sent twice makes one person"
        [born] = session.exec(select(Change).where(Change.noun == "person")).all()
        assert (born.field, born.record_id) == ("", named[0].id)
        assert NUMBER not in str(born.after)
    assert send(editor, "/bureau/persoon/noor", **told | {"rol": "kok"}).status_code == 303


def test_what_is_wrong_with_someone_new_makes_nobody(yara: FlaskClient, engine: sa.Engine) -> None:
    address = "/bureau/persoon/nieuw"
    answer = send(yara, address, naam="Noor", rol="kok")
    assert answer.status_code == 422
    assert set(errors(answer.text)) == {"minderjarig"}
    assert 'value="kok"' in answer.text
    with Session(engine) as session:
        assert session.exec(select(Person).where(Person.name == "Noor")).all() == []
    assert send(yara, address, answer.text, **NEW).status_code == 303


@pytest.mark.parametrize("address", ["?aanbod=judo", "?aanbod=bestaat-niet", ""])
def test_an_editor_adds_people_for_own_listings_only(app: Flask, address: str) -> None:
    editor = enter_as(app, Role.EDITOR, provider="draad-daad")
    assert editor.get(f"/bureau/persoon/nieuw{address}").status_code == 404


# Two at once


def test_the_second_of_two_sees_what_the_first_changed(
    app: Flask, yara: FlaskClient, engine: sa.Engine
) -> None:
    editor = enter_as(app, Role.EDITOR, provider="draad-daad")
    page = editor.get(ADDRESS).text
    gone = AS_IT_IS | {"mobiel-wie": "niemand", "rol": "kleermaker"}
    assert send(yara, ADDRESS, **gone).status_code == 303
    mine = AS_IT_IS | {"organisatie": "Draad & Daad"}
    wrong = send(editor, ADDRESS, page, **mine | {"naam": ""})
    assert wrong.status_code == 422
    answer = send(editor, ADDRESS, wrong.text, **mine)
    assert answer.status_code == 409, "also when something was wrong in between"
    text = plain(answer.text)
    assert "Iemand anders veranderde dit net ook" in text
    assert "Rol: kleermaker" in text
    assert "Mobiel: niets" in text
    assert "Mail: fatma" not in text
    assert 'value="Draad &amp; Daad"' in answer.text
    assert "mobiel" not in kept(engine), "what was taken back does not come back by itself"
    chosen = gone | {"organisatie": "Draad & Daad"}
    assert send(editor, ADDRESS, answer.text, **chosen).status_code == 303
    assert (person(engine).role, person(engine).organisation) == ("kleermaker", "Draad & Daad")


def test_a_new_name_leads_on(yara: FlaskClient, client: FlaskClient) -> None:
    answer = send(yara, ADDRESS, **AS_IT_IS | {"naam": "Fatma Yıldız"})
    assert answer.headers["Location"] == "/bureau/persoon/fatma-yildiz?bewaard=1"
    assert client.get("/persoon/fatma").headers["Location"] == "/persoon/fatma-yildiz"
    assert 'href="/bureau/persoon/fatma-yildiz"' in client.get("/persoon/fatma-yildiz").text
