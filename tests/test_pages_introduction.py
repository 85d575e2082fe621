"""Kennismaken: who works together, who brings people together, and letters without a family."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, delete

from socialmap import db, people
from socialmap.geo.tree import CITY, area_tree
from socialmap.listings.values import PlaceValues
from socialmap.models import Contact, TeamArea, WijkContact
from socialmap.models.terms import DetailKind
from socialmap.people import Consent
from tests.factories import DRAAD, SECRET, SOMEWHERE_IN_VOLEWIJCK, TODAY, listing
from tests.reading import WIJK, Visitor, plain
from tests.test_pages_people import PERSON, TEAM, Cast

pytestmark = pytest.mark.pages

LONG_AGO = date(2025, 1, 1)
MEET_JIP = "/kennismaken/persoon/jip-verdonk"
MAILTO = re.compile(r'href="(mailto:[^"]+)"')


@pytest.fixture
def cast(engine: sa.Engine) -> Cast:
    """Jip and Mila, in a city where nobody else knows, leads or serves anything."""
    with db.writing(engine) as session:
        session.exec(delete(WijkContact))
        session.exec(delete(Contact))
        session.exec(delete(TeamArea))
    cast = Cast(engine)
    cast.makes_team(place=None, areas=frozenset({"NK01"}))
    return cast


def knows(cast: Cast, key: str, name: str, **details: str) -> None:
    """Somebody who shows these details to everyone."""
    told = {DetailKind(kind): value for kind, value in details.items()}
    consent = Consent(LONG_AGO, "zelf")
    cast.knows_person(key, name, details=told, public=frozenset(told), consent=consent)


def letters(visitor: Visitor, address: str) -> dict[str, dict[str, str]]:
    """Subject and body of each letter on a page, by the address it goes to."""
    found = [urlsplit(unescape(link)) for link in MAILTO.findall(visitor.reads(address))]
    return {
        one.path: {name: text for name, (text,) in parse_qs(one.query).items()} for one in found
    }


def together(visitor: Visitor, address: str = PERSON) -> str:
    heading = "Wie werken hier samen" if address == WIJK else "Werkt samen met"
    return plain(visitor.section(heading, address)).partition("Wie kent deze wijk?")[0]


# Who works together


def test_a_person_works_together_with_the_team_and_who_stands_in(
    cast: Cast, visitor: Visitor
) -> None:
    cast.knows_person("sam", "Sam Ooievaar")
    cast.knows_person("weg", "Wim Weg")
    cast.joins(backup="mila")
    cast.joins("sam")
    cast.joins("weg", until_on=date(2026, 11, 22))
    said = together(visitor)
    assert "Vervangen elkaar Mila Okafor, ouder- en kindadviseur" in said
    assert "Zelfde team: OKT Pontplein Sam Ooievaar" in said
    assert "Wim Weg" not in said, "left the team"
    assert "Jip" not in said
    assert "Vervangen elkaar Jip Verdonk" in together(visitor, "/persoon/mila-okafor")


def test_contacts_of_one_provider_and_at_one_address_work_together(
    cast: Cast, visitor: Visitor
) -> None:
    cast.knows_person("sam", "Sam Ooievaar")
    visitor.knows(
        listing("naaien", contact="jip", provider=DRAAD),
        listing("breien", contact="mila", provider=DRAAD, places=[]),
        listing("koken", contact="sam"),
    )
    said = together(visitor)
    assert "Zelfde aanbieder: Draad & Daad Mila Okafor" in said
    assert "Op dezelfde plek: OBA Van der Pek Sam Ooievaar" in said


@pytest.mark.parametrize("place", [SECRET, SOMEWHERE_IN_VOLEWIJCK], ids=["hidden", "area"])
def test_an_address_that_is_not_shown_brings_nobody_together(
    cast: Cast, visitor: Visitor, place: PlaceValues
) -> None:
    visitor.knows(
        listing("naaien", contact="jip", provider=DRAAD, places=[place]),
        listing("koken", contact="mila", places=[place]),
    )
    assert together(visitor) == ""


def test_what_a_visitor_does_not_see_brings_nobody_together(cast: Cast, visitor: Visitor) -> None:
    ended = {"status": "ended", "ended_on": TODAY, "reason": "Verhuisd."}
    visitor.knows(
        listing("naaien", contact="jip", provider=DRAAD),
        listing("concept", contact="mila", provider=DRAAD, status="draft"),
        listing("gestopt", contact="mila", provider=DRAAD, **ended),
    )
    assert together(visitor) == ""


def test_a_team_works_together_with_who_knows_its_wijk_and_other_teams_there(
    cast: Cast, visitor: Visitor
) -> None:
    cast.makes_team(
        key="bt", kind_code="buurtteam", name="Buurtteam Pont", areas=frozenset({"NK01"})
    )
    cast.holds("NK", "mila", LONG_AGO)
    cast.joins()
    said = together(visitor, TEAM)
    assert "Kent de wijk Mila Okafor, Volewijck" in said
    assert "Ander team in deze buurten Buurtteam Pont" in said
    assert "Jip" not in said, "members stand on the page already"
    own = together(visitor, "/persoon/mila-okafor")
    assert "Team in Volewijck Buurtteam Pont OKT Pontplein" in own


def test_a_wijk_says_who_works_there(cast: Cast, visitor: Visitor) -> None:
    cast.makes_team(place=None, areas=frozenset({"NK01"}))
    cast.joins()
    visitor.knows(listing("naaien", contact="mila", provider=DRAAD))
    said = together(visitor, WIJK)
    assert "Zelfde team: OKT Pontplein Jip Verdonk" in said
    assert "Contact voor wat hier is Mila Okafor" in said
    assert "Geeft hier iets Draad & Daad" in said


def test_more_than_eight_names_wait_behind_more(cast: Cast, visitor: Visitor) -> None:
    cast.joins()
    for number in range(10):
        cast.knows_person(f"lid-{number}", f"Lid {number}")
        cast.joins(f"lid-{number}")
    first, _, rest = together(visitor).partition("Meer: nog 2 namen")
    assert [f"Lid {number}" in first for number in range(10)] == [True] * 8 + [False] * 2
    assert "Lid 8" in rest
    assert "Lid 9" in rest


# Who brings people together


def test_the_wijk_contact_introduces_by_a_letter_that_is_ready(
    cast: Cast, visitor: Visitor
) -> None:
    knows(cast, "kees", "Kees Kompas", mail="kees@wijk.example", telefoon="020 000 0070")
    cast.holds("NK", "kees", LONG_AGO)
    cast.joins()
    letter = letters(visitor, MEET_JIP)["kees@wijk.example"]
    assert letter["subject"] == "Kennismaken: Jip Verdonk"
    lines = letter["body"].split("\r\n")
    assert lines[0] == "Beste Kees,"
    assert "Ik wil graag kennismaken met Jip Verdonk (ouder- en kindadviseur), omdat …." in lines
    assert f"http://localhost:8000{PERSON}" in lines
    assert lines[-1].endswith("Zet geen gegevens van gezinnen in deze mail.")
    assert "Stelt u voor: wijkcontactpersoon Volewijck Kees Kompas" in visitor.text(MEET_JIP)


def test_a_letter_is_plain_text_whatever_a_name_is(cast: Cast, visitor: Visitor) -> None:
    knows(cast, "kees", "Kees Kompas", mail="kees@wijk.example")
    cast.holds("NK", "kees", LONG_AGO)
    visitor.knows(listing("naaien", title='Naaien & "meer" <b>?', provider=DRAAD))
    body = letters(visitor, "/kennismaken/aanbod/naaien-meer-b")["kees@wijk.example"]["body"]
    assert 'de mensen van Naaien & "meer" <b>?, Draad & Daad, omdat' in body


def test_one_primary_act_and_it_is_the_letter(cast: Cast, visitor: Visitor) -> None:
    knows(cast, "kees", "Kees Kompas", mail="kees@wijk.example", telefoon="020 000 0070")
    cast.holds("NK", "kees", LONG_AGO)
    cast.joins()
    filled = re.findall(r'class="btn" href="([^"?]+)', visitor.reads(MEET_JIP))
    assert filled == ["mailto:kees@wijk.example"]


def test_a_number_is_the_act_where_no_mail_is_shown(cast: Cast, visitor: Visitor) -> None:
    cast.holds("NK", "mila", LONG_AGO)
    cast.joins()
    filled = re.findall(r'class="btn" href="([^"?]+)', visitor.reads(MEET_JIP))
    assert filled == ["tel:0200000162"]


def stand_ins(cast: Cast) -> Iterator[tuple[str, str]]:
    """Take away who introduces in the order of R15; says each time who does now."""
    for key, name in (
        ("dep", "Dep Uty"),
        ("lea", "Lea Der"),
        ("dis", "Dis Trict"),
        ("red", "Red Actie"),
    ):
        cast.knows_person(key, name, details={DetailKind.PHONE: "020 000 0071"})
    cast.holds(CITY, "red", LONG_AGO)
    cast.holds("N", "dis", LONG_AGO)
    cast.makes_team(place=None, areas=frozenset({"NK01"}), leader="lea")
    cast.holds("NK", "mila", LONG_AGO, deputy="dep", absent_from=TODAY)
    yield "de vervanger in Volewijck", "Dep Uty"
    with db.writing(cast.engine) as session:
        session.exec(delete(WijkContact).where(WijkContact.area_code == "NK"))
    yield "teamleider van OKT Pontplein", "Lea Der"
    cast.makes_team(place=None, areas=frozenset({"NK01"}), leader=None)
    yield "contactpersoon van stadsdeel Noord", "Dis Trict"


def test_who_introduces_when_there_is_nobody_follows_the_order(
    cast: Cast, visitor: Visitor
) -> None:
    address = "/kennismaken/wijk/volewijck"
    for role, name in stand_ins(cast):
        text = visitor.text(address)
        assert f"Stelt u voor: {role} {name}" in text
        assert f"{name.split()[0]} helpt u zolang" in text
    assert "Lukt het niet? Vraag Red Actie, redactie van de gids, 020 000 0071" in text


def test_nobody_is_introduced_to_themselves(cast: Cast, visitor: Visitor) -> None:
    cast.holds("NK", "jip", LONG_AGO)
    cast.holds("N", "mila", LONG_AGO)
    text = visitor.text(MEET_JIP)
    assert "Stelt u voor: contactpersoon van stadsdeel Noord Mila Okafor" in text
    assert "Bel 020 000 0161" in text.partition("Nodig zelf uit")[2]


def test_where_nobody_can_be_reached_the_page_says_so(cast: Cast, visitor: Visitor) -> None:
    cast.joins()
    text = visitor.text(MEET_JIP)
    assert "Nu kan niemand u voorstellen" in text
    assert "Nodig Jip Verdonk hieronder zelf uit" in text
    cast.knows_person("jip", "Jip Verdonk", details={})
    assert "Zoek wie een wijk vlakbij kent" in visitor.text(MEET_JIP)


# Inviting oneself


def test_an_invitation_goes_to_what_a_person_shows_and_no_more(
    cast: Cast, visitor: Visitor
) -> None:
    cast.holds("NK", "mila", LONG_AGO)
    cast.joins()
    page = visitor.reads(MEET_JIP)
    assert "Bel 020 000 0161" in plain(page)
    for secret in ("06 0000 0161", "jip@pontplein.example", "Bakkerij Zoet"):
        assert secret not in page
    cast.agrees_to(DetailKind.MAIL)
    body = letters(visitor, MEET_JIP)["jip@pontplein.example"]["body"]
    assert body.startswith("Beste Jip,")
    assert "langs bij onze inloop of ons overleg" in body


def test_who_is_on_leave_is_not_invited(cast: Cast, visitor: Visitor) -> None:
    cast.holds("NK", "jip", LONG_AGO, deputy="mila", absent_from=TODAY)
    part = visitor.text(MEET_JIP).partition("Nodig zelf uit")[2]
    assert part.lstrip().startswith("Jip Verdonk is er nu even niet.")
    assert "020 000 0161" not in part


def test_a_listing_without_a_name_leads_to_the_wijk_contact(cast: Cast, visitor: Visitor) -> None:
    cast.holds("NK", "mila", LONG_AGO)
    visitor.knows(listing("naaien", provider=DRAAD, phone=None))
    assert 'href="/kennismaken/aanbod/naaien"' in visitor.reads("/aanbod/naaien")
    for address in ("/kennismaken/aanbod/naaien", "/kennismaken/aanbieder/draad-daad"):
        text = visitor.text(address)
        assert "Stelt u voor: wijkcontactpersoon Volewijck Mila Okafor" in text
        assert "staat hier geen nummer of mailadres. Vraag daarom Mila Okafor" in text


def test_a_provider_that_nobody_knows_finds_the_door_of_a_stadsdeel(
    cast: Cast, visitor: Visitor
) -> None:
    cast.holds("N", "mila", LONG_AGO)
    address = "/kennismaken/stadsdeel/noord"
    assert f'href="{address}"' in visitor.reads("/stadsdeel/noord")
    text = visitor.text(address)
    assert "Kennismaken in Noord" in text
    assert "kennismaken met de mensen die in Noord met gezinnen en jongeren werken" in text


def test_pages_of_people_lead_to_an_introduction(cast: Cast, visitor: Visitor) -> None:
    cast.joins()
    for page, onward in (
        (PERSON, MEET_JIP),
        (TEAM, "/kennismaken/team/okt-pontplein"),
        (WIJK, "/kennismaken/wijk/volewijck"),
    ):
        assert f'href="{onward}"' in visitor.reads(page)
        assert 'name="robots" content="noindex"' in visitor.reads(onward)


def test_who_left_and_what_ended_lead_to_their_own_page(
    cast: Cast, visitor: Visitor, client: FlaskClient
) -> None:
    cast.holds("NK", "jip", LONG_AGO, until_on=date(2026, 11, 1))
    visitor.knows(listing("gestopt", status="ended", ended_on=TODAY, reason="Verhuisd."))
    assert client.get(MEET_JIP).location == PERSON
    assert client.get("/kennismaken/aanbod/gestopt").location == "/aanbod/gestopt"
    for unknown in (
        "persoon/niemand",
        "team/geen",
        "aanbod/niets",
        "aanbieder/geen",
        "wijk/nergens",
    ):
        assert client.get(f"/kennismaken/{unknown}").status_code == 404


# Cards without a number


def test_a_card_without_a_number_names_the_next_who_has_one(cast: Cast, visitor: Visitor) -> None:
    cast.knows_person("stil", "Bo Stil")
    cast.knows_person("ook", "Ook Stil")
    cast.holds("NK", "stil", LONG_AGO, deputy="ook")
    cast.holds("N", "mila", LONG_AGO)
    for address in (WIJK, "/persoon/bo-stil"):
        text = visitor.text(address)
        said = "Van Bo Stil staat hier geen nummer of mailadres. Vraag het Mila Okafor"
        assert f"{said}, contactpersoon van stadsdeel Noord. Bel 020 000 0162" in text
    row = "nummer onbekend, bel Mila Okafor, 020 000 0162"
    assert row in visitor.text("/contactpersonen/noord")


def test_a_card_without_a_number_is_no_dead_end(cast: Cast, visitor: Visitor) -> None:
    cast.knows_person("stil", "Bo Stil")
    cast.holds("NK", "stil", LONG_AGO)
    assert "Zoek wie u wel kunt bellen" in visitor.text(WIJK)


def test_the_line_of_an_area_names_everyone_once(cast: Cast) -> None:
    cast.holds("NK", "jip", LONG_AGO, deputy="mila")
    cast.holds("N", "mila", LONG_AGO)
    with Session(cast.engine) as session:
        line = people.line_for_area(session, area_tree(session), "NK", TODAY)
    assert [one.person.name for one in line] == ["Jip Verdonk", "Mila Okafor"]
