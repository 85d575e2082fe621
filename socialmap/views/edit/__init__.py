"""The form with which a listing is kept: its parts, its preview, and what happens when two people
or a lost session come in between."""

from socialmap.views.edit import benefit
from socialmap.views.edit.pages import bp

__all__ = ["benefit", "bp"]
