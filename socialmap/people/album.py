"""The folder with portraits: kept under names that nobody guesses, erased when no row names them.

A portrait is two files: `<name>.jpg` and a small one, `<name>-klein.jpg`. The row of the photo
names the first. A file is there before its row, and goes after it.
"""

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.models import Person, PersonDetail
from socialmap.models.terms import DetailKind

NAME = re.compile(r"([0-9a-f]{32})(-klein)?\.jpg")
PART = ".deel"
"""Behind the name of a file that is not whole yet."""
WAITS = timedelta(hours=1)
"""So long a portrait may lie there for a form that is still being filled in."""


def is_name(text: str) -> bool:
    """Could this be what a row calls a portrait of ours?"""
    found = NAME.fullmatch(text)
    return found is not None and found[2] is None


def small(name: str) -> str:
    """The name of the small one of a portrait."""
    return name.removesuffix(".jpg") + "-klein.jpg"


def keep(folder: Path, portraits: tuple[bytes, bytes], now: datetime) -> str:
    """Write a portrait, large and small; returns the name for the row."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(16) + ".jpg"
    for one, data in zip((name, small(name)), portraits, strict=True):
        _write(folder / one, data, now)
    return name


def _write(path: Path, data: bytes, now: datetime) -> None:
    """Write a file that appears at once and whole, readable by its owner only."""
    part = path.with_name(path.name + PART)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.utime(part, (now.timestamp(), now.timestamp()))
    part.replace(path)
    entry = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def find(folder: Path, name: str) -> Path | None:
    """The file of a portrait, large or small; None where there is none."""
    path = folder / name
    return path if NAME.fullmatch(name) and path.is_file() else None


# What rows say of it


def owners(session: Session, name: str) -> list[Person]:
    """Whose portrait a file is, large or small, with their details."""
    row = name.replace("-klein.", ".")
    whose = select(PersonDetail.person_id).where(
        PersonDetail.kind == DetailKind.PHOTO, PersonDetail.value == row
    )
    query = select(Person).where(col(Person.id).in_(whose))
    return list(session.exec(query.options(selectinload(Person.details))))  # type: ignore[arg-type]


def is_free(folder: Path, session: Session, name: str, now: datetime) -> bool:
    """Is this a portrait that waits for its row? If so it waits an hour again."""
    path = find(folder, name) if is_name(name) and name not in _named(session) else None
    for one in (path, path and find(folder, small(name))):
        if one:
            os.utime(one, (now.timestamp(), now.timestamp()))
    return path is not None


def _named(session: Session) -> set[str]:
    """Every file that a row names."""
    photos = select(PersonDetail.value).where(col(PersonDetail.kind) == DetailKind.PHOTO)
    names = [name for name in session.exec(photos) if is_name(name)]
    return {*names, *map(small, names)}


def forget(folder: Path, session: Session, names: Iterable[str]) -> None:
    """Erase these portraits, as far as no row names them any more."""
    for name in set(filter(is_name, names)) - _named(session):
        for one in (name, small(name)):
            (folder / one).unlink(missing_ok=True)


def unused(folder: Path, session: Session, now: datetime) -> list[Path]:
    """The files that no row names, and that wait for no form any more."""
    if not folder.is_dir():
        return []
    named = _named(session)
    return [
        path
        for path in sorted(folder.iterdir())
        if NAME.fullmatch(path.name.removesuffix(PART))
        and path.name not in named
        and datetime.fromtimestamp(path.stat().st_mtime, UTC) + WAITS <= now
    ]


def forget_unused(folder: Path, session: Session, now: datetime) -> int:
    """Erase what `unused` finds; returns how many files."""
    gone = unused(folder, session, now)
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def album_faults(folder: Path, session: Session, now: datetime) -> Iterator[str]:
    """A line in Dutch for each file without a row, and each row without its file."""
    for path in unused(folder, session, now):
        yield f"uploads/{path.name}: van niemand; de volgende foto die iemand bewaart, wist dit"
    for name in sorted(_named(session)):
        if find(folder, name) is None:
            yield f"uploads/{name}: deze foto is er niet meer; kies hem opnieuw of haal hem weg"
