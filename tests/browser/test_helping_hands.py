"""Picking, comparing and leaving out, by keyboard alone, with and without script."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ON_A_PHONE, Opener, Window
from tests.browser.test_every_page import assert_accessible, assert_silent
from tests.browser.test_journeys import press_until_focused


def press(window: Window, role: str, name: str, key: str = "Enter", at: int = 0) -> None:
    """Go somewhere with Tab and press a key there."""
    target = window.page.get_by_role(role, name=re.compile(name)).nth(at)  # type: ignore[arg-type]
    press_until_focused(window, target, most=250)
    window.page.keyboard.press(key)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", ON_A_PHONE)
def test_two_are_picked_compared_and_one_is_put_back(
    window: Opener, width: int, script: bool
) -> None:
    reader = window(width, script=script)
    reader.open("/zoeken?q=autisme")
    press(reader, "checkbox", "^Kies", "Space", at=0)
    press(reader, "checkbox", "^Kies", "Space", at=1)
    press(reader, "button", "Zet naast elkaar")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Naast elkaar")
    assert reader.page.get_by_role("columnheader").count() == 2
    press(reader, "link", "^Weghalen", at=0)
    expect(reader.page.get_by_text("U hebt er nu één gekozen")).to_be_visible()
    press(reader, "link", "Terug naar de resultaten")
    expect(
        reader.page.get_by_role("checkbox", name=re.compile("^Kies"), checked=True)
    ).to_have_count(1)
    assert_silent(reader)


@pytest.mark.parametrize("width", ON_A_PHONE)
def test_a_known_provider_is_left_out_and_a_chip_brings_it_back(window: Opener, width: int) -> None:
    reader = window(width)
    reader.open("/zoeken?q=autisme")
    first = reader.page.locator("article.card h3").first.inner_text()
    press_until_focused(reader, reader.page.locator("summary", has_text="Al bekend?").first)
    reader.page.keyboard.press("Enter")
    press(reader, "link", "^Zonder ")
    expect(reader.page.locator("article.card h3").first).not_to_have_text(first)
    assert_accessible(reader.page)
    press(reader, "link", "zonder ")
    expect(reader.page.locator("article.card h3").first).to_have_text(first)


@pytest.mark.parametrize("width", ON_A_PHONE)
def test_a_chip_becomes_text_and_thin_results_lead_wider(window: Opener, width: int) -> None:
    reader = window(width)
    reader.open("/zoeken?q=faalangst+noord+14+jaar")
    press_until_focused(reader, reader.page.locator("summary", has_text="Anders bedoeld?"))
    reader.page.keyboard.press("Enter")
    assert_accessible(reader.page)
    press(reader, "link", "“14 jaar”")
    expect(reader.page.get_by_label("Wat zoekt u?")).to_have_value(re.compile("14 jaar"))
    reader.page.go_back()
    press(reader, "link", "^Heel Amsterdam")
    expect(reader.page).not_to_have_url(re.compile("stadsdeel"))
