"""What a listing brings, as its provider reads it: what can be better, and how it was found."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import db, people
from socialmap.listings.benefit import yearly
from socialmap.listings.completeness import ToDo, completeness
from socialmap.listings.find import find_listing
from socialmap.models import FieldAsk, Listing, ListingCount
from socialmap.models.terms import AskedField, Counted, Role
from socialmap.people import PersonValues
from tests.entering import enter
from tests.factories import DRAAD, TODAY, TUESDAY_AFTERNOON, listing, save
from tests.reading import plain

pytestmark = pytest.mark.pages

PAGE = "/bijwerken/kop-op/opbrengst"
WHOLE: dict[str, Any] = {
    "contact": "fatma",
    "backup": "bo",
    "sessions": [TUESDAY_AFTERNOON],
    "room": "plek",
    "reported_on": TODAY,
    "not_for": "kinderen jonger dan 12 jaar",
}
LATER = date(2026, 12, 1)


@pytest.fixture
def city(engine: sa.Engine) -> sa.Engine:
    """Fatma and Bo, and a listing of which nothing is missing."""
    with db.writing(engine) as session:
        people.save_person(session, PersonValues("fatma", "Fatma", role="helpt"))
        people.save_person(session, PersonValues("bo", "Bo", role="helpt"))
    save(engine, listing(**WHOLE))
    return engine


def todo(engine: sa.Engine, today: date = TODAY) -> list[ToDo]:
    with Session(engine) as session:
        one = find_listing(session, "kop-op")
        assert one is not None
        return completeness(session, one, today).todo


def asked(engine: sa.Engine, *rows: tuple[str, str, AskedField, int]) -> None:
    """So often a field was chosen on for a theme in a month."""
    with db.writing(engine) as session:
        session.add_all(
            FieldAsk(month=month, theme_id=theme, field=field, count=count)
            for month, theme, field, count in rows
        )


# What can be better


def test_of_a_whole_listing_nothing_is_asked(city: sa.Engine) -> None:
    assert todo(city) == []


@pytest.mark.parametrize(
    ("lacking", "key", "part"),
    [
        ({"contact": None}, "contact", "contact"),
        ({"backup": None}, "backup", "contact"),
        ({"phone": None}, "reach", "contact"),
        (
            {"ages_known": False, "min_age_months": None, "max_age_months": None},
            "ages",
            "wie",
        ),
        ({"cost": None}, "cost", "toegang"),
        ({"routes": []}, "routes", "toegang"),
        ({"languages": []}, "languages", "wie"),
        ({"audience": []}, "audience", "wie"),
        ({"not_for": ""}, "limits", "wie"),
        ({"sessions": []}, "times", "wanneer"),
        ({"forms": []}, "forms", "wanneer"),
        ({"places": [], "settings": []}, "place", "waar"),
        ({"coverage": []}, "coverage", "waar"),
        ({"room": None, "reported_on": None}, "room", "plek"),
        ({"reported_on": date(2026, 10, 1)}, "room", "plek"),
        ({"summary": ""}, "summary", "tekst"),
        ({"summary": "Wij bieden ambulante begeleiding."}, "summary", "tekst"),
    ],
)
def test_what_is_missing_is_to_do(
    city: sa.Engine, lacking: dict[str, Any], key: str, part: str
) -> None:
    save(city, listing(**{**WHOLE, **lacking}))
    found = todo(city, TODAY + timedelta(days=1))
    assert [(one.gap.key, one.gap.part) for one in found] == [(key, part)]


@pytest.mark.parametrize(
    "instead",
    [
        {"phone": None, "mail": "kop-op@noordlicht.example"},
        {"places": [], "settings": ["online"]},
        {"not_for": "", "criteria": "U woont in Noord"},
    ],
)
def test_what_is_there_in_another_way_is_not_asked(
    city: sa.Engine, instead: dict[str, Any]
) -> None:
    save(city, listing(**{**WHOLE, **instead}))
    assert todo(city) == []


def test_of_a_place_little_is_asked_and_of_what_has_ended_nothing(city: sa.Engine) -> None:
    bare: dict[str, Any] = {"phone": None, "summary": "", "cost": None, "routes": [], "places": []}
    save(city, listing(kind="place", provider=None, **bare))
    assert [one.gap.key for one in todo(city)] == ["reach", "place", "summary"]
    save(city, listing(status="ended", ended_on=TODAY, reason="Klaar.", **bare))
    assert todo(city) == []


def test_the_costliest_comes_first_with_what_it_cost_last_month(city: sa.Engine) -> None:
    save(city, listing(**{**WHOLE, "contact": None, "cost": None, "sessions": [], "routes": []}))
    asked(
        city,
        ("2026-11", "faalangst", AskedField.COST, 34),
        ("2026-11", "rouw", AskedField.DAY, 900),
        ("2026-11", "faalangst", AskedField.DAY, 40),
        ("2026-11", "faalangst", AskedField.ROUTE, 4),
        ("2026-12", "faalangst", AskedField.ROUTE, 90),
    )
    first, second, *rest = todo(city, LATER)
    assert first.gap.key == "times"
    assert second.cost == (
        "In november 2026 zochten mensen 34 keer naar ‘Faalangst’ en wilden ook weten wat het "
        "kost. Uw aanbod zegt daar niets over."
    )
    assert [one.gap.key for one in rest] == ["contact", "routes"]
    assert "minder dan 5 keer" in rest[1].cost
    assert rest[0].cost == ""


def test_themes_are_not_added_up(city: sa.Engine) -> None:
    save(city, listing(**{**WHOLE, "cost": None, "themes": ["faalangst", "pesten"]}))
    asked(
        city,
        ("2026-10", "faalangst", AskedField.COST, 6),
        ("2026-10", "pesten", AskedField.COST, 7),
    )
    assert [one.count for one in todo(city)] == [7]


# The page


@pytest.fixture
def own(app: Flask, city: sa.Engine) -> FlaskClient:
    """Who edits for the provider of the listing."""
    provider = "jongerenwerk-noordlicht"
    return enter(app, city, "fatma@noordlicht.example", Role.EDITOR, provider=provider)


def found(engine: sa.Engine, month: str, area: str = "", **counts: int) -> None:
    """The listing, long there, was found so often."""
    with db.writing(engine) as session:
        one = session.exec(select(Listing).where(Listing.slug == "kop-op")).one()
        one.added_on = date(2026, 1, 1)
        for what, count in counts.items():
            told = {"what": Counted[what.upper()], "area_code": area, "count": count}
            session.add(ListingCount(listing_id=one.id, month=month, **told))


def test_page_tells_months_wijken_and_what_to_do(own: FlaskClient, city: sa.Engine) -> None:
    save(city, listing(**{**WHOLE, "cost": None}))
    asked(city, ("2026-10", "faalangst", AskedField.COST, 34))
    found(city, "2026-10", shown=7, opened=12, called=3)
    found(city, "2026-10", area="NK", shown=20)
    found(city, "2026-11", opened=77)
    page = own.get(PAGE).text
    text = plain(page)
    assert "Zeg wat het kost In oktober 2026 zochten mensen 34 keer" in text
    assert 'href="/bijwerken/kop-op/toegang"' in page
    assert "Oktober 2026 27 12 minder dan 5" in text
    assert "ten minste 27" in text
    assert "77" not in text
    assert "November 2026" not in text
    assert "<span>Volewijck</span><i></i><span>20<" in page
    assert "U bent er voor Noord" in text


def test_page_says_when_there_is_nothing_to_tell(own: FlaskClient) -> None:
    text = plain(own.get(PAGE).text)
    assert "Daar is nog niets over te vertellen" in text
    assert "Alles wat mensen willen weten, staat er." in text


def test_the_form_and_the_desk_lead_to_it(own: FlaskClient, city: sa.Engine) -> None:
    save(city, listing(**{**WHOLE, "cost": None}))
    text = plain(own.get("/bijwerken/kop-op").text)
    assert "14 van de 15 dingen die mensen willen weten, staan er. Begin met: zeg wat het k" in text
    for page in ("/bijwerken/kop-op", "/bureau"):
        assert f'href="{PAGE}"' in own.get(page).text


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        (Role.WIJK_CONTACT, {"area": "NK"}, 200),
        (Role.WIJK_CONTACT, {"area": "AB"}, 403),
        (Role.EDITOR, {"provider": "draad-daad"}, 403),
        (Role.PROFESSIONAL, {}, 403),
        (Role.REDACTEUR, {}, 200),
    ],
)
def test_page_is_for_who_keeps_or_checks_the_listing(
    app: Flask, city: sa.Engine, role: Role, scope: dict[str, str], status: int
) -> None:
    save(city, listing("elders", provider=DRAAD))
    assert enter(app, city, "iemand@gids.example", role, **scope).get(PAGE).status_code == status


def test_a_visitor_is_led_to_the_way_in(client: FlaskClient, city: sa.Engine) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 303
    assert "/inloggen" in answer.headers["Location"]


# The yearly mail


def test_a_year_tells_the_same_of_every_listing_that_runs(city: sa.Engine) -> None:
    save(
        city,
        listing("durf", **{**WHOLE, "cost": None}),
        listing("over", status="ended", ended_on=TODAY, reason="Klaar."),
        listing("concept", status="draft"),
    )
    found(city, "2026-03", opened=12)
    found(city, "2025-03", opened=99)
    with Session(city) as session:
        provider_id = session.exec(select(Listing.provider_id)).first()
        assert provider_id is not None
        told = yearly(session, provider_id, 2026, date(2027, 1, 4))
    assert [one.slug for one in told.benefits] == ["durf", "kop-op"]
    assert told.benefits[1].total(Counted.OPENED) == "ten minste 12"
    assert [one.gap.key for one in told.benefits[0].completeness.todo] == ["cost", "room"]
    assert told.benefits[0].seens.is_silent
    assert not told.is_silent
