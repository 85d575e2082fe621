"""Table of themes: two levels, and which of them mean danger (R34)."""

from sqlmodel import Field, SQLModel


class Theme(SQLModel, table=True):
    """A theme or, with a parent, one of its subjects."""

    id: str = Field(primary_key=True)
    name: str
    parent_id: str | None = Field(default=None, foreign_key="theme.id", index=True)
    is_danger: bool = False
    position: int


class EmergencyNumber(SQLModel, table=True):
    """A number to ring in danger; the only real numbers in the data."""

    __tablename__ = "emergency_number"

    id: str = Field(primary_key=True)
    name: str
    number: str
    when_to_call: str
    hours: str
    cost: str
    source: str
    dated: str
    position: int
