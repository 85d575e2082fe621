"""The front page: the question, this week, and the register of themes."""

from itertools import groupby

from flask import Blueprint, current_app, render_template

from socialmap import db, themes
from socialmap.geo.tree import CITY
from socialmap.listings.week import this_week
from socialmap.models.slugs import folded
from socialmap.search.answer.engine import Searcher
from socialmap.search.question.query import Query
from socialmap.themes import ThemeGroup
from socialmap.views.clock import today

bp = Blueprint("home", __name__)


@bp.get("/")
def home() -> str:
    """Where everyone begins."""
    session, day = db.session(), today()
    searcher: Searcher = current_app.extensions["searcher"]
    found = searcher.find(session, Query(), day)
    groups = themes.theme_groups(session)
    week = this_week(session, day, per_day=1)
    return render_template(
        "home/home.html",
        week=week,
        letters=by_letter(groups),
        counts={option.value: option.count for option in found.facets.get("thema", ())},
        subjects=sum(len(group.subjects) for group in groups),
        city=CITY,
        is_example=any(meeting.card.is_example for meeting in week),
    )


def by_letter(groups: list[ThemeGroup]) -> list[tuple[str, list[ThemeGroup]]]:
    """The themes under their first letters."""
    ordered = sorted(groups, key=lambda group: folded(group.theme.name))
    return [
        (letter, list(members))
        for letter, members in groupby(ordered, key=lambda group: group.theme.name[:1].upper())
    ]
