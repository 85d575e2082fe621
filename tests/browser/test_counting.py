"""A tap on a number or address of a listing is told to us, without a cookie; nothing else is."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Request
from sqlmodel import Session, select

from socialmap.app import create_app
from socialmap.models import ListingCount
from socialmap.models.terms import Counted
from tests.browser.conftest import Opener, serving
from tests.conftest import COMPILED, settings_in
from tests.factories import listing, save


@pytest.fixture(scope="module")
def own_app(empty_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A city with one listing, that has a number and a mail address."""
    folder = Path(shutil.copytree(empty_city, tmp_path_factory.mktemp("counting") / "instance"))
    app = create_app(settings_in(folder))
    app.jinja_env.bytecode_cache = COMPILED
    save(app.extensions["engine"], listing(mail="kop-op@noordlicht.example"))
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def site(own_app: Flask) -> Iterator[str]:
    """The address of its server."""
    with serving(own_app) as address:
        yield address


def test_taps_on_the_listing_are_told_and_those_on_the_editors_are_not(
    own_app: Flask, window: Opener
) -> None:
    reader = window(360)
    reader.open("/aanbod/kop-op")
    sent: list[Request] = []
    reader.page.on("request", lambda request: sent.append(request))
    reader.page.evaluate(  # a telephone would open; here nothing does
        "addEventListener('click', event => event.preventDefault())"
    )
    reader.page.locator("[aria-labelledby='h-anders'] a[href^='mailto:']").first.click()
    for way in ("tel:", "mailto:"):
        with reader.page.expect_response("**/geteld") as answer:
            reader.page.locator(f".contact a[href^='{way}']").first.click()
        assert answer.value.status == 204
    told = [one for one in sent if one.url.endswith("/geteld")]
    assert [one.post_data for one in told] == ["aanbod=kop-op"] * 2
    assert all("cookie" not in one.all_headers() for one in told)
    own_app.extensions["seens"].flush(own_app.extensions["engine"])
    with Session(own_app.extensions["engine"]) as session:
        rows = session.exec(select(ListingCount.what, ListingCount.count)).all()
    assert dict(rows) == {Counted.OPENED: 1, Counted.CALLED: 2}
    assert reader.complaints == []
