"""Journey 2 and the list for a family: made, printed, handed on, with and without script."""

import re
from collections.abc import Callable, Iterator
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, Opener, Window
from tests.browser.test_every_page import assert_accessible, assert_fits, assert_silent

A4 = (595, 842)
"""In points."""
SHEET = 695
"""The width of what is printed, in pixels: A4 without its margins."""
HEIGHTS = """() => [...document.querySelectorAll(".a4 > section")].map((part) =>
  [part.querySelector("h2 a").getAttribute("href").split("/").pop(), part.offsetHeight])"""


class Hands:
    """Counts what somebody does."""

    def __init__(self, window: Window) -> None:
        self.window, self.page, self.actions = window, window.page, 0
        self._began = monotonic()

    def press(self, role: str, name: str, at: int = 0) -> None:
        self.actions += 1
        self.page.get_by_role(role, name=re.compile(name)).nth(at).click()

    def search(self, words: str) -> None:
        self.window.open("/")
        self.actions += 2
        self.page.get_by_label("Typ wat u zoekt").fill(words)
        self.page.keyboard.press("Enter")
        expect(self.page).to_have_url(re.compile("/zoeken"))

    @property
    def seconds(self) -> float:
        return monotonic() - self._began


def printed(page: Page) -> bytes:
    """The page as it comes out of a printer."""
    return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)


def sheets(pdf: bytes) -> int:
    """How many sheets of paper it takes."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def on_paper(page: Page) -> str:
    """The words that are printed."""
    page.emulate_media(media="print")
    words = " ".join(page.locator("body").inner_text().split()).replace("\u00ad", "")
    page.emulate_media(media="null")
    return words


def make(window: Window, *slugs: str, **how: str) -> None:
    asked = [*(f"aanbod={slug}" for slug in slugs), *(f"{name}={how[name]}" for name in how)]
    window.open("/lijstje?klaar=1&" + "&".join(asked))


@pytest.mark.parametrize(("width", "script"), [(360, False), (1280, True)])
def test_journey_2_the_same_printed_card_for_both_parents(
    window: Opener, width: int, script: bool, record_property: Callable[[str, object], None]
) -> None:
    """A KIES group that comes to the school, and talking for the parents, on one card."""
    oka = window(width, script=script)
    hands = Hands(oka)
    hands.search("groep scheiding op school")
    card = oka.page.locator(".card", has_text=re.compile("school", re.IGNORECASE)).first
    title = card.get_by_role("link").first.inner_text().partition(". ")[2].replace("\u00ad", "")
    hands.actions += 1
    card.get_by_role("checkbox").check()
    hands.press("button", "^Maak een lijstje")
    hands.press("button", "^Maak het lijstje klaar")
    assert hands.actions <= 5
    record_property("actions", hands.actions)
    record_property("seconds", round(hands.seconds, 1))
    expect(oka.page.get_by_role("heading", level=1)).to_have_text("Één plek om te proberen")
    link = oka.page.url
    cards = []
    for _ in ("mother", "father"):
        parent = window(360)
        parent.page.goto(link)
        assert title in parent.page.locator("article").inner_text().replace("\u00ad", "")
        assert sheets(printed(parent.page)) == 1
        cards.append(on_paper(parent.page))
        assert_silent(parent)
    assert cards[0] == cards[1]
    assert re.search(r"Hoe.*(Vraag naar|Bel).*020 000 00\d\d", cards[0])
    assert_silent(oka)


@pytest.mark.parametrize("script", [True, False])
def test_list_is_made_ordered_and_thinned(window: Opener, script: bool) -> None:
    oka = window(360, script=script)
    hands = Hands(oka)
    hands.search("opvoeding")
    for at in range(3):
        hands.actions += 1
        oka.page.get_by_role("checkbox", name=re.compile("^Kies")).nth(at).check()
    hands.press("button", "^Maak een lijstje")
    names = oka.page.locator(".sorting h3 a").all_inner_texts()
    assert len(names) == 3
    hands.press("link", "^Omlaag")
    hands.press("link", "^Haal weg", at=2)
    assert oka.page.locator(".sorting h3 a").all_inner_texts() == [names[1], names[0]]
    oka.page.get_by_role("link", name="Verder zoeken").click()
    expect(oka.page.get_by_role("checkbox", name=re.compile("^Kies"), checked=True)).to_have_count(
        2
    )
    oka.page.go_back()
    hands.press("button", "^Maak het lijstje klaar")
    assert hands.actions == 9
    expect(oka.page.locator(".a4 > section h2")).to_have_text(
        [
            re.compile(rf"{at}\. {re.escape(name)}")
            for at, name in enumerate((names[1], names[0]), 1)
        ]
    )
    assert_silent(oka)


def tallest(window: Window, slugs: list[str]) -> Iterator[tuple[int, str]]:
    """How tall each is on paper, as it stands among five."""
    window.page.emulate_media(media="print")
    for first in range(0, len(slugs), 5):
        make(window, *(slugs + slugs)[first : first + 5])
        yield from ((height, slug) for slug, height in window.page.evaluate(HEIGHTS))


def test_the_five_longest_fit_on_one_a4(window: Opener, slugs: dict[str, str]) -> None:
    reader = window(SHEET)
    offers = slugs["offers"].split()
    assert len(offers) > 150
    longest = [slug for _, slug in sorted(set(tallest(reader, offers)), reverse=True)[:5]]
    make(reader, *longest)
    pdf = printed(reader.page)
    assert sheets(pdf) == 1
    width, height = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)[0]
    assert (round(float(width)), round(float(height))) == A4
    assert b"/Marked true" in pdf, "tagged, for who listens to it"
    assert b"/Lang (nl)" in pdf
    words = on_paper(reader.page)
    assert "Vijf plekken om te proberen" in words
    assert "Een vermelding is geen aanbeveling" in words
    assert "Deel dit lijstje" not in words
    for count in range(1, 5):
        make(reader, *longest[:count])
        assert sheets(printed(reader.page)) == 1, count


def test_other_languages_fit_and_run_the_right_way(window: Opener, slugs: dict[str, str]) -> None:
    reader = window(360)
    make(reader, *slugs["in_arabic"].split(), lees="ar")
    words = reader.page.locator(".a4-words[lang=ar]")
    assert words.count() == len(slugs["in_arabic"].split())
    assert words.first.evaluate("it => getComputedStyle(it).direction") == "rtl"
    assert sheets(printed(reader.page)) == 1
    for width in WIDTHS:
        assert_fits(reader.page, (width,))
        assert_accessible(reader.page)


def test_notes_stay_on_the_device(window: Opener, slugs: dict[str, str]) -> None:
    family = window(360)
    make(family, slugs["offer"])
    link, box = family.page.url, family.page.get_by_label("Deze aantekeningen staan alleen")
    family.page.wait_for_load_state("networkidle")
    asked = len(family.requests)
    box.fill("Dinsdag bellen\nVraag of opa mee mag")
    assert family.requests[asked:] == [], "nothing was sent"
    family.page.reload()
    expect(box).to_have_value("Dinsdag bellen\nVraag of opa mee mag")
    assert "Vraag of opa mee mag" in on_paper(family.page)
    make(family, slugs["ended"])
    expect(box).to_have_value("")
    family.page.goto(link)
    family.page.get_by_role("button", name="Wis mijn aantekeningen").click()
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    expect(family.page.locator("#notes-state")).to_have_text("Uw aantekeningen zijn gewist.")
    assert family.page.evaluate("Object.keys(localStorage)") == []
    assert_silent(family)


def test_notes_of_lists_that_are_over_are_removed(window: Opener, slugs: dict[str, str]) -> None:
    family = window(360)
    make(family, slugs["offer"])
    family.page.get_by_label("Deze aantekeningen").fill("Dinsdag bellen")
    old = '{"until": "2026-11-22", "text": "Oud"}'
    for path in ("/lijstje", "/lijstje/weg", family.page.url.removeprefix(family.site)):
        family.page.evaluate(f"localStorage.setItem('lijstje:oud', '{old}')")
        family.open(path)
        kept = family.page.evaluate("Object.keys(localStorage)")
        assert len(kept) == 1
        assert kept != ["lijstje:oud"]


def test_without_script_there_are_lines_to_write_on(window: Opener, slugs: dict[str, str]) -> None:
    family = window(360, script=False)
    make(family, slugs["offer"])
    expect(family.page.locator(".write")).to_be_visible()
    expect(family.page.locator("textarea")).to_be_hidden()
    expect(family.page.get_by_role("button", name="Druk af")).to_be_hidden()
    assert_fits(family.page, (320, *WIDTHS))


def test_link_can_be_copied(window: Opener, slugs: dict[str, str]) -> None:
    oka = window(1280, permissions=["clipboard-read", "clipboard-write"])
    make(oka, slugs["offer"], groot="1")
    oka.page.get_by_role("button", name="Kopieer link").click()
    copied = oka.page.evaluate("navigator.clipboard.readText()")
    assert copied == oka.page.url.replace(oka.site, "http://localhost:8000")
    assert_silent(oka)
