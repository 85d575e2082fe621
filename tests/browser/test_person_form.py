"""Keeping a person's entry on a telephone, by keyboard: consent, a photo, and taking it back."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Locator, expect

from socialmap import db, people
from socialmap.app import create_app
from socialmap.models.terms import Role
from socialmap.people import PersonValues
from socialmap.views import doors
from tests.browser.conftest import Opener, Window, serving
from tests.conftest import COMPILED, settings_in
from tests.entering import key_of
from tests.factories import DRAAD, listing, save
from tests.pictures import with_secrets

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def own_app(empty_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A directory of one's own, in which Fatma is the contact of a listing."""
    folder = shutil.copytree(empty_city, tmp_path_factory.mktemp("person") / "instance")
    app = create_app(settings_in(Path(folder)))
    app.jinja_env.bytecode_cache = COMPILED
    engine = app.extensions["engine"]
    with db.writing(engine) as session:
        people.save_person(session, PersonValues("fatma", "Fatma"))
    save(engine, listing("naailes", provider=DRAAD, contact="fatma"))
    yield app
    engine.dispose()


@pytest.fixture(scope="module")
def site(own_app: Flask) -> Iterator[str]:
    with serving(own_app) as address:
        yield address


def go_to(window: Window, target: Locator) -> None:
    """Go somewhere with Tab; what has the focus is never covered."""
    for _ in range(120):
        if target.evaluate("node => node === document.activeElement"):
            return
        window.page.keyboard.press("Tab")
    raise AssertionError(f"no keyboard way to {target}")


def press(window: Window, target: Locator, key: str = "Enter") -> None:
    go_to(window, target)
    window.page.keyboard.press(key)


def fill(window: Window, target: Locator, text: str) -> None:
    go_to(window, target)
    window.page.keyboard.type(text)


def assert_fits(window: Window) -> None:
    found = Axe().run(window.page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert window.page.evaluate(OVERFLOW) <= 0


def test_from_number_and_photo_to_taking_them_back(
    window: Opener, own_app: Flask, tmp_path: Path
) -> None:
    seen = window(360)
    page = seen.page
    key = key_of(own_app, Role.EDITOR, "fatma@draad.example", provider="draad-daad")
    page.context.add_cookies([{"name": doors.COOKIE, "value": key, "url": seen.site}])
    seen.open("/bureau/persoon/fatma")
    assert_fits(seen)
    mobile = page.locator("details", has=page.get_by_role("heading", name="Mobiel nummer"))
    press(seen, mobile.locator("summary").first)
    fill(seen, mobile.get_by_label("Nummer"), "06 0000 0161")
    press(seen, mobile.get_by_label("Iedereen, op internet"), "Space")
    portrait = page.locator("details", has=page.get_by_role("heading", name="Portret"))
    press(seen, portrait.locator("summary").first)
    heavy, good = tmp_path / "zwaar.jpg", tmp_path / "IMG_20261120.jpg"
    heavy.write_bytes(with_secrets() + bytes(10 * 1024 * 1024))
    good.write_bytes(with_secrets())
    box = portrait.get_by_label("Kies een foto")
    box.set_input_files(heavy)
    press(seen, portrait.get_by_label("Iedereen, op internet"), "Space")
    save_button = page.get_by_role("button", name="Bewaar")
    before = len(seen.requests)
    press(seen, save_button)
    expect(box).to_be_focused()
    assert "10 MB" in box.evaluate("box => box.validationMessage")
    assert len(seen.requests) == before, "nothing was sent for nothing"
    box.set_input_files(good)
    assert_fits(seen)
    press(seen, save_button)
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("link")).to_have_count(3)
    assert page.title().startswith("Fout: ")
    assert_fits(seen)
    press(seen, alert.get_by_role("link", name=re.compile("^Foto: Kruis aan")))
    expect(portrait.get_by_label("Op de nieuwe foto staat geen kind")).to_be_focused()
    page.keyboard.press("Space")
    page.get_by_label("Wie gaf toestemming?").first.focus()
    page.keyboard.type("Fatma")
    page.get_by_label("Op welke dag?").first.fill("2026-11-20")
    press(seen, save_button)
    expect(page.get_by_role("status")).to_contain_text("Bewaard")
    assert_fits(seen)
    expect(mobile.locator("summary").first).to_contain_text("06 0000 0161, voor iedereen")
    seen.open("/aanbod/naailes")
    face = page.get_by_role("img", name="Fatma", exact=True)
    expect(face).to_be_visible()
    assert face.evaluate("image => image.naturalWidth") == 240
    assert_fits(seen)
    seen.open("/bureau/persoon/fatma")
    for part in (mobile, portrait):
        press(seen, part.locator("summary").first)
        part.get_by_label("Niemand: niet bewaren").focus()
        page.keyboard.press("Space")
    press(seen, save_button)
    expect(page.get_by_role("status")).to_contain_text("Bewaard")
    expect(portrait.locator("summary").first).to_contain_text("niet in de gids")
    seen.open("/aanbod/naailes")
    expect(page.locator("main")).not_to_contain_text("06 0000 0161")
    expect(face).to_have_count(0)
    assert seen.strangers == []
    assert [text for text in seen.complaints if "422" not in text] == []
