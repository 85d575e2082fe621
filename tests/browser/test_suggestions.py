"""Suggestions under the one box: by keyboard, mouse and thumb, for eyes and ears, or not at all."""

import json
import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Opener, Window
from tests.browser.test_every_page import (
    ONLY_CONTRAST,
    OVERFLOW,
    assert_accessible,
    assert_silent,
    set_width,
)

RESULTS = "/zoeken?q=judo&stadsdeel=noord"
MARKED = "aria-activedescendant"
OUTLINE = """option => { const style = getComputedStyle(option);
  return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth); }"""


class Box:
    """The one box and what stands under it."""

    def __init__(self, window: Window) -> None:
        self.page = window.page
        self.input = self.page.locator("#q")
        self.list = self.page.get_by_role("listbox", name="Suggesties")
        self.options = self.list.get_by_role("option")
        self.status = self.page.locator("form#zoek [role=status]")

    def types(self, text: str) -> None:
        self.input.fill("")
        self.input.press_sequentially(text)

    def marks(self, option: Locator) -> None:
        """This option is the marked one, and the box says so."""
        expect(option).to_have_attribute("aria-selected", "true")
        expect(self.input).to_have_attribute(MARKED, option.get_attribute("id") or "")
        expect(self.list.locator("[aria-selected=true]")).to_have_count(1)

    def marks_nothing(self) -> None:
        expect(self.list.locator("[aria-selected=true]")).to_have_count(0)
        assert self.input.get_attribute(MARKED) is None

    def is_closed(self) -> None:
        expect(self.input).to_have_attribute("aria-expanded", "false")
        expect(self.list).to_be_hidden()
        self.marks_nothing()


@pytest.mark.parametrize(("width", "path"), [(360, RESULTS), (1280, "/")])
def test_keyboard_chooses_a_suggestion(window: Opener, width: int, path: str) -> None:
    reader = window(width)
    reader.open(path)
    box = Box(reader)
    box.is_closed()
    box.types("volewij")
    expect(box.options.first).to_be_visible()
    for name, value in {"role": "combobox", "expanded": "true", "autocomplete": "list"}.items():
        expect(box.input).to_have_attribute("role" if name == "role" else f"aria-{name}", value)
    expect(box.input).to_have_attribute("aria-controls", box.list.get_attribute("id") or "")
    expect(box.status).to_have_text(f"{box.options.count()} suggesties")
    box.marks_nothing()

    box.input.press("ArrowDown")
    box.marks(box.options.first)
    assert_accessible(reader.page)
    box.input.press("ArrowUp")
    box.marks_nothing()
    box.input.press("ArrowUp")
    box.marks(box.options.last)
    box.input.press("Home")
    box.marks_nothing()
    assert box.input.evaluate("box => box.selectionStart") == 0
    box.input.press("End")
    assert box.input.evaluate("box => box.selectionStart") == len("volewij")

    box.input.press("Escape")
    box.is_closed()
    expect(box.input).to_have_value("volewij")
    expect(box.status).to_be_empty()
    box.input.press("ArrowDown")
    box.marks(box.options.first)
    expect(box.options.first).to_have_text("VolewijckWijk in Noord")
    for narrow in (320, width):
        set_width(reader.page, narrow)
        assert reader.page.evaluate(OVERFLOW) <= 0
    box.input.press("Enter")
    expect(reader.page).to_have_url(re.compile("/wijk/volewijck$"))
    assert_silent(reader)


def test_the_list_leaves_the_box_as_it_was(window: Opener) -> None:
    """Enter searches what was typed, with the filters; Tab and a short text close the list."""
    reader = window(1280)
    reader.open(RESULTS)
    box = Box(reader)
    box.types("o")
    box.input.press("ArrowDown")
    reader.page.wait_for_timeout(300)
    assert not [url for url in reader.requests if "/api/" in url], "a sign asks nothing"
    box.is_closed()
    box.types("oka")
    expect(box.status).to_have_text(re.compile("^1 suggestie$"))
    box.input.press("Backspace")
    box.input.press("Backspace")
    box.is_closed()
    box.types("oka")
    expect(box.list).to_be_visible()
    box.input.press("Tab")
    box.is_closed()
    assert reader.page.get_by_role("button", name="Zoek", exact=True).evaluate(
        "button => button === document.activeElement"
    )
    box.types("xqzyxq")
    expect(box.status).to_have_text("Geen suggesties")
    box.is_closed()
    box.types("naaien")
    box.input.press("Enter")
    expect(reader.page).to_have_url(re.compile(r"/zoeken\?q=naaien&.*stadsdeel=noord"))
    assert_silent(reader)


def test_a_thumb_chooses_a_suggestion(window: Opener) -> None:
    reader = window(360, has_touch=True, is_mobile=True)
    reader.open("/")
    box = Box(reader)
    box.input.tap()
    box.types("faalan")
    assert all(option.bounding_box()["height"] >= 44 for option in box.options.all())
    box.options.filter(has_text="Thema").first.tap()
    expect(reader.page).to_have_url(re.compile("/thema/faalangst$"))
    reader.page.go_back()
    box.is_closed()
    assert_silent(reader)


def test_the_list_is_seen_in_the_dark_and_in_forced_colours(window: Opener) -> None:
    reader = window(1280, color_scheme="dark", reduced_motion="reduce")
    reader.open("/")
    box = Box(reader)
    box.types("noord")
    expect(box.options.first).to_be_visible()
    box.input.press("ArrowDown")
    for width in (360, 1280):
        set_width(reader.page, width)
        assert_accessible(reader.page, ONLY_CONTRAST)
    reader.page.emulate_media(forced_colors="active")
    assert box.options.first.evaluate(OUTLINE) >= 2
    assert box.options.last.evaluate(OUTLINE) == 0


def test_names_are_text_and_lead_nowhere_else(window: Opener) -> None:
    label = "<img src=x onerror=alert(1)>"
    urls = ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
    found = [{"kind": "aanbod", "label": label, "about": "<b>x</b>", "url": url} for url in urls]

    def answer(route: Route) -> None:
        body = json.dumps({"suggestions": found})
        route.fulfill(status=200, content_type="application/json", body=body)

    reader = window(1280)
    reader.page.route("**/api/suggest*", answer)
    reader.open("/")
    box = Box(reader)
    box.types("aanval")
    expect(box.options).to_have_text([f"{label}<b>x</b>"] * 3)
    assert box.list.locator("img").count() == 0
    for option in box.options.all():
        option.click()
    expect(reader.page).to_have_url(f"{reader.site}/")
    assert_silent(reader)


def test_a_failure_shows_nothing_and_the_box_goes_on(window: Opener) -> None:
    reader = window(360)
    reader.page.route("**/api/suggest*", lambda route: route.fulfill(status=500, body="nee"))
    reader.open("/")
    box = Box(reader)
    with reader.page.expect_response("**/api/suggest*"):
        box.types("noord")
    box.is_closed()
    expect(box.status).to_be_empty()
    box.input.press("Enter")
    expect(reader.page).to_have_url(re.compile("/zoeken"))


def test_without_script_the_box_is_a_box(window: Opener) -> None:
    reader = window(360, script=False)
    reader.open("/")
    expect(reader.page.get_by_role("searchbox")).to_have_count(1)
    assert reader.page.locator("[role=listbox], form#zoek [role=status]").count() == 0
    box = Box(reader)
    box.types("noord")
    box.input.press("Enter")
    expect(reader.page).to_have_url(re.compile("/zoeken"))
    assert not [url for url in reader.requests if "/api/" in url]
