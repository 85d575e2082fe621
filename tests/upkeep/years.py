"""A simulated city: providers and wijk contacts with habits, day by day with a clock of its own.

Nothing is mailed: a digest reaches who it is for at once, and what they do follows from a habit.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from random import Random

import sqlalchemy as sa
from sqlmodel import Session, col, select

from socialmap import accounts, db, upkeep
from socialmap.geo.tree import CITY, AreaTree, area_tree
from socialmap.listings.edits import Author, Editor
from socialmap.listings.find import keys_of
from socialmap.listings.values import ListingValues, ProviderValues
from socialmap.models import Listing
from socialmap.models.slugs import slug_of
from socialmap.models.terms import AreaLevel, Door, Role, Status
from tests.factories import listing

BEGIN = date(2026, 1, 1)
WEEK = 7


class Habit(Enum):
    """How somebody who keeps listings answers a digest, with the share of providers."""

    PROMPT = 0.55
    """Answers the first one, within four days."""
    LATE = 0.20
    """Answers the second one, three to ten days later."""
    NEVER = 0.10
    """Never answers."""
    LEAVES = 0.08
    """Prompt, until the account ends on some day of the two years; nobody takes over."""
    BOUNCES = 0.07
    """Prompt, until on some day mail comes back."""


REACHED, STOPPED = 0.70, 0.15
"""Of what a wijk contact is asked: whom they reach, so that it is confirmed; and what turns out to
have stopped. Of the rest they hear nothing, and leave it."""
WIJK_DAYS = 14
"""Within so many days a wijk contact does what a digest asks."""
SIZES = (1, 1, 1, 1, 1, 1, 2, 2, 3, 6)
"""How many listings a provider has; and one in a hundred has thirty."""
MANY = 30
RHYTHMS = (6,) * 14 + (3,) * 2 + (12,) * 3 + (1,)


@dataclass
class Provider:
    mail: str
    habit: Habit
    turns_on: date
    """When who leaves has left, and mail that bounces does."""


@dataclass(frozen=True)
class Task:
    """What somebody does on some day with what a digest asked."""

    mail: str
    keys: tuple[str, ...]
    is_wijk: bool


@dataclass
class Years:
    """What two years were like."""

    shares: list[float] = field(default_factory=list)
    """Of the default results the share that is past its rhythm, a week each."""
    mails: Counter[str] = field(default_factory=Counter)
    """By mail address."""
    decisions: Counter[str] = field(default_factory=Counter)
    """What wijk contacts decided, by mail address."""
    twice: int = 0
    """Digests that a second run on a day would send to who had one; tried once a week."""


class City:
    """The providers of a city, and who has its wijken."""

    def __init__(self, engine: sa.Engine, count: int, days: int, seed: int = 7) -> None:
        self._engine, self._days, self._random = engine, days, Random(seed)
        self.providers: dict[str, Provider] = {}
        self.wijken: list[str] = []
        with db.writing(engine) as session:
            tree = area_tree(session)
            self.wijken = [node.code for node in tree.within(CITY) if node.level == AreaLevel.WIJK]
            self._open(session, tree, count)

    def _open(self, session: Session, tree: AreaTree, count: int) -> None:
        editor = Editor(session, tree, Author("begin", Door.COMMAND, _noon(BEGIN)))
        values = [one for number in range(count) for one in self._listings(number)]
        for start in range(0, len(values), 500):
            editor.save_all(values[start : start + 500])
        for number, (mail, provider) in enumerate(self.providers.items()):
            slug = slug_of(f"Aanbieder {number:04}")
            accounts.add_role(session, mail, Role.EDITOR, BEGIN, provider=slug)
            assert provider.mail == mail
        for code in self.wijken:
            accounts.add_role(session, _of_wijk(code), Role.WIJK_CONTACT, BEGIN, area=code)
        accounts.add_role(session, "redactie@gids.example", Role.REDACTEUR, BEGIN)

    def _listings(self, number: int) -> Iterator[ListingValues]:
        dice = self._random
        mail = f"p{number:04}@aanbieder.example"
        habit = dice.choices(list(Habit), [habit.value for habit in Habit])[0]
        self.providers[mail] = Provider(mail, habit, _day(dice.randrange(self._days)))
        size = MANY if number % 100 == 99 else dice.choice(SIZES)
        for at in range(size):
            months = dice.choice(RHYTHMS)
            yield listing(
                f"a{number:04}-{at}",
                provider=ProviderValues(name=f"Aanbieder {number:04}"),
                places=[],
                coverage=[dice.choice(self.wijken)],
                review_months=months,
                confirmed_on=BEGIN - timedelta(days=dice.randrange(30 * months)),
                is_example=True,
            )

    def live(self, *, every: int = 1) -> Years:
        """Let the days pass, with `flask remind` on every so many of them."""
        years = Years()
        todo: dict[date, list[Task]] = defaultdict(list)
        for number in range(self._days):
            today = _day(number)
            self._leave(today)
            self._act(years, todo.pop(today, []), today)
            if number % every == 0:
                self._remind(years, todo, number)
            if number % WEEK == 0:
                years.shares.append(self.share(today))
        return years

    def _leave(self, today: date) -> None:
        gone = [one for one in self.providers.values() if one.turns_on == today]
        with db.writing(self._engine) as session:
            for one in gone:
                if one.habit == Habit.LEAVES:
                    accounts.end_account(session, one.mail, _noon(today), today)

    def _remind(self, years: Years, todo: dict[date, list[Task]], number: int) -> None:
        today = _day(number)
        with db.writing(self._engine) as session:
            tree = area_tree(session)
            found = upkeep.digests(session, tree, _noon(today), today)
            for digest in found:
                assert upkeep.claim(session, digest, today)
            told = {digest.account.mail for digest in found}
            keys = keys_of(session, {card.id for digest in found for card in digest.cards})
            for digest in found:
                mail = digest.account.mail
                provider = self.providers.get(mail)
                if provider and provider.habit == Habit.BOUNCES and provider.turns_on <= today:
                    upkeep.mark_bounced(session, digest.account.id, today)
                    continue
                years.mails[mail] += 1
                for cards, is_wijk in ((digest.own, False), (digest.wijk, True)):
                    if cards:
                        on = today + timedelta(days=self._delay(years, mail, is_wijk))
                        todo[on].append(Task(mail, tuple(keys[card.id] for card in cards), is_wijk))
        if number % WEEK:
            return
        with Session(self._engine) as session:
            again = upkeep.digests(session, tree, _noon(today), today)
            years.twice += sum(one.account.mail in told for one in again)

    def _delay(self, years: Years, mail: str, is_wijk: bool) -> int:
        """After how many days somebody does what a digest asks; beyond the end is never."""
        dice = self._random
        if is_wijk:
            return dice.randrange(1, WIJK_DAYS)
        habit = self.providers[mail].habit
        if habit == Habit.NEVER or (habit == Habit.LATE and years.mails[mail] % 2):
            return self._days
        return dice.randrange(3, 11) if habit == Habit.LATE else dice.randrange(5)

    def _act(self, years: Years, tasks: list[Task], today: date) -> None:
        """Everybody does on a day what they do; one edit each, through the one door."""
        if not tasks:
            return
        with db.writing(self._engine) as session:
            author = Author("iemand", Door.FORM, _noon(today))
            editor = Editor(session, area_tree(session), author)
            for task in tasks:
                account = accounts.find_account(session, task.mail)
                if account is None or account.ended_on is not None:
                    continue
                for key in task.keys:
                    values = self._answer(task.is_wijk, today)
                    years.decisions[task.mail] += task.is_wijk
                    here = editor.current(key)
                    if values and here.status == Status.LIVE:
                        editor.save(here.model_copy(update=values))

    def _answer(self, is_wijk: bool, today: date) -> dict[str, object]:
        luck = self._random.random() if is_wijk else 0.0
        if luck < REACHED:
            return {"confirmed_on": today}
        if luck < REACHED + STOPPED:
            return {"status": Status.ENDED, "ended_on": today, "reason": "Gestopt."}
        return {}

    def share(self, today: date) -> float:
        """Of the default results the share that is past its rhythm."""
        with Session(self._engine) as session:
            found = session.exec(select(Listing).where(col(Listing.status) == Status.LIVE)).all()
        shown = [one for one in found if not one.is_lapsed(today)]
        return sum(one.is_stale(today) for one in shown) / len(shown)

    @property
    def end(self) -> date:
        """The day after the last one."""
        return _day(self._days)

    def count(self, told: Callable[[Listing], bool] = lambda _: True) -> int:
        """How many listings are so."""
        with Session(self._engine) as session:
            return sum(told(one) for one in session.exec(select(Listing)))


def _of_wijk(code: str) -> str:
    return f"{code.lower()}@wijk.example"


def _day(number: int) -> date:
    return BEGIN + timedelta(days=number)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
