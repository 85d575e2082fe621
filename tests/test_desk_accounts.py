"""Accounts at the desk: a redacteur finds, gives, takes and ends; and professionals are invited."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import accounts, db
from socialmap.accounts import AccountError
from socialmap.mail import Mailer
from socialmap.models import Account, AccountRole, LoginLink
from socialmap.models.terms import LinkPurpose, Role
from tests.entering import OWN, enter, give_app, post, proof
from tests.factories import NOW, TODAY, listing, save
from tests.test_login import letters, link_in, press

pytestmark = pytest.mark.pages

YARA, FATMA, SAMIRA = "yara@gids.example", "fatma@draad.example", "samira@buurt.example"
NADIA = "nadia@okt.example"
INVITE = "/bureau/uitnodigen"


@pytest.fixture
def yara(app: Flask, engine: sa.Engine) -> FlaskClient:
    """A redacteur who is signed in."""
    return enter(app, engine, YARA, Role.REDACTEUR, name="Yara van der Koster")


@pytest.fixture
def samira(app: Flask, engine: sa.Engine) -> FlaskClient:
    """The contact of a wijk, signed in."""
    return enter(app, engine, SAMIRA, Role.WIJK_CONTACT, area="NK", name="Samira Ouhadou")


def page_of(engine: sa.Engine, mail: str) -> str:
    """The page of an account at the desk."""
    with Session(engine) as session:
        return f"/bureau/accounts/{found(session, mail).id}"


def found(session: Session, mail: str) -> Account:
    account = accounts.find_account(session, mail)
    assert account is not None, mail
    return account


def roles_of(engine: sa.Engine, mail: str) -> list[tuple[Role, str]]:
    with Session(engine) as session:
        return [(v.role, v.scope) for v in accounts.roles_of(session, found(session, mail), NOW)]


def way_to_take(client: FlaskClient, page: str, what: str) -> str:
    """The address of the button that takes a role away."""
    text = client.get(page).text
    ways = re.findall(r'action="([^"]+/weg)".*?<span>([^<]+)</span>', text, re.DOTALL)
    return next(address for address, told in ways if told.startswith(what))


# Finding


def test_a_redacteur_sees_everybody(yara: FlaskClient, samira: FlaskClient) -> None:
    page = yara.get("/bureau/accounts").text
    assert "2 accounts" in page
    assert "Samira Ouhadou" in page
    assert "Wijkcontactpersoon: Volewijck" in page
    assert "Accounts en rollen" in yara.get("/bureau").text


@pytest.mark.parametrize("words", ["samira", "OUHADOU", "buurt.example"])
def test_somebody_is_found_by_name_or_address(
    yara: FlaskClient, samira: FlaskClient, words: str
) -> None:
    status, page = post(yara, "/bureau/accounts", zoek=words)
    assert status == 200
    assert "1 gevonden" in page
    assert SAMIRA in page
    assert YARA not in page
    assert f'value="{words}"' in page


def test_signs_of_a_pattern_are_just_signs(yara: FlaskClient, samira: FlaskClient) -> None:
    for words in ("%", "_", "<b>"):
        page = post(yara, "/bureau/accounts", zoek=words)[1]
        assert "Niemand gevonden" in page
        assert "<b>’" not in page


def test_many_accounts_are_leafed_through(yara: FlaskClient, engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        session.add_all(
            Account(mail=f"a{number:03}@x.example", created_on=TODAY) for number in range(60)
        )
    first, second = (yara.get(f"/bureau/accounts?pagina={n}").text for n in (1, 2))
    assert "a049@x.example" in first
    assert "a050@x.example" in second
    assert "a049@x.example" not in second
    assert "Terug naar de eerste bladzijde" in yara.get("/bureau/accounts?pagina=9").text
    assert "eerste 50" in post(yara, "/bureau/accounts", zoek="x.example")[1]


@pytest.mark.parametrize("role", [Role.WIJK_CONTACT, Role.PROFESSIONAL])
def test_only_redacteurs_see_accounts(app: Flask, engine: sa.Engine, role: Role) -> None:
    area = "NK" if role == Role.WIJK_CONTACT else ""
    client = enter(app, engine, SAMIRA, role, area=area)
    own = page_of(engine, SAMIRA)
    token = proof(client.get("/bureau").text)
    assert client.get("/bureau/accounts").status_code == 403
    assert client.get(own).status_code == 403
    for path in ("", "/rollen", "/beeindigen", "/app", "/rollen/x/weg"):
        page = own + path if path else "/bureau/accounts"
        answer = client.post(page, data={"bewijs": token, "rol": "redacteur"}, headers=OWN)
        assert answer.status_code == 403, path
    assert [role for role, _ in roles_of(engine, SAMIRA)] == [role]


def test_a_guessed_account_is_not_found(yara: FlaskClient) -> None:
    token = proof(yara.get("/bureau").text)
    for id in ("x", uuid4(), "é"):
        assert yara.get(f"/bureau/accounts/{id}").status_code == 404
        answer = yara.post(f"/bureau/accounts/{id}/app", data={"bewijs": token}, headers=OWN)
        assert answer.status_code == 404


# Giving and taking


def test_a_redacteur_gives_roles(yara: FlaskClient, engine: sa.Engine) -> None:
    save(engine, listing())
    with db.writing(engine) as session:
        accounts.add_role(session, FATMA, Role.PROFESSIONAL, TODAY)
    page = page_of(engine, FATMA)
    give = f"{page}/rollen"
    for told in (
        {"rol": "aanbieder", "aanbieder": " jongerenwerk noordlicht "},
        {"rol": "wijkcontact", "wijk": "NK"},
        {"rol": "redacteur"},
    ):
        assert post(yara, page, give, **told) == (303, f"{page}?klaar=rol")
    assert "De rol is erbij gekomen" in yara.get(f"{page}?klaar=rol").text
    assert post(yara, page, give, rol="redacteur") == (303, f"{page}?klaar=al")
    assert roles_of(engine, FATMA) == [
        (Role.EDITOR, "Jongerenwerk Noordlicht"),
        (Role.WIJK_CONTACT, "Volewijck"),
        (Role.PROFESSIONAL, ""),
        (Role.REDACTEUR, ""),
    ]
    with Session(engine) as session:
        by = found(session, YARA).id
        given = session.exec(select(AccountRole.given_by_id, AccountRole.role)).all()
    assert (by, Role.REDACTEUR) in given


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"rol": "aanbieder"}, "Typ de naam van een aanbieder"),
        ({"rol": "aanbieder", "aanbieder": "noordlicht"}, "‘Jongerenwerk Noordlicht’"),
        ({"rol": "aanbieder", "aanbieder": "<b>"}, "Er is geen aanbieder ‘&lt;b&gt;’"),
        ({"rol": "wijkcontact"}, "Kies een wijk, gebied of stadsdeel."),
        ({"rol": "wijkcontact", "wijk": "XX"}, "Er is geen wijk, gebied of stadsdeel ‘XX’"),
        ({"rol": "baas"}, "Kies een rol"),
        ({}, "Kies een rol"),
    ],
)
def test_a_role_that_can_not_be_is_explained(
    yara: FlaskClient, samira: FlaskClient, engine: sa.Engine, told: dict[str, str], why: str
) -> None:
    save(engine, listing())
    page = page_of(engine, SAMIRA)
    status, text = post(yara, page, f"{page}/rollen", **told)
    assert status == 422
    assert why in text
    assert "<title>Fout: " in text
    if "aanbieder" in told:
        assert f'value="{told["aanbieder"]}"'.replace("<b>", "&lt;b&gt;") in text
    assert len(roles_of(engine, SAMIRA)) == 1


def test_a_role_that_was_taken_ends_sessions_and_links(
    app: Flask, yara: FlaskClient, samira: FlaskClient, engine: sa.Engine
) -> None:
    with db.writing(engine) as session:
        token = accounts.make_link(session, found(session, SAMIRA), NOW)
    page = page_of(engine, SAMIRA)
    way = way_to_take(yara, page, "Wijkcontactpersoon: Volewijck")
    assert post(yara, page, way) == (303, f"{page}?klaar=weg")
    assert roles_of(engine, SAMIRA) == []
    assert samira.get("/bureau").headers["Location"] == "/inloggen"
    assert press(app.test_client(), f"/inloggen/{token}") == 410
    status, text = post(yara, page, way)
    assert status == 422
    assert "Deze rol was er al niet meer" in text


def test_a_role_of_another_account_is_not_taken(
    yara: FlaskClient, samira: FlaskClient, engine: sa.Engine
) -> None:
    way = way_to_take(yara, page_of(engine, SAMIRA), "Wijkcontactpersoon")
    mine = page_of(engine, YARA)
    role_id = way.split("/")[-2]
    assert post(yara, mine, f"{mine}/rollen/{role_id}/weg")[0] == 422
    assert len(roles_of(engine, SAMIRA)) == 1


def test_nobody_takes_their_own_role_of_redacteur(
    app: Flask, yara: FlaskClient, engine: sa.Engine
) -> None:
    enter(app, engine, FATMA, Role.REDACTEUR)
    page = page_of(engine, YARA)
    status, text = post(yara, page, way_to_take(yara, page, "Redacteur"))
    assert status == 422
    assert "Uw eigen rol van redacteur kunt u niet wegnemen" in text
    status, text = post(yara, page, f"{page}/beeindigen")
    assert status == 422
    assert "Uw eigen account beëindigt u niet hier" in text
    assert yara.get("/bureau").status_code == 200


def test_the_last_redacteur_stays(yara: FlaskClient, engine: sa.Engine) -> None:
    """Also when two take each other's role away at the same moment."""
    with db.writing(engine) as session:
        accounts.add_role(session, FATMA, Role.REDACTEUR, TODAY)
        accounts.add_role(session, NADIA, Role.REDACTEUR, TODAY)
        accounts.end_account(session, NADIA, NOW, TODAY)
        fatma, last = found(session, FATMA), found(session, YARA)
        accounts.take_role(session, fatma, str(fatma.roles[0].id), last, NOW)
        for act in (
            lambda: accounts.take_role(session, last, str(last.roles[0].id), fatma, NOW),
            lambda: accounts.end_other(session, last, fatma, NOW, TODAY),
        ):
            with pytest.raises(AccountError, match="Dit is de laatste redacteur"):
                act()
    assert roles_of(engine, YARA) == [(Role.REDACTEUR, "")]


def test_the_app_goes_with_the_role(app: Flask, yara: FlaskClient, engine: sa.Engine) -> None:
    enter(app, engine, FATMA, Role.REDACTEUR)
    give_app(engine, FATMA)
    page = page_of(engine, FATMA)
    assert "Ingesteld" in yara.get(page).text
    assert post(yara, page, way_to_take(yara, page, "Redacteur"))[0] == 303
    with Session(engine) as session:
        assert not accounts.has_factor(session, found(session, FATMA).id)


# Ending and resetting


def test_an_account_is_ended_at_the_desk(
    yara: FlaskClient, samira: FlaskClient, engine: sa.Engine
) -> None:
    page = page_of(engine, SAMIRA)
    assert post(yara, page, f"{page}/beeindigen") == (303, f"{page}?klaar=einde")
    assert samira.get("/bureau").status_code == 303
    assert "Beëindigd op" in yara.get(page).text
    assert "Beëindigd op" in yara.get("/bureau/accounts").text
    assert post(yara, page, f"{page}/rollen", rol="professional")[0] == 303
    assert roles_of(engine, SAMIRA) == [(Role.PROFESSIONAL, "")], "old roles do not come back"


def test_a_redacteur_resets_the_app_of_another(
    app: Flask, yara: FlaskClient, engine: sa.Engine
) -> None:
    fatma = enter(app, engine, FATMA, Role.REDACTEUR)
    page = page_of(engine, FATMA)
    status, text = post(yara, page, f"{page}/app")
    assert status == 422
    assert "Bij dit account hoort geen app" in text
    give_app(engine, FATMA)
    assert "Koppel de app los" in yara.get(page).text
    assert post(yara, page, f"{page}/app") == (303, f"{page}?klaar=app")
    assert fatma.get("/bureau").headers["Location"] == "/inloggen"
    with Session(engine) as session:
        assert not accounts.has_factor(session, found(session, FATMA).id)
    give_app(engine, YARA)
    mine = page_of(engine, YARA)
    assert "Koppel de app los" not in yara.get(mine).text
    assert "Uw eigen app" in post(yara, mine, f"{mine}/app")[1]


# Inviting


def test_a_wijk_contact_invites_a_professional(
    app: Flask, samira: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    assert "Nodig een professional uit" in samira.get("/bureau").text
    told = {"naam": "Nadia el Idrissi", "mail": " Nadia@OKT.example "}
    assert post(samira, INVITE, **told) == (303, f"{INVITE}?klaar=1")
    page = samira.get(f"{INVITE}?klaar=1").text
    assert "De uitnodiging is verstuurd" in page
    assert "Nadia el Idrissi" in page
    [letter] = letters(folder)
    assert letter["To"] == NADIA
    assert letter["Subject"] == "Samira Ouhadou nodigt u uit voor de Gouden Gids"
    for kind in ("plain", "html"):
        body = letter.get_body((kind,))
        assert body is not None
        for words in ("Dag Nadia el Idrissi", "Samira Ouhadou nodigt u uit", SAMIRA, "7 dagen"):
            assert words in body.get_content().replace("\n", " ")
    path = link_in(letter).removeprefix("http://localhost:8000")
    client = app.test_client()
    assert press(client, path) == 303
    assert "Professional" in client.get("/bureau").text
    assert press(app.test_client(), path) == 410
    assert client.get(INVITE).status_code == 403, "who is invited invites nobody"


def test_an_invitation_lasts_a_week(samira: FlaskClient, engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        by = found(session, SAMIRA)
        told = (NADIA, "Nadia", by, NOW, TODAY)
        _, token = accounts.invite(session, "key", *told)
        assert session.exec(select(LoginLink.purpose)).all() == [LinkPurpose.INVITE]
        week = NOW + timedelta(days=7)
        just = week - timedelta(seconds=1)
        assert accounts.link_state(session, token, just) == accounts.LinkState.GOOD
        assert accounts.link_state(session, token, week) == accounts.LinkState.EXPIRED


@pytest.mark.parametrize(
    ("told", "field", "why"),
    [
        ({"mail": NADIA}, "naam", "Typ de naam van wie u uitnodigt"),
        ({"naam": "http://kwaad.example", "mail": NADIA}, "naam", "alleen een naam"),
        ({"naam": "a\nBcc: x@x.example", "mail": NADIA}, "naam", "alleen een naam"),
        ({"naam": "A" * 90, "mail": NADIA}, "naam", "alleen een naam"),
        ({"naam": "Nadia", "mail": "@okt.example"}, "mail", "Dit is geen mailadres"),
        ({"naam": "Nadia", "mail": "okt.example"}, "mail", "Dit is geen mailadres"),
        ({"naam": "Nadia"}, "mail", "Dit is geen mailadres"),
    ],
)
def test_an_invitation_needs_a_name_and_an_address(
    samira: FlaskClient,
    engine: sa.Engine,
    folder: Path,
    told: dict[str, str],
    field: str,
    why: str,
) -> None:
    status, page = post(samira, INVITE, **told)
    assert status == 422
    assert page.count(why) == 2
    assert f'href="#f-{field}"' in page
    if told.get("mail"):
        assert f'value="{told["mail"]}"' in page
    assert letters(folder) == []
    with Session(engine) as session:
        assert session.exec(select(Account.mail)).all() == [SAMIRA]


def test_who_was_invited_gets_another_link_and_keeps_the_name(
    samira: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    with db.writing(engine) as session:
        accounts.add_role(session, YARA, Role.REDACTEUR, TODAY, name="Yara van der Koster")
    for name in ("Iemand Anders", "Nog Iemand"):
        assert post(samira, INVITE, naam=name, mail=YARA)[0] == 303
    assert len(letters(folder)) == 2
    with Session(engine) as session:
        assert found(session, YARA).name == "Yara van der Koster"
    assert [role for role, _ in roles_of(engine, YARA)] == [Role.PROFESSIONAL, Role.REDACTEUR]


def test_only_a_redacteur_lets_an_ended_account_in_again(
    yara: FlaskClient, samira: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    save(engine, listing())
    with db.writing(engine) as session:
        scope = {"provider": "jongerenwerk-noordlicht"}
        accounts.add_role(session, NADIA, Role.EDITOR, TODAY, **scope)
        accounts.end_account(session, NADIA, NOW, TODAY)
    told = {"naam": "Nadia", "mail": NADIA}
    status, page = post(samira, INVITE, **told)
    assert status == 422
    assert "Dit adres kan alleen de redactie uitnodigen" in page
    assert letters(folder) == []
    assert post(yara, INVITE, **told)[0] == 303
    assert roles_of(engine, NADIA) == [(Role.PROFESSIONAL, "")]


def test_everybody_sees_only_whom_they_invited(
    yara: FlaskClient, samira: FlaskClient, engine: sa.Engine
) -> None:
    post(samira, INVITE, naam="Nadia", mail=NADIA)
    post(yara, INVITE, naam="Fatma", mail=FATMA)
    assert FATMA not in samira.get(INVITE).text
    assert NADIA not in yara.get(INVITE).text
    assert "door Samira Ouhadou" in yara.get(page_of(engine, NADIA)).text


def test_an_invitation_that_was_not_sent_is_kept(
    app: Flask, samira: FlaskClient, engine: sa.Engine
) -> None:
    settings = replace(app.extensions["settings"], mail_url="smtp://127.0.0.1:9")
    app.extensions["mailer"] = Mailer(settings)
    status, page = post(samira, INVITE, naam="Nadia", mail=NADIA)
    assert status == 503
    assert "De mail kon niet worden verstuurd" in page
    assert f'value="{NADIA}"' in page
    assert roles_of(engine, NADIA) == [(Role.PROFESSIONAL, "")]


def test_thirty_people_an_hour_can_be_invited(
    samira: FlaskClient, engine: sa.Engine, folder: Path
) -> None:
    with db.writing(engine) as session:
        by = found(session, SAMIRA)
        for number in range(30):
            told = (f"n{number}@x.example", "Nadia", by, NOW, TODAY)
            accounts.invite(session, "not-secret", *told)
        with pytest.raises(AccountError, match="U heeft dit uur veel mensen uitgenodigd"):
            accounts.invite(session, "not-secret", NADIA, "Nadia", by, NOW, TODAY)
        later = NOW + timedelta(hours=1)
        assert accounts.invite(session, "not-secret", NADIA, "Nadia", by, later, TODAY)
