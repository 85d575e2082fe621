"""The page of results: what was understood, whom to ring, and ways on where little is found."""

import re
from html import unescape
from urllib.parse import parse_qs

import pytest
from flask.testing import FlaskClient

from tests.factories import DRAAD, TODAY, listing
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

# What was understood


def test_filters_that_are_on_can_each_be_taken_off(visitor: Visitor) -> None:
    visitor.knows(listing())
    page = visitor.reads("/zoeken?leeftijd=12&stadsdeel=Noord&waar=plek,thuis&toon=gestopt")
    taken_off = dict(re.findall(r'href="([^"]+)" aria-label="Weghalen: ([^"]+)"', page))
    left = {words: set(unescape(url)[8:].split("&")) for url, words in taken_off.items()}
    assert set(left) == {"12 jaar", "Noord", "op een plek", "thuis", "ook gestopt"}
    assert left["Noord"] == {"leeftijd=12", "waar=plek", "waar=thuis", "toon=gestopt"}
    assert left["thuis"] == {"leeftijd=12", "stadsdeel=Noord", "waar=plek", "toon=gestopt"}


def test_value_that_is_not_understood_is_no_filter(visitor: Visitor) -> None:
    page = visitor.reads("/zoeken?leeftijd=oud")
    assert "Leeftijd: oud" in plain(page)
    assert "Weghalen" not in page


@pytest.mark.parametrize(
    ("typed", "chips"),
    [
        ("faalangst 11 jaar noord", ["11 jaar", "Noord"]),
        ("16 jr", ["16 jaar"]),
        ("koken Nieuw-West", ["Nieuw-West"]),
        ("naaien dinsdagmiddag gratis", ["dinsdagmiddag", "gratis"]),
    ],
)
def test_what_was_understood_is_shown_and_can_be_text_again(
    visitor: Visitor, typed: str, chips: list[str]
) -> None:
    page = visitor.reads(f"/zoeken?q={typed}")
    assert re.findall(r"Weghalen: ([^\"]+)", page) == chips
    text = page.split("Zoek als gewone tekst:")[1].split("</details>")[0]
    links = re.findall(r'href="([^"]+)"', text)
    assert len(links) == len(chips)
    for url, chip in zip(links, chips, strict=True):
        assert f"Weghalen: {chip}" not in visitor.reads(unescape(url))


@pytest.mark.parametrize("typed", ["faalangst", "1Gezin1Plan", "24 uur", "noordse taal"])
def test_other_words_are_left_alone(visitor: Visitor, typed: str) -> None:
    assert "Weghalen" not in visitor.reads(f"/zoeken?q={typed}")


def test_filter_and_word_do_not_count_twice(visitor: Visitor) -> None:
    """A box that came back with its chips as filters keeps only the rest of its words."""
    visitor.knows(listing(title="Judo"))
    page = visitor.reads("/zoeken?q=judo 12 jaar noord")
    assert re.findall(r'name="q" type="search" value="([^"]*)"', page) == ["judo"]
    assert re.findall(r'name="stadsdeel" value="noord" checked', page)


def test_slip_is_mended_and_told(visitor: Visitor) -> None:
    visitor.knows(listing(title="Faalangst de baas"))
    page = visitor.text("/zoeken?q=faalangts")
    assert "“faalangts” kennen wij niet. We zochten op faalangst." in page
    assert "Faalangst de baas" in page


def test_words_of_the_question_are_one_reason(visitor: Visitor) -> None:
    visitor.knows(listing(title="Durven op de fiets"))
    assert "In de tekst: durven, fiets" in visitor.text("/zoeken?q=durven fiets")


def test_word_of_the_field_is_explained(visitor: Visitor) -> None:
    assert "afkortingen die u hoort voor jeugdbescherming" in visitor.text("/zoeken?q=JBRA")
    assert "heet nu buurtteam" in visitor.text("/zoeken?q=samen doen")
    assert "Meer uitleg" not in visitor.text("/zoeken?q=faalangst")


# What a family already knows


def without(page: str) -> dict[str, str]:
    """The links that leave out a provider, by their words."""
    links = re.findall(r'href="([^"]+)">(Zonder [^<]+)</a>', page)
    return {unescape(words): unescape(url) for url, words in links}


def test_provider_can_be_left_out_and_let_in_again(visitor: Visitor) -> None:
    visitor.knows(listing("kop-op"), listing("naailes", provider=DRAAD))
    page = visitor.reads("/zoeken?thema=faalangst")
    left_out = visitor.reads(without(page)["Zonder Draad & Daad"])
    assert "Naailes" not in left_out
    assert "Kop op" in left_out
    [back] = re.findall(r'href="([^"]+)" aria-label="Weghalen: zonder Draad &amp; Daad"', left_out)
    assert unescape(back) == "/zoeken?thema=faalangst"


def test_providers_that_are_left_out_travel_along(visitor: Visitor) -> None:
    visitor.knows(*(listing(f"les-{number}") for number in range(21)))
    visitor.knows(listing("naailes", provider=DRAAD))
    page = unescape(visitor.reads("/zoeken?thema=faalangst&zonder=draad-daad"))
    assert '<input type="hidden" name="zonder" value="draad-daad">' in page
    kept = "thema=faalangst&zonder=draad-daad"
    for link in (
        f"/zoeken?{kept}&pagina=2",
        f"/zoeken?{kept}&sorteer=gecontroleerd",
        f"/zoeken?{kept}&zonder=jongerenwerk-noordlicht",
        f"/kaart/amsterdam.geojson?{kept}",
    ):
        assert link in page, link
    map_url = re.findall(r'data-points="([^"]+)"', page)[0]
    assert "Naailes" not in visitor.client.get(map_url).text
    assert visitor.client.get(f"/api/search?{kept}").json["total"] == 21


def test_unknown_provider_is_not_left_out_but_named(visitor: Visitor) -> None:
    visitor.knows(listing())
    page = visitor.text("/zoeken?zonder=niemand")
    assert "Zonder: niemand" in page
    assert "1 vermelding" in page


# Whom to ring


def test_wijk_of_a_postcode_says_which_team_and_who_to_ring(visitor: Visitor) -> None:
    page = visitor.text("/zoeken?bij=wijk:NK")
    team, contact = page.index("Ouder- en kindteam: OKT Oud Noord, 020"), page.index("Kent de wijk")
    assert team < contact < page.index("Verfijnen")


def test_team_of_a_part_of_the_wijk_names_its_buurten(full_client: FlaskClient) -> None:
    page = plain(full_client.get("/zoeken?wijk=buikslotermeer").text)
    assert re.search(r"OKT Oud Noord, 020 000 0062 \(voor [A-Z]", page)
    assert re.search(r"OKT Noord Oost, 020 000 0060 \(voor [A-Z]", page)


def test_contact_who_is_not_there_today_names_the_deputy(full_client: FlaskClient) -> None:
    page = plain(full_client.get("/zoeken?wijk=waterland").text)
    assert "Klaas Porsius, 020 000 0027 (vandaag niet bereikbaar; bel dan Marjolein" in page


def test_postcode_in_several_wijken_names_their_buurten(visitor: Visitor) -> None:
    page = visitor.text("/zoeken?bij=1031")
    assert "In welke wijk?" in page
    assert "Volewijck Bloemenbuurt-Noord, Bloemenbuurt-Zuid en Van der Pekbuurt" in page
    assert "Wie belt u voor" not in page


def test_results_near_a_place_are_not_said_to_be_in_it(visitor: Visitor) -> None:
    visitor.knows(listing())
    assert "1 vermelding in Volewijck" in visitor.text("/zoeken?wijk=volewijck")
    assert "1 vermelding in" not in visitor.text("/zoeken?bij=wijk:NL")


# No dead end


def test_place_elsewhere_leads_to_the_stadsdelen(visitor: Visitor) -> None:
    page = visitor.reads("/zoeken?q=judo&bij=3011AB")
    assert "Plek: 3011AB" in plain(page)
    assert "Deze gids gaat over Amsterdam en Weesp" in page
    assert 'href="/zoeken?q=judo&amp;stadsdeel=noord"' in page


def test_what_has_ended_is_a_step_away_where_little_is_found(visitor: Visitor) -> None:
    ended = {"status": "ended", "ended_on": TODAY}
    visitor.knows(listing("babykring", description="Wekelijks wiegen.", **ended))
    assert "Wat hierbij past is gestopt" in visitor.text("/zoeken?q=wiegen")
    visitor.knows(listing("badje", description="Wiegen in het water."))
    page = visitor.reads("/zoeken?q=wiegen")
    assert "Babykring" not in page
    assert "Ook wat gestopt is" in page
    assert "Babykring" in visitor.text("/zoeken?q=wiegen&toon=gestopt")
    assert "Ook wat gestopt is" not in visitor.text("/zoeken?q=wiegen&toon=gestopt")


def test_what_has_ended_is_found_by_its_name(visitor: Visitor) -> None:
    visitor.knows(listing("babykring", status="ended", ended_on=TODAY))
    page = visitor.text("/zoeken?q=babykring")
    assert "1 vermelding" in page
    assert "Gestopt" in page


def test_nothing_with_filters_is_not_said_to_be_nothing_at_all(visitor: Visitor) -> None:
    visitor.knows(listing("naailes", provider=DRAAD))
    page = visitor.text("/zoeken?q=naailes&leeftijd=3")
    assert "Voor naailes met deze filters staat er niets in de gids" in page
    assert "haal alle filters weg" in page


def test_every_example_on_the_front_page_finds_something(full_client: FlaskClient) -> None:
    [hints] = re.findall(r'id="q-hint">(.+?)</div>', full_client.get("/").text)
    examples = re.findall(r'href="([^"]+)"', hints)
    assert len(examples) == 5
    for example in examples:
        assert "Niets gevonden" not in full_client.get(unescape(example)).text, example


# Sharing a search

BASE = "http://localhost:8000/zoeken?"


def shared(page: str) -> str:
    """The link to the question."""
    return unescape(re.findall(r'data-copy="([^"]+)" data-copy-label', page)[0])


def test_question_is_shared_as_it_was_understood(visitor: Visitor) -> None:
    visitor.knows(listing(title="Judo"))
    page = visitor.reads("/zoeken?q=judo 12 jaar noord&pagina=1&vergelijk=judo")
    link = shared(page)
    assert link == f"{BASE}q=judo&stadsdeel=noord&leeftijd=12"
    [mail] = re.findall(r'href="mailto:\?([^"]+)"', page)
    assert link in parse_qs(unescape(mail))["body"][0]
    [chat, attributes] = re.findall(r'href="https://wa\.me/\?([^"]+)"([^>]*)>', page)[0]
    assert parse_qs(unescape(chat))["text"][0].endswith(" " + link)
    assert "noreferrer noopener" in attributes
    assert "Judo" in visitor.text(link.removeprefix("http://localhost:8000"))


def test_what_could_not_be_used_is_not_shared(visitor: Visitor) -> None:
    visitor.knows(listing(title="Judo"))
    asked = "/zoeken?q=judo&bij=Bij de Vries thuis&leeftijd=oud,12&sorteer=snel"
    assert shared(visitor.reads(asked)) == f"{BASE}q=judo&leeftijd=12"


def test_typed_address_is_not_shared(visitor: Visitor) -> None:
    visitor.knows(listing(title="Judo"))
    led = visitor.client.get("/zoeken?q=judo&bij=Gentiaanstraat 1").location
    assert shared(visitor.reads(led)) == f"{BASE}q=judo"


def test_nothing_asked_is_nothing_to_share(visitor: Visitor) -> None:
    visitor.knows(listing())
    assert "Deel deze zoekvraag" not in visitor.reads("/zoeken")
    assert "Deel deze zoekvraag" not in visitor.reads("/zoeken?vergelijk=kop-op")
    assert "Deel deze zoekvraag" in visitor.reads("/zoeken?thema=faalangst")
