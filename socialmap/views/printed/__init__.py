"""Printed matter: what it holds, as plain data, and the press that makes a PDF of it.

Knows no tables and no Flask. What people wrote reaches the press as data, never as source.
"""

from socialmap.views.printed.flyer import Desk, Flyer
from socialmap.views.printed.guide import (
    Chapter,
    Contact,
    Guide,
    Member,
    Number,
    Offer,
    Team,
    Theme,
    Way,
    Workplace,
)
from socialmap.views.printed.press import Sheet, sheet

__all__ = [
    "Chapter",
    "Contact",
    "Desk",
    "Flyer",
    "Guide",
    "Member",
    "Number",
    "Offer",
    "Sheet",
    "Team",
    "Theme",
    "Way",
    "Workplace",
    "sheet",
]
