"""Is it in the directory already? What looks like a new offer is named; what does not is not."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from socialmap.models.terms import Status
from socialmap.reviews.alike import Known, find_alike, ranked
from tests.factories import DRAAD, listing, save

NOORDLICHT = "Jongerenwerk Noordlicht"
KNOWN = [
    Known("Kop op", "kop-op", NOORDLICHT),
    Known("Black-out? Training tegen faalangst", "black-out", "Praktijk Overstag"),
    Known("Naailes voor moeders", "naailes", "Draad & Daad"),
    Known("Samen koken", "samen-koken", "Buurtkamer De Haven"),
    Known("Café Één", "cafe-een", "Stichting Schouders"),
    Known("Het Lichthuis", "het-lichthuis"),
    Known(NOORDLICHT, "jongerenwerk-noordlicht", is_provider=True),
    Known("Draad & Daad", "draad-daad", is_provider=True),
]


def names(title: str, provider: str = "") -> list[str]:
    return [one.name for one in ranked(KNOWN, title, provider)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Kop op", "Kop op"),
        ("KOP  OP!", "Kop op"),
        ("Kopop", "Kop op"),
        ("faalangst training", "Black-out? Training tegen faalangst"),
        ("de naailes", "Naailes voor moeders"),
        ("Naailes voor meoders", "Naailes voor moeders"),
        ("Samenkoken", "Samen koken"),
        ("cafe een", "Café Één"),
        ("Lichthuis", "Het Lichthuis"),
    ],
)
def test_the_same_by_another_spelling_is_found(typed: str, found: str) -> None:
    assert names(typed)[0] == found


@pytest.mark.parametrize(
    "typed", ["Huiswerk in West", "Moeder en kind", "de", "Ko", "", "!!", "12"]
)
def test_something_else_is_not_found(typed: str) -> None:
    assert names(typed) == []


def test_a_provider_is_found_by_its_name() -> None:
    assert names("Schaatsen", "jongerenwerk noordligt") == [NOORDLICHT]
    assert names("Schaatsen", "Iets heel anders") == []


def test_of_the_same_provider_less_is_enough() -> None:
    assert "Naailes voor moeders" not in names("Naaien voor mama's")
    assert "Naailes voor moeders" in names("Naaimiddag voor moeders", "Draad en Daad")


def test_the_likest_comes_first_and_there_are_five_at_most() -> None:
    many = [Known(f"Koken met groep {at}", f"koken-{at}") for at in range(9)]
    found = ranked([*many, Known("Koken", "koken")], "Koken")
    assert found[0].name == "Koken"
    assert len(found) == 5


def test_only_what_a_visitor_may_see_is_named(engine: sa.Engine) -> None:
    save(
        engine,
        listing("kop-op"),
        listing("geheim", title="Kop op twee", provider=DRAAD, status=Status.DRAFT),
    )
    with Session(engine) as session:
        found = find_alike(session, "Kop op", "Draad & Daad")
    assert [one.slug for one in found] == ["kop-op"]
