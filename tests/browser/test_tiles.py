"""A map with a background: from our own address, with thanks to who made it, and not unasked."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from socialmap.app import create_app
from tests.browser.conftest import Opener, serving
from tests.conftest import settings_in
from tests.services import PNG, Answer, Service, running_service

CREDIT = "Kaart: © <b>Makers</b>"


@pytest.fixture
def tiled_site(full_city: Path, tmp_path: Path) -> Iterator[tuple[str, Service]]:
    """The address of a server with tiles, and the service they come from."""
    folder = Path(shutil.copytree(full_city, tmp_path / "instance"))
    with running_service(lambda path: Answer(PNG, "image/png")) as service:
        url = f"{service.url}/{{z}}/{{x}}/{{y}}.png"
        app = create_app(replace(settings_in(folder), tiles_url=url, tiles_credit=CREDIT))
        with serving(app, threads=8) as address:
            yield address, service
        app.extensions["engine"].dispose()


@pytest.mark.parametrize("path", ["/wijk/volewijck", "/stadsdeel/noord", "/zoeken?q=opvoeding"])
def test_background_comes_from_our_own_address(
    window: Opener, tiled_site: tuple[str, Service], path: str
) -> None:
    visit = window()
    visit.site, service = tiled_site
    visit.open(path)
    visit.page.locator(".map-frame").first.scroll_into_view_if_needed()
    visit.page.locator(".map-mark").first.wait_for()
    visit.page.locator(".leaflet-tile-loaded").first.wait_for()
    expect(visit.page.locator(".map-credit")).to_have_text(CREDIT)
    assert service.paths
    assert visit.strangers == []
    assert visit.complaints == []


def test_tiles_stop_at_the_edge_of_the_city(
    window: Opener, tiled_site: tuple[str, Service]
) -> None:
    visit = window(360)
    visit.site, _ = tiled_site
    visit.open("/wijk/waterland")
    visit.page.locator(".map-frame").scroll_into_view_if_needed()
    visit.page.locator(".map-mark").first.wait_for()
    out = visit.page.get_by_role("button", name="Uitzoomen")
    while out.get_attribute("aria-disabled") != "true":
        out.click()
        visit.page.wait_for_timeout(300)
    assert visit.complaints == []


def test_without_setting_no_tile_is_asked_for(window: Opener) -> None:
    visit = window()
    visit.open("/wijk/volewijck")
    visit.page.locator(".map-frame").scroll_into_view_if_needed()
    visit.page.locator(".map-mark").first.wait_for()
    assert not [url for url in visit.requests if "/tegels/" in url]
    expect(visit.page.locator(".map-credit")).to_have_count(0)
