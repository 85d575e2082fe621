"""what is different for a while"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

KINDS = ('gesloten', 'andere-plek', 'andere-tijd', 'let-op')
DAYS = ('ma', 'di', 'wo', 'do', 'vr', 'za', 'zo')
PARTS = ('ochtend', 'middag', 'avond')


def upgrade() -> None:
    op.create_table('temporary_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='temporarykind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('weekday', sa.Enum(*DAYS, name='weekday', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('part', sa.Enum(*PARTS, name='daypart', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('place_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('from_on <= until_on', name=op.f('ck_temporary_change_days_in_order')),
    sa.CheckConstraint('length(text) <= 200', name=op.f('ck_temporary_change_short_text')),
    sa.CheckConstraint('(weekday IS NULL) = (part IS NULL)', name=op.f('ck_temporary_change_whole_session')),
    sa.CheckConstraint("place_id IS NULL OR kind = 'andere-plek'", name=op.f('ck_temporary_change_place_when_moved')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_temporary_change_listing_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_temporary_change_place_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_temporary_change'))
    )
    op.create_index(op.f('ix_temporary_change_listing_id'), 'temporary_change', ['listing_id'], unique=False)
    op.create_index(op.f('ix_temporary_change_place_id'), 'temporary_change', ['place_id'], unique=False)


def downgrade() -> None:
    op.drop_table('temporary_change')
