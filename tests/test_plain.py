"""Help towards plain Dutch: what is marked in a text, and what is left alone."""

import csv
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from socialmap import db, themes
from socialmap.config import DATA
from socialmap.listings.plain import (
    JARGON_FILE,
    MOST,
    Advice,
    Jargon,
    Kind,
    advice,
    is_short,
    jargon,
    jargon_of_file,
    read_jargon,
)
from socialmap.listings.sentences import sentences
from socialmap.themes import GlossaryValues
from tests.reading import plain

pytestmark = pytest.mark.pages

MOST_ADVISED = 0.2
"""Of the 192 summaries of offers in providers.csv 28 got advice when this was written (15%)."""
LONG = (
    "Wij komen bij u thuis als het even niet gaat en kijken dan samen met u en met uw kind wat er "
    "nodig is om het thuis weer fijn te hebben, ook als u dat zelf nog niet weet."
)


@pytest.fixture
def words(session: Session) -> Jargon:
    """The words of the directory, with a small glossary."""
    rows = [
        GlossaryValues("OKT", "Het team.", also=("ouder- en kindteam",)),
        GlossaryValues(
            "OKC", "Een plek.", also=("ouder- en kindcentrum", "consultatiebureau", "CB")
        ),
        GlossaryValues("lvb", "Een beperking.", also=("licht verstandelijke beperking",)),
        GlossaryValues("KIES", "Een groep.", also=("kinderen in echtscheiding",)),
        GlossaryValues("AMK", "De vroegere naam.", now_called="Veilig Thuis"),
        GlossaryValues("MEE", "Iets anders dan de OKA."),
    ]
    themes.save_glossary(session, rows)
    return jargon(session)


def split(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text)]


def quotes(text: str, words: Jargon, kind: Kind | None = None) -> list[str]:
    return [piece.quote for piece in advice(text, words) if kind in (None, piece.kind)]


def hint(text: str, words: Jargon) -> str:
    [piece] = advice(text, words)
    return piece.hint


# Sentences


@pytest.mark.parametrize(
    "one",
    [
        "U kunt hier bijv. koffie drinken.",
        "Er is hulp in o.a. Turks en Arabisch.",
        "Vragen m.b.t. School en thuis zijn welkom.",
        "Wij zijn er ma. t/m vr. van 9.00 tot 13.30 uur.",
        "Vraag naar dr. Amrani of mevr. De Wit.",
        "Het is op nr. 12, bij J. van Dam.",
        "Neem iets te eten mee (bijv. brood) en kom langs.",
        "Er zijn spelletjes, boeken, enz. en er is koffie.",
        "Voor kinderen (en ouders e.d.) uit de buurt.",
        "Een kaartje kost 2.50 euro.",
        "Mail naar a.b@noordlicht.example of kijk op www.noordlicht.example/kom.eens langs.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(one: str) -> None:
    assert split(one) == [one]


def test_sentences_end_at_a_stop_a_question_and_a_shout() -> None:
    text = (
        "Kom langs! Wilt u eerst bellen? Dat mag. “Neem uw kind mee.” Er is koffie, enz. Tot dan…"
    )
    assert split(text) == [
        "Kom langs!",
        "Wilt u eerst bellen?",
        "Dat mag.",
        "“Neem uw kind mee.”",
        "Er is koffie, enz.",
        "Tot dan…",
    ]


def test_a_line_and_a_bullet_end_a_sentence() -> None:
    text = "Wij helpen met:\r\n- school\n• geld en werk\n\n1. bellen\n2) langskomen"
    assert split(text) == ["Wij helpen met:", "school", "geld en werk", "bellen", "langskomen"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Open van 9.00 - 13.30 uur", 5),
        ("Bel 020 000 0012 – ook ma t/m vr", 6),
        ("Het ouder- en kindteam helpt (gratis)", 6),
    ],
)
def test_words_are_counted_as_they_are_read_aloud(text: str, count: int) -> None:
    [sentence] = sentences(text)
    assert sentence.length == count


# Long sentences


def test_a_long_sentence_is_quoted_with_its_number_of_words(words: Jargon) -> None:
    [piece] = advice(f"Welkom. {LONG} Tot dan.", words)
    assert piece == Advice(
        Kind.LONG_SENTENCE, LONG, f"Deze zin heeft {len(LONG.split())} woorden. Maak er twee van."
    )


def test_twenty_words_are_not_too_long_and_twenty_one_are(words: Jargon) -> None:
    twenty = " ".join(["woord"] * 20)
    assert advice(f"{twenty}.", words) == []
    assert hint(f"{twenty} extra.", words) == "Deze zin heeft 21 woorden. Maak er twee van."


def test_a_very_long_sentence_becomes_three_and_an_endless_one_shorter_ones(words: Jargon) -> None:
    assert hint("woord " * 41, words) == "Deze zin heeft 41 woorden. Maak er drie van."
    assert hint("woord " * 99, words) == "Deze zin heeft 99 woorden. Maak er kortere zinnen van."


# Jargon


def test_jargon_is_quoted_as_typed_with_a_plain_word(words: Jargon) -> None:
    assert hint("Indicatiestelling is niet nodig.", words) == (
        "‘Indicatiestelling’ kan eenvoudiger. Schrijf bijvoorbeeld: ‘toestemming van de gemeente’."
    )


@pytest.mark.parametrize(
    ("text", "quote", "better"),
    [
        ("De cliënten komen langs.", "cliënten", "kinderen en ouders"),
        ("De client komt langs.", "client", "kind of ouder"),
        ("U krijgt psychoeducatie.", "psychoeducatie", "uitleg over uw klachten"),
        ("U krijgt psycho-educatie.", "psycho-educatie", "uitleg over uw klachten"),
        ("U dient te bellen.", "dient te", "moet"),
        ("Hulp in het kader van school.", "in het kader van", "voor"),
        ("Wij geven ambulante begeleiding.", "ambulante begeleiding", "hulp bij u thuis"),
        ("Een vraag m.b.t. school.", "m.b.t.", "over"),
        ("Een vraag mbt school.", "mbt", "over"),
    ],
)
def test_forms_and_phrases_have_their_own_plain_words(
    text: str, quote: str, better: str, words: Jargon
) -> None:
    [piece] = advice(text, words)
    assert (piece.kind, piece.quote) == (Kind.JARGON, quote)
    assert f"‘{better}’" in piece.hint


@pytest.mark.parametrize(
    "text",
    [
        "Vraag de onafhankelijke cliëntondersteuner.",
        "Bel Stichting Traject of kijk op www.traject.example.",
        "U dient, te oordelen naar het weer, een jas te dragen.",
        "U krijgt psycho-educatie (uitleg over ADHD).",
        "U heeft toestemming van de gemeente (indicatiestelling) nodig.",
        "Hulp voor moeders van boze pubers die niet naar school willen.",
    ],
)
def test_compounds_names_and_explained_words_are_left_alone(text: str, words: Jargon) -> None:
    assert advice(text, words) == []


def test_a_word_is_advised_on_once(words: Jargon) -> None:
    assert quotes("Elke cliënt telt. Alle cliënten tellen.", words) == ["cliënt"]


# Abbreviations


@pytest.mark.parametrize(
    ("text", "quote", "meaning"),
    [
        ("Het OKT helpt.", "OKT", "ouder- en kindteam"),
        ("Alle OKT’s helpen.", "OKT", "ouder- en kindteam"),
        ("Een LVB-groep.", "LVB", "licht verstandelijke beperking"),
        ("Ga naar het CB.", "CB", "consultatiebureau"),
        ("Bel de POH.", "POH", "praktijkondersteuner van de huisarts"),
        ("Dit valt onder de WMO.", "WMO", "wet voor hulp van de gemeente"),
    ],
)
def test_an_abbreviation_is_said_in_words(
    text: str, quote: str, meaning: str, words: Jargon
) -> None:
    expected = f"‘{quote}’ is een afkorting. Schrijf erbij wat het is: ‘{meaning}’."
    assert advice(text, words) == [Advice(Kind.ABBREVIATION, quote, expected)]


def test_a_former_name_has_a_new_one(words: Jargon) -> None:
    assert hint("Bel het AMK.", words) == "‘AMK’ heet nu ‘Veilig Thuis’. Schrijf dat."
    assert advice("Bel Veilig Thuis (vroeger AMK).", words) == []


def test_an_abbreviation_that_nobody_knows_asks_for_words(words: Jargon) -> None:
    expected = "‘QRT’ is een afkorting. Schrijf erbij wat dat betekent."
    assert hint("Vraag de QRT en nog eens de QRT.", words) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Het ouder- en kindteam (OKT) helpt. Bel het OKT.",
        "Het OKT (ouder- en kindteam) helpt.",
        "Het OKT is het ouder- en kindteam.",
        "Het snelle team (afgekort QRT) komt. Het QRT belt eerst.",
        "Voor kinderen met ADHD. De GGD komt ook.",
        "Zaal II van VONK, op het WG-terrein.",
        "MEE helpt ook.",
        "Kies zelf. Ik kies mee.",
        "KOM LANGS BIJ ONS TEAM, HET IS ER FIJN",
        "Drie vossen en twee bossen.",
    ],
)
def test_explained_and_well_known_ones_names_and_shouting_are_left_alone(
    text: str, words: Jargon
) -> None:
    assert advice(text, words) == []


# Together


def test_at_most_five_come_back_and_the_most_useful_first(words: Jargon) -> None:
    text = (
        "Het OKT biedt interventies, middels casusregie, teneinde cliënten te helpen. "
        f"{'woord ' * 21}. {LONG}"
    )
    assert [piece.kind for piece in advice(text, words)] == [Kind.LONG_SENTENCE] + [Kind.JARGON] * 4
    assert quotes(text, words)[:2] == [LONG, "interventies"]
    assert len(advice(text, words)) == MOST


def test_a_plain_text_gets_no_advice(words: Jargon) -> None:
    text = "Maakt u zich zorgen over uw kind? Bel ons. Wij denken met u mee, ook ’s avonds."
    assert advice(text, words) == []
    assert advice("", words) == []
    assert advice(" \n\t. ", words) == []


def test_few_summaries_of_the_starting_set_get_advice(full_app: Flask) -> None:
    with (DATA / "providers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    with full_app.app_context():
        words = jargon(db.session())
    venues = [row["samenvatting"] for row in rows if row["soort"] == "plek"]
    offers = [row["samenvatting"] for row in rows if row["soort"] != "plek"]
    assert [text for text in venues if advice(text, words)] == []
    advised = [text for text in offers if advice(text, words)]
    assert 0 < len(advised) <= MOST_ADVISED * len(offers)
    assert max(len(advice(text, words)) for text in advised) <= 2


@given(st.text("aOKT.mb-’(!? \n\té1/@", max_size=200) | st.text(max_size=200))
def test_whatever_is_typed_quotes_stand_in_it_as_typed(text: str) -> None:
    pieces = advice(text, jargon_of_file())
    assert [piece.quote for piece in pieces if piece.quote not in text] == []
    assert len(pieces) <= MOST


# The file


def test_the_file_has_a_bom_and_a_hundred_words_or_more_each_once() -> None:
    assert JARGON_FILE.read_bytes().startswith(b"\xef\xbb\xbf")
    with JARGON_FILE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert list(rows[0]) == ["woord", "gewoon", "uitleg"]
    forms = [form for row in rows for form in row["woord"].split("|")]
    assert len([row for row in rows if not is_short(row["woord"].split("|")[0])]) >= 100
    assert sorted(form for form in set(forms) if forms.count(form) > 1) == []
    assert [form for form in forms if form != form.strip()] == []


def test_no_plain_word_is_jargon_itself() -> None:
    words = jargon_of_file()
    plain_words = {better.words for better in (*words.phrases.values(), *words.short.values())}
    assert {text: quotes(text, words) for text in plain_words if quotes(text, words)} == {}


@pytest.mark.parametrize("line", ["casus|casussen|zaak;verhaal|verhalen;", "casus;;", "casus"])
def test_a_word_without_a_plain_one_is_refused_with_its_line(line: str, tmp_path: Path) -> None:
    path = tmp_path / "jargon.csv"
    path.write_text(f"woord;gewoon;uitleg\nmiddels;met;\n{line}\n", "utf-8")
    with pytest.raises(ValueError, match="line 3"):
        read_jargon(path)


# The page


def test_advice_is_a_note_that_shows_text_as_text(full_app: Flask, words: Jargon) -> None:
    shown = full_app.jinja_env.from_string(
        '{% from "components/advice.html" import advice %}{{ advice("samenvatting", pieces) }}'
    )
    html = shown.render(pieces=advice(f"Elke <b>cliënt</b> telt. <i>{LONG}</i>", words))
    assert 'role="note"' in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "‘cliënt’ kan eenvoudiger." in plain(html)
    assert "Wij komen bij u thuis" in plain(html)
    assert "Maak er twee van." in plain(html)
    assert shown.render(pieces=[]).strip() == ""
