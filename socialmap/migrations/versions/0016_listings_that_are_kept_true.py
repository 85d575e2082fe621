"""listings that are kept true: when added, who called, who was asked, mail that comes back"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

AS = ('bewerker', 'wijkcontact')
listing = sa.table('listing', sa.column('id', sa.Uuid()), sa.column('added_on', sa.Date()), sa.column('changed_on', sa.Date()))
card = sa.table('listing_card', sa.column('listing_id', sa.Uuid()), sa.column('data', sa.JSON()))


def upgrade() -> None:
    with op.batch_alter_table('listing') as batch_op:
        batch_op.add_column(sa.Column('added_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('called_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('callers', sa.Integer(), nullable=False, server_default='0'))
    op.execute(sa.update(listing).values(added_on=listing.c.changed_on))
    with op.batch_alter_table('listing') as batch_op:
        batch_op.alter_column('added_on', nullable=False)
        batch_op.alter_column('callers', server_default=None)
    now = op.get_bind()
    added = dict(now.execute(sa.select(listing.c.id, listing.c.added_on)).all())
    for id, data in now.execute(sa.select(card.c.listing_id, card.c.data)).all():
        whole = data | {'added_on': added[id].isoformat()}
        now.execute(sa.update(card).where(card.c.listing_id == id).values(data=whole))
    with op.batch_alter_table('account') as batch_op:
        batch_op.add_column(sa.Column('bounced_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('wants_yearly', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('yearly_on', sa.Date(), nullable=True))
    with op.batch_alter_table('account') as batch_op:
        batch_op.alter_column('wants_yearly', server_default=None)
    with op.batch_alter_table('account_session') as batch_op:
        batch_op.add_column(sa.Column('listing_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_account_session_listing_id'), 'listing', ['listing_id'], ['id'], ondelete='CASCADE')
        batch_op.create_index(op.f('ix_account_session_listing_id'), ['listing_id'], unique=False)
    op.create_table('listing_call',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('called_on', sa.Date(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_listing_call_somebody_called')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_listing_call_account_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_call_listing_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing_call')),
    sa.UniqueConstraint('listing_id', 'account_id', 'called_on', name=op.f('uq_listing_call_listing_id_account_id_called_on'))
    )
    op.create_index(op.f('ix_listing_call_account_id'), 'listing_call', ['account_id'], unique=False)
    op.create_index(op.f('ix_listing_call_listing_id'), 'listing_call', ['listing_id'], unique=False)
    op.create_table('review_ask',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('asked_as', sa.Enum(*AS, name='askedas', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_review_ask_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_review_ask_listing_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'listing_id', 'asked_on', name=op.f('pk_review_ask'))
    )
    op.create_index(op.f('ix_review_ask_asked_on'), 'review_ask', ['asked_on'], unique=False)
    op.create_index(op.f('ix_review_ask_listing_id'), 'review_ask', ['listing_id'], unique=False)


def downgrade() -> None:
    op.drop_table('review_ask')
    op.drop_table('listing_call')
    with op.batch_alter_table('account_session') as batch_op:
        batch_op.drop_index(op.f('ix_account_session_listing_id'))
        batch_op.drop_constraint(op.f('fk_account_session_listing_id'), type_='foreignkey')
        batch_op.drop_column('listing_id')
    with op.batch_alter_table('account') as batch_op:
        batch_op.drop_column('yearly_on')
        batch_op.drop_column('wants_yearly')
        batch_op.drop_column('bounced_on')
    with op.batch_alter_table('listing') as batch_op:
        batch_op.drop_column('callers')
        batch_op.drop_column('called_on')
        batch_op.drop_column('added_on')
