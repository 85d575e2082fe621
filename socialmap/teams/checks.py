"""What is wrong among teams: areas that are no buurt, so that nobody finds the team there."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from socialmap.geo.tree import AreaTree
from socialmap.models import Team, TeamArea
from socialmap.models.terms import AreaLevel


def team_faults(session: Session, tree: AreaTree) -> Iterator[str]:
    """A line in Dutch for each fault."""
    query = (
        select(Team.key, TeamArea.area_code)
        .join(TeamArea, col(TeamArea.team_id) == Team.id)
        .order_by(col(Team.key), col(TeamArea.area_code))
    )
    for key, code in session.exec(query):
        level = tree.get(code).level
        if level != AreaLevel.BUURT:
            yield f"team {key}: {code} is een {level}, geen buurt"
