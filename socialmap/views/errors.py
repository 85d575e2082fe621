"""What a reader sees when something is not there or goes wrong: a way on."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

OWN_PAGE = frozenset({403, 404, 405, 413, 500})
MESSAGES = {
    403: "Dit mag hier niet.",
    404: "Dit adres bestaat niet.",
    405: "Dit adres kan dit niet.",
    413: "De vraag is te groot.",
    500: "Er ging iets mis bij ons.",
}
ANY = "Deze vraag begrijpen wij niet."


def init_app(app: Flask) -> None:
    """Answer every error of `app` in Dutch, as a page or as JSON."""
    app.register_error_handler(HTTPException, answer)


def answer(error: HTTPException) -> ResponseReturnValue:
    """The page for an error, or JSON where a program asked."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    headers = {
        name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")
    }
    if request.path.startswith("/api/"):
        message = MESSAGES.get(status, ANY)
        return {"errors": [{"param": None, "value": None, "message": message}]}, status, headers
    return page(error, status), status, headers


def page(error: HTTPException, status: int) -> str:
    """The page of its own, or the general one; without the database after a failure of ours."""
    name = status if status in OWN_PAGE else 500 if status > 500 else 400
    return render_template(
        f"errors/{name}.html", is_indexed=False, is_ours=isinstance(error, InternalServerError)
    )
