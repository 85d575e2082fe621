"""Who answers for an area, for any periods, absences, deputies and leaders: always who should.

The rules are said here once more, in the words of R13 and R15, and compared with what is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, delete, select

from socialmap import people
from socialmap.geo.tree import CITY, AreaTree
from socialmap.models import Contact, Person, Team, TeamArea, WijkContact
from socialmap.models.terms import ContactRole
from socialmap.people import AreaContact, PersonValues, Presence, StandInRole
from tests.factories import TODAY

WIJK, OTHER_WIJK, GEBIED, STADSDEEL = "NK", "NL", "GN19", "N"
AREAS = (WIJK, OTHER_WIJK, GEBIED, STADSDEEL, CITY)
ABOVE = {
    WIJK: (GEBIED, STADSDEEL, CITY),
    OTHER_WIJK: (GEBIED, STADSDEEL, CITY),
    GEBIED: (STADSDEEL, CITY),
    STADSDEEL: (CITY,),
    CITY: (),
}
NAMES = ("Ada", "Bo", "Cem", "Dina", "Eef")
LAST = 9
"""All happens between day 0 and this one, or goes on."""
Days = tuple[int, int | None]
"""The first and the last day; None is no end."""


@dataclass(frozen=True)
class Holding:
    """Somebody who holds an area, and is perhaps away."""

    area: str
    holder: str
    deputy: str | None
    held: Days
    away: Days | None


@dataclass(frozen=True)
class World:
    """Who holds which areas, and who leads the OKT of the first wijk and when."""

    holdings: tuple[Holding, ...]
    leader: str | None
    led: Days

    # What is so on a day

    def now(self, area: str, day: int) -> Holding | None:
        held = [one for one in self.holdings if one.area == area and is_in(one.held, day)]
        return held[0] if held else None

    def before(self, area: str, day: int) -> Holding | None:
        """Who held it last."""
        ended = [one for one in self.holdings if one.area == area and ends(one.held) < day]
        return max(ended, key=lambda one: ends(one.held), default=None)

    def away(self, day: int) -> set[str]:
        """Who is on leave from anything."""
        return {one.holder for one in self.holdings if is_in(one.held, day) and is_gone(one, day)}

    def asked(self, area: str, day: int) -> Iterator[tuple[str, StandInRole]]:
        """Who is asked to stand in, one after another, also who is away."""
        row = self.now(area, day) or self.before(area, day)
        if row and row.deputy:
            yield row.deputy, StandInRole.DEPUTY
        if area == WIJK and self.leader and is_in(self.led, day):
            yield self.leader, StandInRole.TEAM_LEADER
        for code in ABOVE[area]:
            above = self.now(code, day)
            for name in (above.holder, above.deputy) if above else ():
                if name and not (name == above.holder and is_gone(above, day)):
                    yield name, StandInRole.AREA_CONTACT

    def answers(self, area: str, day: int) -> tuple[str | None, StandInRole | None]:
        """Who answers, and as what; a contact as nothing but that."""
        now = self.now(area, day)
        if now and not is_gone(now, day):
            return now.holder, None
        there = (one for one in self.asked(area, day) if one[0] not in self.away(day))
        return next(there, (None, None))


def ends(days: Days) -> int:
    return LAST + 99 if days[1] is None else days[1]


def is_in(days: Days, day: int) -> bool:
    return days[0] <= day <= ends(days)


def is_gone(one: Holding, day: int) -> bool:
    return one.away is not None and is_in(one.away, day)


# Any world


@st.composite
def periods(draw: st.DrawFn) -> list[Days]:
    """Up to three, one after another, with gaps or without."""
    found: list[Days] = []
    first = draw(st.integers(0, 4))
    for _ in range(draw(st.integers(0, 3))):
        last = first + draw(st.integers(0, 4))
        is_open = last >= LAST or draw(st.integers(0, 3)) == 0
        found.append((first, None if is_open else last))
        if is_open:
            break
        first = last + 1 + draw(st.integers(0, 2))
    return found


@st.composite
def absences(draw: st.DrawFn) -> Days | None:
    if draw(st.booleans()):
        return None
    first = draw(st.integers(0, LAST))
    return first, draw(st.none() | st.integers(first, LAST))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    holdings = []
    for area in AREAS:
        for held in draw(periods()):
            holder, deputy = draw(st.permutations(NAMES))[:2]
            deputy = draw(st.sampled_from([deputy, deputy, None]))
            holdings.append(Holding(area, holder, deputy, held, draw(absences())))
    leader = draw(st.sampled_from([None, *NAMES]))
    first = draw(st.integers(0, LAST))
    return World(tuple(holdings), leader, (first, draw(st.none() | st.integers(first, LAST))))


class City:
    """A city in which nothing is held but by the people of a world."""

    def __init__(self, session: Session, tree: AreaTree) -> None:
        self.session, self.tree = session, tree
        people.save_people(session, [PersonValues(name, name) for name in NAMES])
        self._ids = dict(session.exec(select(Person.key, Person.id)).all())
        session.exec(delete(Contact))
        self._team = session.exec(select(Team).where(Team.kind_code == "okt")).first()
        session.exec(delete(TeamArea))
        for buurt in tree.children(WIJK):
            session.add(TeamArea(team_id=self._team.id, area_code=buurt.code))

    def becomes(self, world: World) -> None:
        for table in (WijkContact, Contact):
            self.session.exec(delete(table))
        self.session.expire_all()
        self.session.add_all(map(self._row, world.holdings))
        if world.leader:
            first, last = map(day_of, world.led)
            told = {"team_id": self._team.id, "role": ContactRole.PRIMARY}
            period = {"from_on": first, "until_on": last}
            self.session.add(Contact(person_id=self._ids[world.leader], **told, **period))
        self.session.flush()
        self.session.expire_all()

    def _row(self, one: Holding) -> WijkContact:
        first, last = map(day_of, one.held)
        away = dict(zip(("absent_from", "absent_until"), map(day_of, one.away or ()), strict=False))
        deputy: UUID | None = self._ids[one.deputy] if one.deputy else None
        who = {"person_id": self._ids[one.holder], "deputy_id": deputy}
        return WijkContact(area_code=one.area, **who, from_on=first, until_on=last, **away)

    def tells(self, day: int) -> dict[str, AreaContact]:
        """Whom to call for each area, asked at once."""
        return people.contacts_for_areas(self.session, self.tree, AREAS, day_of(day))


def day_of(day: int | None) -> date | None:
    return None if day is None else TODAY + timedelta(days=day)


@pytest.fixture
def city(session: Session, tree: AreaTree) -> City:
    return City(session, tree)


def told(contact: AreaContact) -> tuple[str | None, StandInRole | None]:
    role = contact.stand_in.role if contact.stand_in else None
    return contact.reachable and contact.reachable.name, role


EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@EXAMPLES
@given(world=worlds(), days=st.sets(st.integers(0, LAST + 1), min_size=2, max_size=3))
def test_the_first_who_is_there_answers(city: City, world: World, days: set[int]) -> None:
    """Deputy, team leader, gebied, stadsdeel, redactie; and never who is on leave, who has not
    begun or who stopped."""
    city.becomes(world)
    for day in days:
        contacts = city.tells(day)
        assert {code: told(contacts[code]) for code in AREAS} == {
            code: world.answers(code, day) for code in AREAS
        }
        for code in AREAS:
            alone = people.contact_for_area(city.session, city.tree, code, day_of(day))
            assert alone == contacts[code], "asked alone or together, it is the same"


@EXAMPLES
@given(world=worlds(), day=st.integers(0, LAST))
def test_who_was_away_is_back_the_day_after(city: City, world: World, day: int) -> None:
    city.becomes(world)
    today, tomorrow = city.tells(day), city.tells(day + 1)
    for one in (one for one in world.holdings if is_in(one.held, day) and is_in(one.held, day + 1)):
        contact, next_one = today[one.area], tomorrow[one.area]
        if contact.presence == Presence.ON_LEAVE and contact.absent_until == day_of(day):
            assert told(next_one) == (one.holder, None)
        if contact.presence == Presence.PRESENT:
            is_going = one.away is not None and one.away[0] == day + 1
            assert (next_one.presence == Presence.ON_LEAVE) == is_going


OF_A_LEADER = World((Holding(WIJK, "Ada", None, (0, None), (0, None)),), "Cem", (2, 4))
"""Where only who leads the team makes a difference."""


@EXAMPLES
@given(world=worlds(), day=st.integers(0, LAST), area=st.sampled_from(AREAS))
@example(world=OF_A_LEADER, day=0, area=WIJK)
def test_the_outlook_says_of_every_day_to_come_who_answers_then(
    city: City, world: World, day: int, area: str
) -> None:
    city.becomes(world)
    outlook = people.outlook(city.session, city.tree, area, day_of(day))
    for later in range(day, LAST + 2):
        expected = max((one for one in outlook if one.from_on <= day_of(later)), key=BEGINS)
        answers = expected.contact.reachable
        assert (answers and answers.name) == world.answers(area, later)[0], later


BEGINS = attrgetter("from_on")
