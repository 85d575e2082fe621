"""Table of reports: what readers say is wrong with a listing, and nothing of who said it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from socialmap.models.columns import check, moment, one_of
from socialmap.models.terms import ReportKind, ReportState

MOST_WORDS = 500
"""So many signs may be said, and answered."""


class Report(SQLModel, table=True):
    """Something that someone says is wrong with a listing; no name, address or network is kept."""

    __table_args__ = (
        check("decided_has_a_moment", "(state = 'open') = (decided_at IS NULL)"),
        check("words_fit", f"length(words) <= {MOST_WORDS}"),
        check("answer_fits", f"length(answer) <= {MOST_WORDS}"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    listing_id: UUID = Field(foreign_key="listing.id", index=True, ondelete="CASCADE")
    kind: ReportKind = one_of(ReportKind)
    words: str = ""
    at: datetime = moment()
    state: ReportState = one_of(ReportState)
    answer: str = ""
    """What who decided has to say about it, to others who decide."""
    decided_by: str = ""
    decided_at: datetime | None = moment(nullable=True)
