"""Commands for the operator: setting up, the index, and checking what is kept."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from socialmap import db
from socialmap.search.engine import Searcher


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli.add_command(reindex)
    app.cli.add_command(drain)


def searcher_of(app: Flask) -> Searcher:
    """The searcher of an app."""
    found: Searcher = app.extensions["searcher"]
    return found


def searcher() -> Searcher:
    """The searcher of the current app."""
    return searcher_of(current_app)


@click.command()
@with_appcontext
def reindex() -> None:
    """Make the search index again from the tables."""
    count = searcher().store.rebuild(db.engine())
    click.echo(f"Zoekregister gemaakt: {count} vermeldingen.")


@click.command()
@with_appcontext
def drain() -> None:
    """Bring changes that wait to the search index."""
    count = searcher().store.drain(db.engine())
    click.echo(f"Bijgewerkt in het zoekregister: {count} vermeldingen.")
