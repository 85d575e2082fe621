"""What is said above an answer: names of before, what has ended, where it is not to be had (R9)."""

from collections.abc import Iterator
from enum import Enum

from socialmap.geo.tree import AreaTree
from socialmap.labels import listed
from socialmap.models.terms import ListingKind
from socialmap.search.answer import facets
from socialmap.search.answer.found import Note
from socialmap.search.index.snapshot import Mask, Snapshot
from socialmap.search.language.meaning import Meant
from socialmap.search.question.filters import AREA_PARAMS
from socialmap.search.question.query import Query

PLACING = (*AREA_PARAMS, "bij")
"""What says where, which is never left out in silence."""


class Leeway(Enum):
    """How loosely a question was taken, since nothing fits it as it was asked."""

    NONE = "none"
    ENDED = "ended"
    ELSEWHERE = "elsewhere"
    LOOSELY = "loosely"


def notes(
    snapshot: Snapshot,
    tree: AreaTree,
    asked: Query,
    words: Meant,
    docs: Mask,
    leeway: Leeway,
    *,
    leads_on: bool,
) -> Iterator[Note]:
    """The notes above an answer with these documents, to a question that was taken this loosely.

    `leads_on`: there are ways to look wider.
    """
    for one in words.renamed:
        yield Note("now_called", f"{one.former} heet nu {one.now}.")
    if leeway == Leeway.ENDED:
        yield Note("only_ended", "Wat hierbij past is gestopt. Bij elk staat wat er nu is.")
        return
    if leeway == Leeway.LOOSELY:
        labels = [f"‘{chip.label}’" for chip in asked.chips if chip.param not in PLACING]
        text = f"Met {listed(labels)} vonden wij niets. Dit is er zonder."
        yield Note("left_out", text)
        return
    names = [tree.get(code).name for codes in asked.areas.values() for code in codes]
    if not names:
        return
    further = " Hieronder staat wat er verderop is." if leads_on else ""
    if leeway == Leeway.ELSEWHERE:
        text = f"Voor {listed(names)} vonden wij dit niet. Dit is er het dichtst bij."
        yield Note("no_coverage", text)
    elif not docs.any():
        yield Note("no_coverage", f"Voor {listed(names)} vonden wij dit niet.{further}")
    elif asked.text and not _is_here(snapshot, tree, asked, docs):
        text = f"In {listed(names)} zelf vonden wij dit niet, wel voor heel Amsterdam."
        yield Note("only_city", text)


def _is_here(snapshot: Snapshot, tree: AreaTree, query: Query, docs: Mask) -> bool:
    """Is any of these for the asked areas themselves, rather than for the whole city?"""
    is_place = snapshot.codes["kind"].any_of([ListingKind.PLACE])
    codes = [code for found in query.areas.values() for code in found]
    return bool((docs & ~is_place & facets.serves_itself(snapshot, tree, codes)).any())
