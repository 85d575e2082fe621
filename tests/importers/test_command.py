"""The command `flask import`: what the operator sees."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskCliRunner
from sqlmodel import Session, select

from socialmap.config import DATA
from socialmap.models import ImportRun
from tests.importers.rows import row, write


def test_a_trial_says_how_to_save(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row()])
    result = runner.invoke(args=["import", "csv", str(path)])
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "a.csv: 1 nieuw, 0 gewijzigd, 0 ongewijzigd, 0 fout. Er is niets bewaard.",
        "Dit was een proef. Met --save wordt het bewaard.",
    ]


def test_saving_says_so_and_keeps_who_did_it(
    runner: FlaskCliRunner, engine: sa.Engine, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [row()])
    result = runner.invoke(args=["import", "csv", str(path), "--save", "--by", "Fenna"])
    told = "a.csv: 1 nieuw, 0 gewijzigd, 0 ongewijzigd, 0 fout. Bewaard als import 1.\n"
    assert result.output == told
    with Session(engine) as session:
        run = session.exec(select(ImportRun)).one()
        assert (run.by, run.file_name, str(run.at.date())) == ("Fenna", "a.csv", "2026-11-23")


def test_problems_are_told_and_end_with_an_error(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(niveau="zwaar")])
    result = runner.invoke(args=["import", "csv", str(path), "--save"])
    assert result.exit_code == 1
    assert result.output.startswith('regel 2, kolom niveau, "zwaar": ')
    assert "Er is niets bewaard" in result.output


def test_a_missing_file_is_told(runner: FlaskCliRunner, tmp_path: Path) -> None:
    result = runner.invoke(args=["import", "csv", str(tmp_path / "nergens.csv")])
    assert result.exit_code == 1
    assert "is niet te openen" in result.output


def test_people_and_teams_have_a_command_of_their_own(runner: FlaskCliRunner) -> None:
    people = runner.invoke(args=["import", "contacts", str(DATA / "contacts.csv")])
    assert people.exit_code == 0
    assert "0 nieuw, 0 gewijzigd" in people.output
    teams = runner.invoke(args=["import", "teams", str(DATA / "teams.csv"), "--save"])
    assert "Bewaard." in teams.output


@pytest.mark.parametrize(
    "command",
    ["import csv FILE", "import undo 1", "import runs", "areas import FILE", "export csv FILE"],
)
def test_without_a_directory_a_command_says_how_to_make_one(
    tmp_path: Path, runner: FlaskCliRunner, engine: sa.Engine, command: str
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    words = [str(tmp_path / "a.csv") if word == "FILE" else word for word in command.split()]
    result = runner.invoke(args=words)
    assert result.exit_code == 1
    assert result.output.startswith("Error: Er is nog geen gids in ")
    assert result.output.endswith("flask setup\n")
