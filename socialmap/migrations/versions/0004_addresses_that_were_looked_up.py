"""addresses that were looked up"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('geocoded_address',
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('lat', sa.Float(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=False),
    sa.Column('buurt_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['buurt_code'], ['area.code'], name=op.f('fk_geocoded_address_buurt_code')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_geocoded_address'))
    )


def downgrade() -> None:
    op.drop_table('geocoded_address')
