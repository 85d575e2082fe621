"""What every command stands on: the settings, the searcher, and tables that are there."""

import click
from flask import Flask, current_app

from socialmap import db
from socialmap.config import Settings
from socialmap.search.answer.engine import Searcher

NO_TABLES = "Er is nog geen gids in {instance}. Maak hem eerst: flask setup"


def searcher_of(app: Flask) -> Searcher:
    """The searcher of an app."""
    found: Searcher = app.extensions["searcher"]
    return found


def searcher() -> Searcher:
    """The searcher of the current app."""
    return searcher_of(current_app)


def settings() -> Settings:
    """The settings of the current app."""
    found: Settings = current_app.extensions["settings"]
    return found


def require_tables() -> None:
    """End a command where there is no directory yet, and say how to make one."""
    engine = db.engine()
    if not db.is_there(engine) or db.revision_of(engine) is None:
        raise click.ClickException(NO_TABLES.format(instance=settings().instance))
