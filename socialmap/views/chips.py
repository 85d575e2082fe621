"""What was understood of a question, each part removable, and what it may mean as well."""

from collections.abc import Iterator
from dataclasses import dataclass

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.listings.find import provider_names
from socialmap.models.terms import AreaLevel
from socialmap.search.question.filters import FACET_LABELS
from socialmap.search.question.query import Chip, Show
from socialmap.views.asking import Asked, Step
from socialmap.views.jinja import theme_name

SHOW_WORDS = {Show.STALE: "ook lang niet gecontroleerd", Show.ENDED: "ook gestopt"}


@dataclass(frozen=True)
class ShownChip:
    """Something that was understood or chosen: the question without it, with its words as plain
    text (where they were typed), or with a smaller area of the same name."""

    label: str
    url: str
    typed: str = ""
    as_text: str | None = None
    others: tuple[Step, ...] = ()


def chips(asked: Asked) -> list[ShownChip]:
    """What was understood from the text, the place to measure from, and the filters that are on."""
    query = asked.query
    gone = {"bij", *asked.found.left_out}
    shown = [_understood(asked, chip) for chip in query.chips if chip.param not in gone]
    if query.near:
        shown.append(ShownChip(f"bij {query.near.label}", asked.url(bij=None, straal=None)))
    return [*shown, *_chosen(asked)]


def _understood(asked: Asked, chip: Chip) -> ShownChip:
    others = (Step(other.label, asked.instead(chip, other.param)) for other in chip.others)
    return ShownChip(
        chip.label, asked.without_chip(chip), chip.text, asked.as_text(chip), tuple(others)
    )


def _chosen(asked: Asked) -> Iterator[ShownChip]:
    """The filters that were chosen, each with the question without it."""
    understood = {
        (name, value)
        for chip in asked.query.chips
        for name, values in chip.settings
        for value in _slugs(name, values.split(","))
    }
    for name, values in filters_on(asked).items():
        for value, words in values.items():
            if (name, value) in understood:
                continue
            others = ",".join(other for other in values if other != value)
            yield ShownChip(words, asked.url(**{name: others or None}))


def _slugs(name: str, values: list[str]) -> list[str]:
    """Areas by their slugs, also where a code was given."""
    if name not in ("stadsdeel", "gebied", "wijk"):
        return values
    tree = area_tree(db.session())
    return [node.slug for value in values if (node := tree.find(value))]


def filters_on(asked: Asked) -> dict[str, dict[str, str]]:
    """The values of each filter that is on, in words."""
    query, tree = asked.query, area_tree(db.session())
    chosen = dict(query.chosen)
    own = chosen.pop("aanbieder", ())
    names = provider_names(db.session(), (*own, *query.without)) if own or query.without else {}
    areas = {name: [tree.get(code) for code in codes] for name, codes in query.areas.items()}
    return {
        "leeftijd": {age.param: f"{age.param.replace('.', ',')} jaar" for age in query.ages},
        **{name: {node.slug: node.name for node in nodes} for name, nodes in areas.items()},
        **{
            name: {
                value: theme_name(value) if name == "thema" else FACET_LABELS[name][value]
                for value in values
            }
            for name, values in chosen.items()
        },
        "aanbieder": {slug: names[slug] for slug in own},
        "zonder": {slug: f"zonder {names[slug]}" for slug in query.without},
        "toon": {show: words for show, words in SHOW_WORDS.items() if show in query.show},
    }


def choices(asked: Asked) -> list[tuple[Step, list[str]]]:
    """The places that a postcode or a name may mean, a wijk with the names of its buurten."""
    tree = area_tree(db.session())
    found = []
    for choice in asked.query.near_choices:
        node = tree.find(choice.param.removeprefix("wijk:"))
        inside = tree.inside(node.code, AreaLevel.BUURT) if node else []
        buurten = [buurt.name for buurt in inside if buurt.name != choice.label]
        found.append((Step(choice.label, asked.url(bij=choice.param)), buurten))
    return found
