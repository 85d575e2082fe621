"""What words mean besides text: areas with their popular names, ages, languages, days.

Areas come from the tree; everything else from `data/phrases.csv`.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from socialmap.config import DATA
from socialmap.geo.tree import AreaNode, AreaTree
from socialmap.labels import label
from socialmap.models.terms import AreaLevel
from socialmap.search.language.analysis import Words, pieces
from socialmap.search.question.filters import AREA_PARAMS, FACET_LABELS
from socialmap.search.question.query import Choice

PHRASES_FILE = DATA / "phrases.csv"
PARAM_OF = {level: name for name, level in AREA_PARAMS.items()}
LEVELS = (AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.WIJK, AreaLevel.BUURT)
"""The largest area with a name wins, but a whole name before one of several."""
ARTICLES = ("de", "het", "t")
PARTS = re.compile(r"[,/]")
TAIL = re.compile(r" e\.o\.$")
ORDINARY = frozenset(
    {("centrum",), ("klomp",), ("kameleon",), ("eenhoorn",), ("hemelrijk",), ("kleine", "wereld")}
)
"""Names of areas that mean something else far more often."""
SQUARE = "pleinbuurt"
"""The buurt around a square goes by the name of the square."""


@dataclass(frozen=True)
class Meaning:
    """What a phrase asks: parameters of API.md with their values, and how a chip shows it."""

    settings: tuple[tuple[str, str], ...]
    label: str
    others: tuple[Choice, ...] = ()
    """Smaller areas of the same name."""

    @property
    def param(self) -> str:
        return self.settings[0][0]

    @property
    def is_area(self) -> bool:
        return self.param in (*AREA_PARAMS, "bij")


@dataclass(frozen=True)
class Vocabulary:
    """All phrases that mean something, by their folded words."""

    phrases: Mapping[Words, Meaning]

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.phrases), default=0)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of a phrase that may be typed with a slip."""
        return frozenset(word for phrase in self.phrases for word in phrase if len(word) > 3)


@lru_cache(maxsize=4)
def vocabulary(tree: AreaTree) -> Vocabulary:
    """The phrases of a city; areas last, so that the file may say otherwise."""
    found = dict(read_phrases())
    for words, area in _named_areas(tree):
        found[words] = _with_area(found.get(words), area)
    return Vocabulary(found)


def _named_areas(tree: AreaTree) -> Iterator[tuple[Words, AreaNode]]:
    """Every name of every area: the whole names first, from large to small, then those that are
    one of several (Driemond is a wijk, and half of the gebied Weesp, Driemond) and the buurten."""
    areas = [(area, _names(area)) for level in LEVELS for area in tree.at_level(level)]
    for is_whole in (True, False):
        for area, names in areas:
            if is_whole == (not PARTS.search(area.name) and area.level != AreaLevel.BUURT):
                yield from ((words, area) for words in names)


def read_phrases(path: Path = PHRASES_FILE) -> Iterator[tuple[Words, Meaning]]:
    """The phrases of a file with the columns woorden, parameter, waarde, naam.

    `|` separates phrases and values; `dag+dagdeel` with `di+middag` sets two parameters at once.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            names, values = row["parameter"].split("+"), row["waarde"].split("+")
            settings = tuple(
                (name, value.replace("|", ",")) for name, value in zip(names, values, strict=True)
            )
            meaning = Meaning(settings, row["naam"] or _label(settings[0]))
            for phrase in row["woorden"].split("|"):
                yield pieces(phrase), meaning


def _label(setting: tuple[str, str]) -> str:
    name, values = setting
    return " of ".join(FACET_LABELS[name][value] for value in values.split(","))


def _names(area: AreaNode) -> list[Words]:
    """The names of an area: `Geuzenveld, Slotermeer` has two, `De Pijp` is also just Pijp."""
    parts = [pieces(part) for part in PARTS.split(TAIL.sub("", area.name))]
    bare = [words[1:] if words[:1] and words[0] in ARTICLES else words for words in parts]
    found = [words for words in bare if words not in ORDINARY and len("".join(words)) > 2]
    squares = [words for words in found if words[-1].endswith(SQUARE)]
    return found + [(*words[:-1], words[-1].removesuffix("buurt")) for words in squares]


def _with_area(known: Meaning | None, area: AreaNode) -> Meaning:
    param = PARAM_OF.get(area.level)
    setting = (param, area.slug) if param else ("bij", f"buurt:{area.slug}")
    if known is None:
        return Meaning((setting,), area.name)
    if param is None or not known.is_area or setting in known.settings:
        return known
    choice = Choice(f"{area.name} ({label(area.level)})", f"{param}:{area.slug}")
    return replace(known, others=(*known.others, choice))
