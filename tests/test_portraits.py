"""Portraits: what is no photo is refused, and of a photo nothing stays but a face."""

import os
import random
import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import Session

from socialmap import cli, db, people
from socialmap.db import backups
from socialmap.models.terms import Cut, DetailKind, Role
from socialmap.people import Consent, PersonValues, WijkContactValues, album
from socialmap.people.portraits import MOST_BYTES, PortraitError, portraits_from
from tests.entering import enter_as
from tests.factories import NOW, TODAY
from tests.pictures import BLUE, GREEN, RED, chunk, layered, png_of, striped, with_secrets, written

pytestmark = pytest.mark.pages

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><title>foto.jpg</title><script>alert(1)</script>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


def portrait(data: bytes, cut: Cut = Cut.UPPER) -> Image.Image:
    """The large portrait made of a file."""
    found = Image.open(BytesIO(portraits_from(data, cut)[0]))
    assert (found.format, found.mode, found.size) == ("JPEG", "RGB", (480, 600))
    return found


def is_like(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


def bands(picture: Image.Image) -> list[tuple[int, ...]]:
    """The colours at the top, in the middle and at the bottom."""
    return [picture.getpixel((240, y)) for y in (5, 300, 594)]


# What comes out


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_large_and_a_small_portrait(kind: str) -> None:
    large, small = portraits_from(written(striped(), kind), Cut.MIDDLE)
    assert Image.open(BytesIO(large)).size == (480, 600)
    assert Image.open(BytesIO(small)).size == (240, 300)
    assert len(small) < len(large) < 60_000


def test_nothing_is_left_of_place_telephone_comment_and_profile() -> None:
    data = with_secrets()
    assert data.count(b"Fatma") > 3
    assert Image.open(BytesIO(data)).getexif().get_ifd(0x8825)
    for made in portraits_from(data, Cut.UPPER):
        assert b"Fatma" not in made
        found = Image.open(BytesIO(made))
        assert not found.getexif()
        assert set(found.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | {
            "progressive",
            "progression",
        }


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(900, 1200), (2700, 3600)])
def test_a_photo_that_lies_on_its_side_is_put_upright(size: tuple[int, int], kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    lying = striped(size).transpose(Image.Transpose.ROTATE_90)
    assert lying.size == size[::-1]
    top, middle, bottom = bands(portrait(written(lying, kind, exif=exif), Cut.MIDDLE))
    assert is_like(top, RED)
    assert is_like(middle, GREEN)
    assert is_like(bottom, BLUE)


@pytest.mark.parametrize(
    ("cut", "expected"),
    [(Cut.TOP, RED), (Cut.UPPER, RED), (Cut.MIDDLE, GREEN), (Cut.BOTTOM, BLUE)],
)
def test_the_cut_keeps_the_part_that_was_chosen(cut: Cut, expected: tuple[int, ...]) -> None:
    tall = striped((480, 1800))
    assert is_like(portrait(written(tall, "PNG"), cut).getpixel((240, 150)), expected)


@pytest.mark.parametrize(("cut", "expected"), [(Cut.LEFT, BLUE), (Cut.RIGHT, RED)])
def test_a_wide_photo_is_cut_from_the_side(cut: Cut, expected: tuple[int, ...]) -> None:
    wide = striped((600, 1800)).transpose(Image.Transpose.ROTATE_270)
    assert is_like(portrait(written(wide, "PNG"), cut).getpixel((240, 300)), expected)


def test_colours_for_print_become_colours_for_a_screen() -> None:
    red = Image.new("CMYK", (600, 750), (0, 255, 255, 0))
    assert is_like(portrait(written(red)).getpixel((240, 300)), (255, 0, 0))


def test_sixteen_bits_of_grey_stay_grey() -> None:
    grey = Image.new("I;16", (600, 750), 0x8000)
    assert is_like(portrait(written(grey, "PNG")).getpixel((240, 300)), (128, 128, 128))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_hole_in_a_picture_is_white(mode: str) -> None:
    clear = Image.new("RGBA", (600, 750), (*RED, 0)).convert(mode)
    options = {"transparency": clear.getpixel((0, 0))} if mode == "P" else {}
    assert is_like(portrait(written(clear, "PNG", **options)).getpixel((1, 1)), (255, 255, 255))


def test_of_a_moving_picture_the_first_is_taken() -> None:
    frames = [Image.new("RGB", (480, 600), colour) for colour in (RED, BLUE)]
    moving = written(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert Image.open(BytesIO(moving)).is_animated
    assert is_like(portrait(moving).getpixel((240, 300)), RED)


def test_a_photo_of_48_by_60_centimetres_is_no_more_work_than_needed() -> None:
    large = Image.new("RGB", (5600, 7000), GREEN)
    assert is_like(portrait(written(large)).getpixel((240, 300)), GREEN)


# What is refused


REFUSED = {
    "nothing": (b"", "leeg"),
    "a drawing with a script": (SVG, "geen foto"),
    "a page called foto.jpg": (HTML, "geen foto"),
    "a moving drawing": (written(striped((300, 400)), "GIF"), "geen foto"),
    "a bitmap": (written(striped((300, 400)), "BMP"), "geen foto"),
    "a photo of an iPhone": (HEIC, "HEIC"),
    "only the beginning": (written(striped())[:60], "geen foto"),
    "half a JPEG": (written(striped())[:4000], "beschadigd"),
    "half a PNG": (written(Image.effect_noise((600, 750), 90), "PNG")[:9000], "beschadigd"),
    "half a WebP": (written(Image.effect_noise((600, 750), 90), "WEBP")[:9000], "geen foto"),
    "a stamp": (written(striped((200, 250))), "te klein"),
    "a ribbon": (written(striped((2000, 30))), "te klein"),
    "41 megapixels": (png_of(8200, 5001), "40 miljoen"),
    "a bomb": (png_of(100_000, 100_000, bytes(50_000)), "40 miljoen"),
    "a bomb in a note": (
        png_of(600, 750, b"", chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(9**8)))),
        "geen foto",
    ),
    "a JPEG of a thousand layers": (layered(1000), "40 miljoen"),
    "more than 10 MB": (written(striped()) + bytes(MOST_BYTES), "10 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_with_what_to_do(name: str) -> None:
    data, told = REFUSED[name]
    with pytest.raises(PortraitError, match=told) as refusal:
        portraits_from(data, Cut.UPPER)
    assert any(act in str(refusal.value) for act in ("Kies", "schermafdruk", "bewaar"))


def test_what_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    large = written(Image.new("L", (6401, 6400)), "PNG")

    def refuse(_image: Image.Image) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", refuse)
    with pytest.raises(PortraitError, match="40 miljoen"):
        portraits_from(large, Cut.UPPER)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_whatever_is_damaged_is_refused_or_becomes_a_portrait(kind: str) -> None:
    chance = random.Random(kind)
    good = written(striped((300, 380)), kind, exif=Image.Exif())
    outcomes = set()
    for _ in range(150):
        data = bytearray(good)
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            outcomes.add(portrait(bytes(data)).size)
        except PortraitError as error:
            outcomes.add(str(error))
    assert len(outcomes) > 1


# The folder, and who may see it


def keep(folder: Path, **options: object) -> str:
    portraits = portraits_from(written(striped(), **options), Cut.UPPER)
    return album.keep(folder / "uploads", portraits, NOW)


def has_photo(engine: sa.Engine, photo: str, *, is_public: bool = True, days: int = 9) -> str:
    """Give Yara this portrait and the wijk Volewijck; returns the address of the small one."""
    agreed = frozenset({DetailKind.PHOTO} if is_public else ())
    told = {"details": {DetailKind.PHOTO: photo}, "public": agreed}
    consent = Consent(TODAY, "Yara", TODAY + days * DAY) if is_public else None
    with db.writing(engine) as session:
        people.save_person(session, PersonValues("yara", "Yara Koster", consent=consent, **told))
        session.exec(sa.text("DELETE FROM wijk_contact WHERE area_code = 'NK'"))
        people.save_wijk_contacts(session, [WijkContactValues("NK", "yara", TODAY)])
    return f"/portret/{album.small(photo)}"


def test_files_are_for_their_owner_only_and_have_names_that_nobody_guesses(folder: Path) -> None:
    names = {keep(folder), keep(folder)}
    assert len(names) == 2
    for name in names:
        assert len(name) == 36
        for one in (name, album.small(name)):
            assert (folder / "uploads" / one).stat().st_mode & 0o777 == 0o600
    assert len(list((folder / "uploads").iterdir())) == 4, "nothing half written is left"


def test_a_public_portrait_is_shown_by_name(
    engine: sa.Engine, client: FlaskClient, folder: Path
) -> None:
    address = has_photo(engine, keep(folder))
    page = client.get("/wijk/volewijck").text
    assert f'<img src="{address}" width="80" height="100" alt="Yara Koster">' in page
    answer = client.get(address)
    assert answer.status_code == 200
    assert Image.open(BytesIO(answer.data)).size == (240, 300)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, max-age=2592000, immutable"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_portrait_for_professionals_is_for_nobody_else(
    app: Flask, engine: sa.Engine, client: FlaskClient, folder: Path
) -> None:
    address = has_photo(engine, keep(folder), is_public=False)
    assert "/portret/" not in client.get("/wijk/volewijck").text
    assert client.get(address).status_code == 404
    for role in (Role.PROFESSIONAL, Role.WIJK_CONTACT, Role.REDACTEUR):
        scope = {"area": "AA"} if role == Role.WIJK_CONTACT else {}
        answer = enter_as(app, role, **scope).get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"


def test_when_consent_has_ended_the_portrait_is_no_longer_shown(
    engine: sa.Engine, client: FlaskClient, folder: Path
) -> None:
    photo = keep(folder)
    assert client.get(has_photo(engine, photo, days=0)).status_code == 200
    assert client.get(has_photo(engine, photo, days=-1)).status_code == 404
    assert "/portret/" not in client.get("/wijk/volewijck").text


def test_when_consent_has_ended_only_who_keeps_the_entry_sees_the_portrait(
    app: Flask, engine: sa.Engine, folder: Path
) -> None:
    address = has_photo(engine, keep(folder), days=-1)
    assert enter_as(app, Role.PROFESSIONAL).get(address).status_code == 404
    assert enter_as(app, Role.REDACTEUR).get(address).status_code == 200


def test_the_portrait_of_who_left_is_no_longer_sent(
    engine: sa.Engine, client: FlaskClient, folder: Path
) -> None:
    address = has_photo(engine, keep(folder))
    assert client.get(address).status_code == 200
    with db.writing(engine) as session:
        row = WijkContactValues("NK", "yara", TODAY - 9 * DAY, until_on=TODAY - DAY)
        session.exec(sa.text("DELETE FROM wijk_contact WHERE area_code = 'NK'"))
        people.save_wijk_contacts(session, [row])
    assert client.get("/persoon/yara-koster").status_code == 200, "leads on for a year"
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "name", ["../socialmap.db", "..%2fsecret_key", "a.jpg", "0" * 32 + ".jpg", "0" * 32 + ".png"]
)
def test_no_other_file_is_sent(client: FlaskClient, folder: Path, name: str) -> None:
    (folder / "uploads").mkdir(exist_ok=True)
    (folder / "uploads" / ("0" * 32 + ".jpg")).write_bytes(b"of nobody")
    assert client.get(f"/portret/{name}").status_code == 404


def test_what_no_row_names_is_told_and_erased_after_an_hour(
    app: Flask, engine: sa.Engine, session: Session, folder: Path
) -> None:
    used, loose = keep(folder), keep(folder)
    has_photo(engine, used)
    uploads = folder / "uploads"
    (uploads / f"{'a' * 32}.jpg.deel").write_bytes(b"half")
    os.utime(uploads / f"{'a' * 32}.jpg.deel", (NOW.timestamp(), NOW.timestamp()))
    (uploads / "lees-mij.txt").write_text("not ours")
    almost = NOW + HOUR - timedelta(seconds=1)
    assert album.forget_unused(uploads, session, almost) == 0
    assert len(list(album.album_faults(uploads, session, NOW + HOUR))) == 3
    assert album.forget_unused(uploads, session, NOW + HOUR) == 3
    left = {path.name for path in uploads.iterdir()}
    assert left == {used, album.small(used), "lees-mij.txt"}
    assert loose not in left
    assert list(album.album_faults(uploads, session, NOW + HOUR)) == []


def test_a_portrait_that_is_still_named_is_not_erased(
    engine: sa.Engine, session: Session, folder: Path
) -> None:
    used, loose = keep(folder), keep(folder)
    has_photo(engine, used)
    album.forget(folder / "uploads", session, [used, loose, "portret-1.svg", "../socialmap.db"])
    assert {path.name for path in (folder / "uploads").iterdir()} == {used, album.small(used)}


def test_a_row_without_its_file_is_told(app: Flask, engine: sa.Engine, folder: Path) -> None:
    photo = keep(folder)
    has_photo(engine, photo)
    (folder / "uploads" / photo).unlink()
    told = app.test_cli_runner().invoke(cli.check)
    assert told.exit_code == 1
    assert f"uploads/{photo}: deze foto is er niet meer" in told.output


@pytest.mark.sqlite
def test_a_backup_takes_the_portraits_along_and_keeps_them_private(
    app: Flask, engine: sa.Engine, folder: Path, tmp_path: Path
) -> None:
    photo = keep(folder)
    has_photo(engine, photo)
    backups.back_up(engine, folder / "uploads", tmp_path / "kopie.zip", NOW)
    there = tmp_path / "there"
    there.mkdir()
    backups.restore(f"sqlite:///{there / 'socialmap.db'}", there, tmp_path / "kopie.zip")
    for name in (photo, album.small(photo)):
        back = there / "uploads" / name
        assert back.read_bytes() == (folder / "uploads" / name).read_bytes()
        assert back.stat().st_mode & 0o777 == 0o600
