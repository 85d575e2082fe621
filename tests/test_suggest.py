"""`/api/suggest`: what a visitor may see while typing, as it is now, and nothing else."""

import json
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from socialmap import db
from socialmap.listings.values import ProviderValues
from socialmap.models import Person, Theme
from socialmap.search.answer.names import Kind
from socialmap.search.answer.suggestions import Suggester
from socialmap.search.language.analysis import pieces
from tests.factories import DRAAD, SECRET, TODAY, VAN_DER_PEK, listing, save
from tests.reading import Visitor
from tests.test_safety import HOSTILE

pytestmark = pytest.mark.pages

Suggestions = list[dict[str, str]]
FIELDS = ["kind", "label", "about", "url"]
LONG_AGO = TODAY - timedelta(days=600)


def suggest(client: FlaskClient, typed: str) -> Suggestions:
    answer = client.get("/api/suggest", query_string={"q": typed})
    assert answer.status_code == 200
    found: Suggestions = json.loads(answer.text)["suggestions"]
    return found


def labels(client: FlaskClient, typed: str) -> list[str]:
    return [one["label"] for one in suggest(client, typed)]


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", note)


# What is suggested


def test_every_kind_has_its_page_and_its_words(full_client: FlaskClient) -> None:
    found = [
        one
        for typed in ("faalangst", "noord", "volewijck", "vogelbuurt", "oud-noord", "oba", "samen")
        for one in [*suggest(full_client, typed), *suggest(full_client, f"okt {typed}")]
    ]
    by_kind = {one["kind"]: one for one in found}
    assert set(by_kind) == set(Kind)
    for one in by_kind.values():
        assert list(one) == FIELDS
        assert all(one.values())
        page = full_client.get(one["url"].partition("#")[0])
        assert page.status_code == 200, one
        if one["kind"] != Kind.BUURT:
            assert one["label"].split()[0] in page.text.replace("\u00ad", "")


def test_words_say_where_and_whose(full_client: FlaskClient) -> None:
    theme = {"kind": "thema", "label": "Faalangst", "url": "/thema/faalangst"}
    assert {**theme, "about": "Thema bij Angst en somberheid"} in suggest(full_client, "faala")
    wijk = {"kind": "wijk", "label": "Volewijck", "url": "/wijk/volewijck"}
    assert {**wijk, "about": "Wijk in Noord"} in suggest(full_client, "volew")
    place = {"kind": "plek", "label": "OBA Van der Pek", "url": "/aanbod/oba-van-der-pek"}
    assert {**place, "about": "Plek in Volewijck"} in suggest(full_client, "oba van der")
    term = {"kind": "woord", "label": "Samen DOEN", "url": "/uitleg#samen-doen"}
    assert {**term, "about": "Uitleg: buurtteam"} in suggest(full_client, "samen d")


def test_a_listing_is_suggested_by_its_name_and_its_provider(visitor: Visitor) -> None:
    visitor.knows(listing("zwaluwnest", provider=DRAAD))
    assert suggest(visitor.client, "zwal") == [
        {
            "kind": "aanbod",
            "label": "Zwaluwnest",
            "about": "Aanbod van Draad & Daad",
            "url": "/aanbod/zwaluwnest",
        }
    ]
    assert suggest(visitor.client, "daad")[0]["kind"] == "aanbieder"
    keeper = ProviderValues(name="Kolkbeheer")
    visitor.knows(listing("kolkzicht", kind="place", provider=keeper))
    assert {one["kind"] for one in suggest(visitor.client, "kolk")} == {"plek", "aanbieder"}


def test_a_slip_is_forgiven(full_client: FlaskClient) -> None:
    assert labels(full_client, "faalamgst")[0] == "Faalangst"


@pytest.mark.parametrize("typed", ["", " ", "a", "!", " - ", "\u0301"])
def test_less_than_two_signs_suggest_nothing(full_client: FlaskClient, typed: str) -> None:
    assert suggest(full_client, typed) == []
    assert full_client.get("/api/suggest").json == {"suggestions": []}


# What is not


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "draft"},
        {"status": "withdrawn"},
        {"status": "ended", "ended_on": TODAY - timedelta(days=1)},
        {"confirmed_on": LONG_AGO},
    ],
    ids=["draft", "withdrawn", "ended", "lapsed"],
)
def test_only_what_a_visitor_finds_is_suggested(visitor: Visitor, hidden: dict[str, Any]) -> None:
    visitor.knows(
        listing("zwaluwnest", provider=DRAAD, **hidden), listing("zwaluwhuis", provider=DRAAD)
    )
    assert labels(visitor.client, "zwaluw") == ["Zwaluwhuis"]
    visitor.knows(listing("zwaluwhuis", provider=DRAAD, **hidden))
    assert labels(visitor.client, "zwaluw") == []
    assert labels(visitor.client, "draad") == [], "nor a provider of whom nothing is left"


def test_what_is_announced_to_end_is_still_there(visitor: Visitor) -> None:
    ends = {"status": "ended", "ended_on": TODAY + timedelta(days=9)}
    visitor.knows(listing("zwaluwnest", **ends))
    assert labels(visitor.client, "zwaluw") == ["Zwaluwnest"]


def test_people_are_not_suggested(full_app: Flask, full_client: FlaskClient) -> None:
    with Session(full_app.extensions["engine"]) as session:
        people = session.exec(select(Person.name)).all()
    assert len(people) > 100
    for name in people[::5]:
        assert name not in labels(full_client, name)


def test_a_protected_place_is_suggested_by_its_public_title_alone(visitor: Visitor) -> None:
    visitor.knows(listing("zwaluwnest", kind="place", provider=None, places=[SECRET], coverage=[]))
    [found] = suggest(visitor.client, "zwaluw")
    assert (found["kind"], found["about"]) == ("plek", "Plek")
    visitor.knows(listing("merelhof", places=[VAN_DER_PEK]))
    assert "OBA Van der Pek" not in labels(visitor.client, "oba van"), "the place has no page"


def test_hostile_names_stay_text(visitor: Visitor) -> None:
    for number, text in enumerate(HOSTILE):
        title, name = f"Aanval {text}", f"Bende {number} {{0}} {text}"
        visitor.knows(listing(f"a-{number}", title=title, provider=ProviderValues(name=name)))
    answer = visitor.client.get("/api/suggest?q=aanval")
    assert answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    found = suggest(visitor.client, "aanval")
    assert {one["label"] for one in found} == {f"Aanval {text}" for text in HOSTILE}
    assert any(one["about"] == f"Aanbod van Bende 0 {{0}} {HOSTILE[0]}" for one in found)
    assert all(one["url"].startswith("/aanbod/aanval") for one in found)


# What stays nowhere, and what never breaks


def test_what_is_typed_is_kept_nowhere(
    full_client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = full_client.get("/api/suggest?q=zelfmoord")
    assert "GET /api/suggest 200" in caplog.text
    assert "zelfmoord" not in caplog.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


@settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    st.text(max_size=30)
    | st.binary(max_size=30).map(lambda odd: odd.decode("latin-1"))
    | st.sampled_from(["a" * 5_000, "de " * 2_000, "é" * 3_000, "\n" * 99, "\n a\n", "a\0b", "%"])
    | st.tuples(st.sampled_from(["huis van", "oba", "faal"]), st.text(max_size=9)).map(" ".join)
)
def test_whatever_is_typed_gets_an_answer(full_client: FlaskClient, typed: str) -> None:
    found = suggest(full_client, typed)
    assert len(found) <= 8
    assert all(list(one) == FIELDS for one in found)
    if sum(map(len, pieces(typed))) < 2:
        assert found == []


def test_without_an_index_the_rest_is_suggested(app: Flask, visitor: Visitor) -> None:
    visitor.knows(listing("faalhuis"))
    shutil.rmtree(app.extensions["searcher"].store.folder)
    assert labels(visitor.client, "faal") == ["Faalangst"]


# How fresh it is


def test_a_change_is_suggested_once_it_is_found(visitor: Visitor, engine: sa.Engine) -> None:
    visitor.knows(listing("zwaluwnest"))
    assert labels(visitor.client, "zwaluw") == ["Zwaluwnest"]
    visitor.knows(listing("zwaluwnest", title="Zwaluwhuis"), listing("zwaluwtil"))
    assert labels(visitor.client, "zwaluw") == ["Zwaluwtil", "Zwaluwhuis"]
    with db.writing(engine) as session:
        theme = session.get_one(Theme, "faalangst")
        theme.name = "Zwaluwvrees"
    assert labels(visitor.client, "zwaluwv") == ["Zwaluwvrees"], "themes have no index to wait for"


def test_tomorrow_leaves_out_what_lapses_today(
    app: Flask, visitor: Visitor, session: Session
) -> None:
    ends = {"status": "ended", "ended_on": TODAY + timedelta(days=1)}
    visitor.knows(listing("zwaluwnest", **ends), listing("zwaluwtil", review_months=12))
    suggester: Suggester = app.extensions["suggester"]

    def found(day: date) -> list[str]:
        return [name.label for name in suggester.suggest(session, "zwaluw", day)]

    assert found(TODAY) == ["Zwaluwtil", "Zwaluwnest"]
    assert found(TODAY + timedelta(days=1)) == ["Zwaluwtil"]
    assert found(TODAY + timedelta(days=900)) == []


def test_a_keystroke_asks_no_large_table(engine: sa.Engine, visitor: Visitor) -> None:
    visitor.knows(listing("zwaluwnest"))
    with statements(engine) as first:
        suggest(visitor.client, "zw")
    assert any("FROM listing" in one for one in first)
    with statements(engine) as asked:
        assert labels(visitor.client, "zwalu") == ["Zwaluwnest"]
    assert len(asked) < 8
    assert not any("listing" in one or "provider" in one for one in asked), asked


def test_many_hands_at_once_get_the_same(app: Flask, engine: sa.Engine, visitor: Visitor) -> None:
    """While one thread makes the names again, the others go on with the last."""
    visitor.knows(listing("zwaluwnest"))
    suggester: Suggester = app.extensions["suggester"]
    assert labels(visitor.client, "zwaluw") == ["Zwaluwnest"]
    save(engine, listing("zwaluwtil"))
    app.extensions["searcher"].store.drain(engine)
    with suggester._building:
        assert labels(visitor.client, "zwaluw") == ["Zwaluwnest"]
    assert labels(visitor.client, "zwaluw") == ["Zwaluwtil", "Zwaluwnest"]
