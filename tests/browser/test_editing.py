"""Keeping a listing, as people do: from the mail to "saved" on a phone, with and without script."""

import email
import logging
import re
import shutil
from collections.abc import Iterator
from email import policy
from itertools import count
from pathlib import Path
from time import monotonic

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Locator, expect
from sqlmodel import Session, select

from socialmap import accounts, db
from socialmap.app import create_app
from socialmap.models import Listing, Provider
from socialmap.models.terms import Part, Role
from tests.browser.conftest import WIDTHS, Opener, Window, serving
from tests.conftest import COMPILED, settings_in
from tests.factories import TODAY, TUESDAY_AFTERNOON, listing, save

MAILS = (f"fatma{number}@noordlicht.example" for number in count())
"""An address for each link: five an hour may be asked for one."""
SLUG = "/bijwerken/kop-op"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MOST_TAPS = 5
log = logging.getLogger("tests.editing")


@pytest.fixture(scope="module")
def folder(empty_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of one's own, where mail lands."""
    return Path(shutil.copytree(empty_city, tmp_path_factory.mktemp("editing") / "instance"))


@pytest.fixture(scope="module")
def own_app(folder: Path) -> Iterator[Flask]:
    """A city with one listing."""
    app = create_app(settings_in(folder))
    app.jinja_env.bytecode_cache = COMPILED
    engine = app.extensions["engine"]
    save(engine, listing(sessions=[TUESDAY_AFTERNOON]))
    yield app
    engine.dispose()


@pytest.fixture(scope="module")
def site(own_app: Flask) -> Iterator[str]:
    with serving(own_app) as address:
        yield address


def found(app: Flask) -> Listing:
    with Session(app.extensions["engine"]) as session:
        query = select(Listing).where(Listing.key == "kop-op").options(*Listing.everything())
        return session.exec(query).one()


def mailed_link(visit: Window, app: Flask) -> str:
    """The path of the link in the mail that an editor asks from the page of a listing."""
    mail, folder = next(MAILS), app.extensions["settings"].mail_dir
    with db.writing(app.extensions["engine"]) as session:
        slug = session.exec(select(Provider.slug)).one()
        accounts.add_role(session, mail, Role.EDITOR, TODAY, provider=slug, name="Fatma")
    visit.open(SLUG)
    visit.page.get_by_label("Uw mailadres").fill(mail)
    visit.page.get_by_role("button", name="Stuur mij een link").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Kijk in uw mail")
    path = max(folder.glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)
    body = email.message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
    link = body and re.search(r"^http://localhost:8000(/\S+)$", body.get_content(), re.MULTILINE)
    assert link
    return link[1]


class Thumb:
    """Someone with the mail open on a phone: counts taps and seconds from the link on."""

    def __init__(self, visit: Window, link: str) -> None:
        self.visit, self.page = visit, visit.page
        self.began, self.taps = monotonic(), 1
        visit.open(link)

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.click()

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def come_in(self) -> None:
        self.tap(self.page.locator("main").get_by_role("button"))
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Klopt dit nog?")

    def see_saved(self, told: str) -> None:
        expect(self.page.get_by_role("status").first).to_contain_text(told)
        log.info("%s: %d taps, %.1f s", told, self.taps, monotonic() - self.began)
        assert self.taps <= MOST_TAPS


@pytest.mark.parametrize("script", [True, False])
def test_from_the_mail_to_saved_on_a_phone(
    window: Opener,
    own_app: Flask,
    script: bool,
) -> None:
    visit = window(360, script=script)
    thumb = Thumb(visit, mailed_link(visit, own_app))
    thumb.come_in()
    thumb.tap(thumb.page.get_by_role("link", name="Wijzig contact"))
    thumb.type("Telefoon", f"020 000 001{int(script)}")
    thumb.tap(thumb.page.get_by_role("button", name="Opslaan", exact=True))
    thumb.see_saved("Opgeslagen: Contact")
    assert found(own_app).phone == f"020 000 001{int(script)}"

    visit.page.context.clear_cookies()
    thumb = Thumb(visit, mailed_link(visit, own_app))
    thumb.come_in()
    thumb.tap(thumb.page.get_by_label("Vol"))
    thumb.type("Wachttijd in weken", "8" if script else "6")
    thumb.tap(thumb.page.get_by_role("button", name="Alleen de plek opslaan"))
    thumb.see_saved("Opgeslagen: Is er plek?")
    assert (found(own_app).room, found(own_app).weeks) == ("vol", 8 if script else 6)

    visit.page.context.clear_cookies()
    thumb = Thumb(visit, mailed_link(visit, own_app))
    thumb.come_in()
    thumb.tap(thumb.page.get_by_role("link", name="Wijzig wanneer"))
    thumb.type("Eerste keer", "2026-12-08" if script else "2026-12-15")
    thumb.tap(thumb.page.get_by_role("button", name="Opslaan", exact=True))
    thumb.see_saved("Opgeslagen: Wanneer")
    [session] = found(own_app).sessions
    assert session.from_on is not None
    assert session.from_on.day == (8 if script else 15)
    assert visit.complaints == []
    assert visit.strangers == []


@pytest.fixture
def inside(window: Opener, own_app: Flask) -> Iterator[Window]:
    """Fatma, signed in at a desk."""
    visit = window(1280)
    visit.open(mailed_link(visit, own_app))
    visit.page.locator("main").get_by_role("button").click()
    return visit


def test_every_part_is_accessible_and_fits(inside: Window) -> None:
    parts = [part for part in Part if part != Part.KIND]
    languages = [f"{SLUG}/talen", f"{SLUG}/talen/ar"]
    for path in (SLUG, *(f"{SLUG}/{part.value}" for part in parts), *languages):
        inside.open(path)
        result = Axe().run(inside.page, options={"resultTypes": ["violations"]})
        assert result.violations_count == 0, f"{path} {result.generate_report()}"
        for width in WIDTHS:
            inside.page.set_viewport_size({"width": width, "height": 800})
            assert inside.page.evaluate(OVERFLOW) <= 0, (path, width)
    assert inside.complaints == []


def test_a_summary_is_written_from_right_to_left(inside: Window) -> None:
    page = inside.page
    inside.open(f"{SLUG}/talen")
    page.get_by_label("Nog een taal").select_option(label="Arabisch")
    page.get_by_role("button", name="Schrijf in deze taal").click()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("alert")).to_contain_text("Schrijf de samenvatting")
    box = page.get_by_label("Samenvatting in het Arabisch")
    assert box.evaluate("it => getComputedStyle(it).direction") == "rtl"
    box.fill("نتعلم معًا.")
    page.get_by_label("Wie schreef dit?").fill("Rasha")
    page.get_by_text("Door een mens geschreven of nagekeken.").click()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("status").first).to_contain_text("Opgeslagen.")
    page.get_by_role("link", name="Wijzig Arabisch").click()
    page.get_by_label("Wie schreef dit?").press("Enter")
    expect(page.locator("p[lang=ar]")).to_have_text("نتعلم معًا.")
    assert Axe().run(page, options={"resultTypes": ["violations"]}).violations_count == 0
    assert inside.strangers == []


def test_a_point_is_put_right_by_keyboard(inside: Window, own_app: Flask) -> None:
    page = inside.page
    inside.open(f"{SLUG}/waar")
    page.locator(".map-frame").scroll_into_view_if_needed()
    mark = page.get_by_role("button", name="Punt van plek 1")
    mark.wait_for()
    before = page.locator("[name=lat-0]").input_value()
    mark.focus()
    for key in ("ArrowUp", "Shift+ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.locator(".point-status")).to_have_text("10 meter naar het westen")
    moved = float(page.locator("[name=lat-0]").input_value()) - float(before)
    assert moved == pytest.approx(110 / 111320, abs=2e-6)
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Wat een controle nodig heeft")
    assert found(own_app).places[0].lat == pytest.approx(float(before), abs=1e-6)


def test_what_was_typed_outlives_a_network_that_fell_away(inside: Window, own_app: Flask) -> None:
    page = inside.page
    inside.open(f"{SLUG}/tekst")
    page.get_by_label("Samenvatting, om voor te lezen").fill("Lang over nagedacht.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("U heeft nu geen internet")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Wij zetten terug wat u hier eerder typte")
    expect(page.get_by_label("Samenvatting, om voor te lezen")).to_have_value(
        "Lang over nagedacht."
    )
    page.get_by_role("button", name="Voorbeeld").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kop op")
    expect(page.locator(".aloud")).to_have_text("Lang over nagedacht.")
    page.locator("main").get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("status").first).to_contain_text("Opgeslagen: Naam en uitleg")
    page.evaluate("history.go(-2)")  # past the preview
    page.wait_for_url(f"**{SLUG}/tekst")
    expect(page.get_by_label("Samenvatting, om voor te lezen")).to_have_value(
        "Lang over nagedacht."
    )
    assert found(own_app).summary == "Lang over nagedacht."
