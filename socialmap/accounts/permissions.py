"""Who may do what: plain booleans, in one place."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from socialmap.geo.tree import AreaTree
from socialmap.models import Account
from socialmap.models.terms import Role


def can_edit(account: Account, provider_id: UUID, now: datetime) -> bool:
    """May this account change the listings of a provider?"""
    own = any(held.provider_id == provider_id for held in account.roles_at(now))
    return account.ended_on is None and (own or account.has_role(Role.REDACTEUR, now=now))


def can_check(account: Account, tree: AreaTree, area_code: str, now: datetime) -> bool:
    """May this account decide on changes in an area: a redacteur, or who has it or one above it?"""
    areas = {area_code, *(node.code for node in tree.ancestors(area_code))}
    own = any(held.area_code in areas for held in account.roles_at(now))
    return account.ended_on is None and (own or account.has_role(Role.REDACTEUR, now=now))


def can_admit(
    account: Account, tree: AreaTree, provider_id: UUID, areas: Iterable[str], now: datetime
) -> bool:
    """May this account say who edits a provider with listings in these areas?"""
    checks = (can_check(account, tree, code, now) for code in areas)
    return can_edit(account, provider_id, now) or any(checks)
