"""What a listing brings: shown, opened and called are counted, and nothing of who it was."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from socialmap import db
from socialmap.config import settings_from_env
from socialmap.listings import counts
from socialmap.listings.counts import AreaTold, Seen, SeenCounter, Total, seens_of, whole_months
from socialmap.listings.find import find_listing
from socialmap.models import FieldAsk, Listing, ListingCount
from socialmap.models.terms import AskedField, Counted, Role
from socialmap.search.answer import asks
from socialmap.search.answer.asks import AskCounter
from socialmap.search.tally import TallyKeeper
from tests.entering import OWN, enter
from tests.factories import DRAAD, TODAY, listing, save
from tests.reading import Visitor

NOVEMBER = "2026-11"
SHOWN, OPENED, CALLED = Counted
Rows = dict[tuple[Counted, str], int]


@pytest.fixture
def seens(app: Flask) -> SeenCounter:
    """The counter of one's own city."""
    found: SeenCounter = app.extensions["seens"]
    return found


@pytest.fixture
def counted(engine: sa.Engine, seens: SeenCounter) -> Callable[[], Rows]:
    """What the table holds of the one listing in November after all was added."""

    def read() -> Rows:
        seens.flush(engine)
        with Session(engine) as session:
            found = session.exec(select(ListingCount)).all()
        assert {row.month for row in found} <= {NOVEMBER}
        return {(row.what, row.area_code): row.count for row in found}

    return read


def id_of(engine: sa.Engine, slug: str = "kop-op") -> UUID:
    with Session(engine) as session:
        return session.exec(select(Listing.id).where(Listing.slug == slug)).one()


# What is counted


@pytest.mark.pages
def test_a_listing_in_the_results_is_shown_to_who_named_a_wijk(
    visitor: Visitor, counted: Callable[[], Rows]
) -> None:
    visitor.knows(listing())
    visitor.reads("/zoeken?q=faalangst")
    visitor.reads("/zoeken?q=faalangst volewijck")
    visitor.reads("/zoeken?thema=faalangst&wijk=volewijck")
    assert counted() == {(SHOWN, ""): 1, (SHOWN, "NK"): 2}


@pytest.mark.pages
def test_a_listing_that_is_not_on_the_page_is_not_shown(
    visitor: Visitor, counted: Callable[[], Rows]
) -> None:
    visitor.knows(listing())
    visitor.reads("/zoeken?thema=rouw")
    visitor.reads("/api/search?thema=faalangst")
    assert counted() == {}


@pytest.mark.pages
def test_a_page_is_opened_by_a_person_and_by_nothing_else(
    visitor: Visitor, counted: Callable[[], Rows]
) -> None:
    visitor.knows(listing())
    client = visitor.client
    for headers in (
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"User-Agent": "Mozilla/5.0 (compatible; Voorbeeldbot/2.1)"},
    ):
        assert client.get("/aanbod/kop-op", headers=headers).status_code == 200
        assert client.get("/zoeken?q=faalangst", headers=headers).status_code == 200
    client.head("/aanbod/kop-op")
    client.head("/zoeken?q=faalangst")
    assert counted() == {}
    visitor.reads("/aanbod/kop-op")
    assert counted() == {(OPENED, ""): 1}


@pytest.mark.pages
def test_who_keeps_a_listing_does_not_count_and_other_people_do(
    app: Flask, engine: sa.Engine, visitor: Visitor, counted: Callable[[], Rows]
) -> None:
    visitor.knows(listing(), listing("elders", provider=DRAAD))
    own = enter(
        app, engine, "fatma@noordlicht.example", Role.EDITOR, provider="jongerenwerk-noordlicht"
    )
    assert "data-counted" not in own.get("/aanbod/kop-op").text
    assert counted() == {}
    other = enter(app, engine, "bo@draad.example", Role.EDITOR, provider="draad-daad")
    assert "data-counted" in other.get("/aanbod/kop-op").text
    assert counted() == {(OPENED, ""): 1}


@pytest.mark.pages
def test_a_tap_is_counted_without_a_cookie_and_stands_in_no_log(
    client: FlaskClient,
    visitor: Visitor,
    counted: Callable[[], Rows],
    caplog: pytest.LogCaptureFixture,
) -> None:
    visitor.knows(listing(), listing("concept", status="draft"))
    caplog.set_level("INFO")
    for slug in ("kop-op", "bestaat-niet", "concept", "x" * 300, ""):
        answer = client.post("/geteld", data={"aanbod": slug}, headers=OWN)
        assert (answer.status_code, answer.data) == (204, b"")
        assert "Set-Cookie" not in answer.headers
    assert counted() == {(CALLED, ""): 1}
    assert "/geteld" not in caplog.text, "when somebody called is in no log"


@pytest.mark.pages
def test_a_tap_from_elsewhere_is_refused_and_so_is_a_long_tale(
    client: FlaskClient, visitor: Visitor, counted: Callable[[], Rows]
) -> None:
    visitor.knows(listing())
    from_elsewhere = {"Sec-Fetch-Site": "cross-site"}
    told = {"aanbod": "kop-op"}
    assert client.post("/geteld", data=told, headers=from_elsewhere).status_code == 403
    long_tale = {**told, "meer": "x" * 1000}
    assert client.post("/geteld", data=long_tale, headers=OWN).status_code == 413
    assert counted() == {}


@pytest.mark.pages
def test_nothing_is_counted_where_that_is_switched_off(
    app: Flask, engine: sa.Engine, visitor: Visitor, counted: Callable[[], Rows]
) -> None:
    visitor.knows(listing())
    app.extensions["settings"] = replace(app.extensions["settings"], counts=False)
    visitor.reads("/zoeken?q=faalangst&kosten=gratis")
    assert "data-counted" not in visitor.reads("/aanbod/kop-op")
    answer = visitor.client.post("/geteld", data={"aanbod": "kop-op"}, headers=OWN)
    assert answer.status_code == 204
    assert counted() == {}
    assert app.extensions["asks"].flush(engine) == app.extensions["misses"].flush(engine) == 0


def test_the_setting_is_one_or_nought() -> None:
    base = {"SOCIALMAP_SECRET_KEY": "not-secret"}
    assert settings_from_env(base).counts
    assert not settings_from_env({**base, "SOCIALMAP_COUNT": "0"}).counts
    with pytest.raises(ValueError, match="SOCIALMAP_COUNT must be 1 or 0"):
        settings_from_env({**base, "SOCIALMAP_COUNT": "nee"})


# On what people choose


@pytest.mark.pages
@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("q=faalangst", set()),
        ("q=faalangst gratis", {AskedField.COST}),
        ("thema=faalangst&kosten=gratis", {AskedField.COST}),
        ("q=faalangst 8 jaar", {AskedField.AGE}),
        ("thema=faalangst&taal=tr&dag=di&dagdeel=middag", {AskedField.LANGUAGE, AskedField.DAY}),
        ("thema=faalangst&waar=thuis", {AskedField.PLACE}),
        ("q=faalangst volewijck", {AskedField.PLACE}),
        ("thema=faalangst&beschikbaar=nu&route=zelf", {AskedField.ROOM, AskedField.ROUTE}),
        ("thema=faalangst&doelgroep=ouder&vorm=groep", {AskedField.AUDIENCE, AskedField.FORM}),
        ("thema=faalangst&kosten=gratis&pagina=2", set()),
        ("thema=faalangst&kosten=gratis&leeftijd=oud", set()),
    ],
)
def test_a_question_counts_the_fields_it_chooses_on(
    app: Flask, client: FlaskClient, engine: sa.Engine, question: str, fields: set[AskedField]
) -> None:
    assert client.get(f"/zoeken?{question}").status_code == 200
    client.get(f"/api/search?{question}")
    app.extensions["asks"].flush(engine)
    with Session(engine) as session:
        rows = session.exec(select(FieldAsk)).all()
    assert {(row.month, row.theme_id, row.field, row.count) for row in rows} == {
        (NOVEMBER, "faalangst", field, 1) for field in fields
    }


@pytest.mark.pages
def test_a_question_is_counted_for_two_themes_at_most_and_for_none(
    app: Flask, client: FlaskClient, engine: sa.Engine
) -> None:
    client.get("/zoeken?thema=faalangst,rouw,pesten&kosten=gratis")
    client.get("/zoeken?kosten=gratis")
    app.extensions["asks"].flush(engine)
    with Session(engine) as session:
        themes = session.exec(select(FieldAsk.theme_id).order_by(FieldAsk.theme_id)).all()
        assert list(themes) == ["", "faalangst", "rouw"]
        most = asks.most_asked(session, ["faalangst"], NOVEMBER)
    assert most[AskedField.COST].count is None, "one is too few to be told"


# Nothing is lost


def test_threads_that_count_at_once_lose_nothing(engine: sa.Engine, seens: SeenCounter) -> None:
    save(engine, listing())
    one = Seen(id_of(engine), NOVEMBER, OPENED)

    def work(_: int) -> None:
        for _turn in range(5):
            seens.add([one])
            seens.flush(engine)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with Session(engine) as session:
        assert session.exec(select(ListingCount.count)).one() == 20


def test_a_busy_database_keeps_no_count(
    engine: sa.Engine, seens: SeenCounter, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(engine, listing())
    asked = AskCounter()
    asked.add([asks.Ask(NOVEMBER, "", AskedField.COST)])
    keeper = TallyKeeper(engine, seens, asked)

    def busy(*_: object) -> None:
        raise sa.exc.OperationalError("insert", None, Exception("database is locked"))

    seens.add([Seen(id_of(engine), NOVEMBER, OPENED)])
    with monkeypatch.context() as while_busy:
        while_busy.setattr(seens, "_write", busy)
        assert not keeper.go_round()
    with Session(engine) as session:
        assert session.exec(select(FieldAsk.count)).one() == 1, "others do not wait for it"
    assert keeper.go_round()
    with Session(engine) as session:
        assert session.exec(select(ListingCount.count)).one() == 1


def test_a_listing_that_was_erased_meanwhile_holds_up_no_count(
    engine: sa.Engine, seens: SeenCounter
) -> None:
    save(engine, listing())
    seens.add([Seen(uuid4(), NOVEMBER, OPENED), Seen(id_of(engine), NOVEMBER, OPENED)])
    assert seens.flush(engine) == 2
    assert seens.flush(engine) == 0
    with Session(engine) as session:
        assert session.exec(select(ListingCount.listing_id)).all() == [id_of(engine)]


def test_counts_go_with_their_listing_and_after_two_years(engine: sa.Engine) -> None:
    save(engine, listing())
    put(engine, {("2026-10", OPENED, ""): 9, (NOVEMBER, OPENED, ""): 9})
    with db.writing(engine) as session:
        session.add(FieldAsk(month="2026-10", theme_id="", field=AskedField.COST, count=1))
    with db.writing(engine) as session:
        assert counts.forget_old(session, date(2028, 10, 31)) == 0
        assert counts.forget_old(session, date(2028, 11, 1)) == 1
        assert asks.forget_old(session, date(2028, 11, 1)) == 1
    with db.writing(engine) as session:
        session.execute(sa.delete(Listing).where(col(Listing.slug) == "kop-op"))
    with Session(engine) as session:
        assert session.exec(select(ListingCount)).all() == []


# What is told


def put(engine: sa.Engine, found: dict[tuple[str, Counted, str], int]) -> None:
    """Put these counts in the table."""
    id = id_of(engine)
    with db.writing(engine) as session:
        for (month, what, area), count in found.items():
            key = {"listing_id": id, "month": month, "what": what, "area_code": area}
            session.add(ListingCount(**key, count=count))


def told(engine: sa.Engine, found: dict[tuple[str, Counted, str], int]) -> counts.Seens:
    """What is told of these counts, of a listing that is there for long."""
    save(engine, listing())
    put(engine, found)
    with Session(engine) as session:
        one = find_listing(session, "kop-op")
        assert one is not None
        one.added_on = date(2020, 1, 1)
        return seens_of(session, one, whole_months(TODAY))


@pytest.mark.pages
def test_months_are_the_twelve_that_are_over(engine: sa.Engine) -> None:
    months = [one.first for one in told(engine, {(NOVEMBER, OPENED, ""): 90}).months]
    assert months[0] == date(2026, 10, 1)
    assert months[-1] == date(2025, 11, 1)
    assert len(months) == 12
    assert counts.months_of_year(2026, TODAY)[0] == date(2026, 10, 1)
    assert len(counts.months_of_year(2025, TODAY)) == 12


@pytest.mark.pages
def test_a_month_below_five_is_not_told_and_in_no_sum(engine: sa.Engine) -> None:
    seens = told(
        engine,
        {
            ("2026-10", OPENED, ""): 7,
            ("2026-09", OPENED, ""): 4,
            ("2026-10", SHOWN, "NK"): 9,
            ("2026-09", SHOWN, "NK"): 4,
            (NOVEMBER, OPENED, ""): 50,
        },
    )
    assert [one.counts[OPENED] for one in seens.months[:2]] == [7, None]
    assert seens.totals[OPENED] == Total(7, is_least=True)
    assert seens.totals[CALLED] == Total(0, is_least=True)
    assert seens.areas == [AreaTold("NK", 9)], "areas add up to the months that are told"


@pytest.mark.pages
@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        ({"NK": 12, "": 5}, [("NK", 12), ("", 5)]),
        ({"NK": 12, "NL": 6, "N": 1}, [("NK", 12), (None, 7)]),
        ({"NK": 12, "N": 1}, [(None, 13)]),
        ({"NK": 12, "N": 3, "NL": 4}, [("NK", 12), (None, 7)]),
        ({"N": 4, "NL": 2}, [(None, 6)]),
        ({"N": 4}, []),
    ],
)
def test_no_sum_of_areas_gives_a_small_one_away(
    engine: sa.Engine, areas: dict[str, int], expected: list[tuple[str | None, int]]
) -> None:
    seens = told(engine, {("2026-10", SHOWN, area): count for area, count in areas.items()})
    assert seens.areas == [AreaTold(code, count) for code, count in expected]
    assert sum(one.count for one in seens.areas) == seens.totals[SHOWN].count
    assert all(one.count >= 5 for one in seens.areas)


@pytest.mark.pages
def test_a_later_month_gives_no_small_area_away(engine: sa.Engine) -> None:
    seens = told(
        engine,
        {
            ("2026-09", SHOWN, "NK"): 12,
            ("2026-10", SHOWN, "NK"): 2,
            ("2026-10", SHOWN, "NL"): 7,
        },
    )
    assert seens.areas == [AreaTold("NK", 12), AreaTold(None, 9)]
