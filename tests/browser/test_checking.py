"""Checking and taking back, as people do: by keyboard, on a phone and on a desk."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Locator, expect

from socialmap.app import create_app
from socialmap.views import doors
from tests.browser.conftest import ON_A_PHONE, Opener, Window, serving
from tests.checking import FATMA, NOOR, YARA, Bureau
from tests.conftest import COMPILED, settings_in
from tests.entering import open_session

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HISTORY = "/bijwerken/durf/geschiedenis"


@pytest.fixture
def app(empty_city: Path, tmp_path: Path) -> Iterator[Flask]:
    """A directory of one's own."""
    folder = Path(shutil.copytree(empty_city, tmp_path / "instance"))
    app = create_app(settings_in(folder))
    app.jinja_env.bytecode_cache = COMPILED
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def bureau(app: Flask) -> Bureau:
    return Bureau(app.extensions["engine"])


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of its server."""
    with serving(app) as address:
        yield address


def sign_in(seen: Window, app: Flask, bureau: Bureau, mail: str) -> None:
    key = open_session(app, bureau.engine, mail)
    seen.page.context.add_cookies([{"name": doors.COOKIE, "value": key, "url": seen.site}])


def press(seen: Window, target: Locator) -> None:
    """Go there with Tab and press Enter."""
    expect(target).to_have_count(1)
    for _ in range(80):
        if target.evaluate("node => node === document.activeElement"):
            break
        seen.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"no keyboard way to {target}")
    seen.page.keyboard.press("Enter")


def assert_fits(seen: Window, heading: str) -> None:
    """The page with this heading has arrived, is without faults and fits."""
    expect(seen.page.get_by_role("heading", level=1)).to_have_text(heading)
    seen.page.wait_for_load_state()
    found = Axe().run(seen.page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert seen.page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("width", ON_A_PHONE)
def test_a_name_is_adjusted_and_all_is_taken_back(
    window: Opener, app: Flask, bureau: Bureau, width: int
) -> None:
    run = bureau.imported(website="https://kop.example")
    bureau.proposed(title="Durf!", coverage=["NK"], phone="020 000 0012")
    seen = window(width)
    page, told = seen.page, seen.page.get_by_role("status")
    button, link = (lambda name: page.get_by_role("button", name=name)), page.get_by_role

    # Noor adjusts and approves
    sign_in(seen, app, bureau, NOOR)
    seen.open("/bureau")
    assert_fits(seen, "Uw bureau")
    press(seen, link("link", name="Kijk het na"))
    assert_fits(seen, "Nakijken")
    press(seen, page.locator("main").get_by_role("link", name="Kop op"))
    expect(page.locator("del", has_text="Noord")).to_be_visible()
    expect(page.locator("ins", has_text="Volewijck")).to_be_visible()
    assert_fits(seen, "Kop op")
    press(seen, button("Geef terug"))
    expect(page.get_by_role("alert")).to_contain_text("Schrijf waarom u dit teruggeeft.")
    assert_fits(seen, "Kop op")
    box = page.get_by_label("Naam")
    box.focus()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    press(seen, button("Keur goed"))
    expect(told).to_contain_text("Goedgekeurd.")
    assert (bureau.values().title, bureau.values().coverage) == ("Durf", ["NK"])

    # Yara takes back a field, then an edit, then an import
    sign_in(seen, app, bureau, YARA)
    seen.open(HISTORY)
    expect(page.locator("main")).to_contain_text("Door Noor")
    assert_fits(seen, "Durf")
    press(seen, button(re.compile(r"^Zet terug\s*: Telefoon$")))
    expect(told).to_contain_text("Teruggedraaid: telefoon.")
    assert bureau.values().phone == "020 000 0077"
    press(seen, link("link", name="Draai alles hiervan terug"))
    assert_fits(seen, "Dit terugdraaien?")
    press(seen, button("Draai terug"))
    expect(told).to_contain_text("Teruggedraaid: naam en werkgebied.")
    assert (bureau.values().title, bureau.values().coverage) == ("Kop op", ["N"])
    seen.open("/bureau/imports")
    assert_fits(seen, "Imports")
    press(seen, link("link", name="Maak ongedaan"))
    expect(page.get_by_role("heading", level=2, name="Gaat terug: 1")).to_be_visible()
    assert_fits(seen, f"Import {run} ongedaan maken?")
    press(seen, button(f"Maak import {run} ongedaan"))
    expect(told).to_contain_text("De import is ongedaan gemaakt.")
    assert bureau.values().website is None

    # Fatma reads what happened
    sign_in(seen, app, bureau, FATMA)
    seen.open("/bureau")
    assert_fits(seen, "Uw bureau")
    press(seen, page.get_by_role("link", name="Geschiedenis van Kop op"))
    expect(page.locator("main")).to_contain_text(f"Teruggedraaid: import {run}")
    expect(page.locator("main")).to_contain_text("wijziging van Fatma op 23 november 2026")
    assert_fits(seen, "Kop op")
    assert seen.strangers == []
    assert [text for text in seen.complaints if "422" not in text] == []
