"""What is past its term in docs/privacy.md is erased on that day and not before; all else stays."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, SQLModel, delete, select

from socialmap import accounts, cli, db, people
from socialmap.config import ROOT
from socialmap.models import (
    Account,
    AccountSession,
    Change,
    Claim,
    Contact,
    Edit,
    Listing,
    LoginLink,
    LoginTry,
    OfferDraft,
    Person,
    PersonDetail,
    Provider,
    Report,
    ReviewAsk,
    SearchMiss,
    TeamMember,
    WijkContact,
)
from socialmap.models.terms import (
    AgeBracket,
    AskedAs,
    ClaimState,
    DetailKind,
    DetailVisibility,
    EditState,
    LinkPurpose,
    ReportKind,
    ReportState,
    Role,
    Status,
)
from socialmap.people import Agreement, Consent, PersonValues, album
from socialmap.upkeep import keeping
from socialmap.upkeep.keeping import RULES
from tests.factories import DRAAD, NOW, TODAY, listing, save

MAIL = "fatma@draad.example"
TERM = re.compile(
    r"\b(?:an?|one|two|three|\d+) (?:second|minute|hour|day|week|month|year)s?\b", re.IGNORECASE
)
DAY = timedelta(days=1)
MORNING = NOW.replace(hour=0)
"""The first moment of the day: whenever a test runs, it is later."""


@pytest.fixture
def city(app: Flask, engine: sa.Engine) -> Flask:
    """A city with one listing and without people, in which nothing is over."""
    with db.writing(engine) as session:
        for model in (Contact, TeamMember, WijkContact, Person):
            session.exec(delete(model))
    save(engine, listing("naailes", provider=DRAAD))
    return app


def tidies(app: Flask, on: date, *options: str) -> dict[str, int]:
    """Tidy on a day; returns how many went of each kind of which any did."""
    app.extensions["settings"] = replace(app.extensions["settings"], today=on.isoformat())
    result = app.test_cli_runner().invoke(cli.tidy, list(options))
    assert result.exit_code == 0, result.output
    told = re.findall(r"^(?:Gewist|Te wissen): (\d+) (.+)$", result.output, re.MULTILINE)
    assert [words for _, words in told] == [rule.words for rule in RULES]
    return {words: int(count) for count, words in told if count != "0"}


def goes_on(app: Flask, day: date, term: str, count: int = 1) -> None:
    """It is there on the day before, goes on the day itself, and is then gone."""
    words = next(rule.words for rule in RULES if rule.term == term)
    assert words not in tidies(app, day - DAY)
    assert tidies(app, day, "--dry-run").get(words) == count
    assert tidies(app, day).get(words) == count
    assert words not in tidies(app, day)


def add(engine: sa.Engine, *rows: SQLModel) -> None:
    with db.writing(engine) as session:
        session.add_all(rows)


def kept(engine: sa.Engine, model: type[SQLModel]) -> int:
    with Session(engine) as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one())


def account(engine: sa.Engine, **values: object) -> UUID:
    """An account without roles, made long ago."""
    made = Account(mail=MAIL, **{"created_on": date(2020, 1, 1), **values})
    with db.writing(engine) as session:
        session.add(made)
        session.flush()
        return made.id


def missed(month: str) -> SearchMiss:
    """A count of a month."""
    return SearchMiss(month=month, theme_id="", area_code="", age=AgeBracket.TEEN, count=1)


def listing_id(engine: sa.Engine) -> UUID:
    with Session(engine) as session:
        return session.exec(select(Listing.id)).one()


# The table


def rows() -> Iterator[tuple[str, str]]:
    """What each row of the table is about, and how long it is kept."""
    for line in (ROOT / "docs" / "privacy.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "what":
            yield cells[0], cells[-1]


def test_every_term_in_the_table_has_a_rule() -> None:
    missing = []
    for what, how_long in rows():
        left = how_long
        for rule in RULES:
            if what.startswith(rule.row):
                assert rule.term in how_long, f"‘{rule.term}’ is not what the row says: {how_long}"
                left = left.replace(rule.term, "")
        if TERM.search(left) and not how_long.startswith("not kept"):
            missing.append((what, left))
    assert missing == []


def test_every_rule_is_of_one_row_of_the_table() -> None:
    found = [what for what, _ in rows()]
    for rule in RULES:
        assert len([what for what in found if what.startswith(rule.row)]) == 1, rule.row


# The command


def test_of_a_kind_that_fails_nothing_goes_and_all_others_do(
    city: Flask, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(at: keeping.Round) -> int:
        at.session.exec(delete(LoginTry))
        raise ValueError(MAIL)

    first = keeping.Rule("", "", "tellingen die haperen", breaks)
    monkeypatch.setattr("socialmap.cli.tidying.RULES", (first, *RULES))
    add(
        engine, SearchMiss(month="2020-01", theme_id="", area_code="", age=AgeBracket.TEEN, count=1)
    )
    add(engine, LoginTry(who_hash="a" * 64, hour=NOW, count=1))
    result = city.test_cli_runner().invoke(cli.tidy)
    assert result.exit_code == 1
    assert "Mislukt: tellingen die haperen (ValueError)" in result.output
    assert MAIL not in result.output
    assert kept(engine, SearchMiss) == 0
    assert kept(engine, LoginTry) == 1


def test_a_dry_run_changes_no_row_of_any_table(furnished: sa.Engine, app: Flask) -> None:
    def counted() -> dict[str, int]:
        with furnished.connect() as connection:
            return {
                table.name: connection.execute(
                    sa.select(sa.func.count()).select_from(table)
                ).scalar_one()
                for table in SQLModel.metadata.sorted_tables
            }

    before = counted()
    assert len(tidies(app, date(2040, 1, 1), "--dry-run")) >= 6
    assert counted() == before


# People


def agreed(engine: sa.Engine, until: date | None, **details: str) -> None:
    """Nora, who agreed until a day to show these details to everybody."""
    shown = Agreement(DetailVisibility.PUBLIC, Consent(date(2020, 1, 1), "zelf", until))
    kinds = {DetailKind(kind): value for kind, value in details.items()}
    values = PersonValues(
        "nora", "Nora Dijk", details=kinds, agreements=dict.fromkeys(kinds, shown)
    )
    with db.writing(engine) as session:
        people.save_person(session, values)


def test_who_had_a_role_in_a_listing_that_ended_goes_a_year_later(
    city: Flask, engine: sa.Engine
) -> None:
    agreed(engine, None)
    ended = {"status": Status.ENDED, "ended_on": date(2027, 3, 2), "contact": "nora"}
    save(engine, listing("naailes", provider=DRAAD, **ended))
    goes_on(city, date(2028, 3, 2), "a year after")


def test_who_had_a_role_in_a_listing_that_was_withdrawn_goes_a_year_later(
    city: Flask, engine: sa.Engine
) -> None:
    agreed(engine, None)
    save(engine, listing("naailes", provider=DRAAD, contact="nora"))
    save(engine, listing("naailes", provider=DRAAD, contact="nora", status=Status.WITHDRAWN))
    goes_on(city, TODAY.replace(year=2027) + DAY, "a year after")


def test_who_is_the_contact_of_a_draft_stays(city: Flask, engine: sa.Engine) -> None:
    agreed(engine, None)
    save(engine, listing("naailes", provider=DRAAD, contact="nora", status=Status.DRAFT))
    tidies(city, date(2040, 1, 1))
    with Session(engine) as session:
        assert session.exec(select(Person).where(Person.key == "nora")).one_or_none()


def test_a_detail_goes_a_month_after_its_consent_ended(city: Flask, engine: sa.Engine) -> None:
    photo = album.keep(city.extensions["settings"].uploads_dir, (b"large", b"small"), NOW)
    agreed(engine, date(2027, 1, 31), mobiel="06 0000 0031", foto=photo)
    goes_on(city, date(2027, 3, 3), "30 days after its last day", count=2)
    with Session(engine) as session:
        nora = session.exec(select(Person.id).where(Person.key == "nora")).one()
        assert not session.exec(select(PersonDetail).where(PersonDetail.person_id == nora)).all()
        told = session.exec(select(Change).where(Change.record_id == nora)).all()
    assert {(row.field, row.by) for row in told} == {
        ("mobiel", "flask tidy"),
        ("foto", "flask tidy"),
    }
    assert "0031" not in "".join(f"{row.before}{row.after}" for row in told)
    assert not list(city.extensions["settings"].uploads_dir.iterdir())


def test_a_detail_without_a_last_day_stays(city: Flask, engine: sa.Engine) -> None:
    agreed(engine, None, mobiel="06 0000 0031")
    assert "gegevens waarvan de toestemming een maand voorbij is" not in tidies(
        city, date(2040, 1, 1)
    )


def test_a_photo_of_nobody_waits_an_hour(city: Flask, engine: sa.Engine) -> None:
    folder = city.extensions["settings"].uploads_dir
    with city.app_context():
        from socialmap.views.clock import now

        fresh, old = now() - timedelta(minutes=55), now() - timedelta(minutes=61)
    kept_photo = album.keep(folder, (b"large", b"small"), fresh)
    album.keep(folder, (b"large", b"small"), old)
    words = "bestanden van foto’s die bij niemand horen"
    assert tidies(city, TODAY, "--dry-run")[words] == 2
    assert len(list(folder.iterdir())) == 4
    assert tidies(city, TODAY)[words] == 2
    assert {path.name for path in folder.iterdir()} == {kept_photo, album.small(kept_photo)}


# Accounts


def test_an_account_goes_two_years_after_its_end(city: Flask, engine: sa.Engine) -> None:
    account(engine, ended_on=date(2026, 11, 30))
    goes_on(city, date(2028, 12, 1), "two years after its end")


def test_an_account_without_a_role_goes_a_year_after_its_last_change(
    city: Flask, engine: sa.Engine
) -> None:
    held = {"account_id": account(engine), "listing_id": listing_id(engine)}
    done = {"at": MORNING - timedelta(days=40), "decided_at": MORNING, "state": EditState.DONE}
    add(engine, Edit(**held, **done))
    goes_on(city, date(2027, 11, 24), "a year after the last of it")


def test_an_account_of_which_something_waits_stays(city: Flask, engine: sa.Engine) -> None:
    held = {"account_id": account(engine), "listing_id": listing_id(engine)}
    add(engine, Edit(**held, at=MORNING, state=EditState.WAITING))
    tidies(city, date(2040, 1, 1))
    assert kept(engine, Account) == 1


def test_an_account_with_a_role_stays(city: Flask, engine: sa.Engine) -> None:
    with db.writing(engine) as session:
        accounts.add_role(session, MAIL, Role.PROFESSIONAL, date(2020, 1, 1))
    tidies(city, date(2040, 1, 1))
    assert kept(engine, Account) == 1


def claim(engine: sa.Engine, state: ClaimState, **moments: datetime) -> None:
    id = account(engine, created_on=TODAY)
    with db.writing(engine) as session:
        provider = session.exec(select(Provider.id)).one()
        asked = {"account_id": id, "provider_id": provider, "name": "Fatma", "asked_at": MORNING}
        session.add(Claim(**asked, state=state, **moments))


CLAIMED = (
    "unconfirmed 2 days, together with an account that was made for it; "
    "else a year after it was decided or began"
)


def test_a_claim_that_nobody_confirms_goes_with_its_account(city: Flask, engine: sa.Engine) -> None:
    claim(engine, ClaimState.ASKED)
    goes_on(city, date(2026, 11, 25), CLAIMED)
    assert kept(engine, Account) == 0


def test_a_claim_goes_a_year_after_it_was_decided(city: Flask, engine: sa.Engine) -> None:
    claim(engine, ClaimState.REFUSED, confirmed_at=MORNING, decided_at=MORNING)
    goes_on(city, date(2027, 11, 23), CLAIMED)


def test_a_link_goes_a_day_after_it_expired(city: Flask, engine: sa.Engine) -> None:
    link = {"account_id": account(engine), "purpose": LinkPurpose.INVITE, "made_at": MORNING}
    add(engine, LoginLink(token_hash="a" * 64, expires_at=MORNING + 7 * DAY, **link))
    goes_on(city, date(2026, 12, 1), "a day after it expired")


@pytest.mark.parametrize(
    ("last_seen_on", "ended_at", "goes"),
    [
        (TODAY, MORNING, date(2026, 11, 24)),
        (TODAY, None, date(2026, 12, 25)),
        (date(2040, 1, 1), None, date(2027, 5, 22)),
    ],
    ids=["ended", "rested", "lasted"],
)
def test_a_session_goes_when_nobody_can_use_it(
    city: Flask, engine: sa.Engine, last_seen_on: date, ended_at: datetime | None, goes: date
) -> None:
    used = {"last_seen_on": last_seen_on, "ended_at": ended_at}
    add(
        engine,
        AccountSession(id_hash="a" * 64, account_id=account(engine), made_at=MORNING, **used),
    )
    goes_on(city, goes, "a day after its end; 30 days without use, 180 days at most")


def test_who_was_asked_goes_after_400_days(city: Flask, engine: sa.Engine) -> None:
    asked = {"account_id": account(engine), "listing_id": listing_id(engine)}
    with db.writing(engine) as session:
        accounts.add_role(session, MAIL, Role.PROFESSIONAL, TODAY)
    add(engine, ReviewAsk(**asked, asked_on=TODAY, asked_as=AskedAs.EDITOR))
    goes_on(city, date(2027, 12, 28), "400 days")


def test_a_count_of_tries_goes_after_a_day(city: Flask, engine: sa.Engine) -> None:
    add(engine, LoginTry(who_hash="a" * 64, hour=MORNING, count=1))
    goes_on(city, TODAY + DAY, "a day")


# What readers and providers send


@pytest.mark.parametrize(
    ("state", "decided_at", "goes"),
    [
        (ReportState.DISMISSED, MORNING, date(2027, 11, 24)),
        (ReportState.OPEN, None, date(2028, 11, 24)),
    ],
    ids=["decided", "open"],
)
def test_a_report_goes_in_time(
    city: Flask, engine: sa.Engine, state: ReportState, decided_at: datetime | None, goes: date
) -> None:
    told = {
        "listing_id": listing_id(engine),
        "kind": ReportKind.REACH,
        "at": MORNING,
        "state": state,
    }
    add(engine, Report(**told, decided_at=decided_at))
    goes_on(city, goes, "a year after it was decided; two years while it is open")


def test_an_offer_goes_a_month_after_its_last_change(city: Flask, engine: sa.Engine) -> None:
    held = {"mail": MAIL, "data": {}, "made_at": MORNING, "changed_at": MORNING}
    add(engine, OfferDraft(token_hash="a" * 64, **held))
    goes_on(city, date(2026, 12, 23), "30 days after the last change")


def test_a_count_of_misses_goes_24_months_after_its_month(city: Flask, engine: sa.Engine) -> None:
    add(
        engine, SearchMiss(month="2026-10", theme_id="", area_code="", age=AgeBracket.TEEN, count=1)
    )
    goes_on(city, date(2028, 11, 1), "24 months")
