"""A list of a few listings to hand over to a family: without an account, kept nowhere."""

from socialmap.views.shortlist.pages import bp

__all__ = ["bp"]
