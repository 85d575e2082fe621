"""What is asked of an area with a form, and doing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from sqlmodel import Session

from socialmap.labels import day
from socialmap.listings.history import Author
from socialmap.models import Person, WijkContact
from socialmap.people import HoldingError, get_candidate, holding
from socialmap.people.holding import DAY, Changed
from socialmap.views.edit.reader import Reader, Typed
from socialmap.views.wijken.area import AreaDesk

BOXES = {
    "absent_from": "van",
    "absent_until": "tot",
    "deputy": "vervanger",
    "until_on": "weg",
    "person": "wie",
    "from_on": "begin",
}
"""The box of a form in which a value is typed."""
LABELS = {
    "van": "Eerste dag afwezig",
    "tot": "Laatste dag afwezig",
    "vervanger": "Vervanger",
    "weg": "Eerste dag zonder",
    "wie": "Wie",
    "begin": "Vanaf",
}
NOBODY_CHOSEN = "Kies wie dit gebied gaat doen."
NO_DAY = "Vul in vanaf welke dag."
NOT_LISTED = "Kies iemand uit de lijst."


class Act(StrEnum):
    """What can be asked."""

    CONFIRM = "klopt"
    LEAVE = "afwezig"
    RETURN = "er-weer"
    VACATE = "stopt"
    STAY = "blijft"
    APPOINT = "begint"
    WITHDRAW = "toch-niet"


BOXES_OF = {
    Act.LEAVE: ("van", "tot", "vervanger"),
    Act.VACATE: ("weg",),
    Act.APPOINT: ("wie", "begin"),
}


class WrongError(ValueError):
    """What is wrong in a form, by box."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(str(errors))
        self.errors = errors


class ConflictError(Exception):
    """Somebody else changed the same while the form was open."""


@dataclass(frozen=True)
class Asked:
    """A form that came in."""

    act: Act
    typed: Typed

    @classmethod
    def of(cls, typed: Typed) -> Self | None:
        """The form, or None where it asks for nothing that there is."""
        act = next((one for one in Act if one == typed.get("wat")), None)
        return cls(act, typed) if act else None

    @property
    def is_for_all(self) -> bool:
        """Is it for the other areas of the holder too?"""
        return "ook" in self.typed

    @property
    def boxes(self) -> dict[str, str]:
        """What was typed in the boxes of this form."""
        return {box: self.typed.get(box, "") for box in BOXES_OF.get(self.act, ())}

    def do(self, session: Session, desk: AreaDesk, today: date, author: Author) -> Changed:
        """Change what is asked; returns what changed. Raises WrongError; and ConflictError where
        something would change that is not as it was when the form was given out."""
        is_stale = not self._is_of(desk)
        try:
            changed = self._done(session, desk, today, author)
        except HoldingError as error:
            if is_stale:
                raise ConflictError from error
            raise WrongError({BOXES.get(error.name, ""): str(error)}) from error
        if changed and is_stale:
            raise ConflictError
        return changed

    def _is_of(self, desk: AreaDesk) -> bool:
        """Is all that this is about as when the form was given out?"""
        same = self.typed.get("versie") == desk.version
        return same and (not self.is_for_all or self.typed.get("versie-ook") == desk.version_also)

    def _done(self, session: Session, desk: AreaDesk, today: date, author: Author) -> Changed:
        reader = Reader(self.typed)
        later = desk.held.later
        match self.act:
            case Act.APPOINT:
                return self._appoint(session, desk, reader, today, author)
            case Act.WITHDRAW:
                return holding.withdraw(session, later, today, author) if later else {}
            case Act.VACATE:
                from_on = reader.day("weg", missing=NO_DAY)
                _refuse(reader)
                return holding.vacate(session, _last(desk), from_on, today, author)
        rows = _rows(desk, for_all=self.is_for_all)
        match self.act:
            case Act.CONFIRM:
                return holding.confirm(session, rows, today, author)
            case Act.RETURN:
                return holding.end_absence(session, rows, today, author)
            case Act.STAY:
                return holding.vacate(session, rows[0], None, today, author)
        return self._leave(session, desk, reader, today, author)

    def _leave(
        self, session: Session, desk: AreaDesk, reader: Reader, today: date, author: Author
    ) -> Changed:
        """Absence and deputy together: who goes away says who stands in."""
        rows = _rows(desk, for_all=self.is_for_all)
        period = reader.day("van"), reader.day("tot")
        deputy = _chosen(session, desk, reader, "vervanger")
        _refuse(reader)
        changed = holding.set_deputy(session, rows, deputy, author)
        for code, names in holding.set_absence(session, rows, period, today, author).items():
            changed[code] = changed.get(code, frozenset()) | names
        return changed

    def _appoint(
        self, session: Session, desk: AreaDesk, reader: Reader, today: date, author: Author
    ) -> Changed:
        person = _chosen(session, desk, reader, "wie", missing=NOBODY_CHOSEN)
        from_on = reader.day("begin", missing=NO_DAY)
        if person is None or from_on is None:
            raise WrongError(reader.errors)
        return holding.appoint(session, desk.node.code, person, from_on, today, author)

    def differing(self, desk: AreaDesk) -> list[tuple[str, str, str]]:
        """(label, what was typed, what there is now) of each box that says something else."""
        now = texts_now(desk)
        told = {one.key: one.name for group in desk.choices.values() for one in group}
        return [
            (LABELS[box], _told(told.get(typed, typed)), _told(told.get(now[box], now[box])))
            for box, typed in self.boxes.items()
            if typed != now[box]
        ]


def texts_now(desk: AreaDesk) -> dict[str, str]:
    """What the boxes of the forms hold to begin with: what there is now."""
    row = desk.now
    texts = dict.fromkeys(BOXES.values(), "")
    if row is None:
        return texts
    first, last = desk.held.absence or (None, None)
    return texts | {
        "van": first.isoformat() if first else "",
        "tot": last.isoformat() if last else "",
        "weg": (row.until_on + DAY).isoformat() if row.until_on else "",
        "vervanger": row.deputy.key if row.deputy else "",
    }


def _told(text: str) -> str:
    """A day or a name, as people read it."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text or "niets"


def _rows(desk: AreaDesk, *, for_all: bool) -> list[WijkContact]:
    if desk.now is None:
        raise ConflictError
    return [desk.now, *(desk.others if for_all else ())]


def _last(desk: AreaDesk) -> WijkContact:
    """Who holds the area, or held it last."""
    begun = [row for row in desk.held.rows if row != desk.held.later]
    if desk.now is None and not begun:
        raise ConflictError
    return desk.now or begun[-1]


def _chosen(
    session: Session, desk: AreaDesk, reader: Reader, box: str, missing: str = ""
) -> Person | None:
    key = reader.line(box, missing=missing)
    try:
        return get_candidate(session, desk.choices, key) if key else None
    except KeyError:
        reader.fail(box, NOT_LISTED)
        return None


def _refuse(reader: Reader) -> None:
    if reader.errors:
        raise WrongError(reader.errors)
