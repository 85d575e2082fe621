"""How names become addresses: `Huis van de Wijk` -> `huis-van-de-wijk`."""

import re
import unicodedata
from collections.abc import Container
from itertools import count

LONGEST = 60
ACCENTS = re.compile("[\u0300-\u036f]")
DOTLESS = str.maketrans("ı", "i")
"""The Turkish letter that Unicode does not take apart."""


def folded(text: str) -> str:
    """Lower case without accents: `Café Één` -> `cafe een`."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return ACCENTS.sub("", plain).translate(DOTLESS)


def slug_of(name: str) -> str:
    """An address part for a name; never empty."""
    words = re.findall(r"[a-z0-9]+", folded(name))
    slug = "-".join(words)[:LONGEST].strip("-")
    return slug or "zonder-naam"


def free_slug(name: str, taken: Container[str]) -> str:
    """A slug for a name that is not among `taken`: `naailes`, `naailes-2`."""
    slug = slug_of(name)
    if slug not in taken:
        return slug
    return next(candidate for number in count(2) if (candidate := f"{slug}-{number}") not in taken)
