"""Journeys 10, 12 and 15 of REQUIREMENTS.md: with consent through the OKA, consult before referral,
and a successor who takes over."""

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
from tests.browser.conftest import WIDTHS, Opener, Window, serving
from tests.browser.journeys import Journey
from tests.browser.test_every_page import assert_accessible, assert_silent
from tests.conftest import COMPILED, settings_in
from tests.entering import open_session
from tests.factories import TODAY

ILSE, BO = "ilse@okt.example", "bo@gids.example"
NUMBER = "020 000 0016"
LEAVERS = {
    360: ("marieke-zuiderduin", "bilal-achahbar"),
    1280: ("tarik-belkasmi", "yael-soesman"),
}
"""Who leaves OKT Noord Oost, and who takes over; the slug of each is the key too."""


@pytest.fixture(scope="module")
def own_app(empty_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A city without listings, an OKA and a redacteur."""
    folder = shutil.copytree(empty_city, tmp_path_factory.mktemp("people") / "instance")
    app = create_app(settings_in(Path(folder)))
    app.jinja_env.bytecode_cache = COMPILED
    engine = app.extensions["engine"]
    with db.writing(engine) as session:
        accounts.add_role(session, ILSE, Role.PROFESSIONAL, TODAY, name="Ilse")
        accounts.add_role(session, BO, Role.REDACTEUR, TODAY, name="Bo")
    yield app
    engine.dispose()


@pytest.fixture(scope="module")
def own_site(own_app: Flask) -> Iterator[str]:
    with serving(own_app) as address:
        yield address


def come_in(window: Window, app: Flask, site: str, mail: str) -> Window:
    """Someone who is signed in, in a window on another site."""
    window.site = site
    key = open_session(app, app.extensions["engine"], mail)
    window.page.context.add_cookies([{"name": doors.COOKIE, "value": key, "url": site}])
    return window


def chooses(oka: Journey, words: str) -> None:
    oka.click(oka.window.page.locator("label.option", has_text=words).first)


def goes_on(oka: Journey, heading: str) -> None:
    oka.click(oka.window.page.get_by_role("button", name="Opslaan en verder").last)
    expect(oka.window.page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.soak)])
def test_journey_10_a_sewing_class_of_a_mother_through_the_oka(
    window: Opener, own_app: Flask, own_site: str, width: int
) -> None:
    """Entered by an OKA, with her consent; who calls, calls the OKA."""
    name = f"Naailes {width}"
    oka = Journey("journey 10", come_in(window(width), own_app, own_site, ILSE))
    page = oka.window.page
    oka.window.open("/melden")
    chooses(oka, "Ik voer dit in voor een vrijwilliger")
    oka.types(page.get_by_label("Wie gaf toestemming?"), "Hatice")
    oka.types(page.get_by_label("Op welke dag?"), "2026-11-20")
    chooses(oka, "Mondeling")
    chooses(oka, "Ik heb verteld dat de toestemming")
    oka.types(page.get_by_label("Hoe heet het aanbod?"), name)
    oka.types(page.get_by_label("Van welke organisatie"), f"Naaigroep {width}")
    chooses(oka, "Bewoners of vrijwilligers")
    assert_accessible(page)
    oka.click(page.get_by_role("button", name="Verder"))
    if page.get_by_role("heading", level=1).inner_text() == "Staat het er al?":
        oka.click(page.get_by_role("button", name="Nee, het is iets anders"))
    oka.types(page.get_by_label("Samenvatting"), "Samen naaien, voor moeders uit de buurt.")
    for heading in ("Voor wie", "Hoe kom je hier terecht?", "Wanneer", "Waar"):
        goes_on(oka, heading)
    oka.click(page.get_by_role("checkbox", name="Heel Amsterdam"))
    goes_on(oka, "Contact")
    oka.types(page.get_by_label("Telefoon"), NUMBER)
    oka.click(page.get_by_role("button", name="Opslaan en verder").last)
    oka.click(page.get_by_role("button", name="Versturen"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Verstuurd")
    oka.done(most=20)

    bo = come_in(window(width), own_app, own_site, BO)
    bo.open("/bureau")
    bo.page.get_by_role("link", name=re.compile(name)).first.click()
    bo.page.get_by_role("button", name=re.compile("Keur goed|Goedkeuren|Zet in de gids")).click()
    expect(bo.page.get_by_role("status").first).to_be_visible()

    reader = window(width)
    reader.site = own_site
    reader.open(f"/aanbod/naailes-{width}")
    main = reader.page.locator("main")
    expect(main).to_contain_text("professional, met toestemming")
    expect(main.get_by_role("link", name=re.compile(NUMBER)).first).to_be_visible()
    assert "Hatice" not in main.inner_text()
    assert_accessible(reader.page)
    assert_silent(reader)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_journey_12_consult_stands_above_referral(window: Opener, width: int, script: bool) -> None:
    """Worry about safety, the parents cooperate: think it over together first."""
    oka = Journey("journey 12", window(width, script=script))
    page = oka.window.page
    oka.window.open("/")
    box = page.get_by_label("Typ wat u zoekt")
    oka.types(box, "zorgen over veiligheid, ouders werken mee", sends=True)
    danger = page.get_by_role("link", name=re.compile("0800-2000")).first
    expect(danger).to_be_visible()
    titles = page.locator("article.card h3").all_inner_texts()
    consult = next(at for at, title in enumerate(titles) if "consultlijn" in title)
    referral = next(at for at, title in enumerate(titles) if "crisishulp" in title)
    assert consult < referral
    oka.click(page.locator("article.card h3 a", has_text="consultlijn").first)
    ways = page.locator("section", has=page.locator("#h-in")).locator("li")
    expect(ways.first).to_contain_text(re.compile("overleg", re.IGNORECASE))
    oka.done(most=3)
    assert_silent(oka.window)


@pytest.mark.parametrize("width", WIDTHS)
def test_journey_15_an_oka_leaves_and_a_successor_takes_over(
    window: Opener, own_app: Flask, own_site: str, width: int
) -> None:
    """All in one act; who has the old link comes to the successor."""
    leaver, successor = LEAVERS[width]
    bo = Journey("journey 15", come_in(window(width), own_app, own_site, BO))
    page = bo.window.page
    bo.window.open(f"/persoon/{leaver}")
    name = page.get_by_role("heading", level=1).inner_text()
    bo.click(page.get_by_role("link", name="Werk het bij"))
    bo.click(page.get_by_role("link", name="Draag alles over"))
    assert_accessible(page)
    expect(page.locator("main")).to_contain_text("OKT Noord Oost")
    page.get_by_label("Opvolger", exact=True).select_option(successor)
    bo.actions += 1
    bo.types(page.get_by_label("Eerste dag van de opvolger"), TODAY.isoformat())
    bo.click(page.get_by_role("button", name="Draag alles over"))
    expect(page.get_by_role("status").first).to_be_visible()
    bo.done(most=5)

    reader = window(width)
    reader.site = own_site
    reader.open(f"/persoon/{leaver}")
    expect(reader.page).to_have_url(re.compile(f"/persoon/{successor}"))
    expect(reader.page.locator("main")).to_contain_text(f"{name} werkt hier sinds")
    assert_accessible(reader.page)
    reader.open("/team/okt-noord-oost")
    assert name not in reader.page.locator("main").inner_text()
    assert_silent(reader)
