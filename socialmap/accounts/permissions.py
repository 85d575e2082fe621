"""Who may do what: plain booleans, in one place."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from socialmap.geo.tree import CITY, AreaNode, AreaTree
from socialmap.models import Account
from socialmap.models.terms import AreaLevel, Role
from socialmap.people import Ties


def can_edit(account: Account, provider_id: UUID, now: datetime) -> bool:
    """May this account change the listings of a provider?"""
    own = account.edits(provider_id, now)
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


def areas_to_check(account: Account, tree: AreaTree) -> list[AreaNode]:
    """The areas from wijk to city on which this account may decide: of a redacteur all."""
    if account.ended_on is not None:
        return []
    own = {CITY} if account.has_role(Role.REDACTEUR) else areas_of_account(account)
    inside = {node.code: node for code in own for node in tree.within(code)}
    return [node for node in inside.values() if node.level != AreaLevel.BUURT]


def can_edit_person(account: Account, tree: AreaTree, ties: Ties, now: datetime) -> bool:
    """May this account keep the entry of a person with these ties?

    A redacteur; an editor of a provider for which the person is the one to call; who has an area
    in which that is; and who added the person, while still entrusted with something to keep.
    """
    if account.ended_on is not None:
        return False
    is_own = not providers_of(account, now).isdisjoint(ties.providers)
    keeps = account.has_role(Role.EDITOR, Role.WIJK_CONTACT, now=now)
    has_added = keeps and ties.added_by == account.id
    is_near = any(can_check(account, tree, code) for code in ties.areas)
    return account.has_role(Role.REDACTEUR) or is_own or has_added or is_near


def can_hand_over(account: Account, tree: AreaTree, ties: Ties, now: datetime) -> bool:
    """May this account let someone else do all that a person with these ties does? A redacteur;
    else who keeps the entry and may decide wherever it matters."""
    if account.has_role(Role.REDACTEUR):
        return account.ended_on is None
    decides = bool(ties.areas) and all(can_check(account, tree, code) for code in ties.areas)
    return decides and can_edit_person(account, tree, ties, now)


def is_professional(account: Account) -> bool:
    """May this account see what people show to professionals only (R35)?"""
    trusted = (Role.PROFESSIONAL, Role.WIJK_CONTACT, Role.REDACTEUR)
    return account.ended_on is None and account.has_role(*trusted)


def can_decide(
    account: Account, tree: AreaTree, codes: Iterable[str], proposed_by: UUID | None
) -> bool:
    """May this account decide on what someone proposed there? On one's own only as a redacteur."""
    is_own = proposed_by == account.id
    return can_check_any(account, tree, codes) and not (
        is_own and not account.has_role(Role.REDACTEUR)
    )


def sees_everything(account: Account) -> bool:
    """Is every listing, draft and change for this account to see?"""
    return account.ended_on is None and account.has_role(Role.REDACTEUR)


def providers_of(account: Account, now: datetime) -> frozenset[UUID]:
    """The providers whose listings this account keeps."""
    held = account.roles_at(now)
    return frozenset(one.provider_id for one in held if one.provider_id)


def areas_of_account(account: Account) -> frozenset[str]:
    """Codes of the areas of which this account is the wijk contact."""
    return frozenset(held.area_code for held in account.roles if held.area_code)


def can_see_history(
    account: Account, tree: AreaTree, provider_id: UUID | None, codes: Iterable[str], now: datetime
) -> bool:
    """May this account see what was changed of a listing, and take it back: who edits it, and who
    checks it?"""
    is_own = provider_id is not None and can_edit(account, provider_id, now)
    return is_own or can_check_any(account, tree, codes)


def can_admit(
    account: Account, tree: AreaTree, provider_id: UUID, areas: Iterable[str], now: datetime
) -> bool:
    """May this account say who edits a provider with listings in these areas?"""
    checks = (can_check(account, tree, code) for code in areas)
    return can_edit(account, provider_id, now) or any(checks)
