"""Journeys 1 and 9 of REQUIREMENTS.md, with a mouse, with a keyboard, and without script."""

import re
from itertools import product

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import WIDTHS, Opener, Window


def press_until_focused(window: Window, target: Locator, most: int = 150) -> None:
    """Press Tab until the target has focus, as someone without a mouse does."""
    for _ in range(most):
        if target.evaluate("node => node === document.activeElement"):
            return
        window.page.keyboard.press("Tab")
    raise AssertionError(f"no keyboard way to {target}")


def open_filters(window: Window, width: int, *, by_keyboard: bool = False) -> None:
    """On a phone the filters are a sheet."""
    if width < 896:
        button = window.page.get_by_role("link", name="Verfijnen")
        follow(window, button, by_keyboard=by_keyboard)


def follow(window: Window, target: Locator, *, by_keyboard: bool) -> None:
    """Click, or go there with Tab and press Enter."""
    if by_keyboard:
        press_until_focused(window, target)
        window.page.keyboard.press("Enter")
    else:
        target.click()


def tick(window: Window, group: str, name: str, *, by_keyboard: bool) -> None:
    """Tick a box in a group of filters that may be folded."""
    summary = window.page.locator("summary", has_text=re.compile(rf"^\s*{group}\b"))
    part = window.page.locator("#filters details", has=summary).first
    if not part.evaluate("node => node.open"):
        follow(window, part.locator("summary").first, by_keyboard=by_keyboard)
    box = part.get_by_role("checkbox", name=re.compile(name, re.IGNORECASE)).first
    if by_keyboard:
        press_until_focused(window, box)
        window.page.keyboard.press("Space")
    else:
        box.check()


def search(window: Window, text: str, *, by_keyboard: bool) -> None:
    window.open("/")
    box = window.page.get_by_label("Typ wat u zoekt")
    if by_keyboard:
        press_until_focused(window, box)
        window.page.keyboard.type(text)
        window.page.keyboard.press("Enter")
    else:
        box.fill(text)
        window.page.get_by_role("button", name="Zoek", exact=True).first.click()
    expect(window.page).to_have_url(re.compile("/zoeken"))


def show_results(window: Window, *, by_keyboard: bool) -> None:
    button = window.page.get_by_role("button", name=re.compile("[Rr]esultaten"))
    follow(window, button.first, by_keyboard=by_keyboard)
    window.page.wait_for_load_state()


PAIRS = {(360, False, True), (360, True, False), (1280, True, True), (1280, False, False)}
"""Every two of width, hand and script once; the other ways are for `make soak`."""
WAYS = pytest.mark.parametrize(
    ("width", "by_keyboard", "script"),
    [
        pytest.param(*way, marks=() if way in PAIRS else pytest.mark.soak)
        for way in product(WIDTHS, (False, True), (True, False))
    ],
)


@WAYS
def test_journey_1_a_faalangst_training_in_noord_not_at_school(
    window: Opener, width: int, by_keyboard: bool, script: bool
) -> None:
    """A pupil of 14 with faalangst; nearby, not at school; a group with date and trainer."""
    oka = window(width, script=script)
    search(oka, "faalangst", by_keyboard=by_keyboard)
    open_filters(oka, width, by_keyboard=by_keyboard)
    tick(oka, "Stadsdeel", "^Noord", by_keyboard=by_keyboard)
    tick(oka, "Waar", "niet op school", by_keyboard=by_keyboard)
    show_results(oka, by_keyboard=by_keyboard)
    first = oka.page.locator(".card").first
    expect(first).to_contain_text("aalangst")
    follow(oka, first.get_by_role("link").first, by_keyboard=by_keyboard)
    expect(oka.page.get_by_role("heading", level=1)).to_contain_text("aalangst")
    expect(oka.page.get_by_role("heading", name="Hoe kom je hier terecht?")).to_be_visible()
    main = oka.page.locator("main")
    expect(main).to_contain_text("trainer")
    expect(main.locator("a[href^='tel:']").first).to_be_visible()
    assert re.search(r"\d{1,2} (januari|februari|november|december) 202[67]", main.inner_text())
    assert oka.strangers == []
    assert oka.complaints == []


@WAYS
def test_journey_9_informal_on_tuesday_afternoon_for_mother_and_daughter(
    window: Opener, width: int, by_keyboard: bool, script: bool
) -> None:
    """OKA at an OKC: informal, on Tuesday afternoon, for a mother and a teenage girl."""
    oka = window(width, script=script)
    search(oka, "moeder dochter", by_keyboard=by_keyboard)
    open_filters(oka, width, by_keyboard=by_keyboard)
    tick(oka, "Formeel", "^informeel", by_keyboard=by_keyboard)
    tick(oka, "Dag", "^dinsdag", by_keyboard=by_keyboard)
    tick(oka, "Deel van de dag", "^middag", by_keyboard=by_keyboard)
    show_results(oka, by_keyboard=by_keyboard)
    found = oka.page.locator(".card", has_text="Informeel").first
    expect(found).to_contain_text(re.compile("moeder|naai", re.IGNORECASE))
    follow(oka, found.get_by_role("link").first, by_keyboard=by_keyboard)
    main = oka.page.locator("main")
    expect(main).to_contain_text(re.compile("[Dd]insdag"))
    expect(main).to_contain_text("Een vermelding is geen aanbeveling")
    assert oka.strangers == []
    assert oka.complaints == []
