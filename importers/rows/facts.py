"""Rows of the files that make a city: areas, postcodes, themes, words, emergency numbers."""

from collections.abc import Iterator
from pathlib import Path

from importers.report import Problem
from importers.rows.cells import parts
from importers.rows.tables import read_table
from socialmap.areas import BuurtPoint
from socialmap.themes import EmergencyValues, GlossaryValues, ThemeValues

AREA_COLUMNS = [
    "district_code",
    "district",
    "zone_code",
    "zone",
    "wijk_code",
    "wijk",
    "buurt_code",
    "buurt",
    "lat",
    "lon",
]
POSTCODE_COLUMNS = ["pc4", "lat", "lon"]
SHARE_COLUMNS = ["pc4", "wijk_code", "share"]
THEME_COLUMNS = ["id", "naam", "ouder", "gevaar"]
GLOSSARY_COLUMNS = ["term", "ook", "heet_nu", "uitleg", "niet_verwarren_met", "bron"]
EMERGENCY_COLUMNS = [
    "id",
    "naam",
    "nummer",
    "wanneer",
    "bereikbaar",
    "kosten",
    "bron",
    "datum",
    "volgorde",
]

Point = tuple[str, float, float]
"""A postcode, and latitude and longitude of a point in it."""
Share = tuple[str, str, float]
"""A postcode, the code of a wijk in which part of it lies, and how large that part is."""


class FactsError(ValueError):
    """A file of facts has problems; `problems` says which."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{path.name}, {problem}" for problem in problems))
        self.problems = problems


def buurten(path: Path) -> list[BuurtPoint]:
    """The rows of areas.csv; raises FactsError."""
    return [
        BuurtPoint(**(row | {"lat": float(row["lat"]), "lon": float(row["lon"])}))  # type: ignore[arg-type]
        for row in _rows(path, AREA_COLUMNS)
    ]


def postcodes(path: Path) -> list[Point]:
    """The rows of postcodes.csv as (pc4, lat, lon); raises FactsError."""
    return [
        (row["pc4"], float(row["lat"]), float(row["lon"])) for row in _rows(path, POSTCODE_COLUMNS)
    ]


def postcode_shares(path: Path) -> list[Share]:
    """The rows of postcode_wijken.csv as (pc4, wijk code, share); raises FactsError."""
    return [
        (row["pc4"], row["wijk_code"], float(row["share"])) for row in _rows(path, SHARE_COLUMNS)
    ]


def themes(path: Path) -> list[ThemeValues]:
    """The rows of themes.csv; raises FactsError."""
    return [
        ThemeValues(row["id"], row["naam"], row["ouder"] or None, row["gevaar"] == "ja")
        for row in _rows(path, THEME_COLUMNS)
    ]


def glossary(path: Path) -> list[GlossaryValues]:
    """The rows of glossary.csv; raises FactsError."""
    return [
        GlossaryValues(
            word=row["term"],
            also=tuple(parts(row["ook"])),
            now_called=row["heet_nu"] or None,
            meaning=row["uitleg"],
            not_to_confuse=tuple(parts(row["niet_verwarren_met"])),
            source=row["bron"],
        )
        for row in _rows(path, GLOSSARY_COLUMNS)
    ]


def emergency_numbers(path: Path) -> list[EmergencyValues]:
    """The rows of emergency.csv; raises FactsError."""
    return [
        EmergencyValues(
            id=row["id"],
            name=row["naam"],
            number=row["nummer"],
            when_to_call=row["wanneer"],
            hours=row["bereikbaar"],
            cost=row["kosten"],
            source=row["bron"],
            dated=row["datum"],
            position=int(row["volgorde"]),
        )
        for row in _rows(path, EMERGENCY_COLUMNS)
    ]


def _rows(path: Path, columns: list[str]) -> Iterator[dict[str, str]]:
    """The cells of each line; a cell that must be a number and is not raises FactsError too."""
    table = read_table(path, columns)
    if table.problems:
        raise FactsError(path, table.problems)
    return (dict(line.cells) for line in table.lines)
