"""The answer of a search as JSON, with the names of API.md."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from flask import url_for

from socialmap import db, themes
from socialmap.geo.tree import area_tree
from socialmap.listings.cards import Card, CardChange, CardPlace
from socialmap.listings.temporary import line_of
from socialmap.models.terms import AreaLevel
from socialmap.people import PersonView
from socialmap.search.answer.found import Found, Hit
from socialmap.search.question.query import Chip, ParamError
from socialmap.views.clock import today
from socialmap.views.direct import EXPERTS_BEHIND

if TYPE_CHECKING:
    from socialmap.views.asking import Asked
    from socialmap.views.direct import DirectAnswers
    from socialmap.views.results import Result

Json = dict[str, Any]


def errors(found: Sequence[ParamError]) -> Json:
    """What was wrong with the question."""
    return {
        "errors": [
            {"param": error.param, "value": error.value, "message": error.message}
            for error in found
        ]
    }


def answer(asked: "Asked", results: Sequence["Result"], direct: "DirectAnswers") -> Json:
    """The whole answer; people, teams and pages that are asked for stand before the listings."""
    found = asked.found
    names = themes.theme_names(db.session())
    return {
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "text": found.text,
        "corrections": [vars(correction) for correction in found.corrections],
        "chips": [_chip(chip) for chip in found.chips],
        "facets": _facets(found),
        "results": [*_direct(direct), *_among(direct, list(_listings(results, direct, names)))],
        "wider": [vars(way) for way in found.wider],
        "notes": [vars(note) for note in found.notes],
        "contact": _contact(asked),
    }


def _chip(chip: Chip) -> Json:
    others = [vars(other) for other in chip.others]
    more = [{"param": name, "value": value} for name, value in chip.more]
    return {**vars(chip), "more": more, "others": others}


def _listings(
    results: Sequence["Result"], direct: "DirectAnswers", names: dict[str, str]
) -> Iterator[Json]:
    """The listings; a place that was asked for by name comes first, and only once."""
    first = {card.id for card in direct.places}
    for card in direct.places:
        yield _result(card, Hit(card.id, card.kind), names)
    for result in results:
        if result.card.id not in first:
            yield _result(result.card, result.hit, names)


def _direct(direct: "DirectAnswers") -> Iterator[Json]:
    """People, teams and pages in the shape of results; what does not apply is null or empty."""
    for term in direct.terms:
        url = url_for("glossary.glossary", _anchor=term.slug)
        yield _page("page", term.slug, term.slug, url, term.word, term.meaning)
    for page in direct.pages:
        yield _page("page", page.url, page.url, page.url, page.title, page.about)
    for team in direct.teams:
        url = url_for("team.team", slug=team.slug)
        yield _page("team", str(team.id), team.slug, url, team.name, team.kind_name)
    for person, key in direct.people:
        yield _person(person, key)


def _among(direct: "DirectAnswers", listings: list[Json]) -> Iterator[Json]:
    """The listings, with who knows much of the subject behind the first few."""
    yield from listings[:EXPERTS_BEHIND]
    for expert in direct.experts:
        yield _person(expert.member.person, expert.key)
    yield from listings[EXPERTS_BEHIND:]


def _person(person: PersonView, key: str) -> Json:
    url = url_for("person.person", slug=person.slug)
    return _page("person", key, person.slug, url, person.name, person.role)


def _page(kind: str, id: str, slug: str, url: str, title: str, summary: str) -> Json:
    nothing = dict.fromkeys(
        "provider level min_age max_age distance_m distance_from availability status stale "
        "confirmed_on example".split()
    )
    empty: Json = {
        name: [] for name in "themes audience forms routes places reasons unknown changes".split()
    }
    told = {"kind": kind, "id": id, "slug": slug, "url": url, "title": title, "summary": summary}
    return {**told, **nothing, **empty}


def _facets(found: Found) -> Json:
    return {name: [vars(option) for option in found.facets[name]] for name in found.facets}


def _contact(asked: "Asked") -> Json | None:
    area = asked.area
    if area is None:
        return None
    page = area_tree(db.session())
    node = page.up_to(area.code, AreaLevel.WIJK) or page.up_to(area.code, AreaLevel.DISTRICT)
    if node is None:
        return None
    endpoint = "areas.wijk" if node.level == AreaLevel.WIJK else "areas.district"
    return {"area": area.name, "url": url_for(endpoint, slug=node.slug, _anchor="contact")}


def _result(card: Card, hit: Hit, names: dict[str, str]) -> Json:
    found = {
        "distance_m": hit.distance_m,
        "distance_from": hit.distance_from,
        "reasons": [vars(reason) for reason in hit.reasons],
        "unknown": list(hit.unknown),
    }
    places = [place(one) for one in card.places]
    explain = {} if hit.explain is None else {"explain": hit.explain}
    return {**what(card, names), "places": places, **found, **state(card), **explain}


def what(card: Card, names: dict[str, str]) -> Json:
    """What a listing is and for whom; `names` are those of the themes."""
    return {
        "kind": card.kind,
        "id": str(card.id),
        "slug": card.slug,
        "url": url_for("listing.listing", slug=card.slug),
        "title": card.title,
        "provider": card.provider and card.provider.model_dump(),
        "level": card.level,
        "summary": card.summary,
        "themes": [{"value": id, "label": names.get(id, id)} for id in card.themes],
        "audience": card.audience,
        "forms": card.forms,
        "routes": card.routes,
        "min_age": _years(card.min_age_months),
        "max_age": _last_year(card.max_age_months),
    }


def state(card: Card) -> Json:
    """How a listing is today: room, status, when it was checked."""
    return {
        "availability": _availability(card),
        "status": card.status,
        "changes": [_change(change) for change in card.announced_on(today())],
        "stale": card.is_stale(today()),
        "confirmed_on": card.confirmed_on and card.confirmed_on.isoformat(),
        "example": card.is_example,
    }


def _years(months: int | None) -> float | None:
    """An age in years: whole where it can be."""
    if months is None:
        return None
    return months // 12 if months % 12 == 0 else round(months / 12, 2)


def _last_year(months: int | None) -> float | None:
    """The last age in years that is inside: 155 months, until the 13th birthday, is 12."""
    if months is None:
        return None
    return months // 12 if months % 12 == 11 else _years(months)


def place(one: CardPlace) -> Json:
    """A place as far as it may be shown."""
    shown = one.model_dump(mode="json", exclude_none=True, exclude={"slug", "area_code"})
    shown.setdefault("name", None)
    shown["area"] = _area(one.area_code)
    return shown


def _area(code: str | None) -> Json | None:
    if code is None:
        return None
    tree = area_tree(db.session())
    district = tree.up_to(code, AreaLevel.DISTRICT)
    return {
        "code": code,
        "name": tree.get(code).name,
        "stadsdeel": district.slug if district else None,
    }


def _change(change: CardChange) -> Json:
    """What is different for a while, or soon will be; both days are inclusive."""
    return {
        "kind": change.kind,
        "from": change.from_on.isoformat(),
        "until": change.until_on.isoformat(),
        "weekday": change.weekday,
        "part": change.part,
        "text": line_of(change, today()),
        "venue": change.venue,
        "place": change.place and place(change.place),
    }


def _availability(card: Card) -> Json:
    room = card.room_on(today())
    return {
        "state": room,
        "weeks": card.weeks if room else None,
        "reported_on": card.reported_on.isoformat() if room and card.reported_on else None,
    }
