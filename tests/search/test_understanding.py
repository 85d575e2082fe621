"""What one box of words asks: chips for what is surely meant, and text for the rest."""

from collections.abc import Iterable

import pytest

from socialmap.geo.tree import AreaTree
from socialmap.models.terms import AreaLevel
from socialmap.search.language.lexicon import NoLexicon
from socialmap.search.question.filters import AREA_PARAMS, FACET_LABELS
from socialmap.search.question.understanding import Understood, understand
from socialmap.search.question.vocabulary import Vocabulary, read_phrases, vocabulary


class Words(NoLexicon):
    """A directory with a few words and names."""

    def __init__(self, words: str = "", names: str = "") -> None:
        self._words, self._names = set(words.split()), set(names.split())

    def knows(self, word: str) -> bool:
        return word in self._words

    def holds(self, word: str) -> bool:
        return word in self._words

    def names(self, words: Iterable[str]) -> bool:
        return set(words) <= self._names

    def nearest(self, word: str, others: Iterable[str]) -> str | None:
        known = {*self._words, *others}
        return next((one for one in sorted(known) if sorted(one) == sorted(word)), None)


@pytest.fixture
def reads(tree: AreaTree):  # type: ignore[no-untyped-def]
    def read(text: str, words: str = "", names: str = "", **options: object) -> Understood:
        return understand(text, vocabulary(tree), Words(words, names), **options)  # type: ignore[arg-type]

    return read


def settings(found: Understood) -> dict[str, str]:
    return dict(setting for chip in found.chips for setting in chip.settings)


@pytest.mark.parametrize(
    ("typed", "asked", "left"),
    [
        ("angst 14 jaar noord", "leeftijd=14 stadsdeel=noord", "angst"),
        ("angst turks gratis", "taal=tr kosten=gratis", "angst"),
        ("boos 8 jaar osdorp geen wachtlijst", "leeftijd=8 gebied=osdorp beschikbaar=nu", "boos"),
        ("Nieuw West", "stadsdeel=nieuw-west", ""),
        ("judo in Nieuw-West", "stadsdeel=nieuw-west", "judo in"),
        ("koken de Pijp", "gebied=de-pijp-rivierenbuurt", "koken de"),
        ("Bijlmer", "gebied=GT21,GT22,GT23", ""),
        ("volewijck", "wijk=volewijck", ""),
        ("Molenwijk praten", "bij=buurt:NA07", "praten"),
        ("taalles dinsdagmiddag", "dag=di dagdeel=middag", "taalles"),
        ("koken in het weekend", "dag=za,zo", "koken"),
        ("psycholoog zonder verwijzing", "route=zelf", "psycholoog"),
        ("praten online", "waar=online", "praten"),
        ("sport niet op school", "waar=buiten-school", "sport"),
        ("praatgroep Engelstalig", "taal=en", "praatgroep"),
        ("muziek 4-12", "leeftijd=4-12", "muziek"),
        ("muziek 4 tot 12 jaar", "leeftijd=4-12", "muziek"),
        ("sport 12+", "leeftijd=12-23", "sport"),
        ("zwemmen half jaar", "leeftijd=0.5", "zwemmen"),
        ("massage 6 maanden", "leeftijd=0.50", "massage"),
        ("rekenen groep 8", "leeftijd=11-12", "rekenen"),
        ("peuter slaapt niet", "leeftijd=2-3", "slaapt niet"),
        ("jongen 17 blowt", "leeftijd=17", "jongen blowt"),
        ("inloop zaterdag", "vorm=inloop dag=za", ""),
        ("praten 1,5 jaar", "leeftijd=1.5", "praten"),
        ("wonen vanaf 18", "leeftijd=18-23", "wonen"),
        ("driemond", "wijk=driemond", ""),
    ],
)
def test_what_is_surely_meant_becomes_a_chip(reads, typed: str, asked: str, left: str) -> None:  # type: ignore[no-untyped-def]
    found = reads(typed)
    assert settings(found) == dict(one.split("=") for one in asked.split())
    assert found.text == left


@pytest.mark.parametrize(
    "typed",
    [
        "noordse taal",
        "SD",
        "1Gezin1Plan",
        "24 uur opvang",
        "zwanger 20 wk",
        "Gentiaanstraat 12",
        "Engels leren",
        "Eigen Kracht-conferentie",
        "rots en water",
        "ouder kind centrum",
    ],
)
def test_what_is_not_sure_stays_text(reads, typed: str) -> None:  # type: ignore[no-untyped-def]
    assert reads(typed) == Understood((), typed)


@pytest.mark.parametrize("typed", ["sport € 5", "bel 06-12345678", "sport 20:00 uur", "A0-1 plek"])
def test_numbers_of_other_things_are_no_ages(reads, typed: str) -> None:  # type: ignore[no-untyped-def]
    assert settings(reads(typed)).get("leeftijd") is None


def test_a_postcode_in_a_text_is_a_place(reads) -> None:  # type: ignore[no-untyped-def]
    known = frozenset({"1031"})
    assert settings(reads("judo 1031 AB", postcodes=known)) == {"bij": "1031"}
    assert settings(reads("judo 1031 en koken", postcodes=known)) == {"bij": "1031"}
    assert settings(reads("judo in 2026", postcodes=known)) == {}


def test_names_stay_whole(reads) -> None:  # type: ignore[no-untyped-def]
    assert reads("Spel aan huis", names="spel aan huis").text == "Spel aan huis"
    assert settings(reads("hulp aan huis", names="spel aan huis")) == {"waar": "thuis"}


def test_compound_in_two_words_stays_whole(reads) -> None:  # type: ignore[no-untyped-def]
    assert reads("peuter speelzaal", words="peuterspeelzaal").text == "peuter speelzaal"
    assert settings(reads("peuter speelzaal")) == {"leeftijd": "2-3"}


def test_largest_area_wins_and_the_other_is_offered(reads) -> None:  # type: ignore[no-untyped-def]
    [chip] = reads("Slotervaart").chips
    assert (chip.param, chip.value) == ("gebied", "slotervaart")
    [chip] = reads("weesp").chips
    assert chip.param == "stadsdeel"
    assert [other.param for other in chip.others] == ["gebied:weesp-driemond"]


def test_slip_is_mended_before_it_is_understood(reads) -> None:  # type: ignore[no-untyped-def]
    found = reads("faalangts noorrd oodsrp", words="faalangst")
    assert [(one.typed, one.used) for one in found.corrections] == [
        ("faalangts", "faalangst"),
        ("oodsrp", "osdorp"),
    ]
    assert found.text == "faalangst noorrd"
    assert found.chips[0].text == "oodsrp", "it is taken off by what was typed"


def test_word_that_is_only_known_as_part_of_a_phrase_is_no_slip(reads) -> None:  # type: ignore[no-untyped-def]
    class Phrases(Words):
        def nearest(self, word: str, others: Iterable[str]) -> str | None:
            return word

    known = Vocabulary({})
    assert understand("licht verstandelijk beperkt", known, Phrases()).corrections == ()


def test_what_the_reader_wants_as_text_is_text(reads) -> None:  # type: ignore[no-untyped-def]
    assert reads("judo noord", literal=["noord"]) == Understood((), "judo noord")
    assert reads("judo Nieuw-West", literal=["nieuw west"]).chips == ()
    assert reads("judo 14 jaar", literal=["14 jaar"]).chips == ()


def test_what_was_chosen_wins_from_what_was_typed(reads) -> None:  # type: ignore[no-untyped-def]
    assert reads("judo noord", taken={"stadsdeel"}).text == "judo noord"


def test_hostile_text_is_only_text(reads) -> None:  # type: ignore[no-untyped-def]
    for typed in ("", " ", "((((", "noord" * 40, "1 " * 100, "\u202enoord", "é" * 200, "-" * 200):
        found = reads(typed)
        assert len(found.text) <= len(typed)


def test_every_phrase_of_the_file_asks_something_that_exists(tree: AreaTree) -> None:
    levels = {**AREA_PARAMS, "bij": AreaLevel.BUURT}
    for words, meaning in read_phrases():
        assert words
        for name, values in meaning.settings:
            for value in values.split(","):
                if name == "leeftijd":
                    continue
                if name in levels:
                    assert tree.find_at(levels[name], value.removeprefix("buurt:")), value
                else:
                    assert value in FACET_LABELS[name], (words, value)
