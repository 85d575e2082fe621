"""From "Werkt u hier?" to yes and to stop, on a phone, with the mail beside it."""

import email
import re
import shutil
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from socialmap import accounts, db
from socialmap.app import create_app
from socialmap.listings.values import ProviderValues
from socialmap.models.terms import Role
from tests.browser.conftest import Opener, Window, serving
from tests.conftest import COMPILED, settings_in
from tests.factories import TODAY, listing, save

FATMA, BEA = "fatma@een-heel-lange-naam-van-een-stichting.example", "bea@wijk.example"
SITE = "https://www.een-heel-lange-naam-van-een-stichting.example"
DRAAD = ProviderValues(name="Draad & Daad", is_informal=True, website=SITE)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def folder(empty_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of one's own, where mail lands."""
    return Path(shutil.copytree(empty_city, tmp_path_factory.mktemp("claims") / "instance"))


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """The address of a server with one listing, in the wijk of Bea."""
    app = create_app(settings_in(folder))
    app.jinja_env.bytecode_cache = COMPILED
    engine = app.extensions["engine"]
    save(engine, listing(provider=DRAAD))
    with db.writing(engine) as session:
        accounts.add_role(session, BEA, Role.WIJK_CONTACT, TODAY, area="NK", name="Bea de Wit")
    with serving(app) as address:
        yield address
    engine.dispose()


def newest_link(folder: Path, mail: str) -> str:
    """The path of the link in the last letter to an address."""
    paths = sorted((folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    letters = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
    body = next(one for one in reversed(letters) if one["To"] == mail).get_body(("plain",))
    found = body and re.search(r"^http://localhost:8000(/\S+)$", body.get_content(), re.MULTILINE)
    assert found
    return found[1]


def assert_reads(seen: Window, heading: str) -> None:
    """The page has this heading, nothing sticks out, and axe finds nothing."""
    expect(seen.page.get_by_role("heading", level=1)).to_have_text(heading)
    found = Axe().run(seen.page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    assert seen.page.evaluate(OVERFLOW) <= 0


def press(seen: Window, button: str) -> None:
    seen.page.get_by_role("button", name=button).click()


def asks(seen: Window, folder: Path, mail: str) -> None:
    """From the page of the listing to the page of the claim."""
    page = seen.page
    seen.open("/aanbod/kop-op")
    page.get_by_role("link", name="Werkt u hier? Houd het zelf bij").click()
    assert_reads(seen, "Werkt u bij Draad & Daad?")
    page.get_by_label("Uw mailadres").fill("fatma@")
    page.get_by_label("Wat doet u daar?").fill("Ik geef de naailes.")
    press(seen, "Stuur mij een link")
    expect(page).to_have_title(re.compile("^Fout: Werkt u bij"))
    assert_reads(seen, "Werkt u bij Draad & Daad?")
    page.get_by_role("alert").get_by_role("link", name="Vul uw naam in").click()
    page.keyboard.type("Fatma Yıldız")
    page.get_by_label("Uw mailadres").fill(mail)
    expect(page.get_by_label("Wat doet u daar?")).to_have_value("Ik geef de naailes.")
    press(seen, "Stuur mij een link")
    assert_reads(seen, "Kijk in uw mail")
    seen.open(newest_link(folder, mail))
    press(seen, "Log in")
    assert_reads(seen, "Werkt u bij Draad & Daad?")


def test_asked_confirmed_stopped_and_granted_on_a_phone(window: Opener, folder: Path) -> None:
    fatma = window(360)
    asks(fatma, folder, FATMA)
    press(fatma, "Ja, dit ben ik")
    assert_reads(fatma, "U kunt bijna beginnen")
    expect(fatma.page.locator("main")).to_contain_text("woensdag 25 november 2026")
    fatma.open("/bureau")
    assert_reads(fatma, "Uw bureau")

    bea = window(360)
    bea.open(newest_link(folder, BEA))
    bea.page.get_by_label("Uw mailadres").fill(BEA)
    press(bea, "Stuur mij een link")
    bea.open(newest_link(folder, BEA))
    press(bea, "Log in")
    assert_reads(bea, "Mag Fatma Yıldız de vermeldingen van Draad & Daad bijhouden?")
    bea.page.get_by_label("Waarom niet?").fill("Fatma werkt hier niet meer.")
    press(bea, "Houd dit tegen")
    expect(bea.page.get_by_role("status")).to_have_text("Deze aanvraag is tegengehouden.")
    fatma.open(newest_link(folder, FATMA))
    assert_reads(fatma, "Uw aanvraag is tegengehouden")
    expect(fatma.page.locator("main")).to_contain_text("Fatma werkt hier niet meer.")

    other = window(360)
    asks(other, folder, "fatma@gmail.com")
    press(other, "Ja, dit ben ik")
    assert_reads(other, "Uw aanvraag wacht op een besluit")
    bea.open("/bureau/aanvragen")
    assert_reads(bea, "Wie wil vermeldingen bijhouden?")
    bea.page.get_by_role("link", name="Fatma Yıldız, voor Draad & Daad").click()
    press(bea, "Nee, wijs af")
    expect(bea.page.get_by_role("alert")).to_contain_text("Zeg in een paar woorden waarom")
    assert_reads(bea, "Mag Fatma Yıldız de vermeldingen van Draad & Daad bijhouden?")
    press(bea, "Ja, dit mag")
    expect(bea.page.get_by_role("status")).to_have_text("Fatma Yıldız mag dit bijhouden.")

    other.page.reload()
    assert_reads(other, "U houdt Draad & Daad bij")
    other.page.get_by_role("link", name="Zie wie er nog meer bijhouden").click()
    assert_reads(other, "Wie houdt Draad & Daad bij?")
    other.page.get_by_role("link", name="Stop ermee").click()
    assert_reads(other, "Wilt u Draad & Daad niet meer bijhouden?")
    expect(other.page.locator("main")).to_contain_text("U bent de laatste.")
    for seen in (fatma, bea, other):
        assert seen.strangers == []
        assert [text for text in seen.complaints if "422" not in text] == []
