"""From the mail, on a phone: "klopt nog", a waiting time, and on to the forms."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from socialmap.app import create_app
from tests.browser.conftest import Opener, Window, serving
from tests.browser.journeys import Journey
from tests.browser.test_every_page import assert_accessible, assert_fits, assert_silent
from tests.conftest import COMPILED, settings_in
from tests.upkeep.keeping import ASKED, DAYS, keep, letters, on, remind, row, text_of

KEYS = ("kop-op", "naailes", "praatgroep")
WIDTHS = (360, 768, 1280)
A_TAP_PX = 24
"""WCAG 2.2, 2.5.8."""


@pytest.fixture
def own_app(empty_city: Path, tmp_path: Path) -> Iterator[Flask]:
    """A city in which Fatma keeps three listings, and has a mail about them."""
    folder = Path(shutil.copytree(empty_city, tmp_path / "instance"))
    app = create_app(settings_in(folder))
    app.jinja_env.bytecode_cache = COMPILED
    engine = app.extensions["engine"]
    keep(engine, *KEYS, room="vol", weeks=8, reported_on=date(2026, 10, 1))
    assert remind(app, ASKED).exit_code == 0
    on(app, ASKED + DAYS)
    yield app
    engine.dispose()


@pytest.fixture
def mailed(own_app: Flask, window: Opener) -> Iterator[Window]:
    """The mail, open on a phone; its links lead to a site of its own."""
    [letter] = letters(own_app.extensions["settings"].instance)
    with serving(own_app) as address:
        reader = window(360)
        reader.site = address
        markup = text_of(letter, "html").replace("http://localhost:8000", address)
        reader.page.set_content(markup)
        yield reader


def test_the_mail_can_be_read_and_tapped_on_a_phone(mailed: Window) -> None:
    page = mailed.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert_accessible(page)
    for link in page.get_by_role("link").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= A_TAP_PX, link.inner_text()


def test_klopt_nog_takes_two_taps(own_app: Flask, mailed: Window) -> None:
    way = Journey("klopt nog, uit de mail", mailed)
    way.click(mailed.page.get_by_role("link", name="Klopt nog").first)
    way.click(mailed.page.get_by_role("button", name="Ja, alles klopt"))
    expect(mailed.page.get_by_role("status")).to_contain_text("vandaag gecontroleerd")
    way.done(2)
    found = row(own_app.extensions["engine"])
    assert (found.confirmed_on, found.reported_on) == (ASKED + DAYS, date(2026, 10, 1))
    assert_silent(mailed)


def test_a_waiting_time_takes_two_taps(own_app: Flask, mailed: Window) -> None:
    way = Journey("wachttijd, uit de mail", mailed)
    way.click(mailed.page.get_by_role("link", name="Vol, 12 weken").first)
    expect(mailed.page.get_by_role("heading", level=1)).to_have_text("Is er plek?")
    check(mailed.page)
    way.click(mailed.page.get_by_role("button", name="Zet dit op de kaart"))
    expect(mailed.page.get_by_role("status")).to_contain_text("12 weken")
    way.done(2)
    assert row(own_app.extensions["engine"]).weeks == 12


def test_a_change_needs_no_logging_in(own_app: Flask, mailed: Window) -> None:
    way = Journey("telefoon wijzigen, uit de mail", mailed)
    way.click(mailed.page.get_by_role("link", name="Wijzigen").first)
    check(mailed.page)
    way.click(mailed.page.get_by_role("button", name="Wijzigen"))
    way.click(mailed.page.get_by_role("link", name="Wijzig contact"))
    way.types(mailed.page.get_by_label("Telefoon"), "020 000 0012")
    way.click(mailed.page.get_by_role("button", name="Opslaan").last)
    expect(mailed.page.get_by_role("status")).to_contain_text("Opgeslagen")
    way.done(5)
    assert row(own_app.extensions["engine"]).phone == "020 000 0012"


def test_the_pages_of_a_link_are_for_everybody(mailed: Window) -> None:
    page = mailed.page
    start = page.get_by_role("link", name="Klopt nog").first.get_attribute("href")
    assert start is not None
    for path in ("", "?plek=vol&weken=4", "/gestopt", "/niet-meer"):
        page.goto(start + path)
        check(page)
    page.goto(start[:-3])
    check(page)


def check(page: Page) -> None:
    """Nothing that axe finds, at any width."""
    assert_accessible(page)
    assert_fits(page, WIDTHS)
    page.set_viewport_size({"width": 360, "height": 740})
