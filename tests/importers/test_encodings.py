"""Files as programs write them: UTF-8 with or without BOM, Windows-1252, semicolons, commas."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap.models import Listing
from tests.importers.rows import GOOD, load, row, write


def description(engine: sa.Engine) -> str:
    with Session(engine) as session:
        return session.exec(select(Listing)).one().description


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_dialect_gives_the_same_listing(
    engine: sa.Engine, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = write(tmp_path / "a.csv", [row()], encoding=encoding, delimiter=delimiter)
    assert load(engine, path).is_saved
    assert description(engine) == GOOD["beschrijving"]


def test_dialects_of_one_file_change_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row()], encoding="cp1252", delimiter=","))
    assert load(engine, write(tmp_path / "b.csv", [row()])).unchanged == 1


def test_the_line_that_excel_adds_for_the_separator_is_understood(
    engine: sa.Engine, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [row(), row("fout", niveau="zwaar")], encoding="cp1252")
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())
    report = load(engine, path)
    assert [problem.line for problem in report.problems] == [4]


def test_empty_lines_and_old_line_ends_do_not_matter(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row()], encoding="utf-8")
    path.write_text(path.read_text() + ";" * 52 + "\n\n\n", newline="\n")
    assert load(engine, path).is_saved


def test_columns_may_stand_in_any_order_and_case(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row()])
    first, rest = path.read_text("utf-8-sig").split("\n", 1)
    path.write_text(first.upper() + "\n" + rest, "utf-8-sig")
    assert load(engine, path).is_saved


def test_hostile_text_stays_text(engine: sa.Engine, tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script> `x` ${y} "z" \'\u202eaq\u202c =HYPERLINK()'
    assert load(engine, write(tmp_path / "a.csv", [row(beschrijving=hostile)])).is_saved
    assert description(engine) == hostile
