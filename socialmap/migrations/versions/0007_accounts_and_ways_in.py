"""accounts and the ways in"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import socialmap.models.columns

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('mail', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_on', sa.Date(), nullable=False),
    sa.Column('created_by_id', sa.Uuid(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.CheckConstraint('ended_on IS NULL OR created_on <= ended_on', name=op.f('ck_account_ends_after_it_began')),
    sa.CheckConstraint('mail = lower(mail)', name=op.f('ck_account_mail_is_folded')),
    sa.ForeignKeyConstraint(['created_by_id'], ['account.id'], name=op.f('fk_account_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('mail', name=op.f('uq_account_mail'))
    )
    op.create_table('login_try',
    sa.Column('who_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('hour', socialmap.models.columns.UtcDateTime(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.CheckConstraint('count > 0', name=op.f('ck_login_try_counted_at_least_once')),
    sa.PrimaryKeyConstraint('who_hash', 'hour', name=op.f('pk_login_try'))
    )
    op.create_table('account_role',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.Enum('aanbieder', 'wijkcontact', 'professional', 'redacteur', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('provider_id', sa.Uuid(), nullable=True),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.CheckConstraint("(role = 'aanbieder') = (provider_id IS NOT NULL)", name=op.f('ck_account_role_editors_have_a_provider')),
    sa.CheckConstraint("(role = 'wijkcontact') = (area_code IS NOT NULL)", name=op.f('ck_account_role_wijk_contacts_have_an_area')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_role_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_account_role_area_code')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_account_role_provider_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_role')),
    sa.UniqueConstraint('account_id', 'area_code', name=op.f('uq_account_role_account_id_area_code')),
    sa.UniqueConstraint('account_id', 'provider_id', name=op.f('uq_account_role_account_id_provider_id'))
    )
    op.create_index(op.f('ix_account_role_provider_id'), 'account_role', ['provider_id'], unique=False)
    op.create_index('uq_account_role_once', 'account_role', ['account_id', 'role'], unique=True, sqlite_where=sa.text('provider_id IS NULL AND area_code IS NULL'), postgresql_where=sa.text('provider_id IS NULL AND area_code IS NULL'))
    op.create_table('account_session',
    sa.Column('id_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', socialmap.models.columns.UtcDateTime(), nullable=False),
    sa.Column('last_seen_on', sa.Date(), nullable=False),
    sa.Column('ended_at', socialmap.models.columns.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_session_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id_hash', name=op.f('pk_account_session'))
    )
    op.create_index(op.f('ix_account_session_account_id'), 'account_session', ['account_id'], unique=False)
    op.create_table('login_link',
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.Enum('inloggen', name='linkpurpose', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('made_at', socialmap.models.columns.UtcDateTime(), nullable=False),
    sa.Column('expires_at', socialmap.models.columns.UtcDateTime(), nullable=False),
    sa.Column('used_at', socialmap.models.columns.UtcDateTime(), nullable=True),
    sa.CheckConstraint('made_at < expires_at', name=op.f('ck_login_link_expires_later')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_login_link_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_login_link'))
    )
    op.create_index(op.f('ix_login_link_account_id'), 'login_link', ['account_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_login_link_account_id'), table_name='login_link')
    op.drop_table('login_link')
    op.drop_index(op.f('ix_account_session_account_id'), table_name='account_session')
    op.drop_table('account_session')
    op.drop_index('uq_account_role_once', table_name='account_role', sqlite_where=sa.text('provider_id IS NULL AND area_code IS NULL'), postgresql_where=sa.text('provider_id IS NULL AND area_code IS NULL'))
    op.drop_index(op.f('ix_account_role_provider_id'), table_name='account_role')
    op.drop_table('account_role')
    op.drop_table('login_try')
    op.drop_table('account')
