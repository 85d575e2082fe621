"""Is a new offer in the directory already: public listings and providers with a name like it.

Only a person knows whether two are one; this only names what looks like it. A name counts by its
words, whatever their order (`Training faalangst`), and also written as one (`Kopop`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlmodel import Session, col, select

from socialmap.models import Listing, Provider
from socialmap.models.slugs import folded
from socialmap.models.terms import PUBLIC_STATUSES

MOST = 5
FEWEST_SIGNS, MOST_SIGNS = 3, 120
NEAR = 84
"""From this likeness (0–100) on two names may be of one thing."""
NEAR_OF_SAME = 72
"""The same where the provider is alike too."""
SMALL = frozenset(
    "de het een en van voor in op bij met aan te der den of the and s "
    "stichting vereniging groep buurtkamer bk".split()
)
"""Words that say little of what something is; a name of nothing else keeps them."""


@dataclass(frozen=True)
class Known:
    """Something in the directory by its name."""

    name: str
    slug: str
    provider: str = ""
    """Whose it is; empty for a provider, and for a place that is nobody's."""
    is_provider: bool = False


def find_alike(session: Session, title: str, provider: str = "") -> list[Known]:
    """What looks like an offer with this name by this provider, the likest first; at most five.

    It reads all names: some thousands take a few hundredths of a second.
    """
    if not any(map(_is_enough, (title, provider))):
        return []
    return ranked(known_names(session), title, provider)


def known_names(session: Session) -> list[Known]:
    """Every listing that a visitor may see, and every provider of one."""
    query = (
        select(Listing.title, Listing.slug, Provider.name, Provider.slug)
        .outerjoin(Provider, col(Provider.id) == Listing.provider_id)
        .where(col(Listing.status).in_(PUBLIC_STATUSES))
        .order_by(col(Listing.title), col(Listing.slug))
    )
    rows = session.exec(query).all()
    owners = {slug: name for _, _, name, slug in rows if slug}
    listings = [Known(title, slug, owner or "") for title, slug, owner, _ in rows]
    return listings + [Known(name, slug, is_provider=True) for slug, name in owners.items()]


def ranked(known: Iterable[Known], title: str, provider: str = "") -> list[Known]:
    """Those of `known` that look like this offer, or like this provider; the likest first."""
    every = list(known)
    listings = [one for one in every if not one.is_provider]
    providers = [one for one in every if one.is_provider]
    alike = _scores(providers, provider)
    owners = {providers[at].name for at, score in alike.items() if score >= NEAR}
    found = [
        (score, listings[at])
        for at, score in _scores(listings, title).items()
        if score >= (NEAR_OF_SAME if listings[at].provider in owners else NEAR)
    ]
    found += [(score, providers[at]) for at, score in alike.items() if score >= NEAR]
    wanted = _plain(title)
    found.sort(key=lambda one: (-one[0], -fuzz.ratio(wanted, _plain(one[1].name))))
    return [one for _, one in found[:MOST]]


def _is_enough(text: str) -> bool:
    return len(_plain(text)) >= FEWEST_SIGNS


def _scores(known: Sequence[Known], name: str) -> dict[int, float]:
    """How like `name` each is that is somewhat like it, by its number."""
    if not known or not _is_enough(name):
        return {}
    scores: dict[int, float] = {}
    for scorer, shaped in ((fuzz.token_set_ratio, _plain), (fuzz.ratio, _joined)):
        choices = [shaped(one.name) for one in known]
        found = process.extract(
            shaped(name), choices, scorer=scorer, score_cutoff=NEAR_OF_SAME, limit=None
        )
        for _, score, at in found:
            scores[at] = max(score, scores.get(at, 0))
    return scores


def _plain(text: str) -> str:
    """The words of a name that say what it is."""
    words = _words(text)
    return " ".join([word for word in words if word not in SMALL] or words)


def _joined(text: str) -> str:
    """A name written as one word."""
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text[:MOST_SIGNS]))
