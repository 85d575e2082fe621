"""Which day and moment it is: the real one, or the one that the settings say."""

from datetime import UTC, date, datetime

from flask import current_app

from socialmap.config import Settings


def today() -> date:
    """The day of this request."""
    settings: Settings = current_app.extensions["settings"]
    return date.fromisoformat(settings.today) if settings.today else date.today()  # noqa: DTZ011  the day here


def now() -> datetime:
    """This moment, in UTC; on the day that the settings say, if they say one."""
    settings: Settings = current_app.extensions["settings"]
    at = datetime.now(UTC)
    return datetime.combine(today(), at.timetz()) if settings.today else at


def world_now() -> datetime:
    """This moment by the clock of the world, whatever the settings say: what a telephone shows."""
    return datetime.now(UTC)
