"""When it is full, gone or not there: what can begin, what is like it, what is nearest."""

import re
from datetime import timedelta
from typing import Any

import pytest

from socialmap.listings.meanwhile import SOON_DAYS
from socialmap.listings.values import ListingValues, PlaceValues, SessionValues
from socialmap.models.currency import LONG_WAIT_WEEKS, ROOM_HOLDS_DAYS
from tests.factories import DRAAD, SECRET, TODAY, listing
from tests.reading import Visitor, plain
from tests.test_maps import DE_PUNT

pytestmark = pytest.mark.pages

PAGE = "/aanbod/training"
DAY = timedelta(days=1)
IN_A_WEEK = TODAY + SOON_DAYS // 2 * DAY
FULL: dict[str, Any] = {"room": "vol", "weeks": 14, "reported_on": TODAY - 5 * DAY}
FREE: dict[str, Any] = {"room": "plek", "reported_on": TODAY - DAY}
GONE: dict[str, Any] = {"status": "ended", "ended_on": TODAY - DAY, "reason": "De trainer stopt."}
WATERLANDPLEIN = PlaceValues(name="Het Schouw", lat=52.4003, lon=4.9551, area_code="NQ03")
IJPLEIN = PlaceValues(name="De Valk", lat=52.3835, lon=4.9141, area_code="NL03")


def training(**values: Any) -> ListingValues:
    """A heavier training about faalangst in Volewijck that is full."""
    return listing("training", **{"level": "flex", "routes": ["oka"], **FULL, **values})


def titles(section: str) -> list[str]:
    cards = re.findall(r'<h3 class="h3">(.*?)</h3>', section, re.DOTALL)
    return [plain(card) for card in cards]


def meanwhile(visitor: Visitor) -> list[str]:
    """The titles under "Wat kan intussen?"."""
    return titles(visitor.section("Wat kan intussen", PAGE))


# When is the wait long?


@pytest.mark.parametrize(
    ("told", "is_long"),
    [
        ({"room": "vol"}, True),
        ({"room": "beperkt", "weeks": LONG_WAIT_WEEKS}, True),
        ({"room": "beperkt", "weeks": LONG_WAIT_WEEKS - 1}, False),
        ({"room": "plek"}, False),
    ],
)
def test_bridges_stand_there_only_where_the_wait_is_long(
    visitor: Visitor, told: dict[str, Any], is_long: bool
) -> None:
    report = {"room": None, "weeks": None, "reported_on": TODAY, **told}
    visitor.knows(training(**report), listing("inloop"))
    assert bool(visitor.section("Wat kan intussen", PAGE)) == is_long


@pytest.mark.parametrize(("days", "is_long"), [(0, True), (1, False)])
def test_an_old_report_says_nothing_any_more(visitor: Visitor, days: int, is_long: bool) -> None:
    reported = TODAY - timedelta(days=ROOM_HOLDS_DAYS + days)
    visitor.knows(training(reported_on=reported), listing("inloop"))
    assert bool(visitor.section("Wat kan intussen", PAGE)) == is_long


def test_what_has_ended_has_no_meanwhile(visitor: Visitor) -> None:
    visitor.knows(training(**GONE), listing("inloop"))
    assert "Wat kan intussen" not in visitor.reads(PAGE)


# What can begin meanwhile


def test_it_says_why_each_fits_and_how_far(visitor: Visitor) -> None:
    visitor.knows(training(), listing("inloop", places=[IJPLEIN], **FREE))
    section = plain(visitor.section("Wat kan intussen", PAGE))
    assert "Inloop" in section
    assert re.search(r"De Valk, \d{3} m", section)
    assert "Afstanden hemelsbreed, vanaf OBA Van der Pek." in section
    for reason in ("Faalangst", "12–16 jaar", "voor Noord", "Zelf", "Plek gemeld"):
        assert reason in section


def test_light_before_heavy_then_the_same_wijk_then_what_is_nearer(visitor: Visitor) -> None:
    visitor.knows(
        training(),
        listing("okt-hier", level="okt"),
        listing("ver-in-noord", places=[WATERLANDPLEIN]),
        listing("ernaast", places=[IJPLEIN]),
        listing("hier", provider=DRAAD),
    )
    assert meanwhile(visitor) == ["Hier", "Ernaast", "Ver in noord", "Okt hier"]


def test_four_are_enough(visitor: Visitor) -> None:
    visitor.knows(training(), *(listing(f"groep-{number}") for number in range(6)))
    assert len(meanwhile(visitor)) == 4


def test_nothing_heavier_than_the_listing_itself(visitor: Visitor) -> None:
    visitor.knows(
        training(level="open", routes=["zelf"]), listing("okt", level="okt"), listing("ook")
    )
    assert meanwhile(visitor) == ["Ook"]


@pytest.mark.parametrize(
    "otherwise",
    [
        {"routes": ["oka"]},
        {"level": "flex"},
        {"level": "stad"},
        FULL,
        {"room": "beperkt", "weeks": 9, "reported_on": TODAY},
        GONE,
        {"status": "closed", "closed_from": TODAY, "closed_until": TODAY + 30 * DAY},
        {"status": "uncertain"},
        {"confirmed_on": TODAY - 220 * DAY},
        {"kind": "place", "provider": None},
        {"themes": ["lvb"]},
        {"themes": ["rouw"]},
        {"min_age_months": 0, "max_age_months": 47},
        {"ages_known": False, "min_age_months": None, "max_age_months": None},
        {"audience": ["ouder"]},
        {"only_for": ["meisjes"]},
        {"places": [DE_PUNT], "coverage": ["F"]},
        {"places": [DE_PUNT], "coverage": ["stad"]},
        {"sessions": [SessionValues(weekday="di", part="middag", from_on=TODAY + 60 * DAY)]},
        {"sessions": [SessionValues(weekday="di", part="middag", until_on=TODAY - DAY)]},
    ],
)
def test_what_does_not_bridge_the_wait_is_left_out(
    visitor: Visitor, otherwise: dict[str, Any]
) -> None:
    """Not open, not there, not about this, not for these people, or not near."""
    visitor.knows(training(), listing("anders", **otherwise), listing("inloop"))
    assert meanwhile(visitor) == ["Inloop"]


@pytest.mark.parametrize(
    "otherwise",
    [
        {},
        {"room": None, "reported_on": None},
        {"audience": ["gezin"]},
        {"themes": ["angst-en-somberheid"]},
        {"themes": ["zelfvertrouwen", "faalangst"]},
        {"places": [], "coverage": ["stad"], "settings": ["online"]},
        {"places": [SECRET], "coverage": ["NK"]},
        {"sessions": [SessionValues(weekday="di", part="middag", from_on=IN_A_WEEK)]},
    ],
)
def test_what_bridges_the_wait_is_there(visitor: Visitor, otherwise: dict[str, Any]) -> None:
    visitor.knows(training(), listing("inloop", **otherwise))
    assert meanwhile(visitor) == ["Inloop"]


def test_one_word_in_common_is_too_little(visitor: Visitor) -> None:
    """An evening for parents who lost a child is nothing for who waits with faalangst."""
    visitor.knows(
        training(themes=["faalangst", "lotgenoten"]),
        listing("avondlijn", themes=["rouw", "lotgenoten"]),
        listing("kring", themes=["lotgenoten", "rouw"]),
    )
    assert meanwhile(visitor) == ["Kring"]


def test_a_theme_of_danger_is_not_bridged(visitor: Visitor) -> None:
    visitor.knows(training(themes=["zelfdoding"]), listing("inloop", themes=["zelfdoding"], **FREE))
    section = visitor.section("Wat kan intussen", PAGE)
    assert titles(section) == []
    assert "Kan het niet wachten, of is het niet veilig? Wie bel ik waarvoor?" in plain(section)


def test_where_nothing_bridges_it_the_wijk_contact_is_there(visitor: Visitor) -> None:
    visitor.knows(training())
    section = visitor.section("Wat kan intussen", PAGE)
    assert "Iets lichters dat nu kan, vonden wij in de buurt niet." in section
    assert "Wijkcontactpersoon Volewijck" in plain(section)
    assert "tel:" in section


def test_what_is_in_no_one_area_is_bridged_by_what_comes_to_people(visitor: Visitor) -> None:
    visitor.knows(
        training(places=[], coverage=["stad"]),
        listing("hier"),
        listing("lijn", places=[], coverage=["stad"], settings=["online"]),
    )
    assert meanwhile(visitor) == ["Lijn"]
    visitor.knows(listing("lijn", status="withdrawn"))
    section = visitor.section("Wat kan intussen", PAGE)
    assert 'href="/contactpersonen">Wie kent deze wijk?' in section


# Ended


def test_what_was_named_comes_first_and_must_still_run(visitor: Visitor) -> None:
    visitor.knows(
        listing("opvolger", places=[DE_PUNT]),
        listing("ook-weg", **GONE),
        listing("concept", status="draft"),
        listing("lijkt-erop"),
        training(**GONE, alternatives=["opvolger", "ook-weg", "concept"]),
    )
    page = visitor.reads(PAGE)
    assert titles(visitor.section("Waar kunt u nu terecht", PAGE)) == ["Opvolger"]
    assert "Wat lijkt hierop?" not in page


def test_where_nothing_that_was_named_runs_what_is_like_it_is_there(visitor: Visitor) -> None:
    visitor.knows(
        listing("ook-weg", **GONE),
        listing("ernaast", places=[IJPLEIN], level="flex", routes=["oka"]),
        listing("hier"),
        listing("elders", places=[DE_PUNT], coverage=["F"]),
        training(**GONE, alternatives=["ook-weg"]),
    )
    assert titles(visitor.section("Wat lijkt hierop", PAGE)) == ["Hier", "Ernaast"]
    page = visitor.reads(PAGE)
    assert 'href="/zoeken?thema=faalangst&amp;wijk=volewijck"' in page


def test_the_search_of_what_has_ended_is_in_the_same_area(visitor: Visitor) -> None:
    visitor.knows(training(**GONE, places=[], coverage=["N"]))
    assert 'href="/zoeken?thema=faalangst&amp;stadsdeel=noord"' in visitor.reads(PAGE)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Samen DOEN in de buurt", "Samen DOEN heet nu buurtteam."),
        ("Cursus van DWI", "DWI heet nu WPI."),
        ("Samen doen we mee", ""),
        ("Dwingen en loslaten", ""),
    ],
)
def test_a_name_of_before_says_what_it_is_called_now(
    visitor: Visitor, title: str, told: str
) -> None:
    visitor.knows(training(**GONE))
    visitor.knows(training(title=title, **GONE))
    page = plain(visitor.client.get(PAGE, follow_redirects=True).text)
    assert ("heet nu" in page) == bool(told)
    assert told in page


# Not in this wijk


def gaps(visitor: Visitor, address: str = "/wijk/volewijck") -> list[str]:
    section = visitor.section("Niet in", address)
    return [plain(row) for row in re.findall(r"<li>(.*?)</li>", section, re.DOTALL)]


def test_wijk_says_what_is_not_there_and_what_is_nearest(visitor: Visitor) -> None:
    visitor.knows(
        listing("hier"),
        listing("verder", themes=["opvoedvragen"], places=[WATERLANDPLEIN]),
        listing("ernaast", themes=["opvoedcursus"], places=[IJPLEIN]),
        listing("over-het-ij", themes=["boosheid"], places=[DE_PUNT], coverage=["stad"]),
        listing("niet-voor-hier", themes=["autisme"], places=[DE_PUNT], coverage=["F"]),
    )
    told = gaps(visitor)
    assert re.fullmatch(r"Opvoeding: Ernaast, De Valk, 1,\d km\.", told[0]), told
    assert re.fullmatch(r"Gedrag: Over het ij, De Punt, [\d,]+ km \+ pont\.", told[1]), told
    assert "Autisme: voor deze wijk vonden wij niets. Zoek verderop: autisme" in told
    assert not [line for line in told if line.startswith(("Angst", "Veiligheid"))]
    assert len(told) == 5


def test_what_is_full_is_named_only_where_all_is_full(visitor: Visitor) -> None:
    visitor.knows(
        listing("vol", themes=["opvoedvragen"], places=[IJPLEIN], **FULL),
        listing("vrij", themes=["opvoedvragen"], places=[WATERLANDPLEIN]),
        listing("enige", themes=["boosheid"], places=[IJPLEIN], **FULL),
    )
    told = gaps(visitor)
    assert any("Vrij, Het Schouw" in line for line in told)
    assert not any(" Vol," in line for line in told)
    waiting = re.compile(r"Gedrag: Enige, De Valk, 1,\d km \(nu lang wachten\)\.")
    assert any(waiting.fullmatch(line) for line in told)


def test_secret_and_placeless_help_has_no_distance(visitor: Visitor) -> None:
    visitor.knows(
        listing("geheim", themes=["opvoedvragen"], places=[SECRET], coverage=["NK"]),
        listing("thuis", themes=["boosheid"], places=[], coverage=["N"], settings=["thuis"]),
    )
    told = gaps(visitor)
    assert "Opvoeding: Geheim, Adres is geheim." in told
    assert "Gedrag: Thuis, bij u thuis." in told
