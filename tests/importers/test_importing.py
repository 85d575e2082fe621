"""Importing a file of listings: dry, saved, twice, in part, and after changes by hand."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from importers.run import load_folder
from socialmap.config import DATA
from socialmap.models import (
    Alternative,
    Change,
    ImportRun,
    Listing,
    ListingCard,
    Outbox,
    Person,
    Provider,
)
from socialmap.models.terms import ChangeState, Door
from tests.factories import NOW, save
from tests.importers.rows import NO_PLACE, contents, counts, extra_place, load, row, write


def whole(session: Session, key: str = "kop-op") -> Listing:
    query = select(Listing).where(Listing.key == key).options(*Listing.everything())
    return session.exec(query).one()


def test_an_import_is_dry_unless_told_to_save(engine: sa.Engine, tmp_path: Path) -> None:
    path, before = write(tmp_path / "a.csv", [row()]), contents(engine)
    report = load(engine, path, save=False)
    assert counts(report) == (1, 0, 0, 0)
    assert not report.is_saved
    assert "niets bewaard" in report.summary()
    assert contents(engine) == before


def test_a_saved_row_is_a_listing_with_all_that_it_says(engine: sa.Engine, tmp_path: Path) -> None:
    assert load(engine, write(tmp_path / "a.csv", [row()])).is_saved
    with Session(engine) as session:
        listing = whole(session)
        assert listing.provider is not None
        assert listing.provider.name == "Praktijk Overstag"
        assert (listing.min_age_months, listing.max_age_months) == (144, 227)
        assert listing.theme_ids == ["faalangst", "zelfvertrouwen"]
        assert listing.steps == "Bel Ilse\nEen half uur praten"
        assert [place.name for place in listing.places] == ["OBA Van der Pek"]
        assert [(place.area_code, place.area_is_own) for place in listing.places] == [
            ("NK03", True)
        ]
        assert [one.area_code for one in listing.coverage] == ["N"]
        assert [str(one.starts_at) for one in listing.sessions] == ["15:45:00"]
        assert [one.person.key for one in listing.contacts] == ["ilse-brandsma"]
        assert listing.card is not None
        assert listing.card.data["title"] == "Kop op"
        assert session.exec(select(ImportRun)).one().created == 1
        assert session.exec(select(Outbox.listing_id)).one() == listing.id
        birth = session.exec(select(Change)).one()
        assert (birth.field, birth.by, birth.door) == ("", "test", Door.IMPORT)


def test_the_same_file_twice_changes_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    rows = [row(), row("los", **NO_PLACE), extra_place("los")]
    rows[2] |= {"plek": "Buurtkamer De Die", "straat": "Loenermark", "huisnummer": "900"}
    rows[2] |= {"zichtbaarheid": "exact"}
    path = write(tmp_path / "a.csv", rows)
    load(engine, path)
    before = contents(engine)
    report = load(engine, path)
    assert counts(report) == (0, 0, 2, 0)
    assert contents(engine) == before


def test_the_starting_set_twice_changes_nothing(engine: sa.Engine) -> None:
    first = load(engine, DATA / "providers.csv")
    before = contents(engine)
    second = load(engine, DATA / "providers.csv")
    assert counts(second) == (0, 0, first.created, 0)
    assert contents(engine) == before
    assert load_folder(engine, DATA, NOW).summary() == "alles stond er al"
    assert contents(engine) == before


def test_one_changed_cell_is_one_changed_listing(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row(), row("twee")]))
    report = load(engine, write(tmp_path / "b.csv", [row(telefoon="020 000 0099"), row("twee")]))
    assert counts(report) == (0, 1, 1, 0)
    with Session(engine) as session:
        change = session.exec(select(Change).where(Change.field != "")).one()
        assert (change.field, change.before, change.after) == (
            "phone",
            "020 000 0011",
            "020 000 0099",
        )


def test_a_further_row_adds_a_place(engine: sa.Engine, tmp_path: Path) -> None:
    second = extra_place("kop-op", plek="Ergens", zichtbaarheid="exact", lat="52,39", lon="4,92")
    assert counts(load(engine, write(tmp_path / "a.csv", [row(), second]))) == (1, 0, 0, 0)
    with Session(engine) as session:
        assert [place.name for place in whole(session).places] == ["OBA Van der Pek", "Ergens"]


def test_skip_bad_writes_the_good_rows_only(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(), row("fout", niveau="zwaar")])
    assert not load(engine, path).is_saved
    report = load(engine, path, skip_bad=True)
    assert counts(report) == (1, 0, 0, 1)
    assert report.is_saved
    with Session(engine) as session:
        assert session.exec(select(Listing.key)).all() == ["kop-op"]


def test_skip_bad_skips_what_leads_to_a_skipped_row(engine: sa.Engine, tmp_path: Path) -> None:
    ended = {"status": "gestopt", "gestopt_op": "2026-10-01"}
    rows = [
        row("een", **ended, alternatieven="twee"),
        row("twee", **ended, alternatieven="drie"),
        row("drie", niveau="zwaar"),
        row("vier"),
    ]
    report = load(engine, write(tmp_path / "a.csv", rows), skip_bad=True)
    assert counts(report) == (1, 0, 0, 3)
    assert {problem.column for problem in report.problems} == {"alternatieven", "niveau"}


def test_an_alternative_may_stand_further_on(engine: sa.Engine, tmp_path: Path) -> None:
    ended = row("oud", status="gestopt", gestopt_op="2026-10-01", alternatieven="nieuw|kop-op")
    path = write(tmp_path / "a.csv", [ended, row(), row("nieuw")])
    assert counts(load(engine, path)) == (3, 0, 0, 0)
    assert counts(load(engine, path)) == (0, 0, 3, 0)
    with Session(engine) as session:
        assert len(session.exec(select(Alternative)).all()) == 2


def test_a_known_listing_gets_a_new_alternative_in_one_step(
    engine: sa.Engine, tmp_path: Path
) -> None:
    ended = {"status": "gestopt", "gestopt_op": "2026-10-01"}
    load(engine, write(tmp_path / "a.csv", [row("oud", **ended, alternatieven="een"), row("een")]))
    rows = [row("oud", **ended, alternatieven="twee"), row("een"), row("twee")]
    assert counts(load(engine, write(tmp_path / "b.csv", rows))) == (1, 1, 1, 0)
    with Session(engine) as session:
        query = select(Change).where(Change.field == "alternatives").order_by(Change.id)
        last = session.exec(query).all()[-1]
        assert (last.before, last.after) == (["een"], ["twee"])


def changed_by_hand(engine: sa.Engine, **values: Any) -> None:
    """Change the listing as a provider would, by a form."""
    from socialmap.geo.tree import area_tree
    from socialmap.listings.edits import Author, Editor

    with Session(engine) as session:
        editor = Editor(session, area_tree(session), Author("Ilse", Door.FORM, NOW))
        now = editor.values_of(whole(session))
    save(engine, now.model_copy(update=values))


def test_a_change_by_hand_is_kept(engine: sa.Engine, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row()])
    load(engine, path)
    changed_by_hand(engine, phone="020 000 0077")
    report = load(engine, path)
    assert counts(report) == (0, 0, 1, 0)
    assert report.notices == []
    with Session(engine) as session:
        assert whole(session).phone == "020 000 0077"


def test_a_newer_value_than_a_change_by_hand_is_proposed(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row()]))
    changed_by_hand(engine, phone="020 000 0077")
    newer = write(tmp_path / "b.csv", [row(telefoon="020 000 0088", titel="Kop erbij")])
    report = load(engine, newer)
    assert counts(report) == (0, 1, 0, 0)
    assert report.notices == [
        "regel 2, kop-op: telefoon is intussen gewijzigd, met de hand of door een ander bestand, "
        "en blijft zo; wat dit bestand zegt, is voorgesteld"
    ]
    with Session(engine) as session:
        assert (whole(session).phone, whole(session).title) == ("020 000 0077", "Kop erbij")
        proposed = session.exec(select(Change).where(Change.state == ChangeState.PROPOSED)).one()
        assert (proposed.field, proposed.after) == ("phone", "020 000 0088")
    assert load(engine, newer).notices == []


REFUSE = {
    "sqlite": (
        "CREATE TRIGGER refuse BEFORE INSERT ON listing WHEN NEW.key = 'twee' "
        "BEGIN SELECT RAISE(ABORT, 'not this one'); END"
    ),
    "postgresql": (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'not this one' USING ERRCODE = 'check_violation'; END $$; "
        "CREATE TRIGGER refuse BEFORE INSERT ON listing "
        "FOR EACH ROW WHEN (NEW.key = 'twee') EXECUTE FUNCTION refuse()"
    ),
}


def test_what_the_database_refuses_is_named(engine: sa.Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(REFUSE[engine.dialect.name])
    path = write(tmp_path / "a.csv", [row(), row("twee", aanbieder="Ander"), row("drie")])
    report = load(engine, path)
    assert counts(report) == (2, 0, 0, 1)
    assert not report.is_saved
    problem = report.problems[0]
    assert (problem.line, problem.value) == (3, "twee")
    assert problem.message == "de database weigert dit: not this one"
    assert load(engine, path, skip_bad=True).is_saved
    with Session(engine) as session:
        assert sorted(session.exec(select(Listing.key))) == ["drie", "kop-op"]
        assert session.exec(select(Provider.name)).all() == ["Praktijk Overstag"]


def test_a_place_that_moves_renews_the_cards_of_all_who_are_there(
    engine: sa.Engine, tmp_path: Path
) -> None:
    load(engine, write(tmp_path / "a.csv", [row(), row("twee")]))
    report = load(engine, write(tmp_path / "b.csv", [row(lat="52.39"), row("twee", lat="52.39")]))
    assert report.is_saved
    with Session(engine) as session:
        cards = session.exec(select(ListingCard)).all()
        assert [card.data["places"][0]["lat"] for card in cards] == [52.39, 52.39]  # type: ignore[index]


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("4", "12", (48, 155)),
        ("0", "0.5", (0, 6)),
        ("0,5", "2,5", (6, 30)),
        ("", "23", (None, 287)),
        ("16", "", (192, None)),
    ],
)
def test_ages_are_inclusive_at_both_ends(
    engine: sa.Engine,
    tmp_path: Path,
    first: str,
    last: str,
    months: tuple[int | None, int | None],
) -> None:
    load(engine, write(tmp_path / "a.csv", [row(leeftijd_van=first, leeftijd_tm=last)]))
    with Session(engine) as session:
        listing = whole(session)
        assert (listing.min_age_months, listing.max_age_months) == months
        assert listing.ages_known


def test_an_unknown_age_is_not_the_same_as_no_limit(engine: sa.Engine, tmp_path: Path) -> None:
    load(engine, write(tmp_path / "a.csv", [row(leeftijd_van="0", leeftijd_tm="onbekend")]))
    with Session(engine) as session:
        listing = whole(session)
        assert not listing.ages_known
        assert listing.min_age_months is None


def test_a_closure_ends_by_itself_and_the_meetings_do_not(
    engine: sa.Engine, tmp_path: Path
) -> None:
    closed = row(status="tijdelijk-dicht", gestopt_op="1-11-2026", van="", tot="14-1-2027")
    load(engine, write(tmp_path / "a.csv", [closed]))
    with Session(engine) as session:
        listing = whole(session)
        assert str(listing.closed_from) == "2026-11-01"
        assert str(listing.closed_until) == "2027-01-14"
        assert [one.until_on for one in listing.sessions] == [None]


def test_progress_counts_every_listing(engine: sa.Engine) -> None:
    from importers.run import import_listings

    told: list[int] = []
    report = import_listings(
        engine, DATA / "providers.csv", by="test", now=NOW, progress=told.append
    )
    assert sum(told) == report.created
    assert len(told) > 1


def test_people_and_teams_are_loaded_with_what_they_agreed_to_show(engine: sa.Engine) -> None:
    with Session(engine) as session:
        people = session.exec(select(Person)).all()
        assert len(people) >= 200
