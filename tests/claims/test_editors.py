"""Who edits for a provider: a colleague is added, one is taken away."""

import re
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import accounts, db
from socialmap.models import Account
from socialmap.models.terms import Role
from tests.claims.claiming import (
    EDITORS,
    FATMA,
    REDACTIE,
    YARA,
    body,
    confirmed,
    edits,
    link_in,
    make_editor,
    press,
    signed_in,
    to,
)
from tests.entering import OWN, proof
from tests.factories import NOW, TODAY, listing, save
from tests.reading import plain


def way_out(client: FlaskClient, words: str) -> str:
    """The page where an editor is taken away that says these words."""
    links = re.findall(r'href="([^"]+/weg)"', client.get(EDITORS).text)
    return next(link for link in links if words in client.get(link).text)


def test_an_editor_adds_a_colleague(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    bea = signed_in(app, engine, "bea@draad.example")
    status, onward = press(bea, EDITORS, "Voeg toe", mail=" Fatma@Draad.example ")
    assert (status, onward) == (303, f"{EDITORS}?gedaan=erbij")
    assert FATMA in bea.get(onward).text
    assert edits(engine)
    [letter] = to(folder, FATMA)
    assert "Bea heeft u toegevoegd" in body(letter)
    fatma = app.test_client()
    assert press(fatma, link_in(letter), "Log in") == (303, "/bureau")
    assert fatma.get(EDITORS).status_code == 200
    for mail, error in ((FATMA, "staat er al bij"), ("fatma", "geen mailadres")):
        status, page = press(bea, EDITORS, "Voeg toe", mail=mail)
        assert status == 422
        assert page.count(error) == 2
        assert f'value="{mail}"' in page


def test_adding_a_colleague_ends_the_waiting(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    fatma, page = confirmed(app, folder)
    bea = signed_in(app, engine, "bea@draad.example")
    assert "Wie het ook wil" in bea.get(EDITORS).text
    press(bea, EDITORS, "Voeg toe", mail=FATMA)
    assert edits(engine)
    assert "Wie het ook wil" not in bea.get(EDITORS).text
    assert "U houdt Draad &amp; Daad bij" in fatma.get(page).text
    link = link_in(to(folder, YARA)[0])
    assert "Houd dit tegen" not in signed_in(app, engine, YARA).get(link).text


def test_an_address_that_was_ended_cannot_be_added(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    make_editor(engine, FATMA)
    with db.writing(engine) as session:
        accounts.end_account(session, FATMA, NOW, TODAY)
    bea = signed_in(app, engine, "bea@draad.example")
    assert press(bea, EDITORS, "Voeg toe", mail=FATMA)[0] == 422
    assert not edits(engine)
    assert FATMA not in plain(bea.get(EDITORS).text)


def test_an_editor_takes_a_colleague_away(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    make_editor(engine, FATMA, "Fatma")
    bea, fatma = (signed_in(app, engine, mail) for mail in ("bea@draad.example", FATMA))
    page = way_out(bea, "Fatma weghalen?")
    assert "de laatste" not in bea.get(page).text
    assert press(bea, page, "Ja, haal weg") == (303, f"{EDITORS}?gedaan=weg")
    assert not edits(engine)
    assert fatma.get(EDITORS).status_code == 403
    assert "niet meer bij" in body(to(folder, FATMA)[-1])
    assert bea.get(page).status_code == 404


def test_the_last_editor_does_not_go_by_accident(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    make_editor(engine, FATMA, "Fatma")
    bea, fatma = (signed_in(app, engine, mail) for mail in ("bea@draad.example", FATMA))
    page = way_out(bea, "Wilt u Draad")
    seen_before = {"bewijs": proof(bea.get(page).text)}
    away = way_out(fatma, "Wilt u Draad")
    assert press(fatma, away, "Ja, ik stop ermee") == (303, "/bureau")
    answer = bea.post(page, data=seen_before, headers=OWN)
    assert answer.headers["Location"] == page, "a page from before said nothing of the last"
    assert edits(engine, "bea@draad.example")
    assert "U bent de laatste" in plain(bea.get(page).text)
    assert press(bea, page, "Ja, ik stop ermee") == (303, "/bureau")
    assert not edits(engine, "bea@draad.example")


def test_only_editors_and_the_redactie_see_who_edits(
    app: Flask, engine: sa.Engine, draad: str
) -> None:
    save(engine, listing("elders"))
    make_editor(engine, FATMA)
    with db.writing(engine) as session:
        other = {"provider": "jongerenwerk-noordlicht"}
        accounts.add_role(session, "b@noord.example", Role.EDITOR, TODAY, **other)
    for mail, status in ((FATMA, 200), (REDACTIE, 200), (YARA, 403), ("b@noord.example", 403)):
        client = signed_in(app, engine, mail)
        assert client.get(EDITORS).status_code == status, mail
        token = proof(client.get("/bureau").text)
        with Session(engine) as session:
            id = session.exec(select(Account.id).where(Account.mail == FATMA)).one()
        if status == 403:
            for page in (EDITORS, f"{EDITORS}/{id}/weg"):
                data = {"bewijs": token, "mail": "kwaad@x.example", "laatste": "1"}
                assert client.post(page, data=data, headers=OWN).status_code == 403
    assert app.test_client().get(EDITORS).headers["Location"] == f"/inloggen?naar={EDITORS}"
    assert edits(engine, FATMA)
