"""Is the directory well? Asked by machines."""

import sqlalchemy as sa
from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from socialmap import db

bp = Blueprint("health", __name__)


@bp.get("/gezond")
def health() -> ResponseReturnValue:
    """Well when the database answers."""
    try:
        db.session().execute(sa.text("SELECT 1"))
    except SQLAlchemyError:
        return {"status": "no database"}, 503, {"Cache-Control": "no-store"}
    return {"status": "ok"}, 200, {"Cache-Control": "no-store"}
