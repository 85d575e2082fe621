"""Misses: what was asked and hardly found is counted, and nothing of who asked or how."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Event, Thread
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from socialmap import cli, db
from socialmap.config import ROOT
from socialmap.geo.tree import AreaTree
from socialmap.models import SearchMiss
from socialmap.models.terms import AgeBracket
from socialmap.search.answer import misses
from socialmap.search.answer.engine import Searcher
from socialmap.search.answer.misses import Miss, MissCounter
from socialmap.search.answer.subjects import subjects, theme_names
from socialmap.search.language.meaning import meant
from socialmap.search.language.synonyms import synonyms
from socialmap.search.question.params import read_query
from socialmap.search.tally import TallyKeeper
from tests.factories import TODAY, listing
from tests.reading import Visitor

NOVEMBER = "2026-11"
PESTEN = Miss(NOVEMBER, "pesten", "NK", AgeBracket.PRIMARY)
ROUNDS, WRITERS = 5, 4


@pytest.fixture
def counter(app: Flask) -> MissCounter:
    """The counter of one's own city."""
    found: MissCounter = app.extensions["misses"]
    return found


def rows(engine: sa.Engine) -> dict[Miss, int]:
    """What the table holds."""
    with Session(engine) as session:
        found = session.exec(select(SearchMiss)).all()
    return {Miss(row.month, row.theme_id, row.area_code, row.age): row.count for row in found}


def counted(engine: sa.Engine, counter: MissCounter) -> dict[Miss, int]:
    """What the table holds after all was added."""
    counter.flush(engine)
    return rows(engine)


def asked(q: str) -> str:
    return f"/zoeken?q={quote(q)}"


# What is a miss


def test_what_hardly_anybody_offers_is_counted(
    visitor: Visitor, engine: sa.Engine, counter: MissCounter
) -> None:
    visitor.knows(listing("een", themes=["pesten"]), listing("twee", themes=["pesten"]))
    visitor.reads(asked("pesten volewijck 8 jaar"))
    assert rows(engine) == {}
    assert counted(engine, counter) == {PESTEN: 1}
    visitor.reads(asked("pesten volewijck 8 jaar"))
    visitor.reads("/api/search?thema=pesten&wijk=volewijck&leeftijd=4-12")
    assert counted(engine, counter) == {PESTEN: 3}


def test_enough_offers_are_no_miss_and_places_are_no_offers(
    visitor: Visitor, engine: sa.Engine, counter: MissCounter
) -> None:
    keys = ("een", "twee", "drie", "vier")
    places = [listing(key, title=f"Judozaal {key}", kind="place", provider=None) for key in keys]
    visitor.knows(*places, listing("een-offer", title="Judo"), listing("nog-een", title="Judo"))
    visitor.reads(asked("judo"))
    assert counted(engine, counter) == {Miss(NOVEMBER, "", "", AgeBracket.NONE): 1}
    visitor.knows(listing("een-derde", title="Judo"))
    visitor.reads(asked("judo"))
    assert sum(counted(engine, counter).values()) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/zoeken",
        "/zoeken?q=noord",
        "/zoeken?bij=1031",
        "/zoeken?wijk=volewijck&straal=2",
        "/zoeken?q=pesten&pagina=2",
        "/zoeken?q=pesten&leeftijd=oud",
        "/zoeken?q=pesten&bij=Nergenshuizen",
        "/zoeken?q=pesten&adres=onbekend",
    ],
)
def test_no_question_at_all_a_further_page_or_a_mistake_is_no_miss(
    client: FlaskClient, engine: sa.Engine, counter: MissCounter, address: str
) -> None:
    assert client.get(address).status_code == 200
    client.get(address.replace("/zoeken", "/api/search"))
    assert counted(engine, counter) == {}


def test_index_that_is_being_made_is_no_miss(
    client: FlaskClient,
    engine: sa.Engine,
    counter: MissCounter,
    searcher: Searcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> None:
        raise FileNotFoundError

    monkeypatch.setattr(searcher, "snapshot", missing)
    monkeypatch.setattr(searcher, "_mend", lambda: None)
    assert "wordt nu opnieuw gemaakt" in client.get(asked("pesten")).text
    assert counted(engine, counter) == {}


def test_danger_is_counted_like_anything_else(
    client: FlaskClient, engine: sa.Engine, counter: MissCounter
) -> None:
    client.get("/zoeken?thema=huiselijk-geweld")
    assert counted(engine, counter) == {Miss(NOVEMBER, "huiselijk-geweld", "", AgeBracket.NONE): 1}


def test_month_is_that_of_the_day_on_which_was_asked(
    app: Flask, client: FlaskClient, engine: sa.Engine, counter: MissCounter
) -> None:
    for today in ("2026-11-30", "2026-12-01", "2026-12-31"):
        app.extensions["settings"] = replace(app.extensions["settings"], today=today)
        client.get(asked("pesten"))
    found = counted(engine, counter)
    assert {miss.month: count for miss, count in found.items()} == {NOVEMBER: 1, "2026-12": 2}


# By what it is counted


@pytest.mark.parametrize(
    ("asked_for", "area"),
    [
        ("q=pesten", ""),
        ("q=pesten volewijck", "NK"),
        ("thema=pesten&gebied=oud-noord", "GN19"),
        ("thema=pesten&stadsdeel=noord", "N"),
        ("thema=pesten&wijk=volewijck&stadsdeel=noord", "NK"),
        ("thema=pesten&wijk=volewijck,ijplein-vogelbuurt", "GN19"),
        ("thema=pesten&stadsdeel=noord,west", ""),
        ("thema=pesten&bij=buurt:van-der-pekbuurt", "NK"),
        ("thema=pesten&bij=stadsdeel:noord", "N"),
        ("thema=pesten&bij=Amsterdam", ""),
        ("thema=pesten&wijk=volewijck&bij=stadsdeel:west", "NK"),
        ("thema=pesten&bij=1031", "GN19"),
    ],
)
@pytest.mark.sqlite
def test_area_is_a_wijk_or_larger_that_holds_all_that_was_asked(
    session: Session, tree: AreaTree, asked_for: str, area: str
) -> None:
    pairs = (pair.split("=") for pair in asked_for.split("&"))
    query, errors = read_query(session, tree, {name: [value] for name, value in pairs})
    assert errors == []
    assert misses.area_of(tree, query) == area


@pytest.mark.parametrize(
    ("ages", "bracket"),
    [
        ([], AgeBracket.NONE),
        (["0.5"], AgeBracket.SMALL),
        (["3"], AgeBracket.SMALL),
        (["4"], AgeBracket.PRIMARY),
        (["4-12"], AgeBracket.PRIMARY),
        (["12-15"], AgeBracket.TEEN),
        (["12-18"], AgeBracket.TEEN),
        (["16", "18"], AgeBracket.GROWN),
        (["18-26"], AgeBracket.GROWN),
        (["40"], AgeBracket.NONE),
    ],
)
@pytest.mark.sqlite
def test_age_falls_in_the_bracket_of_its_middle(
    session: Session, tree: AreaTree, ages: list[str], bracket: AgeBracket
) -> None:
    query, _ = read_query(session, tree, {"leeftijd": ages})
    assert misses.bracket_of(query.ages) == bracket


@pytest.mark.parametrize(
    ("asked_for", "themes"),
    [
        ({"thema": "rouw"}, ["rouw"]),
        ({"thema": "rouw,pesten,wonen", "q": "judo"}, ["rouw", "pesten"]),
        ({"thema": "rouw", "q": "pesten"}, ["rouw", "pesten"]),
        ({"q": "pesten"}, ["pesten"]),
        ({"q": "pesten op school"}, ["pesten"]),
        ({"q": "mijn zoon is depressief"}, ["somberheid"]),
        ({"q": "ruzie met mijn ex"}, ["omgang"]),
        ({"q": "autisme pesten rouw"}, ["rouw", "autisme"]),
        ({"q": "iets anders"}, []),
        ({"leeftijd": "8"}, []),
    ],
)
@pytest.mark.sqlite
def test_themes_are_those_chosen_or_surely_meant(
    session: Session, tree: AreaTree, asked_for: dict[str, str], themes: list[str]
) -> None:
    query, _ = read_query(session, tree, {name: [value] for name, value in asked_for.items()})
    about = subjects(theme_names(session), query, meant(query.text, synonyms()))
    assert list(about[: misses.MOST_THEMES]) == themes


def test_each_theme_is_counted(
    client: FlaskClient, engine: sa.Engine, counter: MissCounter
) -> None:
    client.get(asked("autisme pesten weesp"))
    assert {miss.theme_id for miss in counted(engine, counter)} == {"autisme", "pesten"}


# What is kept


@pytest.mark.sqlite
def test_nothing_that_was_typed_is_in_any_file(
    visitor: Visitor,
    engine: sa.Engine,
    counter: MissCounter,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(0)
    keeper = TallyKeeper(engine, counter)
    keeper.start()
    visitor.reads(asked("pesten Fatoumata-Kwibus 8 jaar van der pekbuurt"))
    visitor.client.get("/api/search?q=Fatoumata-Kwibus&thema=rouw&bij=Fatoumata-Kwibus")
    keeper.stop()
    assert rows(engine) == {PESTEN: 1}
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    for secret in ("fatoumata", "kwibus"):
        assert secret.encode() not in kept.lower()
        assert secret not in caplog.text.lower()


@pytest.mark.sqlite
def test_same_questions_on_other_days_leave_the_same_table(
    app: Flask, client: FlaskClient, engine: sa.Engine, counter: MissCounter
) -> None:
    """Neither the day nor the order can be told from it."""
    for today in ("2026-11-02", "2026-11-29"):
        app.extensions["settings"] = replace(app.extensions["settings"], today=today)
        client.get(asked("pesten volewijck 8 jaar"))
        counter.flush(engine)
    assert rows(engine) == {PESTEN: 2}
    assert set(SearchMiss.model_fields) == {*Miss._fields, "count"}


def test_kinds_in_memory_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socialmap.search.tally.MOST_KINDS", 2)
    counter = MissCounter()
    kinds = [Miss(NOVEMBER, theme, "", AgeBracket.NONE) for theme in ("a", "b", "c")]
    for _ in range(3):
        counter.add(kinds)
    assert counter._waiting == Counter({kinds[0]: 3, kinds[1]: 3})


# Nothing is lost, and nobody waits


@contextmanager
def held(engine: sa.Engine) -> Iterator[None]:
    """Somebody else is writing, and takes long."""
    is_held, done = Event(), Event()

    def hold() -> None:
        with db.writing(engine) as session:
            session.connection()
            is_held.set()
            done.wait(60)

    writer = Thread(target=hold)
    writer.start()
    is_held.wait(60)
    try:
        yield
    finally:
        done.set()
        writer.join()


@pytest.fixture
def hasty(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """The same database, where writers hardly wait for each other."""
    monkeypatch.setattr("socialmap.db.engines.BUSY_MS", 50)
    engine.dispose()
    return engine


def test_search_answers_while_somebody_writes(
    client: FlaskClient, hasty: sa.Engine, counter: MissCounter
) -> None:
    with held(hasty):
        started = time.perf_counter()
        for address in (asked("pesten volewijck 8 jaar"), "/api/search?q=pesten%20volewijck%208"):
            assert client.get(address).status_code == 200
        assert time.perf_counter() - started < 10
        with pytest.raises(sa.exc.OperationalError):
            counter.flush(hasty)
        client.get(asked("pesten volewijck 8 jaar"))
    assert counted(hasty, counter) == {PESTEN: 3}


def test_keeper_goes_on_after_a_failure(hasty: sa.Engine, counter: MissCounter) -> None:
    keeper = TallyKeeper(hasty, counter, pause_seconds=0.01)
    with held(hasty):
        counter.add([PESTEN])
        assert not keeper.go_round()
        keeper.start()
        counter.add([PESTEN])
    wait_until(lambda: rows(hasty) == {PESTEN: 2})
    counter.add([PESTEN])
    keeper.stop()
    assert rows(hasty) == {PESTEN: 3}


def test_stopping_brings_the_last_counts(engine: sa.Engine, counter: MissCounter) -> None:
    keeper = TallyKeeper(engine, counter)
    keeper.start()
    counter.add([PESTEN, PESTEN])
    keeper.stop()
    assert rows(engine) == {PESTEN: 2}


def test_threads_that_count_and_flush_at_once_lose_nothing(
    engine: sa.Engine, counter: MissCounter
) -> None:
    elsewhere = MissCounter()

    def work(number: int) -> None:
        for turn in range(ROUNDS):
            own = Miss(NOVEMBER, f"{number}-{turn}", "", AgeBracket.NONE)
            for each in (counter, elsewhere):
                each.add([PESTEN, own])
                each.flush(engine)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(work, range(WRITERS)))
    found = rows(engine)
    assert found.pop(PESTEN) == 2 * WRITERS * ROUNDS
    assert set(found.values()) == {2}
    assert len(found) == WRITERS * ROUNDS
    assert counter._waiting == elsewhere._waiting == Counter()


def count_many(url: str, together: Barrier) -> None:
    """In a process of its own: count and flush, from the moment that the other is there too."""
    engine, counter = db.make_engine(url), MissCounter()
    together.wait(120)
    for _ in range(ROUNDS):
        counter.add([PESTEN])
        counter.flush(engine)


def test_processes_that_flush_at_once_lose_nothing(engine: sa.Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    spawn = get_context("spawn")
    work = (url, spawn.Barrier(2))
    processes = [spawn.Process(target=count_many, args=work) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    assert rows(engine) == {PESTEN: 2 * ROUNDS}


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until this holds, a minute at most."""
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


@pytest.mark.sqlite
def test_server_that_is_told_to_end_keeps_its_counts(engine: sa.Engine, folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {"SOCIALMAP_INSTANCE": str(folder), "SOCIALMAP_PORT": str(port)}
    env |= {"SOCIALMAP_TODAY": TODAY.isoformat(), "SOCIALMAP_SECRET_KEY": "not-secret"}
    server = subprocess.Popen([sys.executable, ROOT / "wsgi.py"], env={**os.environ, **env})
    site = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{site}/gezond"))
        assert answers(site + asked("pesten volewijck 8 jaar"))
    finally:
        server.send_signal(signal.SIGTERM)
    assert server.wait(60) == 0
    assert rows(engine) == {PESTEN: 1}


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=30) as answer:  # noqa: S310  our own server
            return bool(answer.status == 200)
    except URLError:
        return False


# Reading


def told(app: Flask, *options: str) -> tuple[int, list[str]]:
    """The exit code of `flask search misses`, and what it says, spaces taken together."""
    cli.init_app(app)
    result = app.test_cli_runner().invoke(args=["search", "misses", *options])
    return result.exit_code, [" ".join(line.split()) for line in result.output.splitlines()]


def test_command_tells_most_first_and_no_low_numbers(
    app: Flask, engine: sa.Engine, counter: MissCounter
) -> None:
    for theme, area, age, count in (
        ("rouw", "", AgeBracket.NONE, 5),
        ("pesten", "NK", AgeBracket.PRIMARY, 12),
        ("wonen", "N", AgeBracket.GROWN, 1),
        ("", "GN19", AgeBracket.SMALL, 4),
        ("weg", "XX", AgeBracket.TEEN, 3),
    ):
        counter.add([Miss(NOVEMBER, theme, area, age)] * count)
    counter.flush(engine)
    assert told(app) == (
        0,
        [
            "Gezocht en niet of nauwelijks gevonden in november 2026:",
            "thema plek leeftijd hoe vaak",
            "Pesten Volewijck (wijk) 4–11 jaar 12",
            "Rouw en verlies heel Amsterdam geen leeftijd 5",
            "Wonen Noord (stadsdeel) 16–23 jaar minder dan 5",
            "geen thema Oud-Noord (gebied) 0–3 jaar minder dan 5",
            "weg XX 12–15 jaar minder dan 5",
        ],
    )
    assert told(app, "--month", "2026-11") == told(app)


def test_command_says_when_there_is_nothing(
    app: Flask, engine: sa.Engine, counter: MissCounter
) -> None:
    assert told(app) == (0, ["In november 2026 is er niets geteld."])
    for month in ("2026-08", "2026-09"):
        counter.add([Miss(month, "rouw", "", AgeBracket.NONE)])
    counter.flush(engine)
    assert told(app, "--month", "2026-10") == (
        0,
        ["In oktober 2026 is er niets geteld. Wel in september 2026 en augustus 2026."],
    )


@pytest.mark.sqlite
@pytest.mark.parametrize("month", ["2026-13", "2026-1", "11-2026", "november", "", "0000-01"])
def test_command_says_what_a_month_looks_like(app: Flask, month: str) -> None:
    code, [line] = told(app, "--month", month)
    assert code == 1
    assert line == f"Error: ‘{month}’ is geen maand. Schrijf een maand als 2026-11."
