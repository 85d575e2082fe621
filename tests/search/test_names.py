"""Which names fit what was typed, and in which order."""

import pytest

from socialmap.search.answer.names import MOST, Kind, Name, Names
from socialmap.search.language.analysis import pieces

CITY = [
    Name(Kind.THEME, "Faalangst", "faalangst", "Angst"),
    Name(Kind.THEME, "School", "school"),
    Name(Kind.THEME, "Schulden", "schulden"),
    Name(Kind.DISTRICT, "Noord", "noord"),
    Name(Kind.ZONE, "Oud-Noord", "oud-noord", "Noord"),
    Name(Kind.WIJK, "Noordelijke IJ-oevers", "noordelijke-ij-oevers", "Noord"),
    Name(Kind.OFFER, "Faalangsttraining op school", "faalangsttraining", "Noordlicht"),
    Name(Kind.OFFER, "Weerbaar en zonder angst", "weerbaar", "Noordlicht"),
    Name(Kind.OFFER, "Café Één", "cafe-een", "Noordlicht"),
    Name(Kind.OFFER, "Spreekuur in Noord", "spreekuur", "OKT Noord"),
    Name(Kind.PLACE, "Huis van de Wijk De Meeuw", "de-meeuw", "Volewijck"),
    Name(Kind.PLACE, "OKT Noord", "okt-noord-plek", "Volewijck"),
    Name(Kind.PROVIDER, "Jongerenwerk Noordlicht", "noordlicht"),
    Name(Kind.PROVIDER, "OKT Noord", "okt-noord-aanbieder"),
    Name(Kind.TEAM, "OKT Noord", "okt-noord"),
    Name(Kind.TERM, "OKT", "okt"),
    Name(Kind.TERM, "ouder- en kindteam", "okt", "OKT"),
]
ORDINARY = Names(CITY)


def labels(typed: str, names: Names = ORDINARY) -> list[str]:
    return [name.label for name in names.suggested(pieces(typed))]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("fAAL", ["Faalangst", "Faalangsttraining op school"]),
        ("cafe ee", ["Café Één"]),
        ("CAFÉ", ["Café Één"]),
        ("meeuw", ["Huis van de Wijk De Meeuw"]),
        ("huis van de w", ["Huis van de Wijk De Meeuw"]),
        ("wijk huis", ["Huis van de Wijk De Meeuw"]),
        ("ouder en kind", ["ouder- en kindteam"]),
        ("oud-n", ["Oud-Noord"]),
        ("dlicht", ["Jongerenwerk Noordlicht"]),
    ],
)
def test_names_are_found_by_how_their_words_begin(typed: str, found: list[str]) -> None:
    assert labels(typed) == found


def test_the_whole_name_then_its_beginning_then_a_word_then_the_inside() -> None:
    assert labels("noord")[:2] == ["Noord", "Noordelijke IJ-oevers"]
    assert labels("school") == ["School", "Faalangsttraining op school"]
    angst = labels("angst")
    assert angst == ["Weerbaar en zonder angst", "Faalangst", "Faalangsttraining op school"]
    assert labels("okt")[0] == "OKT"


def test_of_equal_fits_the_shorter_and_the_larger_area_go_first() -> None:
    assert labels("sch")[:2] == ["School", "Schulden"]
    noords = [Name(Kind.WIJK, "Noorden", "a"), Name(Kind.ZONE, "Noordelijk deel", "b")]
    assert labels("noord", Names(noords)) == ["Noordelijk deel", "Noorden"]


def test_a_short_text_finds_nothing_inside_words() -> None:
    assert "Faalangst" not in labels("ang")


def test_kinds_take_turns() -> None:
    offers = [Name(Kind.OFFER, f"Noordster {number}", f"ster-{number}") for number in range(20)]
    found = Names([*offers, *CITY]).suggested(pieces("noord"))
    assert len(found) == MOST
    kinds = {name.kind for name in found}
    assert kinds >= {Kind.DISTRICT, Kind.OFFER, Kind.TEAM, Kind.PROVIDER}


def test_a_kind_alone_fills_the_list() -> None:
    offers = [Name(Kind.OFFER, f"Judo {number}", f"judo-{number}") for number in range(20)]
    assert len(labels("judo", Names(offers))) == MOST


def test_a_team_speaks_for_the_place_and_the_provider_of_its_name() -> None:
    found = [name for name in ORDINARY.suggested(pieces("okt noord")) if name.label == "OKT Noord"]
    assert [name.kind for name in found] == [Kind.TEAM]


def test_a_word_and_the_other_way_to_say_it_are_one() -> None:
    names = Names([Name(Kind.TERM, "inloop", "inloop"), Name(Kind.TERM, "inloopuur", "inloop")])
    assert labels("inl", names) == ["inloop"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("faalamgst", "Faalangst"),
        ("falangst", "Faalangst"),
        ("faalagns", "Faalangst"),
        ("schulfen", "Schulden"),
        ("huis van de wjik", "Huis van de Wijk De Meeuw"),
    ],
)
def test_a_slip_is_forgiven_when_nothing_fits(typed: str, found: str) -> None:
    assert labels(typed)[0] == found


def test_two_slips_are_left_to_the_search() -> None:
    assert labels("husi van de wjik") == []


@pytest.mark.parametrize(
    "typed", ["xqzy", "sxh", "9999", "faalangst marsmannetje", "de wijk huis x"]
)
def test_what_nobody_is_called_suggests_nothing(typed: str) -> None:
    assert labels(typed) == []


def test_no_names_suggest_nothing() -> None:
    assert labels("noord", Names([])) == []
    assert labels("noord", Names([Name(Kind.OFFER, "!!!", "x")])) == []
