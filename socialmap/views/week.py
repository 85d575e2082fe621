"""Deze week: group dates of the coming seven days, as a page, a calendar and a feed (R37)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    get_template_attribute,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue

from socialmap import db
from socialmap.geo.tree import CITY, AreaNode, AreaTree, area_tree
from socialmap.listings.shelves import WEEK, Meeting
from socialmap.listings.week import planned, week_of
from socialmap.models.terms import AreaLevel, DayPart, Visibility, Weekday
from socialmap.views import ics
from socialmap.views.clock import today
from socialmap.views.maps import AREA_PARAM, area_url
from socialmap.views.structured import public_url

ATOM = "application/atom+xml"
PER_PART = 25
"""So many of one part of a day on the page; the rest is a search away."""
WORDS = "week/meeting.txt"
"""The template with what calendars and feeds say of a meeting, as plain text."""

bp = Blueprint("week", __name__)
bp.add_app_template_filter(ics.printable, "printable")


@bp.get("/deze-week")
def city() -> str:
    """The whole city."""
    return page(area_tree(db.session()).get(CITY))


@bp.get("/deze-week.<any(ics, atom):kind>")
def city_feed(kind: str) -> Response:
    """The whole city for other programs."""
    return feed(area_tree(db.session()).get(CITY), kind)


@bp.get("/deze-week/<any(stadsdeel, wijk):level>/<slug>")
def area(level: str, slug: str) -> ResponseReturnValue:
    """One stadsdeel or wijk."""
    node = area_or_404(level, slug)
    return page(node) if node.slug == slug else redirect(week_url(node), 301)


@bp.get("/deze-week/<any(stadsdeel, wijk):level>/<slug>.<any(ics, atom):kind>")
def area_feed(level: str, slug: str, kind: str) -> Response:
    """One stadsdeel or wijk for other programs."""
    return feed(area_or_404(level, slug), kind)


def area_or_404(level: str, slug: str) -> AreaNode:
    """The area of this level with this slug or code."""
    node = area_tree(db.session()).find_at(AreaLevel(level), slug)
    if node is None:
        abort(404)
    return node


def page(node: AreaNode) -> str:
    """The week of an area under its days."""
    session = db.session()
    tree = area_tree(session)
    found = week_of(session, tree, today(), node.code)
    home = tree.up_to(node.code, AreaLevel.DISTRICT)
    return render_template(
        "week/week.html",
        node=node,
        is_city=node.code == CITY,
        plan=planned(found),
        total=len(found),
        most=PER_PART,
        more=lambda day, part: search_url(node, day, part),
        district=home,
        wijken=busy_wijken(tree, node, found),
        last=today() + timedelta(days=WEEK - 1),
        crumbs=crumbs(tree, node),
        current_district=home.slug if home else None,
        is_example=any(meeting.card.is_example for meeting in found),
    )


def search_url(node: AreaNode, day: date, part: DayPart) -> str:
    """The search for what meets in an area on such a part of such a day."""
    asked: dict[str, Any] = {"dag": list(Weekday)[day.weekday()], "dagdeel": part}
    if node.level in AREA_PARAM:
        asked[AREA_PARAM[node.level]] = node.slug
    return url_for("results.results", **asked)


def busy_wijken(tree: AreaTree, node: AreaNode, found: list[Meeting]) -> list[tuple[AreaNode, int]]:
    """The parts of an area one level down where something meets this week, with how often."""
    level = AreaLevel.DISTRICT if node.code == CITY else AreaLevel.WIJK
    if node.level == AreaLevel.WIJK:
        return []
    counts = {area.code: 0 for area in tree.inside(node.code, level)}
    for meeting in found:
        above = (tree.up_to(p.area_code, level) for p in meeting.card.places if p.area_code)
        for code in {area.code for area in above if area} & counts.keys():
            counts[code] += 1
    return [(tree.get(code), count) for code, count in counts.items() if count]


def crumbs(tree: AreaTree, node: AreaNode) -> list[tuple[str, str]]:
    """The way down to the week of an area."""
    above = [area for area in reversed(tree.ancestors(node.code)) if area.code != CITY]
    links = [(area.name, area_url(area)) for area in above]
    return [("Amsterdam", url_for("home.home")), *links]


def feed(node: AreaNode, kind: str) -> Response:
    """The week of an area as a calendar or as a feed."""
    session = db.session()
    found = week_of(session, area_tree(session), today(), node.code)
    events = [event_of(meeting) for meeting in found]
    name = told("name", node.name, any(meeting.card.is_example for meeting in found))
    if kind == "ics":
        return Response(ics.calendar(name, events, today()), mimetype=ics.MIMETYPE)
    text = render_template(
        "week/feed.xml",
        name=name,
        events=events,
        updated=announced(today() + timedelta(days=WEEK - 1)),
        host=host(),
        page=public_week_url(node),
        own=public_week_url(node, "atom"),
    )
    return Response(text, mimetype=ATOM)


def event_of(meeting: Meeting) -> ics.Event:
    """A meeting as an event of a calendar, an entry of a feed."""
    places = meeting.places
    one = places[0] if len(places) == 1 and places[0].visibility == Visibility.EXACT else None
    at = meeting.session.starts_at
    moment = f"{meeting.day:%Y%m%d}-{at:%H%M}" if at else f"{meeting.day:%Y%m%d}"
    return ics.Event(
        uid=f"{meeting.card.id}-{moment}-{meeting.session.part}@{host()}",
        day=meeting.day,
        starts_at=at,
        ends_at=meeting.session.ends_at,
        announced=announced(meeting.day),
        moment=told("day", meeting),
        title=told("title", meeting),
        about=told("about", meeting),
        where=told("location", meeting),
        url=public_url("listing.listing", slug=meeting.card.slug),
        spot=(one.lat, one.lon) if one and one.lat is not None and one.lon is not None else None,
    )


def told(what: str, *about: object) -> str:
    """A piece of plain text from the template of words."""
    return str(get_template_attribute(WORDS, what)(*about)).strip()


def host() -> str:
    """Our name on the network, as the outside world knows it."""
    return urlsplit(public_url("home.home")).hostname or "localhost"


def announced(day: date) -> datetime:
    """When the meetings of a day came within the coming seven days."""
    return datetime.combine(day - timedelta(days=WEEK - 1), time(), UTC)


@bp.app_template_global("week_url")
def week_url(node: AreaNode, kind: str | None = None) -> str:
    """The page, calendar or feed of the week of a city, stadsdeel or wijk."""
    endpoint, values = _address(node, kind)
    return url_for(endpoint, **values)


def public_week_url(node: AreaNode, kind: str | None = None) -> str:
    """The same as the outside world knows it."""
    endpoint, values = _address(node, kind)
    return public_url(endpoint, **values)


def _address(node: AreaNode, kind: str | None) -> tuple[str, dict[str, Any]]:
    values = {} if node.code == CITY else {"level": str(node.level), "slug": node.slug}
    name = "week.area" if values else "week.city"
    return (f"{name}_feed", values | {"kind": kind}) if kind else (name, values)
