"""Who may do what: plain booleans, in one place."""

from collections.abc import Iterable
from uuid import UUID

from socialmap.geo.tree import AreaTree
from socialmap.models import Account
from socialmap.models.terms import Role


def can_edit(account: Account, provider_id: UUID) -> bool:
    """May this account change the listings of a provider?"""
    own = any(held.provider_id == provider_id for held in account.roles)
    return account.ended_on is None and (own or account.has_role(Role.REDACTEUR))


def can_check_any(account: Account, tree: AreaTree, codes: Iterable[str]) -> bool:
    """May this account decide on what is in or serves any of these areas? `stad` and `buiten`,
    and what serves no area, are for a redacteur."""
    known = [code for code in codes if tree.find(code)]
    if any(can_check(account, tree, code) for code in known):
        return True
    return account.ended_on is None and account.has_role(Role.REDACTEUR)


def can_check(account: Account, tree: AreaTree, area_code: str) -> bool:
    """May this account decide on changes in an area: a redacteur, or who has it or one above it?"""
    areas = {area_code, *(node.code for node in tree.ancestors(area_code))}
    own = any(held.area_code in areas for held in account.roles)
    return account.ended_on is None and (own or account.has_role(Role.REDACTEUR))


def can_decide(
    account: Account, tree: AreaTree, codes: Iterable[str], proposed_by: UUID | None
) -> bool:
    """May this account decide on what someone proposed there? On one's own only as a redacteur."""
    is_own = proposed_by == account.id
    return can_check_any(account, tree, codes) and not (
        is_own and not account.has_role(Role.REDACTEUR)
    )
