"""What a session that only reads needs to read once: it sees one moment from begin to end."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlmodel import Session

READ = "read_once"
Value = TypeVar("Value")


def once(session: Session, read: Callable[[Session], Value]) -> Value:
    """What `read` finds in this session; asked again it gives the same, if the session only reads.

    A session that may write reads anew each time.
    """
    kept: dict[Callable[[Session], Any], Any] | None = session.info.get(READ)
    if kept is None:
        return read(session)
    if read not in kept:
        kept[read] = read(session)
    found: Value = kept[read]
    return found
