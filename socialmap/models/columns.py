"""Column kinds shared by the tables: named constraints, closed lists, moments in UTC."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment, kept in UTC and always aware; a naive one is refused."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def terms_column(terms: type[StrEnum]) -> sa.Enum:
    """A text column that the database itself keeps to the values of `terms`."""
    return sa.Enum(
        terms,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        name=terms.__name__.lower(),
    )


def one_of(terms: type[StrEnum], *, nullable: bool = False, primary_key: bool = False) -> Any:
    """A field holding one member of `terms`, or None where `nullable`."""
    kind = terms_column(terms)
    if primary_key:
        return Field(sa_type=kind, primary_key=True)
    if nullable:
        return Field(default=None, sa_type=kind, nullable=True)
    return Field(sa_type=kind, nullable=False)


def moment(*, nullable: bool = False, primary_key: bool = False) -> Any:
    """A moment in UTC; required unless `nullable`."""
    if primary_key:
        return Field(sa_type=UtcDateTime, primary_key=True)
    if nullable:
        return Field(default=None, sa_type=UtcDateTime, nullable=True)
    return Field(sa_type=UtcDateTime, nullable=False)


def json_column(*, nullable: bool = True) -> Any:
    """A JSON value; a change of it is written only when a new value is assigned."""
    return Field(default=None, sa_type=sa.JSON, nullable=nullable)


def check(name: str, condition: str) -> sa.CheckConstraint:
    """A rule that the database keeps, named so that migrations can find it."""
    return sa.CheckConstraint(condition, name=name)


ONE_PERIOD = "until_on IS NULL OR from_on IS NULL OR from_on <= until_on"
