"""Tables of places: where something is, how much of that may be shown, what was looked up."""

from datetime import date
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from socialmap.models.columns import check, one_of
from socialmap.models.terms import AreaLevel, Visibility


class Place(SQLModel, table=True):
    """A venue or address; several listings may share it.

    What may not be shown is not kept (R12): the constraints refuse street, number, postcode and
    coordinates unless the place is exact, and a buurt where only a wijk or larger may be named.
    """

    __table_args__ = (
        sa.ForeignKeyConstraint(["area_code", "area_level"], ["area.code", "area.level"]),
        check(
            "details_only_when_exact",
            "visibility = 'exact' OR (street IS NULL AND house_number IS NULL "
            "AND postcode IS NULL AND lat IS NULL AND lon IS NULL AND name IS NULL)",
        ),
        check("area_is_a_wijk_or_larger", "visibility <> 'area' OR area_level <> 'buurt'"),
        check("area_has_a_code", "visibility <> 'area' OR area_code IS NOT NULL"),
        check("hidden_has_no_area", "visibility <> 'hidden' OR area_code IS NULL"),
        check("area_level_with_code", "(area_code IS NULL) = (area_level IS NULL)"),
        check("both_coordinates", "(lat IS NULL) = (lon IS NULL)"),
        check(
            "coordinates_on_earth",
            "lat IS NULL OR (lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180)",
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    slug: str = Field(unique=True)
    name: str | None = None
    visibility: Visibility = one_of(Visibility)
    street: str | None = None
    house_number: str | None = None
    postcode: str | None = Field(default=None, max_length=6)
    lat: float | None = None
    lon: float | None = None
    area_code: str | None = Field(default=None, index=True)
    area_level: AreaLevel | None = one_of(AreaLevel, nullable=True)
    area_is_own: bool = False
    """The source itself names the buurt; that beats the shapes."""


class GeocodedAddress(SQLModel, table=True):
    """Where the geocoder found the address of an exact place, so that it is asked once. Never what
    a reader typed; gone with the last place at the address."""

    __tablename__ = "geocoded_address"

    key: str = Field(primary_key=True)
    """Street, number and postcode: `gentiaanstraat|1|1031ae`."""
    lat: float
    lon: float
    buurt_code: str = Field(foreign_key="area.code")
    found_on: date
