"""How much was checked in time, month by month, as history tells it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Editor
from socialmap.listings.history import Author
from socialmap.models import ListingCall
from socialmap.models.currency import months_later
from socialmap.models.terms import Door, Role, Status
from socialmap.upkeep.trend import Event, Share, Told, last_days, shares
from tests.entering import enter
from tests.factories import NOW, VAN_DER_PEK, listing
from tests.reading import plain
from tests.upkeep.keeping import account, on, row

BEGIN = date(2026, 1, 1)
DAYS = last_days(date(2026, 12, 15))
ONE, OTHER = UUID(int=1), UUID(int=2)
ANNE, BAS = UUID(int=11), UUID(int=12)


def test_the_days_are_the_last_of_eleven_months_and_today() -> None:
    assert DAYS[0] == date(2026, 1, 31)
    assert DAYS[1] == date(2026, 2, 28)
    assert DAYS[-2:] == [date(2026, 11, 30), date(2026, 12, 15)]
    assert last_days(date(2026, 3, 31))[-2:] == [date(2026, 2, 28), date(2026, 3, 31)]
    assert all(one < other for one, other in pairwise(last_days(date(2024, 2, 29))))


def city(*events: Event) -> list[Share]:
    """The shares of one area that holds everything."""
    return shares(events, DAYS, lambda codes: ["0363"]).get("0363", [Share()] * len(DAYS))


def born(on: date, **values: object) -> Event:
    told = {"status": Status.LIVE, "confirmed_on": on, "review_months": 3, "ended_on": None}
    return Event(on, ONE, Told.BORN, told | values)


def percents(*events: Event) -> list[int | None]:
    return [share.percent for share in city(*events)]


def test_it_is_in_time_up_to_the_day_on_which_it_is_due() -> None:
    assert percents(born(date(2026, 3, 30))) == [None, None, *[100] * 4, *[0] * 6]
    assert percents(born(date(2026, 3, 29))) == [None, None, *[100] * 3, *[0] * 7]


def test_one_who_called_keeps_it_two_months_and_more_people_its_rhythm() -> None:
    birth = born(date(2026, 1, 15))
    anne = Event(date(2026, 4, 10), ONE, Told.CALLED, caller=ANNE)
    bas = Event(date(2026, 4, 12), ONE, Told.CALLED, caller=BAS)
    assert percents(birth) == [100, 100, 100, *[0] * 9]
    assert percents(birth, anne) == [*[100] * 5, *[0] * 7]
    assert percents(birth, anne, anne) == [*[100] * 5, *[0] * 7]
    assert percents(birth, anne, bas) == [*[100] * 6, *[0] * 6]


def test_what_ended_or_went_or_is_no_longer_public_does_not_count() -> None:
    birth, may = born(BEGIN, review_months=12), date(2026, 5, 3)
    for values in (
        {"status": Status.WITHDRAWN},
        {"status": Status.DRAFT},
        {"status": Status.ENDED, "ended_on": date(2026, 5, 31)},
    ):
        assert percents(birth, Event(may, ONE, Told.CHANGED, values)) == [100] * 4 + [None] * 8
    assert percents(birth, Event(may, ONE, Told.GONE)) == [100] * 4 + [None] * 8
    announced = {"status": Status.ENDED, "ended_on": date(2026, 6, 1)}
    assert percents(birth, Event(may, ONE, Told.CHANGED, announced)) == [100] * 5 + [None] * 7


def test_what_has_no_birth_counts_nowhere() -> None:
    assert city(Event(BEGIN, ONE, Told.CHANGED, {"confirmed_on": BEGIN})) == [Share()] * 12
    assert city(Event(BEGIN, ONE, Told.CALLED, caller=ANNE)) == [Share()] * 12


def test_only_all_of_them_is_a_hundred_percent() -> None:
    assert Share(299, 300).percent == 99
    assert Share(300, 300).percent == 100
    assert Share().percent is None


def test_it_moves_along_to_another_area() -> None:
    events = [
        born(BEGIN, review_months=12, places=["NK"], coverage=["T"]),
        Event(date(2026, 3, 1), ONE, Told.CHANGED, {"places": ["MA"]}),
    ]
    found = shares(events, DAYS, lambda codes: codes[:1])
    assert [share.total for share in found["NK"]] == [1, 1, *[0] * 10]
    assert [share.total for share in found["MA"]] == [0, 0, *[1] * 10]


# Against a count that reads all anew for each day

days = st.integers(0, 400).map(lambda count: BEGIN - timedelta(days=60) + timedelta(days=count))
changes = st.one_of(
    st.tuples(st.just("confirmed_on"), days),
    st.tuples(st.just("review_months"), st.integers(1, 12)),
    st.tuples(st.just("status"), st.sampled_from([Status.LIVE, Status.DRAFT, Status.ENDED])),
    st.tuples(st.just("ended_on"), st.one_of(st.none(), days)),
)
stories = st.tuples(days, st.lists(st.tuples(days, changes), max_size=6))


Story = tuple[date, list[tuple[date, tuple[str, object]]]]


def as_events(id: UUID, story: Story) -> Iterator[Event]:
    birth, told = story
    yield born(birth)._replace(listing=id)
    for on_day, (name, value) in told:
        if on_day > birth:
            yield Event(on_day, id, Told.CHANGED, {name: value})


def counted(events: list[Event], day: date) -> Share:
    """The slow and simple way."""
    in_time = total = 0
    for id in (ONE, OTHER):
        known: dict[str, object] = {}
        for event in sorted((one for one in events if one.listing == id), key=lambda one: one.on):
            if event.on <= day:
                known |= event.values
        match known:
            case {"status": Status.LIVE}:
                pass
            case {"status": Status.ENDED, "ended_on": date() as end} if end > day:
                pass
            case _:
                continue
        checked, months = known["confirmed_on"], known["review_months"]
        assert isinstance(checked, date)
        assert isinstance(months, int)
        total += 1
        in_time += day <= months_later(checked, months)
    return Share(in_time, total)


@given(stories, stories)
def test_it_is_what_a_count_of_each_day_says(one: Story, other: Story) -> None:
    events = [*as_events(ONE, one), *as_events(OTHER, other)]
    assert city(*events) == [counted(events, day) for day in DAYS]


# The page

PAGE = "/bureau/actueel"
JULY = datetime.combine(date(2026, 7, 6), time(9), NOW.tzinfo)
SPOKEN = {"confirmed_on": date(2026, 7, 1), "review_months": 3}


@pytest.fixture
def told(engine: sa.Engine) -> None:
    """Three listings since July: in Noord one that was checked again and one that was not, and one
    for the whole city. A fourth is in Noord since this week."""
    by_point = VAN_DER_PEK.model_copy(update={"area_code": None})
    write(engine, JULY, "kop-op", coverage=["NK"], **SPOKEN)
    write(engine, JULY, "vergeten", places=[by_point], **SPOKEN)
    write(engine, JULY, "stad", coverage=["stad"], places=[], **SPOKEN | {"review_months": 12})
    november = datetime.combine(date(2026, 11, 20), time(9), NOW.tzinfo)
    write(engine, november, "kop-op", coverage=["NK"], **SPOKEN | {"confirmed_on": november.date()})
    write(engine, november, "nieuw", coverage=["N"], confirmed_on=None)


def write(engine: sa.Engine, at: datetime, key: str, **values: object) -> None:
    """Save a listing at a moment."""
    with db.writing(engine) as session:
        Editor(session, area_tree(session), Author("Test", Door.FORM, at)).save(
            listing(key, **values)
        )


def lines(client: FlaskClient) -> dict[str, list[str]]:
    """The cells of the table, by the area and how many listings it has."""
    table = client.get(PAGE).text.partition('<table class="stackable trend"')[2]
    rows = re.findall(r"<tr role.*?</tr>", table, re.DOTALL)[1:]
    cells = ([plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows)
    return {re.sub(r"\((\d+) .*", r"\1", name): values for name, *values in cells}


@pytest.mark.pages
@pytest.mark.usefixtures("told")
def test_a_wijk_contact_sees_the_own_stadsdeel_and_the_city(app: Flask, engine: sa.Engine) -> None:
    yara = enter(app, engine, "yara@wijk.example", Role.WIJK_CONTACT, area="NK")
    before = ["–niets"] * 7
    assert lines(yara) == {
        "Noord 3": [*before, "100%", "100%", "100%", "0%", "66%"],
        "Heel Amsterdam 4": [*before, "100%", "100%", "100%", "33%", "75%"],
    }


@pytest.mark.pages
@pytest.mark.usefixtures("told")
def test_a_redacteur_sees_every_stadsdeel(app: Flask, engine: sa.Engine) -> None:
    rik = enter(app, engine, "rik@gids.example", Role.REDACTEUR)
    found = lines(rik)
    with db.writing(engine) as session:
        names = {node.name for node in area_tree(session) if node.level == "stadsdeel"}
    assert {name.rpartition(" ")[0] for name in found} == names | {"Heel Amsterdam"}
    assert list(found)[-1] == "Heel Amsterdam 4"
    assert found["Centrum 0"] == ["–niets"] * 12
    assert "Op tijd is:" in plain(rik.get(PAGE).text)


@pytest.mark.pages
@pytest.mark.usefixtures("told")
def test_a_call_and_an_erased_address_are_heard_of(app: Flask, engine: sa.Engine) -> None:
    yara = enter(app, engine, "yara@wijk.example", Role.WIJK_CONTACT, area="NK")
    with db.writing(engine) as session:
        called = {"listing_id": row(engine, "vergeten").id, "called_on": date(2026, 10, 15)}
        session.add(
            ListingCall(**called, account_id=account(engine, "yara@wijk.example").id, name="Y")
        )
    assert lines(yara)["Noord 3"][-2:] == ["50%", "100%"]
    write(engine, NOW, "vergeten", places=[{"visibility": "hidden"}], coverage=["N"], **SPOKEN)
    assert lines(yara)["Noord 3"][-2:] == ["50%", "100%"]
    on(app, date(2026, 12, 20))
    assert lines(yara)["Noord 3"][-2:] == ["100%", "66%"]
