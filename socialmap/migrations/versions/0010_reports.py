"""reports of readers"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from socialmap.models.columns import UtcDateTime

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

KINDS = ('gestopt', 'telefoon-of-mail', 'adres', 'tijden', 'contactpersoon', 'kosten', 'anders')
STATES = ('open', 'handled', 'dismissed')


def upgrade() -> None:
    op.create_table('report',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum(*KINDS, name='reportkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('words', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('state', sa.Enum(*STATES, name='reportstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('answer', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decided_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decided_at', UtcDateTime(), nullable=True),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_report_decided_has_a_moment')),
    sa.CheckConstraint('length(words) <= 500', name=op.f('ck_report_words_fit')),
    sa.CheckConstraint('length(answer) <= 500', name=op.f('ck_report_answer_fits')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_report_listing_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report'))
    )
    op.create_index(op.f('ix_report_listing_id'), 'report', ['listing_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_report_listing_id'), table_name='report')
    op.drop_table('report')
