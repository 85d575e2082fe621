"""Which day it is: the real one, or the one that the settings say."""

from datetime import date

from flask import current_app

from socialmap.config import Settings


def today() -> date:
    """The day of this request."""
    settings: Settings = current_app.extensions["settings"]
    return date.fromisoformat(settings.today) if settings.today else date.today()  # noqa: DTZ011  the day here
