"""The pages that explain: whom to ring, what this is (also in English), privacy, accessibility."""

from flask import Blueprint, render_template

from socialmap import db, themes
from socialmap.views.listing import editors

bp = Blueprint("pages", __name__)


@bp.get("/waarheen")
def where_to() -> str:
    """Whom to ring when: it advises, it never decides (R34)."""
    numbers = themes.emergency_numbers(db.session())
    return render_template("pages/where_to.html", numbers=numbers, is_danger=True)


@bp.get("/over")
def about() -> str:
    """What this directory is, and what it is not."""
    return render_template("pages/about.html", editors=editors())


@bp.get("/privacy")
def privacy() -> str:
    """What is kept of whom, and what is not."""
    return render_template("pages/privacy.html", editors=editors())


@bp.get("/toegankelijkheid")
def accessibility() -> str:
    """What was done so that everyone can use this, and where it falls short."""
    return render_template("pages/accessibility.html")


@bp.get("/en")
def english() -> str:
    """What this is and whom to call, in English, on one page."""
    numbers = themes.emergency_numbers(db.session())
    return render_template("pages/english.html", numbers=numbers)
