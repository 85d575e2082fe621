"""What a newer file of a source no longer names: told, and ended only when asked."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from importers.report import Report
from importers.run import import_listings
from socialmap.models import Change, Listing
from socialmap.models.terms import ChangeState, Status
from tests.factories import NOW, TODAY
from tests.importers.rows import contents, counts, row, write
from tests.importers.test_importing import changed_by_hand

OTHERS = [row("naailes", titel="Naailes"), row("samen-koken", titel="Samen koken")]


@pytest.fixture
def first(engine: sa.Engine, tmp_path: Path) -> None:
    """A list of three, imported."""
    assert counts(brought(engine, tmp_path, [row(), *OTHERS])) == (3, 0, 0, 0)


def brought(
    engine: sa.Engine, tmp_path: Path, rows: list[dict[str, str]], **options: Any
) -> Report:
    """The next file of one source."""
    path = write(tmp_path / "lijst.csv", rows)
    return import_listings(engine, path, **{"by": "test", "now": NOW, "save": True} | options)


def states(engine: sa.Engine) -> dict[str, Status]:
    with Session(engine) as session:
        return dict(session.exec(select(Listing.key, Listing.status)).all())


@pytest.mark.usefixtures("first")
def test_what_disappeared_is_told_and_stays(engine: sa.Engine, tmp_path: Path) -> None:
    report = brought(engine, tmp_path, OTHERS)
    [notice] = report.notices
    assert notice.startswith("kop-op (Kop op) stond in een eerder bestand")
    assert "--end-missing" in notice
    assert set(states(engine).values()) == {Status.LIVE}


@pytest.mark.usefixtures("first")
def test_it_is_ended_when_asked_and_once(engine: sa.Engine, tmp_path: Path) -> None:
    report = brought(engine, tmp_path, OTHERS, end_missing=True)
    assert report.notices == ["kop-op (Kop op) staat niet meer in het bestand: gestopt"]
    assert report.ended == 1
    assert "1 gestopt" in report.summary()
    with Session(engine) as session:
        listing = session.exec(select(Listing).where(Listing.key == "kop-op")).one()
        assert (listing.status, listing.ended_on) == (Status.ENDED, TODAY)
        assert listing.reason
    again = brought(engine, tmp_path, OTHERS, end_missing=True)
    assert (again.ended, again.notices) == (0, [])


@pytest.mark.usefixtures("first")
def test_a_trial_ends_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    before = contents(engine)
    report = brought(engine, tmp_path, OTHERS, end_missing=True, save=False)
    assert report.ended == 1
    assert contents(engine) == before


@pytest.mark.usefixtures("first")
def test_another_source_ends_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    report = brought(engine, tmp_path, OTHERS, end_missing=True, source="de bibliotheek")
    [notice] = report.notices
    assert 'het eerste bestand van bron "de bibliotheek"' in notice
    assert "test: lijst" in notice, "it names the source that was perhaps meant"
    assert states(engine)["kop-op"] == Status.LIVE


@pytest.mark.usefixtures("first")
def test_a_listing_that_another_source_names_stays(engine: sa.Engine, tmp_path: Path) -> None:
    brought(engine, tmp_path, [row()], source="de bibliotheek")
    report = brought(engine, tmp_path, OTHERS, end_missing=True)
    assert report.notices == []
    assert states(engine)["kop-op"] == Status.LIVE


@pytest.mark.usefixtures("first")
def test_a_file_that_is_half_read_ends_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "lijst.csv", OTHERS)
    path.write_text(path.read_text("utf-8-sig") + "half;een;regel\n", "utf-8-sig")
    options: dict[str, Any] = {"by": "test", "now": NOW, "save": True, "skip_bad": True}
    report = import_listings(engine, path, end_missing=True, **options)
    assert any("daarom is niets gestopt" in notice for notice in report.notices)
    assert states(engine)["kop-op"] == Status.LIVE


@pytest.mark.usefixtures("first")
def test_the_end_of_what_was_changed_by_hand_is_proposed(engine: sa.Engine, tmp_path: Path) -> None:
    changed_by_hand(engine, phone="020 000 0077")
    report = brought(engine, tmp_path, OTHERS, end_missing=True)
    [notice] = report.notices
    assert "is intussen gewijzigd en blijft staan" in notice
    assert states(engine)["kop-op"] == Status.LIVE
    with Session(engine) as session:
        proposed = session.exec(select(Change).where(Change.state == ChangeState.PROPOSED)).all()
        assert {(one.field, one.after) for one in proposed} >= {("status", "ended")}


@pytest.mark.usefixtures("first")
def test_what_comes_back_is_live_again(engine: sa.Engine, tmp_path: Path) -> None:
    brought(engine, tmp_path, OTHERS, end_missing=True)
    brought(engine, tmp_path, [row(), *OTHERS])
    assert states(engine)["kop-op"] == Status.LIVE
