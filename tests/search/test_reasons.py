"""Why a listing is found: its own words, or the theme or group that the words mean."""

import pytest

from tests.factories import listing
from tests.searching import Seeker

pytestmark = pytest.mark.pages


def reasons(seeker: Seeker, **asked: str) -> list[tuple[str, str]]:
    [hit] = seeker.finds(**asked).hits
    return [(reason.field, reason.text) for reason in hit.reasons]


def test_a_word_in_the_text_is_said(seeker: Seeker) -> None:
    seeker.knows(listing("judo", description="Elke week judo."))
    assert reasons(seeker, q="judo") == [("q", "judo")]


def test_a_theme_that_is_meant_is_named_as_the_theme(seeker: Seeker) -> None:
    seeker.knows(listing("vulkaan", themes=["boosheid"], summary="", description=""))
    assert reasons(seeker, q="driftbuien") == [("thema", "Boosheid en agressie")]


def test_other_words_are_told_as_they_stand_there(seeker: Seeker) -> None:
    seeker.knows(listing("hulp", themes=[], description="Hulp bij dyslexie op maat."))
    [(field, text)] = reasons(seeker, q="woordblind")
    assert (field, text) == ("q", "dyslexie")


def test_a_reason_is_given_once(seeker: Seeker) -> None:
    seeker.knows(listing("vulkaan", themes=["boosheid"], summary="", description=""))
    assert reasons(seeker, q="driftbuien driftig", thema="boosheid") == [
        ("thema", "Boosheid en agressie")
    ]
