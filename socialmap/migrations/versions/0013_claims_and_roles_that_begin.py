"""claims, and roles that begin later"""

from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel
from alembic import op

from socialmap.models.columns import UtcDateTime

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

STATES = ('asked', 'confirmed', 'running', 'granted', 'refused', 'stopped')
OPEN = "state IN ('asked', 'confirmed')"


def upgrade() -> None:
    with op.batch_alter_table('account_role') as batch_op:
        batch_op.add_column(sa.Column('from_at', UtcDateTime(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_account_role_only_editors_begin_later'), 'from_at IS NULL OR provider_id IS NOT NULL')
    op.create_table('claim',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('provider_id', sa.Uuid(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('words', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sa.Enum(*STATES, name='claimstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('confirmed_at', UtcDateTime(), nullable=True),
    sa.Column('from_at', UtcDateTime(), nullable=True),
    sa.Column('decided_at', UtcDateTime(), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.CheckConstraint("state = 'asked' OR confirmed_at IS NOT NULL", name=op.f('ck_claim_confirmed_has_a_moment')),
    sa.CheckConstraint("state <> 'running' OR from_at IS NOT NULL", name=op.f('ck_claim_running_has_a_beginning')),
    sa.CheckConstraint("state IN ('asked', 'confirmed', 'running') OR decided_at IS NOT NULL", name=op.f('ck_claim_decided_has_a_moment')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_claim_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_claim_decided_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_claim_provider_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim'))
    )
    op.create_index(op.f('ix_claim_account_id'), 'claim', ['account_id'], unique=False)
    op.create_index(op.f('ix_claim_provider_id'), 'claim', ['provider_id'], unique=False)
    op.create_index('uq_claim_one_open', 'claim', ['account_id', 'provider_id'], unique=True, sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN))


def downgrade() -> None:
    op.drop_table('claim')
    # a role that does not hold yet must not begin by going back
    now = sa.bindparam('now', datetime.now(UTC), UtcDateTime())
    op.execute(sa.text('DELETE FROM account_role WHERE from_at > :now').bindparams(now))
    with op.batch_alter_table('account_role') as batch_op:
        batch_op.drop_constraint(op.f('ck_account_role_only_editors_begin_later'), type_='check')
        batch_op.drop_column('from_at')
