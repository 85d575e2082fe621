"""The command that erases what is over: `flask tidy`."""

import click
from flask.cli import with_appcontext

from socialmap import db
from socialmap.cli.grounds import require_tables, settings
from socialmap.upkeep.keeping import RULES, Round, Rule
from socialmap.views.clock import now, today


@click.command()
@click.option("--dry-run", is_flag=True, help="Zeg alleen wat er weg zou gaan.")
@with_appcontext
def tidy(dry_run: bool) -> None:
    """Wis wat over is (docs/privacy.md). Elke dag, twee keer kan geen kwaad.

    Elke soort apart: mislukt er een, dan gaat de rest door en eindigt dit met 1.
    """
    require_tables()
    counts = [_apply(rule, is_trial=dry_run) for rule in RULES]
    if any(counts) and not dry_run:
        db.scrub(db.engine())
    if None in counts:
        raise SystemExit(1)


def _apply(rule: Rule, *, is_trial: bool) -> int | None:
    """Erase by one rule, all or nothing, and tell it; None where that failed."""
    session_of = db.rehearsing if is_trial else db.writing
    try:
        with session_of(db.engine()) as session:
            count = rule.erase(Round(session, now(), today(), settings().uploads_dir, is_trial))
    except Exception as error:  # one that fails must not keep the others from being erased
        click.echo(f"Mislukt: {rule.words} ({type(error).__name__})", err=True)
        return None
    click.echo(f"{'Te wissen' if is_trial else 'Gewist'}: {count} {rule.words}")
    return count
