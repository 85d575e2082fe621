"""How long things are kept: a rule for every term in the table of docs/privacy.md.

A rule erases in the session it is given, and says how many went. Undone it is a trial.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session

from socialmap import accounts, people
from socialmap.geo.tree import area_tree
from socialmap.listings import counts
from socialmap.listings.history import Author
from socialmap.models.terms import Door
from socialmap.people import album, consents
from socialmap.reviews import claims, erasing, offers, reports
from socialmap.search.answer import asks, misses
from socialmap.upkeep.asking import forget_asks
from socialmap.upkeep.calls import forget_calls

BY = "flask tidy"
"""What history calls who erases by these rules."""


@dataclass(frozen=True)
class Round:
    """One time that what is over is erased."""

    session: Session
    now: datetime
    today: date
    uploads: Path
    is_trial: bool = False
    """Is all undone afterwards? Files can't be."""

    @property
    def author(self) -> Author:
        return Author(BY, Door.COMMAND, self.now)


class Rule(NamedTuple):
    """What goes by one term of the table."""

    row: str
    """How the row begins."""
    term: str
    """What the row says of how long."""
    words: str
    """What goes, as the operator is told."""
    erase: Callable[[Round], int]


def _people(at: Round) -> int:
    slugs = [one.slug for one in people.gone_people(at.session, at.today)]
    for slug in slugs:
        person = people.find_person(at.session, slug)
        if person is not None:
            people.erase_person(at.session, area_tree(at.session), person, at.author)
    return len(slugs)


def _photos(at: Round) -> int:
    find = album.unused if at.is_trial else album.forget_unused
    found = find(at.uploads, at.session, at.now)
    return found if isinstance(found, int) else len(found)


RULES = (
    Rule(
        "name, role, team, function number of a contact",
        "a year after",
        "personen die een jaar geleden vertrokken, met hun foto",
        _people,
    ),
    Rule(
        "mobile, WhatsApp, mail, days",
        "30 days after its last day",
        "gegevens waarvan de toestemming een maand voorbij is",
        lambda at: consents.forget_expired(at.session, at.author, at.today),
    ),
    Rule("photo:", "an hour", "bestanden van foto’s die bij niemand horen", _photos),
    Rule(
        "account: mail address",
        "two years after its end",
        "accounts die twee jaar geleden eindigden",
        lambda at: erasing.erase_ended(at.session, at.today),
    ),
    Rule(
        "account: mail address",
        "a year after the last of it",
        "accounts zonder rol waarin een jaar niets gebeurde",
        lambda at: erasing.erase_idle(at.session, at.now),
    ),
    Rule(
        "a claim to keep the listings",
        "unconfirmed 2 days, together with an account that was made for it; "
        "else a year after it was decided or began",
        "verzoeken om aanbod bij te houden",
        lambda at: claims.forget_old(at.session, at.now),
    ),
    Rule(
        "link to log in",
        "a day after it expired",
        "links om in te loggen en uitnodigingen",
        lambda at: accounts.forget_links(at.session, at.now),
    ),
    Rule(
        "session:",
        "a day after its end; 30 days without use, 180 days at most",
        "sessies van wie was ingelogd",
        lambda at: accounts.forget_sessions(at.session, at.now),
    ),
    Rule(
        "who was asked when",
        "400 days",
        "vragen of iets nog klopt",
        lambda at: forget_asks(at.session, at.today),
    ),
    Rule(
        "who called a listing",
        "two years",
        "wie ooit belde of iets klopt",
        lambda at: forget_calls(at.session, at.today),
    ),
    Rule(
        "who tries:",
        "a day",
        "tellingen van pogingen",
        lambda at: accounts.forget_tries(at.session, at.now),
    ),
    Rule(
        "report that something is wrong",
        "a year after it was decided; two years while it is open",
        "meldingen, met hun antwoord",
        lambda at: reports.forget_old(at.session, at.today),
    ),
    Rule(
        "a new offer that is being made",
        "30 days after the last change",
        "nieuw aanbod dat niemand verstuurde",
        lambda at: offers.forget_old(at.session, at.now),
    ),
    Rule(
        "what was asked and hardly found",
        "24 months",
        "tellingen van wat niet gevonden werd",
        lambda at: misses.forget_old(at.session, at.today),
    ),
    Rule(
        "how often a listing was shown",
        "24 months",
        "tellingen van wat getoond, geopend en gebeld werd",
        lambda at: counts.forget_old(at.session, at.today),
    ),
    Rule(
        "on what people chose",
        "24 months",
        "tellingen van waarop mensen kozen",
        lambda at: asks.forget_old(at.session, at.today),
    ),
)
"""In the order in which they are applied: who is erased leaves a photo of nobody, and an account
without a claim may have nothing left."""
