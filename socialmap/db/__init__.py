"""The database: engines, sessions, migrations and backups; the only place that knows which one
it is."""

from socialmap.db.engines import is_there, make_engine, reading, rehearsing, scrub, writing
from socialmap.db.faults import faults
from socialmap.db.migrating import migrate, revision_of
from socialmap.db.requests import engine, init_app, scrub_now, session

__all__ = [
    "engine",
    "faults",
    "init_app",
    "is_there",
    "make_engine",
    "migrate",
    "reading",
    "rehearsing",
    "revision_of",
    "scrub",
    "scrub_now",
    "session",
    "writing",
]
