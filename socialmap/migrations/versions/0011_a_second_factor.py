"""a second factor, and who gave a role"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from socialmap.models.columns import UtcDateTime

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

OLD = ('inloggen',)
NEW = (*OLD, 'uitnodiging')


def upgrade() -> None:
    op.create_table('second_factor',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('secret', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_second_factor_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_second_factor'))
    )
    op.create_table('recovery_code',
    sa.Column('code_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recovery_code_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('code_hash', name=op.f('pk_recovery_code'))
    )
    op.create_index(op.f('ix_recovery_code_account_id'), 'recovery_code', ['account_id'], unique=False)
    op.add_column('account_session', sa.Column('factor_at', UtcDateTime(), nullable=True))
    with op.batch_alter_table('account_role') as batch_op:
        batch_op.add_column(sa.Column('given_by_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_account_role_given_by_id'), 'account', ['given_by_id'], ['id'], ondelete='SET NULL')
        batch_op.create_index(op.f('ix_account_role_given_by_id'), ['given_by_id'], unique=False)
    _name_creator_until('SET NULL')
    _allow(NEW)


def _name_creator_until(ondelete: str | None) -> None:
    """What becomes of `created_by_id` when the account that it names goes."""
    with op.batch_alter_table('account') as batch_op:
        batch_op.drop_constraint(op.f('fk_account_created_by_id'), type_='foreignkey')
        batch_op.create_foreign_key(op.f('fk_account_created_by_id'), 'account', ['created_by_id'], ['id'], ondelete=ondelete)


def _allow(purposes: tuple[str, ...]) -> None:
    with op.batch_alter_table('login_link') as batch_op:
        batch_op.drop_constraint(op.f('ck_login_link_linkpurpose'), type_='check')
        batch_op.create_check_constraint(op.f('ck_login_link_linkpurpose'), f"purpose IN ({', '.join(map(repr, purposes))})")


def downgrade() -> None:
    op.execute("DELETE FROM login_link WHERE purpose <> 'inloggen'")
    _allow(OLD)
    _name_creator_until(None)
    with op.batch_alter_table('account_role') as batch_op:
        batch_op.drop_index(op.f('ix_account_role_given_by_id'))
        batch_op.drop_constraint(op.f('fk_account_role_given_by_id'), type_='foreignkey')
        batch_op.drop_column('given_by_id')
    op.drop_column('account_session', 'factor_at')
    op.drop_index(op.f('ix_recovery_code_account_id'), table_name='recovery_code')
    op.drop_table('recovery_code')
    op.drop_table('second_factor')
