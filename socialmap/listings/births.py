"""New listings: all their rows, written many at a time.

An object for each of the thirty rows of a new listing would cost ten times what the rows do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from socialmap.listings.cards import Venues, card_change, card_of_new
from socialmap.listings.values import (
    PLAIN_FIELDS,
    TERM_FIELDS,
    ListingValues,
    TemporaryValues,
    in_order,
)
from socialmap.models import (
    Alternative,
    Change,
    Contact,
    Coverage,
    GroupSession,
    ImportedRecord,
    Listing,
    ListingCard,
    ListingPlace,
    ListingTerm,
    ListingTheme,
    Outbox,
    Place,
    Provider,
    TemporaryChange,
)
from socialmap.models.terms import ContactRole, Reach

Row = dict[str, Any]
REACHES = frozenset(map(str, Reach))
ORDER: tuple[type[SQLModel], ...] = (
    Listing,
    ListingTerm,
    ListingTheme,
    ListingPlace,
    Coverage,
    GroupSession,
    TemporaryChange,
    Contact,
    Alternative,
    ListingCard,
    Change,
    ImportedRecord,
    Outbox,
)


@dataclass(frozen=True)
class Birth:
    """A new listing with what it points to."""

    id: UUID
    slug: str
    values: ListingValues
    provider: Provider | None
    places: Sequence[Place]
    people: Mapping[ContactRole, UUID]
    alternatives: Sequence[UUID]
    meanwhile: Mapping[str, Place] = field(default_factory=dict)
    """Where it is for a while, by slug."""
    venues: Venues = field(default_factory=dict)


class Births:
    """New listings that wait to be written together."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[type[SQLModel], list[Row]] = {table: [] for table in ORDER}

    def add(self, birth: Birth, origin: Row, *, is_import: bool) -> None:
        """Let a listing wait. `origin` says of its history who, when and by which door."""
        data = birth.values.as_json()
        self._put(Listing, [_listing(birth, origin["at"])])
        self._put(ListingTerm, _terms(birth))
        self._put(ListingTheme, _numbered(birth, "theme_id", birth.values.themes))
        places = [place.id for place in birth.places]
        self._put(ListingPlace, _numbered(birth, "place_id", places))
        self._put(Coverage, [coverage_row(birth.id, code) for code in birth.values.coverage])
        self._put(GroupSession, _sessions(birth))
        self._put(TemporaryChange, _temporary(birth))
        self._put(Contact, _contacts(birth, origin["at"]))
        self._put(Alternative, _alternatives(birth))
        self._put(ListingCard, [_card(birth, origin["at"])])
        self._put(Change, [{**origin, "record_id": birth.id, "before": None, "after": data}])
        self._put(Outbox, [{"listing_id": birth.id, "is_erasure": False}])
        if is_import:
            self._put(ImportedRecord, [_imported(birth, origin)])

    def write(self) -> None:
        """Write all that waits."""
        if not self._rows[Listing]:
            return
        self._session.flush()  # providers and places first
        for table, rows in self._rows.items():
            if rows:
                statement = sa.insert(table.__table__)  # type: ignore[attr-defined]
                self._session.connection().execute(statement, rows)
                rows.clear()

    def _put(self, table: type[SQLModel], rows: Sequence[Row]) -> None:
        self._rows[table].extend(rows)


def coverage_row(listing_id: UUID, code: str) -> Row:
    """A row that says whom a listing serves: an area, the city, or people from beyond it."""
    is_reach = code in REACHES
    return {
        "listing_id": listing_id,
        "area_code": None if is_reach else code,
        "reach": Reach(code) if is_reach else None,
    }


def temporary_row(listing_id: UUID, change: TemporaryValues, place: Place | None) -> Row:
    """A row that says what is different for a while, and where it is meanwhile."""
    return {
        **change.model_dump(exclude={"place"}),
        "listing_id": listing_id,
        "place_id": place.id if place else None,
    }


def _listing(birth: Birth, now: datetime) -> Row:
    return {
        **{name: getattr(birth.values, name) for name in PLAIN_FIELDS},
        "id": birth.id,
        "slug": birth.slug,
        "provider_id": birth.provider and birth.provider.id,
        "added_on": now.date(),
        "callers": 0,
        "changed_on": now.date(),
    }


def _terms(birth: Birth) -> list[Row]:
    return [
        {"listing_id": birth.id, "kind": kind, "term": str(term), "position": at}
        for name, kind in TERM_FIELDS.items()
        for at, term in enumerate(getattr(birth.values, name))
    ]


def _numbered(birth: Birth, column: str, ids: Sequence[Any]) -> list[Row]:
    return [
        {"listing_id": birth.id, column: id, "position": at}
        for at, id in enumerate(dict.fromkeys(ids))
    ]


def _sessions(birth: Birth) -> list[Row]:
    return [{"listing_id": birth.id, **dict(session)} for session in birth.values.sessions]


def _temporary(birth: Birth) -> list[Row]:
    changes = [*birth.values.temporary, *birth.values.moves]
    return [temporary_row(birth.id, one, _meanwhile(birth, one)) for one in changes]


def _meanwhile(birth: Birth, change: TemporaryValues) -> Place | None:
    return birth.meanwhile[change.place] if change.place else None


def _contacts(birth: Birth, now: datetime) -> list[Row]:
    none = {"team_id": None, "place_id": None, "until_on": None, "from_on": now.date()}
    return [
        {"id": uuid4(), "listing_id": birth.id, "person_id": id, "role": role, **none}
        for role, id in birth.people.items()
    ]


def _alternatives(birth: Birth) -> list[Row]:
    return [{"listing_id": birth.id, "alternative_id": id} for id in birth.alternatives]


def _card(birth: Birth, now: datetime) -> Row:
    values = birth.values
    changes = in_order([*values.temporary, *values.moves])
    card = card_of_new(
        birth.id,
        birth.slug,
        values,
        birth.provider,
        birth.places,
        now.date(),
        [card_change(one, _meanwhile(birth, one)) for one in changes],
        birth.venues,
    )
    return {"listing_id": birth.id, "slug": birth.slug, "data": card.model_dump(mode="json")}


def _imported(birth: Birth, origin: Row) -> Row:
    return {
        "noun": origin["noun"],
        "record_id": birth.id,
        "import_run_id": origin["import_run_id"],
        "is_named": True,
        "data": birth.values.as_filed(),
    }
