"""Tables of the city: areas from stad to buurt, and which wijken a postcode lies in."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from socialmap.models.columns import check, json_column, one_of
from socialmap.models.terms import AreaLevel


class Area(SQLModel, table=True):
    """One stad, stadsdeel, gebied, wijk or buurt, with a point inside it and its shape."""

    __table_args__ = (
        sa.UniqueConstraint("code", "level"),
        check("only_the_city_has_no_parent", "(level = 'stad') = (parent_code IS NULL)"),
    )

    code: str = Field(primary_key=True, max_length=12)
    level: AreaLevel = one_of(AreaLevel)
    name: str
    slug: str = Field(unique=True)
    parent_code: str | None = Field(default=None, foreign_key="area.code", index=True)
    lat: float
    lon: float
    shape: dict[str, Any] | None = json_column()
    """A GeoJSON geometry in WGS 84."""
    shape_is_official: bool = False
    """Has it an official shape of its own? If not, it is derived: from points, or from the
    official shapes of what it holds or lies in."""
    edition: int = 1
    """Goes up with every change of areas, so that copies in memory notice."""


class Postcode(SQLModel, table=True):
    """A point inside a 4-digit postcode area."""

    pc4: str = Field(primary_key=True, max_length=4)
    lat: float
    lon: float


class PostcodeWijk(SQLModel, table=True):
    """A wijk in which part of a 4-digit postcode lies, with its share (0–1)."""

    __tablename__ = "postcode_wijk"
    __table_args__ = (check("share_is_a_part", "share >= 0 AND share <= 1"),)

    pc4: str = Field(primary_key=True, foreign_key="postcode.pc4", max_length=4)
    wijk_code: str = Field(primary_key=True, foreign_key="area.code")
    share: float
