"""What must not be kept is stopped, talk of one child is warned about, the rest goes through."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from socialmap import labels
from socialmap.listings import find
from socialmap.listings.values import ListingValues
from socialmap.reviews import words
from socialmap.reviews.words import Slip
from tests.factories import TODAY

BSN = "123456782"
"""Passes the elfproef: 9 + 16 + 21 + 24 + 25 + 24 + 21 + 16 - 2 = 154 = 14 × 11."""
INNOCENT = (
    "Bel 020 000 0077, niet 06 0000 0096.",
    "Het nummer is +31 20 123 4567 of 0031-6-12345678, ook +31 (0)20 123 4567.",
    "088-123 45 67 en (020) 1234567 en 0800 - 2000 en 0174 12 34 56",
    "0900 1234 567 kost geld",
    "Open van 9.00 tot 17.30, maandag 10.00-12.00 en 13.00-15.30",
    "ma 09.00 10.00 di 11.00 12.00",
    "Sinds 12-03-2024 gesloten",
    "Per 1 januari 2023 verhuisd naar Gentiaanstraat 1, 1031 AE",
    "Op dinsdag 3-9-2019 gestopt",
    "Op 3 september 2019 zijn zij verhuisd",
    "De site is bijgewerkt op 12-03-2020",
    "Dicht tot en met 31-12-2025",
    "Vanaf 2 februari 2027 op woensdag, tot 2015 was dat dinsdag",
    "De groep begon in maart 2015",
    "Dit klopt niet sinds vorige week: 10-11-2026 was de laatste keer",
    "Opgericht op 12-03-1989 door ouders",
    "Vrijwilliger sinds 12-03-2015",
    "NL91 ABNA 0417 1643 00",
    "KvK 12345678",
    "Voor kinderen van 8 jaar, groep 7 en 8",
    "Vanaf 12 jaar. Kinderen van 8 jaar mogen ook. Voor jongeren (16 tot 23)",
    "Het is voor 12- tot 16-jarige meisjes",
    "Onze leerlingen kunnen er niet meer terecht",
    "Mijn zoon kon er niet terecht, en ons gezin ook niet",
    "Mijn ervaring: de cliënt betaalt nu zelf",
    "Yara van der Koster werkt er niet meer, nu is het Fatma",
    "Groep (8) en Donderdag (10)",
    "Oma Jo (72) is de contactpersoon",
    "",
)


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_about_an_offer_goes_through(text: str) -> None:
    assert words.stops(text, TODAY) == []
    assert words.warns(text) == []


@pytest.mark.parametrize(
    "written",
    [
        BSN,
        "1234.56.782",
        "123 456 782",
        "123.456.782",
        "123-456-782",
        "123–456–782",
        "123 456\u00a0782",
        "12 34 56 782",
        "１２３４５６７８２",
        "012345672",
    ],
)
@pytest.mark.parametrize("text", ["{}", "bsn{}!", "Bel 020 000 0077, bsn {} 9 jaar", "4 {} 12"])
def test_a_bsn_is_stopped_however_it_is_written(written: str, text: str) -> None:
    assert words.stops(text.format(written), TODAY) == [Slip.BSN]


@pytest.mark.parametrize(
    "number", ["123456783", "000000000", "12345678", "1234567820", "001234560"]
)
def test_other_numbers_are_no_bsn(number: str) -> None:
    assert not words.has_bsn(number)


@pytest.mark.parametrize(
    "text",
    [
        "12-03-2015",
        "Sam, 12 maart 2015",
        "Sam van 12/3/2015 is gestopt",
        "12.03.2015",
        "12 - 03 - 2015",
        "2015-03-12",
        "12e mrt. 2015",
        "12 MAART 2015",
        "12 March 2009",
        "geboren op 12-03-2026",
        "geb. 12-03-15",
        "geboren: 12 03 2015",
        "geboortedatum 12032015",
        "geb 12 mei '15",
        "moeder, 12-03-1980 geboren",
        "Vandaag geboren: 23-11-2026",
        "Geboren op 12-03-2024, sinds die dag in zorg",
    ],
)
def test_a_birth_date_is_stopped(text: str) -> None:
    assert words.stops(text, TODAY) == [Slip.BIRTH_DATE]


@pytest.mark.parametrize(
    "text",
    [
        "31-02-2015",
        "geboren op 24-11-2026",
        "geboren op 12-03-1899",
        "12-03-15",
        "12 03 2015",
        "12-03-2025",
        "24-11-2024",
        "23-11-2002",
        "De cursus geboortezorg is van 12-03-2026",
    ],
)
def test_other_dates_go_through(text: str) -> None:
    assert words.stops(text, TODAY) == []


def test_a_date_is_a_childs_from_two_years_to_the_24th_birthday() -> None:
    assert words.has_birth_date("23-11-2024", TODAY)
    assert words.has_birth_date("24-11-2002", TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "Mijn cliënt kon er niet terecht",
        "mijn clie\u0308nte",
        "Onze leerling stond voor een dichte deur",
        "M'n jonge client belde",
        "een leerling van mij",
        "Ons pleegkind wacht al een jaar",
    ],
)
def test_talk_of_a_client_is_warned_about(text: str) -> None:
    assert words.warns(text) == [Slip.CLIENT]
    assert words.stops(text, TODAY) == []


@pytest.mark.parametrize(
    "text",
    [
        "Sam (8) werd weggestuurd",
        "Fatima, 14 jaar, wacht",
        "Yusuf (14 jaar)",
        "Özlem(9 jr.)",
        "Jan-Willem is nu 8 jaar",
        "Bo van 8 jaar",
        "de 12-jarige Émile",
        "SAM 8 JAAR",
    ],
)
def test_a_name_with_an_age_is_warned_about(text: str) -> None:
    assert words.warns(text) == [Slip.NAMED_AGE]


DIGITS = st.integers(0, 9)
LETTERS = st.text(st.characters(exclude_categories=["Nd", "Nl", "No", "Cs"]), max_size=40)
PHONES = st.sampled_from(
    "0## ### ####|0##-#######|06 #### ####|06-## ## ## ##|0#########|0### ######|088 ### ## ##|"
    "+31 ## ### ####|+316########|0031 6 ########|+31 (0)## #######".split("|")
)
SHAPES = st.sampled_from(["#########", "####.##.###", "### ### ###", "###-###-###", "## ## ## ###"])


def filled(shape: str, digits: list[int]) -> str:
    """A shape with digits where it has `#`."""
    left = iter(digits)
    return "".join(str(next(left)) if sign == "#" else sign for sign in shape)


def bsn_of(eight: list[int]) -> list[int] | None:
    """The one BSN that begins with these digits; a few have none."""
    last = sum(w * digit for w, digit in zip(range(9, 1, -1), eight, strict=True)) % 11
    return [*eight, last] if last < 10 and eight[:2] != [0, 0] else None


BSNS = st.lists(DIGITS, min_size=8, max_size=8).map(bsn_of).filter(bool)


@given(PHONES, st.lists(DIGITS, min_size=9, max_size=9), LETTERS, LETTERS)
def test_no_telephone_number_is_a_bsn(shape: str, digits: list[int], a: str, b: str) -> None:
    assert not words.has_bsn(f"{a} {filled(shape, digits)} {b}")


@given(
    st.lists(st.tuples(st.integers(0, 23), st.sampled_from(["00", "15", "30", "45"])), min_size=2),
    st.sampled_from([".", ":"]),
    st.sampled_from(["-", " - ", " tot ", "–", " en "]),
)
def test_no_opening_times_are_stopped(
    times: list[tuple[int, str]], point: str, between: str
) -> None:
    text = between.join(f"{hour}{point}{minute}" for hour, minute in times)
    assert words.stops(f"maandag {text} uur", TODAY) == []


@given(BSNS, SHAPES, LETTERS, LETTERS)
def test_every_bsn_is_stopped(digits: list[int], shape: str, a: str, b: str) -> None:
    assert words.has_bsn(f"{a} {filled(shape, digits)} {b}")


@given(BSNS, st.integers(0, 8), st.integers(1, 9))
def test_a_bsn_with_one_wrong_digit_is_none(digits: list[int], at: int, more: int) -> None:
    wrong = [*digits[:at], (digits[at] + more) % 10, *digits[at + 1 :]]
    assert not words.is_bsn("".join(map(str, wrong)))


CHILD_DAYS = st.dates(date(2002, 11, 24), date(2024, 11, 23))
ANY_DAYS = st.dates(date(1900, 1, 1), TODAY)


def ways(day: date) -> list[str]:
    """A day as people write it."""
    return [
        f"{day:%d-%m-%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        day.isoformat(),
        labels.day(day),
        labels.short_day(day),
    ]


@given(CHILD_DAYS)
def test_every_birth_date_of_a_child_is_stopped(day: date) -> None:
    assert [text for text in ways(day) if not words.has_birth_date(text, TODAY)] == []


@given(ANY_DAYS)
def test_every_date_is_stopped_beside_a_word_about_birth(day: date) -> None:
    for text in (f"geboren op {way}" for way in ways(day)):
        assert words.has_birth_date(text, TODAY), text


@given(ANY_DAYS | st.dates(TODAY + timedelta(1)))
def test_no_date_is_stopped_that_something_began_on(day: date) -> None:
    assert [way for way in ways(day) if words.has_birth_date(f"Dicht sinds {way}", TODAY)] == []


@given(st.text(max_size=600), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_text_gets_an_answer(text: str, today: date) -> None:
    assert set(words.stops(text, today) + words.warns(text)) <= set(Slip)


def test_nothing_that_stands_in_the_directory_is_stopped(full_app: Flask) -> None:
    """What people quote from a page goes through."""
    with Session(full_app.extensions["engine"]) as session:
        texts = [text for values in find.all_values(session) for text in told(values)]
    assert len(texts) > 100
    assert [text for text in texts if words.stops(text, TODAY)] == []
    [warned] = [text for text in texts if words.warns(text)]
    assert "Timo (21)" in warned


def told(values: ListingValues) -> list[str]:
    """All that a listing says in words and numbers."""
    found = values.model_dump(mode="json").values()
    return [value for value in found if isinstance(value, str)]
