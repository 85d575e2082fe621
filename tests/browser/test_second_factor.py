"""Going in as a redacteur, by keyboard on a phone: set up the app, and later type a code."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from socialmap import accounts, db
from socialmap.app import create_app
from socialmap.models.terms import Role
from socialmap.views import doors
from tests.browser.conftest import Opener, Window, serving
from tests.browser.test_login import assert_fits, press
from tests.conftest import COMPILED, settings_in
from tests.entering import code_of, open_session
from tests.factories import TODAY

MAIL = "yara@gids.example"


@pytest.fixture(scope="module")
def app(empty_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A city of one's own, where Yara is a redacteur without an app."""
    folder = Path(shutil.copytree(empty_city, tmp_path_factory.mktemp("factor") / "instance"))
    app = create_app(settings_in(folder))
    app.jinja_env.bytecode_cache = COMPILED
    with db.writing(app.extensions["engine"]) as session:
        accounts.add_role(session, MAIL, Role.REDACTEUR, TODAY, name="Yara van der Koster")
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def site(app: Flask) -> Iterator[str]:
    """The address of its server."""
    with serving(app) as address:
        yield address


def arrive(window: Opener, app: Flask) -> Window:
    """A browser on a phone in which the link was just pressed."""
    seen = window(360, script=True)
    key = open_session(app, app.extensions["engine"], MAIL, has_code=False)
    seen.page.context.add_cookies([{"name": doors.COOKIE, "value": key, "url": seen.site}])
    return seen


def test_a_redacteur_goes_in_by_keyboard(window: Opener, app: Flask) -> None:
    seen = arrive(window, app)
    page = seen.page
    seen.open("/bureau")
    expect(page).to_have_url(re.compile("/inloggen/instellen$"))
    assert_fits(seen)
    secret = "".join(page.locator(".key").inner_text().split())
    box = page.get_by_label("Code uit de app")
    box.focus()
    page.keyboard.type("123")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Typ de zes cijfers")
    assert_fits(seen)
    press(seen, page.get_by_role("alert").get_by_role("link"))
    expect(box).to_be_focused()
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bewaar uw herstelcodes")
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    assert_fits(seen)
    press(seen, page.get_by_role("link", name="Ik heb ze bewaard, ga verder"))
    expect(page).to_have_url(re.compile("/bureau$"))
    assert_fits(seen)

    seen = arrive(window, app)
    page = seen.page
    seen.open("/bureau")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nog één stap")
    assert_fits(seen)
    page.get_by_label("Code uit de app").focus()
    page.keyboard.type(code_of(secret, 1))
    press(seen, page.get_by_role("button", name="Log in"))
    expect(page.locator("main")).to_contain_text("Yara van der Koster")

    seen = arrive(window, app)
    page = seen.page
    seen.open("/bureau")
    press(seen, page.get_by_role("link", name="Gebruik een herstelcode"))
    page.get_by_label("Herstelcode").focus()
    page.keyboard.type("abcd")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Herstelcode")).to_have_value("abcd")
    assert_fits(seen)
    page.get_by_label("Herstelcode").fill(recovery)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("U heeft nog 9 herstelcodes")
    assert_fits(seen)
    press(seen, page.get_by_role("link", name="Ga verder"))
    expect(page).to_have_url(re.compile("/bureau$"))
    press(seen, page.get_by_role("link", name="Accounts en rollen"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Accounts")
    assert_fits(seen)
    press(seen, page.get_by_role("link", name="Yara van der Koster"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Yara van der Koster")
    assert_fits(seen)
    for path in ("/bureau/uitnodigen", "/bureau/wissen"):
        seen.open(path)
        assert_fits(seen)
    assert seen.strangers == []
