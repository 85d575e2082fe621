"""Official areas: every layout, every damage, and what other borders do to places."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, col, select

from importers.report import Report
from importers.rows.areas import read_areas
from importers.run import import_areas
from socialmap import db
from socialmap.config import ROOT
from socialmap.geo.tree import CITY, AreaTree, area_tree
from socialmap.listings.cards import cards
from socialmap.maps import area_drawing, area_script
from socialmap.models import Area, Change, Listing, Outbox, Place
from socialmap.models.terms import AreaLevel
from tests.factories import NOW, SOMEWHERE_IN_VOLEWIJCK, TODAY, VAN_DER_PEK, listing, save
from tests.importers.area_files import (
    collection,
    in_rd,
    of_api,
    of_cbs,
    of_maps,
    of_pdok_gebiedsindelingen,
    swapped,
    write,
)

REAL = ROOT.parent / "shared" / "real" / "areas"
UNTOLD = VAN_DER_PEK.model_copy(update={"area_code": None})
"""A place whose source names no buurt."""
OVER_THE_BORDER = "NL"
"""IJplein/Vogelbuurt, next to Volewijck."""
KILOBYTE = 1024


def run(engine: sa.Engine, path: Path, *, keep: bool = True) -> Report:
    return import_areas(engine, path, by="Fenna", now=NOW, save=keep)


def refused(engine: sa.Engine, tmp_path: Path, document: Any) -> str:
    """What is said of a file that must change nothing."""
    path = tmp_path / "gebieden.geojson"
    if isinstance(document, (bytes, str)):
        path.write_bytes(document if isinstance(document, bytes) else document.encode())
    else:
        write(path, document)
    report = run(engine, path)
    assert not report.is_saved
    with Session(engine) as session:
        assert session.exec(select(Area).where(Area.shape_is_official)).first() is None
    return "\n".join(map(str, report.problems))


def without(document: dict[str, Any], *codes: str) -> dict[str, Any]:
    kept = [f for f in document["features"] if f["properties"].get("Wijkcode") not in codes]
    return {**document, "features": kept}


def shape_of(document: dict[str, Any], number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = document["features"][number]["geometry"]
    return found


def pushed(tree: AreaTree) -> dict[str, BaseGeometry]:
    """The wijken, but the part of Volewijck with our place goes to IJplein/Vogelbuurt."""
    here = shapely.Point(VAN_DER_PEK.lon, VAN_DER_PEK.lat).buffer(0.005)
    own, other = tree.shape("NK"), tree.shape(OVER_THE_BORDER)
    assert own is not None
    assert other is not None
    return {"NK": own.difference(here), OVER_THE_BORDER: other.union(here.intersection(own))}


# Layouts and coordinates


@pytest.mark.sqlite
@pytest.mark.parametrize("layout", [of_maps, of_api, of_cbs, of_pdok_gebiedsindelingen])
@pytest.mark.parametrize(
    ("moved", "note"),
    [
        (lambda shape: shape, ""),
        (swapped, "verwisseld"),
        (in_rd, "RD (EPSG:28992) omgerekend"),
        (lambda shape: swapped(in_rd(shape)), "omgedraaid en omgerekend"),
    ],
)
@pytest.mark.parametrize("level", [AreaLevel.WIJK, AreaLevel.BUURT])
def test_every_layout_gives_the_same_areas(
    tree: AreaTree,
    tmp_path: Path,
    layout: Callable[..., Any],
    moved: Callable[[BaseGeometry], BaseGeometry],
    note: str,
    level: AreaLevel,
) -> None:
    path = write(tmp_path / "a.json", collection(tree, level, layout, moved))
    file = read_areas(path, TODAY)
    assert file.problems == []
    assert note in " ".join(file.notices)
    assert {one.code: one.name for one in file.shapes} == {
        node.code: node.name for node in tree.at_level(level)
    }
    for one in file.shapes:
        known = tree.shape(one.code)
        assert known is not None
        assert one.shape.symmetric_difference(known).area < 0.02 * known.area, one.code


@pytest.mark.sqlite
@pytest.mark.parametrize("level", [AreaLevel.DISTRICT, AreaLevel.ZONE])
def test_larger_areas_are_read_too(tree: AreaTree, tmp_path: Path, level: AreaLevel) -> None:
    for layout in (of_maps, of_api):
        file = read_areas(write(tmp_path / "a.json", collection(tree, level, layout)), TODAY)
        assert {one.code for one in file.shapes} == {node.code for node in tree.at_level(level)}


@pytest.mark.sqlite
def test_answers_outside_geojson_are_read_too(tree: AreaTree, tmp_path: Path) -> None:
    features = collection(tree, layout=of_api, moved=in_rd)["features"]
    wijken = [{**one["properties"], "geometrie": one["geometry"]} for one in features]
    page = {"_links": {"self": {"href": "x"}}, "_embedded": {"wijken": wijken}}
    assert len(read_areas(write(tmp_path / "a.json", page), TODAY).shapes) == 110


@pytest.mark.sqlite
def test_what_is_not_land_not_now_or_not_ours_is_left_out(tree: AreaTree, tmp_path: Path) -> None:
    document = collection(tree, layout=of_cbs)
    shape = shape_of(document)
    water = {"wijkcode": "WK036399", "gemeentecode": "GM0363", "water": "JA"}
    utrecht = {"wijkcode": "WK034401", "gemeentecode": "GM0344", "water": "NEE"}
    ended = {"code": "AA", "eindGeldigheid": "2022-03-24T00:00:00"}
    for properties in (water, utrecht, ended):
        document["features"].append({"properties": properties, "geometry": shape})
    file = read_areas(write(tmp_path / "a.json", document), TODAY)
    assert (len(file.shapes), file.problems) == (110, [])
    told = " ".join(file.notices)
    assert "1 keer overgeslagen: water" in told
    assert "1 keer overgeslagen: gebied dat niet meer bestaat" in told
    assert "1 gebieden van andere gemeenten" in told


# What is refused


@pytest.mark.sqlite
def test_incomplete_page_is_refused_and_names_what_is_missing(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    page = collection(tree, moved=in_rd)
    page["features"] = page["features"][:20]
    said = refused(engine, tmp_path, page)
    assert "niet compleet: 20 van de 110 wijken" in said
    assert "EJ Frederik Hendrikbuurt" in said


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "links",
    [
        {"_links": {"next": {"href": "https://api.data.example?page=2"}}},
        {"_links": [{"rel": "next", "href": "x"}]},
        {"links": [{"rel": "self"}, {"rel": "next", "href": "x"}]},
    ],
)
def test_page_that_has_a_next_one_is_refused(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path, links: dict[str, Any]
) -> None:
    assert "één bladzijde van meer" in refused(engine, tmp_path, {**collection(tree), **links})


@pytest.mark.sqlite
def test_missing_wijk_is_named(engine: sa.Engine, tree: AreaTree, tmp_path: Path) -> None:
    said = refused(engine, tmp_path, without(collection(tree), "NK"))
    assert "109 van de 110 wijken" in said
    assert "NK Volewijck" in said


@pytest.mark.sqlite
def test_another_city_is_refused(engine: sa.Engine, tree: AreaTree, tmp_path: Path) -> None:
    shape = shape_of(collection(tree))
    features = [
        {"properties": {"wijkcode": f"WK0344{n:02}"}, "geometry": shape} for n in range(1, 9)
    ]
    assert "andere gemeente (0344)" in refused(engine, tmp_path, {"features": features})
    named = [{"properties": {"code": f"U{n}"}, "geometry": shape} for n in range(1, 9)]
    assert "geen van deze gebieden is van Amsterdam" in refused(
        engine, tmp_path, {"features": named}
    )


@pytest.mark.sqlite
def test_our_codes_somewhere_else_are_refused(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    def to_utrecht(shape: BaseGeometry) -> BaseGeometry:
        return shapely.affinity.translate(shape, 0.2, -0.27)

    said = refused(engine, tmp_path, collection(tree, moved=to_utrecht))
    assert "deze vorm ligt niet waar Volewijck ligt" in said
    two = {"NK": tree.shape("KA"), "KA": tree.shape("NK")}
    assert "ligt niet waar Volewijck ligt" in refused(engine, tmp_path, collection(tree, **two))


@pytest.mark.sqlite
@pytest.mark.parametrize("code", ["WK036300", "A00", "A00a"])
def test_codes_of_the_old_division_are_refused(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path, code: str
) -> None:
    features = [{"properties": {"wijkcode": code}, "geometry": shape_of(collection(tree))}]
    said = refused(engine, tmp_path, {"features": features})
    assert "vóór 24 maart 2022" in said
    assert code in said


@pytest.mark.sqlite
def test_code_twice_is_refused(engine: sa.Engine, tree: AreaTree, tmp_path: Path) -> None:
    document = collection(tree)
    document["features"].append(document["features"][3])
    assert "staat er 2 keer in" in refused(engine, tmp_path, document)


@pytest.mark.sqlite
def test_levels_in_one_file_are_refused(engine: sa.Engine, tree: AreaTree, tmp_path: Path) -> None:
    document = collection(tree)
    document["features"] += collection(tree, AreaLevel.DISTRICT)["features"][:1]
    assert "de rest van het bestand zijn wijken" in refused(engine, tmp_path, document)


@pytest.mark.sqlite
def test_areas_on_top_of_each_other_are_refused(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    whole = tree.shape("N")
    assert whole is not None
    said = refused(engine, tmp_path, collection(tree, NK=whole))
    assert "liggen over elkaar heen" in said


BOWTIE = [[[4.9, 52.38], [4.92, 52.4], [4.92, 52.38], [4.9, 52.4], [4.9, 52.38]]]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (None, "geen vorm"),
        ({"type": "Point", "coordinates": [4.9, 52.4]}, "geen vorm"),
        ({"type": "Polygon", "coordinates": []}, "leeg"),
        ({"type": "MultiPolygon", "coordinates": []}, "leeg"),
        ({"type": "Polygon", "coordinates": [[]]}, "minder dan vier punten"),
        ({"type": "Polygon", "coordinates": [[[4.9, 52.4], [4.9, 52.3], [4.9, 52.4]]]}, "vier"),
        ({"type": "Polygon", "coordinates": [BOWTIE[0][:4]]}, "niet gesloten"),
        ({"type": "Polygon", "coordinates": BOWTIE}, "kruisen elkaar"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}, "geen getallen"),
        ({"type": "Polygon", "coordinates": [[[4.9, None]] * 4]}, "geen getal"),
        ({"type": "Polygon", "coordinates": {"a": 1}}, "geen getallen"),
        ({"type": "Polygon", "coordinates": [[[4.9, 52.4]] * 5]}, "kruisen elkaar of sluiten niet"),
        ({"type": "Polygon", "coordinates": [[[1e999, 1], [1, 2], [2, 2], [1e999, 1]]]}, "JSON"),
    ],
)
def test_broken_shape_is_refused_by_name(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path, geometry: Any, said: str
) -> None:
    document = collection(tree)
    code = document["features"][5]["properties"]["Wijkcode"]
    document["features"][5]["geometry"] = geometry
    told = refused(engine, tmp_path, document)
    assert said in told
    assert "JSON" in said or f'"{code}"' in told
    assert "niet compleet" not in told


@pytest.mark.sqlite
def test_one_shape_far_from_the_rest_is_refused(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    document = collection(tree)
    shape_of(document)["coordinates"][0][0] = shape_of(document)["coordinates"][0][-1] = [0, 0]
    assert "ergens anders dan die van de rest" in refused(engine, tmp_path, document)


@pytest.mark.sqlite
def test_unknown_coordinates_are_refused(engine: sa.Engine, tree: AreaTree, tmp_path: Path) -> None:
    def mercator(shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda at: at * [111_320, 130_000])

    assert "geen graden" in refused(engine, tmp_path, collection(tree, moved=mercator))


@pytest.mark.sqlite
def test_small_slip_is_mended_and_said(engine: sa.Engine, tree: AreaTree, tmp_path: Path) -> None:
    document = collection(tree)
    ring = shape_of(document)["coordinates"][0]
    x, y = ring[1]
    spike = [(x + 1e-4, y + 1e-4), (x, y)]
    shape_of(document)["coordinates"] = [[*ring[:2], *spike, *ring[2:]]]
    report = run(engine, write(tmp_path / "a.json", document))
    code = document["features"][0]["properties"]["Wijkcode"]
    assert report.is_saved
    assert f"kleine fouten in de vorm hersteld: {code}" in report.notices


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "geen JSON"),
        (b'{"type": "FeatureCollection", "features": [{"ty', "helemaal binnengekomen"),
        (b"<html>504 Gateway Time-out</html>", "geen JSON"),
        (b"[" * 100_000, "geen JSON"),
        (b'{"a": NaN}', "geen JSON"),
        (b"\xff\xfe{}", "geen UTF-8"),
        (b"PK\x03\x04shape", "zip"),
        (b"[1, 2]", "FeatureCollection"),
        (b'{"type": "FeatureCollection"}', "FeatureCollection"),
        (b'{"features": [null, 1, "x", {}, {"properties": 3}]}', "heeft geen code"),
    ],
)
def test_what_is_not_a_file_of_areas_is_refused(
    engine: sa.Engine, tmp_path: Path, content: bytes, said: str
) -> None:
    assert said in refused(engine, tmp_path, content)


@pytest.mark.sqlite
def test_too_large_a_file_is_refused_unread(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importers.rows.areas.LARGEST_MB", 0)
    assert "hoogstens 0 MB" in refused(engine, tmp_path, b" " * 2_000_000)


NAMES = "type features properties geometry coordinates Polygon code _links _embedded".split()
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner | st.sampled_from(["Polygon", "MultiPolygon", "AA", "WK0363AA"]),
            max_size=5,
        )
    ),
    max_leaves=30,
)


@pytest.mark.sqlite
@given(document=VALUES)
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_json_is_read_or_refused(tmp_path: Path, document: Any) -> None:
    path = tmp_path / "any.json"
    path.write_text(json.dumps(document))
    file = read_areas(path, TODAY)
    assert bool(file.problems) != bool(file.shapes)


# What it does


def test_trial_changes_nothing(engine: sa.Engine, tree: AreaTree, tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", collection(tree, **pushed(tree)))
    report = run(engine, path, keep=False)
    assert (report.changed, report.is_saved) == (110, False)
    with Session(engine) as session:
        assert session.exec(select(Area).where(Area.shape_is_official)).first() is None
        assert area_tree(session) is tree


def test_official_wijken_make_everything_else_follow(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    report = run(engine, write(tmp_path / "a.json", collection(tree, **pushed(tree))))
    assert report.is_saved
    with Session(engine) as session:
        new = area_tree(session)
    assert new is not tree
    assert all(node.shape_is_official for node in new.at_level(AreaLevel.WIJK))
    assert not any(node.shape_is_official for node in new.at_level(AreaLevel.BUURT))
    for wijk in new.at_level(AreaLevel.WIJK):
        whole = new.shape(wijk.code)
        assert whole is not None
        parts = shapely.union_all([new.shape(buurt.code) for buurt in new.children(wijk.code)])
        assert parts.symmetric_difference(whole).area < 0.001 * whole.area, wijk.name
    for district in new.at_level(AreaLevel.DISTRICT):
        whole = new.shape(district.code)
        assert whole is not None
        parts = shapely.union_all(
            [new.shape(wijk.code) for wijk in new.inside(district.code, AreaLevel.WIJK)]
        )
        assert parts.symmetric_difference(whole).area < 0.001 * whole.area, district.name
    assert area_drawing(new, "N").is_official
    assert not area_drawing(tree, "N").is_official


def test_own_shape_of_a_stadsdeel_stays_when_wijken_come(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    run(engine, write(tmp_path / "d.json", collection(tree, AreaLevel.DISTRICT)))
    with Session(engine) as session:
        before = area_tree(session)
        assert not area_drawing(before, "N").is_official  # its wijken are still an estimate
    run(engine, write(tmp_path / "w.json", collection(tree, **pushed(tree))))
    with Session(engine) as session:
        after = area_tree(session)
    assert after.get("N").shape == before.get("N").shape
    assert after.get("NK").shape != before.get("NK").shape
    assert after.get("N").shape_is_official


def test_gebieden_leave_westpoort_what_is_left(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    assert run(engine, write(tmp_path / "g.json", collection(tree, AreaLevel.ZONE))).is_saved
    with Session(engine) as session:
        shape = area_tree(session).shape("B")
    assert shape is not None
    assert shape.area > 0


def test_place_goes_to_the_wijk_where_it_now_lies(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    save(engine, listing("kop-op", places=[UNTOLD]), listing("elders", places=[]))
    with db.writing(engine) as session:
        session.exec(sa.delete(Outbox))
    report = run(engine, write(tmp_path / "a.json", collection(tree, **pushed(tree))))
    told = "\n".join(report.notices)
    assert "1 plekken veranderen van buurt, daarvan 1 van wijk en 0 van stadsdeel" in told
    assert "OBA Van der Pek: van" in told
    with Session(engine) as session:
        place = session.exec(select(Place).where(Place.name == "OBA Van der Pek")).one()
        assert (place.area_code or "")[:2] == OVER_THE_BORDER
        [id] = session.exec(select(Listing.id).where(Listing.key == "kop-op")).all()
        assert cards(session, [id])[0].places[0].area_code == place.area_code
        assert session.exec(select(Outbox.listing_id)).all() == [id]
        change = session.exec(select(Change).where(col(Change.noun) == "place")).one()
        assert (change.by, change.field, change.record_id) == ("Fenna", "area_code", place.id)
        assert (change.before[:2], change.after) == ("NK", place.area_code)


def test_place_with_a_buurt_of_its_own_stays(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    save(engine, listing("kop-op", places=[VAN_DER_PEK]))
    report = run(engine, write(tmp_path / "a.json", collection(tree, **pushed(tree))))
    told = "\n".join(report.notices)
    assert "0 plekken veranderen van buurt" in told
    assert re.search(r"plekken hebben een eigen buurtcode en houden die; [1-9]\d* daarvan", told)
    with Session(engine) as session:
        place = session.exec(select(Place).where(Place.name == "OBA Van der Pek")).one()
        assert place.area_code == "NK03"


def test_listing_somewhere_in_a_wijk_follows_its_middle(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    save(engine, listing("praatgroep", places=[SOMEWHERE_IN_VOLEWIJCK]))
    with db.writing(engine) as session:
        session.exec(sa.delete(Outbox))
    run(engine, write(tmp_path / "a.json", collection(tree, **pushed(tree))))
    with Session(engine) as session:
        assert len(session.exec(select(Outbox)).all()) == 1
        place = session.exec(select(Place).where(Place.visibility == "area")).one()
        assert (place.area_code, place.lat) == ("NK", None)


def test_where_a_place_was_leaves_with_its_address(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    save(engine, listing("kop-op", places=[UNTOLD]))
    run(engine, write(tmp_path / "a.json", collection(tree, **pushed(tree))))
    save(engine, listing("kop-op", places=[SOMEWHERE_IN_VOLEWIJCK]))
    with Session(engine) as session:
        assert session.exec(select(Change).where(col(Change.noun) == "place")).first() is None


def test_same_file_twice_changes_nothing(engine: sa.Engine, tree: AreaTree, tmp_path: Path) -> None:
    save(engine, listing("kop-op", places=[UNTOLD]))
    path = write(tmp_path / "a.json", collection(tree, **pushed(tree)))
    run(engine, path)
    with Session(engine) as session:
        before = area_tree(session)
    with db.writing(engine) as session:
        session.exec(sa.delete(Outbox))
    report = run(engine, path)
    assert (report.changed, report.unchanged) == (0, 110)
    with Session(engine) as session:
        assert area_tree(session) is before
        assert session.exec(select(Outbox)).first() is None


def test_unknown_area_is_named_and_left_out(
    engine: sa.Engine, tree: AreaTree, tmp_path: Path
) -> None:
    document = collection(tree)
    new = {"Wijkcode": "NZ", "Wijk": "Nieuw Eiland"}
    document["features"].append({"properties": new, "geometry": shape_of(document)})
    report = run(engine, write(tmp_path / "a.json", document))
    assert report.is_saved
    assert "1 gebieden kennen wij niet; zij zijn overgeslagen: NZ Nieuw Eiland" in report.notices


def test_city_without_areas_says_what_to_do_first(tmp_path: Path, tree: AreaTree) -> None:
    engine = db.make_engine(f"sqlite:///{tmp_path / 'new.db'}")
    db.migrate(engine)
    report = run(engine, write(tmp_path / "a.json", collection(tree)))
    assert "flask setup" in str(report.problems[0])
    engine.dispose()


# The real files


@pytest.mark.skipif(not REAL.exists(), reason="the city's own files are not here")
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("amsterdam_stadsdelen_2022.geojson", 9),
        ("amsterdam_wijken_2022.geojson", 110),
        ("amsterdam_buurten_api_v1_crs84.geojson", 518),
    ],
)
def test_real_areas_fit_and_their_maps_stay_small(
    engine: sa.Engine, tree: AreaTree, name: str, count: int
) -> None:
    report = run(engine, REAL / name)
    assert (report.problems, report.changed, report.is_saved) == ([], count, True)
    with Session(engine) as session:
        new = area_tree(session)
    assert len(area_script(new, CITY)) < 120 * KILOBYTE
    for level in (AreaLevel.DISTRICT, AreaLevel.WIJK):
        for area in new.at_level(level)[::7]:
            assert len(area_script(new, area.code)) < 60 * KILOBYTE, area.name
    for buurt in tree.at_level(AreaLevel.BUURT)[::9]:
        found = new.buurt_at(buurt.lat, buurt.lon)
        assert found is not None
        assert tree.up_to(found.code, AreaLevel.DISTRICT) == tree.up_to(
            buurt.code, AreaLevel.DISTRICT
        )


@pytest.mark.skipif(not REAL.exists(), reason="the city's own files are not here")
def test_real_page_in_rd_is_refused(engine: sa.Engine) -> None:
    report = run(engine, REAL / "sample_api_v1_wijken_page1_RD.json")
    assert "niet compleet: 20 van de 110 wijken" in str(report.problems[0])
    assert "RD (EPSG:28992) omgerekend" in " ".join(report.notices)
