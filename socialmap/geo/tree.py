"""The tree of areas in memory: what lies in what, what borders on what, where a point lies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry
from sqlmodel import Session, col, select

from socialmap.models import Area
from socialmap.models.once import once
from socialmap.models.terms import AreaLevel

CITY = "0363"
"""The CBS code of the municipality of Amsterdam, root of the tree."""
NORTH = "N"
"""The stadsdeel on the other bank of the IJ."""
NEXT_DOOR_DEGREES = 0.0015
"""Shapes closer than this (about 130 m) are neighbours; the IJ is wider."""
SHORE_DEGREES = 0.01
"""A point this far (about 900 m) from any shape still belongs to the nearest: piers and shores."""


@dataclass(frozen=True)
class AreaNode:
    """One area as the tree knows it; `shape` is a GeoJSON geometry, or None."""

    code: str
    level: AreaLevel
    name: str
    slug: str
    parent_code: str | None
    lat: float
    lon: float
    shape: dict[str, Any] | None = field(repr=False, compare=False, hash=False)
    shape_is_official: bool = False


class AreaTree:
    """All areas by code; built once per edition of the areas."""

    def __init__(self, nodes: Iterable[AreaNode]) -> None:
        self._by_code = {node.code: node for node in nodes}
        self._by_slug = {node.slug: node for node in self._by_code.values()}
        self._children: dict[str, list[AreaNode]] = {}
        for node in self._by_code.values():
            if node.parent_code:
                self._children.setdefault(node.parent_code, []).append(node)

        self._levels: dict[AreaLevel, list[AreaNode]] = {level: [] for level in AreaLevel}
        for node in sorted(self._by_code.values(), key=lambda node: node.code):
            self._levels[node.level].append(node)

    def __iter__(self) -> Iterator[AreaNode]:
        return iter(self._by_code.values())

    def find(self, code_or_slug: str) -> AreaNode | None:
        """The area with this code or slug, whatever its level."""
        return self._by_code.get(code_or_slug.upper()) or self._by_slug.get(code_or_slug.lower())

    def find_at(self, level: AreaLevel, code_or_slug: str) -> AreaNode | None:
        """The area with this code or slug, if it is of this level."""
        node = self.find(code_or_slug)
        return node if node and node.level == level else None

    def get(self, code: str) -> AreaNode:
        """The area with this code; raises KeyError."""
        return self._by_code[code]

    def children(self, code: str) -> list[AreaNode]:
        return self._children.get(code, [])

    def ancestors(self, code: str) -> list[AreaNode]:
        """The areas that hold this one, itself first, the city last."""
        chain = [self.get(code)]
        while chain[-1].parent_code:
            chain.append(self.get(chain[-1].parent_code))
        return chain

    def within(self, code: str) -> list[AreaNode]:
        """This area and everything inside it."""
        found = [self.get(code)]
        for node in found:
            found.extend(self.children(node.code))
        return found

    def at_level(self, level: AreaLevel) -> list[AreaNode]:
        """The areas of one level, in the order of their codes."""
        return self._levels[level]

    def inside(self, code: str, level: AreaLevel) -> list[AreaNode]:
        """The areas of one level inside this one, in the order of their codes."""
        return sorted(
            (node for node in self.within(code) if node.level == level), key=lambda node: node.code
        )

    def up_to(self, code: str, level: AreaLevel) -> AreaNode | None:
        """The area of this level that holds this one, or None (Weesp has no ferry, say)."""
        return next((node for node in self.ancestors(code) if node.level == level), None)

    def is_north(self, code: str) -> bool:
        """Does this area lie north of the IJ?"""
        return any(node.code == NORTH for node in self.ancestors(code))

    def crosses_water(self, one: str | None, other: str | None) -> bool:
        """Do these two areas lie on different banks of the IJ ("+ pont")?"""
        if one is None or other is None or CITY in (one, other):
            return False
        return self.is_north(one) != self.is_north(other)

    @cached_property
    def _shapes(self) -> dict[str, BaseGeometry]:
        return {
            node.code: shapely.geometry.shape(node.shape) for node in self if node.shape is not None
        }

    def shape(self, code: str) -> BaseGeometry | None:
        """The shape of an area in lon, lat degrees, or None where it is not known."""
        return self._shapes.get(code)

    def neighbours(self, code: str) -> list[AreaNode]:
        """The areas of the same level that border on this one; never across the IJ."""
        own, level = self.shape(code), self.get(code).level
        if own is None:
            return []
        return [
            node
            for node in self.at_level(level)
            if node.code != code
            and (shape := self.shape(node.code)) is not None
            and shape.dwithin(own, NEXT_DOOR_DEGREES)
            and not self.crosses_water(code, node.code)
        ]

    @cached_property
    def _buurten(self) -> tuple[list[str], shapely.STRtree]:
        codes = [node.code for node in self.at_level(AreaLevel.BUURT) if node.code in self._shapes]
        return codes, shapely.STRtree([self._shapes[code] for code in codes])

    def buurt_at(self, lat: float, lon: float) -> AreaNode | None:
        """The buurt in which a point lies, or the nearest by its shore; None outside the city."""
        codes, finder = self._buurten
        if not codes:
            return None
        point = shapely.Point(lon, lat)
        nearest = finder.query_nearest(point, max_distance=SHORE_DEGREES)
        return self.get(codes[int(nearest[0])]) if len(nearest) else None


_trees: WeakKeyDictionary[sa.Pool, tuple[int, AreaTree]] = WeakKeyDictionary()
_lock = Lock()


def area_tree(session: Session) -> AreaTree:
    """The tree of this database, read again only when its edition has changed."""
    return once(session, _present_tree)


def _present_tree(session: Session) -> AreaTree:
    engine = session.get_bind()
    assert isinstance(engine, sa.Engine)
    edition = session.exec(select(sa.func.max(Area.edition))).one() or 0
    with _lock:  # reading and writing engines of one database share their pool
        known = _trees.get(engine.pool)
        if known is None or known[0] != edition:
            known = (edition, read_tree(session))
            if edition:
                _trees[engine.pool] = known
        return known[1]


def read_tree(session: Session) -> AreaTree:
    """The tree as this session sees it, kept nowhere: it may never be committed."""
    rows = session.exec(select(Area).order_by(col(Area.code))).all()
    return AreaTree(
        AreaNode(
            code=row.code,
            level=row.level,
            name=row.name,
            slug=row.slug,
            parent_code=row.parent_code,
            lat=row.lat,
            lon=row.lon,
            shape=row.shape,
            shape_is_official=row.shape_is_official,
        )
        for row in rows
    )
