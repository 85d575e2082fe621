"""Who holds an area, who stands in and when: what the rules let through and what they keep."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import accounts, db, people
from socialmap.geo.tree import AreaTree
from socialmap.listings.history import Author
from socialmap.models import Account, Change, Person, Team, TeamMember, WijkContact
from socialmap.models.terms import Door, Role
from socialmap.people import Attention, Circle, HoldingError, PersonValues, WijkContactValues
from socialmap.people import holding as rules
from socialmap.people.find import held_rows
from tests.factories import NOW, TODAY

DAY = timedelta(days=1)
BY = Author("Yara", Door.FORM, NOW)
LONG_AGO = date(2024, 1, 1)


@pytest.fixture
def ada(engine: sa.Engine) -> sa.Engine:
    """Ada holds AA and AB with Bo as deputy; nobody holds AC."""
    with db.writing(engine) as session:
        session.exec(sa.delete(WijkContact))
        for key, name in (("ada", "Ada"), ("bo", "Bo"), ("cem", "Cem")):
            people.save_person(session, PersonValues(key, name))
        told = {"person": "ada", "from_on": LONG_AGO, "deputy": "bo"}
        told |= {"confirmed_on": date(2026, 11, 1)}
        people.save_wijk_contacts(
            session, [WijkContactValues(code, **told) for code in ("AA", "AB")]
        )
    return engine


def rows(session: Session, *codes: str) -> list[WijkContact]:
    found = held_rows(session, codes)
    return [row for code in codes for row in found.get(code, [])]


def person(session: Session, key: str) -> Person:
    return session.exec(select(Person).where(Person.key == key)).one()


def held(engine: sa.Engine, tree: AreaTree, code: str, on: date = TODAY) -> people.Held:
    with Session(engine) as session:
        return people.held_areas(session, tree, [code], on)[0]


def history(engine: sa.Engine) -> list[tuple[str, object, object]]:
    with Session(engine) as session:
        kept = select(Change).where(Change.noun == "wijk_contact").order_by(Change.id)
        return [(one.field, one.before, one.after) for one in session.exec(kept)]


def refusal(engine: sa.Engine, act: Callable[[Session], object]) -> tuple[str, str]:
    """What is wrong and what is said of it; nothing is kept."""
    with pytest.raises(HoldingError) as found, db.writing(engine) as session:
        act(session)
    assert history(engine) == []
    return found.value.name, str(found.value)


def test_absence_is_set_for_all_areas_at_once_and_is_history(ada: sa.Engine) -> None:
    with db.writing(ada) as session:
        period = TODAY, TODAY + 9 * DAY
        changed = rules.set_absence(session, rows(session, "AA", "AB"), period, TODAY, BY)
    assert changed == dict.fromkeys(("AA", "AB"), frozenset({"absent_from", "absent_until"}))
    assert history(ada) == 2 * [
        ("absent_from", None, "2026-11-23"),
        ("absent_until", None, "2026-12-02"),
    ]
    with Session(ada) as session:
        [change, *_] = session.exec(select(Change).where(Change.noun == "wijk_contact")).all()
        assert (change.by, change.door) == ("Yara", Door.FORM)


def test_the_same_absence_again_changes_nothing(ada: sa.Engine) -> None:
    for expected in ({"AA": frozenset({"absent_from"})}, {}):
        with db.writing(ada) as session:
            period = TODAY, None
            got = rules.set_absence(session, rows(session, "AA"), period, TODAY, BY)
            assert got == expected


def test_absence_holds_from_its_first_day_and_ends_by_itself(
    ada: sa.Engine, tree: AreaTree
) -> None:
    first, last = TODAY + 2 * DAY, TODAY + 4 * DAY
    with db.writing(ada) as session:
        rules.set_absence(session, rows(session, "AA"), (first, last), TODAY, BY)
    days = [first - DAY, first, last, last + DAY]
    answers = [held(ada, tree, "AA", day).contact.reachable for day in days]
    assert [one and one.name for one in answers] == ["Ada", "Bo", "Bo", "Ada"]
    seen = [held(ada, tree, "AA", day).attention for day in days]
    assert seen == [(Attention.AWAY_LATER,), (Attention.AWAY,), (Attention.AWAY,), ()]


def test_who_is_back_is_there_today(ada: sa.Engine, tree: AreaTree) -> None:
    with db.writing(ada) as session:
        rules.set_absence(session, rows(session, "AA"), (TODAY - 3 * DAY, None), TODAY, BY)
        rules.set_absence(session, rows(session, "AB"), (TODAY + DAY, None), TODAY, BY)
    with db.writing(ada) as session:
        rules.end_absence(session, rows(session, "AA", "AB"), TODAY, BY)
    with Session(ada) as session:
        periods = [(row.absent_from, row.absent_until) for row in rows(session, "AA", "AB")]
    assert periods == [(TODAY - 3 * DAY, TODAY - DAY), (None, None)]
    assert held(ada, tree, "AA").absence is None


def test_an_absence_that_is_over_stays_as_it_was(ada: sa.Engine) -> None:
    with db.writing(ada) as session:
        rules.set_absence(session, rows(session, "AA"), (TODAY, TODAY + DAY), TODAY, BY)
    with db.writing(ada) as session:
        got = rules.set_absence(session, rows(session, "AA"), (None, None), TODAY + 9 * DAY, BY)
    assert got == {}


@pytest.mark.parametrize(
    ("first", "last", "name", "words"),
    [
        (None, TODAY, "absent_from", "Vul ook de eerste dag"),
        (TODAY, TODAY - DAY, "absent_until", "eerder dan de eerste"),
        (TODAY - 9 * DAY, TODAY - DAY, "absent_until", "al voorbij"),
        (date(2027, 11, 24), None, "absent_from", "24 november 2027 is meer dan een jaar van nu"),
        (date(2025, 11, 22), None, "absent_from", "meer dan een jaar van nu"),
        (TODAY, date(2036, 12, 1), "absent_until", "1 december 2036 is meer dan een jaar van nu"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(
    ada: sa.Engine, first: date | None, last: date | None, name: str, words: str
) -> None:
    told = refusal(
        ada, lambda s: rules.set_absence(s, rows(s, "AA", "AB"), (first, last), TODAY, BY)
    )
    assert told[0] == name
    assert words in told[1]


def test_a_deputy_is_set_and_taken_away(ada: sa.Engine) -> None:
    with db.writing(ada) as session:
        rules.set_deputy(session, rows(session, "AA", "AB"), person(session, "cem"), BY)
    with db.writing(ada) as session:
        assert rules.set_deputy(session, rows(session, "AA"), None, BY) == {
            "AA": frozenset({"deputy"})
        }
        assert [row.deputy and row.deputy.key for row in rows(session, "AA", "AB")] == [None, "cem"]
    assert history(ada) == 2 * [("deputy", "bo", "cem")] + [("deputy", "cem", None)]


def test_nobody_is_the_own_deputy(ada: sa.Engine) -> None:
    told = refusal(ada, lambda s: rules.set_deputy(s, rows(s, "AA"), person(s, "ada"), BY))
    assert told == ("deputy", rules.SELF)


def test_a_deputy_who_is_away_too_is_told(ada: sa.Engine, tree: AreaTree) -> None:
    with db.writing(ada) as session:
        rules.appoint(session, "AC", person(session, "bo"), TODAY, TODAY, BY)
        rules.set_absence(session, rows(session, "AC"), (TODAY + 5 * DAY, None), TODAY, BY)
        rules.set_absence(session, rows(session, "AA"), (TODAY, TODAY + 4 * DAY), TODAY, BY)
        rules.set_absence(session, rows(session, "AB"), (TODAY, TODAY + 5 * DAY), TODAY, BY)
        rules.set_deputy(session, rows(session, "AC"), None, BY)
    assert held(ada, tree, "AA").attention == (Attention.AWAY,)
    assert held(ada, tree, "AB").attention == (Attention.AWAY, Attention.DEPUTY_AWAY)
    assert held(ada, tree, "AC").attention == (Attention.AWAY_LATER, Attention.NO_DEPUTY)


@pytest.mark.parametrize(
    ("on", "is_asked"), [(None, True), (date(2026, 5, 22), True), (date(2026, 5, 23), False)]
)
def test_it_is_asked_again_after_half_a_year(
    ada: sa.Engine, tree: AreaTree, on: date | None, is_asked: bool
) -> None:
    with db.writing(ada) as session:
        for row in rows(session, "AA"):
            row.confirmed_on = on
    assert (Attention.UNCONFIRMED in held(ada, tree, "AA").attention) == is_asked
    assert held(ada, tree, "AA").contact.is_overdue == (is_asked and on is not None)
    with Session(ada) as session:
        assert people.unconfirmed_count(session, ["AA", "AB", "AC"], TODAY) == is_asked


def test_confirming_is_of_today(ada: sa.Engine, tree: AreaTree) -> None:
    with db.writing(ada) as session:
        rules.confirm(session, rows(session, "AA", "AB"), TODAY, BY)
    assert held(ada, tree, "AB").contact.confirmed_on == TODAY
    assert history(ada) == 2 * [("confirmed_on", "2026-11-01", "2026-11-23")]


def test_a_vacancy_ends_the_period_the_day_before(ada: sa.Engine, tree: AreaTree) -> None:
    with db.writing(ada) as session:
        rules.vacate(session, rows(session, "AA")[0], TODAY + DAY, TODAY, BY)
    assert held(ada, tree, "AA").attention == (Attention.LEAVING,)
    after = held(ada, tree, "AA", TODAY + DAY)
    assert after.attention == (Attention.VACANT,)
    assert after.contact.vacant_since == TODAY + DAY
    assert after.contact.reachable
    assert after.contact.reachable.name == "Bo"
    with db.writing(ada) as session:
        rules.vacate(session, rows(session, "AA")[0], None, TODAY, BY)
    assert held(ada, tree, "AA", TODAY + DAY).attention == ()


def test_nobody_leaves_before_having_begun(ada: sa.Engine) -> None:
    with db.writing(ada) as session:
        for row in rows(session, "AA"):
            row.from_on = TODAY - 3 * DAY
    told = refusal(ada, lambda s: rules.vacate(s, rows(s, "AA")[0], TODAY - 3 * DAY, TODAY, BY))
    assert told == ("until_on", "Ada houdt dit gebied sinds 20 november 2026. Kies een dag daarna.")


def test_a_successor_begins_on_a_day_and_is_confirmed(ada: sa.Engine, tree: AreaTree) -> None:
    with db.writing(ada) as session:
        rules.vacate(session, rows(session, "AA")[0], TODAY + 2 * DAY, TODAY, BY)
        rules.appoint(session, "AA", person(session, "cem"), TODAY + 5 * DAY, TODAY, BY)
    days = [1, 2, 4, 5]
    contacts = [held(ada, tree, "AA", TODAY + n * DAY).contact for n in days]
    assert [one.person and one.person.name for one in contacts] == ["Ada", None, None, "Cem"]
    assert contacts[-1].confirmed_on == TODAY
    born = {"area_code": "AA", "person": "cem", "from_on": "2026-11-28"}
    assert history(ada)[-1] == ("", None, born)
    with db.writing(ada) as session:
        later = held_rows(session, ["AA"])["AA"]
        coming = next(row for row in later if row.from_on > TODAY)
        rules.withdraw(session, coming, TODAY, BY)
    assert history(ada)[-1] == ("", born, None)
    assert held(ada, tree, "AA", TODAY + 5 * DAY).attention == (Attention.VACANT,)


def test_two_people_hold_one_area_at_no_time(ada: sa.Engine) -> None:
    def appoint(on: date) -> tuple[str, str]:
        return refusal(ada, lambda s: rules.appoint(s, "AA", person(s, "cem"), on, TODAY, BY))

    assert appoint(TODAY) == ("from_on", rules.TAKEN.format("Ada"))
    with db.writing(ada) as session:
        for row in rows(session, "AA"):
            row.until_on = TODAY + DAY
    until = "Ada houdt dit gebied tot en met 24 november 2026. Kies een dag daarna."
    assert appoint(TODAY + DAY) == ("from_on", until)
    with db.writing(ada) as session:
        told = WijkContactValues("AA", "cem", TODAY + 9 * DAY)
        people.save_wijk_contacts(session, [told])
    name, words = refusal(ada, lambda s: rules.vacate(s, rows(s, "AA")[0], None, TODAY, BY))
    assert name == "until_on"
    assert "Vanaf 2 december 2026 houdt Cem dit gebied" in words


def test_what_has_begun_is_not_withdrawn(ada: sa.Engine) -> None:
    assert refusal(ada, lambda s: rules.withdraw(s, rows(s, "AA")[0], TODAY, BY))[0] == ""


def test_the_outlook_names_each_day_on_which_something_changes(
    ada: sa.Engine, tree: AreaTree
) -> None:
    with db.writing(ada) as session:
        absence = TODAY + 2 * DAY, TODAY + 4 * DAY
        rules.set_absence(session, rows(session, "AA"), absence, TODAY, BY)
        rules.vacate(session, rows(session, "AA")[0], TODAY + 9 * DAY, TODAY, BY)
        rules.appoint(session, "AA", person(session, "cem"), TODAY + 12 * DAY, TODAY, BY)
    with Session(ada) as session:
        steps = people.outlook(session, tree, "AA", TODAY)
    told = [((one.from_on - TODAY).days, one.contact.reachable.name) for one in steps]
    assert told == [(0, "Ada"), (2, "Bo"), (5, "Ada"), (9, "Bo"), (12, "Cem")]


def test_who_can_be_chosen_is_near_or_added(ada: sa.Engine, tree: AreaTree) -> None:
    with db.writing(ada) as session:
        accounts.add_role(session, "noor@gids.example", Role.WIJK_CONTACT, TODAY, area="AA")
        noor = accounts.find_account(session, "noor@gids.example")
        assert noor is not None
        people.add_person(session, PersonValues("dia", "Dia", "sociaal werker"), BY, noor.id)
        told = WijkContactValues("NK", "cem", LONG_AGO)
        people.save_wijk_contacts(session, [told])
        circles = people.candidates(session, tree, noor, "AA", TODAY)
        assert [one.key for one in circles[Circle.HOLDERS]] == ["ada", "bo"]
        assert [one.told for one in circles[Circle.ADDED]] == ["Dia, sociaal werker"]
        other = people.candidates(session, tree, Account(mail="x", created_on=TODAY), "NK", TODAY)
        assert Circle.ADDED not in other
        assert [one.key for one in other[Circle.HOLDERS]] == ["cem"]
        members = select(TeamMember).join(Team).where(Team.slug == "okt-noord-west")
        near = {row.person_id for row in session.exec(members)}
        assert near <= {person(session, one.key).id for one in other[Circle.TEAMS]}
        assert near
        with pytest.raises(KeyError):
            people.get_candidate(session, circles, "cem")


def test_who_is_erased_is_in_no_history_of_an_area(ada: sa.Engine, tree: AreaTree) -> None:
    with db.writing(ada) as session:
        rules.appoint(session, "AC", person(session, "cem"), TODAY, TODAY, BY)
        rules.set_deputy(session, rows(session, "AA"), person(session, "cem"), BY)
    with db.writing(ada) as session:
        known = people.find_person(session, "cem")
        assert known is not None
        people.erase_person(session, tree, known, BY)
    assert "cem" not in str(history(ada))
    assert ("deputy", "bo", "gewiste persoon") in history(ada)


def test_a_deputy_who_hands_over_later_leaves_the_holder_in_place(
    ada: sa.Engine, tree: AreaTree
) -> None:
    with db.writing(ada) as session:
        leaver, successor = person(session, "bo"), person(session, "cem")
        people.hand_over(session, leaver, successor, TODAY + 9 * DAY, BY)
    found = held(ada, tree, "AA")
    assert found.goes_on
    assert found.attention == ()
    assert found.later.deputy.key == "cem"
