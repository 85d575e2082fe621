"""From the parameters of API.md to a question."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from socialmap.geo.tree import AreaTree
from socialmap.search.question.params import read_query, was_cut
from socialmap.search.question.query import AgeRange, Order, Query, Show
from tests.factories import listing, save


def read(session: Session, tree: AreaTree, **params: str) -> Query:
    query, errors = read_query(session, tree, {name: [value] for name, value in params.items()})
    assert errors == []
    return query


def refused(session: Session, tree: AreaTree, **params: str) -> list[tuple[str, str]]:
    _, errors = read_query(session, tree, {name: [value] for name, value in params.items()})
    return [(error.param, error.value) for error in errors]


def test_values_may_be_repeated_or_separated_by_commas(session: Session, tree: AreaTree) -> None:
    query, _ = read_query(session, tree, {"vorm": ["groep,inloop", "gesprek"]})
    assert query.chosen["vorm"] == ("groep", "inloop", "gesprek")


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [("14", 168, 179), ("4-12", 48, 155), ("0.5", 6, 6), ("0,5", 6, 6), ("0-4", 0, 59)],
)
def test_ages_are_whole_months_both_ends_inclusive(
    session: Session, tree: AreaTree, typed: str, low: int, high: int
) -> None:
    [ages] = read_query(session, tree, {"leeftijd": [typed.replace(",", ".")]})[0].ages
    assert (ages.min_months, ages.max_months) == (low, high)
    assert isinstance(ages, AgeRange)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("leeftijd", "twaalf"),
        ("leeftijd", "12-4"),
        ("leeftijd", "900"),
        ("straal", "ver"),
        ("straal", "0"),
        ("straal", "51"),
        ("straal", "nan"),
        ("vorm", "toneel"),
        ("stadsdeel", "atlantis"),
        ("wijk", "ZZ"),
        ("thema", "bestaat-niet"),
        ("taal", "klingon"),
        ("sorteer", "prijs"),
        ("pagina", "0"),
        ("pagina", "twee"),
        ("pagina", "²"),
        ("toon", "alles"),
        ("bij", "Nergenshuizen"),
        ("bij", "wijk:ZZ"),
        ("bij", "plek:bestaat-niet"),
        ("zonder", "bestaat-niet"),
    ],
)
def test_a_bad_value_is_named_and_left_out(
    session: Session, tree: AreaTree, name: str, value: str
) -> None:
    assert refused(session, tree, **{name: value}) == [(name, value)]


def test_every_message_says_what_would_be_right(session: Session, tree: AreaTree) -> None:
    _, [error] = read_query(session, tree, {"stadsdeel": ["nord"]})
    assert error.message == "Er is geen stadsdeel met deze naam. Bedoelt u noord?"


def test_a_postcode_in_one_wijk_is_that_wijk(session: Session, tree: AreaTree) -> None:
    near = read(session, tree, bij="1011").near
    assert near is not None
    assert near.area_code == "AF"


@pytest.mark.parametrize("typed", ["1095", "1095 AB", "1095ab"])
def test_a_postcode_in_several_wijken_asks_which(
    session: Session, tree: AreaTree, typed: str
) -> None:
    query = read(session, tree, bij=typed)
    assert len(query.near_choices) > 1
    assert all(choice.param.startswith("wijk:") for choice in query.near_choices)


def test_a_postcode_typed_into_the_one_box_is_a_place(session: Session, tree: AreaTree) -> None:
    query = read(session, tree, q="1011")
    assert query.text == ""
    assert query.near is not None


@pytest.mark.parametrize("typed", ["wijk:NK", "wijk:volewijck", "Volewijck", "volewijck"])
def test_a_wijk_is_known_by_code_slug_and_name(
    session: Session, tree: AreaTree, typed: str
) -> None:
    near = read(session, tree, bij=typed).near
    assert near is not None
    assert near.area_code == "NK"


def test_a_venue_is_a_place(engine: sa.Engine, session: Session, tree: AreaTree) -> None:
    save(engine, listing())
    session.rollback()  # reading began before the save
    near = read(session, tree, bij="plek:oba-van-der-pek").near
    assert near is not None
    assert near.area_code == "NK03"


def test_order_page_and_show(session: Session, tree: AreaTree) -> None:
    query = read(session, tree, sorteer="afstand", pagina="3", toon="verouderd,gestopt")
    assert (query.order, query.page, query.show) == (Order.DISTANCE, 3, frozenset(Show))


def test_long_text_is_cut_at_200_signs(session: Session, tree: AreaTree) -> None:
    query = read(session, tree, q="a" * 300)
    assert len(query.text) == 200
    assert was_cut({"q": ["a" * 300]})
    assert not was_cut({"q": ["  kort  "]})


def test_unknown_names_are_ignored(session: Session, tree: AreaTree) -> None:
    assert refused(session, tree, utm_source="x") == []
