"""What a person no longer agrees to: out of the tables at once, or some time after its last day."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.listings.history import Author
from socialmap.models import Person, PersonDetail
from socialmap.models.terms import DetailKind
from socialmap.people.edits import PersonValues, save_person

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
