"""Tables of history: every change, every import, and what waits for the search index."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from socialmap.models.columns import check, json_column, moment, one_of
from socialmap.models.terms import ChangeState, Door, EditState


class ImportRun(SQLModel, table=True):
    """One saved import of one file."""

    __tablename__ = "import_run"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int = Field(unique=True)
    """Counts up; what people call it by, and which of two came later."""
    at: datetime = moment()
    by: str
    file_name: str
    source: str
    """Whose list it is: another file of the same source takes its place."""
    created: int = 0
    changed: int = 0
    undone_at: datetime | None = moment(nullable=True)
    undone_by: str = ""


class Edit(SQLModel, table=True):
    """What someone who is signed in saved at once: one or more changes of one listing."""

    __table_args__ = (
        check("decided_has_a_moment", "state IN ('done', 'waiting') OR decided_at IS NOT NULL"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    listing_id: UUID = Field(index=True)
    """Not a foreign key: history stays when a listing goes."""
    account_id: UUID | None = Field(
        default=None, foreign_key="account.id", index=True, ondelete="SET NULL"
    )
    """None where it was erased."""
    at: datetime = moment()
    state: EditState = one_of(EditState)
    note: str = ""
    """What was said to who checks it."""
    undoes: str = ""
    """Why it is there, where it takes something back."""
    decided_at: datetime | None = moment(nullable=True)
    decided_by: str = ""
    decision: str = ""
    """What who decided has to say to who saved it."""


class Change(SQLModel, table=True):
    """One changed field of one record: who, when, before, after, by which door."""

    __table_args__ = (sa.Index("ix_change_record", "noun", "record_id"),)

    id: int | None = Field(
        default=None,
        sa_column=sa.Column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    )
    at: datetime = moment()
    by: str
    door: Door = one_of(Door)
    state: ChangeState = one_of(ChangeState)
    import_run_id: UUID | None = Field(default=None, foreign_key="import_run.id", index=True)
    edit_id: UUID | None = Field(default=None, foreign_key="edit.id", index=True)
    noun: str
    record_id: UUID
    field: str
    """Empty for the birth of a record; `after` then holds all its values."""
    before: Any = json_column()
    after: Any = json_column()


class ImportedRecord(SQLModel, table=True):
    """What an import said of a record, where that was new from its source; so that a later one
    can tell what others changed in between and never overwrites it, and an earlier one is known
    again when this one is undone."""

    __tablename__ = "imported_record"

    noun: str = Field(primary_key=True)
    record_id: UUID = Field(primary_key=True)
    import_run_id: UUID = Field(primary_key=True, foreign_key="import_run.id", index=True)
    is_named: bool = True
    """False: the file no longer names it, while another source does; `data` is then empty."""
    data: dict[str, Any] = Field(sa_type=sa.JSON, nullable=False)


class Outbox(SQLModel, table=True):
    """A listing whose copy in the search index is out of date."""

    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(
        default=None,
        sa_column=sa.Column(
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
    )
    listing_id: UUID
    is_erasure: bool = False
    """The old copy holds what may no longer be kept: its traces go too."""
