"""Table of misses: questions that found hardly anything, counted, and nothing of who asked."""

from sqlmodel import Field, SQLModel

from socialmap.models.columns import check, one_of
from socialmap.models.terms import AgeBracket


class SearchMiss(SQLModel, table=True):
    """How often one theme was missed in one area for one age in one month.

    Nothing that was typed is kept, no day and no row per question. Theme and area are no foreign
    keys: one that went would hold up all counts, and what was counted stays true.
    """

    __tablename__ = "search_miss"
    __table_args__ = (
        check("a_month_and_no_day", "month LIKE '____-__'"),
        check("counted_at_least_once", "count > 0"),
    )

    month: str = Field(primary_key=True)
    """`2026-11`."""
    theme_id: str = Field(primary_key=True)
    """Empty where the question named no theme."""
    area_code: str = Field(primary_key=True)
    """Of a wijk or larger; empty for the whole city."""
    age: AgeBracket = one_of(AgeBracket, primary_key=True)
    count: int
