"""The words of the field explained, on one page with a letter and an anchor for each (R37)."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, render_template

from socialmap import db, themes
from socialmap.models import GlossaryTerm
from socialmap.models.slugs import folded

FIRST = "OKA"
"""The word that most people come for; it is answered on top."""

bp = Blueprint("glossary", __name__)


@bp.get("/uitleg")
def glossary() -> str:
    """What words mean, what they are called now, and what they are often mixed up with."""
    terms = themes.glossary(db.session())
    return render_template(
        "glossary/glossary.html",
        letters=by_letter(terms),
        terms={term.word: term for term in terms},
        first=next((term for term in terms if term.word == FIRST), None),
        mixed_up=mixed_up(terms),
        former=[term for term in terms if term.now_called],
    )


def by_letter(terms: Sequence[GlossaryTerm]) -> list[tuple[str, list[GlossaryTerm]]]:
    """The words under their first letters."""
    letters = groupby(terms, key=lambda term: folded(term.word)[:1].upper())
    return [(letter, list(members)) for letter, members in letters]


def mixed_up(terms: Sequence[GlossaryTerm]) -> list[tuple[GlossaryTerm, GlossaryTerm]]:
    """The pairs of words that are often mixed up, each once."""
    by_word = {term.word: term for term in terms}
    pairs = {
        frozenset((term.word, other)): (term, by_word[other])
        for term in reversed(terms)
        for other in term.not_to_confuse
        if other in by_word
    }
    return list(reversed(pairs.values()))
