"""What people change and tell: saved, checked, taken back; and what waits for a decision."""

from socialmap.reviews.saving import Conflict, Outcome, Typed, last_change, save

__all__ = ["Conflict", "Outcome", "Typed", "last_change", "save"]
