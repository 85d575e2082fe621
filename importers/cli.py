"""Commands: `flask import csv FILE`, `flask import contacts FILE`, `flask import teams FILE`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from importers.report import Report
from importers.run import (
    Progress,
    import_contacts,
    import_listings,
    import_teams,
    read_file,
)
from socialmap import db
from socialmap.views.clock import today

LONG_FILE = 500
"""Longer files show how far they are."""
FILE = click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
SAVE = click.option("--save", is_flag=True, help="Bewaar; anders is het een proef.")

import_group = AppGroup("import", help="Lees een bestand in de gids in; zonder --save een proef.")


@import_group.command("csv")
@FILE
@SAVE
@click.option("--skip-bad", is_flag=True, help="Sla foute vermeldingen over; de rest gaat door.")
@click.option("--by", metavar="NAAM", default="import", help="Wie dit doet, voor de geschiedenis.")
def import_csv(path: Path, save: bool, skip_bad: bool, by: str) -> None:
    """Lees vermeldingen in, met de kolommen van providers.csv."""
    now = datetime.combine(today(), datetime.now(UTC).time(), UTC)
    with _readable():
        file = read_file(path)
    with _progress(len(file)) as progress:
        report = import_listings(
            db.engine(), file, by=by, now=now, save=save, skip_bad=skip_bad, progress=progress
        )
    _tell(report, save=save)


@import_group.command("contacts")
@FILE
@SAVE
def contacts(path: Path, save: bool) -> None:
    """Lees personen in, met de kolommen van contacts.csv."""
    _run(import_contacts, path, save=save)


@import_group.command("teams")
@FILE
@SAVE
def teams(path: Path, save: bool) -> None:
    """Lees teams in, met de kolommen van teams.csv."""
    _run(import_teams, path, save=save)


def _run(importer: Callable[..., Report], path: Path, *, save: bool) -> None:
    with _readable():
        report = importer(db.engine(), path, save=save)
    _tell(report, save=save)


@contextmanager
def _readable() -> Iterator[None]:
    """Turn a file that can't be opened into a message."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} is niet te openen: {error.strerror}"
        ) from None


@contextmanager
def _progress(length: int) -> Iterator[Progress]:
    """How far it is, for a long file in a terminal; nothing otherwise."""
    if length <= LONG_FILE:
        yield lambda count: None
        return
    with click.progressbar(length=length, label="Inlezen") as bar:
        yield bar.update


def _tell(report: Report, *, save: bool) -> None:
    """Print a report; exits with 1 when something is wrong."""
    for line in [*report.problems, *report.notices]:
        click.echo(str(line))
    click.echo(report.summary())
    if not save and not report.problems:
        click.echo("Dit was een proef. Met --save wordt het bewaard.")
    if report.problems:
        raise SystemExit(1)
