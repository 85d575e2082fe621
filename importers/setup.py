"""Commands that make a directory ready: `flask setup`."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from importers.run import load_folder
from socialmap import db
from socialmap.cli import searcher
from socialmap.config import DATA


@click.command()
@with_appcontext
def setup() -> None:
    """Maak alles klaar: tabellen, de gegevens van data/ in lege tabellen, het zoekregister."""
    engine = db.engine()
    db.migrate(engine)
    loaded = load_folder(engine, DATA, datetime.now(UTC))
    for report in loaded.reports:
        for problem in report.problems:
            click.echo(str(problem), err=True)
    if not loaded.is_whole:
        raise click.ClickException("De gegevens in data/ kloppen niet; er is niets ingelezen.")
    click.echo(f"Gegevens: {loaded.summary()}.")
    store = searcher().store
    if store.rebuild_unless_sound(engine):
        click.echo("Zoekregister gemaakt.")
    else:
        store.drain(engine)
