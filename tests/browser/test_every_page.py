"""Every kind of page: reachable, accessible, complete, and speaking to nobody else."""

import re
from collections.abc import Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, Route, expect
from werkzeug.exceptions import InternalServerError, MethodNotAllowed

from socialmap.views import errors
from tests.browser.conftest import WIDTHS, Opener, Window

PAGES = {
    "home": "/",
    "results": "/zoeken?q=faalangst&stadsdeel=noord&leeftijd=14",
    "results nearby": "/zoeken?q=koken&bij=wijk:volewijck&straal=3",
    "results with choice": "/zoeken?q=1095",
    "results empty": "/zoeken?q=xyzzyqwerty",
    "results thin": "/zoeken?q=faalangst&wijk=driemond&taal=tr",
    "results bad value": "/zoeken?q=judo&leeftijd=oud&stadsdeel=atlantis",
    "results danger": "/zoeken?thema=kindermishandeling",
    "results with people": "/zoeken?q=autisme",
    "results loosely": "/zoeken?q=judo+3+jaar+weesp+turks",
    "results of a provider": "/zoeken?q=onder+stoom",
    "results picked": "/zoeken?q=koken&vergelijk={offer}&vergelijk={closed}",
    "compare two": "/vergelijk?aanbod={offer}&aanbod={ended}&q=autisme",
    "compare three": "/vergelijk?aanbod={offer}&aanbod={place}&aanbod={hidden}",
    "compare one": "/vergelijk?aanbod={offer}&aanbod=weg",
    "compare none": "/vergelijk",
    "draft list": "/lijstje?aanbod={translated}&aanbod={ended}&aanbod=weg",
    "draft list too long": "/lijstje?aanbod={offer},{ended},{closed},{hidden},{place},{bare}",
    "draft list empty": "/lijstje",
    "list": "/lijstje?aanbod={offer}&aanbod={ended}&aanbod={hidden}&aanbod={place}&klaar=1",
    "list right to left": "/lijstje?aanbod={translated}&lees=ar&groot=1&klaar=1",
    "list unknown": "/lijstje/weg",
    "listing": "/aanbod/{offer}",
    "listing translated": "/aanbod/{translated}",
    "listing ended": "/aanbod/{ended}",
    "listing closed": "/aanbod/{closed}",
    "listing hidden": "/aanbod/{hidden}",
    "report": "/aanbod/{offer}/klopt-niet",
    "report sent": "/aanbod/{ended}/klopt-niet/verstuurd",
    "place": "/aanbod/{place}",
    "place bare": "/aanbod/{bare}",
    "provider": "/aanbieder/{provider}",
    "stadsdeel": "/stadsdeel/noord",
    "stadsdeel without team": "/stadsdeel/weesp",
    "gebied": "/gebied/oud-noord",
    "wijk": "/wijk/volewijck",
    "wijk on leave": "/wijk/banne-buiksloot",
    "huisarts": "/huisarts",
    "huisarts with choice": "/huisarts?bij=1031",
    "huisarts of a wijk": "/huisarts/volewijck",
    "huisarts of a shared wijk": "/huisarts/noordelijke-ij-oevers-west",
    "huisarts without team": "/huisarts/driemond",
    "contacts": "/contactpersonen",
    "contacts chosen": "/contactpersonen?bij=1095&stadsdeel=noord&staat=vacant",
    "contacts elsewhere": "/contactpersonen?bij=Utrecht&stadsdeel=weesp",
    "contacts of a stadsdeel": "/contactpersonen/west",
    "listing full": "/aanbod/{full}",
    "team": "/team/{team}",
    "team without members": "/team/{bare_team}",
    "person of a team": "/persoon/{member}",
    "person present": "/persoon/{present}",
    "person on leave": "/persoon/{absent}",
    "person left": "/persoon/{left}",
    "theme": "/thema/opvoeding",
    "theme danger": "/thema/veiligheid",
    "subject": "/thema/opvoedcursus",
    "uitleg": "/uitleg",
    "english": "/en",
    "a-z": "/a-z",
    "letter": "/a-z/k",
    "week": "/deze-week",
    "week stadsdeel": "/deze-week/stadsdeel/noord",
    "week wijk": "/deze-week/wijk/volewijck",
    "week empty": "/deze-week/wijk/driemond",
    "open data": "/open-data",
    "waarheen": "/waarheen",
    "inloggen": "/inloggen",
    "melden": "/melden",
    "over": "/over",
    "privacy": "/privacy",
    "toegankelijkheid": "/toegankelijkheid",
    "not found": "/bestaat-niet",
}
NARROW = (320, 640)
"""The least width of WCAG 1.4.10, and a desktop of 1280 px at 200 %."""
DARK = (
    "home",
    "results",
    "list",
    "compare two",
    "listing ended",
    "wijk",
    "stadsdeel",
    "huisarts of a wijk",
    "contacts",
    "team",
    "theme danger",
    "uitleg",
)
FORCED = (
    "results",
    "compare two",
    "listing",
    "wijk",
    "huisarts of a wijk",
    "contacts",
    "team",
    "theme danger",
    "a-z",
    "week stadsdeel",
)
BARE = (
    *("home", "results", "listing", "place", "stadsdeel", "wijk", "team", "person present"),
    *("theme danger", "uitleg", "letter", "week stadsdeel", "open data"),
    *("huisarts", "huisarts of a wijk", "contacts"),
)
WALKS = {
    "draft list": 360,
    "list": 1280,
    "results picked": 360,
    "home": 1280,
    "results": 1280,
    "results danger": 360,
    "listing": 360,
    "place bare": 1280,
    "provider": 360,
    "stadsdeel": 1280,
    "wijk": 360,
    "huisarts with choice": 1280,
    "huisarts of a shared wijk": 360,
    "contacts elsewhere": 1280,
    "contacts of a stadsdeel": 360,
    "team": 360,
    "person on leave": 1280,
    "person left": 360,
    "theme": 1280,
    "theme danger": 360,
    "uitleg": 360,
    "english": 1280,
    "a-z": 360,
    "letter": 1280,
    "week stadsdeel": 360,
    "open data": 1280,
    "not found": 360,
}
"""The width at which a page is walked through with the keyboard."""
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
ONLY_CONTRAST = {**ONLY_VIOLATIONS, "runOnly": ["color-contrast", "link-in-text-block"]}

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
EDGELESS = """() => [...document.querySelectorAll(
  ".btn, .level, .chip, .tabs a, .tags li, .letters a, .alphabet a, .card, .contact, .notice")]
  .filter((el) => el.checkVisibility())
  .filter((el) => { const style = getComputedStyle(el);
    return ["Top", "Right", "Bottom", "Left"].every((side) =>
      style[`border${side}Style`] === "none" || parseFloat(style[`border${side}Width`]) < 1); })
  .map((el) => el.outerHTML.slice(0, 80))"""
"""What would melt into the page where colours are forced: it has no border left."""
CONTENT = """() => { const main = document.querySelector("main").cloneNode(true);
  for (const part of main.querySelectorAll(".map-frame, button, [hidden]")) part.remove();
  return [main.textContent.replace(/\\s+/g, " ").trim(),
    ...[...main.querySelectorAll("[href]")].map((link) => link.getAttribute("href"))]; }"""
LOST_ANCHORS = """() => [...document.querySelectorAll('a[href^="#"]')]
  .map((link) => link.hash.slice(1)).filter((id) => id && !document.getElementById(id))"""
RECORD_FOCUS = """() => {
  const all = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const reach = [...document.querySelectorAll(all)].filter((el) =>
    el.tabIndex >= 0 && !el.disabled && el.type !== "hidden" &&
    el.checkVisibility({visibilityProperty: true}));
  const ringOf = (el) => { const style = getComputedStyle(el);
    return parseFloat(style.outlineStyle === "none" ? 0 : style.outlineWidth); };
  const strokeOf = (el) => parseFloat(getComputedStyle(el.firstElementChild).strokeWidth);
  const isCovered = (el) => {
    const box = el.getClientRects()[0]; // of a link over two lines the first
    const [x, y] = [box.x + Math.min(box.width, 20) / 2, box.y + Math.min(box.height, 20) / 2];
    const top = document.elementFromPoint(x, y);
    return !top || !(el.contains(top) || top.contains(el));
  };
  window.walk = {reach: reach.length, seen: []};
  document.addEventListener("focusin", ({target}) => {
    const inMap = target.closest("svg.map") !== null;
    window.walk.seen.push({
      at: reach.indexOf(target), ring: inMap ? strokeOf(target) : ringOf(target),
      covered: !inMap && isCovered(target), what: target.outerHTML.slice(0, 90) });
  });
}"""
"""Writes down each thing that gets focus: its place in the order, and whether one sees it."""


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_stays_home(
    window: Opener, slugs: dict[str, str], name: str
) -> None:
    reader = window(WIDTHS[0])
    reader.open(PAGES[name].format(**slugs))
    for width in reversed(WIDTHS):
        set_width(reader.page, width)
        reader.page.wait_for_load_state("networkidle")
        assert_accessible(reader.page)
    assert_fits(reader.page, (*WIDTHS, *NARROW))
    assert_silent(reader)
    assert reader.page.locator("h1").count() == 1
    assert reader.page.evaluate(LOST_ANCHORS) == []


@pytest.mark.parametrize("error", [InternalServerError(), MethodNotAllowed()])
def test_error_is_accessible(
    window: Opener, full_app: Flask, error: InternalServerError | MethodNotAllowed
) -> None:
    with full_app.test_request_context("/"):
        text = errors.page(error, error.code)
    reader = window(WIDTHS[0])

    def answer(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=text)

    reader.page.route("**/fout", answer)
    reader.open("/fout")
    assert_accessible(reader.page)
    assert_fits(reader.page, (*WIDTHS, *NARROW))
    assert_silent(reader)


@pytest.mark.parametrize("name", DARK)
def test_page_is_legible_in_the_dark(window: Opener, slugs: dict[str, str], name: str) -> None:
    reader = window(1280, color_scheme="dark")
    reader.open(PAGES[name].format(**slugs))
    assert_accessible(reader.page, ONLY_CONTRAST)


@pytest.mark.parametrize("name", FORCED)
def test_page_keeps_its_shapes_in_forced_colours(
    window: Opener, slugs: dict[str, str], name: str
) -> None:
    reader = window(1280, forced_colors="active")
    reader.open(PAGES[name].format(**slugs))
    assert reader.page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert reader.page.evaluate(EDGELESS) == []


@pytest.mark.parametrize("name", BARE)
def test_page_is_complete_without_script(window: Opener, slugs: dict[str, str], name: str) -> None:
    path = PAGES[name].format(**slugs)
    bare, scripted = window(360, script=False), window(360)
    bare.open(path)
    scripted.open(path)
    assert bare.page.evaluate(CONTENT) == scripted.page.evaluate(CONTENT)
    for button in bare.page.locator("button:visible").all():
        assert button.evaluate("it => it.form !== null && it.type === 'submit'")
    assert bare.page.locator(".only-script:visible").count() == 0
    assert bare.page.locator("main a:visible").count() > 0


@pytest.mark.parametrize("name", WALKS)
def test_keyboard_reaches_everything_in_order(
    window: Opener, slugs: dict[str, str], name: str
) -> None:
    reader = window(WALKS[name], reduced_motion="reduce")
    reader.open(PAGES[name].format(**slugs))
    wake_maps(reader.page)
    reader.page.evaluate(RECORD_FOCUS)
    for _ in range(reader.page.evaluate("window.walk.reach")):
        reader.page.keyboard.press("Tab")
    walk = reader.page.evaluate("window.walk")
    assert [step["at"] for step in walk["seen"]] == list(range(walk["reach"]))
    assert [step["what"] for step in walk["seen"] if step["ring"] < 2] == [], "focus is not seen"
    assert [step["what"] for step in walk["seen"] if step["covered"]] == [], "focus is covered"


@pytest.mark.parametrize("name", ["home", "team", "uitleg", "theme danger"])
def test_skip_link_leads_to_the_content(window: Opener, slugs: dict[str, str], name: str) -> None:
    reader = window(360, reduced_motion="reduce")
    reader.open(PAGES[name].format(**slugs))
    reader.page.keyboard.press("Tab")
    assert reader.page.locator(":focus").inner_text() == "Naar de inhoud"
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Tab")
    assert reader.page.locator("main :focus").count() == 1


@pytest.mark.parametrize("path", ["/zoeken?q=judo", "/zoeken?q=1095", "/zoeken"])
def test_results_on_a_phone_are_light(window: Opener, path: str) -> None:
    """All that comes over the line, with headers and as it is compressed, before anyone opens the
    map: the page, its styles, its scripts."""
    reader = window(360)
    wire = reader.page.context.new_cdp_session(reader.page)
    wire.send("Network.enable")
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    reader.open(path)
    reader.page.wait_for_load_state("networkidle")
    assert 10_000 < sum(sizes) < 100_000
    assert not any("leaflet" in url for url in reader.requests)


def set_width(page: Page, width: int) -> None:
    """Make a window narrower or wider, as turning a phone does."""
    page.set_viewport_size({"width": width, "height": 800 if width > 600 else 740})


def wake_maps(page: Page) -> None:
    """Let the maps of a page load, as they do when someone scrolls to them."""
    for frame in page.locator(".map-frame:visible").all():
        frame.scroll_into_view_if_needed()
    for frame in page.locator(".map-frame[data-script]:visible").all():
        expect(frame).to_have_class(re.compile("leaflet-container"))
    page.wait_for_load_state("networkidle")
    page.evaluate("window.scrollTo(0, 0)")


def assert_accessible(page: Page, options: dict[str, object] = ONLY_VIOLATIONS) -> None:
    """No violation that axe can find."""
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, results.generate_report()


def assert_fits(page: Page, widths: Iterable[int]) -> None:
    """A page never scrolls sideways."""
    for width in widths:
        set_width(page, width)
        assert page.evaluate(OVERFLOW) <= 0, f"the page scrolls sideways at {width} px"


def assert_silent(reader: Window) -> None:
    """Nothing left the origin, nothing complained, no cookie was set."""
    assert reader.strangers == []
    assert [text for text in reader.complaints if "404" not in text] == []
    assert reader.page.context.cookies() == []
