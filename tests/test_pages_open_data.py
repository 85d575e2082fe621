"""Open data: all that is public, and nothing of people."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, select

from importers.run import import_listings
from socialmap import db, people
from socialmap.listings.files import COLUMNS
from socialmap.listings.values import SessionValues
from socialmap.models import PersonDetail
from socialmap.models.terms import DetailKind
from socialmap.people import PersonValues
from tests.factories import DRAAD, NOW, SECRET, SOMEWHERE_IN_VOLEWIJCK, VAN_DER_PEK, listing
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

TABLE, POINTS = "/open-data/vermeldingen.csv", "/open-data/vermeldingen.geojson"


def table(client: FlaskClient) -> list[dict[str, str]]:
    text = client.get(TABLE).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def points(client: FlaskClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(client.get(POINTS).text)["features"]
    return found


def test_table_has_the_columns_of_providers_csv(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", min_age_months=6, max_age_months=155))
    answer = visitor.client.get(TABLE)
    assert answer.data.startswith(b"\xef\xbb\xbfid;soort;titel;")
    assert answer.mimetype == "text/csv"
    assert answer.content_length is None, "it is sent while it is being made"
    [row] = table(visitor.client)
    assert list(row) == COLUMNS
    assert row["titel"] == "Kop op"
    assert (row["leeftijd_van"], row["leeftijd_tm"]) == ("0,5", "12")
    assert row["werkgebied"] == "stadsdeel:N"


def test_only_public_listings_are_there(visitor: Visitor) -> None:
    visitor.knows(
        listing("actueel"),
        listing("concept", status="draft"),
        listing("weg", status="withdrawn"),
        listing("gestopt", status="ended", ended_on=date(2026, 1, 1), alternatives=["concept"]),
    )
    assert [row["id"] for row in table(visitor.client)] == ["actueel", "gestopt"]
    assert {one["properties"]["slug"] for one in points(visitor.client)} == {"actueel", "gestopt"}
    assert table(visitor.client)[1]["alternatieven"] == "", "not even the key of a draft"


def test_no_person_is_in_the_files(visitor: Visitor, engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        details = {DetailKind.PHONE: "020 000 0161", DetailKind.MAIL: "jip@werk.example"}
        people.save_person(session, PersonValues("jip", "Jip Verdonk", details=details))
    visitor.knows(
        listing("a", contact="jip", entered_by="Jip Verdonk", mail="jip@werk.example"),
        listing("b", provider=DRAAD, phone="020 000 0162", mail="draad@daad.example"),
        listing("c", phone="06 0000 0161", mail="info@noordlicht.example"),
    )
    text = visitor.client.get(TABLE).text + visitor.client.get(POINTS).text
    for personal in ("jip", "Verdonk", "020 000 0162", "draad@daad", "06 0000 0161"):
        assert personal not in text
    assert table(visitor.client)[0]["telefoon"] == "020 000 0077", "a function number may"
    assert table(visitor.client)[2]["mail"] == "info@noordlicht.example"


@pytest.mark.parametrize(
    "told",
    [
        {"mail": "Jip@Werk.example"},
        {"phone": "+31 (0)6-0000 0161"},
        {"phone": "(06) 00000161"},
        {"phone": "020-0000162"},
        {"phone": "0031 20 000 0162"},
    ],
)
def test_what_is_of_a_person_is_in_no_file_in_another_spelling(
    visitor: Visitor, engine: sa.Engine, told: dict[str, str]
) -> None:
    details = {DetailKind.WHATSAPP: "020 000 0162", DetailKind.MAIL: "jip@werk.example"}
    with db.writing(engine) as session:
        people.save_person(session, PersonValues("jip", "Jip Verdonk", details=details))
    usual = {"phone": "020 000 0077", "mail": "info@noordlicht.example"}
    visitor.knows(listing("a", **usual | told))
    [row] = table(visitor.client)
    assert (row["telefoon"] == "", row["mail"] == "") == ("phone" in told, "mail" in told)


def test_no_detail_of_any_person_of_the_city_is_in_the_files(full_client: FlaskClient) -> None:
    told = full_client.get(TABLE).text + full_client.get(POINTS).text
    kinds = [DetailKind.MOBILE, DetailKind.MAIL, DetailKind.WHATSAPP]
    with Session(full_client.application.extensions["engine"]) as session:
        details = session.exec(
            select(PersonDetail.value).where(sa.Column("kind").in_([str(kind) for kind in kinds]))
        ).all()
    assert len(details) > 100
    assert [value for value in details if value in told] == []


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_cells_that_a_spreadsheet_would_run_are_disarmed(visitor: Visitor, sign: str) -> None:
    visitor.knows(listing("x", summary=f"{sign}1+1", description=f'{sign}HYPERLINK("http://x")'))
    [row] = table(visitor.client)
    for column in ("samenvatting", "beschrijving"):
        assert row[column][0] not in "=+-@\t"


def test_protected_places_stay_so(visitor: Visitor) -> None:
    visitor.knows(
        listing("ergens", places=[SOMEWHERE_IN_VOLEWIJCK]),
        listing("geheim", places=[SECRET]),
        listing("open", places=[VAN_DER_PEK]),
        listing("nergens", places=[]),
    )
    told = {one["properties"]["slug"]: one for one in points(visitor.client)}
    assert told["open"]["geometry"]["coordinates"] == [4.9108, 52.3872]
    assert told["open"]["properties"]["place"]["street"] == "Gentiaanstraat"
    assert told["geheim"]["geometry"] is None
    assert told["nergens"]["properties"]["place"] is None
    place = told["ergens"]["properties"]["place"]
    assert place["visibility"] == "area"
    assert place["area"]["code"] == "NK"
    assert "street" not in place
    rows = {row["id"]: row for row in table(visitor.client)}
    assert (rows["ergens"]["buurt"], rows["ergens"]["lat"]) == ("NK", "")
    assert (rows["geheim"]["zichtbaarheid"], rows["geheim"]["buurt"]) == ("verborgen", "")


def test_further_places_have_rows_and_features_of_their_own(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op", places=[VAN_DER_PEK, SOMEWHERE_IN_VOLEWIJCK]))
    first, second = table(visitor.client)
    assert (second["id"], second["titel"], second["zichtbaarheid"]) == ("kop-op", "", "gebied")
    assert len({one["id"] for one in points(visitor.client)}) == 2


def test_files_say_all_there_is(full_client: FlaskClient) -> None:
    rows = {row["id"] for row in table(full_client)}
    features = {one["properties"]["id"] for one in points(full_client)}
    assert len(rows) == len(features) > 500
    assert f"{len(rows)} vermeldingen, altijd van dit moment" in plain(
        full_client.get("/open-data").text
    )


def test_examples_are_marked_and_counted(full_client: FlaskClient) -> None:
    examples = {row["id"] for row in table(full_client) if row["voorbeeld"] == "ja"}
    marked = {
        one["properties"]["id"] for one in points(full_client) if one["properties"]["example"]
    }
    assert len(examples) == len(marked) > 100
    assert f"{len(examples)} vermeldingen zijn voorbeelden" in plain(
        full_client.get("/open-data").text
    )


def test_table_can_be_read_by_the_importer(
    visitor: Visitor, engine: sa.Engine, tmp_path: Path
) -> None:
    tuesday = SessionValues(weekday="di", part="middag", starts_at="13:30", ends_at="15:30")
    visitor.knows(
        listing("kop-op", sessions=[tuesday], steps="Bel.\nKom langs.", summary="-10 % korting"),
        listing(
            "naailes",
            provider=DRAAD,
            places=[SOMEWHERE_IN_VOLEWIJCK],
            ages_known=False,
            min_age_months=None,
            max_age_months=None,
        ),
    )
    file = tmp_path / "open.csv"
    file.write_bytes(visitor.client.get(TABLE).data)
    report = import_listings(engine, file, by="test", now=NOW)
    assert report.problems == []


def test_files_are_not_indexed_and_are_files(client: FlaskClient) -> None:
    for path in (TABLE, POINTS):
        headers = client.get(path).headers
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Content-Disposition"].startswith("attachment; filename=")
