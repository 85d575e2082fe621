"""How someone has something changed or taken away, and where to go when an offer has ended."""

import pytest

from tests.factories import TODAY, listing
from tests.reading import Visitor


@pytest.mark.parametrize(
    "address", ["/aanbod/kop-op", "/aanbieder/jongerenwerk-noordlicht", "/over", "/privacy"]
)
def test_page_says_whom_to_tell_what_should_be_different(visitor: Visitor, address: str) -> None:
    visitor.knows(listing())
    page = visitor.reads(address)
    assert "Mail de redactie" in page
    assert "mailto:redactie@" in page


def test_who_offers_something_is_led_to_the_form(visitor: Visitor) -> None:
    visitor.knows(listing())
    page = visitor.reads("/aanbod/kop-op")
    assert 'href="/bijwerken/kop-op"' in page
    assert "Werk het zelf bij" in page
    assert "Werk het zelf bij" in visitor.text("/over")


def test_volunteer_reads_what_may_be_done_and_how_to_leave(visitor: Visitor) -> None:
    page = visitor.text("/privacy")
    assert "Staat u zelf in de gids?" in page
    assert "U hoeft geen reden te geven" in page


def test_ended_offer_leads_to_who_knows_the_wijk(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", status="ended", ended_on=TODAY, phone="020 000 0077"))
    page = visitor.text("/aanbod/kop-op")
    assert "Wijkcontactpersoon Volewijck" in page
    assert "020 000 0077" not in page
    assert "Wat was het?" in page
    assert "Voorwaarde" not in page


def test_running_offer_keeps_its_own_contact(visitor: Visitor) -> None:
    visitor.knows(listing())
    page = visitor.text("/aanbod/kop-op")
    assert "Bel 020 000 0077" in page
    assert "Wijkcontactpersoon" not in page


def test_wijk_names_its_team_on_top(visitor: Visitor) -> None:
    page = visitor.text("/wijk/volewijck")
    assert page.index("Ouder- en kindteam: OKT Oud Noord, 020") < page.index("Wijkcontactpersoon")


def test_danger_page_leads_from_a_postcode_and_to_consult(visitor: Visitor) -> None:
    page = visitor.reads("/waarheen")
    assert 'name="bij"' in page
    assert 'href="/zoeken?thema=veiligheid&amp;vorm=consult"' in page
