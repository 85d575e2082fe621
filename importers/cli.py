"""Commands: `flask import csv`, `contacts` and `teams FILE`, `runs` and `undo NUMBER`; and
`flask areas import FILE`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from importers.report import Report
from importers.run import (
    Progress,
    UndoError,
    import_areas,
    import_contacts,
    import_listings,
    import_teams,
    read_file,
    told_imports,
    undo,
)
from socialmap import db
from socialmap.cli import require_tables
from socialmap.views.clock import today

TRIAL = "Dit was een proef. Met --save wordt het bewaard."
LONG_FILE = 500
"""Longer files show how far they are."""
FILE = click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
SAVE = click.option("--save", is_flag=True, help="Bewaar; anders is het een proef.")
BY = click.option(
    "--by", metavar="NAAM", default="import", help="Wie dit doet, voor de geschiedenis."
)

import_group = AppGroup("import", help="Lees een bestand in de gids in; zonder --save een proef.")
areas_group = AppGroup("areas", help="De gebieden van de stad.")


@import_group.command("csv")
@FILE
@SAVE
@click.option("--skip-bad", is_flag=True, help="Sla foute vermeldingen over; de rest gaat door.")
@click.option("--end-missing", is_flag=True, help="Stop wat niet meer in het bestand staat.")
@click.option(
    "--source", metavar="BRON", help="Wiens lijst dit is; anders: wie het doet en de bestandsnaam."
)
@BY
def import_csv(
    path: Path, save: bool, skip_bad: bool, end_missing: bool, source: str | None, by: str
) -> None:
    """Lees vermeldingen in, uit CSV of Excel (.xlsx), met de kolommen van providers.csv."""
    now = _now()
    with _readable():
        file = read_file(path)
    with _progress(len(file)) as progress:
        report = import_listings(
            db.engine(),
            file,
            by=by,
            now=now,
            save=save,
            skip_bad=skip_bad,
            end_missing=end_missing,
            source=source,
            progress=progress,
            finder=current_app.extensions.get("addresses"),
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


@import_group.command("runs")
def runs() -> None:
    """Toon wat er is ingelezen, het nieuwste eerst."""
    require_tables()
    for line in told_imports(db.engine()) or ["Er is nog niets ingelezen."]:
        click.echo(line)


@import_group.command("undo")
@click.argument("number", metavar="NUMMER", type=int)
@SAVE
@BY
def undo_run(number: int, save: bool, by: str) -> None:
    """Maak een import als geheel ongedaan; wat daarna is gewijzigd, blijft en wordt genoemd."""
    require_tables()
    try:
        undone = undo(db.engine(), number, by=by, now=_now(), save=save)
    except UndoError as error:
        raise click.ClickException(str(error)) from None
    for line in [*undone.lines, undone.summary]:
        click.echo(line)
    if not save:
        click.echo(TRIAL)


@areas_group.command("import")
@FILE
@SAVE
@BY
def areas(path: Path, save: bool, by: str) -> None:
    """Lees officiële grenzen in: GeoJSON van de stad (maps of api.data) of van CBS/PDOK."""
    with _readable():
        report = import_areas(db.engine(), path, by=by, now=_now(), save=save)
    _tell(report, save=save)


def _now() -> datetime:
    """This moment, on the day of the settings."""
    return datetime.combine(today(), datetime.now(UTC).time(), UTC)


def _run(importer: Callable[..., Report], path: Path, *, save: bool) -> None:
    with _readable():
        report = importer(db.engine(), path, save=save)
    _tell(report, save=save)


@contextmanager
def _readable() -> Iterator[None]:
    """Turn a file that can't be opened, or a directory that is not made yet, into a message."""
    require_tables()
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
        click.echo(TRIAL)
    if report.problems:
        raise SystemExit(1)
