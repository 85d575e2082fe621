"""The register from A to Z, and places with what happens there."""

import pytest
from flask.testing import FlaskClient

from socialmap.listings.register import LETTERS, letter_of
from socialmap.listings.values import ProviderValues, SessionValues
from tests.factories import DRAAD, SECRET, VAN_DER_PEK, listing
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

OBA = listing("oba", kind="place", provider=None, title="OBA Van der Pek", sessions=[])
ADDRESS = "/aanbod/oba-van-der-pek"
TUESDAY = SessionValues(weekday="di", part="middag", starts_at="13:30", ends_at="15:30")


# The register


def test_letter_holds_offers_providers_places_and_teams_in_their_order(visitor: Visitor) -> None:
    visitor.knows(
        OBA.model_copy(update={"title": "Quartier"}),
        listing("quilten", title="Quilten", provider=ProviderValues(name="Qua Wol")),
        listing("oud", title="Quiz", status="ended", ended_on="2026-01-01"),
    )
    page = visitor.text("/a-z/q")
    for line in ("Quartierplek", "Quiltenaanbod", "Qua Wolaanbieder", "Quizgestopt"):
        assert line in page
    order = ["Qua Wol", "Quartier", "Quilten", "Quiz"]
    assert sorted(order, key=page.index) == order


def test_accents_and_signs_before_the_first_letter_do_not_count(visitor: Visitor) -> None:
    visitor.knows(
        listing("1", title="Xénia"),
        listing("2", title="'t Xylofoontje"),
        listing("3", title="“Xerxes”"),
        listing("4", title="xx"),
    )
    assert "Xénia" in visitor.text("/a-z/x")
    text = visitor.text("/a-z/x")
    assert "“Xerxes”" in text
    assert "’t" not in text
    assert "Xylofoontje" in visitor.text("/a-z/t")


def test_figures_stand_together(visitor: Visitor) -> None:
    visitor.knows(listing("1", title="1Gezin1Plan"), listing("2", title="Éclair"))
    assert "1Gezin1Plan" in visitor.text("/a-z/0-9")
    assert "Éclair" in visitor.text("/a-z/e")
    assert "Éclair" not in visitor.text("/a-z/0-9")


@pytest.mark.parametrize(
    ("sign", "letter"), [("É", "e"), ("ø", "0-9"), ("4", "0-9"), ("", "0-9"), ("Z", "z")]
)
def test_every_sign_has_its_letter(sign: str, letter: str) -> None:
    assert letter_of(sign) == letter


def test_counts_of_letters_are_those_of_their_pages(full_client: FlaskClient) -> None:
    front = plain(full_client.get("/a-z").text)
    total = 0
    for letter in LETTERS:
        page = full_client.get(f"/a-z/{letter}")
        assert page.status_code == 200, letter
        count = int(plain(page.text).split(" naam")[0].split(" namen")[0].split()[-1])
        total += count
        if count and letter != "0-9":
            assert f"Alles met een {letter.upper()}{count}" in front
    assert total > 600


def test_what_is_not_public_is_not_in_the_register(visitor: Visitor) -> None:
    visitor.knows(
        listing("1", title="Xconcept", status="draft", provider=ProviderValues(name="Xaanbieder"))
    )
    text = visitor.text("/a-z/x")
    assert "Onder deze letter staat niets" in text


def test_people_are_not_in_the_register(full_client: FlaskClient) -> None:
    assert "Marlies Hoekstra" not in full_client.get("/a-z/m").text


def test_long_letter_has_pages(visitor: Visitor) -> None:
    visitor.knows(*(listing(f"{number}", title=f"Xx {number:03}") for number in range(301)))
    assert "Xx 299" in visitor.text("/a-z/x")
    assert "Xx 300" not in visitor.text("/a-z/x")
    assert "Xx 300" in visitor.text("/a-z/x?pagina=2")
    assert "Op deze bladzijde staat niets meer" in visitor.text("/a-z/x?pagina=9")


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "²", ""])
def test_odd_page_numbers_do_no_harm(full_client: FlaskClient, page: str) -> None:
    assert full_client.get("/a-z/b", query_string={"pagina": page}).status_code == 200


def test_capitals_lead_on_and_what_is_no_letter_is_not_there(client: FlaskClient) -> None:
    assert client.get("/a-z/B").headers["Location"] == "/a-z/b"
    assert client.get("/a-z/bb").status_code == 404
    assert client.get("/a-z/é").status_code == 404


# Places


def test_place_shows_what_is_given_there_and_when(visitor: Visitor) -> None:
    visitor.knows(
        OBA,
        listing("therapie", level="flex"),
        listing("naailes", provider=DRAAD, sessions=[TUESDAY]),
        listing("elders", places=[SECRET]),
    )
    text = visitor.text(ADDRESS)
    here = plain(visitor.section("Wat is hier te doen", ADDRESS))
    assert here.index("Naailes") < here.index("Therapie")
    assert "Elders" not in text
    assert "Weet u wat hier te doen is" not in text
    assert "di 24 nov, 13.30–15.30 Naailes" in plain(visitor.section("Deze week hier", ADDRESS))


def test_bare_place_asks_with_a_mail_to_the_redactie(visitor: Visitor) -> None:
    visitor.knows(OBA)
    page = visitor.reads(ADDRESS)
    assert "Weet u wat hier te doen is?" in page
    assert (
        "mailto:redactie@goudengids.example?subject=Te%20doen%20bij%20OBA%20Van%20der%20Pek" in page
    )


def test_hidden_place_never_shows_what_else_is_hidden(visitor: Visitor) -> None:
    visitor.knows(
        listing("huis", kind="place", provider=None, title="Huis", places=[SECRET]),
        listing("opvang", places=[SECRET]),
    )
    assert "Opvang" not in visitor.text("/aanbod/huis")


def test_ended_offers_and_drafts_do_not_happen_at_a_place(visitor: Visitor) -> None:
    visitor.knows(
        OBA,
        listing("gestopt", status="ended", ended_on="2026-01-01"),
        listing("concept", status="draft"),
    )
    text = visitor.text(ADDRESS)
    assert "Weet u wat hier te doen is?" in text
    assert "Concept" not in text


def test_team_at_a_place_is_named(full_client: FlaskClient) -> None:
    text = full_client.get("/team/okt-noord-west").text
    assert "Aldebaranplein" in text
    place = full_client.get("/aanbod/okt-noord-west")
    assert place.status_code == 200
    assert "Hier werkt OKT Noord West" in plain(place.text)


def test_offer_at_a_place_has_no_such_list(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", places=[VAN_DER_PEK]), listing("naailes"))
    assert "Wat is hier te doen" not in visitor.reads("/aanbod/kop-op")
