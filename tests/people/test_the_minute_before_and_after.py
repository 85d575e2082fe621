"""Who answers for a wijk, on every page, in every feed and on paper: the minute before and after
leave begins and ends, a wijk becomes vacant, and somebody takes over (R13, R14)."""

import re
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import delete

from socialmap import db, people
from socialmap.listings.history import Author
from socialmap.models import Contact, WijkContact
from socialmap.models.terms import DetailKind, Door
from socialmap.people import PersonValues, WijkContactValues
from tests.factories import NOW, listing, save
from tests.printing import Paper
from tests.reading import plain
from tests.ticking import DAY, Clock

pytestmark = pytest.mark.pages

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 11)
SAAR, JOEP, WIL = "Saar Dijkgraaf", "Joep Polderman", "Wil Brugmans"
NUMBERS = {SAAR: "020 000 0071", JOEP: "020 000 0072", WIL: "020 000 0073"}
SURFACES = (
    "/wijk/volewijck",
    "/stadsdeel/noord",
    "/zoeken?wijk=volewijck",
    "/zoeken?q=wie+kent+volewijck",
    "/aanbod/gestopt",
    "/huisarts/volewijck",
    "/contactpersonen",
    "/contactpersonen/noord",
    "/contactpersonen.csv",
    "/contactpersonen/kaart.geojson",
    "/wijk/volewijck/gids.pdf",
)
"""Where somebody reads whom to call for the Volewijck."""
AWAY = "away"
IS_AWAY = re.compile(r"[Aa]fwezig tot|is afwezig|;afwezig|Volewijck, afwezig")
SLUGS = ("saar-dijkgraaf", "wil-brugmans")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def city(app: Flask, engine: sa.Engine, at: Clock) -> Flask:
    """Nobody holds anything, and nobody leads a team: whoever is named is one of three."""
    app.extensions["settings"] = replace(app.extensions["settings"], today="")
    with db.writing(engine) as session:
        session.exec(delete(WijkContact))
        session.exec(delete(Contact).where(Contact.team_id.is_not(None)))
        for key, name in (("saar", SAAR), ("joep", JOEP), ("wil", WIL)):
            number = {DetailKind.PHONE: NUMBERS[name]}
            told = PersonValues(key, name, role="wijkcontactpersoon", details=number)
            people.save_person(session, told)
    ended = {"status": "ended", "ended_on": date(2026, 11, 1), "coverage": ["NK"]}
    save(engine, listing("gestopt", **ended))
    return app


def holds(engine: sa.Engine, **values: object) -> None:
    with db.writing(engine) as session:
        row = WijkContactValues("NK", "saar", date(2024, 1, 1), deputy="joep", **values)  # type: ignore[arg-type]
        people.save_wijk_contacts(session, [row])


def read(app: Flask, address: str) -> str:
    """What somebody reads there; of a file with a line for each wijk that of the Volewijck."""
    answer = app.test_client().get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    if answer.mimetype == "application/pdf":
        return Paper(answer.data).text
    if answer.mimetype == "text/csv":
        return next(line for line in answer.text.splitlines() if "Volewijck" in line)
    if answer.mimetype.endswith("json"):
        return next(str(mark) for mark in answer.json["wijken"] if "Volewijck" in str(mark))
    return plain(answer.text)


def told(app: Flask) -> dict[str, set[str]]:
    """Who is named at each of these addresses, and whether somebody is said to be away."""
    found = {}
    for address in SURFACES:
        text = read(app, address)
        named = {name for name in NUMBERS if name in text}
        found[address] = named | ({AWAY} if IS_AWAY.search(text) else set())
    return found


def everywhere(app: Flask, *, says: set[str], not_: set[str]) -> None:
    """At every address these stand, and those do not."""
    for address, found in told(app).items():
        assert says <= found, (address, found)
        assert not not_ & found, (address, found)


def test_leave_begins_and_ends_everywhere_in_one_minute(
    city: Flask, engine: sa.Engine, at: Clock
) -> None:
    holds(engine, absent_from=FIRST, absent_until=LAST)
    at.before(FIRST)
    everywhere(city, says={SAAR}, not_={AWAY})
    at.after(FIRST)
    everywhere(city, says={JOEP, AWAY}, not_=set())
    at.before(LAST + DAY)
    everywhere(city, says={JOEP, AWAY}, not_=set())
    at.after(LAST + DAY)
    everywhere(city, says={SAAR}, not_={AWAY})


def test_a_vacancy_begins_everywhere_in_one_minute(
    city: Flask, engine: sa.Engine, at: Clock
) -> None:
    holds(engine, until_on=LAST)
    at.before(LAST + DAY)
    everywhere(city, says={SAAR}, not_=set())
    at.after(LAST + DAY)
    everywhere(city, says={JOEP}, not_={SAAR})


def test_a_successor_is_there_everywhere_in_one_minute(
    city: Flask, engine: sa.Engine, at: Clock
) -> None:
    holds(engine)
    with db.writing(engine) as session:
        by = Author("Redactie", Door.FORM, NOW)
        saar, wil = (people.find_person(session, slug) for slug in SLUGS)
        assert saar
        assert wil
        people.hand_over(session, saar, wil, FIRST, by)
    at.before(FIRST)
    everywhere(city, says={SAAR}, not_={WIL})
    at.after(FIRST)
    everywhere(city, says={WIL}, not_={SAAR})
