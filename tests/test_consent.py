"""Nothing is shown without consent: everything that anyone can open, for every way to agree.

`tests/agreed.py` says who does what and agreed to what, `tests/peopled.py` puts them in a city.
Here somebody reads all of it: pages, JSON, calendars, tables, maps and prints.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from socialmap.labels import label
from socialmap.models.terms import DetailKind, Language, Role, Weekday
from socialmap.people import album
from tests.agreed import (
    BOTH,
    CASES,
    NEVER,
    PARTS,
    PEOPLE,
    SHARED,
    TOMORROW,
    Somebody,
    somebody,
)
from tests.crawling import Crawl, Page
from tests.entering import enter_as
from tests.factories import TODAY
from tests.marked import OTHER, Marker, marker, markers_in, names
from tests.peopled import LISTINGS, guides, hours, pages_of_areas, people_a_city
from tests.test_permissions import ADMITS

pytestmark = pytest.mark.pages

MOST = 2
"""So many pages of each route besides those that are named here."""
FEEDS = {
    "robots.sitemap",
    "week.city_feed",
    "week.area_feed",
    "open_data.table",
    "open_data.points",
    "maps.points",
    "maps.results_points",
}
NOINDEX = 'name="robots" content="noindex"'
STRUCTURED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
PHOTO = DetailKind.PHOTO
MARKED = [kind for kind in DetailKind if kind not in (DetailKind.DAYS, DetailKind.LANGUAGES)]
"""Details that are of one person only."""

INTRODUCED = ("wijk", "member", "away", "contact", "left", "draft", "nothing")
"""What those do who are asked to be met."""

NOT_REACHED = {
    "login.link": "needs the secret of a letter",
    "about_me.show": "needs the secret of a letter; of the person alone",
    "about_me.photo": "the same",
    "about_me.ask_withdrawal": "the same",
    "about_me.ask_words": "the same",
    "about_me.ask_leave": "the same",
    "klopt.ask": "needs the signed link of a digest; of one listing",
    "klopt.ask_end": "the same",
    "klopt.ask_leave": "the same",
    "yearly.ask_end": "needs the signed link of a yearly mail",
    "offer.going_on": "needs the secret of a letter; of who makes the offer",
    "offer.step": "the same",
    "offer.check": "the same",
    "tiles.tile": "a picture of streets, off unless a server of tiles is set",
    "report.sent": "says thank you after a form, and nothing of the listing but its title",
}
"""Routes for everyone that no link leads to. A route that holds people belongs in `addresses`."""


@pytest.fixture
def city(app: Flask) -> Flask:
    people_a_city(app)
    return app


def set_day(city: Flask, day: date) -> None:
    settings = city.extensions["settings"]
    city.extensions["settings"] = replace(settings, today=day.isoformat())


def addresses(city: Flask, day: date) -> Iterator[str]:
    """What is opened besides what links lead to: every person, and wherever one may stand; on a
    later day only where something changed."""
    yield from ("/", "/sitemap.xml", "/robots.txt", "/open-data", "/deze-week", "/a-z", "/gezond")
    yield from ("/favicon.ico", "/deze-week/wijk/volewijck", "/deze-week/wijk/volewijck.ics")
    yield from ("/deze-week.ics", "/deze-week.atom", "/open-data/vermeldingen.csv")
    yield from ("/open-data/vermeldingen.geojson", "/melden", "/melden/lijkt-op?naam=Cursus")
    yield from (f"/persoon/{one.slug}" for one in PEOPLE if is_opened(one, day))
    for case in changing(day):
        yield from meetings(case)
        yield from (f"/team/okt-{case}", *(f"/aanbod/cursus-{part}-{case}" for part in LISTINGS))
        both = f"aanbod=cursus-contact-{case}&aanbod=cursus-stopped-{case}"
        yield from (f"/vergelijk?{both}", f"/lijstje?klaar=1&{both}")
        yield f"/persoon/{somebody('member', case).slug}/flyer.pdf"
    yield from pages_of_areas(city, changing(day))
    yield from guides(city, changing(day))
    if day == TODAY:
        yield from questions()
    yield from (who_speaks(language) for _, language in SHARED.values())


def meetings(case: str) -> Iterator[str]:
    """Who brings people together: pages with letters that are ready to be sent."""
    yield from (f"/kennismaken/persoon/{somebody(part, case).slug}" for part in INTRODUCED)
    yield from (f"/kennismaken/team/okt-{case}", f"/kennismaken/aanbod/cursus-contact-{case}")


def changing(day: date) -> list[str]:
    """The cases to look at on a day."""
    return [case for case in CASES if day == TODAY or CASES[case].public not in (BOTH, NEVER)]


def is_opened(one: Somebody, day: date) -> bool:
    return one.case in changing(day) or PARTS[one.part].named not in (BOTH, NEVER)


def who_speaks(language: str) -> str:
    return f"/zoeken?q=oka+die+{label(Language(language)).lower()}+spreekt"


def questions() -> Iterator[str]:
    """What somebody may type to hear who it is, or how to reach a person."""
    asked = ["oka", "contactpersoon", "faalangst", "wie kent volewijck", "zqb", "stil.example"]
    for part, case in (("wijk", "inside"), ("member", "silent"), ("nothing", "open")):
        asked += about(somebody(part, case))
    for words in asked:
        yield f"/zoeken?q={quote_plus(words)}"
        yield f"/api/suggest?q={quote_plus(words)}"
    for words in asked[::2]:
        yield f"/api/search?q={quote_plus(words)}"


def about(one: Somebody) -> list[str]:
    """Questions by name, by half a name, by a name with a slip, and by each detail."""
    first, last = one.name.split()
    details = [one.details[kind] for kind in MARKED if kind != DetailKind.PHOTO]
    return [first, f"wie is {last}", f"{last[:-1]}x", *details, details[1].replace(" ", "")]


# What may be seen


def hidden(day: date) -> set[Marker]:
    """Every marker that may stand nowhere on a day."""
    found: set[Marker] = set()
    for one in PEOPLE:
        found |= {marker(one, kind) for kind in MARKED if not one.shows(kind, day)}
        found |= set() if one.is_named(day) else names(one)
    return found


def hidden_from_professionals(day: date) -> set[Marker]:
    """The same, for who may see what people show to professionals only."""
    kept = {marker(one, kind) for one in PEOPLE for kind in MARKED if one.tells(kind, day)}
    return hidden(day) - kept


def shown(day: date) -> set[Marker]:
    """Every marker that stands on a page that was opened; who has a function number is rung on
    that."""
    found: set[Marker] = set()
    for one in (one for one in PEOPLE if is_opened(one, day)):
        found |= names(one) if one.is_named(day) else set()
        kinds = set(MARKED) & one.details.keys() if PARTS[one.part].is_whole else set()
        kinds -= {DetailKind.MOBILE} if CASES[one.case].has_phone else set()
        found |= {marker(one, kind) for kind in kinds if one.shows(kind, day)}
    return found


def leaks(crawl: Crawl, forbidden: set[Marker]) -> list[str]:
    """A line for each page and what it says that it may not."""
    return [
        f"{page.address}: {kind} of {whose(number) if kind != OTHER else number}"
        for page in crawl.pages
        for kind, number in sorted(page.markers - echo(page))
        if kind == OTHER or (kind, number) in forbidden
    ]


def echo(page: Page) -> frozenset[Marker]:
    """What a page repeats of the question is told to nobody who did not know it."""
    return page.asked if page.endpoint.startswith("results.") else frozenset()


def whose(number: int) -> str:
    return PEOPLE[number].key


# Tests


def test_a_visitor_reads_what_people_agreed_to_and_no_more(city: Flask) -> None:
    crawl = Crawl(city, city.test_client(), MOST).reads(addresses(city, TODAY))
    see_nothing_but_what_is_shown(crawl, TODAY)
    see_that_portraits_are_shown_alike(city, TODAY)
    see_that_a_detail_tells_no_name(crawl)
    see_that_data_for_others_names_nobody(crawl)
    see_that_no_search_engine_reads_of_people(crawl)
    see_that_every_route_was_opened(city, crawl)


def test_a_day_later_a_visitor_reads_what_people_agree_to_then(city: Flask) -> None:
    """Also in what was printed the day before and is kept for a while."""
    printed = Crawl(city, city.test_client(), 0).reads(guides(city, changing(TOMORROW)))
    assert printed.reached() == {"guide.guide"}
    set_day(city, TOMORROW)
    crawl = Crawl(city, city.test_client(), MOST).reads(addresses(city, TOMORROW))
    see_nothing_but_what_is_shown(crawl, TOMORROW)
    see_that_portraits_are_shown_alike(city, TOMORROW)


def test_who_is_signed_in_reads_no_more_than_people_agreed_to(city: Flask) -> None:
    """Of others than those whose entry they keep: here nobody's."""
    professional = enter_as(city, Role.PROFESSIONAL)
    see_no_more_than_is_told(city, professional, TODAY)
    see_no_more_than_is_told(city, enter_as(city, Role.WIJK_CONTACT, area="TK"), TODAY)
    editor = enter_as(city, Role.EDITOR, provider="elders")
    see_no_more_than_is_told(city, editor, TODAY, is_trusted=False)
    set_day(city, TOMORROW)
    see_no_more_than_is_told(city, professional, TOMORROW)


def test_the_index_of_the_search_engine_holds_no_person(city: Flask) -> None:
    files = [path for path in city.extensions["settings"].index_dir.rglob("*") if path.is_file()]
    held = "".join(path.read_bytes().decode("latin-1") for path in files)
    assert "cursus" in held, "the words of listings are in it, and can be read"
    assert markers_in(held) == set()


# What is looked for


def see_nothing_but_what_is_shown(crawl: Crawl, day: date) -> None:
    """What may be seen stands somewhere, and nothing else anywhere."""
    found = leaks(crawl, hidden(day))
    assert not found, "\n".join(found)
    told = set().union(*(page.markers - echo(page) for page in crawl.pages))
    missing = [f"{kind} of {whose(number)}" for kind, number in sorted(shown(day) - told)]
    assert not missing, "\n".join(missing)
    for case in changing(day):
        is_told = day in CASES[case].public
        assert any(hours(case) in page.words for page in crawl.pages) == is_told, case
    for told_on, (days, language) in SHARED.items():
        is_told = day in told_on
        assert are_told(crawl, days, label(Language(language)).lower()) == {is_told}, language
        assert bool(crawl.page(who_speaks(language)).markers) == is_told, language


def are_told(crawl: Crawl, days: str, language: str) -> set[bool]:
    """Do these days and this language stand somewhere, as words that only a person has?"""
    texts = [page.words for page in crawl.pages if not page.endpoint.startswith("results.")]
    last = label(Weekday(days.split("|")[1]))
    ways = (f"{last}: bereikbaar", days.replace("|", ", "), language)
    return {any(words in text for text in texts) for words in ways}


PICTURED = [one for one in PEOPLE if one.part in ("member", "stopped", "nothing")]


def see_that_portraits_are_shown_alike(city: Flask, day: date) -> None:
    """Who knows the name of the file of a photo, gets it as long as it is on a page."""
    sent = portraits(city.test_client(), str)
    assert sent == [one for one in PICTURED if one.shows(PHOTO, day)]
    assert portraits(city.test_client(), album.small) == sent


def portraits(client: FlaskClient, size: Callable[[str], str]) -> list[Somebody]:
    """Whose portraits somebody gets who knows the names of the files."""
    found = ((one, client.get(f"/portret/{size(one.details[PHOTO])}")) for one in PICTURED)
    return [one for one, answer in found if answer.status_code == 200]


def see_that_a_detail_tells_no_name(crawl: Crawl) -> None:
    """Who asks by a number or an address does not hear whose it is."""
    one = somebody("wijk", "inside")
    own = {marker(one, kind) for kind in MARKED}
    asked = [page for page in crawl.pages if page.asked & own and page.endpoint != "portrait.send"]
    assert len(asked) > 10
    assert [page.address for page in asked if page.markers & names(one)] == []


def see_that_data_for_others_names_nobody(crawl: Crawl) -> None:
    """Not the sitemap, calendars, open data, points of maps, nor what search engines read."""
    feeds = [page for page in crawl.pages if page.endpoint in FEEDS]
    assert {page.endpoint for page in feeds} == FEEDS
    assert [page.address for page in feeds if page.markers or "/persoon/" in page.text] == []
    structured = [data for page in crawl.pages for data in STRUCTURED.findall(page.text)]
    assert structured
    assert [data for data in structured if markers_in(data)] == []


def see_that_no_search_engine_reads_of_people(crawl: Crawl) -> None:
    of_people = [page for page in crawl.pages if page.endpoint == "person.person"]
    found = [page for page in of_people if page.status == 200]
    assert len(found) > 100
    assert [page.address for page in found if NOINDEX not in page.text] == []


def see_that_every_route_was_opened(city: Flask, crawl: Crawl) -> None:
    """A new one is reached by a link, or named in `addresses`; or it holds nobody, and is named in
    `NOT_REACHED`. One that is not for everyone stands in the table of `test_permissions.py`."""
    routes = {rule.endpoint for rule in city.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert sorted(routes - crawl.reached() - set(ADMITS) - set(NOT_REACHED)) == []
    assert sorted(set(NOT_REACHED) - routes) == []


def see_no_more_than_is_told(
    city: Flask, client: FlaskClient, day: date, *, is_trusted: bool = True
) -> None:
    """Neither on the desk, nor on pages of people, nor by the name of a photo."""
    sees = Somebody.tells if is_trusted else Somebody.shows
    sent = portraits(client, str)
    assert sent
    assert [one.key for one in sent if not sees(one, PHOTO, day)] == []
    pages = (f"/persoon/{somebody('wijk', case).slug}" for case in CASES)
    crawl = Crawl(city, client, MOST, ADMITS).reads(["/bureau", *pages])
    assert "desk.desk" in crawl.reached()
    found = leaks(crawl, hidden_from_professionals(day) if is_trusted else hidden(day))
    assert not found, "\n".join(found)
