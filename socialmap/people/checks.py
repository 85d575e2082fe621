"""What is wrong among people: two who hold the same thing at once, and words that nobody knows."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import combinations, groupby

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.labels import label
from socialmap.models import Area, Contact, Listing, Person, PersonDetail, Place, Team, WijkContact
from socialmap.models.terms import DetailKind, Language, Weekday
from socialmap.people.find import words_of
from socialmap.people.periods import overlap

CODES: dict[DetailKind, type[StrEnum]] = {
    DetailKind.DAYS: Weekday,
    DetailKind.LANGUAGES: Language,
}
"""Details that hold codes of a list."""


def people_faults(session: Session) -> Iterator[str]:
    """A line in Dutch for each fault."""
    yield from _wijk_contacts(session)
    yield from _contacts(session)
    yield from _unknown_words(session)


def _wijk_contacts(session: Session) -> Iterator[str]:
    """Areas that two people hold on the same day."""
    query = (
        select(WijkContact, Area.name)
        .join(Area, col(Area.code) == WijkContact.area_code)
        .options(selectinload(WijkContact.person))  # type: ignore[arg-type]
        .order_by(col(WijkContact.area_code), col(WijkContact.from_on))
    )
    rows = session.exec(query).all()
    for (code, name), held in groupby(rows, key=lambda row: (row[0].area_code, row[1])):
        for one, other in combinations([row for row, _ in held], 2):
            if overlap(one, other):
                yield (
                    f"{name} ({code}): {one.person.name} en {other.person.name} zijn "
                    f"tegelijk wijkcontact ({_period(one)} en {_period(other)})"
                )


def _contacts(session: Session) -> Iterator[str]:
    """Listings, teams and places with two people in one role; the day of a change is shared."""
    query = (
        select(Contact, Listing.key, Team.key, Place.slug)
        .join(Listing, col(Listing.id) == Contact.listing_id, isouter=True)
        .join(Team, col(Team.id) == Contact.team_id, isouter=True)
        .join(Place, col(Place.id) == Contact.place_id, isouter=True)
        .options(selectinload(Contact.person))  # type: ignore[arg-type]
    )
    held: dict[tuple[str, str], list[Contact]] = {}
    for contact, *names in session.exec(query):
        held.setdefault((next(filter(None, names)), contact.role), []).append(contact)
    for (name, _role), contacts in sorted(held.items()):
        for one, other in combinations(contacts, 2):
            if overlap(one, other, shared_days=1):
                yield (
                    f"{name}: {one.person.name} en {other.person.name} zijn tegelijk "
                    f"{label(one.role)} ({_period(one)} en {_period(other)})"
                )


def _unknown_words(session: Session) -> Iterator[str]:
    """Days and languages of people that are in no list, and so are shown nowhere."""
    query = (
        select(PersonDetail, Person.key)
        .join(Person, col(Person.id) == PersonDetail.person_id)
        .where(col(PersonDetail.kind).in_(CODES))
        .order_by(col(Person.key))
    )
    for detail, key in session.exec(query):
        for word in sorted(words_of(detail.value) - {"", *CODES[detail.kind]}):
            yield f"{key}: onbekende code ‘{word}’ bij {label(detail.kind)}"


def _period(row: WijkContact | Contact) -> str:
    """`2026-01-01 t/m 2026-06-30`; a side without a limit is left out."""
    first, last = (_day(on) for on in (row.from_on, row.until_on))
    return f"{first} t/m {last}".strip()


def _day(on: date | None) -> str:
    return "…" if on is None else on.isoformat()
