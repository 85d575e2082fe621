"""Dutch compounds taken apart."""

import pytest

from socialmap.search.language.compounds import Splitter, splitter


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("faalangsttraining", ("faalangst", "training")),
        ("groepstrainingen", ("groeps", "trainingen")),
        ("kinderkookclub", ("kinder", "kook", "club")),
        ("dinsdagmiddag", ("dinsdag", "middag")),
        ("schuldhulp", ("schuld", "hulp")),
        ("gedragsproblemen", ("gedrags", "problemen")),
    ],
)
def test_known_parts_are_found(word: str, parts: tuple[str, ...]) -> None:
    assert splitter().split(word) == parts


@pytest.mark.parametrize("word", ["begeleiding", "onderwijs", "faalangst", "boos", "12+", ""])
def test_a_word_of_one_piece_stays_whole(word: str) -> None:
    assert splitter().split(word) == ()


def test_long_parts_win_over_many_short_ones() -> None:
    parts = Splitter(["schuld", "hulp", "schuldhulp", "verlening"])
    assert parts.split("schuldhulpverlening") == ("schuldhulp", "verlening")


def test_long_nonsense_is_given_up_quickly() -> None:
    assert splitter().split("kind" * 40 + "q") == ()
