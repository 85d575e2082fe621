"""The web application: settings, tables, pages and their safety, put together."""

from collections.abc import Iterable
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider

from socialmap import db
from socialmap.config import ROOT, Settings, settings_from_env
from socialmap.listings.counts import SeenCounter
from socialmap.mail import Mailer
from socialmap.search.answer.asks import AskCounter
from socialmap.search.answer.engine import Searcher
from socialmap.search.answer.misses import MissCounter
from socialmap.search.answer.suggestions import Suggester
from socialmap.views import (
    assets,
    compression,
    doors,
    errors,
    jinja,
    journal,
    security,
    tiles,
    typed,
)
from socialmap.views.addresses import address_finder

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_REQUEST = 64 * 1024
PAGES = (
    "home",
    "results",
    "suggest",
    "compare",
    "shortlist",
    "listing",
    "counting",
    "report",
    "provider",
    "team",
    "person",
    "portrait",
    "theme",
    "areas",
    "huisarts",
    "guide",
    "flyer",
    "contacts",
    "introduction",
    "week",
    "register",
    "glossary",
    "open_data",
    "maps",
    "tiles",
    "pages",
    "about_me",
    "robots",
    "health",
    "login",
    "factor",
    "desk",
    "edit",
    "klopt",
    "own_check",
    "watch",
    "yearly",
    "called",
    "person_erasing",
    "person_form",
    "desk_reports",
    "checking",
    "summaries",
    "history",
    "imports",
    "accounts",
    "invite",
    "offer",
    "claim",
    "claims",
    "editors",
    "wijken",
    "team_desk",
    "handing_over",
)
"""Modules of `socialmap.views` that bring a blueprint `bp`."""

ErrorInfo = tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]


class ReadableJson(DefaultJSONProvider):
    """JSON with its names in the order of API.md and accents as they are."""

    ensure_ascii = False
    sort_keys = False


class Directory(Flask):
    """A Flask application that never writes an address or query of a reader to its log."""

    def log_exception(self, exc_info: ErrorInfo) -> None:
        self.logger.error(
            "error on %s %s", request.method, journal.rule_of(request), exc_info=exc_info
        )


class Mounted:
    """The application under the path of its base URL, whether a proxy takes that path off or not;
    so that every link and redirect has it."""

    def __init__(self, app: "WSGIApplication", path: str) -> None:
        self._app, self._path = app, path

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        asked = environ["PATH_INFO"]
        environ["SCRIPT_NAME"] = self._path
        if asked == self._path or asked.startswith(f"{self._path}/"):
            environ["PATH_INFO"] = asked.removeprefix(self._path)
        return self._app(environ, start)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application with its pages, for these settings or those of the environment."""
    settings = settings or settings_from_env()
    app = Directory(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=LARGEST_REQUEST)
    app.json = ReadableJson(app)
    app.url_map.merge_slashes = False  # it redirects to whatever host the request names
    engine = db.make_engine(settings.database_url)
    app.extensions["settings"] = settings
    app.extensions["addresses"] = address_finder(settings)
    app.extensions["tiles"] = tiles.tile_store(settings)
    app.extensions["mailer"] = Mailer(settings)
    app.extensions["searcher"] = Searcher(settings.index_dir, engine)
    app.extensions["misses"] = MissCounter()
    app.extensions["asks"] = AskCounter()
    app.extensions["seens"] = SeenCounter()
    app.extensions["suggester"] = Suggester(app.extensions["searcher"])
    db.init_app(app, engine)
    for part in (jinja, journal, typed, security, doors, errors, assets, compression):
        part.init_app(app)
    for name in PAGES:
        app.register_blueprint(import_module(f"socialmap.views.{name}").bp)
    if path := urlsplit(settings.base_url).path:
        app.wsgi_app = Mounted(app.wsgi_app, path)  # type: ignore[assignment,method-assign]
    return app
