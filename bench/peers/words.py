"""The words of a typed text as a peer is given them."""

import re

from socialmap.models.slugs import folded

WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """Folded words, each once: our stopwords would serve the peers worse than theirs."""
    return list(dict.fromkeys(WORD.findall(folded(text))))
