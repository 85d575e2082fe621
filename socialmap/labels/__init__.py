"""The Dutch words for what the code names in English, and how days, ages and lists are written."""

from socialmap.labels.phrases import (
    MONTHS,
    SHORT_MONTHS,
    WEEKDAYS,
    age,
    age_range,
    day,
    initials,
    listed,
    metres,
    month,
    period,
    short_day,
    short_month,
    weekday,
)
from socialmap.labels.words import LABELS, OWN_NAMES, label, labels, own_name

__all__ = [
    "LABELS",
    "MONTHS",
    "OWN_NAMES",
    "SHORT_MONTHS",
    "WEEKDAYS",
    "age",
    "age_range",
    "day",
    "initials",
    "label",
    "labels",
    "listed",
    "metres",
    "month",
    "own_name",
    "period",
    "short_day",
    "short_month",
    "weekday",
]
