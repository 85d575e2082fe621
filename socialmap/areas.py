"""Areas: the tree of the city from points, its official shapes, and what a postcode may mean."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, col, select

from socialmap.geo.shapes import cells_within, derived_shapes, dissolved
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


@dataclass(frozen=True)
class Reshaped:
    """What saving official shapes changed, by code of area."""

    official: frozenset[str]
    """Areas that got another official shape, or their first."""
    followed: frozenset[str]
    """Areas without an official shape of their own whose derived shape followed."""
    moved: frozenset[str]
    """Areas whose middle changed: distances to what is "somewhere in" them change too."""


Shapes = dict[str, BaseGeometry]


def save_shapes(
    session: Session, level: AreaLevel, official: Mapping[str, BaseGeometry]
) -> Reshaped:
    """Give the areas of one level their official shapes (code -> shape in degrees), and let
    areas without one follow: buurten fill the smallest official area around them, larger areas
    are dissolved from what they hold. The same shapes again change nothing.
    """
    areas = {area.code: area for area in session.exec(select(Area).order_by(col(Area.code)))}
    old = {code: _shape(area) for code, area in areas.items()}
    changed = {code for code in official if not areas[code].shape_is_official}
    for code in changed:
        areas[code].shape_is_official = True
    new = {**old, **official}
    new |= _filled_buurten(areas, new)
    new |= _dissolved_areas(areas, new)
    changed |= {code for code, shape in new.items() if not _is_same(old[code], shape)}
    moved = {code for code in changed if _reshape(areas[code], new[code])}
    edition = max(area.edition for area in areas.values()) + 1
    for code in changed:
        areas[code].edition = edition
    session.flush()
    return Reshaped(
        official=frozenset(changed & official.keys()),
        followed=frozenset(changed - official.keys()),
        moved=frozenset(moved),
    )


def _shape(area: Area) -> BaseGeometry:
    return shapely.geometry.shape(area.shape) if area.shape else shapely.Polygon()


def _is_same(old: BaseGeometry, new: BaseGeometry) -> bool:
    return bool(old.equals_exact(new, tolerance=0))


def _filled_buurten(areas: Mapping[str, Area], shapes: Shapes) -> Shapes:
    """Shapes for the buurten without an official one, within the official area around them."""
    around: dict[str, dict[str, tuple[float, float]]] = {}
    for code, area in areas.items():
        if area.level == AreaLevel.BUURT and not area.shape_is_official:
            holder = next((up.code for up in _above(areas, area) if up.shape_is_official), "")
            around.setdefault(holder, {})[code] = (area.lat, area.lon)
    loose = around.pop("", {})
    filled: Shapes = {}
    for holder, points in around.items():
        filled |= cells_within(shapes[holder], points)
    if loose and around:  # Westpoort has no gebieden: it gets what they leave
        taken = shapely.union_all([shapes[holder] for holder in around])
        filled |= {code: shapes[code].difference(taken) for code in loose}
    return filled


def _above(areas: Mapping[str, Area], area: Area) -> Iterator[Area]:
    """The areas that hold this one, the smallest first."""
    while area.parent_code:
        area = areas[area.parent_code]
        yield area


def _dissolved_areas(areas: Mapping[str, Area], shapes: Shapes) -> Shapes:
    """Shapes for areas above the buurten without an official one, from the smallest up."""
    shapes = dict(shapes)
    made: Shapes = {}
    for level in reversed(AreaLevel):
        for code, area in areas.items():
            if area.level == level != AreaLevel.BUURT and not area.shape_is_official:
                parts = [shapes[part] for part, one in areas.items() if one.parent_code == code]
                shapes[code] = made[code] = dissolved(parts)
    return made


def _reshape(area: Area, shape: BaseGeometry) -> bool:
    """Write a shape, and a middle that lies inside it; returns whether the middle moved.

    The point of a buurt was given: it stays unless an official shape says otherwise.
    """
    area.shape = as_geojson(shape)
    before = (area.lat, area.lon)
    is_inside = shape.covers(shapely.Point(area.lon, area.lat))
    if area.level != AreaLevel.BUURT or (area.shape_is_official and not is_inside):
        lat, lon = _middle(shape)
        area.lat, area.lon = round(lat, 5), round(lon, 5)
    return (area.lat, area.lon) != before


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
