"""Maps in a browser: by keyboard, in words of providers that mean harm, and without script."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Opener

HOSTILE = "<img src=x onerror=alert(1)> ${alert(2)} `x` \"'</script>"


SETTLED = """() => new Promise(done => {
  const mark = document.querySelector(".map-mark");
  setTimeout(() => done(mark && mark.isConnected), 300);
})"""
"""Marks are drawn again when the map has found its zoom."""


def map_in_view(page: Page) -> None:
    page.locator(".map-frame").scroll_into_view_if_needed()
    page.locator(".map-mark").first.wait_for()
    page.wait_for_function(SETTLED)


def test_place_opens_and_closes_by_keyboard_and_focus_returns(window: Opener) -> None:
    visit = window()
    visit.open("/wijk/volewijck")
    map_in_view(visit.page)
    mark = visit.page.locator(".map-mark").first
    mark.focus()
    visit.page.keyboard.press("Enter")
    dialog = visit.page.get_by_role("dialog")
    expect(dialog.locator(".map-title")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(mark).to_be_focused()
    assert visit.complaints == []
    assert visit.strangers == []


def test_close_button_gives_focus_back(window: Opener) -> None:
    visit = window(360)
    visit.open("/wijk/volewijck")
    map_in_view(visit.page)
    mark = visit.page.locator(".map-mark").last
    mark.focus()
    visit.page.keyboard.press("Enter")
    visit.page.get_by_role("dialog").get_by_role("button", name="Sluiten").click()
    expect(mark).to_be_focused()


def test_map_can_be_skipped(window: Opener) -> None:
    visit = window()
    visit.open("/wijk/volewijck")
    visit.page.get_by_role("link", name="Sla de kaart over").focus()
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    expect(visit.page.locator(":focus")).not_to_have_class(re.compile("map-mark|leaflet"))


def test_zooming_in_goes_from_numbers_of_wijken_to_places(window: Opener) -> None:
    visit = window()
    visit.open("/stadsdeel/noord")
    map_in_view(visit.page)
    first = visit.page.locator(".map-mark").first
    expect(first).to_have_attribute("aria-label", re.compile(r"^1\. Oostzanerwerf, \d+ plek"))
    for _ in range(3):
        visit.page.get_by_role("button", name="Inzoomen").click()
        visit.page.wait_for_timeout(400)
    expect(visit.page.locator(".map-mark[aria-haspopup=dialog]").first).to_be_attached()
    expect(visit.page.locator("a.map-mark")).to_have_count(0)


def test_numbers_on_the_map_are_those_of_the_list(window: Opener) -> None:
    visit = window()
    visit.open("/zoeken?q=faalangst&stadsdeel=noord")
    map_in_view(visit.page)
    label = visit.page.locator(".map-mark").first.get_attribute("aria-label") or ""
    number, title = re.fullmatch(r"Nummer (\d+) in de lijst\. .*?: (.*)", label).groups()
    expect(visit.page.locator(f"#p{number}").locator("..")).to_contain_text(title)


def test_hostile_names_are_only_ever_text(window: Opener) -> None:
    visit = window()
    listing = {"number": 1, "title": HOSTILE, "url": "/aanbod/x", "kind": "offer", "level": "open"}
    listing["changes"] = [HOSTILE]
    told = {"visibility": "exact", "place": HOSTILE, "street": HOSTILE, "area": None, "count": 2}
    point = {"type": "Point", "coordinates": [4.913, 52.392]}
    feature = {
        "type": "Feature",
        "id": "x",
        "geometry": point,
        "properties": {**told, "listings": [listing, listing]},
    }
    wijk = {"code": "NK", "name": HOSTILE, "url": "/", "lat": 52.39, "lon": 4.91, "count": 1}
    body = {"features": [feature], "wijken": [wijk], "stadsdelen": []}

    def answer(route: Route) -> None:
        route.fulfill(json=body)

    visit.page.route("**/*.geojson*", answer)
    visit.page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
    visit.open("/wijk/volewijck")
    map_in_view(visit.page)
    visit.page.locator(".map-mark").click()
    expect(visit.page.locator(".map-title")).to_have_text(HOSTILE)
    expect(visit.page.locator(".map-popup a").first).to_have_text(HOSTILE)
    expect(visit.page.locator(".map-popup li p").first).to_have_text(HOSTILE)
    expect(visit.page.locator(".map-name")).to_have_text(HOSTILE)
    expect(visit.page.locator(".map-frame img")).to_have_count(0)
    assert visit.complaints == []


def test_map_without_its_places_says_so(window: Opener) -> None:
    visit = window()
    visit.page.route("**/*.geojson*", lambda route: route.fulfill(status=503))
    visit.open("/wijk/volewijck")
    visit.page.locator(".map-frame").scroll_into_view_if_needed()
    expect(visit.page.locator(".map-failed")).to_contain_text("De lijst is wel compleet")


def test_drawing_stays_when_the_script_does_not_come(window: Opener) -> None:
    visit = window()
    visit.page.route("**/leaflet.js", lambda route: route.abort())
    visit.open("/stadsdeel/noord")
    visit.page.wait_for_timeout(500)
    expect(visit.page.locator("svg.map a[aria-label='7. Volewijck']")).to_be_visible()


def test_without_script_the_drawing_leads_to_the_wijken(window: Opener) -> None:
    visit = window(360, script=False)
    visit.open("/stadsdeel/noord")
    visit.page.locator("svg.map a[aria-label='7. Volewijck']").click()
    expect(visit.page).to_have_url(re.compile("/wijk/volewijck$"))
    assert not [url for url in visit.requests if "leaflet" in url or "/kaart/" in url]


def test_nothing_moves_for_who_asked_for_stillness(window: Opener) -> None:
    visit = window(reduced_motion="reduce")
    visit.open("/stadsdeel/noord")
    map_in_view(visit.page)
    assert "leaflet-fade-anim" not in (
        visit.page.locator(".map-frame").get_attribute("class") or ""
    )
