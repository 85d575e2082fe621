"""Table of providers: who offers help."""

from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel


class Provider(SQLModel, table=True):
    """An organisation or initiative; formality is its own, apart from the level of its help."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    slug: str = Field(unique=True)
    name: str = Field(unique=True)
    is_informal: bool
    website: str | None = None
    is_example: bool = False


class FormerSlug(SQLModel, table=True):
    """An address that was renamed and leads on."""

    __tablename__ = "former_slug"

    noun: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    now_slug: str
