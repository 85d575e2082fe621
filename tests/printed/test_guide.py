"""The Wijkgids: what the page of a wijk says, on paper, and nothing that the page does not say."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, delete

from socialmap import db
from socialmap.geo.tree import CITY, AreaTree, area_tree
from socialmap.listings.values import PlaceValues, ProviderValues
from socialmap.models import FormerSlug, TeamArea
from socialmap.models.terms import AreaLevel, DetailKind
from socialmap.people import Consent, album
from socialmap.people.portraits import portraits_from
from tests.factories import (
    DRAAD,
    NOW,
    SECRET,
    SOMEWHERE_IN_VOLEWIJCK,
    TODAY,
    TUESDAY_AFTERNOON,
    listing,
)
from tests.pictures import striped, written
from tests.printed.conftest import Cast, Printer
from tests.printing import FULL_LINE, Paper, printed
from tests.reading import Visitor
from tests.test_maps import DE_PUNT

pytestmark = pytest.mark.pages

DAY = timedelta(days=1)
LONG_AGO = date(2025, 1, 1)
GUIDE = "/wijk/volewijck/gids.pdf"
AGELESS = {"min_age_months": None, "max_age_months": None}
SOME = ["volewijck", "havens-west", "kadoelen", "banne-buiksloot", "driemond"]
"""The busiest, the emptiest, a vacancy, a leave, and one of a stadsdeel with little."""


def test_guide_is_tagged_complete_and_has_bookmarks(prints: Printer, visitor: Visitor) -> None:
    visitor.knows(listing("naailes", provider=DRAAD), listing("kop-op"))
    paper = prints(GUIDE)
    assert paper.title == "Wijkgids Volewijck"
    assert paper.root["/Lang"] == "nl-NL"
    assert paper.root["/MarkInfo"]["/Marked"]
    assert paper.loose_fonts == set()
    assert paper.bookmarks == [
        "Wie kent de weg?",
        "Direct gevaar? Bel 112",
        "In deze gids",
        "De teams",
        "Informeel en open voor iedereen",
        "Formeel, vrij toegankelijk",
        "Register op onderwerp",
    ]
    assert {"/Title", "/H1", "/H2", "/Table", "/TH", "/TOC", "/Link"} <= {
        kind for kind, _ in paper.tags
    }
    assert paper.pictures == ["QR-code met het adres http://localhost:8000/wijk/volewijck"]
    assert f"bladzijde {paper.size} van {paper.size}" in paper.text


def test_whom_to_call_comes_first_and_informal_before_formal(
    prints: Printer, visitor: Visitor
) -> None:
    visitor.knows(
        listing("therapie", level="flex"),
        listing("kop-op"),
        listing("naailes", provider=DRAAD),
        listing("buurthuis", kind="place", provider=None),
        listing("hele-stad", places=[DE_PUNT], coverage=["stad"]),
        listing("elders", places=[DE_PUNT], coverage=["FJ"]),
    )
    text = prints(GUIDE).text
    order = [
        "Bloemenbuurt-Noord, Bloemenbuurt-Zuid en Van der Pekbuurt",
        "Gemaakt op 23 november 2026",
        "Wijkcontactpersoon Volewijck",
        "Veilig Thuis 0800-2000",
        "OKT Oud Noord Ouder- en kindteam",
        "Naailes Draad & Daad",
        "Kop op Jongerenwerk Noordlicht",
        "Therapie Jongerenwerk Noordlicht",
        "Buurthuis Oefenen met durven",
        "Hele stad Jongerenwerk Noordlicht",
        "Register op onderwerp Angst en somberheid",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "Elders" not in text


def test_listing_says_who_how_where_when_and_whom_to_call(
    prints: Printer, visitor: Visitor, cast: Cast
) -> None:
    visitor.knows(
        listing("kop-op", contact="mila", routes=["zelf", "oka"], sessions=[TUESDAY_AFTERNOON])
    )
    text = prints(GUIDE).text
    for told in (
        "Oefenen met durven, samen met anderen.",
        "Voor wie: 12–16 jaar",
        "Hoe kom je hier terecht: Zelf · via de OKA, zonder tussenstap",
        "Waar: OBA Van der Pek, Gentiaanstraat 1, 1031 AE (Van der Pekbuurt)",
        "Wanneer: Di middag",
        "Bel: 020 000 0162 (Mila Okafor)",
    ):
        assert told in text


def test_listing_of_which_little_is_known_says_so(prints: Printer, visitor: Visitor) -> None:
    bare = {"phone": None, "routes": [], "ages_known": False} | AGELESS
    visitor.knows(listing("kop-op", provider=DRAAD, summary="", **bare))
    text = prints(GUIDE).text
    assert "Kop op Draad & Daad Voor wie: Leeftijd onbekend Hoe kom je hier terecht: Onb" in text
    assert "(Van der Pekbuurt) Register op onderwerp" in text, "no number is made up"


def test_register_names_the_page_of_each_listing(prints: Printer, visitor: Visitor) -> None:
    many = [
        listing(f"les-{at}", title=f"Les nummer {at}", summary="Samen. " * 40) for at in range(30)
    ]
    visitor.knows(*many, listing("kop-op", level="flex", themes=["faalangst", "school"]))
    paper = prints(GUIDE)
    page = paper.page_of("Kop op")
    assert page > 3
    register = paper.text.partition("Register op onderwerp Angst en somberheid Faalangst")[2]
    assert register.count(f"Kop op … {page}") == 2, "under both themes"
    assert f"Les nummer 0 … {paper.page_of('Les nummer 0')} " in register


# People, as on the page and no more


def test_contact_shows_what_that_person_agreed_to_and_no_more(prints: Printer, cast: Cast) -> None:
    cast.holds("NK", "jip", LONG_AGO, deputy="mila", confirmed_on=date(2026, 11, 3))
    text = prints(GUIDE).text
    assert "Wijkcontactpersoon Volewijck Jip Verdonk Bel 020 000 0161" in text
    assert "Vervanger: Mila Okafor, 020 000 0162 Bevestigd 3 nov 2026" in text
    for secret in ("06 0000 0161", "jip@pontplein.example", "Turks", "Bakkerij", "Te bereiken op"):
        assert secret not in text
    cast.agrees_to(DetailKind.MAIL, DetailKind.DAYS, DetailKind.LANGUAGES, until=TODAY)
    text = prints(GUIDE).text
    assert "Te bereiken op maandag en donderdag" in text
    assert "Mail jip@pontplein.example" in text
    assert "Spreekt Nederlands en Turks" in text
    assert "Dinsdag, woensdag en vrijdag: Mila Okafor" in text
    assert "06 0000 0161" not in text
    assert "jip@pontplein.example" not in prints(GUIDE, TODAY + DAY).text, "consent ended"


def test_deputy_stands_in_from_the_first_day_of_leave_to_the_last(
    prints: Printer, cast: Cast, visitor: Visitor
) -> None:
    leave = {"absent_from": TODAY, "absent_until": TODAY + 2 * DAY}
    cast.holds("NK", "jip", LONG_AGO, deputy="mila", **leave)
    said = "Afwezig tot en met 25 november 2026. Bel zolang Mila Okafor, de vervanger."
    for day, is_there in ((-1, True), (0, False), (2, False), (3, True)):
        front = prints(GUIDE, TODAY + day * DAY).text.partition("Direct gevaar")[0]
        assert (said in front) != is_there, day
        assert (said in visitor.text("/wijk/volewijck")) != is_there, "as the page says"
        assert ("Bel 020 000 0161" in front) == is_there, day
        assert ("Bel 020 000 0162" in front) != is_there, day


def test_vacancy_says_since_when_and_who_helps(
    prints: Printer, cast: Cast, visitor: Visitor
) -> None:
    cast.holds("NK", "jip", LONG_AGO, until_on=TODAY)
    assert "Jip Verdonk" in prints(GUIDE, TODAY).text
    text = prints(GUIDE, TODAY + DAY).text
    assert "Jip Verdonk" not in text
    said = "Sinds 24 november 2026 is deze plek vrij. Tot er iemand is, helpt "
    assert f"Nog niemand {said}" in text
    helper = text.partition(said)[2].partition(" Bel ")[0]
    assert helper in visitor.text("/wijk/volewijck")


def test_contact_without_a_number_leads_to_the_next_who_has_one(
    prints: Printer, cast: Cast
) -> None:
    cast.knows_person("stil", "Bo Stil")
    cast.holds("NK", "stil", LONG_AGO, deputy="mila")
    said = "Van Bo Stil staat hier geen nummer of mailadres. "
    assert f"{said}Vraag het Mila Okafor, de vervanger: 020 000 0162." in prints(GUIDE).text


def test_photo_is_printed_only_when_it_is_public(
    prints: Printer, cast: Cast, folder: Path, client: FlaskClient
) -> None:
    pair = portraits_from(written(striped()), "boven")  # type: ignore[arg-type]
    photo = album.keep(folder / "uploads", pair, NOW)
    cast.holds("NK", "jip", LONG_AGO)
    told = {"details": {DetailKind.PHOTO: photo}}
    cast.knows_person("jip", "Jip Verdonk", **told)
    assert len(prints(GUIDE).pictures) == 1, "only the code"
    agreed = {"public": frozenset({DetailKind.PHOTO}), "consent": Consent(LONG_AGO, "zelf", TODAY)}
    cast.knows_person("jip", "Jip Verdonk", **told, **agreed)
    assert prints(GUIDE).pictures[0] == "Jip Verdonk"
    assert len(prints(GUIDE, TODAY + DAY).pictures) == 1


@pytest.mark.parametrize("data", [b"", b"no picture", b"half"], ids=["empty", "other", "half"])
def test_photo_that_cannot_be_read_is_left_out(
    prints: Printer, cast: Cast, folder: Path, data: bytes
) -> None:
    whole = portraits_from(written(striped()), "boven")  # type: ignore[arg-type]
    photo = album.keep(folder / "uploads", whole, NOW)
    told = {"details": {DetailKind.PHOTO: photo}, "public": frozenset({DetailKind.PHOTO})}
    cast.knows_person("jip", "Jip Verdonk", **told, consent=Consent(LONG_AGO, "zelf"))
    cast.holds("NK", "jip", LONG_AGO)
    cast.makes_team()
    cast.joins()
    (folder / "uploads" / photo).write_bytes(whole[0][:900] if data == b"half" else data)
    assert len(prints(GUIDE).pictures) == 1, "only the code"
    assert len(prints("/persoon/jip-verdonk/flyer.pdf").pictures) == 1


def test_teams_name_their_members_at_each_school(prints: Printer, cast: Cast) -> None:
    cast.makes_team(areas=frozenset({"NK01"}), phone="020 000 0160", leader="mila")
    cast.joins(
        workplace="Basisschool De Pont",
        hours="di 08:30-12:00|do",
        min_age_months=48,
        max_age_months=155,
        ask_me="Of een kind toe is aan de brugklas.",
    )
    cast.joins("mila", workplace="Ouder- en kindcentrum", until_on=TODAY)
    text = prints(GUIDE).text
    assert "OKT Pontplein Ouder- en kindteam Gentiaanstraat 1, 1031 AE" in text
    assert "Bel: 020 000 0160. Teamleider: Mila Okafor" in text
    assert "Basisschool De Pont Jip Verdonk, 4–12 jaar 020 000 0161 Vraag bijvoorbeeld: Of" in text
    assert "Ouder- en kindcentrum Mila Okafor" in text
    assert "8.30" not in text.partition("Basisschool De Pont")[2], "not agreed to show days"
    cast.agrees_to(DetailKind.DAYS)
    text = prints(GUIDE, TODAY + DAY).text
    assert "Daar op dinsdag 8.30–12.00, donderdag. · 020 000 0161" in text
    assert "Ouder- en kindcentrum" not in text, "that assignment ended"


def test_wijk_without_a_team_names_the_next_level(
    prints: Printer, engine: sa.Engine, tree: AreaTree
) -> None:
    buurten = [node.code for node in tree.inside("NK", AreaLevel.BUURT)]
    with db.writing(engine) as session:
        session.exec(delete(TeamArea).where(col(TeamArea.area_code).in_(buurten)))
    text = prints(GUIDE).text
    assert "Voor deze wijk kennen wij geen ouder- en kindteam. Bel" in text
    assert "contactpersoon van stadsdeel Noord: 020" in text
    assert "Nog geen aanbod in deze wijk" in text


# Currency and places


def test_ended_is_gone_and_stale_closed_and_uncertain_are_marked(
    prints: Printer, visitor: Visitor
) -> None:
    visitor.knows(
        listing("gestopt", status="ended", ended_on=TODAY),
        listing("vers"),
        listing("oud", confirmed_on=date(2026, 5, 1)),
        listing("verlopen", confirmed_on=date(2025, 5, 1)),
        listing("dicht", status="closed", closed_from=TODAY, closed_until=TODAY + DAY),
        listing("twijfel", status="uncertain"),
    )
    text = prints(GUIDE).text
    assert "Gestopt" not in text
    assert "Verlopen" not in text, "so long overdue that no list has it"
    by = "Jongerenwerk Noordlicht"
    assert f"Oud {by} Mogelijk verouderd: laatst gecontroleerd 1 mei 2026 Oefenen" in text
    assert f"Dicht {by} Tijdelijk dicht tot en met 24 nov 2026 Oefenen" in text
    assert f"Twijfel {by} Onzeker of dit nog bestaat Oefenen" in text
    assert f"Vers {by} Oefenen" in text


def test_no_place_is_told_beyond_what_may_be_shown(prints: Printer, visitor: Visitor) -> None:
    visitor.knows(
        listing("geheim", places=[SECRET], coverage=["NK"]),
        listing("ergens", places=[SOMEWHERE_IN_VOLEWIJCK]),
        listing("thuis", places=[], settings=["thuis"], coverage=["NK"]),
    )
    text = prints(GUIDE).text
    assert "Waar: Adres is geheim" in text
    assert "Waar: Ergens in Volewijck" in text
    assert "Waar: Bij u thuis" in text
    assert "Gentiaanstraat" not in text


def test_a_change_is_in_the_next_guide(
    prints: Printer, visitor: Visitor, client: FlaskClient
) -> None:
    visitor.knows(listing("kop-op"))
    assert "020 000 0077" in prints(GUIDE).text
    visitor.knows(listing("kop-op", phone="020 000 0078"))
    text = prints(GUIDE).text
    assert "020 000 0078" in text
    assert "020 000 0077" not in text


def test_browser_asks_again_and_gets_nothing_twice(client: FlaskClient, visitor: Visitor) -> None:
    first = client.get(GUIDE)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["X-Robots-Tag"] == "noindex"
    name = 'attachment; filename="wijkgids-volewijck-2026-11-23.pdf"'
    assert first.headers["Content-Disposition"] == name
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get(GUIDE, headers=known).status_code == 304
    visitor.knows(listing("kop-op"))
    assert client.get(GUIDE, headers=known).status_code == 200


# What people write


def test_text_of_a_provider_stays_text(prints: Printer, visitor: Visitor) -> None:
    told = '#read("/etc/passwd") $x$ *b* = Kop <label> @ref "]}'
    provider = ProviderValues(name="#{panic()} Draad", is_informal=True)
    visitor.knows(listing("vals", title=f"T {told}", summary=told, provider=provider))
    text = prints(GUIDE).text.replace(" ", "")
    assert text.count(told.replace(" ", "")) >= 3, "title, summary and register"
    assert "#{panic()}Draad" in text


def test_long_and_odd_words_stay_in_their_column(prints: Printer, visitor: Visitor) -> None:
    long = "Gezinsondersteuningsactiviteitencoördinator" * 4
    place = PlaceValues(
        name=long, street=long, house_number="1", postcode="1031AE", lat=52.3872, lon=4.9108,
        area_code="NK03",
    )  # fmt: skip
    visitor.knows(
        listing("lang", title=long, summary=f"{long} " * 20, phone=None, places=[place]),
        listing("gek", title="📞", summary="中文"),
    )
    paper = prints(GUIDE)
    assert paper.text.replace(" ", "").replace("-", "").count(long) >= 10
    assert paper.loose_fonts == set()
    assert "[…]" in paper.text
    assert paper.longest_line <= FULL_LINE


# Ways in


def test_page_of_a_wijk_leads_to_its_guide(visitor: Visitor) -> None:
    assert f'href="{GUIDE}"' in visitor.reads()


def test_codes_and_former_addresses_lead_on(client: FlaskClient, engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        session.add(FormerSlug(noun="area", slug="oude-wijk", now_slug="volewijck"))
    for slug in ("NK", "oude-wijk"):
        answer = client.get(f"/wijk/{slug}/gids.pdf")
        assert (answer.status_code, answer.headers["Location"]) == (301, GUIDE)
    for slug in ("nergens", "noord", "NK01"):
        assert client.get(f"/wijk/{slug}/gids.pdf").status_code == 404


# Every wijk


def test_guides_of_all_kinds_of_wijken_are_complete(full_client: FlaskClient) -> None:
    for slug in SOME:
        is_complete(printed(full_client, f"/wijk/{slug}/gids.pdf"))


def is_complete(paper: Paper) -> None:
    assert paper.loose_fonts == set(), paper.title
    assert paper.longest_line <= FULL_LINE, paper.title
    assert "voorbeeldgegevens" in paper.text, paper.title
    assert {"Wie kent de weg?", "Register op onderwerp"} <= set(paper.bookmarks), paper.title
    assert re.search(r"Bel 020 000 \d{4}", paper.text), "somebody answers"


@pytest.mark.soak
@pytest.mark.parametrize("at", range(10))
def test_guide_of_every_wijk_is_complete(full_client: FlaskClient, at: int) -> None:
    for slug in list(wijken(full_client.application))[at::10]:
        is_complete(printed(full_client, f"/wijk/{slug}/gids.pdf"))


def wijken(app: Flask) -> Iterator[str]:
    with Session(app.extensions["engine"]) as session:
        yield from (node.slug for node in area_tree(session).inside(CITY, AreaLevel.WIJK))
