"""Whoever is in the directory reads what is kept, has it mended, withdraws and leaves (R35)."""

import re
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlmodel import Session, select

from socialmap import accounts, db, people
from socialmap.models import Change, LoginTry, Person, PersonDetail
from socialmap.models.terms import DetailKind, DetailVisibility, Role
from socialmap.people import Agreement, Consent, PersonValues, WijkContactValues, album
from socialmap.views import login
from tests.entering import OWN, proof
from tests.factories import DRAAD, NOW, TODAY, listing, save
from tests.test_login import letters, link_in

pytestmark = pytest.mark.pages

MAIL = "nora@stil.example"
FORM = "/privacy/over-mij"
KEEPER = "wijk@gids.example"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in a test."""
    monkeypatch.setattr(login, "LEAST_SECONDS", 0)


def person(key: str, name: str, mail: str, **details: str) -> PersonValues:
    """Somebody whose mail address only professionals see, and whose other details all do."""
    shown = Agreement(DetailVisibility.PUBLIC, Consent(date(2026, 5, 6), "zelf", TODAY))
    kinds = {DetailKind(kind): value for kind, value in details.items()}
    agreements = dict.fromkeys(kinds, shown)
    return PersonValues(
        key,
        name,
        role="naait",
        organisation="Draad & Daad",
        details={DetailKind.MAIL: mail, **kinds},
        agreements=agreements,
    )


@pytest.fixture
def city(app: Flask, engine: sa.Engine) -> Flask:
    """Nora is the contact of a listing, and once was of a wijk; a wijk contact keeps her entry."""
    folder = app.extensions["settings"].uploads_dir
    photo = album.keep(folder, (b"large", b"small"), NOW)
    with db.writing(engine) as session:
        nora = person("nora", "Nora Dijk", MAIL, mobiel="06 0000 0031", dagen="ma|do", foto=photo)
        people.save_person(session, nora)
        held = WijkContactValues("AB", "nora", date(2018, 1, 1), until_on=date(2019, 6, 30))
        people.save_wijk_contacts(session, [held])
        accounts.add_role(session, KEEPER, Role.WIJK_CONTACT, TODAY, area="NK", name="Kees")
        accounts.add_role(session, "bo@gids.example", Role.REDACTEUR, TODAY, name="Bo")
    save(engine, listing("naailes", provider=DRAAD, contact="nora"))
    return app


@pytest.fixture
def visitor(city: Flask) -> FlaskClient:
    return city.test_client()


def asks(client: FlaskClient, mail: str = MAIL) -> str:
    """Ask a link; returns the page that answers."""
    data = {"mail": mail, "bewijs": proof(client.get(FORM).text)}
    answer = client.post(FORM, data=data, headers=OWN)
    assert answer.status_code == 200, answer.text
    return answer.text


def own_page(client: FlaskClient, folder: Path) -> str:
    """Where a link that was just mailed leads."""
    asks(client)
    return link_in(letters(folder)[-1]).removeprefix("http://localhost:8000")


def send(client: FlaskClient, page: str, **fields: str) -> tuple[int, str]:
    """Send the form of a page; returns the status, and where it leads or what it says."""
    data = {"bewijs": proof(client.get(page).text), **fields}
    answer = client.post(page, data=data, headers=OWN)
    return answer.status_code, answer.headers.get("Location") or answer.text


def nora(engine: sa.Engine) -> Person | None:
    with Session(engine) as session:
        return people.find_person(session, "nora-dijk")


# Asking


def test_a_known_address_gets_a_link_and_an_unknown_one_the_same_answer(
    visitor: FlaskClient, folder: Path
) -> None:
    stranger = "niemand@stil.example"
    answers = [asks(visitor, mail).replace(mail, "X") for mail in (MAIL, stranger)]
    assert answers[0] == answers[1]
    assert [one["To"] for one in letters(folder)] == [MAIL]
    assert FORM in link_in(letters(folder)[0])


def test_an_address_is_known_however_it_is_written(visitor: FlaskClient, folder: Path) -> None:
    asks(visitor, " NORA@Stil.example ")
    assert len(letters(folder)) == 1


def test_an_address_of_several_people_gets_no_link(
    visitor: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    with db.writing(engine) as session:
        people.save_person(session, person("nel", "Nel Vos", MAIL))
    asks(visitor)
    body = letters(folder)[0].get_body(("plain",))
    assert body is not None
    assert "meer dan een persoon" in body.get_content()
    assert f"{FORM}/" not in body.get_content()


def test_what_is_no_address_is_said_and_stays(visitor: FlaskClient) -> None:
    status, page = send(visitor, FORM, mail="nora bij stil")
    assert status == 422
    assert "Dit is geen mailadres" in page
    assert 'value="nora bij stil"' in page


def test_who_asks_too_often_gets_no_more_letters(visitor: FlaskClient, folder: Path) -> None:
    for _ in range(7):
        asks(visitor)
    assert len(letters(folder)) == 5


def test_nothing_is_kept_of_who_asks_but_a_count(visitor: FlaskClient, engine: sa.Engine) -> None:
    asks(visitor)
    with Session(engine) as session:
        told = "".join(row.who_hash for row in session.exec(select(LoginTry)))
    assert re.fullmatch(r"[0-9a-f]{128}", told)


# The link


def test_the_page_shows_all_that_is_kept(visitor: FlaskClient, folder: Path) -> None:
    page = own_page(visitor, folder)
    answer = visitor.get(page)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex"' in answer.text
    for told in (
        "Nora Dijk",
        "Draad &amp; Daad",
        "06 0000 0031",
        "maandag, donderdag",
        MAIL,
        "Toestemming door zelf op 6 mei 2026, tot en met 23 november 2026",
        "Alleen professionals die inloggen zien dit",
        "Naailes",
        "vanaf 1 januari 2018, tot en met 30 juni 2019",
    ):
        assert told in answer.text, told
    assert visitor.get(f"{page}/foto").data == b"large"


def test_the_page_tells_that_something_changed_and_not_what(
    visitor: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    page = own_page(visitor, folder)
    send(visitor, f"{page}/intrekken/mobiel")
    told = visitor.get(page).text
    assert "23 nov 2026" in told
    assert "Mobiel <span" in told
    assert "0031" not in told


def test_a_link_of_an_hour_ago_asks_to_ask_a_new_one(
    visitor: FlaskClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = own_page(visitor, folder)
    real = URLSafeTimedSerializer.loads

    def later(self: URLSafeTimedSerializer, token: str, max_age: int) -> object:
        return real(self, token, max_age=max_age - 3602)

    monkeypatch.setattr(URLSafeTimedSerializer, "loads", later)
    answer = visitor.get(page)
    assert answer.status_code == 410
    assert "Deze link is verlopen" in answer.text
    assert "Nora" not in answer.text


def test_a_link_that_was_made_for_something_else_opens_nothing(
    city: Flask, engine: sa.Engine, visitor: FlaskClient
) -> None:
    found = nora(engine)
    assert found is not None
    key = city.extensions["settings"].secret_key
    for token in (
        URLSafeTimedSerializer(key, salt="other").dumps(found.id.hex),
        URLSafeTimedSerializer("another key", salt="about-me").dumps(found.id.hex),
        URLSafeTimedSerializer(key, salt="about-me").dumps(UUID(int=0).hex),
        URLSafeTimedSerializer(key, salt="about-me").dumps("nora"),
        "0",
    ):
        for part in ("", "/foto", "/klopt-niet", "/weg", "/intrekken/mobiel"):
            assert visitor.get(f"{FORM}/{token}{part}").status_code == 404, (token, part)


def test_nothing_of_the_link_is_in_the_log(
    visitor: FlaskClient, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="socialmap"):
        page = own_page(visitor, folder)
        visitor.get(page)
    token = page.removeprefix(f"{FORM}/")
    assert "GET /privacy/over-mij/<token> 200" in caplog.text
    assert token not in caplog.text
    assert MAIL not in caplog.text


# Withdrawing


def test_a_detail_is_gone_at_once_when_it_is_withdrawn(
    visitor: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    page = own_page(visitor, folder)
    assert "06 0000 0031" in visitor.get("/persoon/nora-dijk").text
    assert "06 0000 0031" in visitor.get(f"{page}/intrekken/mobiel").text
    assert nora_details(engine) == {"mail", "mobiel", "dagen", "foto"}
    status, onward = send(visitor, f"{page}/intrekken/mobiel")
    assert status == 303
    assert "Gewist: mobiel." in visitor.get(onward).text
    assert nora_details(engine) == {"mail", "dagen", "foto"}
    assert "06 0000 0031" not in visitor.get("/persoon/nora-dijk").text
    assert visitor.get(f"{page}/intrekken/mobiel").status_code == 303
    with Session(engine) as session:
        told = session.exec(select(Change).where(Change.noun == "person")).one()
    assert (told.field, told.by) == ("mobiel", "de persoon zelf")
    assert "0031" not in str(told.before)


def nora_details(engine: sa.Engine) -> set[str]:
    with Session(engine) as session:
        query = select(PersonDetail.kind).join(Person).where(Person.key == "nora")
        return {str(kind) for kind in session.exec(query)}


def test_a_photo_that_is_withdrawn_leaves_no_file(
    city: Flask, visitor: FlaskClient, folder: Path
) -> None:
    page = own_page(visitor, folder)
    send(visitor, f"{page}/intrekken/foto")
    assert list(city.extensions["settings"].uploads_dir.iterdir()) == []
    assert visitor.get(f"{page}/foto").status_code == 404


def test_a_form_without_a_stamp_changes_nothing(
    visitor: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    page = own_page(visitor, folder)
    for part in ("intrekken/mobiel", "weg", "klopt-niet"):
        visitor.post(f"{page}/{part}", headers=OWN, data={"woorden": "Het nummer is oud."})
        strange = visitor.post(f"{page}/{part}", headers={"Sec-Fetch-Site": "cross-site"})
        assert strange.status_code == 403
    assert nora_details(engine) == {"mail", "mobiel", "dagen", "foto"}
    assert len(letters(folder)) == 1


# Saying what is wrong


def test_what_is_wrong_is_mailed_to_who_keeps_the_entry_and_kept_nowhere(
    visitor: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    page = own_page(visitor, folder)
    told = "Ik werk op <b>dinsdag</b>."
    status, onward = send(visitor, f"{page}/klopt-niet", woorden=told)
    assert status == 303
    assert "Verstuurd." in visitor.get(onward).text
    last = letters(folder)[-1]
    assert last["To"] == KEEPER
    text, html = (last.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert told in text.get_content()
    assert "/bureau/persoon/nora-dijk" in text.get_content()
    assert "&lt;b&gt;dinsdag" in html.get_content()
    with engine.connect() as connection:
        for table in Person.metadata.sorted_tables:
            rows = connection.execute(sa.select(table)).all()
            assert "dinsdag</b>" not in repr(rows), table.name


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Schrijf in een paar woorden"),
        ("x" * 501, "1 tekens te veel"),
        ("Mijn BSN is 111222333", "burgerservicenummer"),
    ],
    ids=["nothing", "too long", "BSN"],
)
def test_words_that_can_not_be_sent_stay_in_the_form(
    visitor: FlaskClient, folder: Path, typed: str, said: str
) -> None:
    page = own_page(visitor, folder)
    status, answer = send(visitor, f"{page}/klopt-niet", woorden=typed)
    assert status == 422
    assert said in answer
    assert typed in answer
    assert len(letters(folder)) == 1


def test_nobody_floods_who_keeps_the_entry(visitor: FlaskClient, folder: Path) -> None:
    page = own_page(visitor, folder)
    found = [send(visitor, f"{page}/klopt-niet", woorden=f"Fout {at}") for at in range(6)]
    assert [status for status, _ in found] == [303] * 5 + [429]
    assert "Wacht een uur" in found[-1][1]
    assert "Fout 5" in found[-1][1]


# Leaving


def test_who_leaves_is_told_what_follows(visitor: FlaskClient, folder: Path) -> None:
    page = visitor.get(f"{own_page(visitor, folder)}/weg").text
    assert "<strong>Naailes</strong>. Dit aanbod is dan onvolledig" in page
    assert "Weet u wie het overneemt?" in page
    assert "2018" not in page


def test_who_leaves_is_gone_at_once_and_who_keeps_the_listing_hears_it(
    city: Flask, visitor: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    page = own_page(visitor, folder)
    status, onward = send(visitor, f"{page}/weg", woorden="Vraag Fatma Kaya.")
    assert (status, onward) == (303, f"{FORM}?gewist=1")
    assert "U bent uit de gids." in visitor.get(onward).text
    assert nora(engine) is None
    assert visitor.get("/persoon/nora-dijk").status_code == 404
    assert "Nora" not in visitor.get("/aanbod/naailes").text
    assert list(city.extensions["settings"].uploads_dir.iterdir()) == []
    assert visitor.get(page).status_code == 404
    last = letters(folder)[-1]
    body = last.get_body(("plain",))
    assert body is not None
    assert last["To"] == KEEPER
    assert "- Contactpersoon: Naailes" in body.get_content()
    assert "Vraag Fatma Kaya." in body.get_content()
    assert "Nora" not in body.get_content()


def test_a_redacteur_hears_it_where_nobody_is_nearer(
    visitor: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    with db.writing(engine) as session:
        accounts.end_account(session, KEEPER, NOW, TODAY)
    page = own_page(visitor, folder)
    send(visitor, f"{page}/klopt-niet", woorden="Het nummer is oud.")
    assert letters(folder)[-1]["To"] == "bo@gids.example"


# The way here


@pytest.mark.parametrize("page", ["/privacy", "/persoon/nora-dijk", "/"])
def test_pages_lead_to_it(visitor: FlaskClient, page: str) -> None:
    assert f'href="{FORM}"' in visitor.get(page).text
