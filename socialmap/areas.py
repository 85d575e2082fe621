"""Areas: making the tree of the city from points, and what a postcode may mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, col, select

from socialmap.geo.shapes import derived_shapes, dissolved
from socialmap.geo.tree import CITY, NORTH
from socialmap.models import Area, Postcode, PostcodeWijk
from socialmap.models.slugs import free_slug
from socialmap.models.terms import AreaLevel

CITY_NAME = "Amsterdam"


@dataclass(frozen=True)
class BuurtPoint:
    """One buurt with its wijk, gebied and stadsdeel, and a point inside it (WGS 84 degrees)."""

    district_code: str
    district: str
    zone_code: str
    zone: str
    wijk_code: str
    wijk: str
    buurt_code: str
    buurt: str
    lat: float
    lon: float

    @property
    def steps(self) -> list[tuple[AreaLevel, str, str]]:
        """(level, code, name) from stadsdeel to buurt; Westpoort has no gebieden."""
        return [
            (level, code, name)
            for level, code, name in (
                (AreaLevel.DISTRICT, self.district_code, self.district),
                (AreaLevel.ZONE, self.zone_code, self.zone),
                (AreaLevel.WIJK, self.wijk_code, self.wijk),
                (AreaLevel.BUURT, self.buurt_code, self.buurt),
            )
            if code
        ]


def save_areas(session: Session, points: Iterable[BuurtPoint]) -> int:
    """Make all areas from their buurten, with shapes derived from the points.

    Returns how many areas there are now. Does nothing when areas are known already: official
    shapes must not be lost.
    """
    if session.exec(select(Area.code)).first():
        return 0
    buurten = list(points)
    cells = derived_shapes(
        {row.buurt_code: (row.lat, row.lon) for row in buurten},
        across_the_water={row.buurt_code for row in buurten if row.district_code == NORTH},
    )
    rows = list(_areas(buurten, cells))
    for level in AreaLevel:
        session.add_all(row for row in rows if row.level == level)
        session.flush()
    return len(rows)


def _areas(buurten: list[BuurtPoint], cells: dict[str, BaseGeometry]) -> Iterable[Area]:
    """The city, then each level; on a clash of slugs the smaller area carries its code."""
    members: dict[tuple[AreaLevel, str, str, str], list[str]] = {
        (AreaLevel.CITY, CITY, CITY_NAME, ""): [row.buurt_code for row in buurten]
    }
    for row in buurten:
        parent = CITY
        for level, code, name in row.steps:
            members.setdefault((level, code, name, parent), []).append(row.buurt_code)
            parent = code
    points = {row.buurt_code: (row.lat, row.lon) for row in buurten}
    taken: set[str] = set()
    for level in AreaLevel:
        for (of, code, name, parent), codes in members.items():
            if of != level:
                continue
            shape = dissolved([cells[buurt] for buurt in codes])
            slug = free_slug(name, taken)
            if slug.rpartition("-")[2].isdigit() and slug.rpartition("-")[0] in taken:
                slug = free_slug(f"{name} {code}", taken)
            taken.add(slug)
            lat, lon = points[code] if level == AreaLevel.BUURT else _middle(shape)
            yield Area(
                code=code,
                level=level,
                name=name,
                slug=slug,
                parent_code=parent or None,
                lat=round(lat, 5),
                lon=round(lon, 5),
                shape=as_geojson(shape),
            )


def _middle(shape: BaseGeometry) -> tuple[float, float]:
    """A point inside a shape, as (lat, lon)."""
    point = shape.representative_point()
    return point.y, point.x


def as_geojson(shape: BaseGeometry) -> dict[str, Any]:
    """A geometry as a GeoJSON mapping."""
    found: dict[str, Any] = shapely.geometry.mapping(shape)
    return found


def save_postcodes(
    session: Session,
    points: Iterable[tuple[str, float, float]],
    shares: Iterable[tuple[str, str, float]],
) -> int:
    """Keep a point per 4-digit postcode and the wijken it lies in; returns how many postcodes."""
    known = set(session.exec(select(Postcode.pc4)).all())
    fresh = [Postcode(pc4=pc4, lat=lat, lon=lon) for pc4, lat, lon in points if pc4 not in known]
    session.add_all(fresh)
    session.flush()
    for pc4, wijk, share in shares:
        if pc4 not in known:
            session.add(PostcodeWijk(pc4=pc4, wijk_code=wijk, share=share))
    session.flush()
    return len(fresh)


def wijken_of_postcode(session: Session, pc4: str) -> list[str]:
    """Codes of the wijken in which a 4-digit postcode lies, largest share first."""
    query = select(PostcodeWijk.wijk_code).where(PostcodeWijk.pc4 == pc4)
    return list(session.exec(query.order_by(col(PostcodeWijk.share).desc())).all())
