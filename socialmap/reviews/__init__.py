"""What people change and tell: saved, checked, taken back; and what waits for a decision."""

from socialmap.reviews.saving import (
    Conflict,
    Outcome,
    Typed,
    last_change,
    person_names,
    save,
    values_of,
    waiting_fields,
)

__all__ = [
    "Conflict",
    "Outcome",
    "Typed",
    "last_change",
    "person_names",
    "save",
    "values_of",
    "waiting_fields",
]
