"""The pages of a list for a family: making it, and the sheet that its address shows."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialmap.models import Listing
from socialmap.views import addresses, doors, qr
from socialmap.views.asking import address
from socialmap.views.clock import today
from socialmap.views.compare import PARAM, picked
from socialmap.views.shortlist.address import LASTS, MOST, Told, find_told, sealed
from socialmap.views.shortlist.sheet import sheet_of
from socialmap.views.shortlist.wanted import (
    DRAFT,
    LARGE,
    READY,
    Wanted,
    language_of,
    languages_of,
    reading,
)
from socialmap.views.structured import public

NUMBERS = ("geen", "één", "twee", "drie", "vier", "vijf")

bp = Blueprint("shortlist", __name__)
bp.after_request(doors.keep_private)


@bp.get("/lijstje")
def draft() -> ResponseReturnValue:
    """A list that is being made: its order, what goes off it, how it is to be read."""
    elsewhere = addresses.without_address(request.args)
    if elsewhere is not None:
        named = {PARAM: tuple(picked(request.args)), **elsewhere}
        return redirect(address(named, DRAFT), 303)
    wanted = Wanted.of(request.args)
    if READY in request.args and wanted.listings and not wanted.too_many:
        return redirect(_ready(wanted), 303)
    return render_template(
        "shortlist/draft.html",
        wanted=wanted,
        most=MOST,
        until=today() + LASTS,
        is_example=any(listing.is_example for listing in wanted.listings),
    )


def _ready(wanted: Wanted) -> str:
    """The address of the list, for as long as it lasts."""
    told = Told(tuple(listing.id for listing in wanted.listings), today() + LASTS)
    token = sealed(doors.settings().secret_key, told)
    return url_for("shortlist.sheet", token=token, **wanted.as_read)


@bp.get("/lijstje/<token>")
def sheet(token: str) -> ResponseReturnValue:
    """The list as it is today; none where the address is not ours, or its day has gone by."""
    told = find_told(doors.settings().secret_key, token)
    if told is None:
        return render_template("shortlist/unknown.html"), 404
    if told.until < today():
        return render_template("shortlist/over.html", until=told.until), 410
    return render_template("shortlist/sheet.html", **_shown(token, told))


def _shown(token: str, told: Told) -> dict[str, Any]:
    """What the sheet shows, for its template."""
    language, is_large = language_of(request.args), bool(request.args.get(LARGE))
    held = sheet_of(told.ids, language, today())

    def url(**how: Any) -> str:
        return url_for("shortlist.sheet", token=token, **reading(**how))

    own = public(url(language=language, is_large=is_large))
    return {
        "sheet": held,
        "token": token,
        "until": told.until,
        "language": language,
        "languages": languages_of(held.listings),
        "is_large": is_large,
        "in_language": lambda other: url(language=other, is_large=is_large),
        "in_size": url(language=language, is_large=not is_large),
        "own_url": own,
        "picture": qr.picture(own, "l"),
        "heading": _heading(len(held.entries)),
        "again_url": _again(held.listings),
        "is_example": held.is_example,
    }


def _heading(count: int) -> str:
    """`Drie plekken om te proberen`; says no more, since it stands in the title of the window."""
    word = NUMBERS[count]
    return f"{word[:1].upper()}{word[1:]} {'plek' if count == 1 else 'plekken'} om te proberen"


def _again(listings: tuple[Listing, ...]) -> str:
    """Where to change the list: the same listings in one that is being made."""
    return address({PARAM: tuple(listing.slug for listing in listings)}, DRAFT)
