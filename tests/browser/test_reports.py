"""Telling what is wrong and answering it, by keyboard on a phone, with script and without."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Locator, expect

from socialmap import accounts, db
from socialmap.app import create_app
from socialmap.models import Report
from socialmap.models.terms import Role
from socialmap.views import doors
from tests.browser.conftest import Opener, Window, serving
from tests.conftest import COMPILED, settings_in
from tests.entering import open_session
from tests.factories import TODAY, listing, save

MAIL = "yara@gids.example"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def own_app(empty_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A city with one listing, where Yara is the wijk contact."""
    folder = Path(shutil.copytree(empty_city, tmp_path_factory.mktemp("reports") / "instance"))
    app = create_app(settings_in(folder))
    app.jinja_env.bytecode_cache = COMPILED
    engine = app.extensions["engine"]
    save(engine, listing())
    with db.writing(engine) as session:
        accounts.add_role(session, MAIL, Role.WIJK_CONTACT, TODAY, area="NK", name="Yara")
    yield app
    engine.dispose()


@pytest.fixture(scope="module")
def site(own_app: Flask) -> Iterator[str]:
    """The address of its server."""
    with serving(own_app) as address:
        yield address


def press(window: Window, target: Locator, key: str = "Enter") -> None:
    """Go to something with the keyboard only, and press a key there."""
    for _ in range(60):
        if target.evaluate("node => node === document.activeElement"):
            break
        window.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"no keyboard way to {target}")
    window.page.keyboard.press(key)


def assert_fits(window: Window, script: bool) -> None:
    """No violation that axe can find (it needs script), and no scrolling sideways."""
    if script:
        found = Axe().run(window.page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
    assert window.page.evaluate(OVERFLOW) <= 0


def write(window: Window, text: str) -> None:
    """Put a text in the field that has focus, in the place of what is there."""
    window.page.keyboard.press("Control+A")
    window.page.keyboard.type(text)


@pytest.mark.parametrize("script", [True, False], ids=["script", "bare"])
def test_from_what_a_reader_saw_to_an_answer(window: Opener, own_app: Flask, script: bool) -> None:
    engine: sa.Engine = own_app.extensions["engine"]
    seen = window(360, script=script)
    page = seen.page
    seen.open("/aanbod/kop-op")
    press(seen, page.get_by_role("link", name="Meld wat er niet klopt"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Klopt er iets niet?")
    assert_fits(seen, script)
    words, send = page.get_by_label("Wat moet er staan?"), page.get_by_role("button").last
    words.focus()
    write(seen, f"Bel voor bsn 1234.56.782 ({script})")
    press(seen, send)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Kies wat er niet klopt.")
    expect(alert).to_contain_text("burgerservicenummer")
    assert_fits(seen, script)
    press(seen, alert.get_by_role("link").first)
    expect(page.locator("#f-wat")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="De dagen of de tijden")).to_be_checked()
    page.keyboard.press("Tab")
    expect(words).to_be_focused()
    expect(words).to_have_value(f"Bel voor bsn 1234.56.782 ({script})")
    write(seen, f"Mijn cliënt ging op woensdag ({script})")
    press(seen, send)
    expect(page.get_by_role("alert")).to_contain_text("een kind of een cliënt")
    assert_fits(seen, script)
    press(seen, page.get_by_role("button", name="Verstuur toch zo"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw melding is verstuurd")
    assert_fits(seen, script)
    press(seen, page.get_by_role("link", name="Terug naar Kop op"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Kop op")
    assert page.context.cookies() == []
    cookie = {"name": doors.COOKIE, "value": open_session(own_app, engine, MAIL)}
    page.context.add_cookies([{**cookie, "url": seen.site}])
    seen.open("/bureau/meldingen")
    expect(page.get_by_role("heading", name="Open: 1")).to_be_visible()
    expect(page.locator("main")).to_contain_text(f"ging op woensdag ({script})")
    assert_fits(seen, script)
    press(seen, page.locator("summary"))
    page.keyboard.press("Tab")
    page.keyboard.type("Het is echt dinsdag.")
    press(seen, page.get_by_role("button", name="Klopt wel"))
    expect(page.get_by_role("status")).to_have_text("De melding is afgehandeld: het klopt wel.")
    expect(page.locator("main")).to_contain_text("Het is echt dinsdag.")
    assert_fits(seen, script)
    assert seen.strangers == []
    assert [text for text in seen.complaints if "422" not in text] == []
    with engine.connect() as connection:
        open_ones = sa.select(Report.id).where(Report.state == "open")
        assert connection.execute(open_ones).all() == []
