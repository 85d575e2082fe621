"""Where the tests put what they throw away: in memory where there is room, else on disk."""

import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder, in which each run makes one of its own
ENOUGH = 1 << 30
"""Bytes; two servers of PostgreSQL take a fourth of it."""


def in_memory() -> Path | None:
    """A folder whose files are in memory; None where there is none, or little room in it."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        return MEMORY
    return None
