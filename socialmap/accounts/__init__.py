"""Accounts: who may come in, with which roles, and for how long."""

from socialmap.accounts.entering import (
    LASTS,
    MINUTES,
    LinkState,
    Visit,
    find_visit,
    is_too_often,
    link_state,
    make_link,
    mark_seen,
    redeem,
    sign_out,
    sign_out_everywhere,
)
from socialmap.accounts.roles import (
    AccountError,
    RoleView,
    add_role,
    end_account,
    find_account,
    folded,
    roles_of,
)
from socialmap.accounts.tries import count_try, forget_tries

__all__ = [
    "MINUTES",
    "LASTS",
    "AccountError",
    "LinkState",
    "RoleView",
    "Visit",
    "add_role",
    "count_try",
    "end_account",
    "find_account",
    "find_visit",
    "folded",
    "forget_tries",
    "is_too_often",
    "link_state",
    "make_link",
    "mark_seen",
    "redeem",
    "roles_of",
    "sign_out",
    "sign_out_everywhere",
]
