"""Maps: only shapes in the script, only data in the GeoJSON, and nothing that is secret."""

import json
import re
from typing import Any

import pytest
import shapely
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session

from socialmap import maps
from socialmap.geo.tree import CITY, AreaTree
from socialmap.listings.values import ListingValues, PlaceValues, ProviderValues
from socialmap.models.terms import AreaLevel
from socialmap.search.answer.engine import Searcher
from tests.factories import (
    DRAAD,
    SECRET,
    SOMEWHERE_IN_VOLEWIJCK,
    VAN_DER_PEK,
    listing,
    save,
)

pytestmark = pytest.mark.pages

HOSTILE = "<script>alert(1)</script> ${alert(2)} `x` \"'</script> \u202eom"
KILOBYTE = 1024
IN_THE_IJ = (52.3836, 4.9052)
DE_PUNT = PlaceValues(name="De Punt", lat=52.3558, lon=4.7956, area_code="FJ03")


class Visitor:
    """Someone who looks at maps."""

    def __init__(self, client: FlaskClient, engine: sa.Engine, searcher: Searcher) -> None:
        self.client, self._engine, self._searcher = client, engine, searcher

    def knows(self, *listings: ListingValues) -> None:
        save(self._engine, *listings)
        self._searcher.store.drain(self._engine)

    def sees(self, area: str = "amsterdam", **params: str) -> dict[str, Any]:
        answer = self.client.get(f"/kaart/{area}.geojson", query_string=params)
        assert (answer.status_code, answer.mimetype) == (200, "application/geo+json")
        found: dict[str, Any] = json.loads(answer.data)
        return found


@pytest.fixture
def visitor(client: FlaskClient, engine: sa.Engine, searcher: Searcher) -> Visitor:
    return Visitor(client, engine, searcher)


# The script of an area


@pytest.mark.parametrize("level", [AreaLevel.CITY, AreaLevel.DISTRICT, AreaLevel.WIJK])
def test_scripts_are_small(tree: AreaTree, level: AreaLevel) -> None:
    most = 120 if level == AreaLevel.CITY else 60
    for area in tree.at_level(level):
        assert len(maps.area_script(tree, area.code)) < most * KILOBYTE, area.name


def test_script_is_the_same_at_each_rendering(tree: AreaTree) -> None:
    once = maps.DirectoryMap(maps.area_drawing(tree, "N")).script()
    again = maps.DirectoryMap(maps.area_drawing(tree, "N")).script()
    assert once == again == maps.area_script(tree, "N")
    assert "var map_n = L.map(" in once
    assert 'socialmapPoints(map_n, "map_n"' in once


def test_script_loads_nothing_and_shows_no_text_of_its_own(tree: AreaTree) -> None:
    script = maps.area_script(tree, CITY)
    assert not re.search(r"https?:|//|<|@import|innerHTML|\$\.|jquery", script)
    for unwanted in ("bindPopup", "bindTooltip", "L.marker", "tileLayer", "awesome"):
        assert unwanted not in script


def test_script_holds_no_word_of_a_provider(visitor: Visitor, tree: AreaTree) -> None:
    before = maps.area_script(tree, "NK")
    named = ProviderValues(name=HOSTILE, is_informal=True)
    visitor.knows(listing("naailes", title=HOSTILE, provider=named))
    page = visitor.client.get("/wijk/volewijck").text
    [address] = re.findall(r'data-script="([^"]+)"', page)
    assert visitor.client.get(address).text == before
    assert "alert" not in before
    assert "Volewijck" not in before


def test_script_address_follows_its_content(client: FlaskClient) -> None:
    wrong = client.get("/kaart/noord.0000000000.js")
    assert wrong.status_code == 302
    right = client.get(wrong.location)
    assert right.status_code == 200
    assert right.mimetype == "text/javascript"
    assert "immutable" in right.headers["Cache-Control"]


@pytest.mark.parametrize("area", ["nergens", "na01", "van-der-pekbuurt"])
def test_areas_without_a_map_are_not_found(client: FlaskClient, area: str) -> None:
    assert client.get(f"/kaart/{area}.abc.js").status_code == 404
    assert client.get(f"/kaart/{area}.geojson").status_code == 404


def test_water_stays_open_and_neighbours_are_grey(tree: AreaTree) -> None:
    drawing = maps.area_drawing(tree, "N")
    lat, lon = IN_THE_IJ
    assert not any(shape.geometry.covers(shapely.Point(lon, lat)) for shape in drawing.shapes)
    tones = {shape.node.code: shape.tone for shape in drawing.shapes}
    assert (tones["NK"], tones["A"]) == (maps.Tone.OWN, maps.Tone.DIM)
    assert maps.area_drawing(tree, "NK").shapes[-1].tone == maps.Tone.HERE


def test_every_wijk_has_its_number_and_stands_on_its_map(tree: AreaTree) -> None:
    for district in tree.at_level(AreaLevel.DISTRICT):
        drawing = maps.area_drawing(tree, district.code)
        wijken = [node.code for node in maps.in_order(tree, district.code, AreaLevel.WIJK)]
        assert drawing.numbers == {code: at for at, code in enumerate(wijken, 1)}
        assert all(drawing.middle(code) for code in wijken), district.name


# What there is on it


def test_listings_at_one_place_are_one_point(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op"), listing("naailes", provider=DRAAD))
    [point] = visitor.sees()["features"]
    assert point["geometry"]["coordinates"] == [4.9108, 52.3872]
    told = point["properties"]
    assert (told["place"], told["street"], told["count"]) == (
        "OBA Van der Pek",
        "Gentiaanstraat 1",
        2,
    )
    titles = {row["title"]: (row["url"], row["informal"]) for row in told["listings"]}
    assert titles == {
        "Kop op": ("/aanbod/kop-op", False),
        "Naailes": ("/aanbod/naailes", True),
    }


def test_protected_place_is_only_the_middle_of_its_area(visitor: Visitor, tree: AreaTree) -> None:
    visitor.knows(listing("praatgroep", places=[SOMEWHERE_IN_VOLEWIJCK]))
    [point] = visitor.sees()["features"]
    area = tree.get("NK")
    assert point["geometry"]["coordinates"] == [area.lon, area.lat]
    told = point["properties"]
    assert (told["visibility"], told["place"], told["street"]) == ("area", None, None)
    assert told["area"] == {"code": "NK", "name": "Volewijck", "level": "wijk"}


def test_secret_place_is_on_no_map(visitor: Visitor) -> None:
    visitor.knows(listing("opvang", places=[SECRET]))
    found = visitor.sees()
    assert (found["features"], found["total"]) == ([], 1)
    assert visitor.sees(aanbod="opvang")["features"] == []


def test_place_that_became_protected_leaves_the_map(visitor: Visitor) -> None:
    visitor.knows(listing("naailes"))
    visitor.knows(listing("naailes", places=[SOMEWHERE_IN_VOLEWIJCK]))
    assert "Gentiaanstraat" not in json.dumps(visitor.sees())
    assert [row["id"] for row in visitor.sees()["features"]] == ["area:NK"]


def test_hostile_names_stay_data(visitor: Visitor) -> None:
    place = VAN_DER_PEK.model_copy(update={"name": HOSTILE})
    visitor.knows(listing("boos", title=HOSTILE, places=[place]))
    [point] = visitor.sees()["features"]
    assert point["properties"]["place"] == HOSTILE
    assert point["properties"]["listings"][0]["title"] == HOSTILE
    page = visitor.client.get("/wijk/volewijck").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_map_takes_the_questions_of_the_search_page(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op"), listing("naailes", themes=["opvoeding"], coverage=["stad"]))
    [point] = visitor.sees(thema="faalangst")["features"]
    assert [row["title"] for row in point["properties"]["listings"]] == ["Kop op"]
    assert visitor.sees(leeftijd="onzin")["total"] == 2


def test_numbers_are_those_of_the_list(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op"), listing("punt", places=[DE_PUNT]), listing("naailes"))
    listed = visitor.client.get("/api/search").get_json()["results"]
    numbers = {
        row["title"]: row["number"]
        for point in visitor.sees()["features"]
        for row in point["properties"]["listings"]
    }
    assert numbers == {row["title"]: at for at, row in enumerate(listed, 1)}


def test_map_of_an_area_holds_what_is_inside(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op"), listing("punt", places=[DE_PUNT], coverage=["stad"]))
    assert [row["id"] for row in visitor.sees("nieuw-west")["features"]] == ["de-punt"]
    counts = {row["name"]: row["count"] for row in visitor.sees("noord")["wijken"]}
    assert (counts["Volewijck"], counts["Kadoelen"], len(counts)) == (1, 0, 15)


def test_map_of_one_listing_shows_all_its_places(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", places=[VAN_DER_PEK, DE_PUNT]), listing("naailes"))
    found = visitor.sees(aanbod="kop-op")
    assert len(found["features"]) == 2
    assert all(row["properties"]["count"] == 1 for row in found["features"])
    assert visitor.client.get("/kaart/amsterdam.geojson?aanbod=niets").status_code == 404


def test_drawing_has_no_place_outside_its_frame(session: Session, tree: AreaTree) -> None:
    drawing = maps.area_drawing(tree, "NK")
    assert drawing.frame.box.covers(shapely.Point(4.9108, 52.3872))
    for mark in drawing.marks:
        assert not re.search(r"[^MLZ0-9 -]", mark.path)
