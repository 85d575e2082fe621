"""What is different for a while: announced, true and over on its days, on every page, in every
feed and on paper; of a listing, of one time of the week, and of all that is at a venue (R19)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.listings.cards import Card, cards
from socialmap.listings.checks import listing_faults
from socialmap.listings.edits import Author, Editor
from socialmap.listings.values import PlaceValues, SessionValues
from socialmap.models.terms import Door
from socialmap.search.answer.engine import Searcher
from socialmap.search.index.checks import index_faults
from tests.factories import (
    DRAAD,
    NOW,
    TODAY,
    TUESDAY_AFTERNOON,
    TUESDAYS_ELSEWHERE,
    VAN_DER_PEK,
    listing,
    save,
)
from tests.printing import Paper
from tests.reading import plain
from tests.ticking import DAY, Clock

FIRST, LAST = date(2026, 12, 29), date(2027, 1, 10)
ANNOUNCED = FIRST - timedelta(days=30)
CLOSED = {"kind": "gesloten", "from_on": FIRST, "until_on": LAST, "text": "Kerstvakantie"}
TUESDAY, THURSDAY = TUESDAY_AFTERNOON, SessionValues(weekday="do", part="avond")
BANNE = PlaceValues(
    name="OBA Banne",
    street="Bezaanjachtplein",
    house_number="249",
    postcode="1034CR",
    lat=52.4082,
    lon=4.9155,
    area_code="NJ03",
)
TIMES = {"sessions": [TUESDAY, THURSDAY], "room": "plek", "reported_on": date(2026, 12, 20)}
SURFACES = (
    "/aanbod/kop-op",
    "/zoeken?q=kop",
    "/api/search?q=kop",
    "/kaart/noord.geojson",
    "/wijk/volewijck",
    "/vergelijk?aanbod=kop-op&aanbod=elders",
    "/lijstje?aanbod=kop-op",
    "/lijstje?aanbod=kop-op&klaar=1",
    "/open-data/vermeldingen.geojson",
)
"""Where somebody reads of a listing."""


class City:
    """A city with a clock that can be put."""

    def __init__(self, app: Flask, at: Clock) -> None:
        self.app, self.at = app, at
        self.engine: sa.Engine = app.extensions["engine"]
        app.extensions["settings"] = replace(app.extensions["settings"], today="")
        self.keeps(listing("elders", provider=DRAAD))

    def keeps(self, *listings: Any) -> None:
        save(self.engine, *listings)
        searcher: Searcher = self.app.extensions["searcher"]
        searcher.store.drain(self.engine)

    def on(self, day: date) -> "City":
        """The first minute of a day."""
        self.at.after(day)
        return self

    def before(self, day: date) -> "City":
        """The last minute before a day."""
        self.at.before(day)
        return self

    def reads(self, address: str) -> str:
        answer = self.app.test_client().get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.status_code)
        if answer.mimetype == "application/pdf":
            return Paper(answer.data).text
        return plain(answer.text)

    def everywhere(self, words: str, *, is_there: bool) -> None:
        """At every address these words stand, or at none."""
        told = {address: words in self.reads(address) for address in SURFACES}
        assert set(told.values()) == {is_there}, told

    def card(self, key: str = "kop-op") -> Card:
        with Session(self.engine) as session:
            nobody = Author("", Door.FORM, NOW)
            editor = Editor(session, area_tree(session), nobody)
            found = editor.save(editor.current(key))
            return cards(session, [found.listing_id])[0]

    def finds(self, **asked: str) -> set[str]:
        found = self.app.test_client().get("/api/search", query_string=asked).json
        return {one["slug"] for one in found["results"]}


@pytest.fixture
def city(app: Flask, monkeypatch: pytest.MonkeyPatch) -> City:
    return City(app, Clock(monkeypatch))


# A listing


def test_a_closure_is_announced_holds_and_ends_on_its_days(city: City) -> None:
    city.keeps(listing(temporary=[CLOSED]))
    whole = "van 29 december 2026 tot en met 10 januari 2027"
    city.before(ANNOUNCED).everywhere("esloten", is_there=False)
    city.on(ANNOUNCED).everywhere(f"Gesloten {whole}", is_there=True)
    city.before(LAST + DAY)
    for address in SURFACES:
        text = city.reads(address)
        assert "dicht tot en met 10" in text or "Gesloten tot en met 10" in text, address
    city.on(LAST + DAY)
    for address in SURFACES:
        text = city.reads(address)
        assert "esloten" not in text, address
        assert "Tijdelijk dicht" not in text, address


def test_the_card_holds_days_and_no_states(city: City) -> None:
    city.keeps(listing(temporary=[CLOSED]))
    card = city.card()
    days = (ANNOUNCED - DAY, ANNOUNCED, FIRST - DAY, FIRST, LAST, LAST + DAY)
    assert [bool(card.announced_on(day)) for day in days] == [False, True, True, True, True, False]
    assert [bool(card.changes_on(day)) for day in days] == [False, False, False, True, True, False]
    assert [card.is_closed(day) for day in days] == [False, False, False, True, True, False]
    assert card.shut_until(FIRST) == LAST


def test_closures_that_follow_each_other_open_after_the_last(city: City) -> None:
    next_one = CLOSED | {"from_on": LAST + DAY, "until_on": LAST + 3 * DAY}
    city.keeps(listing(temporary=[next_one, CLOSED]))
    assert city.card().shut_until(FIRST) == LAST + 3 * DAY


def test_what_is_closed_has_no_room_now_on_its_days_only(city: City) -> None:
    city.keeps(
        listing(temporary=[CLOSED], **TIMES),
        listing("open", **TIMES),
        listing("toe", status="closed", closed_from=FIRST, closed_until=LAST, **TIMES),
    )
    asked = {"beschikbaar": "nu", "q": "faalangst"}
    with_both = {"kop-op", "open", "toe"}
    assert with_both <= city.before(FIRST).finds(**asked)
    assert city.on(FIRST).finds(**asked) & with_both == {"open"}
    assert city.before(LAST + DAY).finds(**asked) & with_both == {"open"}
    assert with_both <= city.on(LAST + DAY).finds(**asked)
    assert with_both <= city.on(FIRST).finds(q="faalangst"), "it can be found all the same"


def test_a_full_and_closed_listing_keeps_its_waiting_list(city: City) -> None:
    city.keeps(listing(temporary=[CLOSED], **TIMES | {"room": "vol"}))
    assert "kop-op" in city.on(FIRST).finds(beschikbaar="wachtlijst", q="faalangst")


def test_what_is_closed_is_not_in_the_week(city: City) -> None:
    city.keeps(listing(temporary=[CLOSED], **TIMES))
    tuesday = date(2027, 1, 5)
    for address in ("/deze-week", "/deze-week.ics", "/deze-week.atom"):
        assert "Kop op" in city.on(FIRST - 7 * DAY).reads(address), address
        assert "Kop op" not in city.on(FIRST - DAY).reads(address), address
    city.on(tuesday)
    assert "20270112" not in city.reads("/deze-week.ics")
    assert "20270112" in city.on(tuesday + DAY).reads("/deze-week.ics")


def test_it_is_printed_in_the_guide_of_the_wijk(city: City) -> None:
    city.keeps(listing(temporary=[CLOSED]))
    told = "Gesloten van 29 december 2026 tot en met 10 januari 2027"
    guide = "/wijk/volewijck/gids.pdf"
    assert told not in city.before(ANNOUNCED).reads(guide)
    assert told in city.on(ANNOUNCED).reads(guide)
    assert "Gesloten" not in city.on(LAST + DAY).reads(guide)


def test_other_programs_get_the_days(city: City) -> None:
    city.keeps(listing(temporary=[CLOSED]))
    found = city.on(FIRST).app.test_client().get("/api/search?q=kop").json["results"]
    [one] = [result["changes"] for result in found if result["slug"] == "kop-op"]
    assert [(c["kind"], c["from"], c["until"], c["venue"]) for c in one] == [
        ("gesloten", "2026-12-29", "2027-01-10", None)
    ]


# One time of the week


def test_one_time_is_left_out_and_the_other_stays(city: City) -> None:
    only = CLOSED | {"weekday": "di", "part": "middag"}
    city.keeps(listing(temporary=[only], **TIMES))
    city.on(FIRST)
    told = city.reads("/deze-week.ics")
    assert "20261231" in told
    assert "DTSTART;VALUE=DATE:20261229" not in told
    assert "Dinsdagmiddag: gesloten" in city.reads("/aanbod/kop-op")
    assert not city.card().is_closed(FIRST)
    assert "kop-op" in city.finds(beschikbaar="nu", q="faalangst")


def test_a_moved_time_says_where_on_its_days(city: City) -> None:
    city.keeps(listing("banne", places=[BANNE]))
    move = {**TUESDAYS_ELSEWHERE.model_dump(), "place": "oba-banne"}
    city.keeps(listing(moves=[move], **TIMES))
    first, after = date(2026, 12, 1), date(2026, 12, 22)
    for address in ("/deze-week.ics", "/deze-week.atom"):
        assert "OBA Banne" in city.on(first).reads(address).split("Kop op", 1)[1], address
    events = city.on(first).reads("/deze-week.ics").split("BEGIN:VEVENT")
    where = {"DATE:20261201" in one: one for one in events if "Kop op" in one}
    assert "LOCATION:OBA Banne" in where[True]
    assert "LOCATION:OBA Van der Pek" in where[False], "on Thursday it is where it was"
    page = city.reads("/deze-week")
    assert "Dinsdagmiddag: op een andere plek van 1 tot en met 15 december 2026: OBA Banne" in page
    assert "LOCATION:OBA Banne" not in city.on(after).reads("/deze-week.ics")


def test_another_time_shows_no_clock_that_is_wrong(city: City) -> None:
    other = {"kind": "andere-tijd", "from_on": FIRST, "until_on": LAST, "text": "om 19.00 uur"}
    clocked = SessionValues(weekday="di", part="middag", starts_at="13:30", ends_at="15:30")
    city.keeps(listing(temporary=[other], sessions=[clocked]))
    told = city.on(FIRST).reads("/deze-week")
    assert "andere tijd Kop op" in told
    assert "om 19.00 uur" in told
    assert "T133000" not in city.reads("/deze-week.ics").split("Kop op")[0]
    assert "13.30–15.30 Kop op" in city.on(LAST + DAY).reads("/deze-week")


# A venue


@pytest.fixture
def venue(city: City) -> Callable[..., None]:
    """Tells something of the venue in the Van der Pek, where Kop op is given."""

    def tells(*changes: Any, **values: Any) -> None:
        told = {"kind": "place", "provider": None, "temporary": changes, **values}
        city.keeps(listing("buurtkamer", **told))

    city.keeps(listing(**TIMES))
    tells()
    return tells


def test_what_a_venue_tells_all_that_is_there_tells(city: City, venue: Any) -> None:
    venue(CLOSED)
    whole = "Buurtkamer: gesloten van 29 december 2026 tot en met 10 januari 2027"
    city.before(ANNOUNCED).everywhere("esloten", is_there=False)
    city.on(ANNOUNCED).everywhere(whole, is_there=True)
    own = whole.removeprefix("Buurtkamer: g")
    assert own in city.reads("/aanbod/buurtkamer")
    assert f"Gentiaanstraat 1. G{own}" in city.reads("/wijk/volewijck")
    city.before(LAST + DAY).everywhere("Buurtkamer: gesloten tot en met 10 jan", is_there=True)
    city.on(LAST + DAY).everywhere("esloten", is_there=False)


def test_what_is_given_at_a_closed_venue_does_not_meet(city: City, venue: Any) -> None:
    venue(CLOSED)
    assert city.card().is_closed(FIRST)
    assert "Kop op" not in city.on(FIRST).reads("/deze-week.ics")
    assert "kop-op" not in city.finds(beschikbaar="nu", q="faalangst")
    assert "kop-op" in city.on(LAST + DAY).finds(beschikbaar="nu", q="faalangst")


def test_what_is_given_elsewhere_too_only_tells_it(city: City, venue: Any) -> None:
    venue(CLOSED)
    city.keeps(listing(places=[VAN_DER_PEK, BANNE], **TIMES))
    assert not city.card().is_closed(FIRST)
    assert "Buurtkamer: gesloten" in city.on(FIRST).reads("/aanbod/kop-op")
    both = {"kind": "place", "provider": None, "places": [BANNE]}
    overlap = CLOSED | {"from_on": LAST, "until_on": LAST + 9 * DAY}
    city.keeps(listing("banne", temporary=[overlap], **both))
    card = city.card()
    assert [card.is_closed(day) for day in (LAST - DAY, LAST, LAST + DAY)] == [False, True, False]


def test_what_comes_to_a_venue_later_tells_it_too(city: City, venue: Any) -> None:
    venue(CLOSED)
    city.keeps(listing("nieuw"))
    assert city.card("nieuw").is_closed(FIRST)


def test_a_venue_that_takes_it_back_or_is_hidden_is_silent(city: City, venue: Any) -> None:
    venue(CLOSED)
    venue()
    assert not city.card().changes
    venue(CLOSED, status="draft")
    assert not city.card().changes


def test_a_venue_that_is_removed_is_silent(city: City, venue: Any) -> None:
    venue(CLOSED)
    with db.writing(city.engine) as session:
        Editor(session, area_tree(session), Author("", Door.FORM, NOW)).remove(["buurtkamer"])
    assert not city.card().changes


def test_nobody_shares_a_door_who_shares_an_area(city: City, venue: Any) -> None:
    somewhere = {"places": [PlaceValues(visibility="area", area_code="NK")]}
    venue(CLOSED, **somewhere)
    city.keeps(listing("ergens", **somewhere))
    assert not city.card("ergens").changes


def test_copies_stay_true_to_the_tables(city: City, venue: Any) -> None:
    venue(CLOSED, CLOSED | {"kind": "let-op", "text": "De lift is stuk"})
    searcher: Searcher = city.app.extensions["searcher"]
    with Session(city.engine) as session:
        assert list(index_faults(session, searcher.store)) == []
        faults = listing_faults(session, area_tree(session), TODAY)
        assert [fault for fault in faults if "kaart" in fault] == []


def test_markup_of_a_provider_is_text(city: City, client: FlaskClient) -> None:
    city.keeps(listing(temporary=[CLOSED | {"text": "<script>alert(1)</script>"}]))
    page = city.on(FIRST).app.test_client().get("/aanbod/kop-op").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
