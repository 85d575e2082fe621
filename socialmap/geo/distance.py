"""Distances over the earth, as the crow flies."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_009.0
"""Mean radius in metres, as geopy's great_circle uses."""
PER_DEGREE_M = EARTH_RADIUS_M * math.pi / 180


def metres_between(
    lat: float, lon: float, lats: NDArray[Any], lons: NDArray[Any]
) -> NDArray[np.float64]:
    """Distances in metres from one point to many (degrees, WGS 84), by the haversine formula."""
    phi, phis = math.radians(lat), np.radians(lats)
    half_lat = np.sin((phis - phi) / 2)
    half_lon = np.sin((np.radians(lons) - math.radians(lon)) / 2)
    chord = half_lat**2 + math.cos(phi) * np.cos(phis) * half_lon**2
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return metres


def rounded(metres: float, *, is_exact: bool) -> int:
    """Metres as they may be told: to 10 m from an exact place, to 500 m from an area (API.md)."""
    step = 10 if is_exact else 500
    return int(round(metres / step)) * step
