"""All that is kept of one person, as told to that person (R35)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from socialmap.labels import day, label
from socialmap.models import (
    Area,
    Change,
    Contact,
    Listing,
    Person,
    PersonDetail,
    Place,
    Team,
    TeamMember,
    Theme,
    WijkContact,
)
from socialmap.models.terms import ContactRole, DetailKind, Status
from socialmap.people.checks import CODES
from socialmap.people.edits import NOUN, PLAIN, find_person
from socialmap.people.find import words_of

NAMES = {"name": "naam", "role": "functie of rol", "organisation": "organisatie"}
NAMES |= {"note": "toelichting", "is_example": "voorbeeld of niet"}


@dataclass(frozen=True)
class OwnDetail:
    """One detail, with what was agreed about it."""

    kind: DetailKind
    told: str
    row: PersonDetail
    is_shown: bool
    """May others than who keeps the entry see it today?"""


@dataclass(frozen=True)
class OwnRole:
    """Something for which a person is, was or will be called."""

    what: str
    of: str
    from_on: date | None
    until_on: date | None
    slug: str = ""
    """Of the listing, where everybody can read it."""
    besides: tuple[tuple[str, str], ...] = ()
    """(what, words): what else is kept with it."""
    is_sole: bool = False
    """Is it a listing that has no other contact on the same day?"""


@dataclass(frozen=True)
class OwnChange:
    """That something changed."""

    at: datetime
    what: str
    door: str


@dataclass(frozen=True)
class Own:
    """A person, and all that is kept."""

    person: Person
    details: tuple[OwnDetail, ...]
    roles: tuple[OwnRole, ...]
    changes: tuple[OwnChange, ...]
    successor: str

    def open_roles(self, today: date) -> list[OwnRole]:
        """What ends when the person leaves today."""
        return [one for one in self.roles if one.until_on is None or one.until_on >= today]

    def detail(self, kind: str) -> OwnDetail | None:
        """The detail of this kind, if there is one."""
        return next((one for one in self.details if one.kind == kind), None)


def people_with_mail(session: Session, mail: str) -> list[Person]:
    """The people for whom the directory keeps this folded mail address, shown or not."""
    whose = select(PersonDetail.person_id).where(
        PersonDetail.kind == DetailKind.MAIL, sa.func.lower(PersonDetail.value) == mail
    )
    return list(session.exec(select(Person).where(col(Person.id).in_(whose))))


def find_own(session: Session, id: UUID, today: date) -> Own | None:
    """All that is kept of the person with this id; None when that person was erased."""
    slug = session.exec(select(Person.slug).where(Person.id == id)).one_or_none()
    person = find_person(session, slug) if slug else None
    if person is None:
        return None
    after = session.get(Person, person.successor_id) if person.successor_id else None
    rows = {row.kind: row for row in person.details}
    details = (_detail(rows[kind], today) for kind in DetailKind if kind in rows)
    roles = (*_of_areas(session, id), *_of_teams(session, id), *_of_contacts(session, id, today))
    changes = tuple(_changes(session, id))
    return Own(person, tuple(details), roles, changes, after.name if after else "")


def _detail(row: PersonDetail, today: date) -> OwnDetail:
    terms = {str(term): label(term) for term in CODES.get(row.kind, ())}
    chosen = words_of(row.value)
    words = [word for code, word in terms.items() if code in chosen]
    return OwnDetail(row.kind, ", ".join(words) or row.value, row, row.is_agreed(today))


def _of_areas(session: Session, id: UUID) -> Iterator[OwnRole]:
    is_either = sa.or_(col(WijkContact.person_id) == id, col(WijkContact.deputy_id) == id)
    query = select(WijkContact, Area.name).join(Area, col(Area.code) == WijkContact.area_code)
    for row, name in session.exec(query.where(is_either).order_by(Area.name)):
        is_own = row.person_id == id
        besides = (
            ("afwezig van", day(row.absent_from) if row.absent_from else ""),
            ("afwezig tot en met", day(row.absent_until) if row.absent_until else ""),
            ("bevestigd op", day(row.confirmed_on) if row.confirmed_on else ""),
        )
        yield OwnRole(
            "wijkcontactpersoon" if is_own else "vervanger van de wijkcontactpersoon",
            name,
            row.from_on,
            row.until_on,
            besides=_told(besides) if is_own else (),
        )


def _of_teams(session: Session, id: UUID) -> Iterator[OwnRole]:
    is_either = sa.or_(col(TeamMember.person_id) == id, col(TeamMember.backup_id) == id)
    query = select(TeamMember, Team.name).join(Team, col(Team.id) == TeamMember.team_id)
    query = query.options(selectinload(TeamMember.themes))  # type: ignore[arg-type]
    names = dict(session.exec(select(Theme.id, Theme.name)).all())
    for row, name in session.exec(query.where(is_either).order_by(Team.name)):
        is_own = row.person_id == id
        besides = (
            ("werkplek", row.workplace),
            ("tijden", row.hours.replace("|", ", ")),
            ("weet veel van", ", ".join(names[one.theme_id] for one in row.themes)),
            ("vraag mij over", row.ask_me),
            ("vraag mij niet over", row.not_me),
        )
        what = "lid van het team" if is_own else "vervanger in het team"
        told = _told(besides) if is_own else ()
        yield OwnRole(what, name, row.from_on, row.until_on, besides=told)


def _of_contacts(session: Session, id: UUID, today: date) -> Iterator[OwnRole]:
    query = (
        select(Contact, Listing, Team, Place)
        .join(Listing, col(Listing.id) == Contact.listing_id, isouter=True)
        .join(Team, col(Team.id) == Contact.team_id, isouter=True)
        .join(Place, col(Place.id) == Contact.place_id, isouter=True)
    )
    for row, listing, team, place in session.exec(query.where(Contact.person_id == id)):
        what = label(row.role)
        if team is not None:
            what = "teamleider" if row.role == ContactRole.PRIMARY else "vervangt de teamleider"
        found = next(one for one in (listing, team, place) if one is not None)
        yield OwnRole(
            what,
            getattr(found, "title", "") or getattr(found, "name", "") or "een plek",
            row.from_on,
            row.until_on,
            slug=listing.slug if listing is not None and listing.status == Status.LIVE else "",
            is_sole=listing is not None and _is_sole(session, row, today),
        )


def _is_sole(session: Session, own: Contact, today: date) -> bool:
    others = select(Contact).where(
        Contact.listing_id == own.listing_id, Contact.person_id != own.person_id
    )
    return not any(row.is_current(today) for row in session.exec(others))


def _changes(session: Session, id: UUID) -> Iterator[OwnChange]:
    query = select(Change).where(Change.noun == NOUN, Change.record_id == id)
    for row in session.exec(query.order_by(col(Change.at).desc(), col(Change.id).desc())):
        yield OwnChange(row.at, _field(row.field), label(row.door))


def _field(name: str) -> str:
    if name in PLAIN:
        return NAMES[name]
    return label(DetailKind(name)) if name in set(DetailKind) else "toegevoegd aan de gids"


def _told(besides: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in besides if pair[1])
