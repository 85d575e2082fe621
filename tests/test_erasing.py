"""Erasing an account: the person goes, history keeps its shape, and no file holds the name."""

from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session, SQLModel, select

from socialmap import accounts, db
from socialmap.accounts import AccountError
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.models import Account, AccountRole, Change, Edit
from socialmap.models.terms import Door, EditState, Role
from socialmap.reviews.erasing import erase_account
from socialmap.views import doors
from tests.entering import enter, give_app, post
from tests.factories import NOW, TODAY, listing, save

YARA, FATMA, SAMIRA = "yara@gids.example", "fatma@draad.example", "samira@buurt.example"
NAME = "Fatma Yilmaz"
ERASED = "gewist account"


@pytest.fixture
def city(app: Flask, engine: sa.Engine) -> sa.Engine:
    """A listing that Fatma edited and Samira decided on, and one that Fatma decided on."""
    save(engine, listing())
    with db.writing(engine) as session:
        accounts.add_role(session, YARA, Role.REDACTEUR, TODAY, name="Yara")
        accounts.add_role(session, FATMA, Role.REDACTEUR, TODAY, name=NAME)
        accounts.add_role(session, SAMIRA, Role.WIJK_CONTACT, TODAY, area="NK", name="Samira")
    edit(engine, FATMA, NAME, "020 000 0012", decided_by="Samira")
    edit(engine, SAMIRA, "Samira", "020 000 0013", decided_by=NAME)
    return engine


def edit(engine: sa.Engine, mail: str, by: str, phone: str, decided_by: str = "") -> UUID:
    """A new number, saved by someone, and by who decided a word with it."""
    with db.writing(engine) as session:
        account = accounts.find_account(session, mail)
        assert account is not None
        key, id = session.execute(sa.text("SELECT key, id FROM listing")).one()
        saved = Edit(
            listing_id=UUID(str(id)),
            account_id=account.id,
            at=NOW,
            state=EditState.APPROVED if decided_by else EditState.DONE,
            decided_at=NOW if decided_by else None,
            decided_by=decided_by,
        )
        session.add(saved)
        session.flush()
        for name, number in ((by, phone), (decided_by, f"{phone}0")):
            if name:
                author = Author(name, Door.FORM, NOW, edit_id=saved.id)
                editor = Editor(session, area_tree(session), author)
                editor.save(editor.current(key).model_copy(update={"phone": number}))
        return saved.id


def erase(engine: sa.Engine, mail: str) -> None:
    with db.writing(engine) as session:
        account = accounts.find_account(session, mail)
        assert account is not None
        erase_account(session, account)


def phones(engine: sa.Engine) -> list[tuple[str, str, str]]:
    """Who changed the number, from what to what, in order."""
    with Session(engine) as session:
        found = session.exec(select(Change).where(Change.field == "phone").order_by(Change.id))
        return [(change.by, change.before, change.after) for change in found]


def mentions(engine: sa.Engine, words: str) -> list[str]:
    """Every column of the database that holds these words."""
    with engine.connect() as connection:
        return [
            f"{table.name}.{column.name}"
            for table in SQLModel.metadata.sorted_tables
            for column in table.columns
            if connection.execute(
                sa.select(table).where(sa.cast(column, sa.String).contains(words))
            ).first()
        ]


def test_the_person_goes_and_history_keeps_its_shape(city: sa.Engine) -> None:
    before = phones(city)
    assert {by for by, _, _ in before} == {NAME, "Samira"}
    erase(city, FATMA)
    after = phones(city)
    assert [change[1:] for change in after] == [change[1:] for change in before]
    assert [by for by, _, _ in after] == [ERASED, "Samira", "Samira", ERASED]
    with Session(city) as session:
        edits = session.exec(select(Edit.account_id, Edit.decided_by, Edit.state)).all()
        samira = accounts.find_account(session, SAMIRA)
        assert samira is not None
    assert set(edits) == {
        (None, "Samira", EditState.APPROVED),
        (samira.id, ERASED, EditState.APPROVED),
    }
    for words in (FATMA, NAME):
        assert mentions(city, words) == []


def test_all_that_an_account_owns_goes_along(app: Flask, city: sa.Engine, session: Session) -> None:
    fatma = enter(app, city, FATMA, Role.REDACTEUR)
    give_app(city, FATMA)
    with db.writing(city) as writing:
        account = accounts.find_account(writing, FATMA)
        assert account is not None
        accounts.make_link(writing, account, NOW)
        accounts.new_codes(writing, account.id)
        accounts.add_role(writing, SAMIRA, Role.PROFESSIONAL, TODAY, by_id=account.id)
        id = account.id
    owned = ("account_role", "account_session", "login_link", "second_factor", "recovery_code")
    assert all(rows_of(city, table, id) for table in owned)
    erase(city, FATMA)
    assert [table for table in owned if rows_of(city, table, id)] == []
    assert fatma.get("/bureau").headers["Location"] == "/inloggen"
    given = select(AccountRole.given_by_id).where(AccountRole.role == Role.PROFESSIONAL)
    assert session.exec(given).all() == [None], "what was given to others stays"


def rows_of(engine: sa.Engine, table: str, id: UUID) -> int:
    """How many rows of a table are of an account."""
    found = SQLModel.metadata.tables[table]
    count = sa.select(sa.func.count()).where(found.c.account_id == id)
    with engine.connect() as connection:
        return int(connection.execute(count).scalar_one())


def test_a_former_name_goes_from_own_edits(city: sa.Engine) -> None:
    edit(city, FATMA, "Fatma de Vries", "020 000 0014")
    erase(city, FATMA)
    assert mentions(city, "Fatma de Vries") == []


def test_who_bears_the_same_name_keeps_it(city: sa.Engine) -> None:
    with db.writing(city) as session:
        accounts.add_role(session, "fatma@elders.example", Role.PROFESSIONAL, TODAY, name=NAME)
    edit(city, "fatma@elders.example", NAME, "020 000 0015")
    erase(city, FATMA)
    told = [by for by, _, _ in phones(city)]
    assert told == [ERASED, "Samira", "Samira", NAME, NAME]


def test_the_last_redacteur_is_not_erased(city: sa.Engine) -> None:
    erase(city, FATMA)
    with pytest.raises(AccountError, match="Dit is de laatste redacteur"):
        erase(city, YARA)
    with Session(city) as session:
        assert accounts.find_account(session, YARA) is not None


def test_someone_erases_the_own_account(app: Flask, city: sa.Engine) -> None:
    client = enter(app, city, SAMIRA, Role.WIJK_CONTACT, area="NK")
    assert 'href="/bureau/wissen"' in client.get("/bureau").text
    page = client.get("/bureau/wissen").text
    for words in ("Dit kan niet terug", "Samira, samira@buurt.example", "‘gewist account’"):
        assert words in page
    assert post(client, "/bureau/wissen") == (303, "/inloggen?gewist=1")
    assert client.get_cookie(doors.COOKIE) is None
    assert "Uw account is gewist" in client.get("/inloggen?gewist=1").text
    assert mentions(city, SAMIRA) == []


def test_looking_at_the_page_erases_nothing(app: Flask, city: sa.Engine) -> None:
    yara = enter(app, city, YARA, Role.REDACTEUR)
    for page in ("/bureau/wissen", f"{page_of(city, FATMA)}/wissen"):
        assert yara.get(page).status_code == 200
    with Session(city) as session:
        assert len(session.exec(select(Account)).all()) == 3


def page_of(engine: sa.Engine, mail: str) -> str:
    with Session(engine) as session:
        account = accounts.find_account(session, mail)
        assert account is not None
        return f"/bureau/accounts/{account.id}"


def test_a_redacteur_erases_somebody(app: Flask, city: sa.Engine) -> None:
    yara = enter(app, city, YARA, Role.REDACTEUR)
    page = page_of(city, FATMA)
    assert f'href="{page}/wissen"' in yara.get(page).text
    done = (303, "/bureau/accounts?klaar=gewist")
    assert post(yara, f"{page}/wissen") == done
    listed = yara.get(done[1]).text
    assert "Het account is gewist" in listed
    assert NAME not in listed
    assert yara.get(page).status_code == 404


def test_the_desk_says_why_the_last_redacteur_stays(app: Flask, city: sa.Engine) -> None:
    yara = enter(app, city, YARA, Role.REDACTEUR)
    own = page_of(city, YARA)
    assert yara.get(f"{own}/wissen").headers["Location"] == "/bureau/wissen"
    erase(city, FATMA)
    status, page = post(yara, "/bureau/wissen")
    assert status == 422
    assert "Dit is de laatste redacteur" in page
    assert yara.get("/bureau").status_code == 200


def test_a_wijk_contact_erases_nobody_else(app: Flask, city: sa.Engine) -> None:
    samira = enter(app, city, SAMIRA, Role.WIJK_CONTACT, area="NK")
    page = f"{page_of(city, FATMA)}/wissen"
    assert samira.get(page).status_code == 403
    assert post(samira, "/bureau", page)[0] == 403
    assert mentions(city, FATMA) == ["account.mail"]


@pytest.mark.sqlite
def test_no_file_holds_what_was_erased(app: Flask, city: sa.Engine, folder: Path) -> None:
    yara = enter(app, city, YARA, Role.REDACTEUR)
    assert files_with(folder, NAME)
    post(yara, f"{page_of(city, FATMA)}/wissen")
    assert files_with(folder, NAME) == []
    assert files_with(folder, FATMA) == []


def files_with(folder: Path, words: str) -> list[str]:
    """The files of an instance that hold these words."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in paths if words.encode() in path.read_bytes()]
