"""Coming in and going out, as people do: by keyboard and on a phone, with the mail beside it."""

import email
import re
import shutil
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from socialmap import accounts, db
from socialmap.app import create_app
from socialmap.models.terms import Role
from tests.browser.conftest import WIDTHS, Opener, Window, serving
from tests.conftest import COMPILED, settings_in
from tests.factories import TODAY

MAIL = "yara@gids.example"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def folder(empty_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of one's own, where mail lands."""
    return Path(shutil.copytree(empty_city, tmp_path_factory.mktemp("login") / "instance"))


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """The address of a server where Yara has an account."""
    app = create_app(settings_in(folder))
    app.jinja_env.bytecode_cache = COMPILED
    engine = app.extensions["engine"]
    with db.writing(engine) as session:
        accounts.add_role(session, MAIL, Role.PROFESSIONAL, TODAY, name="Yara van der Koster")
        accounts.add_role(session, MAIL, Role.WIJK_CONTACT, TODAY, area="NK")
    with serving(app) as address:
        yield address
    engine.dispose()


def newest_link(folder: Path) -> str:
    """The path of the link in the last letter."""
    path = max((folder / "mail").glob("*.eml"), key=lambda found: found.stat().st_mtime_ns)
    letter = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    body = letter.get_body(("plain",))
    found = body and re.search(r"^http://localhost:8000(/\S+)$", body.get_content(), re.MULTILINE)
    assert found
    return found[1]


def press(window: Window, target: Locator) -> None:
    """Go there with Tab and press Enter."""
    for _ in range(60):
        if target.evaluate("node => node === document.activeElement"):
            break
        window.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"no keyboard way to {target}")
    window.page.keyboard.press("Enter")


def assert_fits(window: Window) -> None:
    found = Axe().run(window.page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert window.page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("width", WIDTHS)
def test_in_and_out_by_keyboard(window: Opener, folder: Path, width: int) -> None:
    seen = window(width, script=True)
    page = seen.page
    seen.open("/bureau")
    expect(page).to_have_url(re.compile("/inloggen$"))
    assert_fits(seen)
    box = page.get_by_label("Uw mailadres")
    box.focus()
    page.keyboard.type("yara@gids")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Dit is geen mailadres")
    expect(box).to_have_value("yara@gids")
    assert_fits(seen)
    press(seen, page.get_by_role("link", name="Dit is geen mailadres"))
    expect(box).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(".example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in uw mail")
    assert_fits(seen)
    link = newest_link(folder)
    seen.open(link)
    assert_fits(seen)
    press(seen, page.get_by_role("button", name="Log in"))
    expect(page).to_have_url(re.compile("/bureau$"))
    expect(page.locator("main")).to_contain_text("Wijkcontactpersoon: Volewijck")
    assert_fits(seen)
    page.reload()
    expect(page).to_have_url(re.compile("/bureau$"))
    press(seen, page.get_by_role("button", name="Uitloggen", exact=True))
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()
    assert_fits(seen)
    assert page.context.cookies() == []
    seen.open("/bureau")
    expect(page).to_have_url(re.compile("/inloggen$"))
    seen.open(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Deze link is al gebruikt")
    assert_fits(seen)
    assert seen.strangers == []
    assert [text for text in seen.complaints if "422" not in text and "410" not in text] == []


def test_a_form_of_another_site_is_refused(window: Opener, folder: Path) -> None:
    seen = window(360, script=False)
    seen.page.route(
        "http://evil.example/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{seen.site}/inloggen"><input name="mail">'
            "<button>Doe</button></form>",
        ),
    )
    seen.page.goto("http://evil.example/")
    seen.page.get_by_role("button").click()
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Dit mag hier niet")
