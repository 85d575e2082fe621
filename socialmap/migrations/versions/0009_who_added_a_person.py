"""who added a person"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('person') as batch_op:
        batch_op.add_column(sa.Column('added_by_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_person_added_by_id'), 'account', ['added_by_id'], ['id'], ondelete='SET NULL')
        batch_op.create_index(op.f('ix_person_added_by_id'), ['added_by_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('person') as batch_op:
        batch_op.drop_index(op.f('ix_person_added_by_id'))
        batch_op.drop_constraint(op.f('fk_person_added_by_id'), type_='foreignkey')
        batch_op.drop_column('added_by_id')
