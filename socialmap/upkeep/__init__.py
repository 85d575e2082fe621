"""Keeping the directory true: who is asked what and when, who called, and what nobody keeps."""

from socialmap.upkeep.askable import Circle, home_area
from socialmap.upkeep.asking import (
    Digest,
    asked_of,
    claim,
    digests,
    forget_asks,
    own_cards,
    unclaim,
)
from socialmap.upkeep.bounces import BounceError, MailIds, mark_bounced, read_bounce
from socialmap.upkeep.calls import calls_of, record_call, take_call_back
from socialmap.upkeep.links import WORKS_DAYS, Pass, Passes

__all__ = [
    "WORKS_DAYS",
    "BounceError",
    "Circle",
    "Digest",
    "MailIds",
    "Pass",
    "Passes",
    "asked_of",
    "calls_of",
    "claim",
    "digests",
    "forget_asks",
    "home_area",
    "mark_bounced",
    "own_cards",
    "read_bounce",
    "record_call",
    "take_call_back",
    "unclaim",
]
