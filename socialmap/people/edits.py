"""Keeping people, what they agreed to show, and who holds which area."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from sqlalchemy.orm import selectinload
from sqlmodel import Session, select

from socialmap.models import Person, PersonDetail, WijkContact
from socialmap.models.slugs import free_slug
from socialmap.models.terms import DetailKind, DetailVisibility
from socialmap.people.periods import overlap

PLAIN = ("name", "role", "organisation", "note", "is_example")
PERIOD = ("until_on", "absent_from", "absent_until", "confirmed_on")


class OverlapError(ValueError):
    """Two people would hold one area at the same time."""

    def __init__(self, area_code: str, people: frozenset[str]) -> None:
        super().__init__(f"{area_code} is held by {' and '.join(sorted(people))} at the same time")
        self.area_code, self.people = area_code, people


@dataclass(frozen=True)
class Consent:
    """By whom, when and until when a person agreed to show details."""

    on: date
    by: str
    until: date | None = None


@dataclass(frozen=True)
class PersonValues:
    """A person as a file or form gives it."""

    key: str
    name: str
    role: str = ""
    organisation: str = ""
    note: str = ""
    is_example: bool = False
    details: Mapping[DetailKind, str] = field(default_factory=dict)
    public: frozenset[DetailKind] = frozenset()
    """What everybody may see; a function number may be seen without being named here."""
    consent: Consent | None = None


@dataclass(frozen=True)
class WijkContactValues:
    """A person who holds an area for a period; people by their keys."""

    area_code: str
    person: str
    from_on: date
    until_on: date | None = None
    deputy: str | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    confirmed_on: date | None = None


def person_keys(session: Session) -> list[str]:
    """The keys of all people, as files name them."""
    return list(session.exec(select(Person.key)).all())


def save_person(session: Session, values: PersonValues) -> frozenset[str]:
    """Make a person equal to `values`; returns the names of what changed.

    Details that the person did not agree to show are kept for professionals (R35).
    """
    return save_people(session, [values]).get(values.key, frozenset())


def save_people(session: Session, many: Sequence[PersonValues]) -> dict[str, frozenset[str]]:
    """Make people equal to these values; returns what changed of each who did, by key."""
    query = select(Person).options(selectinload(Person.details))  # type: ignore[arg-type]
    if len(many) == 1:
        query = query.where(Person.key == many[0].key)
    known = {person.key: person for person in session.exec(query)}
    slugs = set(session.exec(select(Person.slug)).all())
    changed = {}
    for values in many:
        person = known.get(values.key)
        if person is None:
            person = known[values.key] = _new(values, slugs)
            session.add(person)
        if names := _change(person, values):
            changed[values.key] = names
    session.flush()
    return changed


def _new(values: PersonValues, slugs: set[str]) -> Person:
    slug = free_slug(values.name, slugs)
    slugs.add(slug)
    return Person(key=values.key, name="", slug=slug, details=[])


def _change(person: Person, values: PersonValues) -> frozenset[str]:
    """Give a person these values; returns the names of what was different."""
    changed = {name for name in PLAIN if getattr(person, name) != getattr(values, name)}
    for name in changed:
        setattr(person, name, getattr(values, name))
    kept = {detail.kind: detail.model_dump(exclude={"person_id"}) for detail in person.details}
    wanted = {kind: _detail(values, kind) for kind, value in values.details.items() if value}
    if kept != wanted:
        person.details = [PersonDetail(person_id=person.id, **row) for row in wanted.values()]
        changed.add("details")
    return frozenset(changed)


def _detail(values: PersonValues, kind: DetailKind) -> dict[str, Any]:
    is_public = kind == DetailKind.PHONE or kind in values.public
    consent = values.consent if kind in values.public else None
    return {
        "kind": kind,
        "value": values.details[kind],
        "visibility": DetailVisibility.PUBLIC if is_public else DetailVisibility.PROFESSIONALS,
        "consent_on": consent and consent.on,
        "consent_by": consent and consent.by,
        "consent_until": consent and consent.until,
    }


def save_wijk_contacts(session: Session, rows: Iterable[WijkContactValues]) -> frozenset[str]:
    """Keep who holds which area; returns the keys of the people for whom something changed.

    Raises KeyError for a person who is not known, and OverlapError.
    """
    people = {person.key: person for person in session.exec(select(Person))}
    held = list(session.exec(select(WijkContact)))
    known = {(row.area_code, row.person_id, row.from_on): row for row in held}
    changed, fresh = set(), []
    for values in rows:
        at = (values.area_code, people[values.person].id, values.from_on)
        row = known.get(at)
        if row is None:
            row = WijkContact(area_code=at[0], person_id=at[1], from_on=at[2])
            fresh.append(row)
        if _assign(row, values, people) or row in fresh:
            changed.add(values.person)
    _refuse_overlap([*held, *fresh], people)
    session.flush()  # a period ends before the next one begins
    session.add_all(fresh)
    session.flush()
    return frozenset(changed)


def _assign(row: WijkContact, values: WijkContactValues, people: Mapping[str, Person]) -> bool:
    """Give a row its values; returns whether it was different."""
    told = {name: getattr(values, name) for name in PERIOD}
    told["deputy_id"] = people[values.deputy].id if values.deputy else None
    differs = {name: value for name, value in told.items() if getattr(row, name) != value}
    for name, value in differs.items():
        setattr(row, name, value)
    return bool(differs)


def _refuse_overlap(rows: Iterable[WijkContact], people: Mapping[str, Person]) -> None:
    by_area: dict[str, list[WijkContact]] = {}
    for row in rows:
        by_area.setdefault(row.area_code, []).append(row)
    key_of = {person.id: key for key, person in people.items()}
    for code, held in by_area.items():
        for one, other in combinations(held, 2):
            if overlap(one, other):
                pair = {key_of[one.person_id], key_of[other.person_id]}
                raise OverlapError(code, frozenset(pair))
