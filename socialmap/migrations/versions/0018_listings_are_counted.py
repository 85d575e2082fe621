"""listings are counted, and what people choose on"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

FIELDS = ('kosten', 'leeftijd', 'taal', 'dag', 'waar', 'beschikbaar', 'route', 'doelgroep', 'vorm')


def upgrade() -> None:
    op.create_table('listing_count',
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('month', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('what', sa.Enum('getoond', 'geopend', 'gebeld', name='counted', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.CheckConstraint("month LIKE '____-__'", name=op.f('ck_listing_count_a_month_and_no_day')),
    sa.CheckConstraint('count > 0', name=op.f('ck_listing_count_counted_at_least_once')),
    sa.CheckConstraint("area_code = '' OR what = 'getoond'", name=op.f('ck_listing_count_only_questions_name_an_area')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_count_listing_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('listing_id', 'month', 'what', 'area_code', name=op.f('pk_listing_count'))
    )
    op.create_table('field_ask',
    sa.Column('month', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('theme_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('field', sa.Enum(*FIELDS, name='askedfield', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.CheckConstraint("month LIKE '____-__'", name=op.f('ck_field_ask_a_month_and_no_day')),
    sa.CheckConstraint('count > 0', name=op.f('ck_field_ask_counted_at_least_once')),
    sa.PrimaryKeyConstraint('month', 'theme_id', 'field', name=op.f('pk_field_ask'))
    )


def downgrade() -> None:
    op.drop_table('field_ask')
    op.drop_table('listing_count')
