"""Journey 14: the wijk contact goes on leave; on a phone, with and without script, acts counted."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Locator, expect

from socialmap import db
from socialmap.app import create_app
from socialmap.models import WijkContact
from socialmap.models.terms import Role
from socialmap.people.find import held_rows
from socialmap.views import doors
from tests.browser.conftest import Opener, Window, serving
from tests.conftest import COMPILED, settings_in
from tests.entering import key_of
from tests.factories import TODAY

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LAST = TODAY + timedelta(days=11)
SEEN = "Vanaf vandaag ziet iedereen: bel Soraya Pinas, 020 000 0013, de vervanger."


@pytest.fixture
def own_app(empty_city: Path, tmp_path: Path) -> Iterator[Flask]:
    """A directory of one's own."""
    folder = shutil.copytree(empty_city, tmp_path / "instance")
    app = create_app(settings_in(Path(folder)))
    app.jinja_env.bytecode_cache = COMPILED
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def site(own_app: Flask) -> Iterator[str]:
    with serving(own_app) as address:
        yield address


@dataclass
class Counter:
    """Acts as people do, and counts: a tap, a day chosen, a name chosen."""

    actions: int = 0

    def tap(self, target: Locator) -> None:
        target.click()
        self.actions += 1

    def day(self, target: Locator, day: str) -> None:
        target.fill(day)
        self.actions += 1

    def choose(self, target: Locator, key: str) -> None:
        target.select_option(key)
        self.actions += 1


def assert_fits(window: Window) -> None:
    found = Axe().run(window.page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert window.page.evaluate(OVERFLOW) <= 0


def enter(seen: Window, app: Flask, role: Role = Role.WIJK_CONTACT, **scope: str) -> None:
    key = key_of(app, role, f"{role}@gids.example", **scope)
    seen.page.context.add_cookies([{"name": doors.COOKIE, "value": key, "url": seen.site}])


@pytest.mark.parametrize("script", [True, False])
def test_on_leave_in_a_few_taps_and_seen_everywhere_at_once(
    window: Opener, own_app: Flask, script: bool
) -> None:
    reader, contact = window(360), window(360, script=script)
    reader.open("/wijk/haarlemmerbuurt")
    expect(reader.page.locator("main")).to_contain_text("Bel 020 000 0012")
    enter(contact, own_app, area="A")
    contact.open("/bureau")
    page, by = contact.page, Counter()
    by.tap(page.get_by_role("link", name="Zeg wie er is, wie vervangt en wie weg is"))
    by.tap(page.get_by_role("link", name="Haarlemmerbuurt", exact=True))
    by.day(page.get_by_label("Eerste dag afwezig"), TODAY.isoformat())
    by.day(page.get_by_label("Laatste dag afwezig"), LAST.isoformat())
    by.choose(page.get_by_label("Wie vervangt?"), "soraya-pinas")
    expect(page.get_by_label("Ook voor Jordaan").last).to_be_checked()
    by.tap(page.get_by_role("button", name="Bewaar", exact=True))
    expect(page.get_by_role("status")).to_contain_text(SEEN)
    expect(page.get_by_role("status")).to_contain_text(f"Jordaan: {SEEN}")
    assert by.actions == 6, "two of them the way there"
    for path in ("/wijk/haarlemmerbuurt", "/wijk/jordaan", "/persoon/marlies-hoekstra"):
        reader.open(path)
        expect(reader.page.locator("main")).to_contain_text("Soraya Pinas")
    reader.open("/zoeken?wijk=haarlemmerbuurt")
    expect(reader.page.locator("main")).to_contain_text("Helpt u zolang: Soraya Pinas")
    page.get_by_role("button", name="Marlies is er weer").click()
    expect(page.get_by_role("status")).to_contain_text("bel Marlies Hoekstra, 020 000 0012")
    reader.open("/wijk/haarlemmerbuurt")
    expect(reader.page.locator("main")).to_contain_text("Bel 020 000 0012")
    if script:
        assert contact.complaints == reader.complaints == []
    assert contact.strangers == reader.strangers == []


def test_every_page_of_the_desk_fits_a_phone(window: Opener, own_app: Flask) -> None:
    unconfirmed(own_app, "AA")
    seen = window(360)
    enter(seen, own_app, Role.REDACTEUR)
    for path in (
        "/bureau/wijken",
        "/bureau/wijken?stadsdeel=centrum",
        "/bureau/wijken/haarlemmerbuurt",
        "/bureau/wijken/kadoelen",
        "/bureau/wijken/banne-buiksloot",
        "/bureau/team/okt-noord-west",
        "/bureau/persoon/fadila-bouzid/overdragen",
    ):
        seen.open(path)
        assert_fits(seen)


def test_what_is_wrong_has_the_way_to_its_box_by_keyboard(window: Opener, own_app: Flask) -> None:
    seen = window(360)
    enter(seen, own_app, area="AA")
    seen.open("/bureau/wijken/haarlemmerbuurt")
    page = seen.page
    page.get_by_label("Laatste dag afwezig").fill(LAST.isoformat())
    page.get_by_role("button", name="Bewaar", exact=True).focus()
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Vul ook de eerste dag van de afwezigheid in.")
    assert_fits(seen)
    alert.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Eerste dag afwezig")).to_be_focused()
    expect(page.get_by_label("Laatste dag afwezig")).to_have_value(LAST.isoformat())


def unconfirmed(app: Flask, code: str) -> None:
    with db.writing(app.extensions["engine"]) as session:
        rows: list[WijkContact] = held_rows(session, [code])[code]
        for row in rows:
            row.confirmed_on = None
