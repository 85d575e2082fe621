"""Addresses of listings: looked up once, kept with the place, gone with the place."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from importers.report import Report
from importers.run import import_listings
from socialmap.geo.geocoder import AddressFinder
from socialmap.models import GeocodedAddress, Place
from tests.factories import NOW
from tests.importers.rows import row, write
from tests.services import NOTHING, Answer, found, running_service

BARE = {"lat": "", "lon": "", "buurt": ""}
PROTECTED = {"plek": "", "straat": "", "huisnummer": "", "postcode": "", "lat": "", "lon": ""}


def run(engine: sa.Engine, path: Path, url: str = "", *, save: bool = True) -> Report:
    finder = AddressFinder(url) if url else None
    return import_listings(engine, path, by="Fenna", now=NOW, save=save, finder=finder)


def place(engine: sa.Engine) -> Place:
    with Session(engine) as session:
        return session.exec(select(Place).where(Place.street == "Gentiaanstraat")).one()


def kept(engine: sa.Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.exec(select(GeocodedAddress.key)).all())


def test_address_without_coordinates_gets_them(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(**BARE)])
    with running_service(lambda _: found()) as service:
        report = run(engine, path, service.url)
        assert service.questions[0]["q"] == ["Gentiaanstraat 1 1031AE"]
    assert report.notices[0] == "1 adressen opgezocht en gevonden"
    here = place(engine)
    assert (here.lat, here.lon, here.area_code) == (52.3872, 4.9108, "NK03")
    assert kept(engine) == ["gentiaanstraat|1|1031ae"]


def test_same_file_again_asks_nothing_and_changes_nothing(
    engine: sa.Engine, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [row(**BARE)])
    with running_service(lambda _: found()) as service:
        run(engine, path, service.url)
        again = run(engine, path, service.url)
        assert len(service.paths) == 1
    assert (again.created, again.changed, again.unchanged) == (0, 0, 1)
    without = run(engine, path)  # switched off since
    assert (without.changed, without.unchanged) == (0, 1)


def test_trial_asks_but_keeps_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(**BARE)])
    with running_service(lambda _: found()) as service:
        assert "1 adressen opgezocht" in run(engine, path, service.url, save=False).notices[0]
    assert kept(engine) == []


def test_coordinates_of_the_file_are_not_looked_up(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row()])
    with running_service(lambda _: found()) as service:
        run(engine, path, service.url)
        assert service.paths == []


def test_own_buurt_of_the_source_stays(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(**{**BARE, "buurt": "NK01"})])
    with running_service(lambda _: found()) as service:
        run(engine, path, service.url)
    assert (place(engine).area_code, place(engine).lat) == ("NK01", 52.3872)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (NOTHING, "niet gevonden"),
        (found(straatnaam="Overtoom", postcode="1054HH"), "niet gevonden"),
        (Answer(status=503), "de adreszoeker geeft nu geen antwoord"),
    ],
)
def test_address_that_is_not_found_is_named_and_the_listing_comes_in(
    engine: sa.Engine, tmp_path: Path, answer: Answer, said: str
) -> None:
    path = write(tmp_path / "a.csv", [row(**BARE)])
    with running_service(lambda _: answer) as service:
        report = run(engine, path, service.url)
    assert (report.created, report.is_saved) == (1, True)
    assert report.notices[0].startswith("regel 2, Gentiaanstraat 1: ")
    assert said in report.notices[0]
    assert place(engine).lat is None


def test_many_addresses_of_a_silent_geocoder_take_three_questions(
    engine: sa.Engine, tmp_path: Path
) -> None:
    rows = [
        row(id=f"les-{n}", titel=f"Les {n}", plek=f"Zaal {n}", huisnummer=str(n), lat="", lon="")
        for n in range(1, 41)
    ]
    with running_service(lambda _: Answer(status=503)) as service:
        report = run(engine, write(tmp_path / "a.csv", rows), service.url)
        assert len(service.paths) == 3
    assert report.created == 40
    assert "en nog 20 adressen zonder coördinaten" in report.notices


def test_protected_place_is_never_looked_up(engine: sa.Engine, tmp_path: Path) -> None:
    hidden = row(**PROTECTED, buurt="", zichtbaarheid="verborgen")
    area = row(id="b", titel="B", **PROTECTED, buurt="NK", zichtbaarheid="gebied")
    with running_service(lambda _: found()) as service:
        report = run(engine, write(tmp_path / "a.csv", [hidden, area]), service.url)
        assert (report.created, service.paths) == (2, [])


def test_what_was_looked_up_goes_with_an_address_that_becomes_protected(
    engine: sa.Engine, tmp_path: Path
) -> None:
    with running_service(lambda _: found()) as service:
        run(engine, write(tmp_path / "a.csv", [row(**BARE)]), service.url)
    protected = row(**PROTECTED, buurt="NK", zichtbaarheid="gebied")
    report = run(engine, write(tmp_path / "b.csv", [protected]))
    assert report.changed == 1
    assert kept(engine) == []
