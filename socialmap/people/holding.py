"""Who holds an area, who stands in and when: the rules by which that is changed (R13).

Each act returns what changed of which area, by code, and keeps it as history. An area that did not
change is not named. Days hold whole, both ends inclusive.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from socialmap.labels import day
from socialmap.listings.history import Author
from socialmap.models import Change, Person, WijkContact
from socialmap.models.currency import months_later
from socialmap.people.find import held_rows
from socialmap.people.periods import overlap

NOUN = "wijk_contact"
FAR_MONTHS = 12
"""A day further away than this is a slip of the pen."""
DAY = timedelta(days=1)
ABSENCE = ("absent_from", "absent_until")

Changed = dict[str, frozenset[str]]

SELF = "Iemand kan niet de eigen vervanger zijn. Kies iemand anders, of kies niemand."
NO_FIRST_DAY = "Vul ook de eerste dag van de afwezigheid in."
REVERSED = "De laatste dag is eerder dan de eerste. Kijk de dagen na."
OVER = "Deze laatste dag is al voorbij. Is er geen afwezigheid meer? Maak beide dagen leeg."
FAR = "{} is meer dan een jaar van nu. Kijk het jaar nog eens na."
NOT_BEFORE = "{} houdt dit gebied sinds {}. Kies een dag daarna."
TAKEN_UNTIL = "{} houdt dit gebied tot en met {}. Kies een dag daarna."
TAKEN = "{} houdt dit gebied al en heeft nog geen laatste dag. Vul die eerst in."
TAKEN_LATER = "Vanaf {1} houdt {0} dit gebied. Zeg eerst dat dat niet doorgaat."
BEGUN = "{} is al begonnen. Vul in vanaf wanneer er niemand meer is."


class HoldingError(ValueError):
    """Says in Dutch what can't be, and by the name of which value."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def confirm(session: Session, rows: Sequence[WijkContact], today: date, author: Author) -> Changed:
    """Somebody who knows says today that these are right."""
    return _put_all(session, rows, author, {"confirmed_on": today})


def set_deputy(
    session: Session, rows: Sequence[WijkContact], deputy: Person | None, author: Author
) -> Changed:
    """Let someone stand in, or nobody. Raises HoldingError where that is the holder."""
    if deputy and any(row.person_id == deputy.id for row in rows):
        raise HoldingError("deputy", SELF)
    return _put_all(session, rows, author, {"deputy": deputy})


def set_absence(
    session: Session,
    rows: Sequence[WijkContact],
    period: tuple[date | None, date | None],
    today: date,
    author: Author,
) -> Changed:
    """Say from which day till which the holder is away; without a last day until further notice,
    without any day not at all. Raises HoldingError."""
    first, last = period
    if first is None and last is not None:
        raise HoldingError("absent_from", NO_FIRST_DAY)
    if first is None:
        return end_absence(session, rows, today, author)
    if last is not None and last < first:
        raise HoldingError("absent_until", REVERSED)
    values = {"absent_from": first, "absent_until": last}
    differing = {name for name in values for row in rows if getattr(row, name) != values[name]}
    for name in sorted(differing):
        _refuse_far(name, values[name], today)
    if last is not None and last < today and differing:
        raise HoldingError("absent_until", OVER)
    return _put_all(session, rows, author, values)


def end_absence(
    session: Session, rows: Sequence[WijkContact], today: date, author: Author
) -> Changed:
    """The holder is there again from today on; what was planned is off. What is over stays."""
    changed: Changed = {}
    for row in rows:
        if row.absent_from is None or not row.is_away_between(today, None):
            continue
        has_begun = row.absent_from < today
        values = {"absent_until": today - DAY} if has_begun else dict.fromkeys(ABSENCE)
        changed |= _put_all(session, [row], author, values)
    return changed


def vacate(
    session: Session, row: WijkContact, from_on: date | None, today: date, author: Author
) -> Changed:
    """Nobody holds the area from a day on; None is that the holder stays. Raises HoldingError."""
    if from_on is not None:
        _refuse_far("until_on", from_on, today)
        if from_on <= row.from_on:
            told = NOT_BEFORE.format(row.person.name, day(row.from_on))
            raise HoldingError("until_on", told)
    until_on = from_on - DAY if from_on else None
    wanted = WijkContact(**row.model_dump(exclude={"id", "until_on"}), until_on=until_on)
    known = held_rows(session, [row.area_code])[row.area_code]
    _refuse_overlap("until_on", wanted, [one for one in known if one.id != row.id])
    return _put_all(session, [row], author, {"until_on": until_on})


def appoint(
    session: Session, code: str, person: Person, from_on: date, today: date, author: Author
) -> Changed:
    """Let someone hold an area from a day on, confirmed today; the same again changes nothing.
    Raises HoldingError where somebody holds it then."""
    _refuse_far("from_on", from_on, today)
    row = WijkContact(area_code=code, person_id=person.id, from_on=from_on, confirmed_on=today)
    known = held_rows(session, [code]).get(code, [])
    if any((one.person_id, one.from_on) == (person.id, from_on) for one in known):
        return {}
    _refuse_overlap("from_on", row, known)
    session.add(row)
    session.flush()
    session.add(author.change(NOUN, row.id, "", after=_born(row, person)))
    session.flush()
    return {code: frozenset({"person"})}


def withdraw(session: Session, row: WijkContact, today: date, author: Author) -> Changed:
    """Someone who was to hold an area will not. Raises HoldingError where it has begun."""
    if row.from_on <= today:
        raise HoldingError("", BEGUN.format(row.person.name))
    session.add(author.change(NOUN, row.id, "", before=_born(row, row.person)))
    session.delete(row)
    session.flush()
    return {row.area_code: frozenset({"person"})}


def _refuse_far(name: str, on: date | None, today: date) -> None:
    nearest, farthest = months_later(today, -FAR_MONTHS), months_later(today, FAR_MONTHS)
    if on is not None and not nearest <= on <= farthest:
        raise HoldingError(name, FAR.format(day(on)))


def _refuse_overlap(name: str, wanted: WijkContact, others: Iterable[WijkContact]) -> None:
    """Two people hold one area at no time."""
    for one in others:
        if not overlap(one, wanted):
            continue
        holder = one.person.name
        if one.from_on > wanted.from_on:
            raise HoldingError(name, TAKEN_LATER.format(holder, day(one.from_on)))
        if one.until_on is None:
            raise HoldingError(name, TAKEN.format(holder))
        raise HoldingError(name, TAKEN_UNTIL.format(holder, day(one.until_on)))


def _put_all(
    session: Session, rows: Iterable[WijkContact], author: Author, values: Mapping[str, Any]
) -> Changed:
    """Give each row these values; a person is named by key in history."""
    changed: Changed = {}
    for row in rows:
        different = {name for name, value in values.items() if getattr(row, name) != value}
        session.add_all(_changes(author, row, values, different))
        for name in different:
            setattr(row, name, values[name])
        if different:
            changed[row.area_code] = frozenset(different)
    session.flush()
    return changed


def _changes(
    author: Author, row: WijkContact, values: Mapping[str, Any], names: Iterable[str]
) -> Iterator[Change]:
    for name in sorted(names):
        before, after = _plain(getattr(row, name)), _plain(values[name])
        yield author.change(NOUN, row.id, name, before=before, after=after)


def _born(row: WijkContact, person: Person) -> dict[str, str]:
    """Who holds what and from when, as history keeps it."""
    return {
        "area_code": row.area_code,
        "person": person.key,
        "from_on": row.from_on.isoformat(),
    }


def _plain(value: date | Person | None) -> str | None:
    """A day or a person as history keeps it."""
    if isinstance(value, Person):
        return value.key
    return value.isoformat() if value else None
