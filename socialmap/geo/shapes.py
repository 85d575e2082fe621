"""Shapes of areas derived from one point in each buurt, until official ones are imported.

Voronoi cells of the buurt points, clipped to a buffer around the points, and dissolved upwards
(the method of the facts' README). The cells of the two banks of the IJ meet in the middle of the
water; a strip along that line is left open.
"""

import math
from collections.abc import Mapping, Sequence, Set

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from socialmap.geo.distance import PER_DEGREE_M

MIDDLE_LAT = math.radians(52.37)
STRETCH = math.cos(MIDDLE_LAT)
"""Degrees of longitude are this much shorter than degrees of latitude in Amsterdam."""
NEAREST, FARTHEST = 320.0, 1400.0
"""The least and the most that a cell reaches from its point, in metres."""
SMOOTHING_M = 200.0
HALF_WATER_M = 170.0
"""Half the width of the IJ where it is narrow."""
DECIMALS = 5
OFFICIAL_DECIMALS = 6
_METRES = np.array([PER_DEGREE_M * STRETCH, PER_DEGREE_M])


def derived_shapes(
    points: Mapping[str, tuple[float, float]], across_the_water: Set[str] = frozenset()
) -> dict[str, BaseGeometry]:
    """Return a cell per code for `points` (code -> lat, lon), as geometry in lon, lat degrees.

    Codes in `across_the_water` lie on the other bank of the IJ than the rest.
    """
    codes = list(points)
    flat = np.array([_to_metres(*points[code]) for code in codes])
    cells = dict(zip(codes, _cells(flat), strict=True))
    water = _water(cells, across_the_water)
    return {code: _to_degrees(cell.difference(water)) for code, cell in cells.items()}


def cells_within(
    shape: BaseGeometry, points: Mapping[str, tuple[float, float]]
) -> dict[str, BaseGeometry]:
    """Return for each of `points` (code -> lat, lon) the part of `shape` (in degrees) that is
    nearest to it: what is known of buurten when only the border of their wijk is."""
    if len(points) == 1:
        return dict.fromkeys(points, shape)
    whole = shapely.transform(shape, lambda at: at * _METRES)
    flat = np.array([_to_metres(*point) for point in points.values()])
    cells = shapely.voronoi_polygons(shapely.MultiPoint(flat), ordered=True, extend_to=whole).geoms
    return {
        code: _to_degrees(cell.intersection(whole), OFFICIAL_DECIMALS)
        for code, cell in zip(points, cells, strict=True)
    }


def dissolved(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """One shape around several that touch."""
    return shapely.set_precision(shapely.union_all(shapes), 10**-DECIMALS)


def _cells(flat: np.ndarray) -> list[BaseGeometry]:
    cells = shapely.voronoi_polygons(shapely.MultiPoint(flat), ordered=True).geoms
    discs = shapely.buffer(shapely.points(flat), _reach(flat))
    land = shapely.union_all(discs).buffer(SMOOTHING_M).buffer(-SMOOTHING_M)
    return [cell.intersection(land) for cell in cells]


def _water(cells: Mapping[str, BaseGeometry], across: Set[str]) -> BaseGeometry:
    """The strip along the line where both banks meet."""
    north = shapely.union_all([cell for code, cell in cells.items() if code in across])
    south = shapely.union_all([cell for code, cell in cells.items() if code not in across])
    return north.boundary.intersection(south.boundary).buffer(HALF_WATER_M)


def _reach(flat: np.ndarray) -> np.ndarray:
    """How far each cell may reach: a little more than to its fourth neighbour."""
    gaps = np.sqrt(((flat[:, None, :] - flat[None, :, :]) ** 2).sum(axis=2))
    fourth = np.sort(gaps, axis=1)[:, min(4, len(flat) - 1)]
    reach: np.ndarray = np.clip(fourth * 0.75, NEAREST, FARTHEST)
    return reach


def _to_metres(lat: float, lon: float) -> tuple[float, float]:
    return lon * PER_DEGREE_M * STRETCH, lat * PER_DEGREE_M


def _to_degrees(shape: BaseGeometry, decimals: int = DECIMALS) -> BaseGeometry:
    return shapely.set_precision(shapely.transform(shape, lambda at: at / _METRES), 10**-decimals)
