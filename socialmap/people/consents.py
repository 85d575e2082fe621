"""What a person no longer agrees to: out of the tables at once, or some time after its last day;
and no older file brings it back."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.listings.history import Author
from socialmap.models import Change, Person, PersonDetail
from socialmap.models.terms import DetailKind
from socialmap.people.edits import NOUN, PersonValues, save_person

RESTS = timedelta(days=30)
"""So long after its last day a consent may be asked again; then what it was for is erased."""


def withdraw(
    session: Session, person: Person, kinds: Collection[DetailKind], author: Author
) -> str:
    """Erase these details of a person whose details are loaded. Returns the name of the portrait
    file to forget after the commit, or nothing.

    Scrub the files of the database after the commit.
    """
    before = PersonValues.of(person)
    details = {kind: value for kind, value in before.details.items() if kind not in kinds}
    agreements = {kind: held for kind, held in before.agreements.items() if kind not in kinds}
    save_person(session, replace(before, details=details, agreements=agreements), author)
    return before.details.get(DetailKind.PHOTO, "") if DetailKind.PHOTO in kinds else ""


def withdrawn(session: Session) -> dict[str, dict[DetailKind, date]]:
    """By the key of a person the details that were taken away, and on which day; not what is back
    since then."""
    query = select(Person.key, Change).join(Change, col(Change.record_id) == Person.id)
    query = query.where(Change.noun == NOUN, col(Change.field).in_(list(DetailKind)))
    found: dict[str, dict[DetailKind, date]] = {}
    for key, change in session.exec(query.order_by(col(Change.at), col(Change.id))):
        kinds, kind = found.setdefault(key, {}), DetailKind(change.field)
        kinds.pop(kind, None)
        if change.after is None:
            kinds[kind] = change.at.date()
    return found


def without(values: PersonValues, taken: Mapping[DetailKind, date]) -> PersonValues:
    """The values that a file gives, without what was taken away on or after the day of its
    consent."""
    agreed_on = values.consent.on if values.consent else date.min
    gone = {kind for kind, day in taken.items() if agreed_on <= day}
    details = {kind: value for kind, value in values.details.items() if kind not in gone}
    return replace(values, details=details)


def forget_expired(session: Session, author: Author, today: date) -> int:
    """Erase the details of which the consent ended a month ago; returns how many. A portrait is
    then a file of nobody, which the album erases."""
    is_over = col(PersonDetail.consent_until) < today - RESTS
    ids = select(PersonDetail.person_id).where(is_over)
    query = select(Person).where(col(Person.id).in_(ids))
    count = 0
    for person in session.exec(query.options(selectinload(Person.details))).all():  # type: ignore[arg-type]
        ends = {row.kind: row.consent_until for row in person.details}
        kinds = [kind for kind, until in ends.items() if until and until < today - RESTS]
        withdraw(session, person, kinds, author)
        count += len(kinds)
    return count
