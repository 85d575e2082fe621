"""Command: `flask export csv FILE`, the directory as a file that can be imported again."""

from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import AppGroup

from socialmap import db
from socialmap.cli import require_tables
from socialmap.geo.tree import area_tree
from socialmap.listings.export import Row, as_csv, rows
from socialmap.listings.find import all_values
from socialmap.listings.workbook import save_workbook

WORKBOOK = ".xlsx"

export_group = AppGroup("export", help="Schrijf de gids naar een bestand.")


@export_group.command("csv")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def export_csv(path: Path) -> None:
    """Schrijf alle vermeldingen naar FILE, ook concepten; een naam op .xlsx wordt een werkmap."""
    require_tables()
    session = db.session()
    tree, listings = area_tree(session), list(all_values(session))
    try:
        _write(path, rows(listings, tree))
    except OSError as error:
        raise click.ClickException(f"{path} is niet te schrijven: {error.strerror}") from None
    click.echo(f"{path.name}: {len(listings)} vermeldingen.")


def _write(path: Path, lines: Iterable[Row]) -> None:
    """Write the whole file before it takes the place of an older one."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        if path.suffix.casefold() == WORKBOOK:
            save_workbook(fresh, lines)
        else:
            with fresh.open("w", encoding="utf-8", newline="") as file:
                file.writelines(as_csv(lines))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
