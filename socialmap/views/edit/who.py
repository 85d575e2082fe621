"""The form of whom it is for: audience, ages, themes, languages, and whom it is not for."""

from collections.abc import Mapping
from typing import Any

from socialmap import labels, themes
from socialmap.listings.values import ListingValues
from socialmap.models.terms import Audience, Language, OnlyFor
from socialmap.views.edit.forms import Around, Reading
from socialmap.views.edit.reader import Reader, Typed

OLDEST = 99
"""Years of age that can be typed."""
YEAR, HALF = 12, 6
KNOWN, ALL, UNKNOWN = "van-tot", "alle", "onbekend"
AGES = {
    KNOWN: "Kinderen van een bepaalde leeftijd",
    ALL: "Alle leeftijden",
    UNKNOWN: "Weet ik niet",
}
NOT_AN_AGE = "Schrijf een leeftijd in jaren, zoals 4 of 1,5."
MOST_THEMES = 8


class WhoForm:
    """For whom and for what; what not; on which conditions; in which languages."""

    def shown(self, values: ListingValues) -> Typed:
        low, high = values.min_age_months, values.max_age_months
        has_ages = low is not None or high is not None
        boxes: dict[str, str | list[str]] = {
            "audience": [str(term) for term in values.audience],
            "only_for": [str(term) for term in values.only_for],
            "ages": KNOWN if has_ages else ALL if values.ages_known else UNKNOWN,
            "min_age": "" if low is None else _years(low),
            "max_age": "" if high is None else str(high // YEAR),
            "themes": list(values.themes),
            "languages": [str(term) for term in values.languages],
            "not_for": values.not_for,
            "criteria": values.criteria,
        }
        return Typed(boxes)

    def read(self, typed: Typed, around: Around) -> Reading:
        reader = Reader(typed)
        chosen = reader.some_of("themes", list(themes.theme_names(around.session)))
        kept = [id for id in around.before.themes if id in chosen]
        if len(chosen) > MOST_THEMES:
            reader.fail("themes", f"Kies er ten hoogste {MOST_THEMES}: waar gaat het vooral over?")
        values = {
            "audience": reader.many_of("audience", Audience),
            "only_for": reader.many_of("only_for", OnlyFor),
            **_ages(reader),
            "themes": kept + [id for id in chosen if id not in kept],
            "languages": reader.many_of("languages", Language),
            "not_for": reader.text("not_for"),
            "criteria": reader.text("criteria"),
        }
        values["languages"] = _in_order(around.before.languages, values["languages"])
        values["audience"] = _in_order(around.before.audience, values["audience"])
        return Reading(values, reader.errors)

    def choices(self, around: Around) -> Mapping[str, Any]:
        return {
            "audiences": labels.labels(Audience),
            "only_fors": labels.labels(OnlyFor),
            "ages": AGES,
            "languages": labels.labels(Language),
            "groups": themes.theme_groups(around.session),
        }


def _in_order(before: list[Any], chosen: list[Any]) -> list[Any]:
    """The chosen terms: those that were there in their old order, then the new ones."""
    kept = [term for term in before if term in chosen]
    return kept + [term for term in chosen if term not in kept]


def _ages(reader: Reader) -> dict[str, Any]:
    """The ages in whole months: 4 to 12 holds until the 13th birthday."""
    kind = reader.raw("ages") or UNKNOWN
    if kind not in AGES:
        reader.fail("ages", "Kies een van de drie.")
    if kind != KNOWN:
        return {"ages_known": kind == ALL, "min_age_months": None, "max_age_months": None}
    low, high = _months(reader, "min_age"), reader.number("max_age", 0, OLDEST)
    top = None if high is None else (high + 1) * YEAR - 1
    if low is None and high is None:
        reader.fail("min_age", "Schrijf vanaf of tot welke leeftijd. Of kies ‘Alle leeftijden’.")
    elif low is not None and top is not None and low > top:
        reader.fail("max_age", "De hoogste leeftijd is lager dan de laagste. Draai ze om.")
    return {"ages_known": True, "min_age_months": low, "max_age_months": top}


def _months(reader: Reader, name: str) -> int | None:
    """An age in years and perhaps a half (`1,5`), as whole months."""
    text = reader.raw(name).replace(",", ".").removesuffix("jaar").strip()
    if not text:
        return None
    whole, _, part = text.partition(".")
    is_right = whole.isascii() and whole.isdigit() and part in ("", "0", "5") and len(whole) < 3
    if not is_right:
        reader.fail(name, NOT_AN_AGE)
        return None
    return int(whole) * YEAR + (HALF if part == "5" else 0)


def _years(months: int) -> str:
    years, rest = divmod(months, YEAR)
    return f"{years},5" if rest == HALF else str(years)
