"""Suggestions while typing: the names of what a visitor may find, kept in memory; never people.

A keystroke asks no large table. The names of listings and providers are read again when the index
has another generation, as every change of a listing gives it, or when the day is another (what
lapses or ends is then left out); those of areas when the tree is another. Themes, words and teams
have no edition: they are few, and are read each time to see whether they have changed.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

import numpy as np
from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaNode, AreaTree, area_tree
from socialmap.models import GlossaryTerm, Listing, Provider, Team, Theme
from socialmap.models.terms import PUBLIC_STATUSES, AreaLevel, ListingKind
from socialmap.search.answer.engine import Searcher
from socialmap.search.answer.evaluation import Texts, evaluated
from socialmap.search.answer.names import AREAS, Kind, Name, Names
from socialmap.search.index.snapshot import Snapshot, Stamp
from socialmap.search.language.analysis import pieces
from socialmap.search.question.query import Query

log = logging.getLogger(__name__)
FEWEST_SIGNS = 2
MOST_SIGNS = 200
ABOVE = {
    AreaLevel.ZONE: AreaLevel.DISTRICT,
    AreaLevel.WIJK: AreaLevel.DISTRICT,
    AreaLevel.BUURT: AreaLevel.WIJK,
}
"""The level that says where an area is."""


@dataclass(frozen=True)
class Few:
    """What is read each time, as rows."""

    themes: Sequence[tuple[str, str, str | None]]
    teams: Sequence[tuple[str, str]]
    terms: Sequence[tuple[str, str, Sequence[str], str | None]]


@dataclass(frozen=True)
class Edition:
    """What the names were made from: they are the same as long as this is."""

    stamp: Stamp | None
    day: date
    tree: AreaTree
    few: Few


class Suggester:
    """Suggests names for what has been typed so far."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._known: tuple[Edition, Names] | None = None
        self._building = Lock()

    def suggest(self, session: Session, typed: str, today: date) -> list[Name]:
        """Return what there is with such a name, seen from `today`; nothing for a single sign."""
        words = pieces(typed[:MOST_SIGNS])
        if sum(map(len, words)) < FEWEST_SIGNS:
            return []
        return self._names(session, today).suggested(words)

    def _names(self, session: Session, today: date) -> Names:
        """The newest names; while one thread makes them, the others go on with the last."""
        snapshot = self._snapshot()  # before any query: the tables are then as new, or newer
        tree, few = area_tree(session), _read(session)
        edition = Edition(snapshot.stamp if snapshot else None, today, tree, few)
        known = self._known
        if known is not None and known[0] == edition:
            return known[1]
        if not self._building.acquire(blocking=known is None) and known is not None:
            return known[1]
        try:
            if self._known is None or self._known[0] != edition:
                listed = _listed(session, snapshot, tree, today) if snapshot else ()
                self._known = edition, Names([*_few(few), *_areas(tree), *listed])
            return self._known[1]
        finally:
            self._building.release()

    def _snapshot(self) -> Snapshot | None:
        try:
            return self._searcher.snapshot()
        except Exception as error:  # a damaged index may raise anything; the next search mends it
            log.warning("no names of listings: %s", type(error).__name__)
            return None


def _read(session: Session) -> Few:
    return Few(
        themes=session.exec(select(Theme.id, Theme.name, Theme.parent_id)).all(),
        teams=session.exec(select(Team.slug, Team.name)).all(),
        terms=session.exec(
            select(GlossaryTerm.slug, GlossaryTerm.word, GlossaryTerm.also, GlossaryTerm.now_called)
        ).all(),
    )


def _few(few: Few) -> Iterator[Name]:
    """Themes, teams and the words of the glossary, with the other ways to say them."""
    theme_names = {id: name for id, name, _ in few.themes}
    for id, name, parent in few.themes:
        yield Name(Kind.THEME, name, id, theme_names.get(parent or "", ""))
    for slug, name in few.teams:
        yield Name(Kind.TEAM, name, slug)
    for slug, word, others, now_called in few.terms:
        yield Name(Kind.TERM, word, slug, now_called or "")
        for other in others:
            yield Name(Kind.TERM, other, slug, now_called or word)


def _areas(tree: AreaTree) -> Iterator[Name]:
    """Every area below the city; a buurt only where no larger area around it has its name."""
    for kind in AREAS:
        for area in tree.at_level(AreaLevel(kind)):
            around = {node.name for node in tree.ancestors(area.code)[1:]}
            if kind != Kind.BUURT or area.name not in around:
                yield Name(kind, area.name, area.slug, _around(tree, area))


def _around(tree: AreaTree, area: AreaNode) -> str:
    level = ABOVE.get(area.level)
    above = tree.up_to(area.code, level) if level else None
    return above.name if above else ""


def _listed(session: Session, snapshot: Snapshot, tree: AreaTree, today: date) -> Iterator[Name]:
    """The listings that a question without words finds, and who offers them."""
    docs = np.flatnonzero(
        evaluated(snapshot, tree, Query(), today, Texts.of(snapshot, "")).docs
    ).tolist()
    doc_of = {snapshot.keys[doc]: doc for doc in docs}
    provider_names = dict(session.exec(select(Provider.slug, Provider.name)).all())
    kinds, owners = snapshot.codes["kind"], snapshot.codes["provider"]
    places = dict(zip(snapshot.points.docs.tolist(), snapshot.points.areas, strict=True))
    offering: set[str] = set()
    query = select(Listing.id, Listing.title, Listing.slug)
    for id, title, slug in session.exec(query.where(col(Listing.status).in_(PUBLIC_STATUSES))):
        doc = doc_of.get(id)
        if doc is None:
            continue
        owner = next(iter(owners.of(doc)), "")
        offering.add(owner)
        if ListingKind.PLACE in kinds.of(doc):
            area = places.get(doc)
            yield Name(Kind.PLACE, title, slug, _where(tree, area) if area else "")
        else:
            yield Name(Kind.OFFER, title, slug, provider_names.get(owner, ""))
    for slug in offering & provider_names.keys():
        yield Name(Kind.PROVIDER, provider_names[slug], slug)


def _where(tree: AreaTree, code: str) -> str:
    """The wijk of a place, or the larger area that is all that may be told."""
    return (tree.up_to(code, AreaLevel.WIJK) or tree.get(code)).name
