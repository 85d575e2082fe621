"""Importing official areas: dry unless told to save, and all or nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from importers.report import Report
from importers.rows.areas import AreaFile, AreaShape, listed_short, read_areas
from socialmap import db
from socialmap.areas import Reshaped, save_shapes
from socialmap.geo.tree import CITY, AreaNode, AreaTree, area_tree, read_tree
from socialmap.labels import label
from socialmap.listings.edits import Author
from socialmap.listings.moves import Move, Reassigned, reassign_places
from socialmap.models.terms import AreaLevel, Door

MOST_MOVES = 30
"""So many places that change are named; of the rest only how many."""
FAR_DEGREES = 0.01
"""A shape about a kilometre from every buurt it should hold is not that area."""
MOST_OVERLAP = 0.02
"""Areas of one level lie side by side; more overlap than this part is a damaged file."""
PLURALS = {
    AreaLevel.CITY: "stad",
    AreaLevel.DISTRICT: "stadsdelen",
    AreaLevel.ZONE: "gebieden",
    AreaLevel.WIJK: "wijken",
    AreaLevel.BUURT: "buurten",
}


def import_areas(
    engine: sa.Engine, path: Path, *, by: str, now: datetime, save: bool = False
) -> Report:
    """Import the official shapes of one level, and put places in the buurt where they now lie.

    Reports what it did, or, unless `save`, what it would do: everything happens in one
    transaction, which is undone unless it is to be kept. Raises OSError when the file can't be
    opened.
    """
    file = read_areas(path, now.date())
    report = Report(path.name)
    with db.writing(engine) as session:
        tree = area_tree(session)
        level = _level(file, tree)
        official = _matched(file, tree, level) if level else {}
        report.notices += file.notices
        if level and not file.problems:
            reshaped = save_shapes(session, level, official)
            author = Author(by, Door.IMPORT, now)
            places = reassign_places(session, read_tree(session), author, reshaped.moved)
            report.changed = len(reshaped.official)
            report.unchanged = len(official) - report.changed
            report.notices += _told(level, tree, reshaped, places)
        report.problems = sorted(file.problems)
        report.wrong = len(report.problems)
        report.is_saved = save and not report.problems
        if not report.is_saved:
            session.rollback()
    return report


# What the areas of the file are for the city


def _level(file: AreaFile, tree: AreaTree) -> AreaLevel | None:
    """The level of most areas in a file; None, with a problem, when none of them is ours."""
    codes = {node.code: node.level for node in tree}
    counts = Counter(codes[one.code] for one in file.shapes if one.code in codes)
    if counts:
        return counts.most_common(1)[0][0]
    if not codes:
        file.refuse("", "er zijn nog geen gebieden om vormen aan te geven; draai eerst flask setup")
    elif file.shapes:
        shown = listed_short([one.code for one in file.shapes])
        file.refuse("", f"geen van deze gebieden is van Amsterdam of Weesp: {shown}")
    return None


def _matched(file: AreaFile, tree: AreaTree, level: AreaLevel) -> dict[str, BaseGeometry]:
    """The shapes of the file by our codes; what does not fit the city becomes a problem."""
    nodes = {node.code: node for node in tree.at_level(level)}
    _refuse_other_levels(file, tree, level)
    _name_strangers(file, tree)
    _refuse_incomplete(file, nodes, level)
    matched = {one.code: one.shape for one in file.shapes if one.code in nodes}
    for code, shape in matched.items():
        if _is_elsewhere(tree, code, shape):
            file.refuse(code, f"deze vorm ligt niet waar {nodes[code].name} ligt")
    _refuse_overlap(file, list(matched.values()))
    return matched


def _refuse_other_levels(file: AreaFile, tree: AreaTree, level: AreaLevel) -> None:
    known = {node.code: node for node in tree}
    for one in file.shapes:
        node = known.get(one.code)
        if node and node.level != level:
            message = f"dit is een {label(node.level)}, de rest van het bestand zijn"
            file.refuse(one.code, f"{message} {PLURALS[level]}; één soort per bestand")


def _name_strangers(file: AreaFile, tree: AreaTree) -> None:
    known = {node.code for node in tree}
    strangers = [_named(one) for one in file.shapes if one.code not in known]
    if strangers:
        file.notices.append(
            f"{len(strangers)} gebieden kennen wij niet; zij zijn overgeslagen: "
            f"{listed_short(strangers)}"
        )


def _refuse_incomplete(file: AreaFile, nodes: Mapping[str, AreaNode], level: AreaLevel) -> None:
    """A city with holes would lose what is in them."""
    told = {one.code for one in file.shapes} | {problem.value for problem in file.problems}
    missing = [f"{node.code} {node.name}" for code, node in nodes.items() if code not in told]
    if missing:
        file.refuse(
            "",
            f"het bestand is niet compleet: {len(nodes) - len(missing)} van de {len(nodes)} "
            f"{PLURALS[level]}. Is dit één bladzijde van meer? Er ontbreken: "
            f"{listed_short(missing)}",
        )


def _is_elsewhere(tree: AreaTree, code: str, shape: BaseGeometry) -> bool:
    buurten = tree.inside(code, AreaLevel.BUURT)
    points = shapely.points([(node.lon, node.lat) for node in buurten])
    return bool(shapely.distance(shape, points).min() > FAR_DEGREES)


def _refuse_overlap(file: AreaFile, shapes: list[BaseGeometry]) -> None:
    together = shapely.union_all(shapes).area
    overlap = sum(shape.area for shape in shapes) - together
    if overlap > MOST_OVERLAP * together:
        part = f"{overlap / together:.0%}"
        file.refuse("", f"de gebieden liggen over elkaar heen ({part}); het bestand is beschadigd")


def _named(one: AreaShape) -> str:
    return f"{one.code} {one.name}".strip()


# What it does


def _told(
    level: AreaLevel, tree: AreaTree, reshaped: Reshaped, places: Reassigned
) -> Iterator[str]:
    """What another set of shapes changes, in words."""
    yield f"{len(tree.at_level(level))} {PLURALS[level]}: {len(reshaped.official)} andere vorm"
    followed = Counter(tree.get(code).level for code in reshaped.followed if code != CITY)
    if followed:
        words = [f"{followed[of]} {PLURALS[of]}" for of in AreaLevel if followed[of]]
        yield f"zonder eigen officiële vorm, en dus afgeleid: {', '.join(words)}"
    yield from _told_moves(tree, places.moves)
    if places.own:
        yield (
            f"{places.own} plekken hebben een eigen buurtcode en houden die; "
            f"{places.own_elsewhere} daarvan liggen volgens de vormen in een andere buurt"
        )
    if places.listings:
        yield f"{places.listings} vermeldingen gaan opnieuw naar het zoekregister"


def _told_moves(tree: AreaTree, moves: tuple[Move, ...]) -> Iterator[str]:
    changing = {of: _count(tree, moves, of) for of in (AreaLevel.WIJK, AreaLevel.DISTRICT)}
    yield (
        f"{len(moves)} plekken veranderen van buurt, daarvan {changing[AreaLevel.WIJK]} van wijk "
        f"en {changing[AreaLevel.DISTRICT]} van stadsdeel"
    )
    for move in moves[:MOST_MOVES]:
        yield f"  {move.place}: van {_where(tree, move.before)} naar {_where(tree, move.after)}"
    if len(moves) > MOST_MOVES:
        yield f"  en nog {len(moves) - MOST_MOVES}"


def _count(tree: AreaTree, moves: Iterable[Move], level: AreaLevel) -> int:
    """How many places change to another area of this level."""

    def at(node: AreaNode | None) -> AreaNode | None:
        return tree.up_to(node.code, level) if node else None

    return sum(at(move.before) != at(move.after) for move in moves)


def _where(tree: AreaTree, node: AreaNode | None) -> str:
    if node is None:
        return "buiten de stad"
    wijk = tree.up_to(node.code, AreaLevel.WIJK)
    return f"{node.name} ({wijk.name})" if wijk and wijk != node else node.name
