"""Which themes a question is about: chosen, named in it, or surely meant by its words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import Session, col, select

from socialmap.models import Theme
from socialmap.models.once import once
from socialmap.search.language.analysis import query_terms
from socialmap.search.language.meaning import Meant
from socialmap.search.question.query import Query

Stems = frozenset[str]


@dataclass(frozen=True)
class ThemeNames:
    """The themes as a search needs them, each by its id."""

    names: dict[str, str]
    parents: dict[str, str]
    """The theme above each subject."""
    danger: frozenset[str]
    stems: dict[str, tuple[Stems, Stems]]
    """The stems of the id and of the name."""


def theme_names(session: Session) -> ThemeNames:
    """All themes in their order."""
    return once(session, _read)


def _read(session: Session) -> ThemeNames:
    columns = select(Theme.id, Theme.name, Theme.parent_id, Theme.is_danger)
    rows = session.exec(columns.order_by(col(Theme.position))).all()
    return ThemeNames(
        names={id: name for id, name, _, _ in rows},
        parents={id: parent for id, _, parent, _ in rows if parent},
        danger=frozenset(id for id, _, _, is_danger in rows if is_danger),
        stems={id: (_stems(id.replace("-", " ")), _stems(name)) for id, name, _, _ in rows},
    )


@lru_cache(maxsize=1_000)
def _stems(name: str) -> Stems:
    """The stems of a name; not of what people type, which is not kept."""
    return frozenset(query_terms(name))


def subjects(themes: ThemeNames, query: Query, words: Meant) -> tuple[str, ...]:
    """The themes that a question is about, the surest first; none of which a subject is too."""
    chosen = query.chosen.get("thema", ())
    found = dict.fromkeys([*chosen, *_named(themes, query.text), *_meant(words)])
    above = {themes.parents.get(id) for id in found} - set(chosen)
    return tuple(id for id in found if id in themes.names and id not in above)


def _named(themes: ThemeNames, text: str) -> Iterator[str]:
    """The themes of which all words of the name or the id stand in the text."""
    asked = frozenset(query_terms(text)) if text else frozenset()
    for id, names in themes.stems.items():
        if any(name <= asked for name in names):
            yield id


def _meant(words: Meant) -> Iterable[str]:
    weights: dict[str, float] = {}
    for way in (way for concept in words.concepts for way in concept.ways):
        id = way.theme
        if id in words.themes:
            weights[id] = max(way.weight, weights.get(id, 0.0))
    return sorted(weights, key=lambda id: -weights[id])
