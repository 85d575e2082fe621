"""The database as a request of Flask has it: the engine of the app, a session of its own."""

import sqlalchemy as sa
from flask import Flask, current_app, g
from sqlmodel import Session

from socialmap.db.engines import reading, scrub


def init_app(app: Flask, engine: sa.Engine) -> None:
    """Give `app` its engine, and each request a session of its own that reads."""
    app.extensions["engine"] = engine

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        session = g.pop("session", None)
        if session is not None:
            session.close()


def engine() -> sa.Engine:
    """The engine of the current app."""
    found: sa.Engine = current_app.extensions["engine"]
    return found


def session() -> Session:
    """The reading session of this request."""
    if "session" not in g:
        g.session = reading(engine())
    found: Session = g.session
    return found


def scrub_now() -> None:
    """Scrub after something was erased. What this request reads ends first: the write-ahead log
    can't be emptied while somebody reads in it."""
    session().close()
    scrub(engine())
