"""Maps of an area: its shapes as a drawing for the page, and as the script that folium writes.

Only shapes and codes of areas pass through folium. What providers wrote reaches the map later, as
data, through our own script (see static/js/map.js).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from statistics import median
from threading import Lock
from typing import Any, Self, TypeVar, cast
from weakref import WeakKeyDictionary

import folium
import shapely
from branca.element import MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from socialmap.geo.shapes import STRETCH
from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.models.terms import AreaLevel

MAPPED = frozenset({AreaLevel.CITY, AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.WIJK})
METRES = 1 / 111_000
"""Degrees in a metre, about."""
TOLERANCE, TOLERANCE_OF_CITY = 15 * METRES, 30 * METRES
"""How far a drawn border may lie from the true one; official borders have very many points."""
WIDTH, HEIGHT = 400, 300
"""Of a drawing, in its own units; the frame on the page has the same shape."""
MUCH_LARGER = 6
"""A wijk so many times as large as the middle one may run out of the frame (Waterland)."""
DECIMALS = 5
MARGINS = {AreaLevel.WIJK: 0.5, AreaLevel.ZONE: 0.15}
"""How much of the surroundings a map shows, as a part of the area's own size."""


Made = TypeVar("Made")


class Tone(StrEnum):
    """How a shape is painted, from the lowest to the highest."""

    DIM = "dim"
    OWN = "own"
    HERE = "here"
    LINE = "line"


@dataclass(frozen=True)
class Shape:
    """An area on a map; `at` is the (lat, lon) where its name or number stands, if in the frame."""

    node: AreaNode
    tone: Tone
    geometry: BaseGeometry
    at: tuple[float, float] | None


@dataclass(frozen=True)
class Frame:
    """What a map shows first, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, geometries: list[BaseGeometry], margin: float) -> Self:
        """The smallest frame of the right proportions around these, with a margin (a part)."""
        west, south, east, north = map(float, shapely.total_bounds(geometries))
        across = max((east - west) * STRETCH, (north - south) * WIDTH / HEIGHT)
        across *= 1 + margin
        half_x, half_y = across / STRETCH / 2, across * HEIGHT / WIDTH / 2
        x, y = (west + east) / 2, (south + north) / 2
        return cls(x - half_x, y - half_y, x + half_x, y + half_y)

    @property
    def box(self) -> BaseGeometry:
        return shapely.box(self.west, self.south, self.east, self.north)

    @property
    def corners(self) -> list[list[float]]:
        """South-west and north-east as [lat, lon]."""
        return [
            [round(self.south, DECIMALS), round(self.west, DECIMALS)],
            [round(self.north, DECIMALS), round(self.east, DECIMALS)],
        ]

    def place(self, lat: float, lon: float) -> tuple[int, int]:
        """Where a point stands in the drawing, from its top left."""
        x = (lon - self.west) / (self.east - self.west) * WIDTH
        y = (self.north - lat) / (self.north - self.south) * HEIGHT
        return round(x), round(y)


@dataclass(frozen=True)
class Mark:
    """A shape as the page draws it: an SVG path, and where its number stands."""

    node: AreaNode
    tone: Tone
    path: str
    at: tuple[int, int] | None


@dataclass(frozen=True)
class Drawing:
    """The map of one area."""

    node: AreaNode
    frame: Frame
    shapes: tuple[Shape, ...]
    numbers: dict[str, int]
    """The number of each wijk of the area in lists, by code."""
    is_official: bool
    """Are these the official borders, or those derived from official ones of buurten?"""

    @property
    def element_id(self) -> str:
        """The id that folium gives to the map's element and, in the script, to the map."""
        return f"map_{self.node.code.lower()}"

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The shapes inside the frame, for the page."""
        marks = [
            Mark(shape.node, shape.tone, path, self.frame.place(*shape.at) if shape.at else None)
            for shape in self.shapes
            if (path := self._path(shape.geometry))
        ]
        return tuple(marks)

    def middle(self, code: str) -> tuple[float, float] | None:
        """The (lat, lon) where the name of an area stands, or None when it is not on this map."""
        return next((shape.at for shape in self.shapes if shape.node.code == code), None)

    def place(self, lat: float, lon: float) -> tuple[int, int] | None:
        """Where a point stands in the drawing, or None outside it."""
        x, y = self.frame.place(lat, lon)
        return (x, y) if 0 <= x <= WIDTH and 0 <= y <= HEIGHT else None

    def _path(self, geometry: BaseGeometry) -> str:
        seen = shapely.clip_by_rect(geometry, *self.frame.box.buffer(TOLERANCE * 20).bounds)
        return "".join(
            "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
            for part in getattr(seen, "geoms", [seen])
            if part.geom_type == "Polygon"
            for ring in (part.exterior, *part.interiors)
            if len(points := self._points(ring)) > 2
        )

    def _points(self, ring: BaseGeometry) -> list[tuple[int, int]]:
        return list(dict.fromkeys(self.frame.place(lat, lon) for lon, lat in ring.coords))


class PointsLayer(MacroElement):  # type: ignore[misc]
    """Hands the map to our own script, which fetches what there is and writes it as text."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            socialmapPoints({{ this._parent.get_name() }}, {{ this._parent.get_name()|tojson }},
                {{ this.corners|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, corners: list[list[float]]) -> None:
        super().__init__()
        self._name = "PointsLayer"
        self.corners = corners


class DirectoryMap(folium.Map):  # type: ignore[misc]
    """A map without tiles, with names that are the same at each rendering."""

    def __init__(self, drawing: Drawing, painted: Mapping[str, str] | None = None) -> None:
        frame = drawing.frame
        super().__init__(
            location=[(frame.south + frame.north) / 2, (frame.west + frame.east) / 2],
            tiles=None,
            zoom_start=12,
            zoom_control=False,
            zoom_snap=0.25,
            attribution_control=False,
            scroll_wheel_zoom=False,
            bounce_at_zoom_limits=False,
        )
        self._id = drawing.node.code.lower()
        self.options.update(min_zoom=9, max_zoom=17)
        self.add_child(_layer(drawing, painted or {}))
        self.add_child(_points(drawing))

    def script(self) -> str:
        """The script alone; the page that folium would put around it is never used."""
        root = self.get_root()
        root.render()
        text: str = root.script.render()
        return text


def _layer(drawing: Drawing, painted: Mapping[str, str]) -> folium.GeoJson:
    features = [_feature(shape, painted) for shape in drawing.shapes]
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=_style,
        smooth_factor=0.5,
        interactive=False,
    )
    layer._id = drawing.node.code.lower()
    return layer


def _points(drawing: Drawing) -> PointsLayer:
    layer = PointsLayer(drawing.frame.corners)
    layer._id = drawing.node.code.lower()
    return layer


def _style(feature: dict[str, Any]) -> dict[str, str]:
    """Names of classes: the colours are in the stylesheet, for light and dark."""
    return {"className": f"shape shape-{feature['properties']['tone']}"}


def _feature(shape: Shape, painted: Mapping[str, str]) -> dict[str, Any]:
    geometry = shapely.set_precision(shape.geometry, 10**-DECIMALS)
    return {
        "type": "Feature",
        "id": shape.node.code,
        "properties": {"tone": painted.get(shape.node.code, str(shape.tone))},
        "geometry": shapely.geometry.mapping(geometry),
    }


def area_script(tree: AreaTree, code: str) -> str:
    """The script that draws the map of an area; raises KeyError where there is no map of it."""
    return _kept(tree, f"script {code}", lambda: DirectoryMap(area_drawing(tree, code)).script())


def painted_script(tree: AreaTree, code: str, painted: Mapping[str, str]) -> str:
    """The same with some areas painted otherwise: the name of a class of shapes by code."""
    return _painted_script(tree, code, frozenset(painted.items()))


@lru_cache(maxsize=4)
def _painted_script(tree: AreaTree, code: str, painted: frozenset[tuple[str, str]]) -> str:
    return DirectoryMap(area_drawing(tree, code), dict(painted)).script()


def area_drawing(tree: AreaTree, code: str) -> Drawing:
    """The map of an area; raises KeyError where there is none (a buurt, an unknown code)."""
    return _kept(tree, f"drawing {code}", lambda: _draw(tree, code))


def in_order(tree: AreaTree, code: str, level: AreaLevel) -> list[AreaNode]:
    """The wijken, say, of an area as lists and numbers follow them: per gebied, then by code."""
    return sorted(tree.inside(code, level), key=lambda node: (node.parent_code or "", node.code))


def _draw(tree: AreaTree, code: str) -> Drawing:
    node = tree.get(code)
    wijken = _simplified(tree, node)
    own = [wijken[wijk.code] for wijk in tree.inside(code, AreaLevel.WIJK) if wijk.code in wijken]
    if node.level not in MAPPED or not own:
        raise KeyError(code)
    shown = own if node.level == AreaLevel.CITY else _framed(own)
    frame = Frame.around(shown, margin=MARGINS.get(node.level, 0.06))
    near = shapely.box(*frame.box.buffer((frame.east - frame.west) / 2).bounds)
    home = tree.up_to(code, AreaLevel.DISTRICT)
    shapes = [
        *_others(tree, wijken, home, near, frame),
        *(
            Shape(tree.get(wijk), _tone(tree, node, wijk), shape, _label_point(shape, frame.box))
            for wijk, shape in wijken.items()
            if (home is None or home in tree.ancestors(wijk)) and shape.intersects(near)
        ),
    ]
    shapes.sort(key=lambda shape: list(Tone).index(shape.tone))
    order = in_order(tree, code, AreaLevel.WIJK)
    numbers = {wijk.code: number for number, wijk in enumerate(order, 1)}
    return Drawing(node, frame, tuple(shapes), numbers, _is_official(tree, code))


def _is_official(tree: AreaTree, code: str) -> bool:
    """Maps are drawn with wijken: are those of this area official, or all of their buurten?"""
    return all(
        wijk.shape_is_official or all(buurt.shape_is_official for buurt in tree.children(wijk.code))
        for wijk in tree.inside(code, AreaLevel.WIJK)
    )


def _others(
    tree: AreaTree,
    wijken: dict[str, BaseGeometry],
    home: AreaNode | None,
    near: BaseGeometry,
    frame: Frame,
) -> Iterator[Shape]:
    """The other stadsdelen as far as they are near, grey; on the map of the city, all borders."""
    for district in tree.at_level(AreaLevel.DISTRICT):
        parts = [wijk.code for wijk in tree.inside(district.code, AreaLevel.WIJK)]
        whole = shapely.union_all([wijken[part] for part in parts if part in wijken])
        shape = whole.intersection(near)
        if home != district and not shape.is_empty:
            tone = Tone.DIM if home else Tone.LINE
            yield Shape(district, tone, shape, _label_point(shape, frame.box))


def _simplified(tree: AreaTree, node: AreaNode) -> dict[str, BaseGeometry]:
    """The wijken with fewer points, as the map of an area needs; neighbours still touching."""
    tolerance = TOLERANCE_OF_CITY if node.level == AreaLevel.CITY else TOLERANCE

    def simplify() -> dict[str, BaseGeometry]:
        shapes = {
            wijk.code: shape
            for wijk in tree.at_level(AreaLevel.WIJK)
            if (shape := tree.shape(wijk.code)) is not None
        }
        simple = shapely.coverage_simplify(list(shapes.values()), tolerance)
        return dict(zip(shapes, simple, strict=True))

    return _kept(tree, f"simplified {tolerance}", simplify)


def _framed(geometries: list[BaseGeometry]) -> list[BaseGeometry]:
    """The wijken that decide the frame: not those much larger than the rest."""
    usual = median(geometry.area for geometry in geometries)
    return [geometry for geometry in geometries if geometry.area <= MUCH_LARGER * usual]


def _tone(tree: AreaTree, of: AreaNode, wijk: str) -> Tone:
    """A wijk or gebied stands out on its own map."""
    is_part = of.level in (AreaLevel.WIJK, AreaLevel.ZONE) and of in tree.ancestors(wijk)
    return Tone.HERE if is_part else Tone.OWN


def _label_point(geometry: BaseGeometry, box: BaseGeometry) -> tuple[float, float] | None:
    """The roomiest spot of the part of a shape that is in the frame, as (lat, lon)."""
    seen = geometry.intersection(box)
    if seen.area < geometry.area / 50:
        return None
    circle = shapely.maximum_inscribed_circle(seen, tolerance=20 * METRES)  # type: ignore[call-overload]
    spot = circle.coords[0]
    return round(spot[1], DECIMALS), round(spot[0], DECIMALS)


_memory: WeakKeyDictionary[AreaTree, dict[str, Any]] = WeakKeyDictionary()
_lock = Lock()


def _kept(tree: AreaTree, name: str, make: Callable[[], Made]) -> Made:
    """What was made before for this edition of the areas, or else made now."""
    with _lock:
        made = _memory.setdefault(tree, {})
    if name not in made:
        made[name] = make()
    return cast("Made", made[name])
