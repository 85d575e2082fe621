"""The way in for an offer that is not in the directory yet: it begins with a name, is typed in
steps that stay kept, and ends with a button that sends it to who checks it."""

from socialmap.views.offer.pages import bp

__all__ = ["bp"]
