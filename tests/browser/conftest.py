"""A real browser on a real server: Chromium through Playwright, on all of `data/`."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlmodel import Session, select

from socialmap.listings.cards import Card
from socialmap.models import ListingCard, ListingSummary, Person, Team, TeamMember, WijkContact
from socialmap.models.terms import Language, ListingKind, Status
from tests.factories import TODAY

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
IS_REQUIRED = os.environ.get("SOCIALMAP_REQUIRE_BROWSER") == "1"
WIDTHS = (360, 1280)
ON_A_PHONE = [360, pytest.param(1280, marks=pytest.mark.soak)]
"""A walk on a phone; on a desk with the long proofs."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests share one worker, and are skipped with one line where there is no browser."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and not IS_REQUIRED:
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium here: browser tests are skipped")
                )


@contextmanager
def serving(app: Flask, threads: int = 4) -> Iterator[str]:
    """The address of a server of an app, for as long as it is needed."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=threads)
    is_over = Event()

    def run() -> None:
        try:
            server.run()
        except OSError:  # closing takes its sockets away while it waits for them
            if not is_over.is_set():
                raise

    thread = Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    is_over.set()
    server.close()
    thread.join(0.2)  # it waits for browsers that keep a line open


@pytest.fixture(scope="session")
def site(full_app: Flask) -> Iterator[str]:
    """The address of a server with the whole city."""
    with serving(full_app, threads=6) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "SOCIALMAP_REQUIRE_BROWSER=1, and there is no Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Window:
    """A browser window and what went on in it."""

    page: Page
    site: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page of the site and wait until it has loaded."""
        self.page.goto(self.site + path, wait_until="load")

    @property
    def strangers(self) -> list[str]:
        """Requests that left the origin."""
        return [url for url in self.requests if not url.startswith((self.site, "data:", "blob:"))]


Opener = Callable[..., Window]


@pytest.fixture
def window(browser: Browser, site: str) -> Iterator[Opener]:
    """Open a window of a width, with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def opened(width: int = 1280, *, script: bool = True, **options: Any) -> Window:
        context = browser.new_context(
            viewport={"width": width, "height": 800 if width > 600 else 740},
            java_script_enabled=script,
            locale="nl-NL",
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        found = Window(context.new_page(), site)
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.on(
            "console",
            lambda message: (
                message.type in ("error", "warning") and found.complaints.append(message.text)
            ),
        )
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        return found

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def slugs(full_app: Flask) -> dict[str, str]:
    """A listing, a provider, a team and a person of each kind, by slug."""
    with Session(full_app.extensions["engine"]) as session:
        return {**listing_slugs(session), **team_slugs(session), **person_slugs(session)}


def listing_slugs(session: Session) -> dict[str, str]:
    """Listings in each state; places where something happens and where nothing does; a provider."""
    known = [Card.model_validate(row.data) for row in session.exec(select(ListingCard))]
    offers = [card for card in known if card.provider and card.status == Status.LIVE]
    venues = [card for card in known if card.kind == ListingKind.PLACE]
    busy = {place.name for card in offers for place in card.places}
    written = select(ListingSummary.listing_id).where(ListingSummary.language == Language.AR)
    arabic = set(session.exec(written))
    many, _ = Counter(card.provider.slug for card in offers if card.provider).most_common(1)[0]
    return {
        "offer": next(card.slug for card in offers if card.sessions and card.places),
        "place": next(card.slug for card in venues if card.places[0].name in busy),
        "bare": next(card.slug for card in venues if card.places[0].name not in busy),
        "ended": next(card.slug for card in known if card.status == Status.ENDED),
        "closed": next(card.slug for card in known if card.is_closed(TODAY)),
        "full": next(card.slug for card in offers if card.waits_long(TODAY)),
        "hidden": next(
            card.slug for card in offers if any(p.visibility == "hidden" for p in card.places)
        ),
        "provider": many,
        "translated": next(card.slug for card in known if card.id in arabic),
        "in_arabic": " ".join(card.slug for card in known if card.id in arabic),
        "offers": " ".join(card.slug for card in offers),
    }


def team_slugs(session: Session) -> dict[str, str]:
    """The team of which most is known, and one of which nobody is."""
    members = Counter(session.exec(select(TeamMember.team_id)))
    teams = session.exec(select(Team).order_by(Team.slug)).all()
    return {
        "team": max(teams, key=lambda team: members[team.id]).slug,
        "bare_team": next(team.slug for team in teams if not members[team.id]),
    }


def person_slugs(session: Session) -> dict[str, str]:
    """A member of a team, and contacts of a wijk who are there, on leave and gone."""
    slugs = {person.id: person.slug for person in session.exec(select(Person))}
    held = session.exec(select(WijkContact).order_by(WijkContact.area_code)).all()
    current = {row.person_id for row in held if row.is_current(TODAY)}
    others = current | {row.deputy_id for row in held}
    return {
        "member": slugs[session.exec(select(TeamMember.person_id)).first()],
        "present": next(slugs[row.person_id] for row in held if row.is_current(TODAY)),
        "absent": next(slugs[row.person_id] for row in held if row.is_absent(TODAY)),
        "left": next(slugs[row.person_id] for row in held if row.person_id not in others),
    }
