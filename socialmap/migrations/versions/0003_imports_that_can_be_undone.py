"""imports that can be undone"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from socialmap.models.columns import UtcDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

RUN = sa.table(
    'import_run', sa.column('id', sa.Uuid()), sa.column('at'), sa.column('by'),
    sa.column('file_name'), sa.column('number'), sa.column('source'),
)


def upgrade() -> None:
    with op.batch_alter_table('import_run') as batch_op:
        batch_op.add_column(sa.Column('number', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('undone_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('undone_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
    _number_the_runs()
    with op.batch_alter_table('import_run') as batch_op:
        batch_op.alter_column('number', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('source', existing_type=sqlmodel.sql.sqltypes.AutoString(), nullable=False)
        batch_op.alter_column('undone_by', existing_type=sqlmodel.sql.sqltypes.AutoString(), server_default=None)
        batch_op.create_unique_constraint(op.f('uq_import_run_number'), ['number'])
    with op.batch_alter_table('imported_record') as batch_op:
        batch_op.add_column(sa.Column('is_named', sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table('imported_record') as batch_op:
        batch_op.alter_column('is_named', existing_type=sa.Boolean(), server_default=None)
        batch_op.drop_constraint(op.f('pk_imported_record'), type_='primary')
        batch_op.create_primary_key(op.f('pk_imported_record'), ['noun', 'record_id', 'import_run_id'])
        batch_op.create_index(op.f('ix_imported_record_import_run_id'), ['import_run_id'], unique=False)


def _number_the_runs() -> None:
    """Number the imports there are by their moment; the source is who did it and the file."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(RUN.c.id, RUN.c.by, RUN.c.file_name).order_by(RUN.c.at, RUN.c.id))
    for number, (id, by, file_name) in enumerate(rows.all(), 1):
        source = f"{by}: {file_name.rpartition('.')[0] or file_name}".casefold()
        connection.execute(sa.update(RUN).where(RUN.c.id == id).values(number=number, source=source))


def downgrade() -> None:
    op.execute(
        "DELETE FROM imported_record WHERE NOT is_named OR import_run_id <> ("
        "SELECT other.import_run_id FROM imported_record AS other "
        "JOIN import_run ON import_run.id = other.import_run_id "
        "WHERE other.noun = imported_record.noun AND other.record_id = imported_record.record_id "
        "AND other.is_named ORDER BY import_run.number DESC LIMIT 1)"
    )
    with op.batch_alter_table('imported_record') as batch_op:
        batch_op.drop_index(op.f('ix_imported_record_import_run_id'))
        batch_op.drop_constraint(op.f('pk_imported_record'), type_='primary')
        batch_op.create_primary_key(op.f('pk_imported_record'), ['noun', 'record_id'])
        batch_op.drop_column('is_named')
    with op.batch_alter_table('import_run') as batch_op:
        batch_op.drop_constraint(op.f('uq_import_run_number'), type_='unique')
        batch_op.drop_column('undone_by')
        batch_op.drop_column('undone_at')
        batch_op.drop_column('source')
        batch_op.drop_column('number')
