"""What every test may use: an empty directory of Amsterdam, and the whole one of `data/`."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from importers.run import load_folder
from socialmap import accounts, db
from socialmap.app import create_app
from socialmap.config import DATA, Settings, settings_from_env
from socialmap.geo.tree import AreaTree, area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.listings.runs import begin_import
from socialmap.listings.summaries import Written, save_summary
from socialmap.models import (
    Account,
    AccountRole,
    Claim,
    Edit,
    FieldAsk,
    GeocodedAddress,
    Listing,
    ListingCall,
    ListingCount,
    OfferDraft,
    Person,
    Provider,
    Report,
    ReviewAsk,
    SearchMiss,
    SecondFactor,
)
from socialmap.models.terms import (
    AgeBracket,
    AskedAs,
    AskedField,
    ClaimState,
    Counted,
    Door,
    EditState,
    Language,
    ReportKind,
    ReportState,
    Role,
)
from socialmap.search.answer.engine import Searcher
from tests.factories import DRAAD, NOW, TODAY, TUESDAY_AFTERNOON, TUESDAYS_ELSEWHERE, listing
from tests.postgresql import Cluster, running_cluster
from tests.reading import Visitor
from tests.sharing import (
    COMPILED,
    share_addresses,
    share_areas,
    share_statements,
)

HEADER_ONLY = "providers.csv"
BACKENDS = ("sqlite", "postgresql")
IS_SOAK = os.environ.get("SOCIALMAP_SOAK") == "1"
share_addresses()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of a city of one's own run on both databases, but for those marked `sqlite`; and those
    marked `pages` on PostgreSQL with the long proofs only."""
    if "backend" not in metafunc.fixturenames:
        return
    marks = {name: metafunc.definition.get_closest_marker(name) for name in ("sqlite", "pages")}
    backends: list[Any] = list(BACKENDS)
    if marks["sqlite"] or (marks["pages"] and not IS_SOAK):
        backends = ["sqlite"]
    elif marks["pages"]:
        backends = ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)]
    metafunc.parametrize("backend", backends, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long proofs are for `make soak`."""
    if not IS_SOAK:
        for item in items:
            if item.get_closest_marker("soak"):
                item.add_marker(pytest.mark.skip(reason="a long proof: make soak"))


def pytest_collection_finish() -> None:
    """What is there by now stays: looking through it for garbage again and again takes long."""
    gc.collect()
    gc.freeze()


def settings_in(folder: Path, database_url: str = "") -> Settings:
    """Settings of a directory in `folder`, on the day of the tests; its database is SQLite there
    unless another is named."""
    env = {"SOCIALMAP_INSTANCE": str(folder), "SOCIALMAP_SECRET_KEY": "not-secret"}
    settings = settings_from_env({**env, "SOCIALMAP_DATABASE_URL": database_url})
    return replace(settings, today=TODAY.isoformat())


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A server of PostgreSQL; what needs it is skipped where it can't run."""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(running_cluster())
        except (ImportError, OSError, SubprocessError) as error:
            pytest.skip(f"no PostgreSQL can run here: {error}")
        yield found


@pytest.fixture(scope="session")
def basics(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of `data/`, without listings."""
    files = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("basics"), dirs_exist_ok=True))
    header = (DATA / HEADER_ONLY).read_text("utf-8-sig").splitlines()[0]
    (files / HEADER_ONLY).write_text(header + "\n", "utf-8-sig")
    return files


@pytest.fixture(scope="session")
def empty_city(basics: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that knows areas, themes, people and teams, but no listings."""
    folder = tmp_path_factory.mktemp("empty")
    _fill(settings_in(folder), basics)
    return folder


@pytest.fixture(scope="session")
def empty_database(cluster: Cluster, basics: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the same on PostgreSQL, to be copied."""
    url = cluster.create()
    _fill(settings_in(tmp_path_factory.mktemp("empty"), url), basics)
    return url


@pytest.fixture(scope="session")
def full_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all of `data/` and its index. Read only."""
    folder = tmp_path_factory.mktemp("full")
    _fill(settings_in(folder), DATA)
    return folder


@pytest.fixture(scope="session")
def full_postgresql(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the same on PostgreSQL. Read only."""
    settings = settings_in(tmp_path_factory.mktemp("full"), cluster.create())
    _fill(settings, DATA)
    return settings


def _fill(settings: Settings, files: Path) -> None:
    engine = db.make_engine(settings.database_url)
    try:
        db.migrate(engine)
        load_folder(engine, files, NOW)
        Searcher(settings.index_dir, engine).store.rebuild(engine)
        db.scrub(engine)
    finally:
        engine.dispose()


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database of one's own; empty for the file of SQLite in its folder."""
    if backend == "sqlite":
        yield ""
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.create(request.getfixturevalue("empty_database"))
    yield url
    cluster.drop(url)


@pytest.fixture
def folder(empty_city: Path, tmp_path: Path, database_url: str) -> Path:
    """A directory of one's own, without listings."""
    folder = Path(shutil.copytree(empty_city, tmp_path / "instance"))
    if database_url:
        (folder / "socialmap.db").unlink()
    return folder


@pytest.fixture
def app(folder: Path, database_url: str) -> Iterator[Flask]:
    """The application on an empty city of one's own."""
    app = create_app(settings_in(folder, database_url))
    app.jinja_env.bytecode_cache = COMPILED
    share_areas(app.extensions["engine"])
    share_statements(app.extensions["engine"])
    yield app
    open_connections = app.extensions["engine"].pool.checkedout()
    app.extensions["engine"].dispose()
    assert open_connections == 0, "a connection was left open"


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    """The database of one's own city."""
    found: sa.Engine = app.extensions["engine"]
    return found


@pytest.fixture
def searcher(app: Flask) -> Searcher:
    """The searcher of one's own city."""
    found: Searcher = app.extensions["searcher"]
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor of one's own city."""
    return app.test_client()


@pytest.fixture
def visitor(client: FlaskClient, engine: sa.Engine, searcher: Searcher) -> Visitor:
    """Someone who reads the pages of one's own city."""
    return Visitor(client, engine, searcher)


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def tree(session: Session) -> AreaTree:
    return area_tree(session)


@pytest.fixture(scope="session")
def full_app(full_city: Path) -> Iterator[Flask]:
    """The application on all of `data/`. Read only."""
    app = create_app(settings_in(full_city))
    app.jinja_env.bytecode_cache = COMPILED
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def full_client(full_app: Flask) -> FlaskClient:
    """A visitor of the city with all of `data/`."""
    return full_app.test_client()


def furnish_accounts(session: Session) -> None:
    """Someone with two roles of each kind, a link, a session and a try; and somebody else."""
    account = Account(mail="redactie@gids.example", created_on=TODAY)
    other = Account(mail="fatma@draad.example", created_on=TODAY, created_by_id=account.id)
    session.add(account)
    session.flush()
    session.add(other)
    roles = [{"role": role} for role in (Role.REDACTEUR, Role.PROFESSIONAL)]
    roles += [{"role": Role.WIJK_CONTACT, "area_code": code} for code in ("NK", "NL")]
    roles += [
        {"role": Role.EDITOR, "provider_id": provider_id}
        for provider_id in session.exec(select(Provider.id).order_by(Provider.slug)).all()[:2]
    ]
    session.add_all(AccountRole(account_id=account.id, **role) for role in roles)
    token = accounts.make_link(session, account, NOW)
    accounts.redeem(session, token, NOW, TODAY)
    session.add(SecondFactor(account_id=account.id, secret="A" * 32, made_at=NOW, last_step=1))
    accounts.new_codes(session, account.id)
    accounts.is_too_often(session, "not-secret", account.mail, "192.0.2.7", NOW)


def furnish_edits(session: Session) -> None:
    """A new phone number, saved by the one who has every role."""
    account = session.exec(select(Account).order_by(Account.mail.desc())).first()
    id = session.exec(select(Listing.id).where(Listing.key == "elders")).one()
    edit = Edit(listing_id=id, account_id=account.id, at=NOW, state=EditState.DONE)
    session.add(edit)
    session.flush()
    editor = Editor(session, area_tree(session), Author("Yara", Door.FORM, NOW, edit_id=edit.id))
    editor.save(editor.current("elders").model_copy(update={"phone": "020 000 0012"}))


def furnish_summaries(session: Session) -> None:
    """What a listing is in Turkish and in Arabic."""
    one = session.exec(select(Listing).where(Listing.key == "elders")).one()
    author = Author("Yara", Door.FORM, NOW)
    for language, text in ((Language.TR, "Birlikte öğreniyoruz."), (Language.AR, "نتعلم معًا.")):
        save_summary(session, one, language, Written(text, "Yara", TODAY), author)


def furnish_reports(session: Session) -> None:
    """Someone says that a telephone number is wrong."""
    id = session.exec(select(Listing.id).where(Listing.key == "elders")).one()
    told = {"kind": ReportKind.REACH, "words": "Het nummer is uit dienst.", "at": NOW}
    session.add(Report(listing_id=id, state=ReportState.OPEN, **told))


def furnish_offers(session: Session) -> None:
    """One offer on its way, entered for somebody, and one that was sent."""
    account = session.exec(select(Account.id).order_by(Account.mail)).first()
    listing_id = session.exec(select(Listing.id).where(Listing.key == "elders")).one()
    held = {"mail": "naaigroep@gids.example", "data": {}, "made_at": NOW, "changed_at": NOW}
    session.add(OfferDraft(token_hash="a" * 64, account_id=account, **held))
    session.add(OfferDraft(token_hash="b" * 64, sent_at=NOW, listing_id=listing_id, **held))


def furnish_upkeep(session: Session) -> None:
    """Somebody called twice, and two were asked, whether something is right."""
    ids = session.exec(select(Listing.id).order_by(Listing.key)).all()
    account_id = session.exec(select(Account.id).order_by(Account.mail)).first()
    for id in ids[:2]:
        call = {"listing_id": id, "account_id": account_id, "name": "Yara", "called_on": TODAY}
        session.add(ListingCall(**call))
        asked = {"listing_id": id, "account_id": account_id, "asked_on": TODAY}
        session.add(ReviewAsk(**asked, asked_as=AskedAs.EDITOR))


def furnish_claims(session: Session) -> None:
    """Somebody asks to keep the listings of two providers."""
    mail = "fatma@draad.example"
    account_id = session.exec(select(Account.id).where(Account.mail == mail)).one()
    for provider_id in session.exec(select(Provider.id).order_by(Provider.slug)).all()[:2]:
        asked = {"account_id": account_id, "provider_id": provider_id, "name": "Fatma"}
        session.add(Claim(**asked, state=ClaimState.ASKED, asked_at=NOW))


@pytest.fixture
def furnished(engine: sa.Engine) -> sa.Engine:
    """A city in which every table has a row."""
    with db.writing(engine) as session:
        begin_import(session, by="test", file_name="a.csv", now=NOW)
        run = begin_import(session, by="test", file_name="b.csv", now=NOW)
        author = Author("test", Door.IMPORT, NOW, run.id)
        editor = Editor(session, area_tree(session), author)
        editor.save(listing("elders"))
        whole: dict[str, Any] = {"sessions": [TUESDAY_AFTERNOON], "alternatives": ["elders"]}
        person, other = session.exec(select(Person.key).limit(2))
        whole |= {"contact": person, "backup": other, "moves": [TUESDAYS_ELSEWHERE]}
        editor.save(listing("kop-op", provider=DRAAD, **whole))
        editor.save(listing("kop-op", provider=DRAAD, title="Anders", **whole))
        looked_up = {"lat": 52.387, "lon": 4.911, "buurt_code": "NK03", "found_on": TODAY}
        session.add(GeocodedAddress(key="gentiaanstraat|1|1031ae", **looked_up))
        missed = {"theme_id": "faalangst", "area_code": "NK", "age": AgeBracket.TEEN}
        session.add(SearchMiss(month="2026-11", count=1, **missed))
        session.add(FieldAsk(month="2026-11", theme_id="faalangst", field=AskedField.COST, count=1))
        elders = session.exec(select(Listing.id).where(Listing.key == "elders")).one()
        opened = {"what": Counted.OPENED, "area_code": ""}
        session.add(ListingCount(listing_id=elders, month="2026-11", count=1, **opened))
        furnish_accounts(session)
        furnish_edits(session)
        furnish_summaries(session)
        furnish_reports(session)
        furnish_offers(session)
        furnish_claims(session)
        furnish_upkeep(session)
    return engine
