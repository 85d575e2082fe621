"""A team of two in the Volewijck to print, and any day to print it on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.printing import Paper, printed
from tests.test_pages_people import Cast, cast

__all__ = ["Cast", "cast"]

Printer = Callable[..., Paper]


@pytest.fixture
def prints(app: Flask, client: FlaskClient) -> Printer:
    """What an address prints, on the day of the tests or another."""

    def on(address: str, day: date | None = None) -> Paper:
        if day:
            settings = app.extensions["settings"]
            app.extensions["settings"] = replace(settings, today=day.isoformat())
        return printed(client, address)

    return on
