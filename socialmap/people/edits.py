"""Keeping people, what they agreed to show, and who holds which area."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any, Self
from uuid import UUID

from sqlalchemy.orm import selectinload
from sqlmodel import Session, select

from socialmap.listings.history import Author
from socialmap.models import Change, FormerSlug, Person, PersonDetail, WijkContact
from socialmap.models.slugs import free_slug, slug_of
from socialmap.models.terms import DetailKind, DetailVisibility
from socialmap.people.periods import overlap

NOUN = "person"
PLAIN = ("name", "role", "organisation", "note", "is_example")
RESERVED = frozenset({"nieuw"})
"""Addresses that are of pages and not of people."""
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
class Agreement:
    """Who may see one detail, and by what consent."""

    visibility: DetailVisibility
    consent: Consent | None = None


@dataclass(frozen=True)
class PersonValues:
    """A person as a file or form gives it.

    A file says once what may be public and by what consent, a form says it of each detail.
    """

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
    agreements: Mapping[DetailKind, Agreement] = field(default_factory=dict)
    """What was agreed of a detail by itself, whatever `public` and `consent` say."""

    def agreement(self, kind: DetailKind) -> Agreement:
        """Who may see a detail; professionals, unless the person agreed to more (R35)."""
        if kind in self.agreements:
            return self.agreements[kind]
        if kind in self.public:
            return Agreement(DetailVisibility.PUBLIC, self.consent)
        is_public = kind == DetailKind.PHONE
        return Agreement(DetailVisibility.PUBLIC if is_public else DetailVisibility.PROFESSIONALS)

    @classmethod
    def of(cls, person: Person) -> Self:
        """The values of a person whose details are loaded."""
        return cls(
            key=person.key,
            details={row.kind: row.value for row in person.details},
            agreements={row.kind: _agreement_of(row) for row in person.details},
            **{name: getattr(person, name) for name in PLAIN},
        )


def _agreement_of(row: PersonDetail) -> Agreement:
    by, on = row.consent_by, row.consent_on
    return Agreement(row.visibility, Consent(on, by, row.consent_until) if by and on else None)


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


def find_person(session: Session, slug: str) -> Person | None:
    """The person with this slug and what that person shows, in a role or not; or None."""
    query = select(Person).where(Person.slug == slug)
    return session.exec(query.options(selectinload(Person.details))).one_or_none()  # type: ignore[arg-type]


def find_slug(session: Session, key: str) -> str | None:
    """The address of the person with this key; None for an unknown one."""
    return session.exec(select(Person.slug).where(Person.key == key)).one_or_none()


def add_person(session: Session, values: PersonValues, author: Author, account_id: UUID) -> str:
    """Make a person who is linked to nothing yet, and so shown nowhere; returns the slug."""
    save_person(session, values, author)
    person = session.exec(select(Person).where(Person.key == values.key)).one()
    person.added_by_id = account_id
    session.flush()
    return person.slug


def save_person(
    session: Session, values: PersonValues, author: Author | None = None
) -> frozenset[str]:
    """Make a person equal to `values`; returns the names of what changed.

    Details that the person did not agree to show are kept for professionals (R35). What an
    author changes becomes history, without the values of details: those may be withdrawn.
    """
    return save_people(session, [values], author).get(values.key, frozenset())


def save_people(
    session: Session, many: Sequence[PersonValues], author: Author | None = None
) -> dict[str, frozenset[str]]:
    """Make people equal to these values; returns what changed of each who did, by key."""
    query = select(Person).options(selectinload(Person.details))  # type: ignore[arg-type]
    if len(many) == 1:
        query = query.where(Person.key == many[0].key)
    known = {person.key: person for person in session.exec(query)}
    slugs = _taken_slugs(session)
    changed = {}
    for values in many:
        person = known.get(values.key)
        before = _told(person) if person else {}
        if person is None:
            person = known[values.key] = _new(values, slugs)
            session.add(person)
        elif slug_of(person.name) != slug_of(values.name):
            _rename(session, person, values.name, slugs)
        if names := _change(person, values):
            changed[values.key] = names
            if author:
                session.add_all(_history(author, person.id, before, _told(person), names))
    session.flush()
    return changed


def _taken_slugs(session: Session) -> set[str]:
    former = select(FormerSlug.slug).where(FormerSlug.noun == NOUN)
    return {*RESERVED, *session.exec(select(Person.slug)), *session.exec(former)}


def _new(values: PersonValues, slugs: set[str]) -> Person:
    slug = free_slug(values.name, slugs)
    slugs.add(slug)
    return Person(key=values.key, name="", slug=slug, details=[])


def _rename(session: Session, person: Person, name: str, slugs: set[str]) -> None:
    """Give a person the address of the new name, which may be a shorter one for good reason."""
    old, person.slug = person.slug, free_slug(name, slugs)
    slugs.add(person.slug)
    of_person = select(FormerSlug).where(FormerSlug.noun == NOUN, FormerSlug.now_slug == old)
    for row in [*session.exec(of_person), FormerSlug(noun=NOUN, slug=old, now_slug="")]:
        row.now_slug = person.slug
        session.add(row)


def _change(person: Person, values: PersonValues) -> frozenset[str]:
    """Give a person these values; returns the names of what was different, a detail by its kind."""
    changed = {name for name in PLAIN if getattr(person, name) != getattr(values, name)}
    for name in changed:
        setattr(person, name, getattr(values, name))
    kept = {detail.kind: detail.model_dump(exclude={"person_id"}) for detail in person.details}
    wanted = {kind: _detail(values, kind) for kind, value in values.details.items() if value}
    kinds = {kind for kind in {*kept, *wanted} if kept.get(kind) != wanted.get(kind)}
    if kinds:
        person.details = [PersonDetail(person_id=person.id, **row) for row in wanted.values()]
    return frozenset(changed | {str(kind) for kind in kinds})


def _detail(values: PersonValues, kind: DetailKind) -> dict[str, Any]:
    agreement = values.agreement(kind)
    consent = agreement.consent
    return {
        "kind": kind,
        "value": values.details[kind],
        "visibility": agreement.visibility,
        "consent_on": consent and consent.on,
        "consent_by": consent and consent.by,
        "consent_until": consent and consent.until,
    }


def _told(person: Person) -> dict[str, Any]:
    """What history keeps of a person: of a detail only who may see it, never what it says."""
    plain = {name: getattr(person, name) for name in PLAIN}
    return plain | {str(row.kind): {"visibility": str(row.visibility)} for row in person.details}


def _history(
    author: Author,
    id: UUID,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    names: Iterable[str],
) -> Iterator[Change]:
    """The changes of one save; of a new person one that holds all."""
    if not before:
        yield author.change(NOUN, id, "", after=dict(after))
        return
    for name in sorted(names):
        yield author.change(NOUN, id, name, before=before.get(name), after=after.get(name))


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
