"""Handing over in one act: who does what the day before and from then on, and old links."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, delete, select

from socialmap import db, people, teams
from socialmap.geo.tree import area_tree
from socialmap.listings.history import Author
from socialmap.listings.places import PlaceBook
from socialmap.models import Change, Contact, Listing, Person, Team, WijkContact
from socialmap.models.terms import DetailKind, Door
from socialmap.people import HandOverError, PersonValues, WijkContactValues
from socialmap.teams import MemberValues, TeamValues
from tests.factories import NOW, TODAY, listing, save

DAY = timedelta(days=1)
Day = Callable[[date], FlaskClient]
LONG_AGO = date(2024, 1, 1)
BY = Author("Redactie", Door.FORM, NOW)
NAMES = {"jip": "Jip Verdonk", "mila": "Mila Okafor", "otto": "Otto Brandsma"}
CENTRE, SCHOOL = "Ouder- en kindcentrum", "Basisschool De Pont"


class Office:
    """Jip holds the Volewijck, stands in for IJplein, is at a school, leads the team, is the
    contact of a listing and the backup of a colleague."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        with db.writing(engine) as session:
            for code in ("NK", "NL"):
                session.exec(delete(WijkContact).where(WijkContact.area_code == code))
            for at, (key, name) in enumerate(NAMES.items()):
                number = {DetailKind.PHONE: f"020 000 008{at}"}
                people.save_person(session, PersonValues(key, name, details=number))
            rows = [
                WijkContactValues("NK", "jip", LONG_AGO, deputy="otto"),
                WijkContactValues("NL", "otto", LONG_AGO, deputy="jip"),
            ]
            people.save_wijk_contacts(session, rows)
            team = TeamValues("okt-pont", "okt", "OKT Pont", areas=frozenset({"NK01"}))
            book = PlaceBook(session, area_tree(session))
            teams.save_team(session, TeamValues(**{**vars(team), "leader": "jip"}), book)
            hours = {"hours": "di 08:30-12:00", "ask_me": "Over school."}
            teams.save_member(session, MemberValues("okt-pont", "jip", workplace=SCHOOL, **hours))
            otto = MemberValues(
                "okt-pont", "otto", backup="jip", workplace=CENTRE, themes=frozenset({"school"})
            )
            teams.save_member(session, otto)
        save(engine, listing("naailes", contact="jip", backup="mila"), listing("judo"))

    def hands_over(self, on: date, to: str = "mila", who: str = "jip") -> people.Assignments:
        with db.writing(self.engine) as session:
            return people.hand_over(session, one(session, who), one(session, to), on, BY)

    def tells(self, on: date) -> dict[str, str | None]:
        """The first names of who does what on a day."""
        with Session(self.engine) as session:
            tree = area_tree(session)
            wijk = people.contact_for_area(session, tree, "NK", on)
            other = people.contact_for_area(session, tree, "NL", on)
            team = teams.find_team(session, "okt-pont", on)
            members = {one.workplace: one for one in teams.members_of(session, team.id, on)}
            contacts = people.contacts_of_listings(session, [listing_id(session)], on)
            told = {
                "wijk": wijk.person,
                "deputy": other.deputy,
                "leader": team.leader,
                "school": members[SCHOOL].person,
                "backup": members[CENTRE].backup,
                "listing": contacts.get(listing_id(session)),
            }
            return {what: view and view.first_name for what, view in told.items()}


def one(session: Session, key: str) -> Person:
    return session.exec(select(Person).where(Person.key == key)).one()


def listing_id(session: Session) -> UUID:
    return session.exec(select(Listing.id).where(Listing.key == "naailes")).one()


@pytest.fixture
def office(engine: sa.Engine) -> Office:
    return Office(engine)


ALL = ("wijk", "deputy", "leader", "school", "backup", "listing")


@pytest.mark.parametrize("days", [-30, 0, 1, 60])
def test_everything_goes_over_on_one_day(office: Office, days: int) -> None:
    on = TODAY + days * DAY
    found = office.hands_over(on)
    assert office.tells(max(on, TODAY)) == dict.fromkeys(ALL, "Mila")
    assert office.tells(on + 90 * DAY) == dict.fromkeys(ALL, "Mila")
    assert (len(found.areas), len(found.deputy_of), len(found.members)) == (1, 1, 1)
    if days > 0:
        assert office.tells(on - DAY) == dict.fromkeys(ALL, "Jip")


def test_what_was_true_before_stays_known(office: Office) -> None:
    office.hands_over(TODAY)
    before = office.tells(TODAY - DAY)
    assert {before[what] for what in ("wijk", "leader", "school")} == {"Jip"}


def test_the_successor_takes_over_no_leave_no_hours_and_no_words(office: Office) -> None:
    with db.writing(office.engine) as session:
        away = WijkContactValues("NK", "jip", LONG_AGO, deputy="otto", absent_from=TODAY)
        people.save_wijk_contacts(session, [away])
    office.hands_over(TODAY)
    with Session(office.engine) as session:
        wijk = people.contact_for_area(session, area_tree(session), "NK", TODAY)
        assert wijk.presence == people.Presence.PRESENT, "the leave was of Jip"
        assert wijk.confirmed_on == TODAY
        team = session.exec(select(Team).where(Team.key == "okt-pont")).one()
        at_school = next(
            one for one in teams.members_of(session, team.id, TODAY) if one.workplace == SCHOOL
        )
        assert (at_school.hours, at_school.ask_me) == ((), "")


def test_a_backup_who_becomes_the_contact_is_no_backup_any_more(office: Office) -> None:
    office.hands_over(TODAY)
    with Session(office.engine) as session:
        rows = session.exec(select(Contact).where(Contact.listing_id == listing_id(session))).all()
        assert [row.role.value for row in rows if row.is_current(TODAY)] == ["primary"]


def test_a_deputy_who_takes_over_has_no_deputy(office: Office) -> None:
    office.hands_over(TODAY, to="otto")
    with Session(office.engine) as session:
        tree = area_tree(session)
        assert people.contact_for_area(session, tree, "NK", TODAY).deputy is None
        assert people.contact_for_area(session, tree, "NL", TODAY).deputy is None


def test_history_says_who_came_after_whom(office: Office) -> None:
    office.hands_over(TODAY)
    with Session(office.engine) as session:
        changes = session.exec(select(Change).where(Change.by == "Redactie")).all()
        told = {(one.noun, one.field, one.before, one.after) for one in changes}
    assert told == {
        ("listing", "contact", "jip", "mila"),
        ("listing", "backup", "mila", None),
        ("wijk_contact", "person", "jip", "mila"),
        ("wijk_contact", "deputy", "jip", "mila"),
    }


@pytest.mark.parametrize(
    ("who", "to", "days", "message"),
    [
        ("jip", "jip", 0, "dezelfde persoon"),
        ("jip", "mila", 400, "hoogstens een jaar"),
        ("jip", "mila", -400, "hoogstens een jaar"),
        ("mila", "jip", 300, ""),
    ],
)
def test_what_can_not_be_handed_over_says_why(
    office: Office, who: str, to: str, days: int, message: str
) -> None:
    if not message:
        office.hands_over(TODAY, who="jip", to="otto")
        message = "Jip Verdonk heeft zelf alles overgedragen"
    before = office.tells(TODAY)
    with pytest.raises(HandOverError, match=message):
        office.hands_over(TODAY + days * DAY, who=who, to=to)
    assert office.tells(TODAY) == before


def test_who_does_nothing_has_nothing_to_hand_over(office: Office) -> None:
    with db.writing(office.engine) as session:
        people.save_person(session, PersonValues("nora", "Nora Dijk"))
    with pytest.raises(HandOverError, match="niets meer dat over kan gaan"):
        office.hands_over(TODAY, who="nora")


# Old links


@pytest.fixture
def at(app: Flask, office: Office) -> Day:
    """A visitor on a day."""

    def visitor_on(day: date) -> FlaskClient:
        settings = app.extensions["settings"]
        app.extensions["settings"] = replace(settings, today=day.isoformat())
        return app.test_client()

    return visitor_on


def test_the_old_link_leads_on_for_a_year_and_then_is_gone(office: Office, at: Day) -> None:
    office.hands_over(TODAY + DAY)
    assert at(TODAY).get("/persoon/jip-verdonk").status_code == 200
    for day in (TODAY + DAY, TODAY + 365 * DAY):
        answer = at(day).get("/persoon/jip-verdonk")
        assert answer.location == "/persoon/mila-okafor?na=jip-verdonk"
        page = at(day).get(answer.location).text
        assert "Jip Verdonk werkt hier sinds 24 november 2026 niet meer" in page
        assert "020 000 0080" not in page
    assert at(TODAY + 366 * DAY).get("/persoon/jip-verdonk").status_code == 404


def test_a_stranger_can_not_make_a_page_say_that_somebody_left(office: Office, at: Day) -> None:
    page = at(TODAY).get("/persoon/mila-okafor?na=jip-verdonk").text
    assert "werkt hier sinds" not in page


# Erasing


def test_nobody_is_erased_before_a_year_has_gone(office: Office) -> None:
    office.hands_over(TODAY)
    with Session(office.engine) as session:
        gone = people.gone_people(session, date(2027, 11, 22))
        assert "jip" not in {one.key for one in gone}
        gone = people.gone_people(session, date(2027, 11, 23))
        assert {one.key for one in gone} & set(NAMES) == {"jip"}


def test_who_is_erased_is_nowhere_any_more(office: Office) -> None:
    office.hands_over(TODAY)
    erases(office, "jip")
    with Session(office.engine) as session:
        for table in ("person", "person_detail", "change", "imported_record", "former_slug"):
            rows = session.execute(sa.text(f'SELECT * FROM "{table}"')).all()
            assert not [row for row in rows if '"jip"' in str(row) or "Jip" in str(row)], table
            assert not [row for row in rows if "'jip'" in str(row)], table
    assert office.tells(TODAY) == dict.fromkeys(ALL, "Mila")


def test_who_is_erased_at_once_leaves_a_vacancy(office: Office) -> None:
    erases(office, "jip")
    with Session(office.engine) as session:
        wijk = people.contact_for_area(session, area_tree(session), "NK", TODAY)
        assert wijk.presence == people.Presence.VACANT
        assert people.contacts_of_listings(session, [listing_id(session)], TODAY) == {}


def erases(office: Office, key: str) -> None:
    with db.writing(office.engine) as session:
        person = people.find_person(session, one(session, key).slug)
        assert person
        people.erase_person(session, area_tree(session), person, BY)
