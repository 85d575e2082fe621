"""What could be plainer in the texts of a form (R5); never in the way."""

from socialmap import db
from socialmap.listings import plain
from socialmap.listings.plain import Advice, Kind
from socialmap.views.edit.reader import LONG, Typed

LONGISH = 30
"""Words that a sentence of an explanation may have: over 20 have most that there are."""


def advice_on(typed: Typed) -> dict[str, list[Advice]]:
    """What could be plainer in the texts of a form; of a long explanation only the worst."""
    jargon = plain.jargon(db.session())
    explained = plain.advice(typed.get("description", "")[:LONG], jargon)
    return {
        "summary": plain.advice(typed.get("summary", "")[:LONG], jargon),
        "description": [piece for piece in explained if not _is_longish(piece)],
    }


def _is_longish(piece: Advice) -> bool:
    """Is a sentence long, but not so long that an explanation can't have it?"""
    is_sentence = piece.kind == Kind.LONG_SENTENCE
    return is_sentence and len(piece.quote.split()) <= LONGISH
