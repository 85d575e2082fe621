"""A list for a family: made without an account, kept nowhere, gone after its day."""

import logging
import re
import string
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.models.terms import Door, Status
from socialmap.views.shortlist.address import LASTS, Told, find_told, sealed
from tests.factories import (
    NOW,
    SECRET,
    SOMEWHERE_IN_VOLEWIJCK,
    TODAY,
    TUESDAY_AFTERNOON,
    VAN_DER_PEK,
    listing,
)
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

KEY = "not-secret"
LAST_DAY = TODAY + LASTS
SIGNS = string.ascii_letters + string.digits + "-_.~= /"


def made(visitor: Visitor, *slugs: str, **how: str) -> str:
    """The address of a list of these, as the button makes it."""
    asked = {"aanbod": list(slugs), "klaar": "1", **how}
    answer = visitor.client.get("/lijstje", query_string=asked)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def on_day(app: Flask, day: date) -> None:
    """Let it be another day."""
    app.extensions["settings"] = replace(app.extensions["settings"], today=day.isoformat())


def linked(page: str, words: str) -> list[str]:
    """Where the links with these words lead, in their order."""
    found = re.findall(rf'href="([^"]*)">{words}<', page)
    return [one.replace("&amp;", "&") for one in found]


# Making it


def test_what_is_ticked_in_the_results_can_become_a_list(visitor: Visitor) -> None:
    visitor.knows(listing("judo"), listing("judoles"))
    page = visitor.reads("/zoeken?q=judo")
    assert page.count('form="naast"') == 2
    assert re.search(r'<button[^>]* formaction="/lijstje">Maak een lijstje</button>', page)


def test_a_listing_and_a_comparison_lead_to_a_list(visitor: Visitor) -> None:
    visitor.knows(listing("judo"), listing("zwemles"))
    assert linked(visitor.reads("/aanbod/judo"), "Zet op een lijstje") == ["/lijstje?aanbod=judo"]
    compared = visitor.reads("/vergelijk?aanbod=zwemles&aanbod=judo")
    assert linked(compared, "Maak een lijstje") == ["/lijstje?aanbod=zwemles&aanbod=judo"]


def test_order_changes_with_a_press(visitor: Visitor) -> None:
    visitor.knows(listing("een"), listing("twee"), listing("drie"))
    page = visitor.reads("/lijstje?aanbod=een&aanbod=twee&aanbod=drie&groot=1")
    up, down = linked(page, "Omhoog"), linked(page, "Omlaag")
    assert up[0] == "/lijstje?aanbod=twee&aanbod=een&aanbod=drie&groot=1#p1"
    assert down[-1] == "/lijstje?aanbod=een&aanbod=drie&aanbod=twee&groot=1#p3"
    assert len(up) == len(down) == 2, "the first can't go up, the last not down"


def test_the_finished_list_keeps_the_order(visitor: Visitor) -> None:
    visitor.knows(listing("aap"), listing("noot"), listing("mies"))
    page = visitor.text(made(visitor, "noot", "aap", "mies"))
    assert page.index("1. Noot") < page.index("2. Aap") < page.index("3. Mies")
    assert "Drie plekken om te proberen" in page


def test_one_can_be_taken_off(visitor: Visitor) -> None:
    visitor.knows(listing("een"), listing("twee"))
    page = visitor.reads("/lijstje?aanbod=een&aanbod=twee")
    assert linked(page, "Haal weg") == ["/lijstje?aanbod=twee", "/lijstje?aanbod=een"]


def test_looking_further_keeps_what_is_picked(visitor: Visitor) -> None:
    visitor.knows(*(listing(f"les-{number}") for number in range(6)))
    picked = "&".join(f"aanbod=les-{number}" for number in range(4))
    page = visitor.reads(f"/lijstje?{picked}&taal=nl&pagina=1")
    back = linked(page, "Verder zoeken")[0]
    assert back.startswith("/zoeken?taal=nl&vergelijk=les-0&")
    assert len(re.findall(r'name="aanbod"[^>]* checked', visitor.reads(back))) == 4
    assert "vergelijk=les-0" in linked(visitor.reads("/lijstje?aanbod=les-0"), "Verder zoeken")[0]


def test_six_do_not_fit_and_one_chooses(visitor: Visitor) -> None:
    visitor.knows(*(listing(f"les-{number}") for number in range(6)))
    asked = {"aanbod": [f"les-{number}" for number in range(6)], "klaar": "1"}
    page = visitor.client.get("/lijstje", query_string=asked)
    assert page.status_code == 200
    assert "U koos er 6. Op één blad passen er vijf." in plain(page.text)
    assert page.text.count(" checked>") == 5
    assert "Maak het lijstje klaar" not in page.text


def test_unknown_ones_are_named_and_the_rest_is_shown(visitor: Visitor) -> None:
    visitor.knows(listing("judo"), listing("geheim", status="draft"))
    page = visitor.text("/lijstje?aanbod=judo&aanbod=weg&aanbod=geheim")
    assert "Niet gevonden: weg en geheim." in page
    assert "1. Judo" in page


def test_what_has_ended_is_marked_while_choosing(visitor: Visitor) -> None:
    visitor.knows(listing("oud", status="ended", ended_on=TODAY))
    assert "Gestopt" in visitor.text("/lijstje?aanbod=oud")


def test_an_empty_list_says_how_to_begin(visitor: Visitor) -> None:
    page = visitor.text("/lijstje?klaar=1")
    assert "Kruis bij de resultaten “Kies” aan" in page


def test_a_typed_address_does_not_travel_on(visitor: Visitor) -> None:
    visitor.knows(listing("judo"))
    answer = visitor.client.get("/lijstje?aanbod=judo&bij=Geheimestraat+12")
    assert answer.location == "/lijstje?aanbod=judo&adres=uit"


# Its address


def test_the_address_is_short(visitor: Visitor) -> None:
    visitor.knows(*(listing(f"les-{number}") for number in range(5)))
    address = made(visitor, *(f"les-{number}" for number in range(5)))
    assert len(address) <= len("/lijstje/") + 140
    assert re.fullmatch(r"/lijstje/[\w.-]+\w", address), "no sign that a chat leaves out of a link"


@pytest.mark.sqlite
def test_no_sign_of_an_address_can_be_another() -> None:
    told = Told((uuid4(), uuid4()), LAST_DAY)
    token = sealed(KEY, told)
    assert find_told(KEY, token) == told
    for at, sign in ((at, sign) for at in range(len(token)) for sign in SIGNS):
        if sign != token[at]:
            assert find_told(KEY, token[:at] + sign + token[at + 1 :]) is None, (at, sign)
    assert find_told("another-key", token) is None


@pytest.mark.sqlite
@pytest.mark.parametrize("count", [0, 6])
def test_only_one_to_five_make_a_list(count: int) -> None:
    assert find_told(KEY, sealed(KEY, Told(tuple(uuid4() for _ in range(count)), TODAY))) is None


@pytest.mark.parametrize("wrong", ["x", "x.y", "é.é", ".", "a" * 5000])
def test_a_wrong_address_leads_on(visitor: Visitor, wrong: str) -> None:
    answer = visitor.client.get(f"/lijstje/{wrong}")
    assert answer.status_code == 404
    assert "Dit lijstje is er niet" in answer.text
    assert 'action="/zoeken"' in answer.text


def test_a_changed_address_is_not_found(visitor: Visitor) -> None:
    visitor.knows(listing("judo"))
    address = made(visitor, "judo")
    for at in (12, len(address) - 1):
        other = address[:at] + ("A" if address[at] != "A" else "B") + address[at + 1 :]
        assert visitor.client.get(other).status_code == 404
    assert visitor.client.get(address[:-1]).status_code == 404


def test_it_lasts_thirty_days_and_is_gone_the_day_after(visitor: Visitor, app: Flask) -> None:
    visitor.knows(listing("judo"))
    address = made(visitor, "judo")
    assert "Online tot en met 23 december 2026" in visitor.text(address)
    on_day(app, TODAY + timedelta(days=30))
    assert "1. Judo" in visitor.text(address)
    on_day(app, TODAY + timedelta(days=31))
    answer = visitor.client.get(address)
    assert answer.status_code == 410
    assert "Dit lijstje is verlopen" in answer.text
    assert "Judo" not in answer.text
    assert 'action="/zoeken"' in answer.text


def test_no_search_engine_and_no_browser_keeps_it(visitor: Visitor, app: Flask) -> None:
    visitor.knows(listing("judo"))
    address = made(visitor, "judo")
    answers = [visitor.client.get(one) for one in ("/lijstje?aanbod=judo", address, "/lijstje/x")]
    on_day(app, LAST_DAY + timedelta(days=1))
    for answer in [*answers, visitor.client.get(address)]:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert 'name="robots" content="noindex"' in answer.text
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Disallow: /lijstje\n" in visitor.reads("/robots.txt")
    assert "/lijstje" not in visitor.reads("/sitemap.xml")


def rows_and_files(engine: sa.Engine, folder: Path) -> tuple[dict[str, int], dict[str, bytes]]:
    """How many rows each table has, and all that is in the folder, but what SQLite shares
    between its readers."""
    with engine.connect() as connection:
        rows = {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            for table in SQLModel.metadata.sorted_tables
        }
    files = [one for one in folder.rglob("*") if one.is_file() and one.suffix != ".db-shm"]
    return rows, {str(one): one.read_bytes() for one in files}


def test_nothing_is_left_on_the_server(
    visitor: Visitor, engine: sa.Engine, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    visitor.knows(listing("judo"), listing("zwemles"))
    visitor.reads("/lijstje?aanbod=judo")
    before = rows_and_files(engine, folder)
    with caplog.at_level(logging.DEBUG):
        address = made(visitor, "judo", "zwemles")
        visitor.reads(address)
        visitor.client.get(f"{address}x")
    assert rows_and_files(engine, folder) == before
    token = address.rpartition("/")[2]
    assert "GET /lijstje/<token> 200" in caplog.text
    assert token[:12] not in caplog.text
    assert "judo" not in caplog.text


# What it shows


def test_it_says_what_a_family_needs(visitor: Visitor) -> None:
    visitor.knows(listing("judo", sessions=[TUESDAY_AFTERNOON], routes=["huisarts", "oka"]))
    page = visitor.reads(made(visitor, "judo"))
    words = plain(page)
    assert "Oefenen met durven, samen met anderen." in words
    assert "Waar OBA Van der Pek, Gentiaanstraat 1, 1031 AE" in words
    assert "Wanneer di middag" in words
    assert "Hoe Via de OKA, zonder tussenstap of via de huisarts" in words
    assert re.search(r"<strong[^>]*><a href=\"tel:0200000077\">020 000 0077</a></strong>", page)
    assert page.count('class="qr"') == 2, "of the list and of the listing"
    assert "Acht keer op donderdag" not in words, "the rest is on its page"


def test_both_parents_get_the_same(visitor: Visitor, app: Flask) -> None:
    visitor.knows(listing("groep"))
    address = made(visitor, "groep")
    assert app.test_client().get(address).text == app.test_client().get(address).text


def test_it_shows_the_present_state(visitor: Visitor, engine: sa.Engine) -> None:
    visitor.knows(listing("judo"), listing("zwemles"), listing("karate"))
    address = made(visitor, "judo", "zwemles")
    with db.writing(engine) as session:
        editor = Editor(session, area_tree(session), Author("test", Door.FORM, NOW))
        ended = editor.current("judo").ended(TODAY, "Geen trainer meer.")
        editor.save(ended.model_copy(update={"alternatives": ["karate"]}))
        editor.save(editor.current("zwemles").model_copy(update={"title": "Leren zwemmen"}))
    page = visitor.reads(address)
    words = plain(page)
    assert "Gestopt op 23 november 2026. Geen trainer meer." in words
    assert "Nu kunt u hier terecht: Karate, 020 000 0077" in words
    assert "2. Leren zwemmen" in words
    assert 'href="/aanbod/leren-zwemmen"' in page


def test_what_is_closed_or_uncertain_says_so(visitor: Visitor) -> None:
    visitor.knows(
        listing("dicht", status="closed", closed_until=date(2026, 12, 4)),
        listing("vaag", status="uncertain"),
        listing("stil", confirmed_on=date(2025, 1, 1)),
    )
    page = visitor.text(made(visitor, "dicht", "vaag", "stil"))
    assert "Tijdelijk dicht tot en met 4 december 2026." in page
    assert "Bel eerst: wij weten niet zeker of dit nog bestaat." in page
    assert "Bel eerst: mogelijk verouderd." in page


def test_what_was_withdrawn_or_removed_is_counted(visitor: Visitor, engine: sa.Engine) -> None:
    visitor.knows(listing("judo"), listing("weg"), listing("terug"))
    address = made(visitor, "weg", "judo", "terug")
    with db.writing(engine) as session:
        editor = Editor(session, area_tree(session), Author("test", Door.FORM, NOW))
        editor.remove(["weg"])
        editor.save(editor.current("terug").model_copy(update={"status": Status.WITHDRAWN}))
    page = visitor.text(address)
    assert "2 vermeldingen van dit lijstje staan niet meer in de gids." in page
    assert "1. Judo" in page
    assert "Terug" not in page
    with db.writing(engine) as session:
        editor = Editor(session, area_tree(session), Author("test", Door.FORM, NOW))
        editor.remove(["judo"])
    assert "Dit lijstje is leeg" in visitor.text(address)


def test_a_hidden_address_is_never_shown(visitor: Visitor, engine: sa.Engine) -> None:
    visitor.knows(
        listing("opvang", places=[SECRET]), listing("praten", places=[SOMEWHERE_IN_VOLEWIJCK])
    )
    page = visitor.reads(made(visitor, "opvang", "praten"))
    assert "Adres is geheim" in page
    assert "Ergens in Volewijck" in page
    assert "map-pin" not in page, "there is nothing to draw"


def test_an_address_that_became_hidden_leaves_the_list(visitor: Visitor, app: Flask) -> None:
    visitor.knows(listing("opvang"), listing("judo"))
    address = made(visitor, "opvang", "judo")
    assert "1: Volewijck, 2: Volewijck" in visitor.text(address)
    visitor.knows(listing("opvang", places=[SECRET]), listing("judo"))
    page = visitor.text(address)
    assert page.count("Gentiaanstraat") == 1
    assert "2: Volewijck." in page
    assert "1: Volewijck" not in page


def test_pins_carry_the_numbers_of_the_list(visitor: Visitor) -> None:
    south = VAN_DER_PEK.model_copy(
        update={"name": "Zuid", "lat": 52.351, "lon": 4.895, "area_code": None}
    )
    visitor.knows(listing("een"), listing("twee", places=[south]), listing("drie"))
    page = visitor.reads(made(visitor, "een", "twee", "drie"))
    assert re.findall(r'class="map-pin-text"[^>]*>([^<]+)<', page) == ["1 3", "2"]
    assert "Kaartje van Amsterdam met de nummers van het lijstje" in page


def test_nothing_that_ended_has_a_pin(visitor: Visitor) -> None:
    visitor.knows(listing("oud", status="ended", ended_on=TODAY))
    assert "map-pin" not in visitor.reads(made(visitor, "oud"))


def test_it_can_be_handed_on(visitor: Visitor) -> None:
    visitor.knows(listing("judo"))
    address = made(visitor, "judo", groot="1")
    assert address.endswith("?groot=1")
    page = visitor.reads(address)
    assert "https://wa.me/?text=Gouden%20Gids%2C%20een%20lijstje%20met%20adressen%3A%20http" in page
    assert f'data-copy="http://localhost:8000{address}"' in page
    assert "a4-large" in page
    title = re.search(r"<title>([^<]+)</title>", page)
    assert title
    assert "Judo" not in title[1], "a chat shows the title"


def test_notes_have_no_way_to_be_sent(visitor: Visitor) -> None:
    visitor.knows(listing("judo"))
    page = visitor.reads(made(visitor, "judo"))
    box = re.search(r"<textarea[^>]*>", page)
    assert box
    assert "name=" not in box[0]
    assert "<form" not in page[page.index("<article") :]
    assert "Deze aantekeningen staan alleen op dit apparaat." in page
    assert 'class="write"' in page, "lines to write on"


@pytest.mark.sqlite
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    slugs=st.lists(st.text(max_size=30), max_size=14),
    other=st.text(max_size=20),
    token=st.text(
        alphabet=st.characters(codec="utf-8", blacklist_characters="/?#"), min_size=1, max_size=60
    ),
)
def test_nothing_that_is_typed_in_the_address_fails(
    full_client: FlaskClient, slugs: list[str], other: str, token: str
) -> None:
    asked = {"aanbod": slugs, "q": other, "lees": other, "klaar": other}
    assert full_client.get("/lijstje", query_string=asked).status_code in (200, 303)
    assert full_client.get(f"/lijstje/{token}").status_code in (301, 308, 404)
