"""How text becomes terms."""

import pytest

from socialmap.search.language.analysis import query_terms, stem, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kind", "kinderen"),
        ("gezin", "gezinnen"),
        ("huis", "huizen"),
        ("brief", "brieven"),
        ("training", "trainingen"),
        ("school", "scholen"),
        ("meisje", "meisjes"),
        ("opvoeding", "opvoeden"),
    ],
)
def test_forms_of_one_word_meet(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("begeleiding", "beleid"), ("moeder", "moe")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_accents_and_case_do_not_matter() -> None:
    assert terms("CAFÉ Één") == terms("cafe een")


def test_punctuation_that_means_something_is_kept() -> None:
    assert "12+" in terms("voor jongeren (12+)")
    assert "1gezin1plan" in terms("1Gezin1Plan")


def test_hyphenated_words_are_found_joined_and_split() -> None:
    assert {"povo", "po", "vo"} <= set(terms("overgang po-vo"))


def test_a_letter_in_brackets_may_be_there_or_not() -> None:
    assert {stem("echtscheiding"), stem("vechtscheiding")} <= set(terms("(v)echtscheiding"))


def test_stopwords_are_not_looked_for_unless_nothing_else_was_typed() -> None:
    assert query_terms("hulp voor mijn kind") == [stem("hulp"), stem("kind")]
    assert query_terms("wat is dat") == ["wat", "is", "dat"]


def test_text_without_words_has_no_terms() -> None:
    assert query_terms("?! … ()") == []
