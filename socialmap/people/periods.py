"""Periods in which a person holds something, both ends inclusive; no date is no limit."""

from datetime import date

from socialmap.models import Contact, WijkContact

Held = WijkContact | Contact


def overlap(one: Held, other: Held, *, shared_days: int = 0) -> bool:
    """Do two periods share more than so many days?"""
    first = max(one.from_on or date.min, other.from_on or date.min)
    last = min(one.until_on or date.max, other.until_on or date.max)
    return (last - first).days >= shared_days
