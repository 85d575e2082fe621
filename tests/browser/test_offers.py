"""Adding an offer as people do: on a phone, by keyboard, with a duplicate on the way."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from socialmap.app import create_app
from tests.browser.conftest import Opener, Window, serving
from tests.browser.test_journeys import follow
from tests.browser.test_login import OVERFLOW, assert_fits, newest_link
from tests.conftest import COMPILED, settings_in
from tests.factories import DRAAD, listing, save

GOES_ON = "Opslaan en verder"


@pytest.fixture(scope="module")
def folder(empty_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of one's own, where mail lands."""
    return Path(shutil.copytree(empty_city, tmp_path_factory.mktemp("offers") / "instance"))


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """The address of a server that knows one sewing class."""
    app = create_app(settings_in(folder))
    app.jinja_env.bytecode_cache = COMPILED
    engine = app.extensions["engine"]
    save(engine, listing("naailes", title="Naaimiddag voor moeders", provider=DRAAD))
    with serving(app) as address:
        yield address
    engine.dispose()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def assert_narrow(seen: Window) -> None:
    assert seen.page.evaluate(OVERFLOW) <= 0


def press(seen: Window, target: Locator) -> None:
    """Go there with Tab and press Enter."""
    follow(seen, target, by_keyboard=True)


@pytest.mark.parametrize(
    "script",
    [True, pytest.param(False, marks=pytest.mark.soak)],
    ids=["script", "no script"],
)
def test_from_a_name_to_sent_by_keyboard(window: Opener, folder: Path, script: bool) -> None:
    seen = window(360, script=script)
    page = seen.page
    # axe itself needs script, and the pages are the same without
    assert_right = assert_fits if script else assert_narrow
    seen.open("/over")
    press(seen, page.get_by_role("link", name="Voeg het toe"))
    heading(page, "Aanbod toevoegen")
    assert_right(seen)
    page.get_by_label("Hoe heet het aanbod?").focus()
    page.keyboard.type("Naaimiddag")
    alike = page.locator("[data-alike]")
    if script:
        expect(alike.get_by_role("status")).to_have_text("Dit lijkt erop. Is het dit al?")
        expect(alike.get_by_role("link")).to_have_text("Naaimiddag voor moeders Draad & Daad")
        assert_right(seen)
        page.keyboard.press("Tab")
        expect(alike.get_by_role("link")).to_be_focused()
    page.get_by_label("Van welke organisatie").focus()
    page.keyboard.type("Naaigroep Volewijck")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    press(seen, page.get_by_role("button", name="Verder"))
    expect(page.get_by_role("alert")).to_contain_text("Vul een mailadres in")
    assert_right(seen)
    press(seen, page.get_by_role("alert").get_by_role("link"))
    page.keyboard.type("hatice@naaigroep.example")
    page.keyboard.press("Enter")
    heading(page, "Staat het er al?")
    expect(page.get_by_role("link", name="Dit is het al Naaimiddag voor moeders")).to_be_visible()
    assert_right(seen)
    press(seen, page.get_by_role("button", name="Nee, het is iets anders"))
    heading(page, "Naam en uitleg")
    expect(page.get_by_role("status").first).to_contain_text("hatice@naaigroep.example")
    assert_right(seen)
    page.get_by_label("Samenvatting").focus()
    page.keyboard.type("Samen naaien op dinsdag. Voor moeders uit de buurt.")
    press(seen, page.get_by_role("button", name=GOES_ON).last)
    heading(page, "Voor wie")
    assert_right(seen)
    seen.open(newest_link(folder))
    heading(page, "Voor wie")
    for following in ("Hoe kom je hier terecht?", "Wanneer", "Waar"):
        press(seen, page.get_by_role("button", name=GOES_ON).last)
        heading(page, following)
        assert_right(seen)
    press(seen, page.get_by_role("button", name="Terug"))
    heading(page, "Wanneer")
    seen.open(newest_link(folder))
    heading(page, "Waar")
    press(seen, page.get_by_role("button", name=GOES_ON).last)
    expect(page.get_by_role("alert")).to_contain_text("Kies een wijk of stadsdeel")
    page.get_by_role("checkbox", name="Heel Amsterdam").focus()
    page.keyboard.press("Space")
    press(seen, page.get_by_role("button", name=GOES_ON).last)
    heading(page, "Contact")
    page.get_by_label("Telefoon").focus()
    page.keyboard.type("020 000 0012")
    press(seen, page.get_by_role("button", name=GOES_ON).last)
    heading(page, "Naaimiddag")
    assert_right(seen)
    press(seen, page.get_by_role("button", name="Versturen"))
    heading(page, "Verstuurd")
    assert_right(seen)
    page.go_back()
    page.reload()
    heading(page, "Verstuurd")
    assert page.context.cookies() == []
    assert seen.strangers == []
    assert [text for text in seen.complaints if "422" not in text] == []
