"""Where the form of a listing stands: the one place that knows."""

from flask import url_for


def edit_page(slug: str) -> str:
    """The page on which a listing is kept."""
    return url_for("edit.overview", slug=slug)
