"""Protected places: the importer and the database refuse details, and what was exact is erased."""

from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import db
from socialmap.models import Outbox, Place
from tests.factories import SOMEWHERE_IN_VOLEWIJCK
from tests.importers.rows import NO_PLACE, contents, counts, load, row, write
from tests.importers.test_importing import changed_by_hand

STREET, NUMBER, POSTCODE = "Onderduikersgracht", "4711-Q", "1099ZX"
HOME = {
    "plek": "Bij Saadia thuis",
    "straat": STREET,
    "huisnummer": NUMBER,
    "postcode": POSTCODE,
    "lat": "52.391733",
    "lon": "4.913577",
    "buurt": "NK03",
    "zichtbaarheid": "exact",
}
SECRETS = (STREET, STREET.lower(), NUMBER, POSTCODE, "52.391733", "4.913577", "Saadia", "saadia")
AREA = {**NO_PLACE, "zichtbaarheid": "gebied", "buurt": "NK"}
HIDDEN = {**NO_PLACE, "zichtbaarheid": "verborgen"}


def kept(engine: sa.Engine, database: Path) -> list[str]:
    """The secrets that still stand in a table or in the bytes of the database's files."""
    tables = str(contents(engine))
    db.scrub(engine)
    files = b"".join(path.read_bytes() for path in database.parent.glob(database.name + "*"))
    return [secret for secret in SECRETS if secret in tables or secret.encode() in files]


@pytest.mark.parametrize("protected", [AREA, HIDDEN], ids=["area", "hidden"])
def test_exact_to_protected_erases_the_address_everywhere(
    engine: sa.Engine, database: Path, tmp_path: Path, protected: dict[str, str]
) -> None:
    load(engine, write(tmp_path / "a.csv", [row(**HOME)]))
    load(engine, write(tmp_path / "b.csv", [row(**{**HOME, "lat": "52.391734"})]))
    load(engine, write(tmp_path / "c.csv", [row(**HOME)]))
    assert kept(engine, database)
    report = load(engine, write(tmp_path / "d.csv", [row(**protected)]))
    assert counts(report) == (0, 1, 0, 0)
    assert kept(engine, database) == []
    with Session(engine) as session:
        assert session.exec(select(Outbox).where(Outbox.is_erasure)).all()


def test_a_place_that_others_use_stays(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row(), row("twee")]))
    load(engine, write(tmp_path / "b.csv", [row(**AREA), row("twee")]))
    with Session(engine) as session:
        assert sorted(place.visibility for place in session.exec(select(Place))) == sorted(
            ["exact"] * len(session.exec(select(Place).where(Place.visibility == "exact")).all())
            + ["area"]
        )
        assert session.exec(select(Place).where(Place.name == "OBA Van der Pek")).one()


def test_an_address_protected_by_hand_does_not_come_back(
    engine: sa.Engine, database: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [row(**HOME)])
    load(engine, path)
    changed_by_hand(engine, places=[SOMEWHERE_IN_VOLEWIJCK])
    report = load(engine, path)
    assert counts(report) == (0, 0, 1, 0)
    assert kept(engine, database) == []


@pytest.mark.parametrize(
    "details",
    [
        {"street": STREET},
        {"house_number": NUMBER},
        {"postcode": POSTCODE},
        {"lat": 52.39, "lon": 4.91},
        {"name": "Bij Saadia"},
        {"area_code": "NK03", "area_level": "buurt"},
    ],
)
@pytest.mark.parametrize("visibility", ["area", "hidden"])
def test_the_database_refuses_details_of_a_protected_place(
    engine: sa.Engine, visibility: str, details: dict[str, object]
) -> None:
    area = {"area_code": "NK", "area_level": "wijk"} if visibility == "area" else {}
    place = {
        "id": uuid4().hex,
        "slug": "ergens",
        "visibility": visibility,
        "area_is_own": False,
        **area,
        **details,
    }
    columns = ", ".join(place)
    marks = ", ".join(f":{name}" for name in place)
    with engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text(f"INSERT INTO place ({columns}) VALUES ({marks})"), place)
