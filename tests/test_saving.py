"""Saving what someone typed: what is live at once, what waits, and two people at once."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from socialmap import accounts, db, reviews
from socialmap.geo.tree import area_tree
from socialmap.listings.values import PlaceValues
from socialmap.models import Account, Change, Edit, Listing, Provider
from socialmap.models.terms import ChangeState, EditState, Role, Room
from socialmap.reviews import Outcome, Typed
from tests.factories import NOW, TODAY, listing, save

FATMA, JOOST = "fatma@noordlicht.example", "joost@noordlicht.example"
ELSEWHERE = PlaceValues(street="Heimansweg", house_number="33", postcode="1031BC", area_code="NK03")


@pytest.fixture
def city(engine: sa.Engine) -> sa.Engine:
    """A listing with two editors."""
    save(engine, listing())
    with db.writing(engine) as session:
        provider = session.exec(select(Provider.slug)).one()
        for mail in (FATMA, JOOST):
            name = mail.partition("@")[0].title()
            accounts.add_role(session, mail, Role.EDITOR, TODAY, provider=provider, name=name)
    return engine


def seen(engine: sa.Engine) -> int:
    with Session(engine) as session:
        return reviews.last_change(session, session.exec(select(Listing.id)).one())


def put(
    engine: sa.Engine,
    who: str,
    at: int,
    *chosen: str,
    may_check: bool = False,
    shown_at: int = 0,
    **values: Any,
) -> Outcome:
    """Save these values by an account, typed in a form that was given out at a moment."""
    with db.writing(engine) as session:
        account = session.exec(select(Account).where(Account.mail == who)).one()
        found = session.exec(select(Listing)).one()
        typed = Typed(values, at, frozenset(chosen), shown_at)
        tree = area_tree(session)
        outcome = reviews.save(session, tree, account, found, typed, NOW, may_check=may_check)
        session.expunge_all()
        return outcome


def shown(engine: sa.Engine, *names: str) -> tuple[Any, ...]:
    with Session(engine) as session:
        found = session.exec(select(Listing)).one()
        return tuple(getattr(found, name) for name in names)


def test_a_safe_field_is_live_and_a_risky_one_waits(city: sa.Engine, session: Session) -> None:
    outcome = put(city, FATMA, seen(city), title="Kop d’r veur", summary="Durven leer je samen.")
    assert (outcome.saved, outcome.waiting) == ({"summary"}, {"title"})
    assert shown(city, "title", "summary") == ("Kop op", "Durven leer je samen.")
    edit = session.exec(select(Edit)).one()
    assert (edit.state, edit.listing_id) == (EditState.WAITING, outcome.edit.listing_id)
    changes = session.exec(select(Change).where(Change.edit_id == edit.id)).all()
    told = {(row.field, row.before, row.after, row.state, row.by) for row in changes}
    assert told == {
        ("summary", "Oefenen met durven, samen met anderen.", "Durven leer je samen.")
        + (ChangeState.APPLIED, "Fatma"),
        ("title", "Kop op", "Kop d’r veur", ChangeState.PROPOSED, "Fatma"),
    }


def test_who_may_check_need_not_wait(city: sa.Engine) -> None:
    outcome = put(city, FATMA, seen(city), may_check=True, title="Durf")
    assert (outcome.saved, outcome.waiting) == ({"title"}, frozenset())
    assert shown(city, "title") == ("Durf",)


def test_the_same_twice_changes_nothing_and_waits_once(city: sa.Engine, session: Session) -> None:
    at = seen(city)
    put(city, FATMA, at, title="Durf", phone="020 000 0012")
    again = put(city, FATMA, at, title="Durf", phone="020 000 0012")
    assert (again.saved, again.waiting, again.conflicts) == (frozenset(), frozenset(), ())
    assert len(session.exec(select(Edit)).all()) == 1


def test_a_newer_proposal_takes_the_place_of_an_older(city: sa.Engine, session: Session) -> None:
    put(city, FATMA, seen(city), title="Durf")
    put(city, JOOST, seen(city), title="Lef")
    states = {
        row.after: row.state for row in session.exec(select(Change).where(Change.field == "title"))
    }
    assert states == {"Durf": ChangeState.OVERTAKEN, "Lef": ChangeState.PROPOSED}
    assert sorted(row.state for row in session.exec(select(Edit))) == ["overtaken", "waiting"]


def test_two_fields_of_two_people_are_both_kept(city: sa.Engine) -> None:
    at = seen(city)
    put(city, FATMA, at, phone="020 000 0012", mail=None)
    outcome = put(city, JOOST, at, phone="020 000 0077", mail="kop@noordlicht.example")
    assert outcome.saved == {"mail"}
    assert shown(city, "phone", "mail") == ("020 000 0012", "kop@noordlicht.example")


def test_the_second_of_two_sees_both_and_chooses(city: sa.Engine) -> None:
    at = seen(city)
    put(city, FATMA, at, phone="020 000 0012")
    typed = {"phone": "020 000 0013", "mail": "kop@noordlicht.example"}
    outcome = put(city, JOOST, at, **typed)
    [conflict] = outcome.conflicts
    assert (conflict.field, conflict.by) == ("phone", "Fatma")
    assert (conflict.here, conflict.typed) == ("020 000 0012", "020 000 0013")
    assert shown(city, "phone", "mail") == ("020 000 0012", None)
    both = seen(city)
    assert put(city, JOOST, at, "phone", shown_at=both, **typed).saved == {"phone", "mail"}
    assert shown(city, "phone", "mail") == ("020 000 0013", "kop@noordlicht.example")


def test_a_choice_holds_for_what_was_seen(city: sa.Engine) -> None:
    at = seen(city)
    put(city, FATMA, at, phone="020 000 0012")
    both = seen(city)
    put(city, FATMA, both, phone="020 000 0014")
    outcome = put(city, JOOST, at, "phone", shown_at=both, phone="020 000 0013")
    assert [conflict.here for conflict in outcome.conflicts] == ["020 000 0014"]


def test_going_back_to_an_own_older_form_is_no_conflict(city: sa.Engine) -> None:
    at = seen(city)
    put(city, FATMA, at, phone="020 000 0012")
    assert put(city, FATMA, at, phone="020 000 0013").saved == {"phone"}


def test_an_address_waits_but_hiding_one_does_not(city: sa.Engine, session: Session) -> None:
    waits = put(city, FATMA, seen(city), places=[ELSEWHERE])
    assert (waits.saved, waits.waiting) == (frozenset(), {"places"})
    hidden = PlaceValues(visibility="hidden")
    outcome = put(city, FATMA, seen(city), places=[hidden])
    assert (outcome.saved, outcome.waiting, outcome.is_erasure) == ({"places"}, frozenset(), True)
    for change in session.exec(select(Change)):
        told = f"{change.before} {change.after}"
        assert "Gentiaan" not in told
        assert "Heimansweg" not in told


def test_hiding_one_of_two_addresses_does_not_wait_for_the_other(city: sa.Engine) -> None:
    hidden = PlaceValues(visibility="hidden")
    outcome = put(city, FATMA, seen(city), places=[hidden, ELSEWHERE])
    assert (outcome.saved, outcome.waiting) == ({"places"}, {"places"})
    with Session(city) as session:
        found = session.exec(select(Listing).options(*Listing.everything())).one()
        assert [place.visibility for place in found.places] == ["hidden"]


def test_stopping_waits_and_closing_for_a_while_does_not(city: sa.Engine) -> None:
    closed = {"status": "closed", "closed_from": TODAY, "reason": "Verbouwing"}
    assert put(city, FATMA, seen(city), **closed).saved == {"status", "closed_from", "reason"}
    ended = {"status": "ended", "ended_on": TODAY, "reason": "Geen geld", "closed_from": None}
    outcome = put(city, FATMA, seen(city), **ended)
    assert outcome.saved == frozenset()
    assert outcome.waiting == {"status", "ended_on", "reason", "closed_from"}


def test_room_is_live_at_once(city: sa.Engine) -> None:
    outcome = put(city, FATMA, seen(city), room=Room.FULL, weeks=8, reported_on=TODAY)
    assert outcome.saved == {"room", "weeks", "reported_on"}
