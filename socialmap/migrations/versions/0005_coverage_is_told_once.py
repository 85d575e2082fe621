"""coverage is told once: an empty cell made every row differ from every other"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

OLD = 'uq_coverage_listing_id_area_code_reach'


def rules() -> list[sa.CheckConstraint]:
    """SQLite makes the table again, and then forgets the rules that are not named here."""
    return [
        sa.CheckConstraint('(area_code IS NULL) <> (reach IS NULL)', name=op.f('ck_coverage_area_or_reach')),
        sa.CheckConstraint("reach IN ('stad', 'buiten')", name=op.f('ck_coverage_reach')),
    ]


def upgrade() -> None:
    op.execute(
        'DELETE FROM coverage WHERE id NOT IN '
        '(SELECT min(id) FROM coverage GROUP BY listing_id, area_code, reach)'
    )
    with op.batch_alter_table('coverage', table_args=rules()) as batch_op:
        batch_op.drop_constraint(op.f(OLD), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_coverage_listing_id_area_code'), ['listing_id', 'area_code'])
        batch_op.create_unique_constraint(op.f('uq_coverage_listing_id_reach'), ['listing_id', 'reach'])


def downgrade() -> None:
    with op.batch_alter_table('coverage', table_args=rules()) as batch_op:
        batch_op.drop_constraint(op.f('uq_coverage_listing_id_reach'), type_='unique')
        batch_op.drop_constraint(op.f('uq_coverage_listing_id_area_code'), type_='unique')
        batch_op.create_unique_constraint(op.f(OLD), ['listing_id', 'area_code', 'reach'])
