"""Tables of themes, the words of the field, and the numbers to ring in danger (R34)."""

import sqlalchemy as sa
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


class GlossaryTerm(SQLModel, table=True):
    """A word of the field: what it means, what it is called now, with what it is mixed up."""

    __tablename__ = "glossary_term"

    slug: str = Field(primary_key=True)
    word: str
    also: list[str] = Field(sa_type=sa.JSON, nullable=False)
    """Other ways to say or write it."""
    now_called: str | None = None
    """The word of today, for a former name."""
    meaning: str
    not_to_confuse: list[str] = Field(sa_type=sa.JSON, nullable=False)
    source: str = ""
