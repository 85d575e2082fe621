"""An import is undone as a whole; what somebody did since stays and is named."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskCliRunner
from sqlmodel import Session, select

from importers.run import UndoError, import_listings, told_imports, undo
from socialmap.models import Change, ImportedRecord, Listing, Provider
from socialmap.models.terms import Status
from tests.factories import NOW, listing, save
from tests.importers.rows import NO_PLACE, contents, counts, load, row, write
from tests.importers.test_importing import changed_by_hand, whole

EXACT = ("straat", "huisnummer", "postcode", "lat", "lon", "plek")
TRACES = {"change", "import_run", "imported_record", "outbox", "slug_history"}
"""What tells that something was imported and undone: that stays."""


def undone(engine: sa.Engine, number: int, *, save: bool = True) -> list[str]:
    """What undoing an import tells, by the name of Noor."""
    told = undo(engine, number, by="Noor", now=NOW, save=save)
    return [*told.lines, told.summary]


def test_what_an_import_made_is_gone_again(engine: sa.Engine, tmp_path: Path) -> None:
    before = contents(engine)
    load(engine, write(tmp_path / "a.csv", [row(), row("naailes", titel="Naailes")]))
    told = undone(engine, 1)
    assert told == [
        "kop-op: verwijderd",
        "naailes: verwijderd",
        "import 1 (a.csv): 2 verwijderd, 0 teruggezet, 0 gebleven. Ongedaan gemaakt.",
    ]
    after = contents(engine)
    assert {name for name in after if after[name] != before[name]} <= TRACES
    assert [line for line in told_imports(engine) if "ongedaan gemaakt op" in line]


def test_what_an_import_changed_goes_back(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row()]))
    with Session(engine) as session:
        before = whole(session).card
        assert before is not None
        data = dict(before.data)
    newer = row(
        titel="Kop erbij",
        telefoon="020 000 0088",
        leeftijd_van="10",
        werkgebied="stad",
        aanbieder_site="https://anders.example",
        alternatieven="",
        tijden="di-avond 19.00-20.00",
    )
    assert counts(load(engine, write(tmp_path / "b.csv", [newer]))) == (0, 1, 0, 0)
    told = undone(engine, 2)
    assert "0 verwijderd, 2 teruggezet, 0 gebleven" in told[-1]
    with Session(engine) as session:
        card = whole(session).card
        assert card is not None
        assert card.data == data


def test_a_trial_undoes_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row()]))
    before = contents(engine)
    assert undone(engine, 1, save=False)[-1].endswith(
        "1 verwijderd, 0 teruggezet, 0 gebleven. Er is niets bewaard."
    )
    assert contents(engine) == before


def test_a_change_by_hand_since_stays_and_is_named(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row()]))
    newer = row(telefoon="020 000 0088", samenvatting="Anders.")
    load(engine, write(tmp_path / "b.csv", [newer]))
    changed_by_hand(engine, phone="020 000 0077")
    told = undone(engine, 2)
    assert any("telefoon blijft zo; is daarna gewijzigd, door" in line for line in told)
    with Session(engine) as session:
        found = whole(session)
        assert (found.phone, found.summary) == (
            "020 000 0077",
            "Oefenen met durven, samen met anderen.",
        )


def test_a_listing_that_was_changed_by_hand_is_not_removed(
    engine: sa.Engine, tmp_path: Path
) -> None:
    load(engine, write(tmp_path / "a.csv", [row(), row("naailes", titel="Naailes")]))
    changed_by_hand(engine, phone="020 000 0077")
    told = undone(engine, 1)
    assert "naailes: verwijderd" in told
    assert any(line.startswith("kop-op: blijft; is daarna gewijzigd") for line in told)
    with Session(engine) as session:
        assert session.exec(select(Listing.key)).all() == ["kop-op"]


def test_what_is_an_alternative_of_another_is_withdrawn(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row()]))
    save(engine, listing("oud", alternatives=["kop-op"]))
    told = undone(engine, 1)
    assert any(line.startswith("kop-op: blijft; is een alternatief") for line in told)
    with Session(engine) as session:
        assert whole(session).status == Status.WITHDRAWN


def test_an_address_that_was_erased_does_not_come_back(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row()]))
    hidden = row(**NO_PLACE | {"zichtbaarheid": "verborgen"}, samenvatting="Anders.")
    report = load(engine, write(tmp_path / "b.csv", [hidden]))
    assert counts(report) == (0, 1, 0, 0)
    told = undone(engine, 2)
    assert any("het adres van voor de import is gewist" in line for line in told)
    everything = str(contents(engine))
    for column in EXACT:
        assert row()[column] not in everything or column == "huisnummer", column


def test_ending_what_was_missing_is_undone_too(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(), row("naailes", titel="Naailes")])
    load(engine, path)
    write(path, [row()])
    import_listings(engine, path, by="test", now=NOW, save=True, end_missing=True)
    assert any("naailes" in line and "teruggezet" in line for line in undone(engine, 2))
    with Session(engine) as session:
        naailes = whole(session, "naailes")
        assert (naailes.status, naailes.ended_on, naailes.reason) == (Status.LIVE, None, "")


def test_after_undoing_the_same_file_can_be_imported_again(
    engine: sa.Engine, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [row()])
    load(engine, path)
    undone(engine, 1)
    assert counts(load(engine, path)) == (1, 0, 0, 0)
    with Session(engine) as session:
        assert len(session.exec(select(Provider)).all()) == 1
        assert len(session.exec(select(ImportedRecord)).all()) == 1


def test_the_history_of_what_was_undone_stays(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row()]))
    undone(engine, 1)
    with Session(engine) as session:
        changes = session.exec(select(Change).where(Change.noun == "listing")).all()
    assert [(one.field, one.by, one.after is None) for one in changes] == [
        ("", "test", False),
        ("", "Noor", True),
    ]


def test_what_cannot_be_undone_is_told(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row()]))
    with pytest.raises(UndoError, match="er is geen import 7"):
        undone(engine, 7)
    undone(engine, 1)
    with pytest.raises(UndoError, match="al ongedaan gemaakt"):
        undone(engine, 1)


def test_the_commands_tell_and_undo(runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert runner.invoke(args=["import", "runs"]).output == "Er is nog niets ingelezen.\n"
    path = write(tmp_path / "a.csv", [row()])
    runner.invoke(args=["import", "csv", str(path), "--save", "--by", "Fenna"])
    assert "a.csv  door Fenna" in runner.invoke(args=["import", "runs"]).output
    trial = runner.invoke(args=["import", "undo", "1"])
    assert trial.output.endswith("Dit was een proef. Met --save wordt het bewaard.\n")
    done = runner.invoke(args=["import", "undo", "1", "--save", "--by", "Fenna"])
    assert done.output.endswith("Ongedaan gemaakt.\n")
    again = runner.invoke(args=["import", "undo", "1", "--save"])
    assert again.exit_code == 1
    assert "al ongedaan gemaakt" in again.output
