"""Journey 7 of REQUIREMENTS.md: a huisarts between two patients; and the A4 for at the phone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import WIDTHS, Opener, Window
from tests.browser.test_every_page import assert_accessible, assert_fits
from tests.printing import Paper
from tests.test_pages_people import Cast

ONE_WIJK, THREE_WIJKEN = "1105", "1031"
LONG = "Basisschool De Allerlangstenaamdiemenzichvoorstellenkan aan de Noorderweg (voorbeeld)"


@dataclass
class Hand:
    """A huisarts, and how much that person does."""

    window: Window
    by_keyboard: bool
    actions: int = 0

    def types(self, postcode: str) -> None:
        """Type a postcode and press Enter: one action. The box is where the page begins."""
        box = self.window.page.get_by_label("Postcode of wijk")
        if self.by_keyboard:
            self._tab_to(box)
            self.window.page.keyboard.type(postcode)
        else:
            box.fill(postcode)
        self.window.page.keyboard.press("Enter")
        self.actions += 1

    def follows(self, target: Locator) -> None:
        """Choose something on the page: one action."""
        if self.by_keyboard:
            self._tab_to(target)
            self.window.page.keyboard.press("Enter")
        else:
            target.click()
        self.actions += 1

    def _tab_to(self, target: Locator) -> None:
        for _ in range(60):
            if target.evaluate("node => node === document.activeElement"):
                return
            self.window.page.keyboard.press("Tab")
        raise AssertionError(f"no keyboard way to {target}")


def on_paper(page: Page) -> Paper:
    """A page as it is printed."""
    return Paper(page.pdf(prefer_css_page_size=True, tagged=True))


def shows_all(window: Window, team: str) -> None:
    """The team with its number in view, a named OKA and who replaces that person."""
    page = window.page
    expect(page.get_by_role("heading", level=2, name=team)).to_be_in_viewport()
    expect(page.locator(".crew a[href^='tel:']").first).to_be_in_viewport()
    row = page.get_by_role("row").filter(has_text="4–12").first
    expect(row.get_by_role("rowheader")).not_to_be_empty()
    assert row.get_by_role("link").count() >= 3, "a name, a number and a deputy"


@pytest.mark.parametrize(
    ("width", "by_keyboard", "script"),
    [(360, False, True), (360, True, False), (1280, True, True), (1280, False, False)],
)
@pytest.mark.parametrize(
    ("postcode", "wijk", "team", "most"),
    [
        (ONE_WIJK, None, "OKT Bijlmer Centrum H-Buurt", 2),
        (THREE_WIJKEN, "Volewijck", "OKT Oud Noord", 3),
    ],
)
def test_journey_7_a_huisarts_finds_the_team_the_oka_and_the_deputy(
    window: Opener,
    record_property: Callable[[str, object], None],
    width: int,
    by_keyboard: bool,
    script: bool,
    postcode: str,
    wijk: str | None,
    team: str,
    most: int,
) -> None:
    hand = Hand(window(width, script=script), by_keyboard)
    page = hand.window.page
    hand.window.open("/huisarts")
    start = perf_counter()
    hand.types(postcode)
    if wijk:
        hand.follows(page.get_by_role("link", name=wijk, exact=True))
    shows_all(hand.window, team)
    seconds = perf_counter() - start
    assert on_paper(page).size == 1, "the A4 is the page itself, printed"
    actions = hand.actions + 1  # printing
    record_property("actions", actions)
    record_property("seconds", round(seconds, 2))
    assert actions <= most
    assert hand.window.strangers == []
    assert hand.window.complaints == []


def test_button_prints_the_page(window: Opener) -> None:
    huisarts = window(1280)
    huisarts.page.add_init_script("window.print = () => { document.title = 'gedrukt'; }")
    huisarts.open("/huisarts/volewijck")
    huisarts.page.get_by_role("button", name="Druk af").click()
    expect(huisarts.page).to_have_title("gedrukt")


@pytest.mark.parametrize(
    "wijk",
    [
        "noordelijke-ij-oevers-west",  # the busiest: two teams, thirteen names
        "centrale-markt",  # three teams
        "volewijck",
        "jordaan",  # no team
        "driemond",
    ],
)
def test_wijk_is_one_tagged_sheet_with_all_that_belongs_on_it(window: Opener, wijk: str) -> None:
    huisarts = window(1280)
    huisarts.open(f"/huisarts/{wijk}")
    sheet = on_paper(huisarts.page)
    assert sheet.size == 1
    assert sheet.loose_fonts == set()
    assert sheet.fonts
    kinds = {kind for kind, _ in sheet.tags}
    assert {"/H1", "/H2", "/L", "/LI"} <= kinds
    words = ("020 000 00", "0800-2000", "0800-0113", "Bel Veilig Thuis ook voor advies")
    words += ("Waarvoor wel, waarvoor niet", "afgedrukt op 23 november 2026", f"/huisarts/{wijk} ")
    assert [text for text in words if text not in sheet.text] == []
    for gone in ("Flexibele schil van", "Welke weg neemt u", "Een ander gezin", "Hoofdmenu"):
        assert gone not in sheet.text


@pytest.mark.sqlite
def test_long_names_fit_on_the_sheet_and_on_a_phone(
    window: Opener, client: FlaskClient, engine: sa.Engine
) -> None:
    cast = Cast(engine)
    cast.makes_team(place=None, areas=frozenset({"NK01"}))
    for number in range(5):
        person = f"lang-{number}"
        cast.knows_person(person, f"Wilhelmina Maria van Ouwerkerk-Benhaddou {number}")
        cast.joins(person, workplace=LONG, backup="mila")
    text = client.get("/huisarts/volewijck").text
    assert text.count(LONG) == 5
    huisarts = window(360)
    huisarts.page.route(
        "**/lang", lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=text)
    )
    huisarts.open("/lang")
    assert_fits(huisarts.page, (*WIDTHS, 320, 768))
    assert on_paper(huisarts.page).size == 1


@pytest.mark.parametrize(
    "path",
    [
        "/huisarts?bij=3511",
        "/huisarts?bij=slotermeer",
        "/huisarts/centrale-markt?leeftijd=oud",
        "/huisarts/jordaan",
    ],
)
def test_page_that_says_something_is_accessible(window: Opener, path: str) -> None:
    for width in WIDTHS:
        huisarts = window(width)
        huisarts.open(path)
        assert_accessible(huisarts.page)
        assert_fits(huisarts.page, (width,))


def test_schil_is_narrowed_down_without_script(window: Opener) -> None:
    huisarts = window(360, script=False)
    huisarts.open("/huisarts/volewijck")
    huisarts.page.get_by_label("Probleem").select_option("School")
    huisarts.page.get_by_label("Leeftijd in jaren").fill("11")
    huisarts.page.get_by_role("button", name="Toon").click()
    expect(huisarts.page).to_have_url(re.compile(r"thema=school&leeftijd=11#schil$"))
    expect(huisarts.page.get_by_role("heading", name="Flexibele schil")).to_be_in_viewport()
    assert huisarts.page.locator(".shell-table .theme").all_inner_texts() == ["School"]
