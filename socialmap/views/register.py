"""The register from A to Z: everything by name, a page for each letter."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap import db
from socialmap.listings.register import LETTERS, entries, letter_counts
from socialmap.views.clock import today

PAGE_SIZE = 300

bp = Blueprint("register", __name__)


@bp.get("/a-z")
def register() -> str:
    """The letters, with how much there is under each."""
    counts = letter_counts(db.session())
    return render_template("register/register.html", letters=LETTERS, counts=counts)


@bp.get("/a-z/<letter>")
def one_letter(letter: str) -> ResponseReturnValue:
    """The names under one letter; examples among them keep it out of search engines."""
    if letter not in LETTERS:
        if letter.lower() in LETTERS:
            return redirect(url_for("register.one_letter", letter=letter.lower()), 301)
        abort(404)
    session = db.session()
    found = entries(session, letter, today())
    number = page_number()
    return render_template(
        "register/letter.html",
        letter=letter,
        letters=LETTERS,
        counts=letter_counts(session),
        total=len(found),
        entries=found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        page=number,
        pages=max(1, -(-len(found) // PAGE_SIZE)),
        url=lambda wanted: page_url(letter, wanted),
        is_example=any(entry.is_example for entry in found),
    )


def page_number() -> int:
    """The page that is asked for; the first when it is no number."""
    asked = request.args.get("pagina", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def page_url(letter: str, number: int) -> str:
    """The address of a page of a letter."""
    return url_for("register.one_letter", letter=letter, pagina=number if number > 1 else None)
