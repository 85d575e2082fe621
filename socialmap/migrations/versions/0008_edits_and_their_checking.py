"""edits and their checking"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from socialmap.models.columns import UtcDateTime

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

OLD = ('applied', 'proposed')
NEW = (*OLD, 'approved', 'returned', 'overtaken')
STATES = ('done', 'waiting', 'approved', 'returned', 'overtaken')



def upgrade() -> None:
    op.create_table('edit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('state', sa.Enum(*STATES, name='editstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('undoes', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decided_at', UtcDateTime(), nullable=True),
    sa.Column('decided_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.CheckConstraint("state IN ('done', 'waiting') OR decided_at IS NOT NULL", name=op.f('ck_edit_decided_has_a_moment')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_edit_account_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edit'))
    )
    op.create_index(op.f('ix_edit_listing_id'), 'edit', ['listing_id'], unique=False)
    op.create_index(op.f('ix_edit_account_id'), 'edit', ['account_id'], unique=False)
    with op.batch_alter_table('change') as batch_op:
        batch_op.add_column(sa.Column('edit_id', sa.Uuid(), nullable=True))
        batch_op.drop_constraint(op.f('ck_change_changestate'), type_='check')
        batch_op.create_check_constraint(op.f('ck_change_changestate'), _among(NEW))
        batch_op.create_foreign_key(op.f('fk_change_edit_id'), 'edit', ['edit_id'], ['id'])
        batch_op.create_index(op.f('ix_change_edit_id'), ['edit_id'], unique=False)
    with op.batch_alter_table('login_link') as batch_op:
        batch_op.add_column(sa.Column('leads_to', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
    with op.batch_alter_table('login_link') as batch_op:
        batch_op.alter_column('leads_to', existing_type=sqlmodel.sql.sqltypes.AutoString(), server_default=None)


def _among(values: tuple[str, ...]) -> str:
    return f"state IN ({', '.join(map(repr, values))})"


def downgrade() -> None:
    op.execute(f"DELETE FROM change WHERE NOT ({_among(OLD)})")
    with op.batch_alter_table('login_link') as batch_op:
        batch_op.drop_column('leads_to')
    with op.batch_alter_table('change') as batch_op:
        batch_op.drop_index(op.f('ix_change_edit_id'))
        batch_op.drop_constraint(op.f('fk_change_edit_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('ck_change_changestate'), type_='check')
        batch_op.create_check_constraint(op.f('ck_change_changestate'), _among(OLD))
        batch_op.drop_column('edit_id')
    op.drop_table('edit')
