"""The command that erases what is over: `flask tidy`."""

import click
from flask.cli import with_appcontext

from socialmap import db, people
from socialmap.cli.grounds import require_tables, settings
from socialmap.geo.tree import area_tree
from socialmap.listings.history import Author
from socialmap.models.terms import Door
from socialmap.people import album
from socialmap.views.clock import now, today

TIDY = "flask tidy"


@click.command()
@click.option("--dry-run", is_flag=True, help="Zeg alleen wat er weg zou gaan.")
@with_appcontext
def tidy(dry_run: bool) -> None:
    """Wis wie een jaar geleden vertrok (docs/privacy.md). Elke dag, twee keer kan geen kwaad."""
    require_tables()
    with db.writing(db.engine()) as session:
        gone = people.gone_people(session, today())
        slugs = [one.slug for one in gone]
    for slug in () if dry_run else slugs:
        _erase(slug)
    if slugs and not dry_run:
        db.scrub(db.engine())
    click.echo(f"{'Te wissen' if dry_run else 'Gewist'}: {len(slugs)} personen die vertrokken.")


def _erase(slug: str) -> None:
    """Erase one person, and then the portrait that no row names any more."""
    with db.writing(db.engine()) as session:
        person = people.find_person(session, slug)
        if person is None:
            return
        author = Author(TIDY, Door.COMMAND, now())
        photo = people.erase_person(session, area_tree(session), person, author)
    with db.writing(db.engine()) as session:
        album.forget(settings().uploads_dir, session, [photo])
