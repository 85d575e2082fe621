"""Backups: one file with a copy of the database and the uploads, and a way back from it.

A zip file: `manifest.json`, `socialmap.db` and `uploads/…`. The manifest names every other file
with its SHA-256, the revision of the tables and how many rows each had. Never in it: the secret
key, and the search index, which is made again.
"""

import errno
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ValidationError

from socialmap.db.engines import file_of, make_engine, scrub
from socialmap.db.faults import broken_of
from socialmap.db.migrating import known_revisions, migrate

FORMAT = 1
"""Goes up when an older program could not read the file any more."""
DATABASE, MANIFEST, UPLOADS = "socialmap.db", "manifest.json", "uploads"
MAY_STAY = frozenset({"secret_key", "index.lock"})
"""What the program itself puts in an empty folder."""
CHUNK = 1 << 20
REFUSALS = {
    errno.EACCES: "u hebt daar geen toegang toe",
    errno.EPERM: "u hebt daar geen toegang toe",
    errno.EROFS: "daar kan niet geschreven worden",
    errno.ENOSPC: "de schijf is vol",
    errno.EDQUOT: "de schijf is vol",
}
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What a damaged zip file may raise."""
NOTHING_YET = "Er is nog geen gids om te bewaren. Maak hem eerst: flask setup"
NEWER = (
    "Deze reservekopie is gemaakt met een nieuwere versie van de gids. "
    "Zet eerst de nieuwste versie van het programma klaar en probeer het dan opnieuw."
)


class BackupError(Exception):
    """Why a backup can't be made or put back, in Dutch, and what to do."""


class Manifest(BaseModel):
    """What a backup says of itself."""

    kind: Literal["gouden-gids"] = "gouden-gids"
    format: int = FORMAT
    made_at: datetime
    revision: str
    counts: dict[str, int]
    """Rows by table."""
    files: dict[str, str]
    """SHA-256 by name."""


# Making


def back_up(engine: sa.Engine, uploads: Path, target: Path, now: datetime) -> Manifest:
    """Write a backup to `target` while the directory goes on; returns what is in it.

    The file appears at once and whole, readable by its owner only. Raises BackupError.
    """
    source = file_of(engine.url)
    if source is None or not source.exists():
        raise BackupError(NOTHING_YET)
    _refuse_target(target)
    with _told("De reservekopie is niet gemaakt"), _scratch(target.parent) as scratch:
        _copy_database(source, scratch / DATABASE)
        manifest, packed = _pack(scratch, uploads, now)
        if target.exists():
            raise BackupError(f"{target} bestaat intussen al. Kies een andere naam.")
        packed.replace(target)
    return manifest


def pg_dump_command(engine: sa.Engine, target: Path) -> str:
    """What makes a backup of a PostgreSQL database; the password is asked for or in ~/.pgpass."""
    address = engine.url.set(drivername="postgresql", password=None)
    return (
        "pg_dump --format=custom --no-owner "
        f'--file="{target}" --dbname="{address.render_as_string()}"'
    )


def pg_restore_command(engine: sa.Engine, source: Path) -> str:
    """What puts such a backup back into an empty database."""
    address = engine.url.set(drivername="postgresql", password=None)
    return (
        f'pg_restore --no-owner --exit-on-error --dbname="{address.render_as_string()}" "{source}"'
    )


def _refuse_target(target: Path) -> None:
    if target.exists():
        raise BackupError(
            f"{target} bestaat al. Kies een andere naam; een oude kopie wordt nooit overschreven."
        )
    if not target.parent.is_dir():
        raise BackupError(f"De map {target.parent} bestaat niet. Maak die eerst.")


def _copy_database(source: Path, target: Path) -> None:
    """Copy one moment of a database in use (SQLite's online backup, all pages in one step)."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE")
    if broken := broken_of(target):
        raise BackupError(
            f"De reservekopie is niet gemaakt: {broken[0]}. "
            "Kijk met flask check wat er mis is, of zet een oudere reservekopie terug."
        )


def _pack(scratch: Path, uploads: Path, now: datetime) -> tuple[Manifest, Path]:
    """Put everything in one file in the scratch folder."""
    packed = scratch / "packed.zip"
    packed.touch(mode=0o600)
    files = {}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in [(DATABASE, scratch / DATABASE), *_uploaded(uploads)]:
            with suppress(FileNotFoundError):  # an upload may go while we are at it
                files[name] = _add(archive, name, path)
        revision, counts = _contents(scratch / DATABASE)
        if not revision:
            raise BackupError(NOTHING_YET)
        manifest = Manifest(made_at=now, revision=revision, counts=counts, files=files)
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest, packed


def _uploaded(uploads: Path) -> Iterator[tuple[str, Path]]:
    """The files that were uploaded, by their names in a backup."""
    for path in sorted(uploads.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{UPLOADS}/{path.relative_to(uploads).as_posix()}", path


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Add a file; returns its digest."""
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as packed:
        return _copied(source, packed)


# Putting back


def restore(url: str, instance: Path, source: Path) -> Manifest:
    """Put a backup in an empty instance folder and bring its tables up to date.

    All or nothing: a file that is not right leaves the folder empty. The caller makes the search
    index. Raises BackupError.
    """
    target = file_of(sa.make_url(url))
    if target is None:
        raise BackupError("Terugzetten kan alleen in een SQLite-bestand.")
    _refuse_used(instance, target)
    with _told("Er is niets teruggezet"), _opened(source) as archive:
        manifest = _manifest(archive, source)
        with _scratch(instance) as scratch:
            _unpack(archive, manifest, scratch)
            _judge_restored(scratch / DATABASE, manifest)
            shutil.move(scratch / DATABASE, target)
            if (scratch / UPLOADS).exists():
                shutil.move(scratch / UPLOADS, instance / UPLOADS)
    return manifest


def _refuse_used(instance: Path, target: Path) -> None:
    """Refuse a folder in which anything but what the program puts there itself stands."""
    found = {path.name for path in instance.iterdir()} - MAY_STAY if instance.exists() else set()
    if found or target.exists():
        raise BackupError(
            f"De map {instance} is niet leeg ({', '.join(sorted(found)) or target}). Terugzetten "
            "kan alleen in een lege map: kies er een met SOCIALMAP_INSTANCE=…"
        )


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    """A backup to read from."""
    if not source.is_file():
        raise BackupError(f"{source} bestaat niet, of is geen bestand. Kijk de naam na.")
    try:
        archive = zipfile.ZipFile(source)
    except UNREADABLE:
        raise BackupError(
            f"{source} is geen reservekopie van de gids, of is niet helemaal overgekomen. "
            "Kies een bestand dat met flask backup is gemaakt, of kopieer het opnieuw."
        ) from None
    with archive:
        yield archive


def _manifest(archive: zipfile.ZipFile, source: Path) -> Manifest:
    """What a backup says of itself; every file that it names is there, and no other."""
    foreign = BackupError(
        f"{source} is geen reservekopie van de gids. Kies een bestand dat met flask backup is "
        "gemaakt."
    )
    names = archive.namelist()
    if MANIFEST not in names:
        raise foreign
    try:
        manifest = Manifest.model_validate_json(_read(archive, MANIFEST))
    except ValidationError:
        raise foreign from None
    if manifest.format > FORMAT or manifest.revision not in known_revisions():
        raise BackupError(NEWER)
    if sorted(names) != sorted([MANIFEST, *manifest.files]):
        raise damaged("er ontbreekt een bestand, of er is een bij gekomen")
    if DATABASE not in manifest.files or not all(map(_is_safe, manifest.files)):
        raise damaged("een naam klopt niet")
    return manifest


def damaged(what: str) -> BackupError:
    """The refusal of a backup that is not as it was made."""
    return BackupError(
        f"Deze reservekopie is beschadigd: {what}. Er is niets teruggezet. "
        "Haal het bestand opnieuw op, of neem een oudere kopie."
    )


def _is_safe(name: str) -> bool:
    """May this file be written: the database, or something inside the uploads?"""
    parts = PurePosixPath(name).parts
    return name == DATABASE or (len(parts) > 1 and parts[0] == UPLOADS and ".." not in parts)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except UNREADABLE:
        raise damaged(name) from None


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    """Write every file, and compare it with its digest."""
    for name, digest in manifest.files.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)  # a portrait is for its owner only, as it was
        try:
            with archive.open(name) as packed, path.open("wb") as target:
                is_same = _copied(packed, target) == digest
        except UNREADABLE:
            is_same = False
        if not is_same:
            raise damaged(name)


def _judge_restored(path: Path, manifest: Manifest) -> None:
    """Compare a database with its manifest, and bring its tables up to date."""
    if broken := broken_of(path):
        raise damaged(broken[0])
    if _contents(path) != (manifest.revision, manifest.counts):
        raise damaged("de tabellen zijn niet die van de lijst")
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    scrub(engine)
    engine.dispose()


# Both


def _contents(path: Path) -> tuple[str, dict[str, int]]:
    """The revision of a database (empty without tables of ours), and the rows of each table."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        counts = {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for (name,) in sorted(names)
        }
        if not counts.pop("alembic_version", 0):
            return "", counts
        [revision] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return revision, counts


def _copied(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy a stream; returns the SHA-256 of what went through."""
    digest = sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


@contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    """A folder of our own on the same disk, gone afterwards; nobody else can read it."""
    with TemporaryDirectory(dir=parent, prefix=".reservekopie-") as name:
        yield Path(name)


@contextmanager
def _told(outcome: str) -> Iterator[None]:
    """Turn what the disk refuses into a message."""
    try:
        yield
    except OSError as error:
        why = REFUSALS.get(error.errno or 0, error.strerror)
        raise BackupError(f"{outcome}: {error.filename or 'de schijf'}: {why}.") from None
    except sqlite3.OperationalError as error:
        raise BackupError(f"{outcome}: de database antwoordt niet ({error})") from None
