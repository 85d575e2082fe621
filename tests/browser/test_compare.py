"""Boxes on the cards, the table on a phone and in print size, and a link to hand on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDTHS, Opener
from tests.browser.test_every_page import assert_accessible, assert_fits, assert_silent

BOXES = """() => [...document.querySelectorAll(".card:has(.pick)")].map((card) => {
  const box = (el) => el.getBoundingClientRect();
  const pick = card.querySelector(".pick");
  return {above: box(pick).bottom <= box(card).top + 1, wide: box(pick).width,
    apart: box(card.querySelector(".level")).right < box(pick).left}; })"""


def test_box_stands_above_its_card_beside_the_tab(window: Opener) -> None:
    reader = window(320)
    reader.open("/zoeken?thema=opvoeding")
    boxes = reader.page.evaluate(BOXES)
    assert len(boxes) > 10
    for box in boxes:
        assert box["above"]
        assert box["apart"]
        assert box["wide"] > 80


def test_button_comes_in_reach_when_something_is_ticked(window: Opener) -> None:
    reader = window(360, script=False)
    reader.open("/zoeken?q=koken")
    go = reader.page.get_by_role("button", name=re.compile("^Zet naast elkaar"))
    expect(go).not_to_be_in_viewport()
    reader.page.get_by_role("checkbox", name=re.compile("^Kies")).first.check()
    expect(go).to_be_in_viewport()
    expect(reader.page.get_by_role("link", name="Verfijnen")).to_be_hidden()


@pytest.mark.parametrize("count", [2, 3])
def test_table_can_be_read_everywhere(window: Opener, slugs: dict[str, str], count: int) -> None:
    names = [slugs["offer"], slugs["ended"], slugs["hidden"]][:count]
    reader = window(WIDTHS[0])
    reader.open("/vergelijk?bij=wijk:NK&" + "&".join(f"aanbod={name}" for name in names))
    assert_accessible(reader.page)
    expect(reader.page.get_by_role("rowheader").first).to_have_text("Soort hulp")
    assert_fits(reader.page, (320, 360, 640, 768, 1280))
    assert_accessible(reader.page)
    expect(reader.page.get_by_role("columnheader")).to_have_count(count)
    assert_silent(reader)


def test_link_to_a_search_can_be_copied(window: Opener) -> None:
    oka = window(360, permissions=["clipboard-read", "clipboard-write"])
    oka.open("/zoeken?q=koken noord")
    oka.page.get_by_text("Deel deze zoekvraag").click()
    oka.page.get_by_role("button", name="Kopieer link").click()
    expect(oka.page.get_by_role("status").last).to_have_text("De link is gekopieerd")
    copied = oka.page.evaluate("navigator.clipboard.readText()")
    assert copied == "http://localhost:8000/zoeken?q=koken&stadsdeel=noord"
    assert_silent(oka)
