"""A fixed cast: readable listings and people, made with one line each."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Author, Editor, Saved
from socialmap.listings.values import (
    ListingValues,
    PlaceValues,
    ProviderValues,
    SessionValues,
    TemporaryValues,
)
from socialmap.models.terms import Door

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

VAN_DER_PEK = PlaceValues(
    name="OBA Van der Pek",
    street="Gentiaanstraat",
    house_number="1",
    postcode="1031AE",
    lat=52.3872,
    lon=4.9108,
    area_code="NK03",
)
SOMEWHERE_IN_VOLEWIJCK = PlaceValues(visibility="area", area_code="NK")
SECRET = PlaceValues(visibility="hidden")
TUESDAY_AFTERNOON = SessionValues(weekday="di", part="middag")
TUESDAYS_ELSEWHERE = TemporaryValues(
    kind="andere-plek",
    from_on=date(2026, 12, 1),
    until_on=date(2026, 12, 15),
    weekday="di",
    part="middag",
    place="oba-van-der-pek",
)
NOORDLICHT = ProviderValues(name="Jongerenwerk Noordlicht", is_informal=False)
DRAAD = ProviderValues(name="Draad & Daad", is_informal=True)


def listing(key: str = "kop-op", **values: Any) -> ListingValues:
    """A faalangst training in Noord, but for what `values` says otherwise."""
    usual: dict[str, Any] = {
        "kind": "offer",
        "title": key.replace("-", " ").capitalize(),
        "provider": NOORDLICHT,
        "level": "open",
        "themes": ["faalangst"],
        "forms": ["groep"],
        "audience": ["jeugd"],
        "routes": ["zelf"],
        "settings": ["plek"],
        "languages": ["nl"],
        "min_age_months": 144,
        "max_age_months": 203,
        "summary": "Oefenen met durven, samen met anderen.",
        "description": "Acht keer op donderdag.",
        "cost": "gratis",
        "phone": "020 000 0077",
        "places": [VAN_DER_PEK],
        "coverage": ["N"],
        "confirmed_on": date(2026, 11, 3),
    }
    return ListingValues.model_validate({"key": key, **usual, **values})


def save(
    engine: sa.Engine, *listings: ListingValues, door: Door = Door.FORM, by: str = "test"
) -> list[Saved]:
    """Save these listings through the one door."""
    with db.writing(engine) as session:
        editor = Editor(session, area_tree(session), Author(by, door, NOW))
        return [editor.save(values) for values in listings]


def titles(session: Session, ids: Iterable[Any]) -> list[str]:
    """The titles of these listings, in this order."""
    from socialmap.listings.cards import cards

    return [card.title for card in cards(session, list(ids))]
