"""Journeys 6, 11 and 13 of REQUIREMENTS.md: something meanwhile, a family that moves, a door."""

import logging
import re
from time import monotonic

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect
from sqlmodel import Session, select

from socialmap.geo.tree import area_tree
from socialmap.listings.cards import Card
from socialmap.models import ListingCard
from socialmap.models.terms import AreaLevel, ReferralRoute, Status
from tests.browser.conftest import WIDTHS, Opener, Window
from tests.browser.test_every_page import assert_accessible, assert_fits, assert_silent, wake_maps
from tests.browser.test_journeys import follow, press_until_focused
from tests.factories import TODAY

log = logging.getLogger(__name__)
BOX = "Postcode, wijk of stadsdeel"
WAYS = pytest.mark.parametrize(
    ("width", "by_keyboard", "script"), [(360, False, True), (1280, True, False)]
)


class Someone:
    """A reader whose actions are counted: what is typed, chosen and followed."""

    def __init__(self, window: Window, by_keyboard: bool) -> None:
        self.window, self.by_keyboard = window, by_keyboard
        self.actions, self._began = 0, monotonic()

    @property
    def page(self):
        return self.window.page

    def types(self, label: str, text: str) -> None:
        """Fill in a box and send it: two actions."""
        box = self.page.get_by_role("main").get_by_label(label).first
        if self.by_keyboard:
            press_until_focused(self.window, box)
            self.page.keyboard.type(text)
            self.page.keyboard.press("Enter")
        else:
            box.fill(text)
            box.press("Enter")
        self.actions += 2

    def follows(self, link: Locator) -> None:
        follow(self.window, link, by_keyboard=self.by_keyboard)
        self.actions += 1

    def told(self, journey: str) -> int:
        """The actions until now; the log keeps them with the seconds."""
        seconds = monotonic() - self._began
        log.info("%s: %d actions, %.1f s", journey, self.actions, seconds)
        return self.actions


@pytest.fixture(scope="module")
def waiting(full_app: Flask) -> Card:
    """A listing that is full, and about whose first theme something open goes on meanwhile."""
    with Session(full_app.extensions["engine"]) as session:
        known = [Card.model_validate(row.data) for row in session.exec(select(ListingCard))]
    light = {
        theme
        for card in known
        if card.level == "open" and ReferralRoute.SELF in card.routes and "stad" in card.coverage
        for theme in card.themes[:1]
    }
    return next(
        card
        for card in sorted(known, key=lambda card: card.slug)
        if card.waits_long(TODAY)
        and card.status == Status.LIVE
        and card.level != "open"
        and card.themes[0] in light
    )


@WAYS
def test_journey_11_a_family_moves_to_another_stadsdeel(
    window: Opener, width: int, by_keyboard: bool, script: bool
) -> None:
    """From a page of the old wijk: who knows the new one?"""
    oka = Someone(window(width, script=script), by_keyboard)
    oka.window.open("/wijk/volewijck")
    oka.follows(oka.page.get_by_role("link", name="Zoek wie die kent"))
    oka.types(BOX, "Osdorp-Midden")
    expect(oka.page).to_have_url(re.compile(r"/wijk/osdorp-midden#contact$"))
    card = oka.page.locator("#contact")
    expect(card).to_contain_text("Wijkcontactpersoon Osdorp-Midden")
    expect(card.get_by_role("link", name=re.compile("^Bel 020"))).to_be_visible()
    actions = oka.told("journey 11, another stadsdeel")
    assert actions <= 3
    assert_silent(oka.window)


@WAYS
def test_journey_11_a_family_moves_outside_the_city(
    window: Opener, width: int, by_keyboard: bool, script: bool
) -> None:
    oka = Someone(window(width, script=script), by_keyboard)
    oka.window.open("/contactpersonen")
    oka.types(BOX, "3511")
    told = oka.page.get_by_role("alert")
    expect(told).to_contain_text("Deze gids gaat alleen over Amsterdam en Weesp")
    expect(told).to_contain_text("de gemeente daar")
    expect(oka.page.get_by_role("main").get_by_label(BOX)).to_have_value("3511")
    actions = oka.told("journey 11, outside the city")
    assert actions == 2
    if script:  # axe waits for a clock that stands still without it
        assert_accessible(oka.page)


@WAYS
def test_journey_11_a_postcode_in_two_wijken_is_asked(
    window: Opener, width: int, by_keyboard: bool, script: bool
) -> None:
    oka = Someone(window(width, script=script), by_keyboard)
    oka.window.open("/")
    oka.types(BOX, "1095")
    choice = oka.page.locator("section", has=oka.page.get_by_role("heading", name="In welke wijk?"))
    oka.follows(choice.get_by_role("link").first)
    expect(oka.page).to_have_url(re.compile(r"/wijk/[a-z-]+#contact$"))
    expect(oka.page.locator("#contact .contact")).to_be_visible()
    actions = oka.told("journey 11, a postcode in two wijken")
    assert actions == 3


@WAYS
def test_journey_13_a_provider_finds_a_door_in_west_and_adds_an_offer(
    window: Opener, width: int, by_keyboard: bool, script: bool
) -> None:
    provider = Someone(window(width, script=script), by_keyboard)
    provider.window.open("/")
    provider.types(BOX, "West")
    expect(provider.page).to_have_url(re.compile(r"/stadsdeel/west#contact$"))
    card = provider.page.locator("#contact")
    expect(card).to_contain_text("Contactpersoon van stadsdeel West")
    expect(card.locator("a[href^='tel:']").first).to_be_visible()
    main = provider.page.get_by_role("main")
    provider.follows(main.get_by_role("link", name="Voeg het toe").first)
    expect(provider.page).to_have_url(re.compile(r"/melden$"))
    expect(provider.page.get_by_role("heading", level=1)).to_be_visible()
    actions = provider.told("journey 13")
    assert actions == 3
    assert_silent(provider.window)


@WAYS
def test_journey_6_something_that_can_begin_tomorrow(
    window: Opener,
    waiting: Card,
    width: int,
    by_keyboard: bool,
    script: bool,
) -> None:
    """From a listing that is full to something lighter, with how to get in and whom to call."""
    oka = Someone(window(width, script=script), by_keyboard)
    oka.window.open(f"/aanbod/{waiting.slug}")
    section = oka.page.locator("section[aria-labelledby='h-intussen']")
    first = section.locator(".card").first
    expect(first).to_contain_text("Zelf")
    expect(first.get_by_role("list", name="Waarom past dit")).to_be_visible()
    oka.follows(first.get_by_role("heading").get_by_role("link"))
    way_in = oka.page.locator("section[aria-labelledby='h-in']")
    expect(way_in.get_by_text("Zelf", exact=True)).to_be_visible()
    expect(oka.page.locator("a[href^='tel:']:visible").first).to_be_visible()
    actions = oka.told("journey 6")
    assert actions == 1
    assert_silent(oka.window)


@pytest.mark.parametrize("address", ["/contactpersonen", "/contactpersonen/noord"])
def test_page_reads_without_colour_and_fits_every_width(window: Opener, address: str) -> None:
    reader = window(WIDTHS[0])
    reader.open(address)
    wake_maps(reader.page)
    assert_accessible(reader.page)
    assert_fits(reader.page, (320, 360, 768, 1280))
    assert_silent(reader)


def test_map_opens_a_stadsdeel_and_leads_to_a_contact_by_keyboard(window: Opener) -> None:
    reader = window(1280)
    reader.open("/contactpersonen")
    wake_maps(reader.page)
    button = reader.page.get_by_role("button", name=re.compile("^Noord: 5 wijken"))
    press_until_focused(reader, button)
    reader.page.keyboard.press("Enter")
    mark = reader.page.get_by_role("link", name="Banne Buiksloot, afwezig: bel Said Chaouch")
    press_until_focused(reader, mark, most=200)
    reader.page.keyboard.press("Enter")
    expect(reader.page).to_have_url(re.compile("/wijk/banne-buiksloot#contact$"))
    assert_silent(reader)


def test_point_on_a_map_leads_to_who_knows_the_wijk(window: Opener) -> None:
    reader = window(1280)
    reader.open("/wijk/volewijck")
    wake_maps(reader.page)
    mark = reader.page.locator("button.map-mark").first
    mark.scroll_into_view_if_needed()
    mark.focus()
    reader.page.keyboard.press("Enter")
    popup = reader.page.get_by_role("dialog")
    popup.get_by_role("link", name="Wie kent deze wijk?").click()
    expect(reader.page).to_have_url(re.compile("/wijk/volewijck#contact$"))


def test_the_largest_stadsdeel_prints_on_one_a4(window: Opener, full_app: Flask) -> None:
    with Session(full_app.extensions["engine"]) as session:
        tree = area_tree(session)
        districts = tree.at_level(AreaLevel.DISTRICT)
        largest = max(districts, key=lambda one: len(tree.inside(one.code, AreaLevel.WIJK)))
        wijken = tree.inside(largest.code, AreaLevel.WIJK)
    reader = window(1280)
    reader.open(f"/contactpersonen/{largest.slug}")
    reader.page.emulate_media(media="print")
    printed = reader.page.get_by_role("main").inner_text().replace("\u00ad", "")
    assert all(wijk.name in printed for wijk in wijken)
    assert "Zo was het op 23 november 2026" in printed
    paper = reader.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    [(width, height)] = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) == (210, 297)
