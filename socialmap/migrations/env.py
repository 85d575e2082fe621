"""Where Alembic meets our tables; the connection comes from `db.migrate`."""

from alembic import context
from sqlmodel import SQLModel

import socialmap.models

assert socialmap.models  # the import fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
