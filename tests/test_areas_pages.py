"""The pages of stadsdelen, gebieden and wijken, as a visitor reads them."""

import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import col, delete

from socialmap import db
from socialmap.geo.tree import AreaTree
from socialmap.listings.values import SessionValues
from socialmap.models import FormerSlug, TeamArea
from socialmap.models.terms import AreaLevel
from tests.factories import DRAAD, SECRET, TODAY, VAN_DER_PEK, listing
from tests.reading import WIJK, Visitor, plain
from tests.test_maps import DE_PUNT

pytestmark = pytest.mark.pages


def test_wijk_names_its_buurten_and_its_contact(visitor: Visitor) -> None:
    page = visitor.reads()
    assert "Bloemenbuurt-Noord, Bloemenbuurt-Zuid en Van der Pekbuurt" in page
    assert "Wijkcontactpersoon Volewijck" in page
    assert "Grenzen bij benadering" in page


def test_contact_on_leave_shows_the_last_day_and_the_deputy(visitor: Visitor) -> None:
    page = visitor.reads("/wijk/banne-buiksloot")
    assert "Afwezig tot en met 12 februari 2027" in page
    assert "Bel zolang Said Chaouch, de vervanger" in plain(page)


def test_vacancy_is_shown_with_who_helps(visitor: Visitor) -> None:
    page = visitor.reads("/wijk/kadoelen")
    assert "Nog niemand" in page
    assert "Sinds 1 oktober 2026 is deze plek vrij" in page
    assert "teamleider van OKT Noord West" in page


def test_informal_comes_before_formal_before_heavier(visitor: Visitor) -> None:
    visitor.knows(
        listing("therapie", level="flex"),
        listing("kop-op"),
        listing("naailes", provider=DRAAD),
    )
    page = visitor.reads()
    order = [
        "Informeel en open",
        "Naailes",
        "Formeel, vrij",
        "Kop op",
        "Met verwijzing",
        "Therapie",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_what_comes_from_outside_stands_apart(visitor: Visitor) -> None:
    visitor.knows(
        listing("kop-op"),
        listing("hele-stad", places=[DE_PUNT], coverage=["stad"]),
        listing("voor-noord", places=[], coverage=["N"]),
        listing("geheim", places=[SECRET], coverage=["NK"]),
        listing("elders", places=[DE_PUNT], coverage=["FJ"]),
    )
    outside = visitor.section("Van buiten de wijk")
    order = [outside.index(title) for title in ("Geheim", "Voor noord", "Hele stad")]
    assert order == sorted(order)
    assert "Kop op" not in outside
    assert "Elders" not in visitor.reads()


def test_long_list_ends_in_a_search(visitor: Visitor) -> None:
    visitor.knows(*(listing(f"groep-{number}") for number in range(11)))
    formal = visitor.section("Formeel, vrij")
    assert formal.count("<h3>") == 8
    assert "/zoeken?wijk=volewijck&amp;soort=formeel&amp;niveau=open" in formal
    assert "Alle 11" in formal


def test_venues_stand_at_the_end_on_one_line(visitor: Visitor) -> None:
    visitor.knows(listing("oba", kind="place", provider=None, title="OBA Van der Pek"))
    assert "Gentiaanstraat 1" in visitor.section("Plekken in de buurt")


def test_this_week_names_the_day_and_leaves_out_what_is_closed(visitor: Visitor) -> None:
    tuesday = SessionValues(weekday="di", part="middag", starts_at="13:30", ends_at="15:30")
    later = SessionValues(weekday="wo", part="middag", from_on=date(2026, 12, 2))
    closed = {"status": "closed", "closed_from": TODAY, "closed_until": date(2026, 12, 31)}
    visitor.knows(
        listing("naailes", provider=DRAAD, sessions=[tuesday]),
        listing("straks", sessions=[later]),
        listing("dicht", sessions=[tuesday], **closed),
    )
    week = visitor.section("Deze week in Volewijck")
    assert re.search(
        r'<time datetime="2026-11-24">di 24 nov</time>, <span[^>]*>13\.30–15\.30<', week
    )
    assert "Naailes" in week
    assert "Straks" not in week
    assert "Dicht" not in week


def test_wijk_without_a_team_says_so_with_the_next_level(
    visitor: Visitor, engine: sa.Engine, tree: AreaTree
) -> None:
    buurten = [node.code for node in tree.inside("NK", AreaLevel.BUURT)]
    with db.writing(engine) as session:
        session.exec(delete(TeamArea).where(col(TeamArea.area_code).in_(buurten)))
    page = visitor.reads()
    assert "Voor deze wijk kennen wij geen ouder- en kindteam" in page
    assert "contactpersoon van stadsdeel Noord" in page


def test_neighbours_never_lie_across_the_water(visitor: Visitor) -> None:
    neighbours = visitor.section("Buurwijken")
    assert "IJplein/<wbr>Vogelbuurt" in neighbours
    assert "Haarlemmerbuurt" not in neighbours


def test_stadsdeel_lists_every_wijk_with_number_count_and_contact(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op"), listing("naailes", provider=DRAAD, places=[VAN_DER_PEK]))
    wijken = visitor.section("Wijken en wie er de weg kent", "/stadsdeel/noord")
    assert re.findall(r"<b>(\d+)</b>", wijken) == [str(number) for number in range(1, 16)]
    assert re.search(r"Volewijck</a><i></i><span>2<span class=\"sr\"> plekken", wijken)
    assert "Nog niemand: bel " in wijken
    assert "Nurcan Öztürk is afwezig: bel Said Chaouch" in plain(wijken)
    assert "2 plekken voor gezinnen" in visitor.reads("/stadsdeel/noord")


def test_stadsdeel_searches_within_itself(visitor: Visitor) -> None:
    page = visitor.reads("/stadsdeel/noord")
    assert '<input type="hidden" name="stadsdeel" value="noord">' in page


def test_stadsdeel_without_teams_says_so(visitor: Visitor) -> None:
    assert "Voor Centrum kennen wij geen ouder- en kindteam" in visitor.reads("/stadsdeel/centrum")


def test_numbers_on_the_drawing_are_those_of_the_list(visitor: Visitor) -> None:
    page = visitor.reads("/stadsdeel/noord")
    listed = re.findall(r'<b>(\d+)</b><a href="(/wijk/[^"]+)"', page)
    drawn = re.findall(r'<a href="(/wijk/[^"]+)" aria-label="(\d+)\. ', page)
    assert {(number, link) for link, number in drawn} == set(listed)


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("/wijk/NK", "/wijk/volewijck"),
        ("/wijk/nk", "/wijk/volewijck"),
        ("/wijk/Volewijck", "/wijk/volewijck"),
        ("/wijk/van-der-pekbuurt", "/wijk/volewijck"),
        ("/wijk/noord", "/stadsdeel/noord"),
        ("/stadsdeel/N", "/stadsdeel/noord"),
        ("/stadsdeel/volewijck", "/wijk/volewijck"),
        ("/gebied/GN19", "/gebied/oud-noord"),
    ],
)
def test_codes_and_other_levels_lead_on(client: FlaskClient, typed: str, leads_to: str) -> None:
    answer = client.get(typed)
    assert (answer.status_code, answer.location) == (301, leads_to)


def test_former_address_leads_on(client: FlaskClient, engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        session.add(FormerSlug(noun="area", slug="het-oude-noord", now_slug="volewijck"))
    assert client.get("/wijk/het-oude-noord").location == WIJK


@pytest.mark.parametrize("address", ["/wijk/nergens", "/stadsdeel/amsterdam", "/gebied/%3Cb%3E"])
def test_unknown_area_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_every_area_has_a_page(full_client: FlaskClient, full_app: object) -> None:
    page = full_client.get("/stadsdeel/westpoort").text
    assert "Westpoort" in page
    for district in re.findall(r'href="(/stadsdeel/[a-z-]+)"', page):
        told = full_client.get(district)
        assert told.status_code == 200
        assert 'content="noindex"' in told.text
        for link in set(re.findall(r'href="(/(?:gebied)/[a-z0-9-]+)"', told.text)):
            assert full_client.get(link).status_code == 200


def test_counts_of_the_page_are_those_of_the_map(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", places=[VAN_DER_PEK, DE_PUNT]), listing("naailes"))
    told = visitor.client.get("/kaart/noord.geojson").get_json(force=True)
    on_map = [(row["url"], str(row["count"])) for row in told["wijken"]]
    wijken = visitor.section("Wijken en wie er de weg kent", "/stadsdeel/noord")
    on_page = re.findall(r'<a href="(/wijk/[^"]+)">.*?</a><i></i><span>(\d+)<', wijken)
    assert on_page == on_map
    assert ("/wijk/volewijck", "2") in on_page
