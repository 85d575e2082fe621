"""What templates may say: Dutch words, days, distances, telephone links and names of areas."""

import re
from collections.abc import Sequence
from datetime import datetime

from flask import Flask, g, url_for
from jinja2 import StrictUndefined

from socialmap import db, labels, themes
from socialmap.geo.tree import AreaNode, AreaTree, area_tree
from socialmap.listings.cards import CardChange, CardSession
from socialmap.listings.temporary import heading_of, line_of
from socialmap.models.terms import TERMS, AreaLevel, ReferralRoute, TermKind, Weekday
from socialmap.reviews import names_of
from socialmap.views.clock import now, today
from socialmap.views.hyphens import shy

TABS = ("centrum", "nieuw-west", "noord", "oost", "west", "zuid", "zuidoost", "weesp")
"""The stadsdelen in the order of the tabs: by name, and Weesp last."""
AREA_PAGES = {
    AreaLevel.DISTRICT: "areas.district",
    AreaLevel.ZONE: "areas.zone",
    AreaLevel.WIJK: "areas.wijk",
}
FILTERS = (
    labels.label,
    labels.own_name,
    names_of,
    labels.day,
    labels.short_day,
    labels.short_month,
    labels.month,
    labels.weekday,
    labels.metres,
    labels.listed,
    labels.initials,
)


def init_app(app: Flask) -> None:
    """Prepare the templates of `app`."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    for word in FILTERS:
        environment.filters[word.__name__] = word
    for phrase in (
        change_heading,
        change_line,
        ago,
        tel,
        whatsapp,
        postcode,
        clock,
        moment,
        sentence,
        to_come,
        shy,
    ):
        environment.filters[phrase.__name__] = phrase
    environment.filters["theme"] = theme_name
    environment.globals.update(
        label=labels.label,
        age_range=labels.age_range,
        area_name=area_name,
        area_link=area_link,
        districts=districts,
        theme_name=theme_name,
        today=today,
        words=words,
    )


def change_heading(change: CardChange) -> str:
    """`Gesloten van 1 tot en met 31 juli 2027`."""
    return heading_of(change, today())


def change_line(change: CardChange) -> str:
    """The same with what one must know besides, on one line."""
    return line_of(change, today())


def tel(number: str) -> str:
    """The link that rings a number: `020 000 0012` -> `tel:0200000012`."""
    return "tel:" + re.sub(r"[^\d+]", "", number)


def whatsapp(number: str) -> str:
    """The link that opens a chat: `06 0000 0096` -> `https://wa.me/31600000096`."""
    digits = re.sub(r"\D", "", number)
    return "https://wa.me/" + re.sub(r"^0", "31", digits)


def postcode(value: str) -> str:
    """`1031AE` -> `1031 AE`."""
    return f"{value[:4]} {value[4:]}".strip()


def clock(at: object) -> str:
    """A clock time as people write it: `15.30`, `9.00`."""
    return f"{at:%H.%M}".removeprefix("0")


def moment(at: datetime) -> str:
    """A day and a clock time as it is here: `woensdag 25 november 2026, 13.00 uur`."""
    here = at.astimezone()
    return f"{labels.weekday(here)} {labels.day(here)}, {clock(here)} uur"


def sentence(text: str) -> str:
    """The same words beginning with a capital."""
    return text[:1].upper() + text[1:]


def ago(at: datetime) -> str:
    """When something was: `net`, `12 minuten geleden`, `vandaag om 9.30`, `3 november 2026`."""
    minutes = int((now() - at).total_seconds() // 60)
    if minutes < 60:
        return "net" if minutes < 2 else f"{minutes} minuten geleden"
    local = at.astimezone()
    told = "vandaag" if local.date() == today() else labels.day(local.date())
    return f"{told} om {clock(local)}"


def words(kind: str, values: list[str]) -> list[str]:
    """The Dutch words for the terms of one list, in the order of that list; ways in from light to
    heavy."""
    terms = list(TERMS[TermKind(kind)])
    if kind == TermKind.ROUTE:
        terms.sort(key=lambda way: ReferralRoute(way).step)
    return [labels.label(term) for term in terms if term in values]


def to_come(sessions: Sequence[CardSession]) -> list[tuple[list[Weekday], CardSession]]:
    """Sessions that are not over, with all weekdays of the same time together."""
    days: dict[tuple[object, ...], list[CardSession]] = {}
    for session in sessions:
        if session.until_on is None or today() <= session.until_on:
            at = (session.part, session.starts_at, session.ends_at, session.from_on)
            days.setdefault(at, []).append(session)
    return [([held.weekday for held in same], same[0]) for same in days.values()]


def tree() -> AreaTree:
    """The tree of areas, looked up once for each request."""
    if "tree" not in g:
        g.tree = area_tree(db.session())
    found: AreaTree = g.tree
    return found


def districts() -> list[AreaNode]:
    """The stadsdelen in the order of the tabs; those the city does not have are left out."""
    areas = tree()
    found = (areas.find_at(AreaLevel.DISTRICT, slug) for slug in TABS)
    return [node for node in found if node]


def area_name(code: str) -> str:
    """The name of an area."""
    return tree().get(code).name


def area_link(code: str) -> str | None:
    """The page of an area, or None where it has none of its own (a buurt, the city)."""
    node = tree().get(code)
    page = AREA_PAGES.get(node.level)
    return url_for(page, slug=node.slug) if page else None


def theme_name(theme_id: str) -> str:
    """The name of a theme, as readers know it."""
    if "theme_names" not in g:
        g.theme_names = themes.theme_names(db.session())
    name: str = g.theme_names.get(theme_id, theme_id)
    return name
