"""Damaged files: every problem is named with its place, and nothing changes."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.importers.rows import HEADER, NO_PLACE, contents, counts, extra_place, load, row, write

DAMAGED = Path(__file__).parent.parent / "files" / "beschadigd.csv"
NAMED = [
    (3, "soort", "onbekend; Mogelijk: aanbod, activiteit, plek, team"),
    (4, "titel", "moet gevuld zijn"),
    (5, "aanbieder", "vul een aanbieder in"),
    (6, "niveau", "Mogelijk: open, okt, flex, stad"),
    (7, "themas", 'bedoelt u "faalangst"?'),
    (8, "vormen", 'bedoelt u "groep"?'),
    (9, "leeftijd_van", "geen getal; schrijf een leeftijd in jaren"),
    (10, "leeftijd_tm", "ligt onder leeftijd_van"),
    (11, "gecontroleerd_op", "deze datum bestaat niet"),
    (12, "gecontroleerd_op", "Excel maakte hier een datum van"),
    (13, "tijden", "di-middag 13.30-15.30"),
    (14, "tijden", "eindtijd moet na de begintijd"),
    (15, "straat", "mag dus niet bewaard worden"),
    (15, "buurt", "een verborgen plek heeft geen buurt"),
    (16, "postcode", "mag dus niet bewaard worden"),
    (17, "buurt", "verraadt te veel"),
    (18, "lat", "lat en lon zijn verwisseld"),
    (19, "lat", "buiten Amsterdam"),
    (19, "lon", "buiten Amsterdam"),
    (20, "buurt", "deze code is onbekend"),
    (21, "werkgebied", "er is geen wijk met deze naam of code"),
    (22, "contact", 'bedoelt u "ilse-brandsma"?'),
    (23, "alternatieven", "dit is onbekend"),
    (24, "telefoon", "Excel maakte hier een getal van"),
    (25, "mail", "geen mailadres"),
    (26, "website", "geen webadres"),
    (27, "id", "dit id staat ook op regel 2"),
    (28, "aanbieder_informeel", 'regel 2 zegt bij dezelfde aanbieder "nee"'),
    (29, "gestopt_op", "op welke dag het gestopt is"),
    (30, "gemeld_op", "op welke dag gemeld is"),
    (31, "talen", "onbekend"),
    (32, "ritme_maanden", "van 1 tot en met 12"),
    (33, "samenvatting", "letters met accenten zijn hier beschadigd"),
    (34, "beschrijving", "20001 tekens"),
    (35, "", "50 cellen op deze regel, het moeten er 53 zijn"),
    (36, "", "aanhalingsteken"),
]


def test_every_kind_of_damage_is_named_and_nothing_changes(engine: sa.Engine) -> None:
    before = contents(engine)
    report = load(engine, DAMAGED)
    told = {(problem.line, problem.column): problem.message for problem in report.problems}
    for line, column, message in NAMED:
        assert message in told.get((line, column), ""), (line, column)
    assert {line for line, _, _ in NAMED} == {problem.line for problem in report.problems}
    assert counts(report) == (1, 0, 0, 34)
    assert not report.is_saved
    assert contents(engine) == before


def test_a_problem_shows_line_column_value_and_what_would_be_right(engine: sa.Engine) -> None:
    shown = [str(problem) for problem in load(engine, DAMAGED).problems]
    assert (
        'regel 6, kolom niveau, "zwaar": "zwaar" is onbekend; Mogelijk: open, okt, flex, stad'
        in shown
    )
    assert max(len(line) for line in shown) < 400


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 0, "het bestand is leeg"),
        (b"\xef\xbb\xbf \r\n", 0, "het bestand is leeg"),
        (b"PK\x03\x04 a workbook", 0, "beschadigd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", 0, "oud Excel-bestand"),
        ("id;soort".encode("utf-16"), 0, "UTF-16"),
        (b"id;soort\nkop\x00op;aanbod\n", 2, "NUL-teken"),
        (b"\xef\xbb\xbfid;soort\nkop;caf\xe9\n", 2, "geen UTF-8"),
        (b"id;soort\nkop;\x81\n", 2, "geen UTF-8 of Windows-1252"),
    ],
)
def test_a_file_that_is_no_table_is_named(
    engine: sa.Engine, tmp_path: Path, data: bytes, line: int, message: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    report = load(engine, path)
    assert [problem.line for problem in report.problems] == [line]
    assert message in report.problems[0].message
    assert not report.is_saved


def header_problems(engine: sa.Engine, path: Path, header: list[str]) -> dict[str, str]:
    path.write_text(";".join(header) + "\n" + ";".join(["x"] * len(header)) + "\n", "utf-8")
    report = load(engine, path)
    assert {problem.line for problem in report.problems} == {1}
    return {problem.column: problem.message for problem in report.problems}


def test_a_wrong_header_is_named_before_the_rows(engine: sa.Engine, tmp_path: Path) -> None:
    header = [name for name in HEADER if name not in ("titel", "routes")]
    told = header_problems(engine, tmp_path / "a.csv", [*header, "tittel", "niveau", "prijs"])
    assert told == {
        "titel": "deze kolom ontbreekt; voeg haar toe, zo nodig leeg",
        "routes": "deze kolom ontbreekt; voeg haar toe, zo nodig leeg",
        "niveau": "deze kolom staat er meer dan één keer; laat er één staan",
        "tittel": 'onbekende kolom; bedoelt u "titel"? Mogelijk: titel, routes',
        "prijs": "onbekende kolom; Mogelijk: titel, routes",
    }


def test_a_superfluous_column_is_named(engine: sa.Engine, tmp_path: Path) -> None:
    told = header_problems(engine, tmp_path / "a.csv", [*HEADER, "kleur"])
    assert told == {"kleur": "onbekende kolom; verwijder deze kolom"}


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"straat": "Gentiaanstraat"}, "straat", "dit adres is gebied"),
        ({"plek": "Bij Saadia"}, "plek", "dit adres is gebied"),
        ({"lat": "52.39", "lon": "4.91"}, "lat", "dit adres is gebied"),
        ({"buurt": ""}, "buurt", "bij gebied hoort de code van een wijk"),
    ],
)
def test_a_protected_place_with_details_is_refused(
    engine: sa.Engine, tmp_path: Path, cells: dict[str, str], column: str, message: str
) -> None:
    place = {**NO_PLACE, "zichtbaarheid": "gebied", "buurt": "NK", **cells}
    report = load(engine, write(tmp_path / "a.csv", [row(**place)]))
    told = {problem.column: problem.message for problem in report.problems}
    assert message in told[column]
    assert not report.is_saved


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"zichtbaarheid": ""}, "zichtbaarheid", "moet gevuld zijn"),
        ({"lon": ""}, "lon", "vul lat en lon allebei in"),
        ({"lat": "121000", "lon": "487000"}, "lat", "RD-coördinaat"),
        ({"buurt": "NK"}, "buurt", "dit is een wijk"),
        ({"postcode": "10 31"}, "postcode", "geen postcode"),
        ({"telefoon": "200000011"}, "telefoon", "de nul vooraan ontbreekt"),
        ({"contact_reserve": "ilse-brandsma"}, "contact_reserve", "iemand anders"),
        ({"werkgebied": "noord"}, "werkgebied", "schrijf een gebied als stadsdeel:N"),
        ({"werkgebied": "stadsdeel:nord"}, "werkgebied", 'bedoelt u "noord"?'),
        ({"gestopt_op": "2026-10-01"}, "gestopt_op", "alleen bij status gestopt"),
        ({"tijden": ""}, "van", "hoort bij tijden"),
        ({"alternatieven": "kop-op"}, "alternatieven", "geen alternatief voor zichzelf"),
        ({"id": "kop op"}, "id", "een id bestaat uit letters"),
        ({"wachtweken": "-1"}, "wachtweken", "heel getal"),
        ({"tijden": "di-middag 25.00-26.00"}, "tijden", "geen tijd"),
    ],
)
def test_a_wrong_cell_says_what_would_be_right(
    engine: sa.Engine, tmp_path: Path, cells: dict[str, str], column: str, message: str
) -> None:
    report = load(engine, write(tmp_path / "a.csv", [row(**cells)]))
    told = {problem.column: problem.message for problem in report.problems}
    assert message in told.get(column, ""), told


def test_rows_that_disagree_about_one_place_are_named(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(), row("twee", lat="52.40")])
    report = load(engine, path)
    assert [(one.line, one.column) for one in report.problems] == [(3, "lat")]
    assert "regel 2 zegt bij dezelfde plek" in report.problems[0].message


def test_an_empty_cell_of_a_provider_does_not_disagree(engine: sa.Engine, tmp_path: Path) -> None:
    silent = row("twee", aanbieder_site="", aanbieder_informeel="")
    assert load(engine, write(tmp_path / "a.csv", [silent, row()])).is_saved


def test_lines_are_counted_as_an_editor_does(engine: sa.Engine, tmp_path: Path) -> None:
    long = row(beschrijving="Eerste regel\nTweede regel\nDerde regel")
    path = write(tmp_path / "a.csv", [long, row("twee", niveau="zwaar")])
    assert [problem.line for problem in load(engine, path).problems] == [5]


def test_a_place_row_before_its_listing_is_refused(engine: sa.Engine, tmp_path: Path) -> None:
    loose = extra_place("kop-op", plek="Ergens", straat="Straat", zichtbaarheid="exact")
    report = load(engine, write(tmp_path / "a.csv", [loose, row()]))
    assert {problem.line for problem in report.problems} == {2, 3}
