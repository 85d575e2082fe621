"""Claims that run by themselves, and claims that somebody decides on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, select

from socialmap import accounts, db
from socialmap.geo.tree import AreaTree
from socialmap.models import Account, AccountRole, Claim, Listing, Provider
from socialmap.models.terms import ClaimState, Role
from socialmap.reviews import claims
from socialmap.views import doors
from tests.claims.claiming import (
    ASK,
    DRAAD,
    EDITORS,
    FATMA,
    HOURS,
    PRIVATE,
    REDACTIE,
    YARA,
    arrive,
    ask,
    body,
    confirmed,
    edits,
    letters,
    link_in,
    make_editor,
    press,
    signed_in,
    state,
    to,
)
from tests.entering import OWN, proof
from tests.factories import NOW, SECRET, TODAY, listing, save
from tests.reading import plain

# The own domain


def test_own_domain_runs_after_48_hours(
    app: Flask,
    folder: Path,
    engine: sa.Engine,
    draad: str,
    later: Callable[[timedelta], None],
) -> None:
    client, page = arrive(app, folder)
    asked = plain(client.get(page).text)
    assert "Fatma" in asked
    assert "Ik geef de naailes." in asked
    assert "hoort bij de website van Draad & Daad" in asked
    assert state(engine) == [ClaimState.ASKED]
    assert len(letters(folder)) == 1, "opening pages tells nobody"
    press(client, page, "Ja, dit ben ik")
    assert state(engine) == [ClaimState.RUNNING]
    assert "U kunt bijna beginnen" in client.get(page).text
    assert "woensdag 25 november 2026" in client.get(page).text
    assert "Gaat vanzelf in" in client.get("/bureau").text
    [told] = to(folder, YARA)
    assert "Fatma (fatma@draad.example) wil de vermeldingen van Draad & Daad" in body(told)
    assert "over 48 uur vanzelf in" in body(told)
    assert to(folder, REDACTIE) == [], "the wijk contact is nearer"
    assert not edits(engine, passed=47 * HOURS)
    assert client.get(EDITORS).status_code == 403
    assert edits(engine, passed=49 * HOURS)
    later(49 * HOURS)
    assert client.get(EDITORS).status_code == 200
    assert "U houdt Draad &amp; Daad bij" in client.get(page).text
    assert "Bewerker van een aanbieder: Draad &amp; Daad" in client.get("/bureau").text
    yara = signed_in(app, engine, YARA)
    assert "mag dit bijhouden" in yara.get(link_in(told)).text
    assert "Houd dit tegen" not in yara.get(link_in(told)).text


def test_stopped_within_48_hours(app: Flask, folder: Path, engine: sa.Engine, draad: str) -> None:
    client, page = confirmed(app, folder)
    yara, stop = signed_in(app, engine, YARA), link_in(to(folder, YARA)[0])
    assert press(yara, stop, "Houd dit tegen", reden="Fatma is <weg>") == (303, stop)
    assert state(engine) == [ClaimState.STOPPED]
    assert not edits(engine, passed=99 * HOURS)
    assert "Deze aanvraag is tegengehouden" in yara.get(stop).text
    last = to(folder, FATMA)[-1]
    assert "Fatma is <weg>" in body(last)
    assert "Fatma is &lt;weg&gt;" in body(last, "html")
    assert "Fatma is &lt;weg&gt;" in client.get(page).text
    with Session(engine) as session:
        assert session.exec(select(AccountRole).where(AccountRole.role == Role.EDITOR)).all() == []
    again, other = confirmed(app, folder)
    assert other != page
    assert state(engine) == [ClaimState.STOPPED, ClaimState.CONFIRMED], "now someone decides"
    assert "Wilt u beslissen?" in body(to(folder, YARA)[-1])
    assert "wacht op een besluit" in again.get(other).text


def test_too_late_to_stop_or_twice_changes_nothing(
    app: Flask,
    folder: Path,
    engine: sa.Engine,
    draad: str,
    later: Callable[[timedelta], None],
) -> None:
    confirmed(app, folder)
    yara, stop = signed_in(app, engine, YARA), link_in(to(folder, YARA)[0])
    token = proof(yara.get(stop).text)
    before = len(letters(folder))
    later(48 * HOURS + timedelta(minutes=1))
    data = {"bewijs": token, "reden": "Te laat"}
    for act in ("afwijzen", "toekennen"):
        assert yara.post(f"{stop}/{act}", data=data, headers=OWN).status_code == 303
    assert state(engine) == [ClaimState.RUNNING]
    assert edits(engine, passed=49 * HOURS)
    assert len(letters(folder)) == before


def test_a_double_click_tells_everyone_once(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    client, page = arrive(app, folder)
    token, cookie = proof(client.get(page).text), client.get_cookie(doors.COOKIE)
    assert cookie is not None

    def click(_: int) -> int:
        hand = app.test_client()
        hand.set_cookie(doors.COOKIE, cookie.value)
        return hand.post(page, data={"bewijs": token}, headers=OWN).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(click, range(4))) == [303] * 4
    assert state(engine) == [ClaimState.RUNNING]
    assert len(to(folder, YARA)) == 1
    with Session(engine) as session:
        [role] = session.exec(select(AccountRole).where(AccountRole.role == Role.EDITOR)).all()
        [claim] = session.exec(select(Claim)).all()
        assert role.from_at == claim.from_at


def test_a_link_works_once_and_a_scanner_says_no_yes(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    ask(app.test_client())
    link = link_in(letters(folder)[0])
    for _ in range(3):
        assert app.test_client().get(link).status_code == 200
    assert state(engine) == [ClaimState.ASKED]
    client = app.test_client()
    status, page = press(client, link, "Log in")
    assert status == 303
    stranger = app.test_client()
    assert stranger.get(link).status_code == 410
    assert stranger.get(page).headers["Location"] == f"/inloggen?naar={page}"
    assert stranger.post(page, headers=OWN).status_code == 303
    assert client.post(page, headers=OWN).status_code == 403, "without its token"
    assert state(engine) == [ClaimState.ASKED]


def test_a_forwarded_page_shows_another_nothing(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    _, page = arrive(app, folder)
    with db.writing(engine) as session:
        accounts.add_role(session, "arts@praktijk.example", Role.PROFESSIONAL, TODAY)
    for mail in ("arts@praktijk.example", YARA, REDACTIE):
        other = signed_in(app, engine, mail)
        answer = other.get(page)
        assert answer.status_code == 404
        assert "Fatma" not in answer.text
        token = proof(other.get("/bureau").text)
        assert other.post(page, data={"bewijs": token}, headers=OWN).status_code == 404
        decide = page.replace("/aanvraag/", "/aanvragen/")
        assert other.get(decide).status_code == 404, "not confirmed: nobody's business yet"
    assert state(engine) == [ClaimState.ASKED]


def test_a_forwarded_link_never_confirms_for_who_was_signed_in(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    ask(app.test_client())
    link = link_in(letters(folder)[0])
    yara = signed_in(app, engine, YARA)
    assert yara.get(link).status_code == 200
    assert state(engine) == [ClaimState.ASKED]
    _, page = press(yara, link, "Log in")
    assert FATMA in yara.get("/bureau").text, "the link is of its own account, for all to see"
    press(yara, page, "Ja, dit ben ik")
    with Session(engine) as session:
        claim = session.exec(select(Claim)).one()
        assert session.get_one(Account, claim.account_id).mail == FATMA
        [role] = session.exec(select(AccountRole).where(AccountRole.role == Role.EDITOR)).all()
        assert role.account_id == claim.account_id


def test_a_claim_goes_with_its_provider(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    client, page = confirmed(app, folder)
    yara, stop = signed_in(app, engine, YARA), link_in(to(folder, YARA)[0])
    token, other = proof(client.get("/bureau").text), proof(yara.get(stop).text)
    with db.writing(engine) as session:
        session.delete(session.exec(select(Listing)).one())
        session.flush()
        session.delete(session.exec(select(Provider)).one())
    assert client.get(page).status_code == 404
    assert client.post(page, data={"bewijs": token}, headers=OWN).status_code == 404
    assert yara.get(stop).status_code == 404
    assert yara.post(f"{stop}/afwijzen", data={"bewijs": other}, headers=OWN).status_code == 404
    assert client.get("/bureau").status_code == 200
    assert client.get(ASK).status_code == 404
    assert state(engine) == []


# Anyone else


@pytest.mark.parametrize(
    ("mail", "website"),
    [
        (PRIVATE, "https://www.draad.example/"),
        ("fatma@evil-draad.example", "https://www.draad.example/"),
        ("fatma@draad.example.evil.example", "https://www.draad.example/"),
        (FATMA, None),
        ("fatma@amsterdam.nl", "https://www.amsterdam.nl/draad"),
        ("fatma@draad.wordpress.com", "https://draad.wordpress.com/"),
    ],
)
def test_an_address_that_proves_nothing_waits(
    app: Flask, folder: Path, engine: sa.Engine, draad: str, mail: str, website: str | None
) -> None:
    with db.writing(engine) as session:
        session.exec(select(Provider)).one().website = website
    client, page = arrive(app, folder, mail)
    assert "kunnen wij niet genoeg zien" in plain(client.get(page).text)
    press(client, page, "Ja, dit ben ik")
    assert state(engine) == [ClaimState.CONFIRMED]
    assert not edits(engine, mail, 99 * HOURS)
    assert "Wilt u beslissen?" in body(to(folder, YARA)[0])
    assert "wacht op een besluit" in client.get(page).text


def test_granted_at_once_and_told(app: Flask, folder: Path, engine: sa.Engine, draad: str) -> None:
    client, page = confirmed(app, folder, PRIVATE)
    yara = signed_in(app, engine, YARA)
    queue = yara.get("/bureau/aanvragen").text
    link = link_in(to(folder, YARA)[0])
    assert f'href="{link}">Fatma, voor Draad &amp; Daad</a>' in queue
    assert "Ik geef de naailes." in yara.get(link).text
    assert press(yara, link, "Ja, dit mag") == (303, link)
    assert state(engine) == [ClaimState.GRANTED]
    assert edits(engine, PRIVATE)
    assert "U kunt meteen beginnen" in body(to(folder, PRIVATE)[-1])
    assert "U houdt Draad &amp; Daad bij" in client.get(page).text
    assert "Fatma mag dit bijhouden" in yara.get(link).text
    assert "Er wacht nu niets op u" in yara.get("/bureau/aanvragen").text
    token, before = proof(yara.get("/bureau").text), len(letters(folder))
    for act in ("toekennen", "afwijzen"):
        yara.post(f"{link}/{act}", data={"bewijs": token, "reden": "Toch niet"}, headers=OWN)
    assert state(engine) == [ClaimState.GRANTED]
    assert len(letters(folder)) == before


def test_refused_with_a_reason(app: Flask, folder: Path, engine: sa.Engine, draad: str) -> None:
    client, page = confirmed(app, folder, PRIVATE)
    yara, link = signed_in(app, engine, YARA), link_in(to(folder, YARA)[0])
    for reason, error in (("", "Zeg in een paar woorden waarom"), ("x" * 501, "te lang")):
        status, again = press(yara, link, "Nee, wijs af", reden=reason)
        assert status == 422
        assert again.count(error) == 2
        assert "<title>Fout: " in again
        assert reason in again
    assert state(engine) == [ClaimState.CONFIRMED]
    assert press(yara, link, "Nee, wijs af", reden="Wij kennen u niet.")[0] == 303
    assert state(engine) == [ClaimState.REFUSED]
    assert not edits(engine, PRIVATE)
    assert "Wij kennen u niet." in body(to(folder, PRIVATE)[-1])
    assert "Wij kennen u niet." in client.get(page).text


def test_who_may_decide(
    app: Flask, folder: Path, engine: sa.Engine, tree: AreaTree, draad: str
) -> None:
    make_editor(engine, "bea@draad.example", "Bea")
    with db.writing(engine) as session:
        accounts.add_role(session, "noord@wijk.example", Role.WIJK_CONTACT, TODAY, area="N")
        accounts.add_role(session, "elders@wijk.example", Role.WIJK_CONTACT, TODAY, area="NL")
        accounts.add_role(session, "arts@praktijk.example", Role.PROFESSIONAL, TODAY)
        accounts.add_role(session, "ander@wijk.example", Role.WIJK_CONTACT, TODAY, area="NK")
        accounts.end_account(session, "ander@wijk.example", NOW, TODAY)
    asker, _ = confirmed(app, folder, PRIVATE)
    told = {one["To"] for one in letters(folder)} - {PRIVATE}
    assert told == {"bea@draad.example", YARA, "noord@wijk.example"}
    link = link_in(to(folder, YARA)[0])
    deciders = (*told, REDACTIE)
    for mail in deciders:
        assert signed_in(app, engine, mail).get(link).status_code == 200, mail
    for mail in ("elders@wijk.example", "arts@praktijk.example"):
        other = signed_in(app, engine, mail)
        assert other.get(link).status_code == 404, mail
        token = proof(other.get("/bureau").text)
        for act in ("toekennen", "afwijzen"):
            answer = other.post(f"{link}/{act}", data={"bewijs": token, "reden": "x"}, headers=OWN)
            assert answer.status_code == 404
    assert asker.get(link).status_code == 404, "nobody decides on their own"
    assert asker.get("/bureau/aanvragen").status_code == 403
    elders = signed_in(app, engine, "elders@wijk.example").get("/bureau/aanvragen")
    assert "Fatma" not in elders.text
    with Session(engine) as session:
        found = {mail: accounts.find_account(session, mail) for mail in deciders}
        for account in found.values():
            assert account is not None
            [claim] = claims.waiting_claims(session, tree, account, NOW)
            assert claim.provider.slug == draad


def test_the_redactie_is_told_where_nobody_is_nearer(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    save(engine, listing(provider=DRAAD, places=[SECRET], coverage=["stad"]))
    confirmed(app, folder)
    assert [one["To"] for one in letters(folder)] == [FATMA, REDACTIE]
    assert state(engine) == [ClaimState.RUNNING]


def test_it_waits_where_nobody_could_be_told(app: Flask, folder: Path, engine: sa.Engine) -> None:
    save(engine, listing(provider=DRAAD))
    confirmed(app, folder)
    assert state(engine) == [ClaimState.CONFIRMED]
    assert not edits(engine, passed=99 * HOURS)


def test_a_wijk_contact_cannot_let_herself_in(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    yara, page = confirmed(app, folder, YARA)
    assert [one["To"] for one in letters(folder)] == [YARA, REDACTIE]
    decide = page.replace("/aanvraag/", "/aanvragen/")
    token = proof(yara.get("/bureau").text)
    assert yara.post(f"{decide}/toekennen", data={"bewijs": token}, headers=OWN).status_code == 404
    assert "Er wacht nu niets op u" in yara.get("/bureau/aanvragen").text
    assert not edits(engine, YARA)


def test_who_does_not_edit_yet_decides_nothing(
    app: Flask, folder: Path, engine: sa.Engine, draad: str
) -> None:
    fatma, _ = confirmed(app, folder)
    confirmed(app, folder, PRIVATE)
    assert fatma.get("/bureau/aanvragen").status_code == 403
    link = link_in(to(folder, YARA)[-1])
    assert fatma.get(link).status_code == 404
    assert len(to(folder, FATMA)) == 1
