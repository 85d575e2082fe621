"""misses are counted"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('search_miss',
    sa.Column('month', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('theme_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('age', sa.Enum('0-3', '4-11', '12-15', '16-23', 'geen', name='agebracket', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.CheckConstraint("month LIKE '____-__'", name=op.f('ck_search_miss_a_month_and_no_day')),
    sa.CheckConstraint('count > 0', name=op.f('ck_search_miss_counted_at_least_once')),
    sa.PrimaryKeyConstraint('month', 'theme_id', 'area_code', 'age', name=op.f('pk_search_miss'))
    )


def downgrade() -> None:
    op.drop_table('search_miss')
