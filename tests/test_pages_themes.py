"""The pages of themes, the words explained, and the page in English."""

import csv
import re

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session

from socialmap import themes
from socialmap.config import DATA
from socialmap.themes import GlossaryValues
from tests.factories import DRAAD, listing
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

# Themes


def test_theme_lists_light_before_heavy(visitor: Visitor) -> None:
    visitor.knows(
        listing("kliniek", level="stad"),
        listing("therapie", level="flex"),
        listing("spreekuur", level="okt"),
        listing("naailes", provider=DRAAD),
    )
    text = visitor.text("/thema/faalangst")
    order = [
        "4 vermeldingen, van licht naar zwaar",
        "Informeel en open voor iedereen",
        "Naailes",
        "Bij het ouder- en kindteam",
        "Spreekuur",
        "Flexibele schil",
        "Therapie",
        "Specialistische hulp",
        "Kliniek",
    ]
    assert [word for word in order if word in text] == order
    assert sorted(order, key=text.index) == order


def test_long_level_ends_in_a_search(visitor: Visitor) -> None:
    visitor.knows(*(listing(f"groep-{number}") for number in range(8)))
    page = visitor.reads("/thema/faalangst")
    assert "/zoeken?thema=faalangst&amp;niveau=open" in page
    assert "Alle 8" in page


def test_theme_counts_its_subjects_and_stadsdelen(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op"), listing("somber", themes=["somberheid"]))
    page = visitor.reads("/thema/angst-en-somberheid")
    assert re.search(r'href="/thema/faalangst">Faalangst</a><i></i><span>1<', page)
    assert re.search(r'href="/thema/rouw">Rouw en verlies</a><i></i><span>0<', page)
    assert re.search(
        r'href="/zoeken\?thema=angst-en-somberheid&amp;stadsdeel=noord">Noord</a><i></i><span>2<',
        page,
    )


def test_subject_leads_back_to_its_theme(visitor: Visitor) -> None:
    assert 'href="/thema/angst-en-somberheid">Angst en somberheid' in visitor.reads(
        "/thema/faalangst"
    )


def test_danger_comes_before_consult_before_everything_else(visitor: Visitor) -> None:
    visitor.knows(
        listing("opvang", themes=["huiselijk-geweld"]),
        listing("consultlijn", themes=["huiselijk-geweld"], level="stad", forms=["consult"]),
    )
    page = visitor.reads("/thema/huiselijk-geweld")
    assert "Snel weg" in page
    text = plain(page)
    order = ["Veilig Thuis", "Eerst overleggen", "Consultlijn", "Informeel en open", "Opvang"]
    assert sorted(order, key=text.index) == order
    assert text.count("Consultlijn") == 1


def test_calm_theme_has_no_danger_block(visitor: Visitor) -> None:
    page = visitor.reads("/thema/sport")
    assert "Is er gevaar" not in page
    assert "Snel weg" not in page


def test_thin_theme_leads_to_people(visitor: Visitor) -> None:
    text = visitor.text("/thema/voogdij")
    assert "Hierover staat nog niets in de gids" in text
    assert "Vraag het iemand die de buurt kent" in text


def test_unknown_theme_is_not_there(client: FlaskClient) -> None:
    assert client.get("/thema/atlantis").status_code == 404


def test_front_page_and_sitemap_lead_to_themes(full_client: FlaskClient) -> None:
    assert 'href="/thema/opvoeding"' in full_client.get("/").text
    assert "/thema/opvoeding<" in full_client.get("/sitemap.xml").text


def test_every_theme_has_a_page(full_client: FlaskClient) -> None:
    with Session(full_client.application.extensions["engine"]) as session:
        ids = [theme.id for theme in themes.all_themes(session)]
    assert [id for id in ids if full_client.get(f"/thema/{id}").status_code != 200] == []


# Words


def rows() -> list[dict[str, str]]:
    text = (DATA / "glossary.csv").read_text("utf-8-sig").splitlines()
    return list(csv.DictReader(text, delimiter=";"))


def test_words_refer_to_words_that_are_there() -> None:
    words = {row["term"] for row in rows()}
    assert len(words) == len(rows()) >= 40
    for row in rows():
        others = [row["heet_nu"], *row["niet_verwarren_met"].split("|")]
        assert {other for other in others if other} <= words, row["term"]
        assert row["uitleg"].endswith(".")
        assert row["bron"]


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("AMK", "Veilig Thuis"),
        ("DWI", "WPI"),
        ("AWBZ-indicatie", "beschikking"),
        ("Bureau Jeugdzorg", "jeugdbescherming"),
        ("BJAA", "jeugdbescherming"),
        ("Samen DOEN", "buurtteam"),
    ],
)
def test_former_names_say_what_they_are_called_now(
    full_client: FlaskClient, former: str, now: str
) -> None:
    text = plain(full_client.get("/uitleg").text)
    assert re.search(rf"{former}(?: ook: [^.]*?)? Heet nu {now}\.", text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OKA", "MEE"),
        ("OKT", "buurtteam"),
        ("OKT", "OKC"),
        ("JBRA", "Veilig Thuis"),
        ("Samen DOEN", "stadsdeel"),
        ("consult", "verwijzing"),
        ("Eigen Kracht-conferentie", "eigen kracht"),
    ],
)
def test_look_alikes_are_untangled(full_client: FlaskClient, one: str, other: str) -> None:
    page = full_client.get("/uitleg").text
    mixed = plain(page[page.index("Vaak verward") : page.index("Oude en nieuwe namen")])
    assert f"{one} en {other}" in mixed or f"{other} en {one}" in mixed


def test_what_an_oka_does_is_answered_on_top(full_client: FlaskClient) -> None:
    text = plain(full_client.get("/uitleg").text)
    assert text.index("Wat doet een OKA? De OKA is de ouder- en kindadviseur") < 700


def test_every_word_has_a_place_of_its_own(full_client: FlaskClient) -> None:
    page = full_client.get("/uitleg").text
    for target in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{target}"' in page, target
    assert page.count('class="word"') == len(rows())


def test_words_are_kept_once_and_by_their_letters(session: Session) -> None:
    told = [GlossaryValues("Zorg", "Zorg."), GlossaryValues("âap", "Een aap.")]
    assert themes.save_glossary(session, told) == 2
    assert themes.save_glossary(session, told) == 2
    assert [term.word for term in themes.glossary(session)] == ["âap", "Zorg"]
    found = themes.find_term(session, "ZORG")
    assert found is not None
    assert found.meaning == "Zorg."


# English


def test_english_page_is_in_english_with_the_real_numbers(client: FlaskClient) -> None:
    page = client.get("/en").text
    assert '<html lang="en">' in page
    assert '<header class="cover" lang="nl">' in page
    for number in ("112", "0800-2000", "0800-0113", "0800-0432"):
        assert f">{number}</a>" in page
    for word in ("Danger right now", "How to search", "Who to call", "OKT", "family worker"):
        assert word in page


def test_every_page_leads_to_the_explaining_ones(client: FlaskClient) -> None:
    page = client.get("/waarheen").text
    for address in ("/uitleg", "/deze-week", "/a-z", "/open-data", "/en"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
        assert f"{address}<" in client.get("/sitemap.xml").text
