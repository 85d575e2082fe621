"""Summaries in other languages: who may write them, what is shown, and what never loses them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from importers.report import Report
from importers.run import import_listings, undo
from importers.run.summaries import load_summaries
from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.listings.export import as_csv, rows
from socialmap.listings.find import all_values
from socialmap.listings.summaries import NOUN, Written, save_summary, summaries_of
from socialmap.models import Change, Listing, ListingSummary
from socialmap.models.terms import Door, Language, Role
from tests.entering import OWN, enter, proof
from tests.factories import DRAAD, NOW, TODAY, listing, save
from tests.reading import Visitor, plain

pytestmark = pytest.mark.pages

TURKISH = "Birlikte cesaret etmeyi öğreniyoruz."
ARABIC = "نتعلم معًا أن نجرؤ."
FORM = "/bijwerken/judo/talen/tr"
HEADER = "id;taal;samenvatting;door;op;voorbeeld\n"


@pytest.fixture
def judo(engine: sa.Engine) -> None:
    save(engine, listing("judo", provider=DRAAD))


@pytest.fixture
def editor(app: Flask, engine: sa.Engine, judo: None) -> FlaskClient:
    mail = "fatma@draad.example"
    return enter(app, engine, mail, Role.EDITOR, provider="draad-daad", name="Fatma")


def boxes(text: str = TURKISH, **others: str) -> dict[str, str]:
    """A form that is filled in right, but for what `others` says."""
    usual = {"text": text, "written_by": "Gülay", "written_on": "2026-11-02", "human": "1"}
    return {name: value for name, value in {**usual, **others}.items() if value}


def sent(client: FlaskClient, page: str = FORM, act: str = "opslaan", **typed: str) -> tuple:
    """Send the form as it is there now; returns the status, and the answer or where it leads."""
    given = client.get(page).text
    seen = given.split('name="gezien" value="')[1].split('"')[0]
    data = {"bewijs": proof(given), "gezien": seen, "doe": act, **typed}
    answer = client.post(page, data=data, headers=OWN)
    return answer.status_code, answer.headers.get("Location") or answer.text


def written(engine: sa.Engine, key: str = "judo") -> dict[Language, ListingSummary]:
    with Session(engine) as session:
        id = session.exec(select(Listing.id).where(Listing.key == key)).one()
        return summaries_of(session, id)


def write(engine: sa.Engine, key: str, language: Language, text: str) -> None:
    """Somebody has written a summary."""
    with db.writing(engine) as session:
        one = session.exec(select(Listing).where(Listing.key == key)).one()
        told = Written(text, "Gülay", date(2026, 11, 2))
        save_summary(session, one, language, told, Author("Gülay", Door.FORM, NOW))


# Writing it


def test_who_edits_a_listing_writes_its_summary(
    editor: FlaskClient, engine: sa.Engine, visitor: Visitor
) -> None:
    assert "Andere talen Nog niet ingevuld" in plain(editor.get("/bijwerken/judo").text)
    assert sent(editor, **boxes()) == (303, "/bijwerken/judo/talen?klaar=tr")
    page = visitor.reads("/aanbod/judo")
    assert f'<p lang="tr" dir="ltr" class="lead">{TURKISH}</p>' in page
    assert "In het Turks, geschreven door Gülay op 2 november 2026." in plain(page)
    assert "veranderd" not in plain(page)
    assert "Andere talen Turks" in plain(editor.get("/bijwerken/judo").text)


def test_right_to_left_is_shown_so(judo: None, engine: sa.Engine, visitor: Visitor) -> None:
    write(engine, "judo", Language.AR, ARABIC)
    assert f'<p lang="ar" dir="rtl" class="lead">{ARABIC}</p>' in visitor.reads("/aanbod/judo")


def test_a_choice_of_language_leads_to_its_form(editor: FlaskClient) -> None:
    answer = editor.get("/bijwerken/judo/talen?taal=ar")
    assert answer.location == "/bijwerken/judo/talen/ar"
    form = editor.get(answer.location).text
    assert 'lang="ar" dir="rtl"' in form
    assert "Oefenen met durven" in form, "the Dutch one stands beside it"
    for unknown in ("nl", "dse", "xx"):
        assert editor.get(f"/bijwerken/judo/talen/{unknown}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"text": " "}, "Schrijf de samenvatting, of kies “Haal deze taal weg”."),
        ({"text": "a" * 603}, "Dit zijn 603 tekens. Maak het 3 tekens korter."),
        ({"written_by": ""}, "Wie schreef dit? Een naam of een organisatie is genoeg."),
        ({"written_on": ""}, "Op welke dag is dit geschreven?"),
        ({"written_on": "gisteren"}, "Dit is geen datum. Schrijf hem als 24-11-2026."),
        ({"written_on": "2026-11-24"}, "Deze dag moet nog komen."),
        ({"human": ""}, "Zet alleen neer wat een mens schreef of nakeek."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    editor: FlaskClient, engine: sa.Engine, typed: dict[str, str], message: str
) -> None:
    status, page = sent(editor, **boxes(**typed))
    assert status == 422
    assert message in plain(page)
    assert typed.get("text", TURKISH).strip() in page
    assert written(engine) == {}


def test_text_is_shown_as_text(editor: FlaskClient, visitor: Visitor) -> None:
    sent(editor, **boxes("<b>Merhaba</b>", written_by="<i>Gülay</i>"))
    page = visitor.reads("/aanbod/judo")
    assert "&lt;b&gt;Merhaba&lt;/b&gt;" in page
    assert "<i>Gülay" not in page


def test_sending_twice_is_one_change(editor: FlaskClient, session: Session) -> None:
    sent(editor, **boxes())
    assert sent(editor, **boxes())[0] == 303
    assert len(changes(session)) == 1


def changes(session: Session) -> list[Change]:
    return list(session.exec(select(Change).where(Change.noun == NOUN).order_by(Change.id)))


def test_every_change_stands_in_history(editor: FlaskClient, session: Session) -> None:
    sent(editor, **boxes())
    sent(editor, **boxes("Yeni metin."))
    assert sent(editor, act="weg")[0] == 303
    first, second, third = changes(session)
    assert {one.by for one in (first, second, third)} == {"Fatma"}
    assert {one.field for one in (first, second, third)} == {"tr"}
    assert first.before is None
    assert first.after["text"] == TURKISH
    assert second.after["text"] == third.before["text"] == "Yeni metin."
    assert third.after is None


def test_it_can_be_taken_away(editor: FlaskClient, engine: sa.Engine, visitor: Visitor) -> None:
    sent(editor, **boxes())
    sent(editor, act="weg")
    assert written(engine) == {}
    assert TURKISH not in visitor.reads("/aanbod/judo")


def test_two_at_once_see_each_other(editor: FlaskClient, engine: sa.Engine) -> None:
    stale = editor.get(FORM).text
    write(engine, "judo", Language.TR, "Başka bir metin.")
    seen = stale.split('name="gezien" value="')[1].split('"')[0]
    data = {"bewijs": proof(stale), "gezien": seen, "doe": "opslaan", **boxes()}
    answer = editor.post(FORM, data=data, headers=OWN)
    assert answer.status_code == 409
    assert "Başka bir metin." in answer.text
    assert TURKISH in answer.text, "what was typed stays"
    assert written(engine)[Language.TR].text == "Başka bir metin."
    seen = answer.text.split('name="gezien" value="')[1].split('"')[0]
    again = {**data, "bewijs": proof(answer.text), "gezien": seen}
    assert editor.post(FORM, data=again, headers=OWN).status_code == 303
    assert written(engine)[Language.TR].text == TURKISH


def test_a_form_without_its_token_changes_nothing(editor: FlaskClient, engine: sa.Engine) -> None:
    answer = editor.post(FORM, data=boxes(), headers=OWN)
    assert answer.status_code == 422
    assert TURKISH in answer.text
    assert written(engine) == {}


# When the Dutch one changes


def test_a_changed_dutch_text_is_said(
    editor: FlaskClient, engine: sa.Engine, visitor: Visitor
) -> None:
    sent(editor, **boxes())
    save(engine, listing("judo", provider=DRAAD, summary="Iets heel anders."))
    told = "De Nederlandse tekst is sindsdien veranderd."
    assert told in visitor.text("/aanbod/judo")
    made = visitor.client.get("/lijstje?aanbod=judo&lees=tr&klaar=1").location
    assert told in visitor.text(made)
    assert "Kijk na: Turks" in plain(editor.get("/bijwerken/judo").text)
    form = plain(editor.get(FORM).text)
    assert "Toen: Oefenen met durven" in form
    sent(editor, **boxes())
    assert told not in visitor.text("/aanbod/judo"), "saved again: it still holds"


# On the list for a family


def test_list_is_read_in_a_language_where_there_is_one(visitor: Visitor, engine: sa.Engine) -> None:
    visitor.knows(listing("judo"), listing("naailes"))
    write(engine, "judo", Language.AR, ARABIC)
    draft = visitor.reads("/lijstje?aanbod=judo&aanbod=naailes")
    assert '<option value="ar">Arabisch (العربية)</option>' in draft
    assert '<option value="tr">' not in draft
    made = visitor.client.get("/lijstje?aanbod=judo&aanbod=naailes&lees=ar&klaar=1").location
    assert made.endswith("?lees=ar")
    page = visitor.reads(made)
    assert f'lang="ar" dir="rtl">{ARABIC}</p>' in page
    assert "In het Arabisch, geschreven door Gülay op 2 november 2026." in plain(page)
    assert "Niemand schreef deze tekst nog in het Arabisch." in plain(page)
    assert plain(page).count("Oefenen met durven") == 1, "the other one is in Dutch"
    assert plain(visitor.reads(made.split("?")[0])).count("Oefenen met durven") == 2


@pytest.mark.parametrize("language", ["nl", "dse", "xx", ""])
def test_an_unknown_language_is_dutch(visitor: Visitor, language: str) -> None:
    visitor.knows(listing("judo"))
    made = visitor.client.get(f"/lijstje?aanbod=judo&lees={language}&klaar=1").location
    assert "?" not in made
    assert "Oefenen met durven" in visitor.text(f"{made}?lees={language}")


# What keeps them, and what takes them along


def as_file(engine: sa.Engine, path: Path) -> Path:
    """All listings as a file that can be imported."""
    with Session(engine) as session:
        told = list(as_csv(rows(all_values(session), area_tree(session))))
    path.write_text("".join(told), "utf-8", newline="")
    return path


def imported(engine: sa.Engine, file: Path) -> Report:
    report = import_listings(engine, file, by="Bo", now=NOW, save=True)
    assert not report.problems
    return report


def test_an_import_leaves_them_alone(judo: None, engine: sa.Engine, tmp_path: Path) -> None:
    write(engine, "judo", Language.TR, TURKISH)
    file = as_file(engine, tmp_path / "aanbod.csv")
    told = file.read_text("utf-8").replace("Oefenen met durven", "Durven")
    file.write_text(told, "utf-8", newline="")
    assert imported(engine, file).changed == 1
    found = written(engine)[Language.TR]
    assert found.text == TURKISH
    assert found.is_behind("Durven, samen met anderen.")


def test_they_go_with_their_listing(judo: None, engine: sa.Engine, session: Session) -> None:
    write(engine, "judo", Language.TR, TURKISH)
    with db.writing(engine) as writing:
        Editor(writing, area_tree(writing), Author("test", Door.FORM, NOW)).remove(["judo"])
    assert session.exec(select(ListingSummary)).all() == []


def test_undoing_an_import_keeps_what_somebody_translated_since(
    engine: sa.Engine, tmp_path: Path, judo: None, session: Session
) -> None:
    file = as_file(engine, tmp_path / "aanbod.csv")
    told = file.read_text("utf-8").replace("judo;", "karate;").replace("Judo", "Karate")
    file.write_text(told, "utf-8", newline="")
    report = imported(engine, file)
    write(engine, "karate", Language.TR, TURKISH)
    assert report.number is not None
    later = NOW + timedelta(hours=1)
    undone = undo(engine, report.number, by="Bo", now=later, save=True)
    assert any("karate" in line and "Gülay" in line for line in undone.lines), undone.lines
    assert written(engine, "karate")[Language.TR].text == TURKISH


@pytest.mark.parametrize(
    "row",
    [
        {"language": "nl"},
        {"language": "dse"},
        {"language": "xx"},
        {"text": ""},
        {"written_by": ""},
    ],
)
def test_the_database_refuses_what_is_none(
    judo: None, engine: sa.Engine, row: dict[str, str]
) -> None:
    with Session(engine) as session:
        id = session.exec(select(Listing.id)).first()
    whole = {"language": "tr", "text": TURKISH, "written_by": "Gülay", "of_text": ""} | row
    table = ListingSummary.__table__
    loose = sa.table(table.name, *(sa.column(one.name) for one in table.columns))
    held = whole | {"listing_id": id.hex, "written_on": TODAY, "is_example": False}
    if engine.dialect.name == "postgresql":
        held["listing_id"] = id
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(loose.insert().values(held))


# The file


def loaded(engine: sa.Engine, path: Path, *lines: str) -> Report:
    path.write_text(HEADER + "\n".join(lines), "utf-8-sig")
    with db.writing(engine) as session:
        return load_summaries(session, path, Author("startset", Door.IMPORT, NOW))


def test_a_file_of_summaries_is_loaded(judo: None, engine: sa.Engine, tmp_path: Path) -> None:
    line = f"judo;tr;{TURKISH};Gülay;2-11-2026;ja"
    assert loaded(engine, tmp_path / "summaries.csv", line).created == 1
    found = written(engine)[Language.TR]
    assert (found.text, found.written_by, found.is_example) == (TURKISH, "Gülay", True)
    assert found.written_on == date(2026, 11, 2)
    again = loaded(engine, tmp_path / "summaries.csv", line)
    assert (again.created, again.unchanged) == (0, 1)


def test_what_is_wrong_in_a_file_is_named_and_nothing_is_kept(
    judo: None, engine: sa.Engine, tmp_path: Path
) -> None:
    report = loaded(
        engine,
        tmp_path / "summaries.csv",
        f"judo;tr;{TURKISH};Gülay;2026-11-02;ja",
        f"judo;tr;{TURKISH};Gülay;2026-11-02;ja",
        f"jud;tr;{TURKISH};Gülay;2026-11-02;",
        "judo;nl;Tekst;Gülay;2026-11-02;",
        f"judo;ar;{'a' * 601};;gisteren;",
        f"judo;en;{'a' * 601};Ann;2026-11-02;",
    )
    told = [str(problem) for problem in report.problems]
    assert any(one.startswith("regel 3, kolom taal") and "regel 2" in one for one in told)
    assert any(one.startswith('regel 4, kolom id, "jud"') for one in told)
    assert any(one.startswith('regel 5, kolom taal, "nl"') for one in told)
    assert any(one.startswith("regel 6, kolom door") for one in told)
    assert any(one.startswith("regel 6, kolom op") for one in told)
    assert any("601 tekens; maak het 1 korter" in one for one in told)
    assert report.wrong == 5
    assert not report.is_saved
    assert written(engine) == {}


@pytest.mark.sqlite
def test_examples_are_there_and_marked(full_app: Flask) -> None:
    with Session(full_app.extensions["engine"]) as session:
        found = session.exec(select(ListingSummary)).all()
    assert {row.language for row in found} == {Language.TR, Language.AR, Language.EN}
    assert all(row.is_example for row in found)
