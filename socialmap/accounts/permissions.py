"""Who may do what: plain booleans, in one place."""

from collections.abc import Iterable
from uuid import UUID

from socialmap.geo.tree import CITY, AreaTree
from socialmap.models import Account
from socialmap.models.terms import Role


def can_edit(account: Account, provider_id: UUID) -> bool:
    """May this account change the listings of a provider?"""
    own = any(held.provider_id == provider_id for held in account.roles)
    return account.ended_on is None and (own or account.has_role(Role.REDACTEUR))


def can_check(account: Account, tree: AreaTree, area_code: str) -> bool:
    """May this account decide on changes in an area: a redacteur, or who has it or one above it?"""
    areas = {area_code, *(node.code for node in tree.ancestors(area_code))}
    own = any(held.area_code in areas for held in account.roles)
    return account.ended_on is None and (own or account.has_role(Role.REDACTEUR))


def can_check_any(account: Account, tree: AreaTree, area_codes: Iterable[str]) -> bool:
    """May this account decide in any of these areas? A redacteur also where there is none."""
    return any(can_check(account, tree, code) for code in {CITY, *area_codes})
