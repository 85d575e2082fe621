"""The desk of who decides who holds an area: the list, and the page of one area."""

from socialmap.views.wijken.pages import bp

__all__ = ["bp"]
