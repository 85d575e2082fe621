"""Tables of counts: how often a listing is found, and on what people choose; nothing of who."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from socialmap.models.columns import check, one_of
from socialmap.models.terms import AskedField, Counted

A_MONTH = "month LIKE '____-__'"
COUNTED = "count > 0"


class ListingCount(SQLModel, table=True):
    """How often one listing was shown, opened or called in one month.

    No day, no row per question, nothing of who. The area is no foreign key: one that went would
    hold up all counts.
    """

    __tablename__ = "listing_count"
    __table_args__ = (
        check("a_month_and_no_day", A_MONTH),
        check("counted_at_least_once", COUNTED),
        check("only_questions_name_an_area", "area_code = '' OR what = 'getoond'"),
    )

    listing_id: UUID = Field(foreign_key="listing.id", primary_key=True, ondelete="CASCADE")
    month: str = Field(primary_key=True)
    """`2026-11`."""
    what: Counted = one_of(Counted, primary_key=True)
    area_code: str = Field(primary_key=True)
    """Of the wijk or larger that the question named; empty for none."""
    count: int


class FieldAsk(SQLModel, table=True):
    """How many questions about a theme also chose on one field, in one month."""

    __tablename__ = "field_ask"
    __table_args__ = (
        check("a_month_and_no_day", A_MONTH),
        check("counted_at_least_once", COUNTED),
    )

    month: str = Field(primary_key=True)
    theme_id: str = Field(primary_key=True)
    """Empty where the question named no theme."""
    field: AskedField = one_of(AskedField, primary_key=True)
    count: int
