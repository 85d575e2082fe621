"""Who may do what: plain booleans, in one place."""

from uuid import UUID

from socialmap.geo.tree import AreaTree
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


def is_professional(account: Account) -> bool:
    """May this account see what people show to professionals only (R35)?"""
    trusted = (Role.PROFESSIONAL, Role.WIJK_CONTACT, Role.REDACTEUR)
    return account.ended_on is None and account.has_role(*trusted)
