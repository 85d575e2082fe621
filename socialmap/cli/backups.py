"""Commands that keep the directory in one file and put it back: `flask backup` and `restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from socialmap import db
from socialmap.cli.grounds import searcher, settings
from socialmap.db import backups


def _named(_context: click.Context, _param: click.Parameter, path: Path | None) -> Path:
    """The file of a command; says which words to type when it is missing."""
    if path is None:
        command = click.get_current_context().command.name
        raise click.UsageError(f"Noem het bestand: flask {command} BESTAND")
    return path


FILE = click.argument(
    "path", metavar="BESTAND", required=False, type=click.Path(path_type=Path), callback=_named
)


@click.command()
@FILE
@with_appcontext
def backup(path: Path) -> None:
    """Bewaar de database en de uploads in één bestand; de gids mag gewoon doorgaan."""
    engine = db.engine()
    if engine.dialect.name != "sqlite":
        _point_to(backups.pg_dump_command(engine, path), "Bewaar deze database met")
    with _told():
        made = backups.back_up(engine, settings().uploads_dir, path, datetime.now(UTC))
    click.echo(f"Bewaard in {path}: {_summary(made)}.")


@click.command()
@FILE
@with_appcontext
def restore(path: Path) -> None:
    """Zet een reservekopie terug in een lege map, en maak het zoekregister."""
    engine = db.engine()
    if engine.dialect.name != "sqlite":
        _point_to(backups.pg_restore_command(engine, path), "Zet deze database terug met")
    with _told():
        found = backups.restore(settings().database_url, settings().instance, path)
    count = searcher().store.rebuild(engine)
    click.echo(f"Teruggezet uit {path}: {_summary(found)}.")
    click.echo(f"Zoekregister gemaakt: {count} vermeldingen.")


def _point_to(command: str, what: str) -> None:
    """End with the command of PostgreSQL that does this."""
    raise click.ClickException(
        f"Dit kan alleen met SQLite. {what}\n  {command}\n"
        f"en bewaar de map {settings().uploads_dir} apart, als die er is."
    )


@contextmanager
def _told() -> Iterator[None]:
    """Turn a refusal into a message."""
    try:
        yield
    except backups.BackupError as error:
        raise click.ClickException(str(error)) from None


def _summary(manifest: backups.Manifest) -> str:
    listings, people = manifest.counts.get("listing", 0), manifest.counts.get("person", 0)
    uploads = len(manifest.files) - 1
    return (
        f"{listings} vermeldingen, {people} personen, {uploads} uploads, "
        f"versie {manifest.revision} van de tabellen"
    )
