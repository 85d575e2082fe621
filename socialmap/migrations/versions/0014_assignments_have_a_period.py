"""assignments have a period, and who left names a successor"""

from uuid import uuid4

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

OF_TEAM = 'until_on IS NULL AND team_id IS NOT NULL'
ONE_PERIOD = 'until_on IS NULL OR from_on IS NULL OR from_on <= until_on'
team = sa.table('team', sa.column('id', sa.Uuid()), sa.column('leader_id', sa.Uuid()))
contact = sa.table(
    'contact',
    sa.column('id', sa.Uuid()),
    sa.column('person_id', sa.Uuid()),
    sa.column('team_id', sa.Uuid()),
    sa.column('role', sa.String()),
    sa.column('until_on', sa.Date()),
)
LEADS = sa.and_(contact.c.team_id.is_not(None), contact.c.role == 'primary', contact.c.until_on.is_(None))


def upgrade() -> None:
    with op.batch_alter_table('person') as batch_op:
        batch_op.add_column(sa.Column('left_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('successor_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_person_successor_id'), 'person', ['successor_id'], ['id'], ondelete='SET NULL')
        batch_op.create_index(op.f('ix_person_successor_id'), ['successor_id'], unique=False)
    with op.batch_alter_table('team_member') as batch_op:
        batch_op.add_column(sa.Column('hours', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('from_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('until_on', sa.Date(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_team_member_one_period'), ONE_PERIOD)
    with op.batch_alter_table('team_member') as batch_op:
        batch_op.alter_column('hours', server_default=None)
    op.create_index('uq_contact_one_per_role_of_team', 'contact', ['team_id', 'role'], unique=True, sqlite_where=sa.text(OF_TEAM), postgresql_where=sa.text(OF_TEAM))
    now = op.get_bind()
    known = set(now.execute(sa.select(contact.c.team_id, contact.c.person_id).where(LEADS)).all())
    led = now.execute(sa.select(team.c.id, team.c.leader_id).where(team.c.leader_id.is_not(None))).all()
    for id, leader in set(led) - known:
        now.execute(sa.delete(contact).where(LEADS, contact.c.team_id == id))
        now.execute(sa.insert(contact).values(id=uuid4(), person_id=leader, team_id=id, role='primary'))
    with op.batch_alter_table('team') as batch_op:
        batch_op.drop_constraint(op.f('fk_team_leader_id'), type_='foreignkey')
        batch_op.drop_column('leader_id')


def downgrade() -> None:
    with op.batch_alter_table('team') as batch_op:
        batch_op.add_column(sa.Column('leader_id', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_team_leader_id'), 'person', ['leader_id'], ['id'])
    now = op.get_bind()  # the rows stay: what is older does not read them
    for id, leader in now.execute(sa.select(contact.c.team_id, contact.c.person_id).where(LEADS)).all():
        now.execute(sa.update(team).where(team.c.id == id).values(leader_id=leader))
    op.drop_index('uq_contact_one_per_role_of_team', table_name='contact')
    with op.batch_alter_table('team_member') as batch_op:
        batch_op.drop_constraint(op.f('ck_team_member_one_period'), type_='check')
        batch_op.drop_column('until_on')
        batch_op.drop_column('from_on')
        batch_op.drop_column('hours')
    with op.batch_alter_table('person') as batch_op:
        batch_op.drop_index(op.f('ix_person_successor_id'))
        batch_op.drop_constraint(op.f('fk_person_successor_id'), type_='foreignkey')
        batch_op.drop_column('successor_id')
        batch_op.drop_column('left_on')
