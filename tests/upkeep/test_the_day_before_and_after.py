"""What each page, feed and print says of a listing the day before and after its dates: checked or
not, with room or not, and what repeats no more (R17, R18)."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from socialmap.search.answer.engine import Searcher
from tests.factories import SessionValues
from tests.printing import Paper
from tests.reading import plain
from tests.upkeep.keeping import DAYS, LAPSED, STALE, keep, on

pytestmark = pytest.mark.sqlite
MARK = "Mogelijk verouderd"
PHRASES = {
    "card": "/zoeken?q=durven",
    "page": "/aanbod/kop-op",
    "wijk": "/wijk/volewijck",
    "theme": "/thema/faalangst",
    "provider": "/aanbieder/draad-daad",
    "print": "/wijk/volewijck/gids.pdf",
    "compare": "/vergelijk?aanbod=kop-op&aanbod=anders",
}
BY_NAME = {"page", "provider", "compare"}
"""What is asked for by its name stays, however long nobody checked it."""
REPORTED = date(2026, 11, 20)
DECAYED = date(2026, 12, 21)
"""The first day on which a report of 20 November no longer holds."""


@pytest.fixture
def city(app: Flask, engine: sa.Engine, searcher: Searcher) -> FlaskClient:
    """One listing with a rhythm, room and a last day of meeting; and one that never goes stale."""
    meets = SessionValues(weekday="di", part="middag", until_on=date(2026, 12, 8))
    keep(engine, "kop-op", room="vol", weeks=8, reported_on=REPORTED, sessions=[meets])
    keep(engine, "anders", summary="Iets anders.", themes=["autisme"], confirmed_on=REPORTED)
    searcher.store.drain(engine)
    return app.test_client()


def read(client: FlaskClient, name: str) -> str:
    """What stands there of the listing."""
    answer = client.get(PHRASES[name])
    if answer.status_code == 404:
        return ""
    assert answer.status_code == 200, name
    if answer.mimetype == "application/pdf":
        return Paper(answer.data).text
    return plain(re.sub(r"<(details|fieldset)\\b.*?</\\1>", "", answer.text, flags=re.DOTALL))


def json_of(client: FlaskClient, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.json


@pytest.mark.parametrize("name", PHRASES)
def test_it_is_marked_from_the_day_after_its_review_on(
    app: Flask, city: FlaskClient, name: str
) -> None:
    told: dict[date, bool] = {}
    for day in (STALE - DAYS, STALE):
        on(app, day)
        page = read(city, name)
        assert "Kop op" in page, day
        told[day] = MARK in page
    assert told == {STALE - DAYS: False, STALE: True}


@pytest.mark.parametrize("name", PHRASES)
def test_it_leaves_the_default_results_five_weeks_later(
    app: Flask, city: FlaskClient, name: str
) -> None:
    told: dict[date, bool] = {}
    for day in (LAPSED - DAYS, LAPSED):
        on(app, day)
        told[day] = "Kop op" in read(city, name)
    assert told == {LAPSED - DAYS: True, LAPSED: name in BY_NAME}


FEEDS: dict[str, Callable[[FlaskClient], list[Any]]] = {
    "api": lambda client: [
        one["stale"] for one in json_of(client, "/api/search?q=durven")["results"]
    ],
    "map": lambda client: [
        one["stale"]
        for spot in json_of(client, "/kaart/volewijck.geojson")["features"]
        for one in spot["properties"]["listings"]
        if one["title"] == "Kop op"
    ],
    "feed": lambda client: [
        spot["properties"]["stale"]
        for spot in json_of(client, "/open-data/vermeldingen.geojson")["features"]
        if spot["properties"]["slug"] == "kop-op"
    ],
}


@pytest.mark.parametrize("name", FEEDS)
def test_feeds_say_the_same(app: Flask, city: FlaskClient, name: str) -> None:
    told = []
    for day in (STALE - DAYS, STALE, LAPSED - DAYS, LAPSED):
        on(app, day)
        told.append(FEEDS[name](city))
    assert told[:3] == [[False], [True], [True]]
    assert told[3] == ([True] if name == "feed" else []), "open data keep it, and say it is stale"


def test_what_is_out_of_the_results_is_one_tap_away(app: Flask, city: FlaskClient) -> None:
    on(app, LAPSED)
    page = city.get("/zoeken?q=durven").text
    found = re.search(r'href="([^"]*toon=verouderd[^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    assert found, page
    assert "Ook wat lang niet gecontroleerd is" in plain(found[2])
    assert "Kop op" in plain(city.get(found[1].replace("&amp;", "&")).text)


@pytest.mark.parametrize("name", ["card", "page", "compare"])
def test_a_report_of_room_holds_thirty_days(app: Flask, city: FlaskClient, name: str) -> None:
    told: dict[date, bool] = {}
    for day in (DECAYED - DAYS, DECAYED):
        on(app, day)
        told[day] = "8 weken" in read(city, name)
    assert told == {DECAYED - DAYS: True, DECAYED: False}
    assert "bel even" in read(city, name).lower()


def test_the_api_says_when_room_is_unknown_again(app: Flask, city: FlaskClient) -> None:
    told = []
    for day in (DECAYED - DAYS, DECAYED):
        on(app, day)
        [one] = json_of(city, "/api/search?q=durven")["results"]
        told.append(one["availability"]["state"])
    assert told == ["vol", None]


def test_what_meets_no_more_is_not_in_the_week(app: Flask, city: FlaskClient) -> None:
    told = []
    for day in (date(2026, 12, 8), date(2026, 12, 9)):
        on(app, day)
        told.append("Kop op" in read_week(city))
    assert told == [True, False]


def read_week(client: FlaskClient) -> str:
    return plain(client.get("/deze-week/wijk/volewijck").text)
