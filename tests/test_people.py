"""Whom to call for an area, on every day: there, on leave, vacant, and who stands in."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, delete, select

from socialmap import people
from socialmap.geo.tree import CITY, AreaTree
from socialmap.models import Contact, Person, Team, TeamArea, WijkContact
from socialmap.models.terms import AreaLevel, ContactRole, DetailKind
from socialmap.people import AreaContact, Consent, PersonValues, Presence, WijkContactValues
from tests.factories import TODAY

VOLEWIJCK, OUD_NOORD, NOORD = "NK", "GN19", "N"
DAY = timedelta(days=1)
LONG_AGO = date(2024, 1, 1)
NAMES = {
    "samira": "Samira Haddaoui",
    "joris": "Joris van Dalen",
    "wilma": "Wilma Tesselaar",
    "gijs": "Gijs Tolhuis",
    "marlies": "Marlies Bakhuis",
    "redactie": "Redactie Gids",
}


def person_id(session: Session, key: str) -> UUID:
    return session.exec(select(Person.id).where(Person.key == key)).one()


class Cast:
    """Six people, and who of them holds what."""

    def __init__(self, session: Session, tree: AreaTree) -> None:
        self.session, self.tree = session, tree
        for number, (key, name) in enumerate(NAMES.items()):
            self.knows(key, name=name, details={DetailKind.PHONE: f"020 000 010{number}"})

    def knows(self, key: str, **values: Any) -> None:
        people.save_person(self.session, PersonValues(key=key, **{"name": NAMES[key], **values}))

    def holds(self, area: str, person: str, from_on: date = LONG_AGO, **values: Any) -> None:
        row = WijkContactValues(area, person, from_on, **values)
        people.save_wijk_contacts(self.session, [row])

    def leads_the_okt(self, person: str | None) -> None:
        """Make `person` the leader of every OKT of Volewijck."""
        buurten = [node.code for node in self.tree.inside(VOLEWIJCK, AreaLevel.BUURT)]
        serving = select(TeamArea.team_id).where(TeamArea.area_code.in_(buurten))
        teams = self.session.exec(select(Team).where(Team.kind_code == "okt", Team.id.in_(serving)))
        for team in teams:
            self.session.exec(delete(Contact).where(Contact.team_id == team.id))
            if person:
                id = person_id(self.session, person)
                lead = Contact(person_id=id, team_id=team.id, role=ContactRole.PRIMARY)
                self.session.add(lead)
        self.session.flush()

    def answers(self, area: str = VOLEWIJCK, on: date = TODAY) -> AreaContact:
        return people.contact_for_area(self.session, self.tree, area, on)

    def name(self, on: date = TODAY) -> str | None:
        """The first name of who answers for Volewijck."""
        person = self.answers(on=on).reachable
        return person.first_name if person else None


@pytest.fixture
def cast(session: Session, tree: AreaTree) -> Cast:
    """People who hold nothing yet, in a city where nobody holds anything."""
    session.exec(delete(WijkContact))
    session.exec(delete(Contact).where(Contact.team_id.is_not(None)))
    return Cast(session, tree)


def test_contact_is_there_from_the_first_day(cast: Cast) -> None:
    cast.holds(VOLEWIJCK, "samira", TODAY)
    assert cast.answers(on=TODAY - DAY).presence == Presence.VACANT
    contact = cast.answers()
    assert (contact.presence, contact.person.name) == (Presence.PRESENT, "Samira Haddaoui")
    assert contact.phone == "020 000 0100"


def test_contact_is_there_until_the_last_day_and_then_it_is_vacant(cast: Cast) -> None:
    cast.holds(VOLEWIJCK, "samira", until_on=TODAY)
    assert cast.answers().presence == Presence.PRESENT
    tomorrow = cast.answers(on=TODAY + DAY)
    assert (tomorrow.presence, tomorrow.person) == (Presence.VACANT, None)
    assert tomorrow.vacant_since == TODAY + DAY


def test_area_that_never_had_a_contact_says_no_date(cast: Cast) -> None:
    assert cast.answers().vacant_since is None


def test_deputy_stands_in_during_leave_and_no_day_longer(cast: Cast) -> None:
    last = TODAY + 30 * DAY
    cast.holds(VOLEWIJCK, "samira", deputy="joris", absent_from=TODAY, absent_until=last)
    assert [cast.name(on=day) for day in (TODAY - DAY, TODAY, last, last + DAY)] == [
        "Samira",
        "Joris",
        "Joris",
        "Samira",
    ]
    contact = cast.answers()
    assert contact.presence == Presence.ON_LEAVE
    assert contact.absent_until == last
    assert contact.person.name == "Samira Haddaoui"
    assert contact.phone == "020 000 0101"


def test_leave_without_an_end_lasts(cast: Cast) -> None:
    cast.holds(VOLEWIJCK, "samira", deputy="joris", absent_from=TODAY)
    later = cast.answers(on=TODAY + 400 * DAY)
    assert (later.presence, later.absent_until) == (Presence.ON_LEAVE, None)


def test_deputy_who_is_away_does_not_stand_in(cast: Cast) -> None:
    cast.holds(VOLEWIJCK, "samira", deputy="joris", absent_from=TODAY)
    cast.holds("NL", "joris", absent_from=TODAY, absent_until=TODAY)
    cast.holds(OUD_NOORD, "gijs")
    assert cast.name() == "Gijs"
    assert cast.answers().deputy is None
    assert cast.name(on=TODAY + DAY) == "Joris"


@pytest.mark.parametrize(
    ("gone", "expected", "role"),
    [
        (0, "Joris", people.StandInRole.DEPUTY),
        (1, "Wilma", people.StandInRole.TEAM_LEADER),
        (2, "Gijs", people.StandInRole.AREA_CONTACT),
        (3, "Marlies", people.StandInRole.AREA_CONTACT),
        (4, "Redactie", people.StandInRole.AREA_CONTACT),
    ],
)
def test_vacancy_shows_who_stands_in_in_order(
    cast: Cast, gone: int, expected: str, role: people.StandInRole
) -> None:
    cast.holds(VOLEWIJCK, "samira", until_on=TODAY - DAY, deputy=None if gone > 0 else "joris")
    cast.leads_the_okt("wilma" if gone < 2 else None)
    for area, person, from_step in ((OUD_NOORD, "gijs", 3), (NOORD, "marlies", 4)):
        if gone < from_step:
            cast.holds(area, person)
    cast.holds(CITY, "redactie")
    contact = cast.answers()
    assert contact.presence == Presence.VACANT
    assert contact.stand_in.person.first_name == expected
    assert contact.stand_in.role == role


def test_nobody_at_all_is_said_as_it_is(cast: Cast) -> None:
    contact = cast.answers()
    assert (contact.presence, contact.stand_in, contact.phone) == (Presence.VACANT, None, None)


def test_contact_of_the_gebied_on_leave_is_replaced_by_the_own_deputy(cast: Cast) -> None:
    cast.holds(OUD_NOORD, "gijs", deputy="joris", absent_from=TODAY)
    cast.holds(NOORD, "marlies")
    assert cast.name() == "Joris"


def test_team_leader_without_a_number_is_reached_through_the_team(cast: Cast) -> None:
    cast.knows("wilma", details={})
    cast.leads_the_okt("wilma")
    contact = cast.answers()
    assert contact.stand_in.person.phone is None
    assert contact.phone == contact.stand_in.team_phone is not None


def test_of_overlapping_periods_the_one_that_began_last_counts(cast: Cast) -> None:
    session = cast.session
    ids = {key: person_id(session, key) for key in NAMES}
    for key, began, until in (
        ("samira", LONG_AGO, TODAY + DAY),
        ("joris", TODAY - DAY, None),
        ("gijs", LONG_AGO + DAY, TODAY),
    ):
        session.add(
            WijkContact(area_code=VOLEWIJCK, person_id=ids[key], from_on=began, until_on=until)
        )
    session.flush()
    assert cast.name() == "Joris"


def test_details_show_only_by_consent_and_while_it_lasts(cast: Cast) -> None:
    details = {
        DetailKind.PHONE: "020 000 0100",
        DetailKind.MOBILE: "06 0000 0001",
        DetailKind.WHATSAPP: "06 0000 0001",
        DetailKind.DAYS: "ma|di|do",
        DetailKind.LANGUAGES: "nl|tr",
    }
    shown = frozenset({DetailKind.DAYS, DetailKind.LANGUAGES})
    consent = Consent(on=LONG_AGO, by="zelf", until=TODAY)
    cast.knows("samira", details=details, public=shown, consent=consent)
    cast.holds(VOLEWIJCK, "samira")
    person = cast.answers().person
    assert set(person.details) == {DetailKind.PHONE, DetailKind.DAYS, DetailKind.LANGUAGES}
    assert (person.whatsapp, person.phone) == (None, "020 000 0100")
    assert [str(day) for day in person.days] == ["ma", "di", "do"]
    assert [str(day) for day in person.days_off] == ["wo", "vr"]
    assert [str(language) for language in person.languages] == ["nl", "tr"]
    tomorrow = cast.answers(on=TODAY + DAY).person
    assert set(tomorrow.details) == {DetailKind.PHONE}
    assert (tomorrow.days, tomorrow.days_off) == ([], [])


def test_a_consent_that_begins_later_shows_nothing_yet(cast: Cast) -> None:
    consent = Consent(on=TODAY + DAY, by="zelf")
    mail = {DetailKind.MAIL: "samira@noord.example"}
    cast.knows("samira", details=mail, public=frozenset(mail), consent=consent)
    cast.holds(VOLEWIJCK, "samira")
    assert cast.answers().person.mail is None
    assert cast.answers(on=TODAY + DAY).person.mail == "samira@noord.example"


@pytest.fixture
def reads(engine: sa.Engine) -> Iterator[list[str]]:
    """Every question put to the database."""
    asked: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", note)


def test_a_whole_stadsdeel_takes_no_more_reads_than_one_wijk(
    session: Session, tree: AreaTree, reads: list[str]
) -> None:
    people.contact_for_area(session, tree, "ND", TODAY)
    one = len(reads)
    session.expunge_all()
    reads.clear()
    wijken = [node.code for node in tree.inside(NOORD, AreaLevel.WIJK)]
    found = people.contacts_for_areas(session, tree, wijken, TODAY)
    assert set(found) == set(wijken)
    assert len(reads) <= one + 4


def test_unknown_area_is_an_error(session: Session, tree: AreaTree) -> None:
    with pytest.raises(KeyError):
        people.contact_for_area(session, tree, "XX", TODAY)
