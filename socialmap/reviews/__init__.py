"""What people change and tell: saved, checked, taken back; and what waits for a decision."""

from socialmap.reviews.deciding import (
    Addressee,
    Decision,
    DecisionError,
    TooLateError,
    approve,
    decide_import,
    decided,
    return_edit,
    withdraw,
)
from socialmap.reviews.queue import Proposal, Waiting, checkers_of, find_edit, waiting
from socialmap.reviews.saving import Conflict, Outcome, Typed, last_change, save

__all__ = [
    "Addressee",
    "Conflict",
    "Decision",
    "DecisionError",
    "Outcome",
    "Proposal",
    "TooLateError",
    "Typed",
    "Waiting",
    "approve",
    "checkers_of",
    "decide_import",
    "decided",
    "find_edit",
    "last_change",
    "return_edit",
    "save",
    "waiting",
    "withdraw",
]
