"""Styles, scripts and pictures: read once, at addresses that change with their content."""

import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

from socialmap.config import ROOT

STATIC = ROOT / "static"
LEAFLET = Path(str(files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
STYLESHEET = "stijl.css"
SENT = frozenset({".css", ".js", ".svg", ".png", ".jpg", ".ico", ".webmanifest"})
FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"

bp = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    mimetype: str

    @property
    def digest(self) -> str:
        """A short name of this content."""
        return sha256(self.body).hexdigest()[:10]


def init_app(app: Flask) -> None:
    """Read all files into `app` and let templates ask for their addresses."""
    app.extensions["assets"] = read_assets()
    app.add_template_global(asset)
    app.register_blueprint(bp)


def read_assets() -> dict[str, Asset]:
    """All files by name: ours, those of Leaflet, and the styles joined into one."""
    found = _read_folder(STATIC) | _read_folder(LEAFLET, "leaflet/")
    styles = "\n".join(path.read_text(encoding="utf-8") for path in style_files())
    found[STYLESHEET] = Asset(styles.encode(), "text/css")
    return found


def style_files() -> list[Path]:
    """The files of the one stylesheet, in their order."""
    css = STATIC / "css"
    return [css / "tokens.css", css / "base.css", *sorted((css / "components").glob("*.css"))]


def _read_folder(folder: Path, prefix: str = "") -> dict[str, Asset]:
    return {
        prefix + path.relative_to(folder).as_posix(): Asset(
            path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in SENT
    }


def asset(name: str) -> str:
    """The address of a file; raises KeyError where there is none."""
    digest = current_app.extensions["assets"][name].digest
    return url_for("assets.send", digest=digest, name=name)


@bp.get("/static/<digest>/<path:name>")
def send(digest: str, name: str) -> Response:
    """A file; kept for ever by the browser when the address names its content."""
    found: Asset | None = current_app.extensions["assets"].get(name)
    if found is None:
        abort(404)
    response = Response(found.body, mimetype=found.mimetype)
    response.headers["Cache-Control"] = FOREVER if digest == found.digest else SHORTLY
    response.set_etag(found.digest)
    response.make_conditional(request)
    return response


@bp.get("/favicon.ico")
def favicon() -> Response:
    """The mark, for browsers that ask for it unasked."""
    found: Asset = current_app.extensions["assets"]["img/merk.svg"]
    return Response(found.body, mimetype=found.mimetype, headers={"Cache-Control": SHORTLY})
