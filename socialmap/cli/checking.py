"""The command that looks whether what is kept is right, and changes nothing: `flask check`."""

from collections.abc import Iterator

import click
from flask.cli import with_appcontext

from socialmap import db
from socialmap.cli.grounds import require_tables, searcher, settings
from socialmap.geo.tree import area_tree
from socialmap.listings.checks import listing_faults
from socialmap.people import album
from socialmap.people.checks import people_faults
from socialmap.search.index.checks import index_faults
from socialmap.teams.checks import team_faults
from socialmap.views.clock import now, today


@click.command()
@with_appcontext
def check() -> None:
    """Kijk na wat er bewaard is; verandert niets. Eindigt met 1 als er iets niet klopt."""
    require_tables()
    found = list(faults())
    for line in found or ["Alles klopt."]:
        click.echo(line)
    if found:
        raise SystemExit(1)


def faults() -> Iterator[str]:
    """A line for everything that is wrong; in a broken database the rest can't be judged."""
    broken = db.faults(db.engine())
    yield from broken
    if broken:
        yield "De rest is niet nagekeken: herstel eerst de database."
        return
    session, tree = db.session(), area_tree(db.session())
    yield from people_faults(session)
    yield from album.album_faults(settings().uploads_dir, session, now())
    yield from team_faults(session, tree)
    yield from listing_faults(session, tree, today())
    yield from index_faults(session, searcher().store)
