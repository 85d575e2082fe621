"""Every kind of page: reachable, accessible, complete, and speaking to nobody else."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import WIDTHS, Opener

PAGES = {
    "home": "/",
    "results": "/zoeken?q=faalangst&stadsdeel=noord&leeftijd=14",
    "results nearby": "/zoeken?q=koken&bij=wijk:volewijck&straal=3",
    "results with choice": "/zoeken?q=1095",
    "results empty": "/zoeken?q=xyzzyqwerty",
    "results thin": "/zoeken?q=faalangst&wijk=driemond&taal=tr",
    "results bad value": "/zoeken?q=judo&leeftijd=oud&stadsdeel=atlantis",
    "results danger": "/zoeken?thema=kindermishandeling",
    "listing": "/aanbod/{offer}",
    "listing place": "/aanbod/{place}",
    "listing ended": "/aanbod/{ended}",
    "listing hidden": "/aanbod/{hidden}",
    "provider": "/aanbieder/{provider}",
    "stadsdeel": "/stadsdeel/noord",
    "stadsdeel without team": "/stadsdeel/weesp",
    "gebied": "/gebied/oud-noord",
    "wijk": "/wijk/volewijck",
    "wijk on leave": "/wijk/banne-buiksloot",
    "waarheen": "/waarheen",
    "over": "/over",
    "privacy": "/privacy",
    "toegankelijkheid": "/toegankelijkheid",
    "not found": "/bestaat-niet",
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_stays_home(
    window: Opener, slugs: dict[str, str], name: str, width: int
) -> None:
    reader = window(width)
    reader.open(PAGES[name].format(**slugs))
    reader.page.wait_for_load_state("networkidle")
    results = Axe().run(reader.page)
    assert results.violations_count == 0, results.generate_report()
    assert reader.strangers == []
    complaints = [text for text in reader.complaints if "404" not in text]
    assert complaints == []
    assert reader.page.locator("h1").count() == 1
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert reader.page.evaluate(overflow) <= 0, "the page scrolls sideways"
    assert reader.page.context.cookies() == []


@pytest.mark.parametrize("name", ["listing", "results", "wijk", "stadsdeel"])
def test_page_reflows_at_320_px(window: Opener, slugs: dict[str, str], name: str) -> None:
    reader = window(320)
    reader.open(PAGES[name].format(**slugs))
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert reader.page.evaluate(overflow) <= 0


@pytest.mark.parametrize("name", ["home", "results", "listing", "wijk", "stadsdeel"])
def test_page_is_accessible_in_the_dark(window: Opener, slugs: dict[str, str], name: str) -> None:
    reader = window(1280, color_scheme="dark")
    reader.open(PAGES[name].format(**slugs))
    results = Axe().run(reader.page)
    assert results.violations_count == 0, results.generate_report()
