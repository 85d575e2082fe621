"""The desk pages that keep the directory true: for everybody, at any width, by keyboard."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from socialmap.app import create_app
from socialmap.models.terms import Role
from socialmap.views import doors
from tests.browser.conftest import Opener, Window, serving
from tests.browser.test_every_page import assert_accessible, assert_fits
from tests.conftest import COMPILED, settings_in
from tests.entering import enter
from tests.factories import NOORDLICHT, VAN_DER_PEK, listing, save
from tests.upkeep.keeping import FATMA, SLUG, STALE, YARA, keep, on, row

WIDTHS = (360, 768, 1280)
PAGES = {
    YARA: ("/bureau", "/bureau/actueel", "/bureau/actueel?soort=melding", "/aanbod/kop-op/gebeld"),
    FATMA: (
        "/bureau",
        "/bureau/nakijken",
        "/bijwerken/kop-op",
        "/bijwerken/kop-op/ritme",
        "/bijwerken/kop-op/opbrengst",
    ),
}


@pytest.fixture(scope="module")
def own_app(empty_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Listings that are stale, one that is not, and one that nobody keeps."""
    folder = Path(shutil.copytree(empty_city, tmp_path_factory.mktemp("upkeep") / "instance"))
    app = create_app(settings_in(folder))
    app.jinja_env.bytecode_cache = COMPILED
    engine = app.extensions["engine"]
    keep(engine, "kop-op", "naailes", room="vol", weeks=8, reported_on=date(2026, 10, 1))
    keep(engine, "later", confirmed_on=date(2026, 11, 1))
    here = {"places": [VAN_DER_PEK], "coverage": ["NK"]}
    save(engine, listing("verweesd", provider=NOORDLICHT, **here))
    on(app, STALE)
    yield app
    engine.dispose()


@pytest.fixture(scope="module")
def clients(own_app: Flask) -> dict[str, FlaskClient]:
    engine = own_app.extensions["engine"]
    return {
        YARA: enter(own_app, engine, YARA, Role.WIJK_CONTACT, area="NK", name="Yara"),
        FATMA: enter(own_app, engine, FATMA, Role.EDITOR, provider=SLUG, name="Fatma"),
    }


@pytest.fixture
def desk(own_app: Flask, clients: dict[str, FlaskClient], window: Opener) -> Iterator[Opener]:
    """Opens the desk of somebody, by mail address."""
    with serving(own_app) as site:

        def opened(mail: str) -> Window:
            cookie = clients[mail].get_cookie(doors.COOKIE)
            assert cookie is not None
            found = window(360)
            found.site = site
            told = {"name": doors.COOKIE, "value": cookie.value, "url": site}
            found.page.context.add_cookies([told])
            return found

        yield opened  # type: ignore[misc]


@pytest.mark.parametrize("mail", PAGES)
def test_every_page_is_accessible_and_fits(desk: Opener, mail: str) -> None:
    reader = desk(mail)  # type: ignore[arg-type]
    for path in PAGES[mail]:
        reader.open(path)
        assert_accessible(reader.page)
        assert_fits(reader.page, (320, *WIDTHS))
    assert reader.complaints == []
    assert reader.strangers == []


def test_what_still_holds_is_ticked_by_keyboard(own_app: Flask, desk: Opener) -> None:
    reader = desk(FATMA)  # type: ignore[arg-type]
    reader.open("/bureau/nakijken")
    page = reader.page
    first = page.get_by_label("Kop op")
    expect(first).to_be_checked()
    first.focus()
    page.keyboard.press("Space")
    expect(first).not_to_be_checked()
    button = page.get_by_role("button", name="Wat is aangevinkt, klopt nog")
    for _ in range(12):
        page.keyboard.press("Tab")
        if button.evaluate("it => it === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Bij één vermelding")
    engine = own_app.extensions["engine"]
    assert row(engine, "naailes").confirmed_on == STALE
    assert row(engine, "kop-op").confirmed_on != STALE
    assert_accessible(page)
