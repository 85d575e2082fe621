"""What a typed place means: a postcode, an area, a venue; in doubt the candidates."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.labels import label
from socialmap.models import Place, Postcode, PostcodeWijk
from socialmap.models.slugs import slug_of
from socialmap.models.terms import AreaLevel, Visibility
from socialmap.search.question.query import Choice, Near

POSTCODE = re.compile(r"([1-9]\d{3})\s*([a-z]{2})?", re.IGNORECASE)
PREFIXES = {
    "wijk": AreaLevel.WIJK,
    "buurt": AreaLevel.BUURT,
    "gebied": AreaLevel.ZONE,
    "stadsdeel": AreaLevel.DISTRICT,
}

MOST_LIKE, ALIKE = 3, 0.75
"""So many names are offered for one that is not known; so much they have to be alike (0 to 1)."""


@dataclass(frozen=True)
class Whereabouts:
    """A point, or choices, or (both empty) a place that is not known."""

    near: Near | None = None
    choices: tuple[Choice, ...] = ()


def find_place(session: Session, tree: AreaTree, typed: str) -> Whereabouts:
    """Resolve the parameter `bij` of API.md."""
    typed = typed.strip()
    postcode = POSTCODE.fullmatch(typed)
    if postcode:
        return _postcode(session, tree, postcode.group(1))
    prefix, colon, rest = typed.partition(":")
    if colon and prefix in PREFIXES:
        area = find_area(tree, typed)
        return Whereabouts(near=near_area(area)) if area else Whereabouts()
    if colon and prefix == "plek":
        return _venue(session, rest)
    return _named(session, tree, typed)


def wijken_of(tree: AreaTree, where: Whereabouts) -> list[AreaNode]:
    """The wijken that a place may mean, in the order of its choices; one where that is sure,
    several where the reader has to say which, none for what is not known."""
    meant = [find_area(tree, choice.param) for choice in where.choices]
    if not meant and where.near and where.near.area_code:
        meant = [tree.get(where.near.area_code)]
    found = (wijk for area in meant if area for wijk in _wijken(tree, area))
    return list(dict.fromkeys(found))


def _wijken(tree: AreaTree, area: AreaNode) -> list[AreaNode]:
    """The wijk of a buurt, else the wijken inside an area."""
    home = tree.up_to(area.code, AreaLevel.WIJK)
    return [home] if home else tree.inside(area.code, AreaLevel.WIJK)


def wijken_like(tree: AreaTree, typed: str) -> list[AreaNode]:
    """The wijken whose names hold these words (`slotermeer`), else those that are spelled almost
    like it; for who typed a name that is not known."""
    slug = slug_of(typed)
    wijken = {slug_of(node.name): node for node in tree.at_level(AreaLevel.WIJK)}
    holding = [name for name in wijken if f"-{slug}-" in f"-{name}-"]
    return [wijken[name] for name in holding or get_close_matches(slug, wijken, MOST_LIKE, ALIKE)]


def find_area(tree: AreaTree, param: str) -> AreaNode | None:
    """The area that a parameter (`wijk:NK`) names."""
    prefix, _, rest = param.partition(":")
    return tree.find_at(PREFIXES[prefix], rest) if prefix in PREFIXES else None


def near_area(area: AreaNode) -> Near:
    """The middle of an area as a point to measure from."""
    return Near(area.lat, area.lon, area.name, area.code, f"{area.level}:{area.slug}")


def is_postcode(text: str) -> bool:
    """Is this text a postcode and nothing else?"""
    return POSTCODE.fullmatch(text.strip()) is not None


def _postcode(session: Session, tree: AreaTree, pc4: str) -> Whereabouts:
    """A 4-digit postcode lies in one to five wijken: one is an answer, more are a question."""
    query = select(PostcodeWijk.wijk_code).where(PostcodeWijk.pc4 == pc4)
    codes = session.exec(query.order_by(col(PostcodeWijk.share).desc())).all()
    wijken = [tree.get(code) for code in codes]
    if len(wijken) > 1:
        return Whereabouts(
            near=_middle(session, pc4),
            choices=tuple(Choice(wijk.name, f"wijk:{wijk.code}") for wijk in wijken),
        )
    if wijken:
        return Whereabouts(near=near_area(wijken[0]))
    return Whereabouts()


def _middle(session: Session, pc4: str) -> Near | None:
    point = session.get(Postcode, pc4)
    if point is None:
        return None
    return Near(point.lat, point.lon, f"postcode {pc4}", None, pc4)


def _venue(session: Session, slug: str) -> Whereabouts:
    query = select(Place).where(
        Place.slug == slug, Place.visibility == Visibility.EXACT, col(Place.lat).is_not(None)
    )
    place = session.exec(query).one_or_none()
    if place is None or place.lat is None or place.lon is None:
        return Whereabouts()
    label_text = place.name or f"{place.street} {place.house_number}"
    return Whereabouts(
        Near(place.lat, place.lon, label_text, place.area_code, f"plek:{place.slug}")
    )


def _named(session: Session, tree: AreaTree, typed: str) -> Whereabouts:
    """An area by its name, the largest first and the others as choices; or a venue."""
    slug = slug_of(typed)
    areas = [
        area for level in AreaLevel for area in tree.at_level(level) if slug_of(area.name) == slug
    ]
    if areas:
        others = tuple(_choice(area) for area in areas[1:] if area.parent_code != areas[0].code)
        return Whereabouts(
            near=near_area(areas[0]), choices=others and (_choice(areas[0]), *others)
        )
    return _venue(session, slug)


def _choice(area: AreaNode) -> Choice:
    return Choice(f"{area.name} ({label(area.level)})", f"{area.level}:{area.code}")
