"""Who knows which wijk: looked up, in tables, on a map, as a file; one click from every page."""

import csv
import io
import json
import re
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import db, people
from socialmap.geo.tree import AreaTree
from socialmap.models import Person, WijkContact
from socialmap.models.terms import AreaLevel, DetailKind, Presence
from socialmap.people import Consent, PersonValues, WijkContactValues
from socialmap.people.overview import COLUMNS, areas_meant, city_lines
from socialmap.search.language.lexicon import NoLexicon
from tests.factories import SECRET, SOMEWHERE_IN_VOLEWIJCK, TODAY, VAN_DER_PEK, listing
from tests.reading import Visitor, plain
from tests.test_maps import DE_PUNT

pytestmark = pytest.mark.pages

PAGE = "/contactpersonen"
FILE = "/contactpersonen.csv"
MOBILE = "06 0000 0099"


def row_of(text: str, wijk: str) -> str:
    """The row of a wijk in the tables."""
    rows = re.findall(r"<tr>.*?</tr>", text, re.DOTALL)
    return next(plain(row.replace("</td>", "</td> | ")) for row in rows if f"/wijk/{wijk}#" in row)


def table(client: FlaskClient) -> dict[str, dict[str, str]]:
    text = client.get(FILE).data.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    return {row["code"]: row for row in rows}


def current(session: Session, area: str) -> WijkContact:
    rows = session.exec(select(WijkContact).where(WijkContact.area_code == area)).all()
    return next(row for row in rows if row.is_current(TODAY))


# Everyone in tables


def test_every_wijk_stands_in_the_tables_once(visitor: Visitor, tree: AreaTree) -> None:
    page = visitor.reads(PAGE)
    linked = re.findall(r'<th scope="row"><a href="/wijk/([^"#]+)#contact"', page)
    assert sorted(linked) == sorted(wijk.slug for wijk in tree.at_level(AreaLevel.WIJK))


def test_row_says_who_is_there_since_when_and_who_replaces(
    visitor: Visitor, session: Session
) -> None:
    held = current(session, "NK")
    person = session.get(Person, held.person_id)
    row = row_of(visitor.reads(PAGE), "volewijck")
    assert f"{person.name} | Aanwezig" in row
    assert "Ruben Cairo, 020 000 0026" in row
    assert str(held.from_on.year) in row


def test_row_of_who_is_away_says_until_when_and_whom_to_call(visitor: Visitor) -> None:
    row = row_of(visitor.reads(PAGE), "banne-buiksloot")
    assert "Nurcan Öztürk | Afwezig tot en met 12 feb 2027" in row
    assert "Said Chaouch, de vervanger, 020 000 0028" in row


def test_row_of_a_vacancy_says_since_when_and_who_helps(visitor: Visitor) -> None:
    row = row_of(visitor.reads(PAGE), "kadoelen")
    assert "Nog niemand | Vacant sinds 1 okt 2026" in row
    assert "teamleider van OKT Noord West" in row


def test_since_runs_on_over_periods_that_follow_each_other(
    session: Session, tree: AreaTree
) -> None:
    """A new period of the same person, say with another deputy, is no new beginning."""
    held = current(session, "NK")
    key = session.get(Person, held.person_id).key
    began = held.from_on
    held.until_on = TODAY
    session.flush()
    tomorrow = date.fromordinal(TODAY.toordinal() + 1)
    people.save_wijk_contacts(session, [WijkContactValues("NK", key, tomorrow)])
    contact = people.contact_for_area(session, tree, "NK", tomorrow)
    assert (contact.presence, contact.held_since) == (Presence.PRESENT, began)


def test_since_starts_again_after_a_gap(session: Session, tree: AreaTree) -> None:
    held = current(session, "NK")
    key = session.get(Person, held.person_id).key
    held.until_on = TODAY
    session.flush()
    later = date.fromordinal(TODAY.toordinal() + 30)
    people.save_wijk_contacts(session, [WijkContactValues("NK", key, later)])
    assert people.contact_for_area(session, tree, "NK", later).held_since == later


def test_all_wijken_take_a_fixed_number_of_reads(
    engine: sa.Engine, session: Session, tree: AreaTree
) -> None:
    counted: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    noord = people.overview.district_lines(session, tree, tree.get("N"), TODAY)
    of_noord = len(counted)
    session.expunge_all()
    counted.clear()
    city = city_lines(session, tree, TODAY)
    assert len(noord.lines) < sum(len(part.lines) for part in city)
    assert len(counted) <= of_noord + 1


# Choosing


def test_state_and_stadsdeel_narrow_the_tables(visitor: Visitor) -> None:
    page = visitor.reads(f"{PAGE}?stadsdeel=noord&staat=vacant")
    assert "/wijk/kadoelen#" in page
    assert not re.search(r'scope="row"><a href="/wijk/(volewijck|banne-buiksloot)#', page)
    assert page.count('<table class="known-by">') == 1
    assert '<option value="vacant" selected>' in page


def test_nothing_to_show_leads_back_to_all(visitor: Visitor) -> None:
    page = visitor.text(f"{PAGE}?stadsdeel=weesp&staat=afwezig")
    assert "Er zijn geen wijken waarvoor dit geldt. Laat alle wijken zien" in page


@pytest.mark.parametrize("asked", ["stadsdeel=atlantis", "staat=ziek"])
def test_unknown_choice_is_named_and_left_out(visitor: Visitor, asked: str) -> None:
    page = visitor.reads(f"{PAGE}?{asked}")
    assert f"{asked.partition('=')[2]} kennen wij niet." in plain(page)
    assert "/wijk/volewijck#" in page


# Looking up


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("Volewijck", "/wijk/volewijck"),
        ("wijk:NK", "/wijk/volewijck"),
        ("van der pekbuurt", "/wijk/volewijck"),
        ("West", "/stadsdeel/west"),
        ("stadsdeel west", "/stadsdeel/west"),
        ("Weesp", "/stadsdeel/weesp"),
        ("Oud Noord", "/gebied/oud-noord"),
    ],
)
def test_one_area_leads_straight_to_its_contact(
    client: FlaskClient, typed: str, leads_to: str
) -> None:
    answer = client.get(PAGE, query_string={"bij": typed})
    assert (answer.status_code, answer.location) == (303, f"{leads_to}#contact")
    assert ' id="contact"' in client.get(leads_to).text


def test_postcode_of_one_wijk_leads_on(client: FlaskClient, session: Session) -> None:
    rows = session.exec(
        sa.text("SELECT pc4, MIN(wijk_code) FROM postcode_wijk GROUP BY pc4 HAVING COUNT(*) = 1")
    ).all()
    pc4, wijk = rows[0]
    answer = client.get(PAGE, query_string={"bij": f"{pc4} AB"})
    assert answer.status_code == 303
    assert re.fullmatch(r"/wijk/[^#]+#contact", answer.location), (pc4, wijk)


def test_postcode_of_several_wijken_is_asked_and_never_guessed(
    visitor: Visitor, session: Session, tree: AreaTree
) -> None:
    where = people.overview.areas_meant(session, tree, "1095", NoLexicon())
    assert len(where) > 1
    page = visitor.reads(f"{PAGE}?bij=1095")
    block = page.partition('id="welke"')[2].partition("</section>")[0]
    assert re.findall(r'href="/wijk/([^"#]+)#contact"', block) == [node.slug for node in where]
    assert "Postcode 1095 ligt in meer dan één wijk" in plain(page)


def test_the_whole_city_is_a_question_for_the_stadsdeel(visitor: Visitor) -> None:
    page = visitor.reads(f"{PAGE}?bij=Amsterdam")
    assert "In welk stadsdeel?" in page
    assert 'href="/stadsdeel/noord#contact"' in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("3511", "Postcode 3511 kennen wij niet in Amsterdam of Weesp"),
        ("Utrecht", "“Utrecht” kennen wij niet"),
        ("<script>", "“<script>” kennen wij niet"),
    ],
)
def test_outside_the_city_is_said_plainly(visitor: Visitor, typed: str, told: str) -> None:
    page = visitor.client.get(PAGE, query_string={"bij": typed}).text
    assert told in plain(page)
    assert "Deze gids gaat" in page
    assert "Amsterdam en Weesp" in page
    assert "de gemeente daar" in page
    assert 'aria-invalid="true"' in page
    assert "<script>”" not in page
    notice = page.partition('role="alert"')[2].partition("</div>")[0]
    assert "tel:" not in notice, "no number is made up for elsewhere"


def test_an_address_never_stays_in_the_url(client: FlaskClient) -> None:
    answer = client.get(PAGE, query_string={"bij": "Gentiaanstraat 1"})
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?adres=uit")
    assert "Een heel adres kunnen wij niet opzoeken" in client.get(answer.location).text


def test_buurt_means_its_wijk_and_a_slip_is_forgiven(
    session: Session, tree: AreaTree, visitor: Visitor
) -> None:
    assert [node.slug for node in areas_meant(session, tree, "NK03", NoLexicon())] == []
    assert [node.slug for node in areas_meant(session, tree, "buurt:NK03", NoLexicon())] == [
        "volewijck"
    ]
    visitor.knows(listing("kop-op"))
    assert visitor.client.get(f"{PAGE}?bij=volewijk").location == "/wijk/volewijck#contact"


# On the map


def test_every_wijk_is_drawn_in_its_state_and_the_legend_counts(
    visitor: Visitor, session: Session, tree: AreaTree
) -> None:
    page = visitor.reads(PAGE)
    lines = [line for part in city_lines(session, tree, TODAY) for line in part.lines]
    drawing = page.partition('<svg class="map" viewBox="0 0 400 300">')[2].partition("</svg>")[0]
    for state, words in (
        (Presence.PRESENT, "De contactpersoon is er"),
        (Presence.ON_LEAVE, "Afwezig, een ander valt in"),
        (Presence.VACANT, "Vacant, een ander helpt zolang"),
    ):
        count = sum(line.contact.presence == state for line in lines)
        assert count
        assert drawing.count(f'<path class="{state}"') == count
        assert f"{words}: {count} wijk" in plain(page)


def test_script_paints_the_states_and_holds_no_name(visitor: Visitor) -> None:
    page = visitor.reads(PAGE)
    [address] = re.findall(r'data-script="([^"]+)"', page)
    answer = visitor.client.get(address)
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    assert all(f'"tone": "{state}"' in answer.text for state in Presence)
    assert "Nurcan" not in answer.text
    moved = visitor.client.get("/contactpersonen/kaart.0123456789.js")
    assert (moved.status_code, moved.location) == (302, address)


def test_marks_say_who_answers_and_count_who_does_not(visitor: Visitor) -> None:
    answer = visitor.client.get("/contactpersonen/kaart.geojson")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    told = json.loads(answer.data)
    marks = {mark["code"]: mark for mark in told["wijken"]}
    assert marks["NK"]["label"].startswith("Volewijck, aanwezig: bel ")
    away = next(mark for mark in marks.values() if mark["name"] == "Banne Buiksloot")
    assert away["label"] == "Banne Buiksloot, afwezig: bel Said Chaouch"
    assert away["text"] == "(SC)"
    counts = {mark["name"]: mark["count"] for mark in told["stadsdelen"]}
    assert sum(counts.values()) == sum(mark["count"] for mark in told["wijken"])


# To take away


def test_file_has_every_wijk_and_its_columns(visitor: Visitor, tree: AreaTree) -> None:
    answer = visitor.client.get(FILE)
    assert answer.data.startswith(b"\xef\xbb\xbfstadsdeel;gebied;wijk;code;staat;")
    assert answer.mimetype == "text/csv"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    rows = table(visitor.client)
    assert rows.keys() == {wijk.code for wijk in tree.at_level(AreaLevel.WIJK)}
    assert list(rows["NK"]) == COLUMNS
    away = next(row for row in rows.values() if row["wijk"] == "Banne Buiksloot")
    assert (away["staat"], away["afwezig_tot"]) == ("afwezig", "2027-02-12")
    assert (away["belt_u_nu"], away["telefoon_nu"]) == ("Said Chaouch", "020 000 0028")
    vacant = next(row for row in rows.values() if row["wijk"] == "Kadoelen")
    assert (vacant["contactpersoon"], vacant["vacant_sinds"]) == ("", "2026-10-01")
    assert vacant["voorbeeld"] == "ja"


def test_file_has_function_numbers_and_nothing_else_of_a_person(
    engine: sa.Engine, visitor: Visitor
) -> None:
    """Also what is shown to everybody on the page: a file travels."""
    with db.writing(engine) as session:
        details = {DetailKind.MOBILE: MOBILE, DetailKind.MAIL: "sam@gids.example"}
        agreed = {"public": frozenset(details), "consent": Consent(on=TODAY, by="zelf")}
        values = PersonValues("sam", "Sam Haddaoui", details=details, **agreed)
        people.save_person(session, values)
        current(session, "NK").person_id = session.exec(
            select(Person.id).where(Person.key == "sam")
        ).one()
    assert MOBILE in visitor.reads(PAGE)
    row = table(visitor.client)["NK"]
    assert (row["contactpersoon"], row["telefoon"], row["telefoon_nu"]) == ("Sam Haddaoui", "", "")
    text = visitor.client.get(FILE).text
    assert MOBILE not in text
    assert "sam@gids.example" not in text


@pytest.mark.parametrize("name", ["=1+1", "+31", "@sum", "-2"])
def test_no_cell_of_the_file_runs(engine: sa.Engine, visitor: Visitor, name: str) -> None:
    with db.writing(engine) as session:
        session.get(Person, current(session, "NK").person_id).name = name
    assert table(visitor.client)["NK"]["contactpersoon"] == f"'{name}"


def test_pages_of_people_are_not_for_search_engines(visitor: Visitor) -> None:
    for address in (PAGE, f"{PAGE}/noord"):
        assert '<meta name="robots" content="noindex">' in visitor.reads(address)
    assert "Disallow: /contactpersonen" in visitor.reads("/robots.txt")
    assert "contactpersonen" not in visitor.reads("/sitemap.xml")


# One stadsdeel on paper


def test_sheet_says_the_same_with_the_day_and_the_address(visitor: Visitor) -> None:
    page = visitor.reads(f"{PAGE}/noord")
    assert "Said Chaouch, vervanger, 020 000 0028" in row_of(page, "banne-buiksloot")
    assert "Rob Oostveen, teamleider, 020 000 0061" in row_of(page, "kadoelen")
    assert "Zo was het op 23 november 2026" in page
    assert re.search(r"staat op https?://[^/ ]+/contactpersonen/noord", plain(page))
    assert 'id="contact"' in page


@pytest.mark.parametrize(
    ("address", "status"),
    [("/contactpersonen/N", 301), ("/contactpersonen/volewijck", 404), ("/contactpersonen/x", 404)],
)
def test_only_a_stadsdeel_has_a_sheet(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    if status == 301:
        assert answer.location == "/contactpersonen/noord"


# One click from everywhere


ASKED = re.compile(r'<a [^>]*href="([^"]+)"[^>]*>Wie kent deze wijk\?</a>')


@pytest.mark.parametrize(
    ("where", "leads_to"),
    [
        ({}, "/wijk/volewijck#contact"),
        ({"places": [SOMEWHERE_IN_VOLEWIJCK]}, "/wijk/volewijck#contact"),
        ({"places": [SECRET], "coverage": ["NK"]}, "/wijk/volewijck#contact"),
        ({"places": [], "coverage": ["N"]}, "/stadsdeel/noord#contact"),
        ({"places": [], "coverage": ["N", "AB"]}, PAGE),
        ({"places": [], "coverage": ["stad"]}, PAGE),
        ({"places": [SECRET], "coverage": ["stad"]}, PAGE),
        ({"kind": "place", "provider": None}, "/wijk/volewijck#contact"),
        (
            {"status": "ended", "ended_on": date(2026, 1, 1), "reason": "Op."},
            "/wijk/volewijck#contact",
        ),
    ],
)
def test_listing_leads_to_who_knows_its_wijk(
    visitor: Visitor, where: dict[str, object], leads_to: str
) -> None:
    visitor.knows(listing("kop-op", **where))
    page = visitor.reads("/aanbod/kop-op").partition("<main")[2].partition("</main>")[0]
    assert set(ASKED.findall(page)) == {leads_to}


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/zoeken?q=judo", PAGE),
        ("/zoeken?q=judo&wijk=volewijck", "/wijk/volewijck#contact"),
        ("/zoeken?q=judo&stadsdeel=noord", "/stadsdeel/noord#contact"),
        ("/persoon/rob-oostveen", PAGE),
        ("/", PAGE),
    ],
)
def test_other_pages_lead_there_too(visitor: Visitor, address: str, leads_to: str) -> None:
    visitor.knows(listing("judo"))
    page = visitor.reads(address).partition("<main")[2].partition("</main>")[0]
    links = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>[^<]*Wie kent deze wijk\?', page)
    assert leads_to in links


def test_every_page_has_it_at_the_bottom(visitor: Visitor) -> None:
    assert PAGE in ASKED.findall(visitor.reads("/waarheen").partition("<footer")[2])


def test_points_on_a_map_know_where_to_ask(visitor: Visitor) -> None:
    visitor.knows(
        listing("kop-op", places=[VAN_DER_PEK]),
        listing("ergens", places=[SOMEWHERE_IN_VOLEWIJCK]),
        listing("punt", places=[DE_PUNT]),
    )
    found = json.loads(visitor.client.get("/kaart/amsterdam.geojson").data)["features"]
    urls = [feature["properties"]["people_url"] for feature in found]
    assert len(urls) == 3
    assert urls.count("/wijk/volewijck#contact") == 2
    assert 'data-people="Wie kent deze wijk?"' in visitor.reads("/stadsdeel/noord")
