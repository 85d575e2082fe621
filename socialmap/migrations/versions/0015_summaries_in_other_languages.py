"""summaries in other languages"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

LANGUAGES = (
    'nl', 'en', 'tr', 'ar', 'ary', 'zgh', 'fr', 'es', 'pl', 'pap', 'srn', 'ti', 'so', 'uk', 'fa', 'bg', 'pt', 'zh',
    'ur', 'de', 'ro', 'ru', 'hi', 'tw', 'dse',
)


def upgrade() -> None:
    op.create_table('listing_summary',
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.Enum(*LANGUAGES, name='language', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('written_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('written_on', sa.Date(), nullable=False),
    sa.Column('of_text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('is_example', sa.Boolean(), nullable=False),
    sa.CheckConstraint("language NOT IN ('nl', 'dse')", name=op.f('ck_listing_summary_another_language')),
    sa.CheckConstraint("text <> ''", name=op.f('ck_listing_summary_says_something')),
    sa.CheckConstraint("written_by <> ''", name=op.f('ck_listing_summary_somebody_wrote_it')),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], name=op.f('fk_listing_summary_listing_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('listing_id', 'language', name=op.f('pk_listing_summary'))
    )


def downgrade() -> None:
    op.drop_table('listing_summary')
