"""Listings side by side, and handing a search on."""

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import DRAAD, SECRET, TODAY, TUESDAY_AFTERNOON, listing
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages


def two(visitor: Visitor) -> None:
    visitor.knows(
        listing("judo", cost="gratis", languages=["tr"], sessions=[TUESDAY_AFTERNOON]),
        listing("naailes", provider=DRAAD, cost="vergoed", languages=["tr"]),
    )


def test_two_listings_stand_side_by_side(visitor: Visitor) -> None:
    two(visitor)
    page = visitor.text("/vergelijk?aanbod=judo&aanbod=naailes")
    assert "Naast elkaar" in page
    assert "Gratis" in page
    assert "Vergoed" in page
    assert "Turks beide gelijk" in page
    assert "onbekend" in page, "what is not known is said"


def test_only_what_differs_can_be_shown(visitor: Visitor) -> None:
    two(visitor)
    page = visitor.text("/vergelijk?aanbod=judo,naailes&verschil=1")
    assert "Gratis" in page
    assert "Turks" not in page
    assert "Alles tonen" in page


def test_unknown_ones_are_named_and_the_rest_is_shown(visitor: Visitor) -> None:
    two(visitor)
    page = visitor.text("/vergelijk?aanbod=judo&aanbod=weg&aanbod=naailes")
    assert "Niet gevonden: weg." in page
    assert "Vergoed" in page


def test_drafts_are_not_found(visitor: Visitor) -> None:
    visitor.knows(listing("geheim", status="draft"), listing("judo"))
    page = visitor.text("/vergelijk?aanbod=geheim&aanbod=judo")
    assert "Niet gevonden: geheim." in page


def test_with_one_or_none_it_says_what_to_do(visitor: Visitor) -> None:
    two(visitor)
    assert "Kies er nog een of twee" in visitor.text("/vergelijk?aanbod=judo")
    assert "Kruis bij de resultaten" in visitor.text("/vergelijk")


def test_three_fit_and_more_are_told(visitor: Visitor) -> None:
    visitor.knows(*(listing(f"les-{number}") for number in range(4)))
    page = visitor.text("/vergelijk?aanbod=les-0,les-1,les-2,les-3")
    assert "U koos er 4. Er passen er drie naast elkaar" in page
    assert "Les 3" not in page


def test_what_has_ended_is_marked(visitor: Visitor) -> None:
    visitor.knows(listing("judo"), listing("oud", status="ended", ended_on=TODAY))
    assert "Gestopt" in visitor.text("/vergelijk?aanbod=judo&aanbod=oud")


def test_a_hidden_place_stays_hidden(visitor: Visitor) -> None:
    visitor.knows(listing("judo"), listing("opvang", places=[SECRET]))
    page = visitor.reads("/vergelijk?aanbod=judo&aanbod=opvang")
    assert "Geheim" not in page


def test_it_leads_back_to_the_results_with_the_boxes_ticked(visitor: Visitor) -> None:
    two(visitor)
    page = visitor.reads("/vergelijk?aanbod=judo&aanbod=naailes&taal=tr")
    back = "/zoeken?taal=tr&amp;vergelijk=judo&amp;vergelijk=naailes"
    assert f'href="{back}">Terug naar de resultaten' in page
    assert visitor.reads(back.replace("&amp;", "&")).count(" checked>") == 3, "and the language"


def test_a_card_offers_its_box_only_where_there_is_something_to_compare(visitor: Visitor) -> None:
    visitor.knows(listing("judo"))
    assert 'name="aanbod"' not in visitor.reads("/zoeken?q=judo")
    visitor.knows(listing("judoles"))
    assert visitor.reads("/zoeken?taal=nl&q=judo").count('form="naast"') == 2


def test_a_typed_address_does_not_travel_on(visitor: Visitor) -> None:
    two(visitor)
    answer = visitor.client.get("/vergelijk?aanbod=judo&aanbod=naailes&bij=Geheimestraat+12")
    assert answer.location == "/vergelijk?aanbod=judo&aanbod=naailes&adres=uit"


def test_a_search_can_be_handed_on(visitor: Visitor) -> None:
    two(visitor)
    page = plain(visitor.reads("/zoeken?q=turks&vergelijk=judo"))
    assert "Deel deze zoekvraag" in page
    assert "http://localhost:8000/zoeken?taal=tr" in visitor.reads("/zoeken?q=turks&vergelijk=judo")
    assert "https://wa.me/?text=" in visitor.reads("/zoeken?q=turks")


@pytest.mark.sqlite
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(slugs=st.lists(st.text(max_size=30), max_size=6), other=st.text(max_size=20))
def test_nothing_that_is_typed_in_the_address_fails(
    full_client: FlaskClient, slugs: list[str], other: str
) -> None:
    answer = full_client.get("/vergelijk", query_string={"aanbod": slugs, "q": other})
    assert answer.status_code in (200, 303)
