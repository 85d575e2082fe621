"""What a listing can be given: the shape of an edit, validated before it reaches the tables."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from socialmap.geo.tree import AreaTree
from socialmap.models import GroupSession, Listing, Place, Provider, TemporaryChange
from socialmap.models.slugs import slug_of
from socialmap.models.temporary import LONGEST_TEXT, Dated
from socialmap.models.terms import (
    Audience,
    ContactRole,
    Cost,
    DayPart,
    Form,
    Language,
    Level,
    ListingKind,
    OnlyFor,
    ReferralRoute,
    Room,
    Setting,
    Status,
    TemporaryKind,
    TermKind,
    Visibility,
    Weekday,
)

STRICT = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
DETAILS = ("name", "street", "house_number", "postcode", "lat", "lon")


LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
"""Control signs, which no file format can hold and nobody meant."""


def plain_lines(text: str) -> str:
    """A text with one kind of line end, whatever form or program it came from."""
    return text if text.isprintable() else UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """A name with ordinary spaces between its words, so that two spellings are one."""
    return " ".join(plain_lines(text).split())


def each_once(codes: list[str]) -> list[str]:
    """The same codes in their order, without repeats."""
    return list(dict.fromkeys(codes))


Name = Annotated[str, AfterValidator(one_line)]
Text = Annotated[str, AfterValidator(plain_lines)]


class ProviderValues(BaseModel):
    model_config = STRICT

    name: Name = Field(min_length=1)
    is_informal: bool = False
    website: str | None = None
    is_example: bool = False

    @classmethod
    def of(cls, provider: Provider) -> Self:
        return cls(**{name: getattr(provider, name) for name in cls.model_fields})


class PlaceValues(BaseModel):
    """A place; one that is not exact carries no details at all (R12)."""

    model_config = STRICT

    visibility: Visibility = Visibility.EXACT
    name: Name | None = None
    street: Name | None = None
    house_number: Name | None = None
    postcode: str | None = Field(default=None, pattern=r"^[1-9]\d{3}[A-Z]{2}$")
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    area_code: str | None = None
    """The source's own buurt; or, unless exact, the wijk or larger that may be named."""

    @model_validator(mode="after")
    def keep_no_protected_details(self) -> Self:
        given = [name for name in DETAILS if getattr(self, name) is not None]
        if self.visibility != Visibility.EXACT and given:
            raise ValueError(f"a place that is {self.visibility} has no {', '.join(given)}")
        if self.visibility == Visibility.AREA and self.area_code is None:
            raise ValueError("a place that shows its area needs the code of that area")
        if self.visibility == Visibility.HIDDEN and self.area_code is not None:
            raise ValueError("a hidden place has no area")
        return self

    @classmethod
    def of(cls, place: Place) -> Self:
        values = {name: getattr(place, name) for name in DETAILS}
        is_own = place.area_is_own or place.visibility != Visibility.EXACT
        return cls(
            visibility=place.visibility,
            area_code=place.area_code if is_own else None,
            **values,
        )

    @property
    def identity(self) -> str:
        """Two listings with the same identity share one place."""
        if self.visibility != Visibility.EXACT:
            return f"{self.visibility}:{self.area_code or ''}"
        parts = (self.name, self.street, self.house_number, self.postcode)
        where = [slug_of(part) for part in parts if part]
        return "exact:" + "|".join(where or [f"{self.lat},{self.lon}"])

    def title(self, tree: AreaTree) -> str:
        """A name for the address of the place's page: `OBA Banne`, `ergens in Volewijck`."""
        if self.visibility == Visibility.HIDDEN:
            return "geheim adres"
        if self.visibility == Visibility.AREA and self.area_code:
            return f"ergens in {tree.get(self.area_code).name}"
        street = " ".join(part for part in (self.street, self.house_number) if part)
        return self.name or street or "plek"


class SessionValues(BaseModel):
    model_config = STRICT

    weekday: Weekday
    part: DayPart
    starts_at: time | None = None
    ends_at: time | None = None
    from_on: date | None = None
    until_on: date | None = None

    @classmethod
    def of(cls, session: GroupSession) -> Self:
        return cls(**{name: getattr(session, name) for name in cls.model_fields})


class TemporaryValues(Dated, BaseModel):
    """What is different for a while, of all of a listing or of one time of the week."""

    model_config = STRICT

    kind: TemporaryKind
    from_on: date
    until_on: date
    text: Name = Field(default="", max_length=LONGEST_TEXT)
    weekday: Weekday | None = None
    part: DayPart | None = None
    place: str | None = None
    """Slug of the place where it is meanwhile."""

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        if self.until_on < self.from_on:
            raise ValueError("it ends before it begins")
        if (self.weekday is None) != (self.part is None):
            raise ValueError("a time of the week is a weekday and a part of the day")
        if self.place is not None and self.kind != TemporaryKind.MOVED:
            raise ValueError("only what is elsewhere has another place")
        return self

    @classmethod
    def of(cls, row: TemporaryChange) -> Self:
        told = {name: getattr(row, name) for name in cls.model_fields if name != "place"}
        return cls(**told, place=row.place.slug if row.place else None)


def in_order(changes: Iterable[TemporaryValues]) -> list[TemporaryValues]:
    """Changes by their days, each once."""
    return sorted(
        dict.fromkeys(changes),
        key=lambda one: (one.from_on, one.until_on, one.kind, str(one.weekday), str(one.part)),
    )


Changes = Annotated[list[TemporaryValues], AfterValidator(in_order)]


class ListingValues(BaseModel):
    """All that a provider, an import or a redacteur can say of one listing."""

    model_config = STRICT

    key: str = Field(min_length=1)
    kind: ListingKind
    title: Name = Field(min_length=1)
    provider: ProviderValues | None = None
    level: Level
    themes: list[str] = []
    forms: list[Form] = []
    audience: list[Audience] = []
    only_for: list[OnlyFor] = []
    routes: list[ReferralRoute] = []
    settings: list[Setting] = []
    languages: list[Language] = []
    ages_known: bool = True
    min_age_months: int | None = Field(default=None, ge=0)
    max_age_months: int | None = Field(default=None, ge=0)
    summary: Text = ""
    description: Text = ""
    professional_note: Text = ""
    not_for: Text = ""
    criteria: Text = ""
    papers: Text = ""
    steps: Text = ""
    cost: Cost | None = None
    cost_note: Text = ""
    phone: str | None = None
    mail: str | None = None
    website: str | None = None
    places: list[PlaceValues] = []
    coverage: Annotated[list[str], AfterValidator(each_once)] = []
    """Codes of areas, `stad`, `buiten`."""
    sessions: list[SessionValues] = []
    temporary: Changes = []
    """What is different for a while, but for where it is."""
    moves: Changes = []
    """Where it is for a while; apart, since another address waits for a check."""
    contact: str | None = None
    """Key of a person."""
    backup: str | None = None
    room: Room | None = None
    weeks: int | None = Field(default=None, ge=0)
    reported_on: date | None = None
    status: Status = Status.LIVE
    ended_on: date | None = None
    closed_from: date | None = None
    closed_until: date | None = None
    reason: Text = ""
    alternatives: list[str] = []
    """Keys of listings, sorted."""
    confirmed_on: date | None = None
    review_months: int = Field(default=6, ge=1, le=12)
    entered_by: Name = ""
    is_example: bool = False

    @model_validator(mode="after")
    def only_places_lack_a_provider(self) -> Self:
        if self.provider is None and self.kind != ListingKind.PLACE:
            raise ValueError("only a place may lack a provider")
        return self

    @model_validator(mode="after")
    def moves_stand_apart(self) -> Self:
        is_mixed = any(one.kind == TemporaryKind.MOVED for one in self.temporary)
        if is_mixed or any(one.kind != TemporaryKind.MOVED for one in self.moves):
            raise ValueError("what is elsewhere stands under moves, the rest under temporary")
        return self

    @classmethod
    def of(cls, listing: Listing, key_of: Mapping[UUID, str]) -> Self:
        """The values of a listing whose relations are loaded; `key_of` knows all listings."""
        people = {
            contact.role: contact.person.key
            for contact in listing.contacts
            if contact.until_on is None
        }
        changes = [TemporaryValues.of(row) for row in listing.temporary]
        plain = {name: getattr(listing, name) for name in PLAIN_FIELDS}
        terms = {name: listing.values_of(kind) for name, kind in TERM_FIELDS.items()}
        return cls.model_validate(
            {
                **plain,
                **terms,
                "provider": listing.provider and ProviderValues.of(listing.provider),
                "themes": listing.theme_ids,
                "places": [PlaceValues.of(place) for place in listing.places],
                "coverage": [row.area_code or str(row.reach) for row in listing.coverage],
                "sessions": [SessionValues.of(row) for row in listing.sessions],
                "temporary": [one for one in changes if one.kind != TemporaryKind.MOVED],
                "moves": [one for one in changes if one.kind == TemporaryKind.MOVED],
                "alternatives": sorted(key_of[row.alternative_id] for row in listing.alternatives),
                "contact": people.get(ContactRole.PRIMARY),
                "backup": people.get(ContactRole.BACKUP),
            }
        )

    def ended(self, on: date, reason: str) -> Self:
        """The same, ended on a day; a draft is withdrawn, since ended ones are shown."""
        is_draft = self.status == Status.DRAFT
        told = {
            "status": Status.WITHDRAWN if is_draft else Status.ENDED,
            "ended_on": None if is_draft else on,
            "closed_from": None,
            "closed_until": None,
            "reason": reason,
        }
        return self.model_copy(update=told)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for history."""
        return self.model_dump(mode="json")

    def as_filed(self) -> dict[str, Any]:
        """Plain values of what a file can say."""
        return self.model_dump(mode="json", exclude=set(UNFILED_FIELDS))

    def differing(self, other: "ListingValues") -> frozenset[str]:
        """The names of the fields in which two sets of values differ."""
        return frozenset(
            name for name in type(self).model_fields if getattr(self, name) != getattr(other, name)
        )


TERM_FIELDS = {
    "forms": TermKind.FORM,
    "routes": TermKind.ROUTE,
    "audience": TermKind.AUDIENCE,
    "only_for": TermKind.ONLY_FOR,
    "settings": TermKind.SETTING,
    "languages": TermKind.LANGUAGE,
}
"""The fields that are lists of terms."""
RELATED_FIELDS = frozenset(
    {*TERM_FIELDS, "provider", "themes", "places", "coverage", "sessions"}
    | {"temporary", "moves", "alternatives", "contact", "backup"}
)
"""The fields that stand in tables of their own."""
UNFILED_FIELDS = frozenset({"temporary", "moves"})
"""The fields that no file has a column for: an import leaves them as they are."""
PLAIN_FIELDS = frozenset(ListingValues.model_fields) - RELATED_FIELDS
