"""What differs between two versions, as people read it."""

import random
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap.geo.tree import area_tree
from socialmap.listings.values import ListingValues
from socialmap.models import Person
from socialmap.reviews import Difference, Kind, Names, differences
from socialmap.reviews.differences import WORD, line_differences, word_differences
from socialmap.reviews.readings import GROUPS
from tests.factories import (
    SECRET,
    SOMEWHERE_IN_VOLEWIJCK,
    TUESDAYS_ELSEWHERE,
    VAN_DER_PEK,
    listing,
    save,
)

LIFT = {
    "kind": "let-op",
    "from_on": "2026-12-01",
    "until_on": "2026-12-04",
    "text": "De lift is stuk",
}
SIGN = {Kind.SAME: "", Kind.GONE: "-", Kind.NEW: "+"}


def compared(before: str, after: str) -> list[str]:
    return [SIGN[piece.kind] + piece.text for piece in word_differences(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Acht keer.", "Acht keer.", ["Acht keer."]),
        ("Acht keer op do.", "Zes keer op do.", ["-Acht ", "+Zes ", "keer op do."]),
        ("op school", "op school en thuis", ["op school ", "+en thuis"]),
        ("naald en draad.", "naald.", ["naald ", "-en draad", "."]),
        ("Kop op. Durf.", "Samen naaien. Nu.", ["-Kop op. Durf.", "+Samen naaien. Nu."]),
        ("Bel eerst, graag", "Bel eerst", ["Bel eerst", "-, graag"]),
        ("om 13.30 uur", "om 13.45 uur", ["om ", "-13.30 ", "+13.45 ", "uur"]),
        ("een\ntwee", "een\n\ntwee", ["een\n", "+\n", "twee"]),
        ("", "nieuw", ["+nieuw"]),
        ("oud", "", ["-oud"]),
        ("", "", []),
    ],
)
def test_words_are_compared_one_by_one(before: str, after: str, told: list[str]) -> None:
    assert compared(before, after) == told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("e\u0301e\u0301n", "een"),
        ("👩\u200d👧 samen", "👩\u200d👧\u200d👦 samen"),
        ("let op!\ufe0f", "let op!"),
        ("👍🏽", "👍🏿"),
        ("नमस्ते", "नमस्कार"),
    ],
)
def test_no_sign_is_split(before: str, after: str) -> None:
    for piece in word_differences(before, after):
        assert piece.text[0] not in "\u0301\u200d\ufe0f🏽🏿"
        assert piece.text.strip() in ("let op", *before.split(), *after.split(), "!", "!\ufe0f")


def test_both_texts_can_be_read_back() -> None:
    chance = random.Random(7)
    signs = "ab .,\n(é\u0301👩\u200d!\u00a0"
    for _ in range(500):
        before, after = ("".join(chance.choices(signs, k=chance.randrange(30))) for _ in range(2))
        assert "".join(WORD.findall(before)) == before
        pieces = word_differences(before, after)
        here = "".join(piece.text for piece in pieces if piece.kind != Kind.GONE)
        then = "".join(piece.text for piece in pieces if piece.kind != Kind.NEW)
        assert "".join(here.split()) == "".join(after.split())
        assert "".join(then.split()) == "".join(before.split())


def test_very_long_texts_stand_one_under_the_other() -> None:
    before, after = "a " * 3000, "a b " * 3000
    assert [piece.kind for piece in word_differences(before, after)] == [Kind.GONE, Kind.NEW]


def test_lines_come_and_go() -> None:
    told = line_differences(["zelf", "school"], ["zelf", "huisarts"])
    assert [SIGN[piece.kind] + piece.text for piece in told] == ["zelf", "-school", "+huisarts"]


# What each field says


@pytest.fixture
def names(session: Session) -> Names:
    return Names(session, area_tree(session))


def changed(names: Names, **fields: tuple[Any, Any]) -> list[Difference]:
    """What changed between two listings that differ in these fields."""
    before = listing(**{name: old for name, (old, _) in fields.items()}).as_json()
    after = listing(**{name: new for name, (_, new) in fields.items()}).as_json()
    return differences({name: (before[name], after[name]) for name in fields}, names)


def told(names: Names, **fields: tuple[Any, Any]) -> list[str]:
    [found] = changed(names, **fields)
    return [found.name, *(SIGN[piece.kind] + piece.text for piece in found.pieces)]


def test_every_field_has_a_name() -> None:
    named = [field for _, fields in GROUPS for field in fields]
    assert sorted(named) == sorted(ListingValues.model_fields)


def test_every_field_can_be_read(names: Names) -> None:
    whole: dict[str, Any] = {
        "only_for": ["meisjes"],
        "professional_note": "Bel Ilse.",
        "sessions": [{"weekday": "di", "part": "middag"}],
        "moves": [TUESDAYS_ELSEWHERE],
        "temporary": [LIFT],
        "status": "closed",
        "closed_from": "2026-12-01",
        "closed_until": "2026-12-31",
        "ended_on": "2027-01-01",
        "reason": "Verbouwing",
        "room": "vol",
        "weeks": 8,
        "reported_on": "2026-11-23",
        "contact": "weg",
        "backup": "weg-ook",
        "alternatives": ["weg"],
        "is_example": True,
        **dict.fromkeys(
            "not_for criteria papers steps cost_note mail website entered_by".split(), "iets"
        ),
    }
    values = listing(**whole).as_json()
    found = differences({name: (None, value) for name, value in values.items()}, names)
    assert [one.name for one in found] == [name for name, _ in GROUPS]
    for one in found:
        assert one.pieces, one.name
        assert all(piece.kind == Kind.NEW for piece in one.pieces), one.name


def test_what_is_different_for_a_while(names: Names) -> None:
    assert told(names, temporary=([], [LIFT])) == [
        "Tijdelijk anders",
        "+Let op van 1 tot en met 4 december 2026: De lift is stuk",
    ]
    where = "Dinsdagmiddag: op een andere plek van 1 tot en met 15 december 2026"
    gone = TUESDAYS_ELSEWHERE.model_copy(update={"place": "weg"})
    assert told(names, moves=([gone], [])) == [
        "Tijdelijk anders",
        f"-{where}: een plek die er niet meer is",
    ]


def test_when_it_meets(names: Names) -> None:
    tuesday = {"weekday": "di", "part": "middag", "starts_at": "13:30", "ends_at": "15:30"}
    friday = {"weekday": "vr", "part": "ochtend", "from_on": "2027-01-08", "until_on": "2027-03-05"}
    assert told(names, sessions=([tuesday], [tuesday, friday])) == [
        "Tijden",
        "Dinsdag 13.30–15.30",
        "+Vrijdag ochtend, van 8 januari 2027 tot en met 5 maart 2027",
    ]


def test_where_it_is(names: Names) -> None:
    assert told(names, places=([VAN_DER_PEK], [SOMEWHERE_IN_VOLEWIJCK, SECRET])) == [
        "Adres",
        "-OBA Van der Pek, Gentiaanstraat 1, 1031 AE",
        "+ergens in Volewijck",
        "+geheim adres",
    ]


def test_a_moved_point_is_seen(names: Names) -> None:
    moved = VAN_DER_PEK.model_copy(update={"lat": 52.3879})
    _, old, new = told(names, places=([VAN_DER_PEK], [moved]))
    assert old.startswith("-OBA Van der Pek")
    assert old.endswith("punt 52,38720 4,91080")
    assert new.endswith("punt 52,38790 4,91080")


def test_an_erased_address_is_called_so(names: Names) -> None:
    [found] = differences({"places": ([{"visibility": "erased"}], [])}, names)
    assert [piece.text for piece in found.pieces] == ["een adres dat is gewist"]


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({"min_age_months": (144, 120)}, ["-vanaf 12 jaar", "+vanaf 10 jaar"]),
        ({"min_age_months": (144, None)}, ["-vanaf 12 jaar", "+geen laagste leeftijd"]),
        ({"max_age_months": (203, None)}, ["-tot en met 16 jaar", "+geen hoogste leeftijd"]),
        (
            {"min_age_months": (144, 48), "max_age_months": (203, 155)},
            ["-12–16 jaar", "+4–12 jaar"],
        ),
    ],
)
def test_for_which_ages(names: Names, fields: dict[str, Any], lines: list[str]) -> None:
    assert told(names, **fields) == ["Leeftijd", *lines]


def test_what_is_read_together(names: Names) -> None:
    room = {"room": ("plek", "vol"), "weeks": (None, 8), "reported_on": ("2026-11-03",) * 2}
    assert told(names, **room) == ["Is er plek?", "-Plek", "+Vol", "+wachttijd 8 weken"] + [
        "gemeld op 3 november 2026"
    ]
    status = {"status": ("live", "closed"), "reason": ("", "Verbouwing")}
    assert told(names, **status) == ["Status", "-actueel", "+tijdelijk dicht", "+reden: Verbouwing"]


def test_terms_themes_and_areas_have_their_names(names: Names) -> None:
    assert told(names, routes=(["zelf"], ["zelf", "huisarts"]))[1:] == ["zelf", "+via de huisarts"]
    assert told(names, themes=(["faalangst"], []))[1:] == ["-Faalangst"]
    assert told(names, coverage=(["N"], ["NK", "stad"]))[1:] == [
        "-Noord",
        "+Volewijck",
        "+heel Amsterdam",
    ]


def test_people_and_listings_have_their_names(engine: sa.Engine, session: Session) -> None:
    save(engine, listing("naailes"))
    names = Names(session, area_tree(session))
    person = session.exec(select(Person).order_by(Person.key)).first()
    assert person is not None
    assert told(names, contact=(None, person.key), backup=("weg", None)) == [
        "Contactpersoon",
        "-vervanger: iemand die er niet meer is",
        f"+{person.name}",
    ]
    assert told(names, alternatives=([], ["naailes"]))[1:] == ["+Naailes"]


def test_names_come_in_the_order_of_the_forms(names: Names) -> None:
    found = changed(names, phone=("020 000 0011", "020 000 0012"), title=("Een", "Twee"))
    assert [(one.name, one.is_text) for one in found] == [("Naam", True), ("Telefoon", False)]
