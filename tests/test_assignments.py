"""Who works at which school until when, asked again in June; and handing everything over."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from socialmap import db, people, teams
from socialmap.geo.tree import area_tree
from socialmap.listings.history import Author
from socialmap.listings.places import PlaceBook
from socialmap.models import AccountSession, Change, Person, TeamMember, WijkContact
from socialmap.models.terms import DetailKind, Door, Role
from socialmap.people import PersonValues, WijkContactValues
from socialmap.teams import MemberValues, TeamValues, assigning
from socialmap.teams.assigning import AssigningError, Told
from socialmap.views.clock import today
from tests.entering import OWN, enter_as, proof
from tests.factories import NOW, TODAY, listing, save
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

BY = Author("Yara", Door.FORM, NOW)
JUNE, END, NEXT = date(2027, 6, 1), date(2027, 7, 31), date(2028, 7, 31)
DAY = timedelta(days=1)
DESK, PAGE = "/bureau/team/okt-pont", "/team/okt-pont"
OVER = "/bureau/persoon/jip-verdonk/overdragen"
SCHOOL = "Basisschool De Meidoorn"


@pytest.fixture
def pont(engine: sa.Engine) -> sa.Engine:
    """Jip and Mila work at a school till the end of the school year, Otto until further notice; Jip
    leads, holds the Volewijck and is the contact of a listing."""
    with db.writing(engine) as session:
        session.exec(sa.delete(WijkContact).where(WijkContact.area_code == "NK"))
        names = {"jip": "Jip Verdonk", "mila": "Mila Okafor", "otto": "Otto Brandsma"}
        for at, (key, name) in enumerate(names.items()):
            told = {DetailKind.PHONE: f"020 000 008{at}"}
            people.save_person(session, PersonValues(key, name, details=told))
        people.save_wijk_contacts(
            session, [WijkContactValues("NK", "jip", date(2024, 1, 1), deputy="otto")]
        )
        team = TeamValues("okt-pont", "okt", "OKT Pont", areas=frozenset({"NK01"}), leader="jip")
        teams.save_team(session, team, PlaceBook(session, area_tree(session)))
        for key in ("jip", "mila"):
            at_school = {"workplace": SCHOOL, "until_on": END}
            teams.save_member(session, MemberValues("okt-pont", key, **at_school))
        teams.save_member(session, MemberValues("okt-pont", "otto", workplace="Centrum"))
    save(engine, listing("naailes", contact="jip", coverage=["NK"]))
    return engine


@pytest.fixture
def noor(app: Flask, pont: sa.Engine) -> FlaskClient:
    """The wijk contact of the Volewijck."""
    return enter_as(app, Role.WIJK_CONTACT, "noor@gids.example", area="NK")


@pytest.fixture
def on(app: Flask) -> Callable[[date], None]:
    """The clock, to be set."""

    def begins(day: date) -> None:
        """Let this day begin."""
        kept = app.extensions["settings"]
        app.extensions["settings"] = replace(kept, today=day.isoformat())

    return begins


def noor_again(noor: FlaskClient) -> FlaskClient:
    """The same, who logs in again on another day."""
    again = enter_as(noor.application, Role.WIJK_CONTACT, "noor@gids.example", area="NK")
    with noor.application.app_context(), db.writing(db.engine()) as session:
        for one in session.exec(select(AccountSession)):
            one.last_seen_on = today()
    return again


def member(session: Session, key: str) -> TeamMember:
    query = select(TeamMember).join(Person, Person.id == TeamMember.person_id)
    return session.exec(query.where(Person.key == key)).one()


def team_id(engine: sa.Engine) -> UUID:
    with Session(engine) as session:
        return member(session, "otto").team_id


def asked(engine: sa.Engine, today: date) -> list[str]:
    with Session(engine) as session:
        known = assigning.assignments(session, team_id(engine), today)
        return [one.row.person.key for one in known if one.is_asked]


def send(client: FlaskClient, page: str, **fields: str) -> TestResponse:
    token = proof(client.get(page).text)
    return client.post(page, data={"bewijs": token, **fields}, headers=OWN)


# When it is asked


@pytest.mark.parametrize(
    ("on_day", "end"),
    [(date(2026, 8, 1), END), (TODAY, END), (END, END), (END + DAY, NEXT)],
)
def test_a_school_year_ends_on_31_july(on_day: date, end: date) -> None:
    assert assigning.school_year_end(on_day) == end


def test_it_is_asked_from_1_june_to_the_last_day(pont: sa.Engine) -> None:
    days = [TODAY, JUNE - DAY, JUNE, END, END + DAY]
    assert [len(asked(pont, day)) for day in days] == [0, 0, 2, 2, 0]


def test_who_goes_on_is_asked_no_more_and_that_is_history(pont: sa.Engine) -> None:
    with db.writing(pont) as session:
        rows = [member(session, "jip"), member(session, "otto")]
        assert assigning.prolong(session, rows, JUNE, BY) == {rows[0].id}
    assert asked(pont, JUNE) == ["mila"]
    with Session(pont) as session:
        [kept] = session.exec(select(Change).where(Change.noun == "team_member")).all()
        assert (kept.field, kept.before, kept.after) == ("until_on", "2027-07-31", "2028-07-31")
    assert asked(pont, date(2028, 6, 1)) == ["jip"]


def test_who_stops_is_asked_no_more_this_year(pont: sa.Engine) -> None:
    for expected in (1, 0):
        with db.writing(pont) as session:
            assert len(assigning.stop(session, [member(session, "jip")], BY)) == expected
    assert asked(pont, JUNE) == ["mila"]


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (Told(SCHOOL, TODAY), "person"),
        (Told("x" * 121, TODAY), "workplace"),
        (Told("Elders", TODAY, TODAY - DAY), "until_on"),
        (Told("Elders", date(2036, 1, 1)), "from_on"),
        (Told("Elders", TODAY, hours="straks"), "hours"),
    ],
)
def test_an_assignment_that_cannot_be_is_refused(pont: sa.Engine, told: Told, name: str) -> None:
    with db.writing(pont) as session:
        jip = member(session, "jip")
        person = session.get_one(Person, jip.person_id)
        with pytest.raises(AssigningError) as found:
            assigning.assign(session, jip.team_id, person, told, TODAY, BY)
    assert found.value.name == name


# The desk of a team


def test_all_go_on_with_one_button(
    noor: FlaskClient, visitor: Visitor, on: Callable[[date], None]
) -> None:
    assert "Wie blijft" not in noor.get(DESK).text
    on(JUNE)
    noor = noor_again(noor)
    page = plain(noor.get(DESK).text)
    assert f"Blijft Jip Verdonk op {SCHOOL}? De laatste dag is nu 31 juli 2027." in page
    assert "Verleng alles tot 31 juli 2028" in page
    assert "Nog 2 te beantwoorden" in plain(noor.get("/bureau/wijken").text)
    answer = send(noor, DESK, wat="verleng")
    assert answer.headers["Location"] == f"{DESK}?gedaan=verleng"
    after = plain(noor.get(answer.headers["Location"]).text)
    assert "Wie blijft in" not in after
    assert after.count("Tot en met 31 juli 2028") == 2
    on(END + DAY)
    assert "Mila Okafor" in visitor.text(PAGE)


def test_one_stays_and_one_stops(
    noor: FlaskClient, pont: sa.Engine, on: Callable[[date], None]
) -> None:
    on(JUNE)
    noor = noor_again(noor)
    with Session(pont) as session:
        jip, mila = (str(member(session, key).id) for key in ("jip", "mila"))
    assert send(noor, DESK, wat="verleng", lid=mila).status_code == 303
    assert send(noor, DESK, wat="stopt", lid=jip).status_code == 303
    page = plain(noor.get(DESK).text)
    assert "Tot en met 31 juli 2027. Stopt daarna." in page
    assert "Wie blijft in" not in page
    id = team_id(pont)
    with Session(pont) as session:
        assert len(teams.members_of(session, id, END)) == 3
        known = teams.members_of(session, id, END + DAY)
    assert [one.person.name for one in known] == ["Mila Okafor", "Otto Brandsma"]


def test_someone_new_stays_till_the_end_of_the_school_year(
    noor: FlaskClient, pont: sa.Engine, visitor: Visitor, on: Callable[[date], None]
) -> None:
    told = {"wat": "nieuw", "wie": "otto", "plek": "De Populier", "begin": "30-11-2026"}
    told |= {"tijden": "di 8.30-12.00, do 13.00-15.30"}
    for _ in range(2):
        assert send(noor, DESK, **told).headers["Location"] == f"{DESK}?gedaan=nieuw"
    page = plain(noor.get(DESK).text)
    assert page.count("De Populier") == 1
    assert "Vanaf 30 november 2026, tot en met 31 juli 2027" in page
    assert "De Populier" not in visitor.text(PAGE)
    with Session(pont) as session:
        hours = session.exec(select(TeamMember.hours).where(TeamMember.workplace == "De Populier"))
        assert hours.one() == "di 08:30-12:00|do 13:00-15:30"
    on(date(2026, 11, 30))
    assert "De Populier" in visitor.text(PAGE)


def test_what_is_wrong_with_someone_new_is_said(noor: FlaskClient) -> None:
    answer = send(noor, DESK, wat="nieuw", wie="", plek="De Populier", begin="straks", tijden="x")
    assert answer.status_code == 422
    found = re.search(r'<div class="summary".*?</div>', answer.text, re.S)
    assert found
    told = plain(found[0])
    assert "Kies wie er komt." in told
    assert "Dit is geen datum" in told
    assert 'value="De Populier"' in answer.text
    assert send(noor, DESK, wat="iets").status_code == 400
    assert send(noor, DESK, wat="stopt", lid="onbekend").status_code == 404


def test_who_has_no_part_of_the_area_sees_no_such_team(app: Flask, pont: sa.Engine) -> None:
    sem = enter_as(app, Role.WIJK_CONTACT, "sem@gids.example", area="AA")
    assert sem.get(DESK).status_code == 404
    yara = enter_as(app, Role.REDACTEUR, "yara@gids.example")
    assert DESK in yara.get("/bureau/wijken?stadsdeel=noord").text


# Handing over


def test_everything_is_shown_and_handed_over_in_one_act(
    noor: FlaskClient, visitor: Visitor, on: Callable[[date], None]
) -> None:
    assert f'href="{OVER}"' in noor.get("/bureau/persoon/jip-verdonk").text
    page = plain(noor.get(OVER).text)
    for words in ("Volewijck", "Teamleider van OKT Pont", SCHOOL, "Naailes"):
        assert words in page
    before = visitor.text("/wijk/volewijck")
    assert "Jip Verdonk" in before
    form = {"bewijs": proof(noor.get(OVER).text), "wie": "mila", "begin": "2026-12-01"}
    answers = [noor.post(OVER, data=form, headers=OWN) for _ in range(2)]
    assert [one.headers["Location"] for one in answers] == ["/bureau?overgedragen=1"] * 2
    assert "Overgedragen." in plain(noor.get(answers[0].headers["Location"]).text)
    assert "heeft al overgedragen, per 1 december 2026" in plain(noor.get(OVER).text)
    assert visitor.text("/wijk/volewijck") == before
    on(date(2026, 12, 1))
    after = visitor.text("/wijk/volewijck")
    assert "Wijkcontactpersoon Volewijck Mila Okafor" in after
    assert "Mila Okafor" in visitor.text("/aanbod/naailes")
    onward = visitor.client.get("/persoon/jip-verdonk").headers["Location"]
    assert onward == "/persoon/mila-okafor?na=jip-verdonk"


def test_handing_over_says_what_is_missing(noor: FlaskClient) -> None:
    answer = send(noor, OVER, wie="", begin="")
    assert answer.status_code == 422
    assert "Kies wie alles overneemt." in answer.text
    answer = send(noor, OVER, wie="jip", begin="2026-12-01")
    assert "dit is dezelfde persoon" in answer.text
    answer = send(noor, OVER, wie="fadila", begin="2026-12-01")
    assert "Kies iemand uit de lijst" in answer.text


def test_who_decides_on_a_part_only_hands_nothing_over(app: Flask, pont: sa.Engine) -> None:
    with db.writing(pont) as session:
        elsewhere = WijkContactValues("AC", "jip", date(2027, 1, 1))
        session.exec(sa.delete(WijkContact).where(WijkContact.area_code == "AC"))
        people.save_wijk_contacts(session, [elsewhere])
    noor = enter_as(app, Role.WIJK_CONTACT, "noor@gids.example", area="NK")
    assert noor.get("/bureau/persoon/jip-verdonk").status_code == 200
    assert noor.get(OVER).status_code == 404
    assert enter_as(app, Role.REDACTEUR, "yara@gids.example").get(OVER).status_code == 200
