"""What search engines may know: the sitemap and robots.txt."""

from flask import Blueprint, Response, render_template

from socialmap import db, teams, themes
from socialmap.geo.tree import area_tree
from socialmap.listings import find
from socialmap.models.terms import AreaLevel
from socialmap.views.structured import public_url

PAGES = (
    "home.home",
    "pages.where_to",
    "huisarts.start",
    "glossary.glossary",
    "week.city",
    "register.register",
    "open_data.open_data",
    "pages.english",
    "pages.about",
    "pages.privacy",
    "pages.accessibility",
)
AREAS = {
    AreaLevel.DISTRICT: "areas.district",
    AreaLevel.ZONE: "areas.zone",
    AreaLevel.WIJK: "areas.wijk",
}

bp = Blueprint("robots", __name__)


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Every page that is true: no examples, no people, no searches."""
    session = db.session()
    tree = area_tree(session)
    addresses = [(public_url(page), "") for page in PAGES]
    addresses += [
        (public_url(page, slug=area.slug), "")
        for level, page in AREAS.items()
        for area in tree.at_level(level)
    ]
    addresses += [
        (public_url("theme.theme", slug=theme.id), "") for theme in themes.all_themes(session)
    ]
    addresses += [
        (public_url("team.team", slug=slug), "") for slug in teams.public_team_slugs(session)
    ]
    addresses += [
        (public_url("listing.listing", slug=slug), changed)
        for slug, changed in find.public_addresses(session)
    ]
    text = render_template("robots/sitemap.xml", addresses=addresses)
    return Response(text, mimetype="application/xml")


@bp.get("/robots.txt")
def robots() -> Response:
    """Searches are endless, people are not for search engines."""
    text = render_template("robots/robots.txt", sitemap=public_url("robots.sitemap"))
    return Response(text, mimetype="text/plain")
