"""`/api/search` speaks the frozen names of API.md."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from socialmap.search.answer.engine import Searcher
from tests.factories import SECRET, SOMEWHERE_IN_VOLEWIJCK, TODAY, listing, save

pytestmark = pytest.mark.pages

TOP = "total page pages text corrections chips facets results wider notes contact".split()
RESULT = (
    "kind id slug url title provider level summary themes audience forms routes min_age max_age "
    "places distance_m distance_from reasons unknown availability status stale confirmed_on example"
).split()
PROTECTED = {"street", "house_number", "postcode", "lat", "lon"}


def ask(client: FlaskClient, query: str) -> Any:
    response = client.get(f"/api/search?{query}")
    assert response.status_code == 200, response.json
    return response.json


def known(engine: sa.Engine, searcher: Searcher, **values: Any) -> None:
    save(engine, listing(**values))
    searcher.store.drain(engine)


def test_an_answer_has_the_frozen_names(
    client: FlaskClient, engine: sa.Engine, searcher: Searcher
) -> None:
    known(engine, searcher, room="plek", reported_on=TODAY)
    answer = ask(client, "q=durven&leeftijd=14&bij=wijk:NK")
    assert set(TOP) <= set(answer)
    [result] = answer["results"]
    assert set(RESULT) <= set(result)
    assert result["url"] == "/aanbod/kop-op"
    assert result["provider"] == {
        "name": "Jongerenwerk Noordlicht",
        "slug": "jongerenwerk-noordlicht",
        "informal": False,
    }
    assert (result["min_age"], result["max_age"]) == (12, 16)
    assert result["availability"] == {"state": "plek", "weeks": None, "reported_on": "2026-11-23"}
    assert result["places"][0]["area"] == {
        "code": "NK03",
        "name": "Van der Pekbuurt",
        "stadsdeel": "noord",
    }
    assert result["distance_from"] == "exact"
    assert {"field": "leeftijd", "text": "12–16 jaar"} in result["reasons"]
    assert answer["contact"]["url"].startswith("/wijk/volewijck")


def test_facets_list_values_with_label_count_and_choice(
    client: FlaskClient, engine: sa.Engine, searcher: Searcher
) -> None:
    known(engine, searcher)
    facets = ask(client, "niveau=open")["facets"]
    assert facets["niveau"] == [
        {"value": "open", "label": "Informeel en open", "count": 1, "selected": True}
    ]
    assert {"niveau", "soort", "thema", "vorm", "route", "taal", "dag", "dagdeel"} <= set(facets)
    assert {"doelgroep", "kosten", "waar", "beschikbaar", "stadsdeel", "kind"} <= set(facets)


def test_protected_places_carry_no_details(
    client: FlaskClient, engine: sa.Engine, searcher: Searcher
) -> None:
    known(engine, searcher, places=[SOMEWHERE_IN_VOLEWIJCK, SECRET])
    [result] = ask(client, "")["results"]
    area, hidden = result["places"]
    assert not PROTECTED & set(area)
    assert area["area"]["code"] == "NK"
    assert not PROTECTED & set(hidden)
    assert hidden["area"] is None


def test_a_room_reported_long_ago_is_unknown(
    client: FlaskClient, engine: sa.Engine, searcher: Searcher
) -> None:
    known(engine, searcher, room="vol", weeks=3, reported_on="2026-09-01")
    [result] = ask(client, "")["results"]
    assert result["availability"] == {"state": None, "weeks": None, "reported_on": None}


def test_bad_values_are_named_with_400(client: FlaskClient) -> None:
    response = client.get("/api/search?leeftijd=oud&stadsdeel=noord&straal=ver")
    assert response.status_code == 400
    assert response.json is not None
    errors = response.json["errors"]
    assert [(e["param"], e["value"]) for e in errors] == [("straal", "ver"), ("leeftijd", "oud")]
    assert all(error["message"] for error in errors)


def test_the_page_keeps_what_was_typed_and_names_what_it_left_out(client: FlaskClient) -> None:
    page = client.get("/zoeken?q=judo&leeftijd=oud")
    assert page.status_code == 200
    assert 'value="judo"' in page.text
    assert 'value="oud"' in page.text
    assert "begrijpen wij niet" in page.text


def test_beyond_the_last_page_is_an_answer_without_results(
    client: FlaskClient, engine: sa.Engine, searcher: Searcher
) -> None:
    known(engine, searcher)
    answer = ask(client, "pagina=7")
    assert (answer["total"], answer["page"], answer["results"]) == (1, 7, [])
    assert client.get("/zoeken?pagina=7").status_code == 200


def test_a_thin_answer_leads_wider(
    client: FlaskClient, engine: sa.Engine, searcher: Searcher
) -> None:
    known(engine, searcher, coverage=["K"], places=[])
    answer = ask(client, "stadsdeel=noord")
    [way] = answer["wider"]
    assert way == {"label": "Heel Amsterdam", "params": {"stadsdeel": None}, "count": 1}
