"""Shapes in GeoJSON: read, mended where that is harmless, and brought to WGS 84 degrees."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

DECIMALS = 6
"""Of degrees, as they are kept: about 10 cm."""
HARMLESS = 0.005
"""Mending may change the size of a shape by this part."""
Coordinates = NDArray[np.float64]
Box = tuple[float, float, float, float]


class ShapeError(ValueError):
    """A shape that cannot be used; the message says why, in Dutch."""


class System(Enum):
    """How coordinates are written: the box in which the Netherlands lie, and what to say of it."""

    DEGREES = ((3.0, 50.5, 7.5, 54.0), "")
    SWAPPED = ((50.5, 3.0, 54.0, 7.5), "de assen stonden verwisseld (lat, lon); omgedraaid")
    RD = ((-7000.0, 289000.0, 300000.0, 629000.0), "coördinaten in RD (EPSG:28992) omgerekend")
    RD_SWAPPED = (
        (289000.0, -7000.0, 629000.0, 300000.0),
        "coördinaten in RD (EPSG:28992) met verwisselde assen omgedraaid en omgerekend",
    )

    @property
    def box(self) -> Box:
        return self.value[0]

    @property
    def note(self) -> str:
        """What an operator should know; empty when nothing needs doing."""
        return self.value[1]


def read_shape(raw: Any) -> tuple[BaseGeometry, bool]:
    """A GeoJSON polygon or multipolygon, and whether it needed mending. Heights are left out.

    Raises ShapeError.
    """
    kind = raw.get("type") if isinstance(raw, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ShapeError("dit gebied heeft geen vorm (Polygon of MultiPolygon)")
    parts = raw.get("coordinates")
    try:
        polygons = [_polygon(part) for part in ([parts] if kind == "Polygon" else parts)]
    except (TypeError, ValueError) as error:
        reason = (
            str(error) if isinstance(error, ShapeError) else "de coördinaten zijn geen getallen"
        )
        raise ShapeError(f"de vorm is beschadigd: {reason}") from None
    if not polygons:
        raise ShapeError("de vorm van dit gebied is leeg")
    return _sound(polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons))


def _polygon(rings: Any) -> shapely.Polygon:
    if not rings:
        raise ShapeError("een deel ervan is leeg")
    shell, *holes = [_ring(ring) for ring in rings]
    return shapely.Polygon(shell, holes)


def _ring(raw: Any) -> Coordinates:
    points: Coordinates = np.array([(x, y) for x, y, *_ in raw], dtype=np.float64)
    if len(points) < 4:
        raise ShapeError("een rand heeft minder dan vier punten")
    if not np.isfinite(points).all():
        raise ShapeError("een coördinaat is geen getal")
    if (points[0] != points[-1]).any():
        raise ShapeError("een rand is niet gesloten")
    return points


def _sound(shape: BaseGeometry) -> tuple[BaseGeometry, bool]:
    """A valid shape: this one, or the mended one where that hardly changes its size."""
    if shape.is_valid and shape.area > 0:
        return shape, False
    mended = only_polygons(shapely.make_valid(shape))
    if mended.is_empty or abs(mended.area - shape.area) > HARMLESS * mended.area:
        reason = shapely.is_valid_reason(shape)
        raise ShapeError(f"de randen van dit gebied kruisen elkaar of sluiten niet ({reason})")
    return mended, True


def only_polygons(shape: BaseGeometry) -> BaseGeometry:
    """The part of a geometry that has a size: mending may leave loose lines and points."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    polygons = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def system_of(shape: BaseGeometry) -> System | None:
    """The system in which a shape lies in the Netherlands, or None."""
    west, south, east, north = shape.bounds
    for system in System:
        left, bottom, right, top = system.box
        if left <= west and bottom <= south and east <= right and north <= top:
            return system
    return None


def as_degrees(shapes: Sequence[BaseGeometry], system: System) -> list[BaseGeometry]:
    """These shapes in lon, lat degrees (WGS 84), to DECIMALS; neighbours still share their points.

    RD by PROJ's seven parameters, which is right to well within a metre.
    """
    to_degrees = Transformer.from_crs(28992, 4326, always_xy=True)

    def moved(at: Coordinates) -> Coordinates:
        if system in (System.SWAPPED, System.RD_SWAPPED):
            at = at[:, ::-1]
        if system in (System.RD, System.RD_SWAPPED):
            at = np.column_stack(to_degrees.transform(at[:, 0], at[:, 1]))
        return np.round(at, DECIMALS)

    return [_still_valid(shapely.transform(shape, moved)) for shape in shapes]


def _still_valid(shape: BaseGeometry) -> BaseGeometry:
    """Rounding may let an edge touch itself."""
    return shape if shape.is_valid else only_polygons(shapely.make_valid(shape))
