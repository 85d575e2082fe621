"""Who is asked what, when: from the dates of the listings, never twice too soon."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, select

from socialmap import accounts, db, upkeep
from socialmap.geo.tree import area_tree
from socialmap.models import ReviewAsk
from socialmap.models.terms import Role
from socialmap.views import clock
from tests.factories import NOORDLICHT, TODAY, VAN_DER_PEK, listing, save
from tests.upkeep.keeping import (
    AGAIN,
    ASKED,
    CONTACT,
    DAYS,
    FATMA,
    LAPSED,
    RIK,
    STALE,
    YARA,
    account,
    asked,
    give,
    keep,
    on,
)

OWN = {FATMA: (["Kop op"], [])}
BOTH = OWN | {YARA: ([], ["Kop op"])}


def ask(engine: sa.Engine, app: Flask, day: date) -> list[str]:
    """Ask everybody who is to be asked on a day; returns whom."""
    on(app, day)
    with app.app_context(), db.writing(engine) as session:
        found = upkeep.digests(session, area_tree(session), clock.now(), day)
        assert all(upkeep.claim(session, digest, day) for digest in found)
        return [digest.account.mail for digest in found]


@pytest.mark.parametrize(
    ("day", "whom"),
    [
        (ASKED - DAYS, {}),
        (ASKED, OWN),
        (CONTACT - DAYS, OWN),
        (CONTACT, BOTH),
        (STALE, BOTH),
        (LAPSED, BOTH),
    ],
)
def test_the_dates_say_who_is_asked(
    engine: sa.Engine, app: Flask, day: date, whom: dict[str, tuple[list[str], list[str]]]
) -> None:
    keep(engine, "kop-op")
    assert asked(engine, app, day) == whom


def test_who_does_not_answer_is_asked_again_after_two_weeks(engine: sa.Engine, app: Flask) -> None:
    keep(engine, "kop-op")
    assert ask(engine, app, ASKED) == [FATMA]
    assert asked(engine, app, ASKED) == {}
    assert asked(engine, app, AGAIN - DAYS) == {}
    assert ask(engine, app, AGAIN) == [FATMA]
    assert ask(engine, app, CONTACT) == [YARA]
    assert asked(engine, app, STALE) == {}
    assert asked(engine, app, LAPSED) == BOTH


def test_who_was_asked_twice_is_asked_once_more_when_it_is_out_of_the_results(
    engine: sa.Engine, app: Flask
) -> None:
    keep(engine, "kop-op")
    for day in (ASKED, AGAIN):
        ask(engine, app, day)
    assert FATMA not in asked(engine, app, LAPSED - DAYS)
    assert ask(engine, app, LAPSED) == [FATMA, YARA]
    assert asked(engine, app, LAPSED + 300 * DAYS) == {YARA: ([], ["Kop op"])}
    assert ask(engine, app, LAPSED + 300 * DAYS) == [YARA]
    assert asked(engine, app, LAPSED + 320 * DAYS) == {}
    assert asked(engine, app, LAPSED + 350 * DAYS) == OWN, "what was asked is forgotten by then"


def test_an_answer_begins_a_new_round(engine: sa.Engine, app: Flask) -> None:
    keep(engine, "kop-op")
    ask(engine, app, ASKED)
    keep(engine, "kop-op", confirmed_on=AGAIN)
    assert asked(engine, app, STALE) == {}
    assert asked(engine, app, date(2027, 3, 21)) == {}
    assert asked(engine, app, date(2027, 3, 22)) == OWN


def test_one_digest_takes_along_what_is_due_soon(engine: sa.Engine, app: Flask) -> None:
    keep(engine, "kop-op")
    keep(engine, "later", confirmed_on=date(2026, 7, 10))
    keep(engine, "veel-later", confirmed_on=date(2026, 9, 1))
    assert asked(engine, app, ASKED - DAYS) == {}
    assert asked(engine, app, ASKED) == {FATMA: (["Kop op", "Later"], [])}


def test_nobody_gets_two_digests_in_a_week(engine: sa.Engine, app: Flask) -> None:
    keep(engine, "kop-op")
    ask(engine, app, ASKED)
    keep(engine, "nieuw", confirmed_on=date(2026, 5, 1))
    assert FATMA not in asked(engine, app, ASKED + 6 * DAYS)
    assert asked(engine, app, ASKED + 7 * DAYS)[FATMA] == (["Nieuw"], [])


@pytest.mark.parametrize("why", ["bounced", "ended", "left", "nobody"])
def test_an_orphan_goes_to_who_has_the_wijk_at_once(
    engine: sa.Engine, app: Flask, why: str
) -> None:
    keep(engine, "kop-op")
    with db.writing(engine) as session:
        fatma = session.get_one(type(account(engine, FATMA)), account(engine, FATMA).id)
        if why == "bounced":
            assert upkeep.mark_bounced(session, fatma.id, TODAY)
        elif why == "ended":
            fatma.ended_on = TODAY
        else:
            for held in list(accounts.get_account(session, fatma.id).roles):
                session.delete(held)
    assert asked(engine, app, ASKED - DAYS) == {}
    assert asked(engine, app, ASKED) == {YARA: ([], ["Kop op"])}


@pytest.mark.parametrize(
    ("coverage", "whom"), [(["NK"], YARA), (["N"], RIK), (["stad"], RIK), (["NK", "NL"], YARA)]
)
def test_without_a_place_the_first_area_it_serves_is_its_home(
    engine: sa.Engine, app: Flask, coverage: list[str], whom: str
) -> None:
    keep(engine, "kop-op", coverage=coverage, places=[], provider=NOORDLICHT)
    assert asked(engine, app, ASKED) == {whom: ([], ["Kop op"])}


def test_who_has_the_stadsdeel_stands_in_for_a_wijk(engine: sa.Engine, app: Flask) -> None:
    keep(engine, "kop-op", provider=NOORDLICHT, places=[VAN_DER_PEK])
    give(engine, "noord@wijk.example", Role.WIJK_CONTACT, area="N")
    assert list(asked(engine, app, ASKED)) == [YARA]
    with db.writing(engine) as session:
        accounts.get_account(session, account(engine, YARA).id).ended_on = TODAY
    assert list(asked(engine, app, ASKED)) == ["noord@wijk.example"]


@pytest.mark.parametrize("status", ["draft", "withdrawn", "ended"])
def test_what_is_not_there_for_readers_is_not_asked(
    engine: sa.Engine, app: Flask, status: str
) -> None:
    keep(engine, "kop-op", status=status, ended_on=ASKED if status == "ended" else None)
    assert asked(engine, app, STALE) == {}


def test_what_was_never_checked_counts_from_the_day_it_was_added(
    engine: sa.Engine, app: Flask
) -> None:
    keep(engine, "kop-op", confirmed_on=None)
    assert asked(engine, app, date(2027, 4, 10)) == {}
    assert asked(engine, app, date(2027, 4, 11)) == OWN


@pytest.mark.parametrize(("months", "lead"), [(1, 7), (2, 15), (3, 22), (6, 42), (12, 42)])
def test_a_short_rhythm_is_asked_shortly_before(
    engine: sa.Engine, app: Flask, months: int, lead: int
) -> None:
    keep(engine, "kop-op", review_months=months, confirmed_on=date(2026, 1, 1))
    due = date(2026, 1 + months, 1) if months < 12 else date(2027, 1, 1)
    assert asked(engine, app, due - (lead + 2) * DAYS) == {}
    assert list(asked(engine, app, due - (lead - 1) * DAYS)) == [FATMA]


def test_a_second_run_on_the_same_day_is_not_first(engine: sa.Engine, app: Flask) -> None:
    keep(engine, "kop-op")
    on(app, ASKED)
    with app.app_context(), Session(engine) as session:
        found = upkeep.digests(session, area_tree(session), clock.now(), ASKED)
    for is_first in (True, False):
        with db.writing(engine) as session:
            assert upkeep.claim(session, found[0], ASKED) is is_first


def test_what_was_asked_is_kept_for_thirteen_months(engine: sa.Engine, app: Flask) -> None:
    keep(engine, "kop-op")
    ask(engine, app, ASKED)
    for day, gone in ((ASKED + 399 * DAYS, 0), (ASKED + 400 * DAYS, 1)):
        with db.writing(engine) as session:
            assert upkeep.forget_asks(session, day, dry_run=True) == gone
            assert upkeep.forget_asks(session, day) == gone
    with Session(engine) as session:
        assert session.exec(select(ReviewAsk)).all() == []


def test_an_area_of_a_buurt_is_its_wijk(engine: sa.Engine, app: Flask) -> None:
    save(engine, listing("kop-op", coverage=["NK03"], places=[]))
    give(engine, YARA, Role.WIJK_CONTACT, area="NK")
    assert list(asked(engine, app, date(2027, 5, 1))) == [YARA]
