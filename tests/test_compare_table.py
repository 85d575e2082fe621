"""The table of a comparison, question by question; what leads to it and back."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import db
from socialmap.models import FormerSlug, Person
from tests.factories import (
    DRAAD,
    SECRET,
    SOMEWHERE_IN_VOLEWIJCK,
    TODAY,
    TUESDAY_AFTERNOON,
    listing,
)
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

BOTH = "/vergelijk?aanbod=kop-op&aanbod=naailes"
LINK = r'href="([^"]*)"[^>]*>(?:<svg(?:(?!</svg>).)*</svg>)?\s*{words}'


def rows(page: str) -> dict[str, list[str]]:
    """What stands in the table: the cells after each question."""
    body = page.split("<tbody")[1].split("</tbody>")[0]
    found = {}
    for row in re.findall(r"<tr\b.*?</tr>", body, re.DOTALL):
        question, *cells = re.findall(r"<t[hd]\b.*?</t[hd]>", row, re.DOTALL)
        found[plain(question)] = [plain(cell) for cell in cells]
    return found


def link(page: str, words: str) -> str:
    """Where the first link with these words leads."""
    return unescape(re.findall(LINK.format(words=words), page, re.DOTALL)[0])


@pytest.fixture
def two(visitor: Visitor) -> Visitor:
    """A visitor of a city with a training and a sewing class."""
    visitor.knows(
        listing("kop-op", sessions=[TUESDAY_AFTERNOON], steps="Bel\nKom kijken", not_for="Ruzie"),
        listing(
            "naailes",
            provider=DRAAD,
            min_age_months=None,
            max_age_months=None,
            ages_known=False,
            languages=[],
            cost=None,
            routes=["zelf", "oka"],
            room="plek",
            reported_on=TODAY - timedelta(days=3),
        ),
    )
    return visitor


def test_each_question_is_a_row_and_each_listing_a_column(two: Visitor) -> None:
    page = two.reads(BOTH)
    assert re.findall(r'<th scope="col".*?<a href="([^"]+)"', page, re.DOTALL) == [
        "/aanbod/kop-op",
        "/aanbod/naailes",
    ]
    found = rows(page)
    assert list(found) == [
        *("Soort hulp", "Aanbieder", "Waarvoor", "Voor wie", "Waarvoor niet", "Voorwaarde"),
        *("Vorm", "Hoe kom je hier terecht?", "Nodig", "Stappen", "Kosten", "Talen", "Hoe"),
        *("Waar", "Werkgebied", "Tijd", "Is er plek?", "Contactpersoon", "Gecontroleerd"),
    ]
    assert found["Aanbieder"] == ["Jongerenwerk Noordlicht", "Draad & Daad"]
    assert found["Soort hulp"] == ["Formeel", "Informeel"]
    assert found["Voor wie"] == ["12–16 jaar", "Leeftijd onbekend"]
    assert found["Hoe kom je hier terecht?"] == ["Zelf", "Zelf Via de OKA, zonder tussenstap"]
    assert found["Stappen"] == ["Bel Kom kijken", "onbekend"]
    assert found["Tijd"] == ["Di middag", "onbekend"]
    assert found["Is er plek?"] == ["Onbekend, bel even", "Plek gemeld 20 nov 2026"]


def test_what_is_not_known_is_said(two: Visitor) -> None:
    found = rows(two.reads(BOTH))
    assert found["Talen"] == ["Nederlands", "onbekend"]
    assert found["Kosten"] == ["Gratis", "onbekend"]
    assert found["Waarvoor niet"] == ["Ruzie", "onbekend"]


def test_what_is_the_same_stands_once_and_says_so(two: Visitor) -> None:
    page = two.reads(BOTH)
    found = rows(page)
    assert found["Waarvoor"] == ["Faalangst beide gelijk"]
    assert found["Voorwaarde"] == ["onbekend beide gelijk"]
    assert 'colspan="2"' in page
    two.knows(listing("koken"))
    assert rows(two.reads(f"{BOTH}&aanbod=koken"))["Waarvoor"] == ["Faalangst alle drie gelijk"]


def test_order_of_terms_is_no_difference(visitor: Visitor) -> None:
    visitor.knows(listing("a", languages=["nl", "tr"]), listing("b", languages=["tr", "nl"]))
    found = rows(visitor.reads("/vergelijk?aanbod=a&aanbod=b"))
    assert found["Talen"] == ["Nederlands en Turks beide gelijk"]


def test_secret_address_stays_secret(visitor: Visitor) -> None:
    visitor.knows(listing("a", places=[SECRET]), listing("b", places=[SOMEWHERE_IN_VOLEWIJCK]))
    found = rows(visitor.reads("/vergelijk?aanbod=a&aanbod=b&bij=wijk:NK"))
    assert found["Waar en hoe ver van Volewijck"] == [
        "Adres is geheim",
        "Ergens in Volewijck Ongeveer 0 m",
    ]


def test_how_far_is_told_from_the_place_that_was_asked_about(two: Visitor) -> None:
    two.knows(listing("elders", places=[SOMEWHERE_IN_VOLEWIJCK]))
    page = two.reads("/vergelijk?aanbod=kop-op&aanbod=elders&bij=wijk:NL")
    here, somewhere = rows(page)["Waar en hoe ver van IJplein/Vogelbuurt"]
    assert re.search(r"Gentiaanstraat 1, 1031 AE .*\d m|km", here)
    assert re.search(r"Ongeveer [\d,]+ k?m", somewhere)
    assert "hoe ver" not in two.reads(BOTH)


def test_contact_is_named_as_on_the_page_of_the_listing(
    visitor: Visitor, engine: sa.Engine
) -> None:
    with Session(engine) as session:
        key, name = session.exec(select(Person.key, Person.name).order_by(Person.key)).first()
    visitor.knows(listing("a", contact=key), listing("b", phone=None))
    page = visitor.reads("/vergelijk?aanbod=a&aanbod=b")
    named, unnamed = rows(page)["Contactpersoon"]
    assert named.startswith(name)
    assert unnamed == "onbekend"
    [number] = re.findall(r"tel:[^\"]+", page.split("Contactpersoon")[1])[:1]
    assert number in visitor.reads("/aanbod/a")


def test_ended_listing_is_marked_and_says_no_more_how_to_get_in(two: Visitor) -> None:
    ended = {"status": "ended", "ended_on": date(2026, 9, 15)}
    two.knows(listing("babykring", **ended))
    page = two.reads("/vergelijk?aanbod=kop-op&aanbod=babykring")
    head = plain(page.split("<thead")[1].split("</thead>")[0])
    assert "Babykring Gestopt op 15 sep 2026" in head
    found = rows(page)
    assert found["Hoe kom je hier terecht?"] == ["Zelf", "gestopt"]
    assert found["Contactpersoon"][1] == "gestopt"
    assert found["Is er plek?"][1] == "Gestopt op 15 sep 2026"


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        ({"confirmed_on": date(2026, 1, 3)}, "Mogelijk verouderd"),
        ({"status": "uncertain"}, "Onzeker of dit nog bestaat"),
        ({"status": "closed"}, "Tijdelijk dicht"),
    ],
)
def test_column_head_warns(two: Visitor, values: dict[str, object], mark: str) -> None:
    two.knows(listing("x", **values))
    page = two.reads("/vergelijk?aanbod=kop-op&aanbod=x")
    assert mark in plain(page.split("<thead")[1].split("</thead>")[0])


def test_place_answers_only_what_is_asked_of_a_place(two: Visitor) -> None:
    two.knows(listing("zaal", kind="place", provider=None, routes=[], cost=None))
    found = rows(two.reads("/vergelijk?aanbod=kop-op&aanbod=zaal"))
    assert found["Hoe kom je hier terecht?"] == ["Zelf", "geldt niet voor een plek"]
    assert found["Soort hulp"][1] == "Plek in de buurt"


def test_former_address_leads_on_and_counts_once(two: Visitor, engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        session.add(FormerSlug(noun="listing", slug="oude-naam", now_slug="kop-op"))
    page = two.reads("/vergelijk?aanbod=oude-naam&aanbod=naailes&aanbod=kop-op")
    assert rows(page)["Aanbieder"] == ["Jongerenwerk Noordlicht", "Draad & Daad"]
    assert "Niet gevonden" not in page
    assert "oude-naam" not in page


def test_what_cannot_be_used_of_the_search_does_not_go_along(two: Visitor) -> None:
    page = two.reads(f"{BOTH}&leeftijd=oud&bij=Nergenshuizen&pagina=1")
    assert "Nergenshuizen" not in page
    assert "leeftijd" not in page


def test_comparing_what_is_about_safety_puts_the_numbers_first(two: Visitor) -> None:
    assert "snel-weg" not in two.reads(BOTH)
    two.knows(listing("veilig", themes=["veiligheid"]))
    page = two.reads("/vergelijk?aanbod=kop-op&aanbod=veilig")
    assert "snel-weg" in page
    assert page.index("Veilig Thuis") < page.index("<table")
    assert "snel-weg" in two.reads(f"{BOTH}&thema=veiligheid")


def test_listing_leads_to_comparing(two: Visitor) -> None:
    two.knows(listing("c", alternatives=["kop-op", "naailes"]))
    page = two.reads("/aanbod/c")
    assert link(page, "Vergelijk met iets anders") == "/vergelijk?aanbod=c"
    beside = parse_qs(urlsplit(link(page, "Zet ze naast elkaar")).query)["aanbod"]
    assert (beside[0], sorted(beside)) == ("c", ["c", "kop-op", "naailes"])
