"""offers that are made"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from socialmap.models.columns import UtcDateTime

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None



def upgrade() -> None:
    op.create_table('offer_draft',
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('mail', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('changed_at', UtcDateTime(), nullable=False),
    sa.Column('sent_at', UtcDateTime(), nullable=True),
    sa.Column('listing_id', sa.Uuid(), nullable=True),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('(sent_at IS NULL) = (listing_id IS NULL)', name=op.f('ck_offer_draft_sent_is_a_listing')),
    sa.CheckConstraint('made_at <= changed_at', name=op.f('ck_offer_draft_changes_after_it_began')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_offer_draft_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_offer_draft_listing_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_offer_draft'))
    )
    op.create_index(op.f('ix_offer_draft_account_id'), 'offer_draft', ['account_id'], unique=False)
    op.create_index(op.f('ix_offer_draft_listing_id'), 'offer_draft', ['listing_id'], unique=False)


def downgrade() -> None:
    op.drop_table('offer_draft')
