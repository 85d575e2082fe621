"""Commands that keep the search index the same as the tables: `flask reindex` and `flask drain`."""

import click
from flask.cli import with_appcontext

from socialmap import db
from socialmap.cli.grounds import require_tables, searcher


@click.command()
@with_appcontext
def reindex() -> None:
    """Maak het zoekregister opnieuw uit de tabellen."""
    require_tables()
    count = searcher().store.rebuild(db.engine())
    click.echo(f"Zoekregister gemaakt: {count} vermeldingen.")


@click.command()
@with_appcontext
def drain() -> None:
    """Breng wijzigingen die wachten naar het zoekregister."""
    require_tables()
    count = searcher().store.drain(db.engine())
    click.echo(f"Bijgewerkt in het zoekregister: {count} vermeldingen.")
