"""Table of summaries in other languages, as somebody wrote them."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, SQLModel

from socialmap.models.columns import check, one_of
from socialmap.models.terms import Language


class ListingSummary(SQLModel, table=True):
    """The summary of a listing in a language that is not Dutch, by whom and when."""

    __tablename__ = "listing_summary"
    __table_args__ = (
        check("another_language", "language NOT IN ('nl', 'dse')"),
        check("says_something", "text <> ''"),
        check("somebody_wrote_it", "written_by <> ''"),
    )

    listing_id: UUID = Field(foreign_key="listing.id", primary_key=True, ondelete="CASCADE")
    language: Language = one_of(Language, primary_key=True)
    text: str
    written_by: str
    """A name or an organisation, as it is shown."""
    written_on: date
    of_text: str
    """The Dutch summary that it says in other words."""
    is_example: bool = False

    def is_behind(self, dutch: str) -> bool:
        """Was the Dutch summary changed since this was written?"""
        return self.of_text != dutch
