"""Commands for the operator, a module per thing there is to do."""

from flask import Flask

from socialmap.cli.accounts import account_group
from socialmap.cli.backups import backup, restore
from socialmap.cli.checking import check
from socialmap.cli.grounds import require_tables, searcher, searcher_of
from socialmap.cli.index import drain, reindex
from socialmap.cli.reminding import bounce, remind
from socialmap.cli.searching import search_group
from socialmap.cli.tidying import tidy

__all__ = [
    "account_group",
    "check",
    "init_app",
    "require_tables",
    "searcher",
    "searcher_of",
    "tidy",
]


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    groups = (search_group, account_group)
    for command in (reindex, drain, check, remind, bounce, tidy, backup, restore, *groups):
        app.cli.add_command(command)
