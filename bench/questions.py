"""Typed questions as people ask them: words, an age and an area in one line, some with a slip."""

import random
import re
from dataclasses import dataclass

from bench.generate import Generator
from bench.peers import Wanted
from socialmap.geo.tree import AreaTree
from socialmap.models.terms import AreaLevel, Reach
from socialmap.search.answer.facets import CODE_OF
from socialmap.search.question.query import Query

AGES = ("8 jaar", "14 jaar", "12+", "4-12 jaar", "peuter", "puber", "groep 5", "17")
SHAPES = ("{one} {age} {area} {two}", "{one} {two} {age} {area}", "{area} {one} {two} {age}")
LEVELS = (AreaLevel.DISTRICT, AreaLevel.ZONE, AreaLevel.WIJK)
SHORTEST_SLIP = 6


@dataclass(frozen=True)
class Question:
    """What is typed, and what it means for a peer, that can't find that out by itself."""

    typed: str
    wanted: Wanted


def typed_texts(tree: AreaTree, count: int, *, seed: int, slips: bool = False) -> list[str]:
    """So many typed texts with two words, an age and an area; with `slips` one word has a slip."""
    dice = random.Random(seed)
    names = [area.name for level in LEVELS for area in tree.at_level(level)]
    areas = [re.split(r"[,/]", name)[0] for name in names]
    found = []
    for pair in Generator(seed).queries(count):
        one, two = sorted(pair.split(), key=len)
        parts = {"one": one, "two": _slipped(two, dice) if slips else two}
        parts |= {"age": dice.choice(AGES), "area": dice.choice(areas)}
        found.append(dice.choice(SHAPES).format(**parts).lower())
    return found


def mixed_texts(tree: AreaTree, count: int, *, seed: int) -> list[str]:
    """So many typed texts, one in three with a slip."""
    right = typed_texts(tree, count, seed=seed)
    wrong = typed_texts(tree, count, seed=seed, slips=True)
    return [pair[at % 3 == 0] for at, pair in enumerate(zip(right, wrong, strict=True))]


def _slipped(word: str, dice: random.Random) -> str:
    """The word with a letter left out or two that changed places; a short one stays as it is."""
    if len(word) < SHORTEST_SLIP:
        return word
    at = dice.randrange(1, len(word) - 2)
    if dice.random() < 0.5:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def wanted_of(query: Query, tree: AreaTree) -> Wanted:
    """The same question for a peer, without what only our engine counts as a filter."""
    facets: dict[str, tuple[str, ...]] = {
        CODE_OF[name]: values for name, values in query.chosen.items() if name in CODE_OF
    }
    codes = [code for found in query.areas.values() for code in found]
    if codes:
        around = [
            area.code for code in codes for area in (*tree.within(code), *tree.ancestors(code))
        ]
        facets["served"] = tuple(dict.fromkeys([str(Reach.CITY), *around]))
    ages = query.ages[0] if query.ages else None
    months = (ages.min_months, ages.max_months) if ages else None
    return Wanted(query.text, facets, months)
