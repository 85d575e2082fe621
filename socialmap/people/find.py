"""Finding people: whom to call for an area, and who stands in when there is nobody."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption
from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.labels import initials
from socialmap.models import Contact, Person, PersonDetail, Team, TeamArea, WijkContact
from socialmap.models.terms import (
    AreaLevel,
    ContactRole,
    DetailKind,
    Language,
    Presence,
    Weekday,
)

OKT = "okt"
"""The code of the team kind whose leader stands in for a wijk contact."""


@dataclass(frozen=True)
class PersonView:
    """A person as a visitor may see that person today."""

    id: UUID
    slug: str
    name: str
    role: str
    organisation: str
    note: str
    details: dict[DetailKind, str]
    is_example: bool

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]

    @property
    def phone(self) -> str | None:
        """The number to ring first: the function number, else the mobile one."""
        return self.details.get(DetailKind.PHONE) or self.details.get(DetailKind.MOBILE)

    @property
    def function_number(self) -> str | None:
        """The number of the job, not of the person."""
        return self.details.get(DetailKind.PHONE)

    @property
    def whatsapp(self) -> str | None:
        return self.details.get(DetailKind.WHATSAPP)

    @property
    def mail(self) -> str | None:
        return self.details.get(DetailKind.MAIL)

    @property
    def is_reachable(self) -> bool:
        """Is there any way shown to reach this person?"""
        return bool(self.phone or self.whatsapp or self.mail)

    @property
    def photo(self) -> str | None:
        return self.details.get(DetailKind.PHOTO)

    @property
    def days(self) -> list[Weekday]:
        """The weekdays on which this person can be reached; empty is unknown."""
        told = words_of(self.details.get(DetailKind.DAYS, ""))
        return [day for day in Weekday if day in told]

    @property
    def days_off(self) -> list[Weekday]:
        """The working days on which this person can't be reached; empty is none or unknown."""
        return [day for day in list(Weekday)[:5] if self.days and day not in self.days]

    @property
    def languages(self) -> list[Language]:
        told = words_of(self.details.get(DetailKind.LANGUAGES, ""))
        return [language for language in Language if language in told]


class StandInRole(StrEnum):
    """As what somebody stands in, in the order in which they are asked (R15)."""

    DEPUTY = "deputy"
    TEAM_LEADER = "team_leader"
    AREA_CONTACT = "area_contact"


@dataclass(frozen=True)
class StandIn:
    """Who answers while the contact can't."""

    person: PersonView
    role: StandInRole
    team_name: str = ""
    team_phone: str | None = None
    area_code: str | None = None
    """The area of which this person is the contact."""

    @property
    def phone(self) -> str | None:
        return self.person.phone or self.team_phone

    @property
    def is_reachable(self) -> bool:
        return bool(self.team_phone) or self.person.is_reachable


@dataclass(frozen=True)
class AreaContact:
    """Whom to call for an area on one day."""

    area_code: str
    presence: Presence
    person: PersonView | None = None
    """The contact, also while on leave; None when there is nobody."""
    deputy: PersonView | None = None
    stand_in: StandIn | None = None
    instead: StandIn | None = None
    """The next who can be reached, where of who answers no number and no mail is shown."""
    confirmed_on: date | None = None
    held_since: date | None = None
    """The first day of who is the contact now; None when there is nobody."""
    absent_until: date | None = None
    """The last day of leave; None while on leave is "until further notice"."""
    vacant_since: date | None = None
    """The first day without a contact; None when there never was one."""
    is_overdue: bool = False
    """Was it confirmed, but too long ago?"""

    @property
    def reachable(self) -> PersonView | None:
        """Who answers today: the contact, or who stands in."""
        if self.presence == Presence.PRESENT:
            return self.person
        return self.stand_in.person if self.stand_in else None

    @property
    def phone(self) -> str | None:
        """The number that is answered today."""
        if self.presence == Presence.PRESENT and self.person:
            return self.person.phone
        return self.stand_in.phone if self.stand_in else None

    @property
    def is_example(self) -> bool:
        helpers = (one.person for one in (self.stand_in, self.instead) if one)
        people = (self.person, self.deputy, *helpers)
        return any(person.is_example for person in people if person)


def contact_for_area(session: Session, tree: AreaTree, code: str, today: date) -> AreaContact:
    """Whom to call for an area; raises KeyError when there is no such area."""
    return contacts_for_areas(session, tree, [code], today)[code]


def contacts_for_areas(
    session: Session, tree: AreaTree, codes: Iterable[str], today: date
) -> dict[str, AreaContact]:
    """Whom to call for each of these areas, in a fixed number of reads."""
    wanted = list(codes)
    chains = {code: _chain(tree, code) for code in wanted}
    board = _board(session, tree, wanted, today)
    return {code: board.contact(chain) for code, chain in chains.items()}


def line_for_area(session: Session, tree: AreaTree, code: str, today: date) -> list[StandIn]:
    """Everyone who answers for an area today, each once: the contact, then in the order of R15."""
    found: dict[UUID, StandIn] = {}
    for one in _board(session, tree, [code], today).everyone(_chain(tree, code)):
        found.setdefault(one.person.id, one)
    return list(found.values())


def _chain(tree: AreaTree, code: str) -> list[str]:
    """The codes of an area and of all that it lies in, up to the city."""
    return [node.code for node in tree.ancestors(code)]


def _board(session: Session, tree: AreaTree, codes: list[str], today: date) -> "_Board":
    return _Board(
        rows=held_rows(session, {above for code in codes for above in _chain(tree, code)}),
        leaders=led_teams(session, tree, codes),
        away=_away(session, today),
        today=today,
    )


@dataclass(frozen=True)
class _Board:
    """Who holds which area, who leads which team, and who is away."""

    rows: dict[str, list[WijkContact]]
    leaders: dict[str, list[Team]]
    away: frozenset[UUID]
    today: date

    def contact(self, chain: list[str]) -> AreaContact:
        """The contact of the first area of a chain that goes up to the city."""
        code = chain[0]
        now = self._current(code)
        if now is None:
            return self._vacancy(chain)
        on_leave = now.is_absent(self.today)
        person = self._view(now.person)
        stand_in = self._stand_in(chain, now) if on_leave else None
        answers = stand_in if on_leave else StandIn(person, StandInRole.AREA_CONTACT)
        return AreaContact(
            area_code=code,
            presence=Presence.ON_LEAVE if on_leave else Presence.PRESENT,
            person=person,
            deputy=self._deputy(now),
            stand_in=stand_in,
            instead=self._instead(chain, now, answers),
            confirmed_on=now.confirmed_on,
            is_overdue=now.confirmed_on is not None and not now.is_confirmed(self.today),
            held_since=self._since(now),
            absent_until=now.absent_until if on_leave else None,
        )

    def _vacancy(self, chain: list[str]) -> AreaContact:
        last = self._last(chain[0])
        stand_in = self._stand_in(chain, last)
        return AreaContact(
            area_code=chain[0],
            presence=Presence.VACANT,
            stand_in=stand_in,
            instead=self._instead(chain, last, stand_in),
            vacant_since=last.until_on + timedelta(days=1) if last and last.until_on else None,
        )

    def everyone(self, chain: list[str]) -> Iterator[StandIn]:
        """The contact of the first area of a chain, if present; then who stands in, in order."""
        now = self._current(chain[0])
        if now and not now.is_absent(self.today):
            yield StandIn(self._view(now.person), StandInRole.AREA_CONTACT, area_code=chain[0])
        yield from self._line(chain, now or self._last(chain[0]))

    def _stand_in(self, chain: list[str], row: WijkContact | None) -> StandIn | None:
        return next(self._line(chain, row), None)

    def _instead(
        self, chain: list[str], row: WijkContact | None, answers: StandIn | None
    ) -> StandIn | None:
        """The next who can be reached; None where that is who answers, or nobody."""
        if answers is None or answers.is_reachable:
            return None
        return next((one for one in self._line(chain, row) if one.is_reachable), None)

    def _line(self, chain: list[str], row: WijkContact | None) -> Iterator[StandIn]:
        """Deputy, team leader of the OKT, then the contact of each larger area, or their deputy."""
        if row and (deputy := self._deputy(row)):
            yield StandIn(deputy, StandInRole.DEPUTY)
        for team in self.leaders.get(chain[0], []):
            if leader := self._view_of_present(team.leader(self.today)):
                yield StandIn(leader, StandInRole.TEAM_LEADER, team.name, team.phone)
        for code in chain[1:]:
            above = self._current(code)
            if above is None:
                continue
            person = self._view_of_present(above.person) or self._deputy(above)
            if person:
                yield StandIn(person, StandInRole.AREA_CONTACT, area_code=code)

    def _current(self, code: str) -> WijkContact | None:
        """Who holds an area today; of overlapping periods the one that began last."""
        rows = [row for row in self.rows.get(code, []) if row.is_current(self.today)]
        return max(rows, key=_began, default=None)

    def _last(self, code: str) -> WijkContact | None:
        """Who held an area last, before today."""
        rows = [
            row for row in self.rows.get(code, []) if row.until_on and row.until_on < self.today
        ]
        return max(rows, key=lambda row: (row.until_on, _began(row)), default=None)

    def _since(self, now: WijkContact) -> date:
        """Since when this person holds the area, over periods that follow each other."""
        own = [row for row in self.rows[now.area_code] if row.person_id == now.person_id]
        since = now.from_on
        for row in sorted(own, key=_began, reverse=True):
            if row.until_on and row.from_on < since <= row.until_on + timedelta(days=1):
                since = row.from_on
        return since

    def _deputy(self, row: WijkContact) -> PersonView | None:
        """The deputy, unless away as well."""
        return self._view_of_present(row.deputy)

    def _view_of_present(self, person: Person | None) -> PersonView | None:
        """Someone to stand in; not who is on leave from anything, or handed everything over."""
        if person is None or person.id in self.away or person.has_left(self.today):
            return None
        return self._view(person)

    def _view(self, person: Person) -> PersonView:
        return view_of(person, self.today)


def view_of(person: Person, today: date) -> PersonView:
    """A person whose details are loaded, as a visitor may see that person."""
    return PersonView(
        id=person.id,
        slug=person.slug,
        name=person.name,
        role=person.role,
        organisation=person.organisation,
        note=person.note,
        details=person.public_details(today),
        is_example=person.is_example,
    )


def personal_details(session: Session) -> frozenset[str]:
    """Every mobile number and mail address of a person, whoever may see it."""
    kinds = (DetailKind.MOBILE, DetailKind.WHATSAPP, DetailKind.MAIL)
    query = select(PersonDetail.value).where(col(PersonDetail.kind).in_(kinds))
    return frozenset(session.exec(query).all())


def _began(row: WijkContact) -> tuple[date, str]:
    return row.from_on, str(row.id)


def words_of(told: str) -> set[str]:
    """The codes in a detail that holds several: `ma|di`, `ma, di`."""
    return set(told.lower().replace(",", "|").replace(" ", "|").split("|"))


def with_details(relation: Any) -> ORMOption:
    """Load a person together with what that person shows."""
    return selectinload(relation).selectinload(Person.details)  # type: ignore[arg-type]


def held_rows(session: Session, codes: Collection[str]) -> dict[str, list[WijkContact]]:
    """Who holds, held and will hold each of these areas, with people and what they show."""
    query = select(WijkContact).where(col(WijkContact.area_code).in_(codes))
    people = with_details(WijkContact.person), with_details(WijkContact.deputy)
    found: dict[str, list[WijkContact]] = {}
    for row in session.exec(query.options(*people)):
        found.setdefault(row.area_code, []).append(row)
    return found


def led_teams(session: Session, tree: AreaTree, codes: list[str]) -> dict[str, list[Team]]:
    """The OKT's with a leader of each wijk among `codes`, those that serve most of it first."""
    wijken = [code for code in codes if tree.get(code).level == AreaLevel.WIJK]
    if not wijken:
        return {}
    wijk_of = {node.code: wijk for wijk in wijken for node in tree.children(wijk)}
    led = select(Contact.team_id).where(col(Contact.role) == ContactRole.PRIMARY)
    query = (
        select(TeamArea.area_code, Team)
        .join(Team, col(Team.id) == TeamArea.team_id)
        .where(Team.kind_code == OKT, col(Team.id).in_(led))
        .where(col(TeamArea.area_code).in_(list(wijk_of)))
        .options(selectinload(Team.contacts).options(with_details(Contact.person)))  # type: ignore[arg-type]
        .order_by(Team.name)
    )
    found: dict[str, list[Team]] = {}
    for buurt, team in session.exec(query):
        found.setdefault(wijk_of[buurt], []).append(team)
    return {wijk: _by_share(teams) for wijk, teams in found.items()}


def _by_share(teams: list[Team]) -> list[Team]:
    by_id = {team.id: team for team in teams}
    counted = [team.id for team in teams]
    return [by_id[id] for id in sorted(by_id, key=lambda id: -counted.count(id))]


def _away(session: Session, today: date) -> frozenset[UUID]:
    """The people who are on leave from any of their areas today."""
    query = select(WijkContact).where(col(WijkContact.absent_from) <= today)
    return frozenset(
        row.person_id
        for row in session.exec(query)
        if row.is_current(today) and row.is_absent(today)
    )
