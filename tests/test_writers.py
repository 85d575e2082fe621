"""Several writers at once: nobody fails and nothing is lost, on either database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import db
from socialmap.geo.tree import area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.listings.find import load_listings
from socialmap.models import Change, Listing, Outbox, Person, Provider, WijkContact
from socialmap.models.terms import Door
from socialmap.people import OverlapError, WijkContactValues, save_wijk_contacts
from tests.factories import DRAAD, NOW, TODAY, listing, save

WRITERS, ROUNDS = 6, 6
VACANT = "NK03"
"""A buurt, and buurten have no contact of their own."""


def together(work: Callable[[int], object]) -> list[object]:
    """Do the work of several writers at the same time; returns what each returned."""
    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(work, range(WRITERS)))


def test_writers_that_choose_the_same_names_all_succeed(engine: sa.Engine) -> None:
    def write(number: int) -> None:
        for turn in range(ROUNDS):
            save(engine, listing(f"van-{number}-{turn}", title="Kop op", provider=DRAAD))

    together(write)
    with Session(engine) as session:
        slugs = set(session.exec(select(Listing.slug)))
        numbered = {f"kop-op-{number}" for number in range(2, WRITERS * ROUNDS + 1)}
        assert slugs == {"kop-op"} | numbered
        assert session.exec(select(Provider).where(Provider.name == DRAAD.name)).one()
        for table in (Outbox, Change):
            assert len(session.exec(select(table)).all()) == WRITERS * ROUNDS


def test_no_writer_overwrites_another(engine: sa.Engine) -> None:
    [saved] = save(engine, listing(description="begin"))

    def add_words(number: int) -> None:
        for turn in range(ROUNDS):
            with db.writing(engine) as session:
                editor = Editor(session, area_tree(session), Author("test", Door.FORM, NOW))
                [known] = load_listings(session, [saved.listing_id])
                values = editor.values_of(known)
                longer = f"{values.description} {number}-{turn}"
                editor.save(values.model_copy(update={"description": longer}))

    together(add_words)
    with Session(engine) as session:
        [known] = load_listings(session, [saved.listing_id])
        words = known.description.split()
    wanted = {f"{number}-{turn}" for number in range(WRITERS) for turn in range(ROUNDS)}
    assert sorted(words) == sorted({"begin"} | wanted)


def test_the_outbox_numbers_follow_the_order_of_the_commits(engine: sa.Engine) -> None:
    """Draining forgets all rows up to the last it read: no lower number may appear later."""
    seen: list[list[int]] = []

    def write(number: int) -> None:
        for turn in range(ROUNDS):
            save(engine, listing(f"van-{number}-{turn}"))
            with Session(engine) as session:
                seen.append(sorted(id or 0 for id in session.exec(select(Outbox.id))))

    together(write)
    final = max(seen, key=len)
    for numbers in seen:
        assert numbers == final[: len(numbers)]


def test_one_of_two_people_gets_a_vacant_area(engine: sa.Engine) -> None:
    with Session(engine) as session:
        keys = session.exec(select(Person.key).limit(WRITERS)).all()

    def claim(number: int) -> bool:
        try:
            with db.writing(engine) as session:
                save_wijk_contacts(session, [WijkContactValues(VACANT, keys[number], TODAY)])
        except OverlapError:
            return False
        return True

    assert sorted(map(bool, together(claim))) == [False] * (WRITERS - 1) + [True]
    with Session(engine) as session:
        assert session.exec(select(WijkContact).where(WijkContact.area_code == VACANT)).one()


def test_a_new_order_of_areas_is_kept_and_a_repeat_is_not(engine: sa.Engine) -> None:
    save(engine, listing(coverage=["N", "stad", "N"]))
    [saved] = save(engine, listing(coverage=["stad", "K", "N"]))
    assert saved.fields == {"coverage"}
    [saved] = save(engine, listing(coverage=["stad", "K", "N", "K"]))
    assert saved.fields == frozenset()
