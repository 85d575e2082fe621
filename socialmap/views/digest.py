"""The digest: one mail in which somebody is asked whether listings are still right (R17, R21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template

from socialmap.labels import label
from socialmap.listings.cards import Card
from socialmap.mail import Letter
from socialmap.models import Account
from socialmap.models.terms import ListingKind, Room
from socialmap.upkeep import WORKS_DAYS, Digest, MailIds, Pass, Passes
from socialmap.views import doors
from socialmap.views.structured import public_url

MOST_LINES = 40
"""So many listings a mail names one by one: mail programs cut off what is longer."""
WAITS = ((Room.FREE, None), (Room.LIMITED, None), (Room.FULL, 4), (Room.FULL, 8), (Room.FULL, 12))
"""What one can tap in the mail: is there room, or how many weeks one waits."""


@dataclass(frozen=True)
class Tap:
    """One link: what it says, and where it leads."""

    words: str
    url: str


@dataclass(frozen=True)
class Line:
    """One listing in a digest."""

    card: Card
    is_stale: bool
    is_lapsed: bool
    confirm: str
    change: str
    end: str
    rooms: tuple[Tap, ...] = ()


def digest_letter(digest: Digest, today: date) -> Letter:
    """The mail of a digest; needs a request, or the outside of one, to make links."""
    secret = doors.settings().secret_key
    told = {
        "name": digest.account.name,
        "own": _lines(digest.own[:MOST_LINES], digest.account, today),
        "wijk": _lines(digest.wijk[:MOST_LINES], digest.account, today),
        "more": max(0, len(digest.own) - MOST_LINES),
        "more_wijk": max(0, len(digest.wijk) - MOST_LINES),
        "all_own": public_url("own_check.ask"),
        "all_wijk": public_url("watch.watch"),
        "days": WORKS_DAYS,
    }
    return Letter(
        to=digest.account.mail,
        subject=_subject(digest),
        text=render_template("mail/digest.txt", **told),
        html=render_template("mail/digest.html", **told),
        id=MailIds(secret).made_for(digest.account.id),
    )


def _subject(digest: Digest) -> str:
    count = len(digest.cards)
    if count == 1:  # a soft hyphen, say, is no sign that a subject may hold
        title = "".join(sign for sign in digest.cards[0].title if sign.isprintable())
        return f"Klopt dit nog? {title}"
    return f"Klopt dit nog? {count} vermeldingen in de Gouden Gids"


def _lines(cards: Sequence[Card], account: Account, today: date) -> list[Line]:
    passes = Passes(doors.settings().secret_key)
    return [_line(card, passes.signed(Pass(card.id, account.id, today)), today) for card in cards]


def _line(card: Card, token: str, today: date) -> Line:
    return Line(
        card=card,
        is_stale=card.is_stale(today),
        is_lapsed=card.is_lapsed(today),
        confirm=public_url("klopt.ask", token=token),
        change=public_url("klopt.ask", token=token, _anchor="anders"),
        end=public_url("klopt.ask_end", token=token),
        rooms=tuple(_rooms(card, token)),
    )


def _rooms(card: Card, token: str) -> Sequence[Tap]:
    """The taps of an offer that once said whether there is room; none for others."""
    if card.kind == ListingKind.PLACE or card.reported_on is None:
        return ()
    return [
        Tap(
            label(room) if weeks is None else f"{label(room)}, {weeks} weken",
            public_url("klopt.ask", token=token, plek=room.value, weken=weeks),
        )
        for room, weeks in WAITS
    ]
