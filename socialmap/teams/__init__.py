"""Teams: which ones serve an area, who is in them, and what they know and miss."""

from socialmap.teams.asked import AskedFor, Fit, people_asked_for, teams_asked_for
from socialmap.teams.edits import (
    TEAM_KINDS,
    MemberValues,
    TeamValues,
    save_member,
    save_team,
    save_team_kinds,
    team_keys,
)
from socialmap.teams.experts import Subject, experts
from socialmap.teams.find import (
    Share,
    TeamView,
    all_teams,
    find_team,
    keys_by_slug,
    public_team_slugs,
    shares_by_wijk,
    team_names,
    teams_at_places,
    teams_of_area,
    who_knows,
)
from socialmap.teams.hours import OfficeHour, read_hours, written
from socialmap.teams.members import Membership, MemberView, members_of, memberships_of

__all__ = [
    "AskedFor",
    "Fit",
    "Share",
    "Subject",
    "experts",
    "TEAM_KINDS",
    "MemberValues",
    "MemberView",
    "Membership",
    "OfficeHour",
    "TeamValues",
    "TeamView",
    "all_teams",
    "find_team",
    "keys_by_slug",
    "members_of",
    "memberships_of",
    "people_asked_for",
    "public_team_slugs",
    "shares_by_wijk",
    "read_hours",
    "save_member",
    "save_team",
    "save_team_kinds",
    "team_keys",
    "team_names",
    "teams_asked_for",
    "teams_at_places",
    "teams_of_area",
    "who_knows",
    "written",
]
