"""Rows for files to import: a good one, but for what a test says otherwise."""

import csv
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel

from importers.report import Report
from importers.rows.listings import PLACE_COLUMNS
from importers.run import import_listings
from socialmap.config import DATA
from tests.factories import NOW

HEADER = (DATA / "providers.csv").read_text("utf-8-sig").splitlines()[0].split(";")
GOOD = {
    "soort": "aanbod",
    "titel": "Kop op",
    "aanbieder": "Praktijk Overstag",
    "aanbieder_informeel": "nee",
    "aanbieder_site": "https://overstag.example",
    "niveau": "flex",
    "themas": "faalangst|zelfvertrouwen",
    "vormen": "groep",
    "doelgroep": "jeugd",
    "leeftijd_van": "12",
    "leeftijd_tm": "18",
    "samenvatting": "Oefenen met durven, samen met anderen.",
    "beschrijving": "Zeven keer op woensdag, een vieux café in de Créhof.",
    "routes": "zelf|school",
    "stappen": "Bel Ilse|Een half uur praten",
    "kosten": "gratis",
    "talen": "nl|tr",
    "waar": "plek",
    "plek": "OBA Van der Pek",
    "straat": "Gentiaanstraat",
    "huisnummer": "1",
    "postcode": "1031AE",
    "lat": "52.39094",
    "lon": "4.9118",
    "buurt": "NK03",
    "zichtbaarheid": "exact",
    "werkgebied": "stadsdeel:noord",
    "tijden": "wo-middag 15.45-17.30",
    "van": "2027-01-13",
    "tot": "2027-03-03",
    "contact": "ilse-brandsma",
    "telefoon": "020 000 0011",
    "mail": "training@overstag.example",
    "beschikbaar": "plek",
    "gemeld_op": "2026-11-16",
    "status": "actueel",
    "gecontroleerd_op": "2026-11-16",
    "ritme_maanden": "3",
    "ingevoerd_door": "de aanbieder",
    "voorbeeld": "ja",
}
NO_PLACE = dict.fromkeys(PLACE_COLUMNS, "")


def row(id: str = "kop-op", **cells: str) -> dict[str, str]:
    """A good row, but for these cells."""
    return {**dict.fromkeys(HEADER, ""), **GOOD, "id": id, **cells}


def extra_place(id: str, **cells: str) -> dict[str, str]:
    """A further row of a listing, that only adds a place."""
    return {**dict.fromkeys(HEADER, ""), "id": id, **cells}


def write(
    path: Path,
    rows: Iterable[dict[str, str]],
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ";",
) -> Path:
    """Write these rows to a file and return its path."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, HEADER, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def load(engine: sa.Engine, path: Path, *, save: bool = True, skip_bad: bool = False) -> Report:
    """Import a file by the name of "test", on the day of the tests."""
    return import_listings(engine, path, by="test", now=NOW, save=save, skip_bad=skip_bad)


def counts(report: Report) -> tuple[int, int, int, int]:
    """New, changed, unchanged and wrong."""
    return report.created, report.changed, report.unchanged, report.wrong


def contents(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but those of areas, which are large and never imported here."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name != "area"]
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(found)
                for found in connection.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in tables
        }
