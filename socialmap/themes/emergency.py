"""The numbers to ring in danger (R34)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlmodel import Session, col, delete, select

from socialmap.models import EmergencyNumber


def emergency_numbers(session: Session) -> list[EmergencyNumber]:
    """The numbers to ring in danger, the most urgent first."""
    query = select(EmergencyNumber).order_by(col(EmergencyNumber.position))
    return list(session.exec(query).all())


@dataclass(frozen=True)
class EmergencyValues:
    """A number to ring in danger, as a file gives it."""

    id: str
    name: str
    number: str
    when_to_call: str
    hours: str
    cost: str
    source: str
    dated: str
    position: int


def save_emergency_numbers(session: Session, rows: Iterable[EmergencyValues]) -> int:
    """Make the numbers to ring in danger equal to these; returns how many there are."""
    numbers = [EmergencyNumber(**asdict(row)) for row in rows]
    session.exec(delete(EmergencyNumber))
    session.add_all(numbers)
    session.flush()
    return len(numbers)
