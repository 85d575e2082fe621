"""The words of the field: what they mean, what they are called now, what they are not (R37)."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlmodel import Session, delete, select

from socialmap.models import GlossaryTerm
from socialmap.models.slugs import folded, slug_of


@dataclass(frozen=True)
class GlossaryValues:
    """A word as a file gives it; other words by their names."""

    word: str
    meaning: str
    also: tuple[str, ...] = ()
    """Other ways to say or write it, searched as the same."""
    now_called: str | None = None
    """The word of today, for a former name."""
    not_to_confuse: tuple[str, ...] = ()
    source: str = ""


def glossary(session: Session) -> list[GlossaryTerm]:
    """Every word, by its letters."""
    return sorted(session.exec(select(GlossaryTerm)), key=lambda term: folded(term.word))


def find_term(session: Session, word: str) -> GlossaryTerm | None:
    """The explanation of a word, or None."""
    return session.get(GlossaryTerm, slug_of(word))


def former_names_in(session: Session, text: str) -> list[GlossaryTerm]:
    """The words of before in a name, as they are written there (Samen DOEN, not `samen doen`),
    that have another word now."""
    return [
        term
        for term in glossary(session)
        if term.now_called and re.search(rf"\b{re.escape(term.word)}\b", text)
    ]


def save_glossary(session: Session, rows: Iterable[GlossaryValues]) -> int:
    """Make the words equal to these; returns how many there are."""
    terms = [_term(row) for row in rows]
    session.exec(delete(GlossaryTerm))
    session.add_all(terms)
    session.flush()
    return len(terms)


def _term(row: GlossaryValues) -> GlossaryTerm:
    lists = {"also": list(row.also), "not_to_confuse": list(row.not_to_confuse)}
    return GlossaryTerm(**{**asdict(row), **lists}, slug=slug_of(row.word))
